"""A form whose values wait for each other is refused at load, with the way round."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.errors import DependencyCycle
from forms.session import Session
from tests.forms.kit import around, form, session

PAIR = "<a/><b/><c/><g><h/></g>"
ROWS = "<r><x>1</x><y/></r><r><x>2</x><y/></r>"


def bind(ref: str, **rules: str) -> str:
    written = "".join(f' {name}="{rule}"' for name, rule in rules.items())
    return f'<bind nodeset="{ref}"{written}/>'


@pytest.mark.parametrize(
    ("binds", "way"),
    [
        (bind("/data/a", calculate="../a + 1"), "/data/a -> /data/a"),
        (bind("/data/a", calculate=". + 1"), "/data/a -> /data/a"),
        (bind("/data/a", relevant=". != ''"), "/data/a -> /data/a"),
        (bind("/data/g", relevant="/data/g/h != 1"), "/data/g -> /data/g/h -> /data/g"),
        (
            bind("/data/a", calculate="/data/b") + bind("/data/b", calculate="/data/a"),
            "/data/a -> /data/b -> /data/a",
        ),
        (
            bind("/data/a", calculate="/data/b")
            + bind("/data/b", relevant="/data/c = 1")
            + bind("/data/c", calculate="string(/data/a)"),
            "/data/a -> /data/b -> /data/c -> /data/a",
        ),
    ],
)
def test_a_cycle_is_named_with_its_way(binds: str, way: str) -> None:
    with pytest.raises(DependencyCycle) as caught:
        form(PAIR, binds=binds)
    assert caught.value.fields["path"] == way


def test_a_sum_over_all_rows_is_no_part_of_a_row_that_it_sums() -> None:
    with pytest.raises(DependencyCycle) as caught:
        form(ROWS, binds=bind("/data/r/y", calculate="../x + sum(/data/r/y)"))
    assert caught.value.fields["path"] == "/data/r/y -> /data/r/y"


def test_a_value_may_keep_what_stands_there() -> None:
    filled = session(PAIR, binds=bind("/data/a", calculate="coalesce(../a, ../b)"), body=BODY)
    filled.answer("/data/b", "first")
    filled.answer("/data/b", "second")
    assert filled.view("/data/a").answer == "first"


def test_a_running_total_follows_the_row_before() -> None:
    running = "../x + sum(/data/r[position() = position(current()/..) - 1]/y)"
    filled = session(ROWS, binds=bind("/data/r/y", calculate=running), body=REPEAT)
    assert [filled.view(f"/data/r[{n}]/y").answer for n in (1, 2)] == ["1", "3"]
    filled.answer("/data/r[1]/x", "10")
    filled.add_repeat("/data/r")
    filled.answer("/data/r[3]/x", "5")
    assert [filled.view(f"/data/r[{n}]/y").answer for n in (1, 2, 3)] == ["10", "12", "17"]
    filled.remove_repeat("/data/r[1]")
    assert [filled.view(f"/data/r[{n}]/y").answer for n in (1, 2)] == ["2", "7"]


def shown(filled: Session) -> tuple[bool, ...]:
    return tuple(filled.view(f"/data/{name}").relevant for name in "abc")


def test_of_two_that_exclude_each_other_the_answered_one_stays() -> None:
    either = bind("/data/a", relevant="/data/b = ''") + bind("/data/b", relevant="/data/a = ''")
    filled = session(PAIR, binds=either, body=BODIES)
    assert shown(filled)[:2] == (True, True)
    filled.answer("/data/a", "1")
    assert shown(filled)[:2] == (True, False)
    filled.answer("/data/a", "")
    filled.answer("/data/b", "1")
    assert shown(filled)[:2] == (False, True)


def test_what_two_hidden_questions_show_does_not_hang_on_what_was_shown_before() -> None:
    mutual = bind("/data/a", relevant="/data/b = 1 and /data/c = 1")
    mutual += bind("/data/b", relevant="/data/a = 1")
    filled = session("<a>1</a><b>1</b><c>1</c>", binds=mutual, body=BODIES)
    for answer, there in (("1", True), ("0", False), ("1", True)):
        filled.answer("/data/c", answer)
        assert shown(filled) == (there, there, True)


def test_what_would_be_shown_just_when_it_is_hidden_is_shown() -> None:
    swinging = bind("/data/a", relevant="/data/b = 1") + bind("/data/b", relevant="/data/a != 1")
    filled = session("<a/><b>1</b><c/>", binds=swinging, body=BODIES)
    filled.answer("/data/a", "1")
    assert shown(filled) == (True, True, True)
    filled.answer("/data/c", "1")  # nobody is kept from going on
    assert shown(filled) == (True, True, True)


TESTS = st.sampled_from(["= ''", "!= ''", "= 1", "!= 1"])
answers = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1"])), min_size=8)


@settings(max_examples=150)
@given(TESTS, TESTS, st.sampled_from(["and", "or"]), answers)
def test_conditions_in_circles_stand_as_in_the_draft_taken_up(
    one: str, other: str, joined: str, done: list[tuple[str, str]]
) -> None:
    binds = bind("/data/a", relevant=f"/data/b {one} {joined} /data/c = 1")
    loaded = form(
        "<a>1</a><b>1</b><c>1</c>",
        binds=binds + bind("/data/b", relevant=f"/data/a {other}"),
        body=BODIES,
    )
    filled = loaded.new_session(**around())
    for name, answer in done:
        if filled.view(f"/data/{name}").relevant:
            filled.answer(f"/data/{name}", answer)
        assert shown(loaded.resume(filled.xml(), **around())) == shown(filled)


BODIES = "".join(f'<input ref="/data/{name}"/>' for name in "abc")
BODY = '<input ref="/data/b"><label>B</label></input>'
REPEAT = '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat></group>'
