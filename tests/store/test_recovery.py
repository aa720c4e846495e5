"""A store that was torn, cut or altered comes back, and says exactly what did not."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from store import audit, backup, journal, numbers, recovery, snapshots, upkeep
from store.errors import DiskFull, NoStore, StoreDamaged
from store.open import OpenStore
from store.recovery import remembered
from store.views import BlockView
from tests.store.window import (
    NOW,
    accept,
    begin,
    contents,
    enter,
    make,
    photograph,
    save_draft,
)
from tests.store.window import numbers as numbers_of


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return make(tmp_path)


@pytest.fixture
def store(profile: Path) -> Iterator[OpenStore]:
    opened = enter(profile)
    yield opened
    opened.close()


def flip(path: Path, at: float, bit: int = 3) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1 << bit
    path.write_bytes(content)


def cut(path: Path, at: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * at)])


def worked(profile: Path) -> tuple[list[str], dict[str, list[Any]], int]:
    """Two cases, a backup, two more cases and a draft; returns numbers, contents, audit rows."""
    store = enter(profile)
    accept(store, "前一")
    accept(store, "前二")
    backup.make(store, NOW)
    accept(store, "后一")
    accept(store, "后二")
    save_draft(store, begin(store), b"<half/>")
    held, rows = numbers_of(store), store.read(audit.length)
    was = contents(store)
    store.close()
    return held, was, rows


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit": lambda p: flip(p, 0.5),
    "a flipped bit in the first page": lambda p: flip(p, 0.0),
    "half a file": lambda p: cut(p, 0.5),
    "an empty file": lambda p: cut(p, 0),
    "no file": lambda p: p.unlink(),
    "noise": lambda p: p.write_bytes(bytes(range(256)) * 64),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_comes_back_whole_at_sign_in(profile: Path, damage: str) -> None:
    held, was, rows = worked(profile)
    DAMAGES[damage](profile / "store.db")
    broken = (profile / "store.db").read_bytes() if (profile / "store.db").exists() else None
    store = enter(profile)
    made = store.recovery
    assert made is not None
    assert made.complete
    assert made.cases == 4
    assert set(made.cases_brought) == set(held[2:])
    assert made.snapshot == NOW
    assert contents(store, audit_rows=rows) == was
    assert store.read(audit.find_break) is None
    assert store.read(remembered) == (made,)
    if broken is not None:
        assert (profile / made.aside / "store.db").read_bytes() == broken
    accept(store, "其后")
    store.close()
    again = enter(profile)
    assert again.recovery is None
    assert len(numbers_of(again)) == 5
    again.close()


def test_the_journal_alone_brings_back_a_store_that_never_had_a_backup(profile: Path) -> None:
    store = enter(profile)
    held = [accept(store) for _ in range(3)]
    store.close()
    flip(profile / "store.db", 0.7)
    again = enter(profile)
    assert again.recovery is not None
    assert (again.recovery.snapshot, again.recovery.complete) == (None, True)
    assert numbers_of(again) == sorted(held)
    again.close()


def test_a_damaged_newest_backup_gives_way_to_the_one_before(profile: Path) -> None:
    _held, was, rows = worked(profile)
    store = enter(profile, NOW + timedelta(days=1))
    newest = backup.make(store, NOW + timedelta(days=1))
    store.close()
    flip(newest, 0.5)
    flip(profile / "store.db", 0.5)
    again = enter(profile)
    assert again.recovery is not None
    assert (again.recovery.snapshot, again.recovery.complete) == (NOW, True)
    assert contents(again, audit_rows=rows) == was
    again.close()


def test_what_the_journal_cannot_bring_back_is_named_to_the_case(profile: Path) -> None:
    store = enter(profile)
    store.writer.submit(
        numbers.add_block, BlockView(begin(store), "case", "5301-", 1, 100, 1, 1)
    ).result()
    kept = accept(store)
    backup.make(store, NOW)
    lost = [accept(store), accept(store)]
    store.close()
    [*_, last] = journal.files(profile)
    flip(last, 0.2)  # the first change after the backup
    flip(profile / "store.db", 0.6)
    again = enter(profile)
    made = again.recovery
    assert made is not None
    assert not made.complete
    assert made.changes_lost > 0
    assert set(made.cases_lost) == set(lost)
    assert numbers_of(again) == [kept]
    assert again.read(numbers.left, "case") == 0, "a number of a lost case may stand on paper"
    assert accept(again) not in lost
    again.close()
    whole = enter(profile)
    assert whole.recovery is None
    whole.close()


def test_nothing_is_touched_where_nothing_brings_it_back(profile: Path) -> None:
    store = enter(profile)
    accept(store)
    store.close()
    for path in journal.files(profile):
        path.unlink()
    flip(profile / "store.db", 0.5)
    broken = (profile / "store.db").read_bytes()
    with pytest.raises(StoreDamaged):
        enter(profile)
    assert (profile / "store.db").read_bytes() == broken
    (profile / "store.db").unlink()
    with pytest.raises(NoStore):
        enter(profile)


DAMAGES_OF_A_LOG: dict[str, Callable[[Path], object]] = {
    "gone": lambda p: p.unlink(),
    "cut": lambda p: cut(p, 0.6),
    "flipped": lambda p: flip(p, 0.6),
    "header flipped": lambda p: flip(p, 0.0),
}


@pytest.mark.parametrize("what", DAMAGES_OF_A_LOG)
def test_a_log_that_lost_commits_is_noticed_and_they_come_back(
    store: OpenStore, profile: Path, tmp_path: Path, what: str
) -> None:
    held = [accept(store) for _ in range(4)]
    copy = photograph(profile, tmp_path / "later")
    log = copy / "store.db-wal"
    assert log.stat().st_size > 4096
    DAMAGES_OF_A_LOG[what](log)
    again = enter(copy)
    assert numbers_of(again) == sorted(held)
    assert again.recovery is not None
    assert again.recovery.complete
    again.close()


def test_a_crash_before_the_commit_ends_the_change_at_the_next_start(
    store: OpenStore, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(store)
    append = journal.Journal.append

    def die_after(self: journal.Journal, *given: object) -> int:
        append(self, *given)  # type: ignore[arg-type]
        photograph(profile, tmp_path / "later")
        raise DiskFull

    monkeypatch.setattr(journal.Journal, "append", die_after)
    with pytest.raises(DiskFull):
        save_draft(store, draft, b"<in-flight/>")
    monkeypatch.undo()
    again = enter(tmp_path / "later" / profile.name)
    assert again.recovery is None, "this is no damage"
    assert [row[6] for row in contents(again)["draft"]] == [b"<in-flight/>"]
    again.close()


def test_a_change_that_the_database_refuses_leaves_the_journal_again(
    store: OpenStore, profile: Path
) -> None:
    accept(store)
    dek, line = store.data_key, store.journal.belongs.line
    before = journal.read_index(profile, dek, line)

    def orphan(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys=on"))  # so that the COMMIT itself fails
        session.execute(text("INSERT INTO submission_body VALUES ('none', x'00', '', '')"))

    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.writer.submit(orphan).result()
    assert journal.read_index(profile, dek, line) == before
    accept(store)
    after = journal.read_index(profile, dek, line)
    assert sorted(after.changes) == list(range(1, after.last + 1))
    assert after.done == after.last


def test_a_full_check_that_fails_has_the_store_made_again_at_the_next_sign_in(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, *_ = worked(profile)
    store = enter(profile)

    def fails(_engine: object) -> None:
        raise StoreDamaged

    monkeypatch.setattr(upkeep, "full_check_in_use", fails)
    upkeep.after_sign_in(store, NOW)
    store.close()
    again = enter(profile)
    assert again.recovery is not None
    assert numbers_of(again) == held
    upkeep.after_sign_in(again, NOW)
    again.close()


def test_the_upkeep_checks_weekly_and_backs_up_daily(store: OpenStore) -> None:
    upkeep.after_sign_in(store, NOW)
    assert (upkeep.checked_at(store), len(snapshots.listed(store.folder))) == (NOW, 1)
    upkeep.after_sign_in(store, NOW + timedelta(hours=20))
    assert (upkeep.checked_at(store), len(snapshots.listed(store.folder))) == (NOW, 1)
    upkeep.after_sign_in(store, NOW + timedelta(days=8))
    assert upkeep.checked_at(store) == NOW + timedelta(days=8)
    assert len(snapshots.listed(store.folder)) == 2


def test_files_put_aside_keep_the_attachments_they_name(profile: Path) -> None:
    store = enter(profile)
    blob = store.blobs.put(b"scan")
    path = profile / "blobs" / blob[:2] / blob
    store.close()
    (profile / "quarantine-20260101-000000").mkdir()
    os.utime(path, (0, 0))
    enter(profile).close()
    assert path.exists()
    (profile / "quarantine-20260101-000000").rmdir()
    assert not recovery.keeps_aside(profile)
    enter(profile).close()
    assert not path.exists()


def test_no_statement_of_the_store_asks_sqlite_for_time_or_chance() -> None:
    # The journal replays statements: they must do the same again.
    asks = re.compile(
        r"random(blob)?\(|current_(time|date)|strftime\(|datetime\('now|changes\(\)", re.I
    )
    room = Path(recovery.__file__).parent
    found = [
        f"{path.name}: {node.value[:60]}"
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if asks.search(node.value)
    ]
    assert found == []
