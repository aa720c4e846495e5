"""What the office decided itself, on its way to the province: like the outbox, one row an event.

The events of a case go out in their order, after the submission that they speak of: one waits while
an earlier one may still go by itself. One that a person must look at holds nothing up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from store import audit
from store.models import Case, OutboxItem
from store.outbox import FARTHEST, Settlement, keep_outcome
from store.report_models import OfficeReport
from store.views import OutboxRow, ReportView

WITHDRAWN = "withdrawn"
DECIDED = "S190"  # what the province says where somebody decided before


def queue(
    session: Session,
    case_id: UUID,
    submission_id: UUID,
    event_id: UUID,
    kind: str,
    body: Mapping[str, object],
    now: datetime,
) -> None:
    """Put an event in line, in the transaction of its effect. `body` is what goes on the wire."""
    last = session.scalar(select(func.max(OfficeReport.place)).where(_of(case_id)))
    session.add(
        OfficeReport(
            event_id=event_id,
            case_id=case_id,
            submission_id=submission_id,
            kind=kind,
            body=json.dumps(body, sort_keys=True, ensure_ascii=False),
            place=(last or 0) + 1,
            queued_at=now,
            due_at=now,
            attempts=0,
            acknowledged_at=None,
            receipt=b"",
            error_code="",
            error_fields="{}",
        )
    )
    session.flush()


def due(session: Session, now: datetime, limit: int) -> tuple[ReportView, ...]:
    """What to send now, oldest first."""
    earlier = aliased(OfficeReport)
    blocked = exists().where(
        earlier.case_id == OfficeReport.case_id,
        earlier.place < OfficeReport.place,
        earlier.acknowledged_at.is_(None),
        ~earlier.set_aside,
        earlier.due_at.is_not(None),
    )
    unsent = exists().where(
        OutboxItem.submission_id == OfficeReport.submission_id,
        OutboxItem.acknowledged_at.is_(None),
    )
    rows = session.scalars(
        select(OfficeReport)
        .where(_waits(), ~blocked, ~unsent)
        .where(or_(OfficeReport.due_at <= now, OfficeReport.due_at > now + FARTHEST))
        .order_by(OfficeReport.queued_at, OfficeReport.place)
        .limit(limit)
    )
    return tuple(map(_view, rows))


def to_carry(session: Session, limit: int) -> tuple[ReportView, ...]:
    """What goes on a stick: all without a receipt but those that a person must look at."""
    rows = session.scalars(
        select(OfficeReport)
        .where(_waits(), OfficeReport.due_at.is_not(None))
        .order_by(OfficeReport.queued_at, OfficeReport.place)
        .limit(limit)
    )
    return tuple(map(_view, rows))


def named(session: Session, events: Sequence[UUID]) -> tuple[ReportView, ...]:
    """Those of these events that have no receipt."""
    rows = session.scalars(select(OfficeReport).where(OfficeReport.event_id.in_(events), _waits()))
    return tuple(map(_view, rows))


def settle(session: Session, found: Sequence[Settlement], now: datetime) -> None:
    """Keep verified receipts and failures together; what has its receipt changes no more."""
    for each in found:
        row = session.get(OfficeReport, each.submission_id)
        if row is None or row.acknowledged_at is not None:
            continue
        number = _number(session, row.case_id)
        if keep_outcome(row, each, now):
            audit.record(session, "", "decision_reported", number, now=now)
        elif row.kind == WITHDRAWN and each.code == DECIDED:
            row.set_aside, row.due_at = True, None
            audit.record(session, "", "withdrawn_late", number, now=now)


def waiting(session: Session) -> int:
    """How many have no receipt, those that need a person included."""
    return _count(session)


def stuck(session: Session) -> int:
    """How many a person must look at."""
    return _count(session, OfficeReport.due_at.is_(None))


def unsent_cases() -> Select[UUID]:
    """Query for the ids of cases with events without a receipt."""
    return select(OfficeReport.case_id).where(_waits())


def waiting_of(session: Session, case_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of the cases have events without a receipt."""
    query = select(OfficeReport.case_id).where(_waits(), OfficeReport.case_id.in_(case_ids))
    return frozenset(session.scalars(query))


def retry(session: Session, case_id: UUID, by: str, now: datetime) -> int:
    """Send again what a person has looked at; how many events."""
    rows = session.scalars(
        select(OfficeReport).where(_of(case_id), _waits(), OfficeReport.due_at.is_(None))
    ).all()
    for row in rows:
        row.due_at = now
    if rows:
        audit.record(session, by, "send_again", _number(session, case_id), now=now)
    return len(rows)


def list_items(session: Session, limit: int = 200) -> tuple[OutboxRow, ...]:
    """As lines of the outbox: those without a receipt first, then the latest receipts."""
    query = (
        select(OfficeReport, Case)
        .join(Case, Case.id == OfficeReport.case_id)
        .where(~OfficeReport.set_aside)
        .order_by(~_waits(), OfficeReport.queued_at.desc())
        .limit(limit)
    )
    return tuple(_line(row, case) for row, case in session.execute(query))


def _view(row: OfficeReport) -> ReportView:
    return ReportView(row.event_id, row.case_id, row.kind, json.loads(row.body), row.attempts)


def _line(row: OfficeReport, case: Case) -> OutboxRow:
    size = len(row.body.encode())
    return OutboxRow(
        submission_id=row.event_id,
        case_id=row.case_id,
        number=case.number,
        service_id=case.service_id,
        service_version=case.service_version,
        queued_at=row.queued_at,
        due_at=row.due_at,
        attempts=row.attempts,
        size=size,
        sent=size if row.acknowledged_at else 0,
        acknowledged_at=row.acknowledged_at,
        receipt=row.receipt,
        error_code=row.error_code,
        error_fields=json.loads(row.error_fields),
        kind=row.kind,
    )


def _waits() -> ColumnElement[bool]:
    return and_(OfficeReport.acknowledged_at.is_(None), ~OfficeReport.set_aside)


def _of(case_id: UUID) -> ColumnElement[bool]:
    return OfficeReport.case_id == case_id


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(OfficeReport)
    query = query.where(_waits(), *conditions)
    return session.scalar(query) or 0


def _number(session: Session, case_id: UUID) -> str:
    return session.scalar(select(Case.number).where(Case.id == case_id)) or ""
