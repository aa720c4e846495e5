"""The overview's counts, in one read."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import cases, drafts, outbox, reports, resident_changes
from store.models import Case, OutboxItem
from store.standing import OPEN
from store.views import Counts


def counts(session: Session, *, owner: UUID, midnight: datetime, today: date, soon: date) -> Counts:
    """Count.

    Args:
        session: A read session.
        owner: Whose drafts.
        midnight: Begin of the local day, aware.
        today: The local day.
        soon: Cases due up to this day count as due soon.
    """

    def number(*conditions: object) -> int:
        query = select(func.count()).select_from(Case).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(query) or 0

    stuck = (
        select(func.count())
        .select_from(OutboxItem)
        .where(OutboxItem.acknowledged_at.is_(None), OutboxItem.due_at.is_(None))
    )
    open_now = Case.status.in_(OPEN)
    return Counts(
        accepted_today=number(Case.accepted_at >= midnight),
        drafts=drafts.count(session, owner),
        due_soon=number(
            open_now, Case.due_on >= today.isoformat(), Case.due_on <= soon.isoformat()
        ),
        overdue=number(open_now, Case.due_on < today.isoformat()),
        unsent=sum(each.waiting(session) for each in (outbox, reports, resident_changes)),
        failed=(session.scalar(stuck) or 0)
        + reports.stuck(session)
        + resident_changes.stuck(session),
        to_print=number(Case.id.in_(cases.to_print())),
        supplements=number(Case.status == "supplement_requested"),
    )
