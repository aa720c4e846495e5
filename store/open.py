"""Making a profile and opening it with an operator's password.

A profile is a folder: `store.db`, `keys.json`, `tries.json`, `journal/`, `blobs/`, `backups/`,
`logs/`, `ballast` (given up when the disk is full so that work can be ended) and `lock`.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store import (
    attachments,
    audit,
    journal,
    keys,
    numbering,
    operators,
    recovery,
    rekey,
    settings,
    tries,
)
from store.blobs import Blobs
from store.door import device_secret, try_password
from store.drives import refuse_network
from store.engine import as_store_error, checkpoint, migrate, open_engine
from store.errors import (
    KeysRolledBack,
    NoStore,
    StoreExists,
)
from store.files import ProfileLock
from store.files import as_store_error as as_disk_error
from store.journal import Journal
from store.keys import Cost, Doors, KeyFile
from store.recording import new_line, record_into_journal
from store.recovery import DATABASE, Sound
from store.room import Room
from store.secrets import SecretBox
from store.steps import STEPS
from store.suites import STANDARD, Suite
from store.views import LoginView, OperatorView, Recovery
from store.writer import Writer

_REVISION = "keys_revision"
P = ParamSpec("P")
T = TypeVar("T")


class OpenStore:
    """A profile in use. `read` may be called from any thread; writing goes through `writer`.

    Attributes:
        recovery: What happened if the store had to be made again at this sign-in.
        journal_short: The journal lacks changes that the store has: a snapshot is due.
    """

    def __init__(
        self,
        folder: Path,
        sound: Sound,
        record: Journal,
        dek: bytearray,
        operator: OperatorView,
        lock: ProfileLock,
        secret: SecretBox,
        suite: Suite,
    ) -> None:
        self.folder = folder
        self.operator = operator
        self.secret = secret
        self.blobs = Blobs(folder / "blobs", bytes(dek), suite, on_full=self._make_room)
        self.engine = engine = sound.engine
        self.journal = record
        self.recovery: Recovery | None = sound.recovery
        self.journal_short = sound.journal_short
        self.room = Room(folder)
        self.writer = Writer(engine, on_full=self._make_room)
        self._dek = dek
        self._reads = engine.execution_options(read_only=True)
        self._lock = lock

    def read(
        self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query(session, ...)` in a short read transaction.

        Raises:
            StoreError: The file is damaged or cannot be read.
        """
        try:
            with Session(self._reads) as session:
                return query(session, *args, **kwargs)
        except DBAPIError as error:
            raise as_store_error(error) from None

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each commit, on the writer's thread; returns how to stop."""
        return self.writer.on_change(callback)

    @property
    def data_key(self) -> bytes:
        """The data key, for key management and backups within this package."""
        return bytes(self._dek)

    def _make_room(self) -> None:
        self.room.give_up_ballast()
        checkpoint(self.engine)  # the log's pages mostly have a place in the database already

    def close(self) -> None:
        """Finish what is queued, forget the key as far as Python allows, free the profile."""
        self.writer.close()
        _close(self.engine, self.journal)
        self._dek[:] = bytes(len(self._dek))
        self._lock.release()


def create_store(
    folder: Path,
    *,
    login: str,
    name: str,
    password: str,
    role: str,
    secret: SecretBox,
    operator_id: UUID,
    now: datetime,
    cost: Cost | None = None,
    suite: Suite = STANDARD,
) -> str:
    """Make a profile with its first operator; returns the office code to keep in the safe.

    Nothing usable is left behind by a crash in between: `keys.json` is written last, and a
    profile without it counts as not made.

    Raises:
        StoreExists: There is one.
        WeakPassword: Too short, or one that everybody tries.
        ProfileReadOnly, DiskFull, NetworkDrive: The folder takes no files, or not safely.
    """
    keys.check_password(password, login)
    refuse_network(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise as_disk_error(error) from None
    lock = ProfileLock(folder)
    try:
        if (folder / keys.NAME).exists():
            raise StoreExists
        for left in folder.glob(DATABASE + "*"):
            left.unlink()
        shutil.rmtree(folder / journal.FOLDER, ignore_errors=True)
        cost = cost or keys.calibrate(strong=secret.strong)
        dek, device = secrets.token_bytes(32), secrets.token_bytes(32)
        empty = KeyFile(
            store_id=secrets.token_hex(8), suite_name="" if suite == STANDARD else suite.name
        )
        key_file, code = _first_keys(empty, dek, device, operator_id, login, name, password, cost)
        secret.put(key_file.store_id, device)
        engine = open_engine(folder / DATABASE, keys.derive(dek, "db"))
        try:
            migrate(engine)
            record = record_into_journal(engine, folder, dek, line=new_line(), schema=len(STEPS))
            with Session(engine) as session, session.begin():
                operators.add(session, operator_id, login, name, role, now)
                settings.put(session, _REVISION, b"1")
                audit.record(session, "", "store_made", login, {"role": role}, now=now)
            record.close()
        finally:
            engine.dispose()
        Room(folder).lay_ballast()
        keys.save(folder, key_file, dek)
    finally:
        lock.release()
    return code


def list_logins(folder: Path) -> tuple[LoginView, ...]:
    """Who may sign in; readable before the store is open.

    Raises:
        NoStore: No profile here.
        KeysDamaged: The key file cannot be read.
    """
    return keys.logins(keys.load(folder))


def unlock(
    folder: Path, login: str, password: str, *, secret: SecretBox, now: datetime
) -> OpenStore:
    """Open the profile for one operator.

    Raises:
        NoStore, StoreBusy, StoreNewer, StoreDamaged, ProfileReadOnly, NetworkDrive: As named;
            damage is an error only where neither a snapshot nor the journal mends it.
        WrongPassword, TryLater, LockedOut: The door stays shut.
        DeviceSecretMissing: The profile was copied from another computer.
        KeyStoreLocked: The system's key store does not give its half.
        KeysDamaged, KeysRolledBack: The key file is not the newest one.
        RoleAltered: Somebody edited the operator's role past the program.
    """
    key_file = keys.load(folder)
    if not (folder / DATABASE).exists() and not recovery.has_something_to_restore(folder):
        raise NoStore
    refuse_network(folder)
    lock = ProfileLock(folder)
    try:
        doors = try_password(folder, key_file, login, password, secret, now)
        key_file, dek = bring_along(folder, key_file, doors, now)
        slot = keys.find(key_file, login)
        if slot is not None and slot.to_renew:
            device = device_secret(key_file, secret)
            renewed = keys.renew(key_file, dek, login, password, device)
            key_file = keys.save(folder, renewed, dek)
        opened = _open(folder, key_file, dek, login, lock, secret, now)
        if doors.following:
            opened.writer.submit(audit.record, login, "rekeyed", "", now=now).result()
        return opened
    except BaseException:
        lock.release()
        raise


def bring_along(
    folder: Path, key_file: KeyFile, doors: Doors, now: datetime
) -> tuple[KeyFile, bytes]:
    """Finish a change of the data key that was begun; the key file and data key from then on.

    The profile's lock is held.

    Raises:
        StoreError: As `rekey.finish`; the next sign-in goes on.
    """
    if not doors.following:
        return key_file, doors.dek
    return rekey.finish(folder, key_file, doors, now), doors.following


def _first_keys(
    empty: KeyFile,
    dek: bytes,
    device: bytes,
    operator_id: UUID,
    login: str,
    name: str,
    password: str,
    cost: Cost,
) -> tuple[KeyFile, str]:
    made = keys.add(
        empty,
        dek,
        slot_id=operator_id.hex,
        login=login,
        name=name,
        password=password,
        device_secret=device,
        cost=cost,
    )
    return keys.add_code(made, dek, slot_id=secrets.token_hex(16), cost=cost)


def _open(
    folder: Path,
    key_file: KeyFile,
    dek: bytes,
    login: str,
    lock: ProfileLock,
    secret: SecretBox,
    now: datetime,
) -> OpenStore:
    sound = recovery.open_sound(folder, dek, now)
    engine = sound.engine
    record = record_into_journal(engine, folder, dek, line=sound.line, schema=len(STEPS))
    try:
        wrong = tries.take(folder, login)
        with Session(engine) as session, session.begin():
            _check_revision(session, key_file)
            operator = operators.get_active(session, login)
            operators.check_role(session, operator)
            must_change = any(s.login == login and s.must_change for s in key_file.slots)
            _note_recovery(session, sound.recovery, now)
            detail = {"wrong_tries": wrong} if wrong else {}
            audit.record(session, login, "signed_in", "", detail, now=now)
            blobs = attachments.blob_names(session)
    except DBAPIError as error:
        _close(engine, record)
        raise as_store_error(error) from None
    except BaseException:
        _close(engine, record)
        raise
    view = OperatorView(operator.id, login, operator.name, operator.role, must_change)
    opened = OpenStore(folder, sound, record, bytearray(dek), view, lock, secret, key_file.suite)
    opened.room.lay_ballast()
    if not recovery.keeps_aside(folder):  # what was put aside may still name them
        opened.blobs.drop_orphans(blobs)
    return opened


def _close(engine: Engine, record: Journal) -> None:
    engine.dispose()
    record.close()


def _note_recovery(session: Session, made: Recovery | None, now: datetime) -> None:
    if made is None:
        return
    recovery.remember(session, made)
    if made.changes_lost or not made.journal:
        numbering.begin_anew(session)
    counts = {
        "changes": made.changes,
        "changes_lost": made.changes_lost,
        "cases_lost": len(made.cases_lost),
        "files_lost": len(made.files_lost),
    }
    audit.record(session, "", "recovered", made.aside, counts, now=now)


def _check_revision(session: Session, key_file: KeyFile) -> None:
    known = int(settings.get(session, _REVISION) or b"0")
    if key_file.revision < known:
        raise KeysRolledBack
    if key_file.revision > known:
        settings.put(session, _REVISION, str(key_file.revision).encode())
