"""Saying exactly what a recovery could not bring back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from store.journal import Place, read_change
from store.keys import derive

_INSERT = re.compile(r"\s*INSERT INTO (\w+) \(([^)]*)\)", re.IGNORECASE)


def numbers_of(places: Iterable[Place], dek: bytes) -> tuple[str, ...]:
    """Numbers of the cases that these changes accepted."""
    return tuple(
        number
        for place in places
        for sql, parameters, many in read_change(place, dek)
        for number in _case_numbers(sql, parameters if many else [parameters])
    )


def numbers_in(path: Path, dek: bytes) -> tuple[str, ...]:
    """Case numbers that a damaged database still shows, up to the first page that does not hold."""
    if not path.exists():
        return ()
    found: list[str] = []
    connection = driver.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA cipher_log_level=none")
        connection.execute(f"PRAGMA key=\"x'{derive(dek, 'db').hex()}'\"")
        found.extend(row[0] for row in connection.execute("SELECT number FROM case_file"))
    except driver.Error:
        pass  # what was read until here is all there is
    finally:
        connection.close()
    return tuple(found)


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


def _case_numbers(sql: str, rows: Iterable[Any]) -> Iterable[str]:
    found = _INSERT.match(sql)
    if found is None or found[1] != "case_file":
        return ()
    columns = [name.strip(' "') for name in found[2].split(",")]
    at = columns.index("number")
    return [str(row[at]) for row in rows]
