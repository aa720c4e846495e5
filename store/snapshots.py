"""Snapshots: whole encrypted copies of the database, each proven by opening it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from store.engine import as_store_error, full_check, open_engine
from store.errors import BackupDamaged, StoreError
from store.files import as_store_error as as_disk_error
from store.files import lasting, sync_folder
from store.keys import derive

FOLDER = "backups"
_STAMP = "store-%Y%m%d-%H%M%S"
NEWEST, DAYS, WEEKS, MONTHS = 3, 14, 8, 12


def listed(profile: Path) -> tuple[Path, ...]:
    """Snapshots of a profile, newest first."""
    found = [p for p in (profile / FOLDER).glob("store-*.db") if made_at(p) is not None]
    return tuple(sorted(found, reverse=True))


def newest_at(profile: Path) -> datetime | None:
    """When the newest snapshot was made, or None."""
    found = listed(profile)
    return made_at(found[0]) if found else None


def made_at(path: Path) -> datetime | None:
    """When a snapshot was made, from its name; None where it is none."""
    try:
        return datetime.strptime(path.stem[:21], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def make(profile: Path, engine: Engine, dek: bytes, now: datetime) -> Path:
    """Copy the database as it is at one moment, prove the copy, let the surplus ones go.

    Raises:
        DiskFull, ProfileReadOnly: It cannot be written.
        BackupDamaged: The copy did not open; it was removed.
    """
    folder = profile / FOLDER
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        path = _free_name(folder, now)
        part = path.with_suffix(".part")
        for left in folder.glob("*.part*"):
            left.unlink()
        _copy(engine, part)
        prove(part, dek)
        lasting(part)
        part.replace(path)
        sync_folder(folder)
        for old in surplus(listed(profile)):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise as_disk_error(error) from None
    return path


def surplus(newest_first: Sequence[Path]) -> tuple[Path, ...]:
    """Which to let go: kept are the newest 3, and the last of each of 14 days, 8 weeks, 12 months.

    Days are those of UTC.
    """
    kept = set(newest_first[:NEWEST])
    for name, most in (("%Y%m%d", DAYS), ("%G%V", WEEKS), ("%Y%m", MONTHS)):
        spans: dict[str, Path] = {}
        for path in newest_first:
            at = made_at(path)
            if at is not None:
                spans.setdefault(at.strftime(name), path)
        kept.update(list(spans.values())[:most])
    return tuple(path for path in newest_first if path not in kept)


def prove(path: Path, dek: bytes, *, remove: bool = True) -> None:
    """Open a snapshot and check every page of it.

    Raises:
        BackupDamaged: It does not hold; removed if `remove`.
    """
    try:
        engine = open_engine(path, derive(dek, "db"), make=False)
        try:
            full_check(engine)
        finally:
            engine.dispose()
    except StoreError:
        if remove:
            path.unlink(missing_ok=True)
        raise BackupDamaged from None


def _copy(engine: Engine, part: Path) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(part),))
    except driver.Error as error:
        part.unlink(missing_ok=True)
        raise as_store_error(DBAPIError("", (), error)) from None
    finally:
        raw.close()


def _free_name(folder: Path, now: datetime) -> Path:
    moment = now.astimezone(UTC)
    while True:
        path = folder / f"{moment:{_STAMP}}.db"
        if not path.exists():
            return path
        moment += timedelta(seconds=1)
