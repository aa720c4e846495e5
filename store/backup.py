"""Backups: encrypted copies of the whole store, proven by opening them, and the way back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from store import audit, keys, numbering
from store.engine import full_check, open_engine
from store.errors import BackupDamaged, StoreError
from store.files import ProfileLock, as_store_error, sync_folder
from store.open import DATABASE, OpenStore, try_password, unlock
from store.secrets import SecretBox

FOLDER = "backups"
KEEP = 24


def listed(profile: Path) -> tuple[Path, ...]:
    """Backups of a profile, newest first."""
    return tuple(sorted((profile / FOLDER).glob("store-*.db"), reverse=True))


def newest_at(profile: Path) -> datetime | None:
    """When the newest backup was made, or None."""
    for path in listed(profile):
        try:
            return datetime.strptime(path.stem, "store-%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def make(store: OpenStore, now: datetime) -> Path:
    """A verified copy in the profile's own folder; the oldest beyond 24 go.

    Raises:
        DiskFull, ProfileReadOnly: It cannot be written.
        BackupDamaged: The copy did not open; it was removed.
    """
    folder = store.folder / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"store-{now.astimezone(UTC):%Y%m%d-%H%M%S}.db"
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    raw = store.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(part),))
    finally:
        raw.close()
    _prove(part, store.data_key)
    try:
        part.replace(path)
        sync_folder(folder)
    except OSError as error:
        raise as_store_error(error) from None
    for old in listed(store.folder)[KEEP:]:
        old.unlink(missing_ok=True)
    store.writer.submit(
        audit.record, store.operator.login, "backup_made", path.name, now=now
    ).result()
    return path


def copy_to(backup: Path, profile: Path, target: Path) -> None:
    """Copy a backup with the key file to a second folder.

    Raises:
        DiskFull, ProfileReadOnly: The folder takes no files.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, target / backup.name)
        shutil.copyfile(profile / keys.NAME, target / keys.NAME)
    except OSError as error:
        raise as_store_error(error) from None


def restore(
    profile: Path, source: Path, login: str, password: str, *, secret: SecretBox, now: datetime
) -> Path:
    """Put a backup in place of the store.

    The backup is proven first; the store of now is moved aside with its write-ahead log, never
    deleted. Returns the folder it was moved to.

    Raises:
        BackupDamaged: The backup does not open; nothing was changed.
        StoreError: The password does not open the profile's keys.
    """
    dek = try_password(profile, keys.load(profile), login, password, secret, now)
    lock = ProfileLock(profile)
    try:
        _prove(source, dek, remove=False)
        aside = profile / f"replaced-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
        aside.mkdir(mode=0o700)
        incoming = profile / "incoming.db"
        shutil.copyfile(source, incoming)
        for old in profile.glob(DATABASE + "*"):  # a stale log beside a restored file is poison
            old.rename(aside / old.name)
        incoming.replace(profile / DATABASE)
        sync_folder(profile)
    except OSError as error:
        raise as_store_error(error) from None
    finally:
        lock.release()
    opened = unlock(profile, login, password, secret=secret, now=now)
    opened.writer.submit(numbering.after_restore).result()
    opened.writer.submit(audit.record, login, "restored", source.name, now=now).result()
    opened.close()
    return aside


def _prove(path: Path, dek: bytes, *, remove: bool = True) -> None:
    try:
        engine = open_engine(path, keys.derive(dek, "db"))
        try:
            full_check(engine)
        finally:
            engine.dispose()
    except StoreError:
        if remove:
            path.unlink(missing_ok=True)
        raise BackupDamaged from None
