"""Submissions on their way. No state "sending" is stored: a crash would leave it lying."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from store import audit
from store.errors import CaseGone
from store.models import Case, OutboxItem, RemoteForm, Submission
from store.report_models import OfficeReport
from store.resident_models import ResidentChange
from store.views import OutboxRow

FOREIGN = "odk:"  # how the service of a case begins that goes to another server than the province
FARTHEST = timedelta(hours=25)  # no pause is longer than a day


@dataclass(frozen=True)
class Settlement:
    """What became of a submission: its receipt, or the code of why it has none.

    Attributes:
        fields: Values for the wording of `code`.
        retry_at: When to try again; None when a person must look at it first.
        counts: Whether it counts as an attempt (a missing network does not).
    """

    submission_id: UUID
    receipt: bytes = b""
    code: str = ""
    fields: Mapping[str, str | int] = field(default_factory=dict)
    retry_at: datetime | None = None
    counts: bool = False


@dataclass(frozen=True)
class Held:
    """Submissions whose files wait, how many files, and megabytes."""

    cases: int = 0
    files: int = 0
    mb: float = 0.0


def settle(session: Session, found: Sequence[Settlement], now: datetime) -> None:
    """Keep verified receipts and failures together; what has its receipt changes no more."""
    settled = {each.submission_id: each for each in found}
    query = (
        select(OutboxItem, Case.number)
        .join(Submission, Submission.id == OutboxItem.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .where(OutboxItem.submission_id.in_(settled), OutboxItem.acknowledged_at.is_(None))
        .order_by(OutboxItem.queued_at)
    )
    acknowledged: list[tuple[str, Mapping[str, str | int]]] = []
    for item, number in session.execute(query):
        each = settled[item.submission_id]
        if keep_outcome(item, each, now):
            item.sent = item.size
            acknowledged.append((number, {}))
    audit.record_each(session, "", "acknowledged", acknowledged, now=now)


def keep_outcome(
    row: OutboxItem | OfficeReport | ResidentChange, outcome: Settlement, now: datetime
) -> bool:
    """Write into a row on its way what became of it; whether it has its receipt now."""
    if outcome.receipt:
        row.acknowledged_at, row.receipt, row.due_at = now, outcome.receipt, None
        row.error_code, row.error_fields = "", "{}"
        return True
    row.due_at, row.error_code = outcome.retry_at, outcome.code
    row.error_fields = json.dumps(dict(outcome.fields), sort_keys=True, ensure_ascii=False)
    row.attempts += outcome.counts
    return False


def due(
    session: Session, now: datetime, limit: int, *, project: str | None = None
) -> tuple[tuple[UUID, int], ...]:
    """(submission, failed attempts) of what to send now, oldest first.

    A time farther away than any pause was written under a wrong clock, and holds nothing up.

    Args:
        session: The session.
        now: Aware.
        limit: At most so many.
        project: What goes to this project of another server; None: what goes to the province.
    """
    forms = select(RemoteForm.id).where(RemoteForm.project == project)
    other = Case.service_id.startswith(FOREIGN, autoescape=True)
    rows = session.scalars(
        select(OutboxItem)
        .join(Submission, Submission.id == OutboxItem.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .where(OutboxItem.acknowledged_at.is_(None))
        .where(or_(OutboxItem.due_at <= now, OutboxItem.due_at > now + FARTHEST))
        .where(~other if project is None else Case.service_id.in_(forms))
        .order_by(OutboxItem.queued_at)
        .limit(limit)
    )
    return tuple((row.submission_id, row.attempts) for row in rows)


def knows(session: Session, submission_id: UUID) -> bool:
    """Whether the submission goes, or went, out from here."""
    return session.get(OutboxItem, submission_id) is not None


def held(session: Session, codes: Sequence[str]) -> Held:
    """What waits with one of these codes and would otherwise be on its way."""
    rows = session.scalars(
        select(OutboxItem.error_fields).where(
            OutboxItem.acknowledged_at.is_(None), OutboxItem.error_code.in_(codes)
        )
    )
    facts = [json.loads(row) for row in rows]
    files = sum(int(each.get("files", 0)) for each in facts)
    return Held(len(facts), files, sum(float(each.get("mb", 0)) for each in facts))


def release(session: Session, codes: Sequence[str], now: datetime) -> None:
    """Let what waits with one of these codes be due now."""
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.acknowledged_at.is_(None), OutboxItem.error_code.in_(codes))
        .values(due_at=now)
    )


def note_sent(session: Session, submission_id: UUID, sent: int) -> None:
    """How many bytes of a submission the province holds at least; never fewer than before."""
    item = session.get(OutboxItem, submission_id)
    if item is not None and item.acknowledged_at is None:
        item.sent = max(item.sent, min(sent, item.size))


def waiting(session: Session) -> int:
    """How many have no receipt, those that need a person included."""
    query = select(func.count()).select_from(OutboxItem).where(OutboxItem.acknowledged_at.is_(None))
    return session.scalar(query) or 0


def retry(session: Session, submission_id: UUID, by: str, now: datetime) -> None:
    """Send again what a person has looked at."""
    item = _get(session, submission_id)
    if item.acknowledged_at is None:
        item.due_at = now
        audit.record(session, by, "send_again", _number(session, submission_id), now=now)


def list_items(session: Session, limit: int = 200) -> tuple[OutboxRow, ...]:
    """Those without a receipt first, then the latest receipts."""
    query = (
        select(OutboxItem, Submission, Case)
        .join(Submission, Submission.id == OutboxItem.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .order_by(OutboxItem.acknowledged_at.is_not(None), OutboxItem.queued_at.desc())
        .limit(limit)
    )
    return tuple(_view(*row) for row in session.execute(query))


def _get(session: Session, submission_id: UUID) -> OutboxItem:
    item = session.get(OutboxItem, submission_id)
    if item is None:
        raise CaseGone
    return item


def _number(session: Session, submission_id: UUID) -> str:
    query = (
        select(Case.number)
        .join(Submission, Submission.case_id == Case.id)
        .where(Submission.id == submission_id)
    )
    return session.scalar(query) or ""


def _view(item: OutboxItem, submission: Submission, case: Case) -> OutboxRow:
    return OutboxRow(
        submission_id=item.submission_id,
        case_id=submission.case_id,
        number=case.number,
        service_id=case.service_id,
        service_version=submission.service_version,
        queued_at=item.queued_at,
        due_at=item.due_at,
        attempts=item.attempts,
        size=item.size,
        sent=item.sent,
        acknowledged_at=item.acknowledged_at,
        receipt=item.receipt,
        error_code=item.error_code,
        error_fields=json.loads(item.error_fields),
    )
