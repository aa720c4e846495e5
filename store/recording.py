"""Lets the journal hear every change of the database before it is committed.

The number of the last change and the line it belongs to stand in the database, written in the
change's own transaction. A store that was put back to an older state by hand begins a new line,
so that changes of the old one are never replayed over it.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event

from store.journal import Belongs, Journal, Statement

SETTING = "journal"
_PUT = (
    "INSERT INTO setting(name, value) VALUES ('journal', ?)"
    " ON CONFLICT(name) DO UPDATE SET value = excluded.value"
)
_SILENT = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|EXPLAIN|VACUUM)\b", re.IGNORECASE)
_NOTED, _WRITTEN = "lastmile_noted", "lastmile_written"


def position(raw: Any) -> tuple[bytes, int]:
    """Line and number of the last change of a database, by a driver's connection.

    `(b"", 0)` for one that never had a journal.
    """
    row = raw.execute("SELECT value FROM setting WHERE name = 'journal'").fetchone()
    if row is None:
        return b"", 0
    return bytes(row[0][:8]), int.from_bytes(row[0][8:], "big")


def put_position(raw: Any, line: bytes, serial: int) -> None:
    """Note the number of the last change, within the transaction of `raw`."""
    raw.execute(_PUT, (line + serial.to_bytes(8, "big"),))


def new_line() -> bytes:
    """Eight random bytes that name a line of changes."""
    return secrets.token_bytes(8)


def record_into_journal(
    engine: Engine, folder: Path, dek: bytes, *, line: bytes, schema: int
) -> Journal:
    """From now on a transaction of `engine` commits only once the journal holds it.

    Args:
        engine: The store.
        folder: The profile.
        dek: The data key.
        line: The store's line.
        schema: How many steps its schema has taken.
    """
    recorder = _Recorder(Journal(folder, dek, Belongs(line, schema)))
    event.listen(engine, "begin", recorder.begin)
    event.listen(engine, "after_cursor_execute", recorder.note)
    event.listen(engine, "commit", recorder.commit)
    event.listen(engine, "rollback", recorder.rollback)
    event.listen(engine, "handle_error", recorder.failed)
    event.listen(engine, "checkin", recorder.ended)
    return recorder.journal


class _Recorder:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def begin(self, connection: Connection) -> None:
        self._confirm(connection.info)
        connection.info[_NOTED] = []

    def note(
        self,
        connection: Connection,
        _cursor: object,
        statement: str,
        parameters: Any,
        _context: object,
        executemany: bool,  # noqa: FBT001 - SQLAlchemy's order
    ) -> None:
        noted: list[Statement] | None = connection.info.get(_NOTED)
        if noted is not None and not _SILENT.match(statement):
            noted.append((statement, parameters, executemany))

    def commit(self, connection: Connection) -> None:
        noted: list[Statement] = connection.info.pop(_NOTED, None) or []
        if not noted:
            return
        raw = connection.connection.cursor()
        serial = position(raw)[1] + 1  # asked each time: another thread may have written between
        put_position(raw, self.journal.belongs.line, serial)
        offset = self.journal.append(serial, noted)
        connection.info[_WRITTEN] = (serial, offset)

    def rollback(self, connection: Connection) -> None:
        written = connection.info.pop(_WRITTEN, None)
        if written is not None:
            self.journal.take_back(*written)

    def failed(self, context: ExceptionContext) -> None:
        if context.connection is not None:  # a COMMIT that fails brings no rollback event
            self.rollback(context.connection)

    def ended(self, _dbapi: object, record: Any) -> None:
        self._confirm(record.info)

    def _confirm(self, info: dict[Any, Any]) -> None:
        written = info.pop(_WRITTEN, None)
        if written is not None:
            self.journal.note_done(written[0])
