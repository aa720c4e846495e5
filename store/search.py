"""Finding by any part of a text, Chinese included: overlapping pairs of characters in FTS5.

Two-character names are the common case, which SQLite's own trigram index cannot find.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import text
from sqlalchemy.orm import Session

_RUN = re.compile(r"\w+")
LIMIT = 500


def index_case(session: Session, row: int, words: str) -> None:
    """Make a case findable by `words`, in place of what it was found by before."""
    session.execute(text("DELETE FROM case_search WHERE rowid = :row"), {"row": row})
    session.execute(
        text("INSERT INTO case_search(rowid, words) VALUES (:row, :words)"),
        {"row": row, "words": " . ".join(_pairs(run) for run in _runs(words))},
    )


def matching_cases(session: Session, wanted: str, limit: int = LIMIT) -> tuple[int, ...] | None:
    """Rows of the newest cases that hold every run of `wanted`; None when it says nothing."""
    runs = _runs(wanted)
    if not runs:
        return None
    query = " AND ".join(_phrase(run) for run in runs)
    found = session.execute(
        text("SELECT rowid FROM case_search WHERE words MATCH :q ORDER BY rowid DESC LIMIT :n"),
        {"q": query, "n": limit},
    )
    return tuple(int(row[0]) for row in found)


def holds(words: str, wanted: str) -> bool:
    """The same question for a text at hand, for what is too short-lived to be indexed."""
    folded = _fold(words)
    return all(run in folded for run in _runs(wanted))


def _fold(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold()


def _runs(words: str) -> list[str]:
    return _RUN.findall(_fold(words).replace("_", " "))


def _pairs(run: str) -> str:
    # The last character stands alone too, so that one typed character finds it.
    return " ".join([run[i : i + 2] for i in range(len(run))])


def _phrase(run: str) -> str:
    if len(run) == 1:
        return f'"{run}"*'
    return '"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"'
