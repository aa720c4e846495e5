"""Changing the data key after somebody was dismissed for cause, or to use other algorithms.

`keys.begin_rekey` has put the slots of the next data key beside those of this one; whoever signs
in next opens both and finishes here. Every step looks first whether it was done, so that a kill
or a power cut anywhere is mended by the next sign-in, and both keys are kept until all of it is
proven to open under the new one. Copies that were taken away before stay readable to whoever
held the old key.
"""

from __future__ import annotations

import logging
import os
import shutil
from datetime import datetime
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from store import journal, keys, recovery, snapshots
from store.blobs import Blobs
from store.engine import open_engine, quick_check
from store.errors import StoreDamaged
from store.files import sync_folder
from store.keys import Doors, KeyFile

log = logging.getLogger(__name__)


def finish(profile: Path, key_file: KeyFile, doors: Doors, now: datetime) -> KeyFile:
    """Bring database, snapshots and attachments under the next data key; the new key file.

    Args:
        profile: Its lock is held, its database closed.
        key_file: With the slots of both keys.
        doors: Both keys.
        now: Names what a repair puts aside.

    Raises:
        StoreDamaged: The database opens under neither key and nothing mends it.
        DiskFull, ProfileReadOnly: As named; the next sign-in goes on.
    """
    database = profile / recovery.DATABASE
    if not _opens(database, keys.derive(doors.following, "db")):
        recovery.open_sound(profile, doors.dek, now).engine.dispose()  # mends it where it must
    turn(database, doors)
    shutil.rmtree(profile / journal.FOLDER, ignore_errors=True)  # its key ends; a new one begins
    for snapshot in snapshots.listed(profile):
        _turn_copy(snapshot, doors)
    blobs = Blobs(profile / "blobs", doors.following, key_file.suite)
    count = blobs.reseal(Blobs(profile / "blobs", doors.dek))
    log.info("data key changed; %d attachments sealed anew", count)
    return keys.save(profile, keys.end_rekey(key_file), doors.following)


def turn(path: Path, doors: Doors) -> None:
    """Bring one closed database under the next key and prove it.

    Raises:
        StoreDamaged: It opens under neither.
    """
    new = keys.derive(doors.following, "db")
    if not _opens(path, new):
        _rekey(path, keys.derive(doors.dek, "db"), new)
    engine = open_engine(path, new)
    try:
        quick_check(engine)
    finally:
        engine.dispose()


def _turn_copy(snapshot: Path, doors: Doors) -> None:
    if _opens(snapshot, keys.derive(doors.following, "db")):
        return
    part = snapshot.with_suffix(".part")
    shutil.copyfile(snapshot, part)
    try:
        turn(part, doors)
    except StoreDamaged:
        part.unlink()
        snapshot.rename(snapshot.with_suffix(".unreadable"))
        return
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(snapshot)
    sync_folder(snapshot.parent)


def _opens(path: Path, key: bytes) -> bool:
    connection = _connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def _rekey(path: Path, old: bytes, new: bytes) -> None:
    connection = _connect(path, old)
    try:
        connection.execute("PRAGMA synchronous=full")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except driver.DatabaseError:
        raise StoreDamaged from None
    finally:
        connection.close()


def _connect(path: Path, key: bytes) -> driver.Connection:
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level=none")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection
