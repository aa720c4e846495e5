"""Decisions made here that came too late: another window was first, and what it decided stands.

What was decided late stays in the history of the case and waits for nothing once it is closed; a
certificate that came of it is void, and its number is never given out again. Where both windows
decided the same and no such paper has left the office, that is closed by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from store import audit, certificates, issuing
from store.models import Case, Certificate, Event
from store.report_models import OfficeReport
from store.reports import DECIDED
from store.standing import stands
from store.views import EventView, FirstDecision, LateView

DECISIONS = ("decided_granted", "decided_refused", "withdrawn")
ENDS = ("certificate_voided", "certificate_replaced")
ENDINGS = (*DECISIONS, "not_accepted")  # of the case itself


@dataclass(frozen=True)
class Closing:
    """Who closes it, and what stands on the certificates that become void.

    Attributes:
        by, login: Who accepts what was decided first; "" where it is closed by itself.
        second, second_login: Who confirmed, where paper has to be taken back; else "".
    """

    reason: str
    new_id: Callable[[], UUID]
    by: str = ""
    login: str = ""
    second: str = ""
    second_login: str = ""


def of_case(session: Session, case_id: UUID) -> LateView | None:
    """What is late of a case and not closed; None for nothing."""
    rows = _rows(session, case_id)
    if not rows:
        return None
    held = (session.get(Certificate, number) for number in _numbers(rows))
    valid = tuple(each.number for each in held if each and each.voided_at is None)
    out = tuple(number for number in valid if _given_out(session, number))
    kinds = tuple(row.kind for row in rows)
    return LateView(case_id, kinds, _first(session, rows), valid, out)


def events_of(session: Session, case_id: UUID) -> frozenset[UUID]:
    """Events of a case that were decided here and do not count, closed or not."""
    late = or_(OfficeReport.set_aside, _open())
    query = select(OfficeReport.event_id).where(OfficeReport.case_id == case_id, late)
    return frozenset(session.scalars(query))


def ended_by(session: Session, case_id: UUID) -> EventView | None:
    """The event by which a case was decided or ended, of those that count; None for none."""
    query = select(Event).where(
        Event.case_id == case_id,
        Event.kind.in_(ENDINGS),
        Event.id.not_in(events_of(session, case_id)),
        stands(),
    )
    row = session.scalars(query.order_by(Event.seq.desc()).limit(1)).first()
    return EventView(row.id, row.kind, row.at, row.by, json.loads(row.data)) if row else None


def is_late(session: Session, number: str) -> bool:
    """Whether a certificate came of something that was decided too late and is not closed."""
    row = session.get(Certificate, number)
    return row is not None and number in _numbers(_rows(session, row.case_id))


def waits(session: Session) -> bool:
    """Whether anything late is not closed."""
    return session.scalar(select(OfficeReport.event_id).where(_open()).limit(1)) is not None


def resolve(session: Session, closing: Closing, now: datetime) -> None:
    """Close what both windows decided alike, and say of the rest who was first."""
    for case_id in session.scalars(select(OfficeReport.case_id).where(_open()).distinct()).all():
        late = of_case(session, case_id)
        if late is None or late.first is None:
            continue
        if set(late.kinds) == {late.first.kind} and not late.papers:
            close(session, case_id, closing, now)
            continue
        said = {"kind": late.first.kind, "by": late.first.by, "at": late.first.at.isoformat()}
        fields = json.dumps({**said, "papers": "、".join(late.papers)}, ensure_ascii=False)
        for row in _rows(session, case_id):
            row.error_fields = fields


def close(session: Session, case_id: UUID, closing: Closing, now: datetime) -> None:
    """Let stand what was decided first: what is late waits no more, its certificates are void.

    Nothing happens before the province has told what stands.
    """
    rows = _rows(session, case_id)
    first = _first(session, rows)
    if first is None:
        return
    number = session.scalars(select(Case.number).where(Case.id == case_id)).first() or ""
    for row in rows:
        row.set_aside = True
        detail: dict[str, str | int] = {"kind": row.kind, "stands": first.kind}
        audit.record(session, closing.login, "decided_late", number, detail, now=now)
    session.flush()
    for paper in _numbers(rows):
        held = session.get(Certificate, paper)
        if held is None or held.voided_at is not None:
            continue
        made = next(row for row in rows if paper in _numbers([row]))
        author = str(json.loads(made.body).get("by", ""))
        act = issuing.Act(
            case_id=case_id,
            submission_id=made.submission_id,
            event_id=closing.new_id(),
            by=closing.by or author,
            login=closing.login,
            reason=closing.reason,
            second=closing.second or first.by or author,
            second_login=closing.second_login,
        )
        issuing.void(session, act, paper, now)


def _open() -> ColumnElement[bool]:
    return and_(
        OfficeReport.acknowledged_at.is_(None),
        ~OfficeReport.set_aside,
        OfficeReport.due_at.is_(None),
        OfficeReport.error_code == DECIDED,
    )


def _rows(session: Session, case_id: UUID) -> Sequence[OfficeReport]:
    query = select(OfficeReport).where(OfficeReport.case_id == case_id, _open())
    return session.scalars(query.order_by(OfficeReport.place)).all()


def _first(session: Session, rows: Sequence[OfficeReport]) -> FirstDecision | None:
    """The newest event of others that says what these rows wanted to say."""
    if not rows:
        return None
    case_id, last = rows[0].case_id, rows[-1]
    late = events_of(session, case_id)
    ended = str(_data(last).get("number", "")) if last.kind in ENDS else ""
    query = select(Event).where(Event.case_id == case_id, Event.id.not_in(late), stands())
    for event in session.scalars(query.order_by(Event.seq.desc())):
        same_paper = ended and str(json.loads(event.data).get("number", "")) == ended
        if event.kind in DECISIONS or (event.kind in ENDS and same_paper):
            return FirstDecision(event.kind, event.by, event.at)
    return None


def _numbers(rows: Sequence[OfficeReport]) -> list[str]:
    """Certificates that came of these."""
    said = (_data(row).get("certificate") for row in rows)
    return [str(each["number"]) for each in said if isinstance(each, Mapping)]


def _data(row: OfficeReport) -> Mapping[str, object]:
    data: Mapping[str, object] = json.loads(row.body).get("data", {})
    return data


def _given_out(session: Session, number: str) -> bool:
    return certificates.copies(session, f"certificate:{number}") > 0
