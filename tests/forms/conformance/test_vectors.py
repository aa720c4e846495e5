"""Our own expressions: every function of the specification, at its edges."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

import pytest

from forms.xpath import ANY_NAMESPACE, LIBRARY, Bare, evaluate
from tests.forms.conformance.vectors import DOCUMENT, VECTORS, Row

ROWS = [row for rows in VECTORS.values() for row in rows]
COMPILED = {"if", "once"}  # not in the table of functions: they choose what is evaluated


class Fixed(Bare):
    """A clock eight hours east of UTC, ids and chance that stand still."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 11, 25, 9, 30, tzinfo=timezone(timedelta(hours=8))))

    def new_id(self) -> str:
        return "00000000-0000-4000-8000-000000000000"

    def random(self) -> float:
        return 0.25


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0])[:60])
def test_an_expression_has_its_value(row: Row) -> None:
    expression, expected = row
    value = evaluate(expression, DOCUMENT, "/data/a", {"": ANY_NAMESPACE}, host=Fixed())
    if isinstance(expected, float):
        assert isinstance(value, float)
        same = math.isnan(value) if math.isnan(expected) else math.isclose(value, expected)
        assert same, value
    else:
        assert value == expected


def test_every_function_has_its_edges() -> None:
    assert set(VECTORS) == set(LIBRARY) | COMPILED
