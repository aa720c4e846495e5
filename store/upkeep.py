"""What the store needs now and then, beside the work: a full check, a backup, its second copy."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from store import backup, settings, snapshots
from store.engine import full_check_in_use
from store.errors import StoreDamaged, StoreError
from store.open import OpenStore
from store.recovery import SUSPECT

log = logging.getLogger(__name__)
BACKUP_EVERY = timedelta(days=1)
CHECK_EVERY = timedelta(days=7)
_CHECKED = "fully_checked_at"
_SECOND = "backup_second_folder"


def after_sign_in(store: OpenStore, now: datetime) -> None:
    """Do what is due; takes seconds on a large store: call it on a worker.

    What fails here is logged and tried again at the next sign-in; it never stops the work.
    """
    store.room.lay_ballast()
    try:
        if _check_due(store, now):
            full_check_in_use(store.engine)
            store.writer.submit(_note_checked, now).result()
        newest = snapshots.newest_at(store.folder)
        if store.journal_short or newest is None or now - newest >= BACKUP_EVERY:
            made = backup.make(store, now)
            copy_to_second(store, made)
    except StoreDamaged:
        log.warning("the full check failed: the store is made again at the next sign-in")
        (store.folder / SUSPECT).touch()
    except StoreError as error:
        log.warning("upkeep: %s", error.code)


def copy_to_second(store: OpenStore, made: Path) -> bool:
    """Copy a backup to the second folder, if one is set and there; whether that was done."""
    second = second_folder(store)
    if second is None or not second.is_dir():
        return False
    backup.copy_to(store, made, second)
    return True


def second_folder(store: OpenStore) -> Path | None:
    """Where every backup is copied to as well, or None."""
    kept = store.read(settings.get, _SECOND)
    return Path(kept.decode()) if kept else None


def set_second_folder(session: Session, folder: Path) -> None:
    """Copy every backup to this folder too, such as a USB disk or another drive."""
    settings.put(session, _SECOND, str(folder).encode())


def checked_at(store: OpenStore) -> datetime | None:
    """When every page and index was last checked, or None."""
    kept = store.read(settings.get, _CHECKED)
    return datetime.fromisoformat(kept.decode()) if kept else None


def _check_due(store: OpenStore, now: datetime) -> bool:
    last = checked_at(store)
    return last is None or not timedelta(0) <= now - last < CHECK_EVERY


def _note_checked(session: Session, now: datetime) -> None:
    settings.put(session, _CHECKED, now.astimezone(UTC).isoformat().encode())
