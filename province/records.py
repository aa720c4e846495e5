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

from province.encoding import canonical
from province.errors import CursorExpired
from province.feed import current_epoch, read_cursor, write_cursor
from province.keys import CursorKey
from province.models import Office, Record, Slice

TOWNSHIP = 9  # digits of a division code


@dataclass(frozen=True)
class RecordView:
    """A record; `data` is None once it is withdrawn."""

    id: str
    data: dict[str, object] | None


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
) -> int:
    """Add, change or withdraw (None) records of a township; how many truly changed.

    Args:
        session: Inside a transaction.
        kind: `residents` or `licences`.
        division: 9 to 12 digits.
        changed: Ids, each once, with their members.
    """
    place = division[:TOWNSHIP]
    counter = session.get(Slice, (kind, place), with_for_update=True)
    if counter is None:
        counter = Slice(kind=kind, division=place, last=0)
        session.add(counter)
        session.flush()  # of two that make it at once, one is run again
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
    return RecordPage(
        tuple(RecordView(r.id, None if r.data is None else json.loads(r.data)) for r in page),
        write_cursor(scope, epoch, end, "-", key),
        len(rows) > limit,
    )
