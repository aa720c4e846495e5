"""Finding by any part of a text, Chinese included: overlapping pairs of characters in FTS5.

Two-character names are the common case, which SQLite's own trigram index cannot find.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Select, column, select, text
from sqlalchemy.orm import Session

_RUN = re.compile(r"\w+")
_NUMBER = re.compile(r"(?=.*\d.*\d.*\d)[0-9A-Z-]{6,}")
LIMIT = 500


@dataclass(frozen=True)
class Place:
    """Where something is found.

    Attributes:
        index: The FTS5 table.
        table: The table whose `row` it indexes.
        numbers: Columns with an index of their own, found by their beginning.
        ends: Columns with an index of their last six characters.
    """

    index: str
    table: str
    numbers: tuple[str, ...]
    ends: tuple[str, ...]


CASES = Place(
    "case_search",
    "case_file",
    ("applicant_id_no", "applicant_phone", "number"),
    ("applicant_id_no", "number"),
)
RESIDENTS = Place("resident_search", "resident", ("id_no", "phone"), ("id_no",))


def index_case(session: Session, row: int, words: str) -> None:
    """Make a case findable by `words`, in place of what it was found by before."""
    put(session, CASES, [(row, words)])


def matching_cases(session: Session, wanted: str, limit: int = LIMIT) -> tuple[int, ...] | None:
    """Rows of the newest cases that hold every run of `wanted`; None when it says nothing."""
    return matching(session, CASES, wanted, limit) if _runs(wanted) else None


def put(session: Session, place: Place, rows: Sequence[tuple[int, str]]) -> None:
    """Index rows, each (number, words), in place of what they were found by before."""
    given = [{"row": row, "words": pairs(words)} for row, words in rows]
    session.execute(text(f"DELETE FROM {place.index} WHERE rowid = :row"), given)  # noqa: S608
    session.execute(
        text(f"INSERT INTO {place.index}(rowid, words) VALUES (:row, :words)"),  # noqa: S608
        given,
    )


def drop(session: Session, place: Place, row: int) -> None:
    """Take a row out of the index."""
    session.execute(text(f"DELETE FROM {place.index} WHERE rowid = :row"), {"row": row})  # noqa: S608


def matching(session: Session, place: Place, wanted: str, limit: int) -> tuple[int, ...]:
    """The newest rows that hold every run of `wanted`; none when it says nothing.

    A number of which the beginning or the last six characters fit some row finds those rows
    alone: the pairs of a long number are too common to be looked up quickly.
    """
    if not _runs(wanted):
        return ()
    if rows := _by_number(session, place, wanted, limit):
        return rows
    found = session.execute(
        text(
            f"SELECT rowid FROM {place.index} WHERE words MATCH :q"  # noqa: S608
            " ORDER BY rowid DESC LIMIT :n"
        ),
        {"q": query_of(wanted), "n": limit},
    )
    return tuple(int(row[0]) for row in found)


def every_case(session: Session, wanted: str) -> Select[int] | tuple[int, ...] | None:
    """All rows of cases that hold every run of `wanted`, to be narrowed by more; None: no text."""
    if not _runs(wanted):
        return None
    if rows := _by_number(session, CASES, wanted, LIMIT):
        return rows
    found = text("SELECT rowid FROM case_search WHERE words MATCH :q").bindparams(
        q=query_of(wanted)
    )
    return select(found.columns(column("rowid", Integer)).subquery().c.rowid)


def _by_number(session: Session, place: Place, wanted: str, limit: int) -> tuple[int, ...]:
    number = unicodedata.normalize("NFKC", wanted).strip().upper()
    if not _NUMBER.fullmatch(number):
        return ()
    tests = [f"{column} >= :from AND {column} < :to" for column in place.numbers]
    if len(number) == 6:
        tests += [f"substr({column}, -6) = :from" for column in place.ends]
    either = " UNION ".join(
        f"SELECT row FROM {place.table} WHERE {test}"  # noqa: S608
        for test in tests
    )
    found = session.execute(
        text(f"SELECT row FROM ({either}) ORDER BY row DESC LIMIT :n"),  # noqa: S608
        {"from": number, "to": number + "\uffff", "n": limit},
    )
    return tuple(int(row[0]) for row in found)


def query_of(wanted: str) -> str:
    """The FTS5 query for what was typed."""
    return " AND ".join(_phrase(run) for run in _runs(wanted))


def pairs(words: str) -> str:
    """What the index keeps of `words`."""
    return " . ".join(_pairs(run) for run in _runs(words))


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
