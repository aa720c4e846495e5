"""Backups: encrypted copies of the whole store, proven by opening them, and the way back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from store import (
    audit,
    journal,
    keys,
    numbering,
    operators,
    recovery,
    salvage,
    settings,
    snapshots,
)
from store.door import try_password
from store.engine import open_engine
from store.errors import NewerWork, NoStore, StoreExists
from store.files import ProfileLock, as_store_error, lasting, sync_folder
from store.open import OpenStore, unlock
from store.secrets import SecretBox
from store.views import OperatorView

JOURNALS_FOR = 3  # newest backups that the journal reaches back to
_REACH = "journal_reach"


def make(store: OpenStore, now: datetime) -> Path:
    """A verified snapshot in the profile's own folder; the journal goes on in a new file.

    Raises:
        DiskFull, ProfileReadOnly: It cannot be written.
        BackupDamaged: The copy did not open; it was removed.
    """
    store.journal.begin_file()
    first = journal.next_number(store.folder)
    path = snapshots.make(store.folder, store.engine, store.data_key, now)
    reach = store.writer.submit(_note_made, store.operator.login, path.name, first, now).result()
    if len(reach) == JOURNALS_FOR:
        journal.drop_before(store.folder, reach[0])
    store.journal_short = False
    return path


def copy_to(store: OpenStore, backup: Path, target: Path) -> Path:
    """Copy a backup, the key file and the attachments to a second folder; returns where.

    The copy is opened to prove it. Attachments never change, so only new ones are copied; those
    that no backup there can name any more stay until the folder is emptied by hand.

    Raises:
        DiskFull, DiskFault, ProfileReadOnly: The folder takes no files.
        BackupDamaged: The copy does not open; it was removed.
    """
    keys_now = keys.load(store.folder)
    folder = target / f"lastmile-{keys_now.store_id}"  # a disk may serve several computers
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{backup.name}.part"
        shutil.copyfile(backup, part)
        snapshots.prove(part, store.data_key)
        lasting(part)
        part.replace(folder / backup.name)
        shutil.copyfile(store.folder / keys.NAME, folder / keys.NAME)
        copy_blobs(store.folder, folder)
        sync_folder(folder)
        for old in snapshots.surplus(sorted(folder.glob("store-*.db"), reverse=True)):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise as_store_error(error) from None
    return folder


def bring(profile: Path, source: Path) -> int:
    """Lay an office's second folder down as the profile of this computer; returns attachments.

    Nothing is opened: that is done with the office code or through the province, and the store
    is then made from the newest backup that holds.

    Raises:
        StoreExists: There is an office here already; it is never written over.
        NoStore: No backup with a key file lies in `source`.
        DiskFull, DiskFault, ProfileReadOnly: As named.
    """
    found = sorted(source.glob("store-*.db"))
    if not found or not (source / keys.NAME).exists():
        raise NoStore
    try:
        profile.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = ProfileLock(profile)
        try:
            if (profile / keys.NAME).exists() or (profile / recovery.DATABASE).exists():
                raise StoreExists
            (profile / snapshots.FOLDER).mkdir(exist_ok=True, mode=0o700)
            for path in found:
                shutil.copyfile(path, profile / snapshots.FOLDER / path.name)
            copied = copy_blobs(source, profile)
            shutil.copyfile(source / keys.NAME, profile / keys.NAME)  # last: now it is a profile
        finally:
            lock.release()
    except OSError as error:
        raise as_store_error(error) from None
    return copied


def copy_blobs(source: Path, target: Path) -> int:
    """Copy the attachments that `target` lacks; returns how many."""
    count = 0
    for path in (source / "blobs").glob("??/*"):
        to = target / "blobs" / path.parent.name / path.name
        if path.suffix or (to.exists() and to.stat().st_size == path.stat().st_size):
            continue
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = to.with_suffix(".part")
        shutil.copyfile(path, part)
        lasting(part)
        part.replace(to)
        count += 1
    return count


def _note_made(session: Session, login: str, name: str, first: int, now: datetime) -> list[int]:
    """Note the backup and where its journal begins; returns that of the newest ones."""
    kept = json.loads(settings.get(session, _REACH) or b"[]")
    reach: list[int] = [*kept, first][-JOURNALS_FOR:]
    settings.put(session, _REACH, json.dumps(reach).encode())
    audit.record(session, login, "backup_made", name, now=now)
    return reach


@dataclass(frozen=True)
class Restored:
    """What a restore did. Case numbers only.

    Attributes:
        aside: Folder to which the store of before was moved; nothing is deleted.
        cases: How many cases the store holds now.
        changes: How many changes the journal brought on top of the backup.
        left_out: Cases of the store of before that are not in the one of now.
    """

    aside: Path
    cases: int
    changes: int
    left_out: tuple[str, ...]


def restore(
    profile: Path,
    source: Path,
    login: str,
    password: str,
    *,
    secret: SecretBox,
    now: datetime,
    exactly: bool = False,
    allow: Callable[[OperatorView], None] = lambda _operator: None,
) -> Restored:
    """Put a backup in place of the store, and bring it forward with the journal.

    The backup is proven first; the store of now is moved aside with its write-ahead log, never
    deleted. Unless the journal reached as far as the store did, numbers that may have been given
    out are given up.

    Args:
        profile: The profile; no process has it open.
        source: The backup.
        login: Operator.
        password: Theirs.
        secret: Where this computer keeps its half of the keys.
        now: Aware.
        exactly: Leave the journal aside and go back to the moment of the backup.
        allow: Asked about the operator as the restored store knows them; raises to refuse.

    Raises:
        BackupDamaged: The backup does not open; nothing was changed.
        NewerWork: Going back would put unsent cases aside; nothing was changed.
        StoreError: The password does not open the profile's keys.
    """
    dek = try_password(profile, keys.load(profile), login, password, secret, now).dek
    lock = ProfileLock(profile)
    try:
        made = recovery.remake(profile, source, dek, replay=not exactly)
        _ask(made.path, dek, login, allow)
        seen = salvage.look(profile / recovery.DATABASE, dek)
        if unsent := seen.unsent - set(made.held):
            raise NewerWork(len(unsent))
        aside = recovery.put_in_place(profile, made.path, "replaced", now)
    finally:
        recovery.drop_incoming(profile)
        lock.release()
    opened = unlock(profile, login, password, secret=secret, now=now)
    if made.gap or not made.journal or seen.serial > made.reached:
        opened.writer.submit(numbering.begin_anew).result()
    opened.writer.submit(audit.record, login, "restored", source.name, now=now).result()
    make(opened, now)
    opened.close()
    left_out = tuple(sorted(seen.numbers - set(made.held)))
    return Restored(aside, made.cases, made.replayed, left_out)


def _ask(path: Path, dek: bytes, login: str, allow: Callable[[OperatorView], None]) -> None:
    engine = open_engine(path, keys.derive(dek, "db"))
    try:
        with Session(engine) as session:
            operator = operators.get_active(session, login)
    finally:
        engine.dispose()
    allow(operator)
