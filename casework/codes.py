"""National codes with their words: sex, nation, relation within a household."""

from __future__ import annotations

import csv
import io
from functools import lru_cache

from casework.office import RESOURCES

FILES = {"sex": "sex.csv", "nation": "nations.csv", "relation": "relations.csv"}


@lru_cache
def choices(field: str) -> tuple[tuple[str, str], ...]:
    """(code, Chinese word) of a field in the order of the standard; () for any other field."""
    if field not in FILES:
        return ()
    text = (RESOURCES / "codes" / FILES[field]).read_text(encoding="utf-8-sig")
    return tuple((row["name"], row["label"]) for row in csv.DictReader(io.StringIO(text)))


def word(field: str, value: str) -> str:
    """The word of a code; the value itself where it is none."""
    return dict(choices(field)).get(value, value)
