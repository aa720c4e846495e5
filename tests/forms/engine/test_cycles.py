"""A form whose values wait for each other is refused at load, with the way round."""

from __future__ import annotations

import pytest

from forms.errors import DependencyCycle
from tests.forms.kit import form, session

PAIR = "<a/><b/><c/>"
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


BODY = '<input ref="/data/b"><label>B</label></input>'
REPEAT = '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat></group>'
