"""Opening a store that may have suffered: what is damaged is put aside and made anew.

The newest snapshot that holds, and every later change from the journal, make the store again.
The damaged files are moved to `quarantine-…`, never deleted. A store counts as damaged when a
page does not hold, when its log stops at a flipped bit, or when it knows fewer changes than the
journal says were committed.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store import journal, salvage, settings, snapshots, wal
from store.engine import as_store_error, migrate, open_engine, quick_check, schema_version
from store.errors import BackupDamaged, StoreDamaged, StoreNewer
from store.files import as_store_error as as_disk_error
from store.files import sync_folder
from store.journal import Index, Place
from store.keys import derive
from store.recording import new_line, position, put_position
from store.steps import STEPS
from store.views import Recovery

log = logging.getLogger(__name__)
DATABASE = "store.db"
SUSPECT = "suspect"  # laid down by a check that failed while the store was in use
_INCOMING = "incoming.db"
_KEPT = "recoveries"
T = TypeVar("T")


@dataclass(frozen=True)
class Sound:
    """A store that holds. `line` is the one its changes belong to from now on."""

    engine: Engine
    line: bytes
    recovery: Recovery | None
    journal_short: bool  # the journal lacks changes that the store has: a snapshot is due


def open_sound(profile: Path, dek: bytes, now: datetime) -> Sound:
    """Open the store of a profile; where it is damaged, make it again first.

    Raises:
        StoreNewer: Written by a newer program.
        StoreDamaged: Damaged, and neither a snapshot nor the journal brings it back.
        DiskFull, ProfileReadOnly, DiskFault: As named.
    """
    path = profile / DATABASE
    drop_incoming(profile)
    # An emptied file would open as a new store.
    if path.exists() and path.stat().st_size and not (profile / SUSPECT).exists():
        try:
            return _as_it_is(profile, dek, now)
        except StoreDamaged:
            log.warning("store damaged: it is made again from snapshot and journal")
    reason = "damaged" if path.exists() else "missing"
    recovery = rebuild(profile, dek, now, reason=reason)
    (profile / SUSPECT).unlink(missing_ok=True)
    engine = open_engine(path, derive(dek, "db"), make=False)
    line, _ = _raw(engine, position)
    return Sound(engine, line, recovery, journal_short=False)


def has_something_to_restore(profile: Path) -> bool:
    """Whether there is a snapshot or a journal that could make a store."""
    return bool(snapshots.listed(profile) or journal.files(profile))


def keeps_aside(profile: Path) -> bool:
    """Whether files of an earlier state still lie in the profile, for a person to look at."""
    return any(profile.glob("quarantine-*")) or any(profile.glob("replaced-*"))


def remember(session: Session, made: Recovery) -> None:
    """Keep what was recovered, to be shown again later."""
    kept = json.loads(settings.get(session, _KEPT) or b"[]")
    kept.append(asdict(made))
    settings.put(session, _KEPT, json.dumps(kept, default=datetime.isoformat).encode())


def remembered(session: Session) -> tuple[Recovery, ...]:
    """Every recovery of this store, oldest first."""
    kept = json.loads(settings.get(session, _KEPT) or b"[]")
    return tuple(_recovery(each) for each in kept)


def rebuild(profile: Path, dek: bytes, now: datetime, *, reason: str) -> Recovery:
    """Make the store from the newest snapshot that holds and the journal.

    Args:
        profile: The profile, locked by this process.
        dek: The data key.
        now: For the name of the quarantine.
        reason: "damaged" or "missing".

    Raises:
        StoreDamaged: Nothing brings it back; nothing was changed.
    """
    for source in (*snapshots.listed(profile), None):
        try:
            made = remake(profile, source, dek)
        except (StoreDamaged, BackupDamaged):
            log.warning("a snapshot does not hold: the one before is tried")
            continue
        aside = put_in_place(profile, made.path, "quarantine", now)
        seen = salvage.look(aside / DATABASE, dek)
        beyond = seen.serial - made.reached if seen.line == made.line else 0
        return Recovery(
            at=now.astimezone(UTC),
            reason=reason,
            snapshot=snapshots.made_at(source) if source else None,
            changes=made.replayed,
            cases=made.cases,
            cases_brought=made.numbers,
            cases_lost=tuple(sorted({*seen.numbers, *made.numbers_lost} - set(made.held))),
            changes_lost=max(made.gap, beyond),
            files_lost=salvage.missing_files(profile, made.blobs),
            aside=aside.name,
            journal=made.journal,
        )
    raise StoreDamaged


def drop_incoming(profile: Path) -> None:
    """Remove what an earlier try left half made."""
    for left in profile.glob(_INCOMING + "*"):
        left.unlink()


@dataclass(frozen=True)
class Remade:
    """A store beside the one of now. `gap` counts changes that the journal lacks or cannot read."""

    path: Path
    line: bytes  # of the snapshot and the journal
    reached: int
    replayed: int
    gap: int
    cases: int
    numbers: tuple[str, ...]
    numbers_lost: tuple[str, ...]
    held: tuple[str, ...]
    blobs: tuple[tuple[str, str], ...]
    journal: bool  # whether a journal of this store was at hand at all


def remake(profile: Path, source: Path | None, dek: bytes, *, replay: bool = True) -> Remade:
    """Make `incoming.db` from a snapshot, or from nothing where the journal goes back so far.

    Raises:
        BackupDamaged, StoreDamaged: The snapshot does not hold, or the journal does not reach.
    """
    path = profile / _INCOMING
    drop_incoming(profile)
    line = _first_line(profile, dek) if source is None else b""
    try:
        if source is not None and not source.is_file():
            raise BackupDamaged
        if source is not None:
            shutil.copyfile(source, path)
            snapshots.prove(path, dek)
        elif line is None:
            raise StoreDamaged
        engine = open_engine(path, derive(dek, "db"))
        try:
            return _bring_forward(profile, engine, path, dek, line or b"", replay=replay)
        finally:
            engine.dispose()
    except OSError as error:
        raise as_disk_error(error) from None


def put_in_place(profile: Path, incoming: Path, word: str, now: datetime) -> Path:
    """Move the store of now aside and the new one in; returns the folder it was moved to.

    A crash in between leaves no store but snapshot and journal, from which the next start goes on.
    """
    aside = profile / f"{word}-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    try:
        while aside.exists():
            aside = aside.with_name(aside.name + "x")
        aside.mkdir(mode=0o700)
        for old in profile.glob(DATABASE + "*"):  # a stale log beside a restored file is poison
            old.rename(aside / old.name)
        incoming.replace(profile / DATABASE)
        sync_folder(aside)
        sync_folder(profile)
    except OSError as error:
        raise as_disk_error(error) from None
    return aside


def _as_it_is(profile: Path, dek: bytes, now: datetime) -> Sound:
    path = profile / DATABASE
    engine = open_engine(path, derive(dek, "db"), make=False)
    try:
        _check_log(engine, path)
        _check_version(engine)
        quick_check(engine)
        line, serial = _raw(engine, position)
        index = journal.read_index(profile, dek, line)
        if serial < index.last:
            serial = _finish(engine, index, serial, dek)
        migrate(engine, before=lambda: snapshots.make(profile, engine, dek, now))
        short = bool(index.damaged) or serial > index.last or not line
        return Sound(engine, line or new_line(), None, journal_short=short)
    except DBAPIError as error:
        engine.dispose()
        raise as_store_error(error) from None
    except BaseException:
        engine.dispose()
        raise


def _check_log(engine: Engine, path: Path) -> None:
    used = _raw(engine, lambda raw: raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone())
    if wal.is_damaged(path.with_name(path.name + "-wal"), max(0, int(used[1]))):
        raise StoreDamaged


def _check_version(engine: Engine) -> None:
    version = schema_version(engine)
    if not version:
        raise StoreDamaged
    if version > len(STEPS):
        raise StoreNewer(found=version, known=len(STEPS))


def _finish(engine: Engine, index: Index, serial: int, dek: bytes) -> int:
    """End the one change whose commit the crash cut off; more, or a committed one, is damage."""
    change = index.changes[index.last]
    if index.last > serial + 1 or index.done > serial or change.schema != schema_version(engine):
        raise StoreDamaged
    try:
        _raw(engine, lambda raw: _run(raw, change, dek))
    except DBAPIError:
        raise StoreDamaged from None
    return index.last


def _bring_forward(
    profile: Path, engine: Engine, path: Path, dek: bytes, line: bytes, *, replay: bool
) -> Remade:
    start = 0
    if not line:
        line, start = _raw(engine, position)
    index = journal.read_index(profile, dek, line) if replay and line else Index({}, 0, ())
    before = set(_numbers(engine))
    reached = _replay(engine, index, start, dek)
    migrate(engine)
    missing = [index.changes[n] for n in sorted(index.changes) if n > reached]
    old_line = line
    if missing or not index.changes:
        line = new_line()
        _raw(engine, lambda raw: _in_one(raw, lambda: put_position(raw, line, reached)))
    held = _numbers(engine)
    made = Remade(
        path=path,
        line=old_line,
        reached=reached,
        replayed=reached - start,
        gap=max(index.last - reached, 0),
        cases=len(held),
        numbers=tuple(sorted(set(held) - before)),
        numbers_lost=salvage.numbers_of(missing, dek),
        held=held,
        blobs=_raw(engine, salvage.named_blobs),
        journal=bool(index.changes),
    )
    _raw(engine, _settle)
    return made


def _replay(engine: Engine, index: Index, start: int, dek: bytes) -> int:
    """Run the changes after `start` up to the first that is missing; returns the last one run."""
    reached = start
    while (change := index.changes.get(reached + 1)) is not None:
        if change.schema != schema_version(engine):
            migrate(engine, upto=change.schema)
        stretch = [change]
        while (
            after := index.changes.get(stretch[-1].serial + 1)
        ) and after.schema == change.schema:
            stretch.append(after)
        done = _raw(engine, partial(_run_all, stretch, dek))
        reached += done
        if done < len(stretch):
            break  # a change that no longer fits: what follows it would build on sand
    return reached


def _run_all(stretch: Sequence[Place], dek: bytes, raw: Any) -> int:
    raw.execute("PRAGMA synchronous=off")  # a copy in the making; `_settle` makes it last
    try:
        for done, change in enumerate(stretch):
            try:
                _run(raw, change, dek)
            except (driver.IntegrityError, driver.ProgrammingError):
                return done
    finally:
        raw.execute("PRAGMA synchronous=full")
    return len(stretch)


def _settle(raw: Any) -> None:
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _first_line(profile: Path, dek: bytes) -> bytes | None:
    """The line whose first change the journal still has, or None."""
    for line in journal.lines(profile, dek):
        if 1 in journal.read_index(profile, dek, line).changes:
            return line
    return None


def _run(raw: Any, change: Place, dek: bytes) -> None:
    statements = journal.read_change(change, dek)

    def run() -> None:
        for sql, parameters, many in statements:
            if many:
                raw.executemany(sql, parameters)
            else:
                raw.execute(sql, parameters or ()).fetchall()
        put_position(raw, change.line, change.serial)

    _in_one(raw, run)


def _in_one(raw: Any, run: Callable[[], None]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        run()
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise


def _raw(engine: Engine, do: Callable[[Any], T]) -> T:
    connection = engine.raw_connection()
    try:
        return do(connection.driver_connection)
    except driver.Error as error:
        raise as_store_error(DBAPIError("", (), error)) from None
    finally:
        connection.close()


def _recovery(kept: dict[str, Any]) -> Recovery:
    moments = {
        name: datetime.fromisoformat(kept[name]) if kept[name] else None
        for name in ("at", "snapshot")
    }
    lists = {name: tuple(kept[name]) for name in ("cases_brought", "cases_lost", "files_lost")}
    return Recovery(**{**kept, **moments, **lists})


def _numbers(engine: Engine) -> tuple[str, ...]:
    if not schema_version(engine):
        return ()
    rows = _raw(engine, lambda raw: raw.execute("SELECT number FROM case_file").fetchall())
    return tuple(row[0] for row in rows)
