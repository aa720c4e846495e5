"""Choices are found by what a clerk types."""

from collections.abc import Sequence

import pytest

from casework.catalogue import SPELT_BY_WORD, spell_all
from desktop.lists.choices import ChoiceModel
from forms.views import Choice

PLACES = ("青山镇", "重庆路", "绿水村", "Riverside")


def listed(model: ChoiceModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@pytest.mark.parametrize("length", [0, SPELT_BY_WORD + 1], ids=["short", "long"])
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lsc", "绿水村"),
        ("Qing Shan", "青山镇"),
        ("水", "绿水村"),
        ("river", "Riverside"),
        ("v7", ""),
    ],
)
def test_a_place_is_found_in_a_list_of_any_length(length: int, typed: str, found: str) -> None:
    model = ChoiceModel(spell_all)
    rest = tuple(Choice(f"x{n}", f"第{n}组") for n in range(length))
    model.set_choices(tuple(Choice(f"v{n}", name) for n, name in enumerate(PLACES)) + rest)
    model.set_wanted(typed)
    assert listed(model) == ([found] if found else [])
    model.set_wanted("")
    assert model.rowCount() == len(PLACES) + length


def test_pinyin_is_not_made_for_what_is_typed_in_characters() -> None:
    asked: list[Sequence[str]] = []

    def pinyin(labels: Sequence[str]) -> list[str]:
        asked.append(labels)
        return spell_all(labels)

    model = ChoiceModel(pinyin)
    model.set_choices([Choice("1", "青山镇")])
    model.set_wanted("青山")
    assert not asked
    model.set_wanted("qs")
    model.set_wanted("qsz")
    assert len(asked) == 1
