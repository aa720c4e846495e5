"""Backups rotate, stand on a second disk, and come back without doubling or losing anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from store import attachments, backup, journal, numbers, regain, snapshots, upkeep
from store.errors import BackupDamaged, NewerWork, NoStore, StoreExists
from store.open import OpenStore
from store.recovery import rebuild, remembered
from store.views import BlockView, FileView
from tests.store.window import (
    CHEAP,
    DIVISION,
    LOGIN,
    NOW,
    PASSWORD,
    accept,
    acknowledge_all,
    begin,
    box_of,
    enter,
    make,
    make_with_code,
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


def restore(profile: Path, source: Path, *, exactly: bool = False) -> backup.Restored:
    return backup.restore(
        profile, source, LOGIN, PASSWORD, secret=box_of(profile), now=NOW, exactly=exactly
    )


def lease(store: OpenStore) -> None:
    store.writer.submit(numbers.add_block, BlockView(uuid4(), "case", "53-", 1, 99, 1, 1)).result()


def attach(store: OpenStore, owner: UUID, data: bytes) -> str:
    blob = store.blobs.put(data)
    file = FileView(uuid4(), "/d/p", "scan.png", "image/png", len(data), bytes(32), blob)
    store.writer.submit(attachments.add, owner, file, NOW).result()
    return blob


def test_the_newest_of_days_weeks_and_months_are_kept() -> None:
    first = datetime(2025, 1, 1, 7, tzinfo=UTC)
    made = [first + timedelta(hours=12 * n) for n in range(800)]  # two a day, over a year
    paths = [Path(f"store-{at:%Y%m%d-%H%M%S}.db") for at in reversed(made)]
    surplus = set(snapshots.surplus(paths))
    kept = [path for path in paths if path not in surplus]
    ages = [(made[-1] - at).days for path in kept if (at := snapshots.made_at(path))]
    assert kept[:3] == paths[:3]
    assert [age for age in ages if age < 14] == [0, 0, *range(1, 14)]
    assert 8 <= len([age for age in ages if age >= 14]) <= 18
    assert 300 < max(ages) < 366
    assert len(kept) < 3 + 14 + 8 + 12


def test_a_restored_backup_is_brought_forward_and_loses_nothing(profile: Path) -> None:
    store = enter(profile)
    lease(store)
    first = accept(store)
    copy = backup.make(store, NOW)
    second = accept(store)
    store.close()
    done = restore(profile, copy)
    assert (done.cases, done.left_out) == (2, ())
    assert done.changes > 0
    assert (done.aside / "store.db").is_file()
    again = enter(profile)
    assert again.recovery is None
    assert numbers_of(again) == sorted((first, second))
    assert accept(again) not in (first, second)
    assert again.read(numbers.left, "case") == 96, "nothing was lost, so nothing is given up"
    again.close()


def test_going_back_exactly_gives_out_no_number_twice(profile: Path) -> None:
    store = enter(profile)
    lease(store)
    copy = backup.make(store, NOW)
    later = accept(store)
    acknowledge_all(store)
    store.close()
    done = restore(profile, copy, exactly=True)
    assert (done.cases, done.left_out) == (0, (later,))
    again = enter(profile)
    assert again.recovery is None, "what was put aside on purpose does not come back by itself"
    assert again.read(numbers.left, "case") == 0
    first = accept(again)
    assert first.startswith(f"L{DIVISION}-")
    acknowledge_all(again)
    again.close()
    restore(profile, copy, exactly=True)
    once_more = enter(profile)
    assert accept(once_more) != first, "the same copy twice makes no number twice either"
    once_more.close()


def test_going_back_never_puts_unsent_work_aside(profile: Path) -> None:
    store = enter(profile)
    copy = backup.make(store, NOW)
    unsent = accept(store)
    store.close()
    was = (profile / "store.db").read_bytes()
    with pytest.raises(NewerWork) as refused:
        restore(profile, copy, exactly=True)
    assert refused.value.fields == {"count": 1}
    assert (profile / "store.db").read_bytes() == was
    assert sorted(path.name for path in profile.glob("incoming*")) == []
    again = enter(profile)
    assert numbers_of(again) == [unsent]
    again.close()


def test_a_backup_from_before_going_back_and_its_journal_do_not_mix_with_what_came_after(
    profile: Path,
) -> None:
    store = enter(profile)
    copy = backup.make(store, NOW)
    accept(store, "前")
    acknowledge_all(store)
    store.close()
    restore(profile, copy, exactly=True)
    store = enter(profile)
    after = accept(store, "后")
    key = store.data_key
    store.close()
    made = rebuild(profile, key, NOW, reason="damaged")
    assert made.complete
    again = enter(profile)
    assert numbers_of(again) == [after]
    again.close()


def test_a_second_folder_and_the_office_code_are_all_that_a_new_computer_needs(
    tmp_path: Path,
) -> None:
    old, code = make_with_code(tmp_path / "old")
    store = enter(old)
    blob = attach(store, begin(store), b"scan" * 1000)
    held = accept(store)
    second = backup.copy_to(store, backup.make(store, NOW), tmp_path / "usb")
    assert backup.copy_to(store, backup.make(store, NOW), tmp_path / "usb") == second
    assert len(list(second.glob("store-*.db"))) == 2
    store.close()
    new = tmp_path / "new" / "office"
    assert backup.bring(new, second) == 1
    chosen = regain.NewPassword(LOGIN, PASSWORD)
    regain.by_code(new, code, chosen, secret=box_of(new), now=NOW, cost=CHEAP)
    brought = enter(new)
    [made] = brought.read(remembered)
    assert (made.reason, made.files_lost, made.cases) == ("missing", (), 1)
    assert not made.complete, "nobody here knows what was done after the backup"
    assert numbers_of(brought) == [held]
    assert brought.blobs.get(blob) == b"scan" * 1000
    first = accept(brought)
    assert first.split("-")[1] != held.split("-")[1], "another mark: the old computer may go on"
    brought.close()
    with pytest.raises(StoreExists):
        backup.bring(new, second)
    with pytest.raises(NoStore):
        backup.bring(tmp_path / "other", tmp_path)


def test_a_lost_attachment_is_named_by_its_case(profile: Path) -> None:
    store = enter(profile)
    draft = begin(store)
    blob = attach(store, draft, b"x")
    key = store.data_key
    backup.make(store, NOW)
    store.close()
    (profile / "blobs" / blob[:2] / blob).unlink()
    made = rebuild(profile, key, NOW, reason="damaged")
    assert made.files_lost == ("",)
    assert not made.complete


def test_the_journal_reaches_back_over_three_backups_and_no_further(store: OpenStore) -> None:
    for day in range(6):
        accept(store)
        backup.make(store, NOW + timedelta(days=day))
    line, key = store.journal.belongs.line, store.data_key
    held = journal.read_index(store.folder, key, line)
    newest = snapshots.listed(store.folder)
    assert len(newest) == 6
    assert 3 <= len(journal.files(store.folder)) <= 5
    assert sorted(held.changes) == list(range(min(held.changes), held.last + 1))
    for broken in newest[:2]:
        broken.write_bytes(b"noise" * 1000)
    made = rebuild(store.folder, key, NOW, reason="damaged")
    assert made.complete
    assert made.cases == 6


def test_a_backup_that_does_not_open_is_refused(profile: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"noise" * 5000)
    for source in (bad, tmp_path / "none.db"):
        with pytest.raises(BackupDamaged):
            restore(profile, source)


def test_the_second_folder_is_kept_up_daily_while_it_is_there(
    store: OpenStore, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    store.writer.submit(upkeep.set_second_folder, usb).result()
    upkeep.after_sign_in(store, NOW)
    assert not usb.exists(), "a disk that is not plugged in is not made up"
    usb.mkdir()
    upkeep.after_sign_in(store, NOW + timedelta(days=1))
    assert len(list(usb.glob("lastmile-*/store-*.db"))) == 1
