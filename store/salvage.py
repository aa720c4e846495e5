"""Saying exactly what a recovery could not bring back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as driver

from store.files import as_store_error
from store.journal import Place, read_change
from store.keys import derive
from store.recording import position

T = TypeVar("T")
_UNSENT = (
    "SELECT c.number FROM case_file c JOIN submission s ON s.case_id = c.id"
    " JOIN outbox_item o ON o.submission_id = s.id WHERE o.acknowledged_at IS NULL"
)
_INSERT = re.compile(r"\s*INSERT INTO (\w+) \(([^)]*)\)", re.IGNORECASE)


def numbers_of(places: Iterable[Place], dek: bytes) -> tuple[str, ...]:
    """Numbers of the cases that these changes accepted."""
    return tuple(
        number
        for place in places
        for sql, parameters, many in read_change(place, dek)
        for number in _case_numbers(sql, parameters if many else [parameters])
    )


@dataclass(frozen=True)
class Seen:
    """What a database, damaged or not, still shows.

    Attributes:
        numbers: Of its cases, up to the first page that does not hold.
        unsent: Those of them that the province has not acknowledged.
        line: The line its changes belong to; b"" where that cannot be read.
        serial: Number of its last change.
    """

    numbers: frozenset[str] = frozenset()
    unsent: frozenset[str] = frozenset()
    line: bytes = b""
    serial: int = 0


def look(path: Path, dek: bytes) -> Seen:
    """Read what can be read of a database and its log, in a copy so that neither changes."""
    if not path.exists():
        return Seen()
    copy = path.with_name(f"{path.name}.look")
    try:
        for end in ("", "-wal"):
            if path.with_name(path.name + end).exists():
                shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
        return _look(copy, dek)
    except OSError as error:
        raise as_store_error(error) from None
    finally:
        for left in path.parent.glob(copy.name + "*"):
            left.unlink()


def _look(path: Path, dek: bytes) -> Seen:
    connection = driver.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level=none")
        connection.execute(f"PRAGMA key=\"x'{derive(dek, 'db').hex()}'\"")
        line, serial = _try(connection, position, (b"", 0))
        numbers = _numbers(connection, "SELECT number FROM case_file")
        return Seen(numbers, _numbers(connection, _UNSENT), line, serial)
    finally:
        connection.close()


def named_blobs(raw: Any) -> tuple[tuple[str, str], ...]:
    """(case number or "", blob) of every attachment that a database names."""
    return tuple(
        raw.execute(
            "SELECT coalesce(c.number, ''), a.blob FROM attachment a"
            " LEFT JOIN submission s ON s.id = a.owner LEFT JOIN case_file c ON c.id = s.case_id"
        ).fetchall()
    )


def missing_files(profile: Path, named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Case numbers whose attachments are gone, one for each file; "" for a draft's."""
    return tuple(
        number for number, blob in named if not (profile / "blobs" / blob[:2] / blob).is_file()
    )


def _try(connection: Any, read: Callable[[Any], T], otherwise: T) -> T:
    try:
        return read(connection)
    except driver.Error:
        return otherwise


def _numbers(connection: Any, sql: str) -> frozenset[str]:
    found: set[str] = set()

    def read(raw: Any) -> None:
        for row in raw.execute(sql):
            found.add(row[0])

    _try(connection, read, None)  # what was read until then is all there is
    return frozenset(found)


def _case_numbers(sql: str, rows: Iterable[Any]) -> Iterable[str]:
    found = _INSERT.match(sql)
    if found is None or found[1] != "case_file":
        return ()
    columns = [name.strip(' "') for name in found[2].split(",")]
    at = columns.index("number")
    return [str(row[at]) for row in rows]
