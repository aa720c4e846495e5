"""What the province still holds of what was sent, and of what it told (docs/protocol.md section 7).

A province can be put back from a backup. Then it lacks submissions that it gave receipts for, and
events that it once told. So a submission counts as held for good only once the province was asked
about it after its events were read, and when the events begin again all of it is asked anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from store import attachments, audit, cases, offices, settings
from store.models import (
    Case,
    Event,
    Holding,
    LostEvent,
    OutboxItem,
    Submission,
    SubmissionBody,
)
from store.outbox import FOREIGN
from store.report_models import OfficeReport
from store.reports import DECIDED
from store.standing import OWN, status_of

_MOVED = "may_have_moved"


def begin_again(session: Session) -> None:
    """Read events from the beginning: all that the province told and holds is unsure now.

    What the office decided itself is simply reported again.
    """
    settings.put(session, cases.CURSOR, b"")
    settings.put(session, _MOVED, b"1")
    session.execute(delete(LostEvent))
    decided_here = select(OfficeReport.event_id)
    told = select(Event.seq, Event.case_id).where(
        Event.kind.not_in(OWN), Event.id.not_in(decided_here)
    )
    session.execute(insert(LostEvent).from_select(["seq", "case_id"], told))
    # what came too late may be the first by now
    late = OfficeReport.error_code == DECIDED
    done = or_(OfficeReport.acknowledged_at.is_not(None), OfficeReport.set_aside, late)
    again = {"acknowledged_at": None, "set_aside": False, "due_at": OfficeReport.queued_at}
    session.execute(update(OfficeReport).where(done).values(**again))
    kept = select(SubmissionBody.submission_id)
    session.execute(update(Holding).where(Holding.submission_id.in_(kept)).values(held=None))


def may_have_moved(session: Session) -> bool:
    """Whether the events begin again, and nobody has asked yet if it is for another office."""
    return bool(settings.get(session, _MOVED))


def has_not_moved(session: Session) -> None:
    """The device belongs where it belonged: now the province may be asked what it holds."""
    settings.put(session, _MOVED, b"")


def caught_up(session: Session) -> None:
    """The events were read to their end: cases stand as those say that the province still tells."""
    for case_id in session.scalars(select(LostEvent.case_id).distinct()).all():
        case = session.scalars(select(Case).where(Case.id == case_id)).first()
        if case is None:
            continue
        case.status = status_of(session, case_id) or case.status


def has_lost_events(session: Session) -> bool:
    """Whether the province no longer tells something that it once told."""
    return session.scalar(select(LostEvent.seq).limit(1)) is not None


def unsure(session: Session, limit: int) -> tuple[UUID, ...]:
    """Submissions at the province of which nobody knows whether it still holds them.

    Those that went elsewhere, that belong to a former office, or whose answers retention has let
    go are left out; all of them while the device may belong to another office by now.
    """
    if may_have_moved(session):
        return ()
    waiting = exists().where(
        OutboxItem.submission_id == Holding.submission_id, OutboxItem.acknowledged_at.is_(None)
    )
    query = (
        select(Holding.submission_id)
        .join(Submission, Submission.id == Holding.submission_id)
        .join(SubmissionBody, SubmissionBody.submission_id == Holding.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .where(
            Holding.held.is_(None),
            ~waiting,
            Case.row >= offices.first_row(session),
            ~Case.service_id.startswith(FOREIGN, autoescape=True),
        )
    )
    return tuple(session.scalars(query.limit(limit)))


def note_held(
    session: Session, asked: Sequence[UUID], missing: Collection[UUID], now: datetime
) -> int:
    """Keep what the province said. What it lacks is due again under its id; returns how many are.

    The old receipt stays till the new one is here. What another window made is sent from here too
    where all its files are here. It goes up under the number that the case has now, since a final
    one is on paper already.
    """
    here = [each for each in asked if each not in missing]
    session.execute(update(Holding).where(Holding.submission_id.in_(here)).values(held=True))
    again: list[tuple[str, dict[str, str | int]]] = []
    for each in sorted(missing):
        row = session.get_one(Submission, each)
        files = attachments.of_owner(session, each)
        item = session.get(OutboxItem, each)
        if item is None and not all(file.blob for file in files):
            session.get_one(Holding, each).held = False
            continue
        if item is None:
            body = session.get_one(SubmissionBody, each)
            item = cases.queued(each, len(body.xml) + sum(file.size for file in files), now)
            session.add(item)
        item.acknowledged_at, item.due_at, item.attempts, item.sent = None, now, 0, 0
        case = session.scalars(select(Case).where(Case.id == row.case_id)).one()
        case.first_number = ""
        again.append((case.number, {}))
    audit.record_each(session, "", "held_no_more", again, now=now)
    return len(again)
