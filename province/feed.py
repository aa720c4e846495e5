"""The events of an office, in an order that no concurrent writer can break.

Positions come from a counter row of the office that every writer locks and holds until its commit:
a later position can never become visible before an earlier one. The cursor names the epoch of the
database, the position and the event there, under a MAC of the province: a cursor that is genuine
and yet names an event that is not held proves that the database was put back to an older state.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from province.database import insert_missing, lock_rows
from province.encoding import canonical, to_rfc3339, uuid7
from province.errors import CursorExpired, RestoreSeen
from province.keys import CursorKey
from province.models import Case, Epoch, Event, Feed

EPOCH = "feed"  # the name of the one row
STATUS_OF = {
    "under_review": "under_review",
    "supplement_requested": "supplement_requested",
    "decided_granted": "decided_granted",
    "decided_refused": "decided_refused",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True)
class EventView:
    """One event as it goes over the wire; `at_ms` in UTC."""

    id: str
    case: str
    kind: str
    at_ms: int
    by: str
    data: dict[str, object]


@dataclass(frozen=True)
class FeedPage:
    """Events after a cursor."""

    events: tuple[EventView, ...]
    cursor: str
    more: bool

    def written(self) -> dict[str, object]:
        """As it goes over the wire (docs/protocol.md section 7)."""
        events = [
            {
                "id": e.id,
                "case": e.case,
                "kind": e.kind,
                "at": to_rfc3339(e.at_ms),
                "by": e.by,
                "data": e.data,
            }
            for e in self.events
        ]
        return {"events": events, "cursor": self.cursor, "more": self.more}


def lock_feeds(session: Session, office_ids: Sequence[str]) -> dict[str, Feed]:
    """The counter rows of the offices, locked in order: the first lock every writer takes."""
    return lock_rows(session, Feed, Feed.office_id, office_ids, last=0)


def add_event(
    session: Session,
    feed: Feed,
    case: Case,
    kind: str,
    data: dict[str, object],
    *,
    by: str,
    now_ms: int,
    event_id: str = "",
    at_ms: int | None = None,
) -> str:
    """Add an event to a locked feed and move the case's status; the event's id.

    What an office said brings its own id and its own time.
    """
    feed.last += 1
    event_id = event_id or uuid7(now_ms)
    session.add(
        Event(
            office_id=case.office_id,
            position=feed.last,
            id=event_id,
            case_id=case.id,
            kind=kind,
            at_ms=now_ms if at_ms is None else at_ms,
            by=by,
            data=canonical(data).decode(),
        )
    )
    case.status = STATUS_OF.get(kind, case.status)
    return event_id


def read_feed(session: Session, office_id: str, after: str, limit: int, key: CursorKey) -> FeedPage:
    """Up to `limit` events after the cursor ("" from the beginning).

    Raises:
        CursorExpired: The cursor is not one of this epoch's.
        RestoreSeen: The cursor is, but the event it names is not held.
    """
    epoch = session.get_one(Epoch, EPOCH).id
    start, named = read_cursor(after, office_id, epoch, key)
    rows = session.scalars(
        select(Event)
        .where(Event.office_id == office_id, Event.position >= start)
        .order_by(Event.position)
        .limit(limit + 2)
    ).all()
    if start:
        if not rows or rows[0].position != start or rows[0].id[-8:] != named:
            raise RestoreSeen(epoch=epoch)
        rows = rows[1:]
    page = rows[:limit]
    cursor = after
    if page:
        cursor = write_cursor(office_id, epoch, page[-1].position, page[-1].id[-8:], key)
    elif not after:
        cursor = write_cursor(office_id, epoch, 0, "-", key)
    return FeedPage(tuple(map(_view, page)), cursor, len(rows) > limit)


def first_epoch(session: Session) -> None:
    """Give a new database its epoch."""
    row = {"name": EPOCH, "id": secrets.token_hex(4), "first": True}
    insert_missing(session, Epoch, [row])


def next_epoch(session: Session, seen: str) -> None:
    """Begin a new epoch after a restore, unless `seen` is over already."""
    session.execute(
        update(Epoch)
        .where(Epoch.name == EPOCH, Epoch.id == seen)
        .values(id=secrets.token_hex(4), first=False)
    )


def current_epoch(session: Session) -> tuple[str, bool]:
    """The epoch's id, and whether it is the first."""
    row = session.get_one(Epoch, EPOCH)
    return row.id, row.first


def history(session: Session, office_id: str, case_id: str) -> tuple[EventView, ...]:
    """All events of a case in order."""
    rows = session.scalars(
        select(Event)
        .where(Event.office_id == office_id, Event.case_id == case_id)
        .order_by(Event.position)
    ).all()
    return tuple(map(_view, rows))


def _view(row: Event) -> EventView:
    return EventView(row.id, row.case_id, row.kind, row.at_ms, row.by, json.loads(row.data))


def write_cursor(scope: str, epoch: str, position: int, named: str, key: CursorKey) -> str:
    """A cursor over `scope` that only this province can have made."""
    text = f"2.{epoch}.{position}.{named}"
    return f"{text}.{_mac(scope, text, key)}"


def read_cursor(cursor: str, scope: str, epoch: str, key: CursorKey) -> tuple[int, str]:
    """Position and named event of a cursor; 0 for "".

    Raises:
        CursorExpired: Not ours, of another scope, or of an epoch that is over.
    """
    if not cursor:
        return 0, "-"
    text, _, mac = cursor.rpartition(".")
    if not hmac.compare_digest(_mac(scope, text, key).encode(), mac.encode()):
        raise CursorExpired
    _, its_epoch, position, named = text.split(".")
    if its_epoch != epoch:
        raise CursorExpired
    return int(position), named


def _mac(scope: str, text: str, key: CursorKey) -> str:
    return key.mac(f"{scope}\n{text}".encode())
