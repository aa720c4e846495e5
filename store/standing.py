"""Where a case stands: which of its submissions counts, and what its events say of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from store.models import Case, Event, Holding, LostEvent, Submission, SubmissionMerge
from store.views import RemoteEvent

OPEN = ("accepted", "under_review", "supplement_requested", "conditionally_accepted")
ENDED = ("closed", "delivered", "withdrawn", "not_accepted", "decided_granted", "decided_refused")
OWN = ("accepted", "delivered", "corrected")  # events that only the office tells
STATUSES = frozenset(
    {
        "accepted",
        "under_review",
        "supplement_requested",
        "conditionally_accepted",
        "decided_granted",
        "decided_refused",
        "closed",
        "delivered",
        "withdrawn",
        "not_accepted",
        "transferred",
    }
)


def counting(session: Session, case_id: UUID) -> Submission | None:
    """The submission that counts: of the heads the one made last, whatever the clocks said before.

    Where the province lost all of them, the last one stands until its window has sent it again.
    A row of this package's; None for a case that is not here.
    """
    every = select(Submission).where(Submission.case_id == case_id)
    for query in (select_heads(case_id), every):
        found = session.scalars(
            query.order_by(Submission.finalised_at.desc(), Submission.id)
        ).first()
        if found is not None:
            return found
    return None


def select_heads(case_id: UUID) -> Select[Submission]:
    """Query for the submissions of a case that no other one comes in place of.

    Those that the province lost and that cannot be brought back do not count.
    """
    newer = aliased(Submission)
    gone = select(Holding.submission_id).where(Holding.held.is_(False))
    replaced = exists().where(newer.replaces == Submission.id, newer.id.not_in(gone))
    merged = exists().where(
        SubmissionMerge.merged_id == Submission.id, SubmissionMerge.submission_id.not_in(gone)
    )
    return select(Submission).where(
        Submission.case_id == case_id, Submission.id.not_in(gone), ~replaced, ~merged
    )


def stands() -> ColumnElement[bool]:
    """Condition for events: the province, where it told them, still knows them."""
    return Event.seq.not_in(select(LostEvent.seq))


def status_after(status: str, kind: str, data: Mapping[str, object]) -> str:
    """The status that a case has after an event.

    A review that is told of late reopens nothing that the office has decided meanwhile.
    """
    said = str(data.get("status", "")) if kind == "received" else kind
    late = said == "under_review" and status in ENDED
    return said if said in STATUSES and not late else status


def status_of(session: Session, case_id: UUID) -> str:
    """What the events of a case say in their order, but for those that are lost; "" for nothing."""
    rows = session.scalars(
        select(Event).where(Event.case_id == case_id, stands()).order_by(Event.seq)
    )
    status = ""
    for row in rows:
        status = status_after(status, row.kind, json.loads(row.data))
    return status


def note_newer(session: Session, events: Sequence[RemoteEvent]) -> None:
    """Note the versions that events name, where a case is here and its version is not."""
    named: list[tuple[UUID, UUID]] = []
    for event in events:
        with contextlib.suppress(ValueError):
            named.append((event.case, UUID(str(event.data.get("submission", "")))))
    if not named:
        return
    here = set(
        session.scalars(
            select(Holding.submission_id).where(
                Holding.submission_id.in_([submission for _, submission in named]),
                Holding.held.is_not(False),
            )
        )
    )
    absent = {case_id: submission for case_id, submission in named if submission not in here}
    for case in session.scalars(select(Case).where(Case.id.in_(absent))):
        case.behind = absent[case.id]
