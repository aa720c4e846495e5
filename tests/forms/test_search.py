"""`search()`: choices out of a CSV file, with all its ways to match; and pulldata() beside it.

Spec: https://docs.getodk.org/form-question-types/#dynamic-selects-from-pre-loaded-data
"""

from __future__ import annotations

import pytest

from forms import Session
from forms.errors import FormError, InvalidForm, MissingResource
from tests.forms.kit import form, session

FRUITS = "key,name,name_zh,kind\n1,Mango,芒果,soft\n2,Plum,李,soft\n3,Lime,,sour\n".encode()
ITEM = "<item><label>name</label><value>key</value></item>"
OTHER = "<item><label>Another</label><value>99</value></item>"


def searching(appearance: str, items: str = ITEM, **more: str) -> Session:
    return session(
        "<text/><kind/><pick/>",
        {"fruits.csv": FRUITS},
        body='<input ref="/data/text"/><input ref="/data/kind"/>'
        f'<select1 ref="/data/pick" appearance="{appearance}"><label>P</label>{items}</select1>',
        **more,
    )


def labels(of: Session) -> list[str]:
    return [choice.label for choice in of.view("/data/pick").choices]


def test_all_rows_are_choices_and_fixed_ones_follow() -> None:
    filled = searching("search('fruits')", ITEM + OTHER)
    assert labels(filled) == ["Mango", "Plum", "Lime", "Another"]
    filled.answer("/data/pick", "99")
    filled.answer("/data/pick", "2")
    assert filled.view("/data/pick").answer == "2"


@pytest.mark.parametrize(
    ("how", "where", "typed", "expected"),
    [
        ("contains", "name", "m", ["Mango", "Plum", "Lime"]),
        ("contains", "name", "LU", ["Plum"]),
        ("startswith", "name", "l", ["Lime"]),
        ("endswith", "name", "o", ["Mango"]),
        ("matches", "key", "3", ["Lime"]),
        ("matches", "name", "plum", []),
        ("contains", "name,kind", "sou", ["Lime"]),
        ("contains", "name, kind", "an", ["Mango"]),
        ("contains", "name", "", ["Mango", "Plum", "Lime"]),
    ],
)
def test_each_way_to_match(how: str, where: str, typed: str, expected: list[str]) -> None:
    filled = searching(f"search('fruits', '{how}', '{where}', /data/text)")
    filled.answer("/data/text", typed)
    assert labels(filled) == expected


def test_a_filter_comes_on_top_of_the_match() -> None:
    filled = searching(
        "minimal search('fruits', 'contains', 'name', /data/text, 'kind', /data/kind) compact"
    )
    filled.answer("/data/text", "m")
    filled.answer("/data/kind", "soft")
    assert labels(filled) == ["Mango", "Plum"]
    assert filled.view("/data/pick").appearance == ("minimal", "compact")


def test_the_question_changes_when_what_it_searches_for_does() -> None:
    filled = searching("search('fruits', 'matches', 'kind', ../kind)")
    filled.answer("/data/kind", "sour")
    assert labels(filled) == ["Lime"]
    assert "/data/pick" in filled.answer("/data/kind", "soft").refs
    assert labels(filled) == ["Mango", "Plum"]


def test_a_label_may_take_several_columns() -> None:
    item = "<item><label>name,kind</label><value>key</value></item>"
    assert labels(searching("search('fruits')", item))[0] == "Mango, soft"


def test_a_label_follows_the_language() -> None:
    item = "<item><label ref=\"jr:itext('c')\"/><value>key</value></item>"
    itext = "".join(
        f'<translation lang="{language}"><text id="c"><value>{column}</value></text></translation>'
        for language, column in (("English", "name"), ("中文", "name_zh"))
    )
    filled = searching("search('fruits')", item, model=f"<itext>{itext}</itext>")
    assert labels(filled)[0] == "Mango"
    filled.set_language("中文")
    assert labels(filled)[0] == "芒果"


@pytest.mark.parametrize(
    "appearance",
    [
        "search()",
        "search(fruits)",
        "search('fruits'",
        "search('fruits', 'nearly', 'name', 'x')",
        "search('fruits', 'contains', 'na me', 'x')",
        "search('fruits', 'contains')",
        "search('a b')",
        "search('fruits', 'contains', 'name', no-such())",
    ],
)
def test_a_search_that_cannot_be_is_refused_with_its_line(appearance: str) -> None:
    with pytest.raises(FormError) as refused:
        searching(appearance)
    assert refused.value.fields["line"]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingResource) as refused:
        form("<a/>", body=f"<select1 ref='/data/a' appearance=\"search('gone')\">{ITEM}</select1>")
    assert refused.value.fields["name"] == "gone.csv"


def test_a_search_needs_a_choice_that_names_columns() -> None:
    with pytest.raises(InvalidForm):
        searching("search('fruits')", OTHER)


def test_pulldata_reads_the_same_file() -> None:
    filled = session(
        "<key/><out/>",
        {"fruits.csv": FRUITS},
        model='<instance id="fruits" src="jr://file-csv/fruits.csv"/>',
        binds='<bind nodeset="/data/out"'
        " calculate=\"pulldata('fruits', 'name', 'key', /data/key)\"/>",
        body='<input ref="/data/key"/>',
    )
    filled.answer("/data/key", "3")
    assert filled.view("/data/out").answer == "Lime"
