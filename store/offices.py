"""Which office this store belongs to, which it belonged to before, and where it is to move.

Cases stay with the office that accepted them: each former office is kept with the last case of
its time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import audit, reports, resident_changes, settings
from store.models import Case, Draft, OutboxItem

NAME, DIVISION, ID = "office_name", "office_division", "office_id"
_FORMER = "offices_before"
_MOVING = "office_moving_to"


@dataclass(frozen=True)
class OfficeView:
    """An office of the province; `division` is its code, `id` is "" where it was never told."""

    id: str
    name: str
    division: str


@dataclass(frozen=True)
class Hanging:
    """What keeps this store at its office.

    Attributes:
        unsent: Submissions, decisions and changes to residents without a receipt.
        refused: Submissions that a person must look at.
        corrections: Drafts that correct a case of this office.
    """

    unsent: int
    refused: int
    corrections: int

    def __bool__(self) -> bool:
        """Whether anything does."""
        return bool(self.unsent or self.corrections)


def current(session: Session) -> OfficeView:
    """The office of now; all "" before the store is connected."""
    read = [(settings.get(session, key) or b"").decode() for key in (ID, NAME, DIVISION)]
    return OfficeView(*read)


def put_current(session: Session, office: OfficeView) -> bool:
    """Belong to `office`; whether that is another one than before."""
    before = current(session)
    changed = before.id not in ("", office.id)
    if changed:
        kept = json.loads(settings.get(session, _FORMER) or b"[]")
        kept.append([asdict(before), session.scalar(select(func.max(Case.row))) or 0])
        settings.put(session, _FORMER, json.dumps(kept, ensure_ascii=False).encode())
    for key, value in ((ID, office.id), (NAME, office.name), (DIVISION, office.division)):
        settings.put(session, key, value.encode())
    return changed


def first_row(session: Session) -> int:
    """The first row that a case of the office of now may have."""
    kept = json.loads(settings.get(session, _FORMER) or b"[]")
    return 1 + int(kept[-1][1]) if kept else 0


def of_row(session: Session, row: int) -> OfficeView | None:
    """The former office that a case with this row belongs to; None for the office of now."""
    for office, last in json.loads(settings.get(session, _FORMER) or b"[]"):
        if row <= last:
            return OfficeView(**office)
    return None


def moving_to(session: Session) -> OfficeView | None:
    """Where the province sends this store, or None."""
    kept = json.loads(settings.get(session, _MOVING) or b"null")
    return OfficeView(**kept) if kept else None


def put_moving_to(session: Session, office: OfficeView | None, now: datetime) -> None:
    """Note where the province sends this store, on record; from then on nothing new is accepted."""
    if office == moving_to(session):
        return
    settings.put(session, _MOVING, json.dumps(asdict(office) if office else None).encode())
    audit.record(session, "", "move_wanted", office.id if office else "", now=now)


def hanging(session: Session) -> Hanging:
    """What keeps this store at its office."""
    unsent = (
        select(func.count()).select_from(OutboxItem).where(OutboxItem.acknowledged_at.is_(None))
    )
    drafts = select(func.count()).select_from(Draft).where(Draft.case_id.is_not(None))
    return Hanging(
        unsent=(session.scalar(unsent) or 0)
        + resident_changes.waiting(session)
        + reports.waiting(session),
        refused=(session.scalar(unsent.where(OutboxItem.due_at.is_(None))) or 0)
        + reports.stuck(session),
        corrections=session.scalar(drafts) or 0,
    )
