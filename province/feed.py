"""The events of an office, in an order that no concurrent writer can break."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from province.encoding import canonical, to_rfc3339
from province.errors import CursorExpired
from province.models import Case, Event, Feed

EPOCH = 1
STATUS_OF = {
    "under_review": "under_review",
    "supplement_requested": "supplement_requested",
    "decided_granted": "decided_granted",
    "decided_refused": "decided_refused",
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


def add_event(
    session: Session, case: Case, kind: str, data: dict[str, object], *, by: str, now_ms: int
) -> str:
    """Add an event to the feed of the case's office and move the case's status; its id."""
    feed = session.get(Feed, case.office_id, with_for_update=True)
    if feed is None:
        feed = Feed(office_id=case.office_id, last=0)
        session.add(feed)
    feed.last += 1
    event_id = str(uuid.uuid4())
    session.add(
        Event(
            office_id=case.office_id,
            position=feed.last,
            id=event_id,
            case_id=case.id,
            kind=kind,
            at_ms=now_ms,
            by=by,
            data=canonical(data).decode(),
        )
    )
    case.status = STATUS_OF.get(kind, case.status)
    return event_id


def read_feed(session: Session, office_id: str, after: str, limit: int) -> FeedPage:
    """Up to `limit` events after the cursor ("" from the beginning).

    Raises:
        CursorExpired: The cursor is not one of this feed's.
    """
    start = _position(after)
    feed = session.get(Feed, office_id)
    if start > (feed.last if feed else 0):
        raise CursorExpired
    rows = session.scalars(
        select(Event)
        .where(Event.office_id == office_id, Event.position > start)
        .order_by(Event.position)
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    end = page[-1].position if page else start
    return FeedPage(tuple(map(_view, page)), f"{EPOCH}:{end}", len(rows) > limit)


def history(session: Session, case_id: str) -> tuple[EventView, ...]:
    """All events of a case in order."""
    rows = session.scalars(
        select(Event).where(Event.case_id == case_id).order_by(Event.position)
    ).all()
    return tuple(map(_view, rows))


def _view(row: Event) -> EventView:
    return EventView(row.id, row.case_id, row.kind, row.at_ms, row.by, json.loads(row.data))


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    epoch, _, position = cursor.partition(":")
    if epoch != str(EPOCH) or not position.isascii() or not position.isdigit():
        raise CursorExpired
    return int(position[:15])
