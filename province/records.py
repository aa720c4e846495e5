"""Slices of the resident base and of licences: each office may keep those of its own division.

A record lies under its township (the first nine digits of its division). Its position comes from
the slice's counter row and moves up with each change, so a cursor misses none (see `feed`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from province import residents
from province.encoding import canonical
from province.errors import CursorExpired
from province.feed import current_epoch, read_cursor, write_cursor
from province.keys import CursorKey
from province.models import Office, Record, Slice
from province.residents import KIND, TOWNSHIP, lock_slice


@dataclass(frozen=True)
class RecordView:
    """A record; `data` is None once it is withdrawn. `changes`: of a resident, oldest first."""

    id: str
    data: dict[str, object] | None
    changes: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class RecordPage:
    """Records changed after a cursor, each in its latest state."""

    records: tuple[RecordView, ...]
    cursor: str
    more: bool


def put_records(
    session: Session,
    kind: str,
    division: str,
    changed: Sequence[tuple[str, Mapping[str, object] | None]],
    *,
    now_ms: int,
) -> int:
    """Add, change or withdraw (None) records of a township; how many truly changed.

    Args:
        session: Inside a transaction.
        kind: `residents` or `licences`.
        division: 9 to 12 digits.
        changed: Ids, each once, with their members.
        now_ms: The time, for the history of residents.
    """
    place = division[:TOWNSHIP]
    counter = lock_slice(session, kind, place)
    ids = [record_id for record_id, _ in changed]
    query = select(Record).where(Record.kind == kind, Record.division == place, Record.id.in_(ids))
    held = {row.id: row for row in session.scalars(query)}
    count = 0
    for record_id, data in changed:
        text = None if data is None else canonical(data).decode()
        row = held.get(record_id)
        if row is not None and row.data == text:
            continue
        counter.last += 1
        count += 1
        if row is None:
            row = Record(kind=kind, division=place, id=record_id)
            session.add(row)
        elif kind == KIND and data is not None:
            residents.import_over(session, row, data, now_ms)
        row.position, row.data = counter.last, text
    return count


def read_slice(
    session: Session, kind: str, office_id: str, after: str, limit: int, key: CursorKey
) -> RecordPage:
    """Up to `limit` records of the office's township changed after the cursor.

    Raises:
        CursorExpired: Not a cursor of this slice, or of an epoch that is over.
    """
    place = session.get_one(Office, office_id).division[:TOWNSHIP]
    scope, (epoch, _) = f"{kind}:{place}", current_epoch(session)
    start, _ = read_cursor(after, scope, epoch, key)
    counter = session.get(Slice, (kind, place))
    if start > (counter.last if counter else 0):
        raise CursorExpired
    rows = session.scalars(
        select(Record)
        .where(Record.kind == kind, Record.division == place, Record.position > start)
        .order_by(Record.position)
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    end = page[-1].position if page else start
    made = residents.of_records(session, place, [r.id for r in page]) if kind == KIND else {}
    return RecordPage(
        tuple(
            RecordView(
                r.id,
                None if r.data is None else json.loads(r.data),
                () if r.data is None else tuple(c.written() for c in made.get(r.id, ())),
            )
            for r in page
        ),
        write_cursor(scope, epoch, end, "-", key),
        len(rows) > limit,
    )
