"""Every error has words for the clerk, in both languages, and says nothing else."""

import importlib
from pathlib import Path

import pytest

from desktop.message_table import TABLE
from desktop.messages import UNKNOWN_DO, say, say_code
from desktop.translation import read_ts

ROOT = Path(__file__).parents[2]
CHINESE = read_ts((ROOT / "resources/i18n/lastmile_zh_CN.ts").read_bytes())[0]
ROOMS = [
    room
    for room in ("forms", "store", "sync", "printing", "casework")
    if (ROOT / room / "errors.py").is_file()
]


@pytest.mark.parametrize("name", [*(f"{room}.errors" for room in ROOMS), "sync.openrosa_errors"])
def test_each_error_of_a_room_has_words(name: str) -> None:
    module = importlib.import_module(name)
    codes = {
        each.code
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Exception) and hasattr(each, "code")
    }
    assert codes - TABLE.keys() == set()


def test_no_two_errors_share_a_code() -> None:
    found: dict[str, set[str]] = {}
    for name in (*(f"{room}.errors" for room in ROOMS), "sync.openrosa_errors"):
        for each in vars(importlib.import_module(name)).values():
            if isinstance(each, type) and issubclass(each, Exception) and "code" in vars(each):
                found.setdefault(vars(each)["code"], set()).add(each.__name__)
    assert {code: names for code, names in found.items() if len(names) > 1} == {}


@pytest.mark.parametrize("code", TABLE)
def test_each_code_is_explained_in_chinese_too(code: str) -> None:
    assert all(CHINESE.get(("errors", text)) for text in TABLE[code])


def test_the_fields_of_an_error_stand_in_its_words() -> None:
    said = say_code("S103", {"reason": "the date is missing"})
    assert said.startswith("The province returned this record: the date is missing")
    assert said.endswith("[S103]")


def test_an_unknown_error_shows_a_code_and_not_what_it_quotes() -> None:
    said = say(ValueError("510104194001010014"))
    assert "510104194001010014" not in said
    assert "W999" in said
    assert UNKNOWN_DO in said


def test_a_field_that_is_not_given_leaves_a_gap_and_no_error() -> None:
    assert "[S109]" in say_code("S109")
