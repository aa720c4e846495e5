"""Residents and cases are found by any part of what they are known by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from casework.catalogue import spellings
from store import cases, residents
from store.open import OpenStore
from store.residents import Resident
from tests.store.window import NOW, accept, enter, make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    opened = enter(make(tmp_path))
    yield opened
    opened.close()


def person(n: int, name: str, id_no: str, phone: str, **more: Any) -> Resident:
    return Resident(UUID(int=n), name, id_no, phone, spelled=" ".join(spellings(name)), **more)


PEOPLE = (
    person(1, "欧阳示例", "51999919500307001X", "13900000001", household="H1", relation="01"),
    person(2, "王示例", "519999198001010028", "13900000002", household="H1", relation="20"),
    person(3, "王小例", "519999201205050035", "", village="东山村3组"),
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("示例", {1, 2}),
        ("王", {2, 3}),
        ("阳示", {1}),
        ("ouyang", {1}),
        ("wxl", {3}),
        ("51999919500307001x", {1}),
        ("07001X", {1}),
        ("010028", {2}),
        ("519999", {1, 2, 3}),
        ("51999920", {3}),
        ("13900000002", {2}),
        ("0000000", {1, 2}),
        ("东山村", {3}),
        ("王 东山", {3}),
        ("赵", set()),
        ("", set()),
        ("'; DROP", set()),
    ],
)
def test_a_resident_is_found_by(store: OpenStore, wanted: str, found: set[int]) -> None:
    store.writer.submit(residents.take_over, PEOPLE, NOW).result()
    assert {each.id.int for each in store.read(residents.find, wanted)} == found


def test_a_newer_state_takes_the_place_of_the_older_and_a_withdrawal_ends_it(
    store: OpenStore,
) -> None:
    store.writer.submit(residents.take_over, PEOPLE, NOW).result()
    moved = person(2, "王改名", "519999198001010028", "", household="H2", relation="01")
    store.writer.submit(residents.take_over, (moved,), NOW).result()
    assert store.read(residents.count) == 3
    assert {each.id.int for each in store.read(residents.find, "示例")} == {1}
    assert [each.name for each in store.read(residents.find, "王改")] == ["王改名"]
    store.writer.submit(residents.withdraw, (UUID(int=2),)).result()
    assert store.read(residents.find, "王改") == ()
    assert store.read(residents.count) == 2


def test_a_household_is_shown_with_its_head_first(store: OpenStore) -> None:
    store.writer.submit(residents.take_over, PEOPLE, NOW).result()
    names = [each.name for each in store.read(residents.household_of, UUID(int=2))]
    assert names == ["欧阳示例", "王示例"]
    assert len(store.read(residents.household_of, UUID(int=3))) == 1
    assert store.read(residents.household_of, UUID(int=9)) == ()


def test_a_case_is_found_by_the_end_of_its_number_and_by_the_last_six_digits(
    store: OpenStore,
) -> None:
    numbers = [accept(store, name) for name in ("示例甲", "示例乙")]

    def found(wanted: str) -> list[str]:
        rows = store.read(cases.list_cases, cases.Wanted(text=wanted))
        return sorted(row.number for row in rows)

    assert found("07001x") == sorted(numbers)
    assert found(numbers[1]) == [numbers[1]]
    assert found(numbers[0][-6:]) == [numbers[0]]
    assert found(numbers[0][:12]) == sorted(numbers)


def test_a_filter_looks_at_every_match_and_not_at_the_newest_alone(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.search.LIMIT", 2)
    monkeypatch.setattr("store.search.matching_cases.__defaults__", (2,))
    first = accept(store)
    [row] = store.read(cases.list_cases, cases.Wanted())
    store.writer.submit(
        cases.add_event, row.id, UUID(int=77), "closed", by="", login="", data={}, now=NOW
    ).result()
    for _ in range(4):
        accept(store)
    wanted = cases.Wanted(text="高龄", status=("closed",))
    assert [row.number for row in store.read(cases.list_cases, wanted)] == [first]
