"""Backups: encrypted copies of the whole store, proven by opening them, and the way back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from store import audit, journal, keys, numbering, operators, recovery, snapshots
from store.door import try_password
from store.engine import open_engine
from store.files import ProfileLock, as_store_error
from store.open import OpenStore, unlock
from store.secrets import SecretBox
from store.views import OperatorView

JOURNALS_FOR = 3  # snapshots that the journal reaches back to


def make(store: OpenStore, now: datetime) -> Path:
    """A verified snapshot in the profile's own folder; the journal goes on in a new file.

    Raises:
        DiskFull, ProfileReadOnly: It cannot be written.
        BackupDamaged: The copy did not open; it was removed.
    """
    store.journal.begin_file()
    path = snapshots.make(store.folder, store.engine, store.data_key, now)
    reach = snapshots.listed(store.folder)[:JOURNALS_FOR]
    if len(reach) == JOURNALS_FOR and (oldest := snapshots.made_at(reach[-1])):
        journal.drop_older(store.folder, oldest)
    store.journal_short = False
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
    profile: Path,
    source: Path,
    login: str,
    password: str,
    *,
    secret: SecretBox,
    now: datetime,
    allow: Callable[[OperatorView], None] = lambda _operator: None,
) -> Path:
    """Put a backup in place of the store.

    The backup is proven first; the store of now is moved aside with its write-ahead log, never
    deleted. Returns the folder it was moved to. `allow` is asked about the operator as the
    backup knows them, and raises to refuse.

    Raises:
        BackupDamaged: The backup does not open; nothing was changed.
        StoreError: The password does not open the profile's keys.
    """
    dek = try_password(profile, keys.load(profile), login, password, secret, now).dek
    lock = ProfileLock(profile)
    try:
        made = recovery.remake(profile, source, dek, replay=False)
        _ask(made.path, dek, login, allow)
        aside = recovery.put_in_place(profile, made.path, "replaced", now)
    finally:
        lock.release()
    opened = unlock(profile, login, password, secret=secret, now=now)
    opened.writer.submit(numbering.after_restore).result()
    opened.writer.submit(audit.record, login, "restored", source.name, now=now).result()
    make(opened, now)
    opened.close()
    return aside


def _ask(path: Path, dek: bytes, login: str, allow: Callable[[OperatorView], None]) -> None:
    engine = open_engine(path, keys.derive(dek, "db"))
    try:
        with Session(engine) as session:
            operator = operators.get_active(session, login)
    finally:
        engine.dispose()
    allow(operator)
