"""After the province was put back from a backup: what it lost (docs/protocol.md section 7).

Events are read from the beginning, and the province is asked which of the submissions with a
receipt it holds no more. That it must be asked is kept until all answers are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import audit, cases, offices, settings
from store.models import Case, OutboxItem, Submission, SubmissionBody
from store.outbox import FOREIGN

_ASK = "ask_held"


def begin_again(session: Session) -> None:
    """Read events from the beginning, and ask what is held."""
    settings.put(session, cases.CURSOR, b"")
    settings.put(session, _ASK, b"1")


def must_ask(session: Session) -> bool:
    """Whether the province must still be asked."""
    return bool(settings.get(session, _ASK))


def asked(session: Session) -> None:
    """All answers are here."""
    settings.put(session, _ASK, b"")


def acknowledged(session: Session, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """Submissions with a receipt that could be sent again, in the order of their ids.

    Those that went elsewhere, that belong to a former office, or whose answers retention has let
    go are left out.
    """
    query = (
        select(OutboxItem.submission_id)
        .join(Submission, Submission.id == OutboxItem.submission_id)
        .join(SubmissionBody, SubmissionBody.submission_id == OutboxItem.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .where(
            OutboxItem.acknowledged_at.is_not(None),
            Case.row >= offices.first_row(session),
            ~Case.service_id.startswith(FOREIGN, autoescape=True),
        )
    )
    if after is not None:
        query = query.where(OutboxItem.submission_id > after)
    return tuple(session.scalars(query.order_by(OutboxItem.submission_id).limit(limit)))


def lost(session: Session, submissions: Sequence[UUID], now: datetime) -> None:
    """The province holds these no more: due again under their ids. The old receipt stays till then.

    Each stands in the record by its case's number. They go up under the number that the case has
    now, since a final one is on paper already.
    """
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.submission_id.in_(submissions))
        .values(acknowledged_at=None, due_at=now, attempts=0, sent=0)
    )
    of = select(Submission.case_id).where(Submission.id.in_(submissions))
    session.execute(update(Case).where(Case.id.in_(of)).values(first_number=""))
    numbers = session.scalars(
        select(Case.number)
        .join(Submission, Submission.case_id == Case.id)
        .where(Submission.id.in_(submissions))
        .order_by(Submission.id)
    )
    audit.record_each(session, "", "held_no_more", list(numbers), now=now)
