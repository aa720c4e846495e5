"""Cases, their submissions and events. Status follows the events; history is never edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from store import (
    attachments,
    audit,
    certificates,
    clock,
    licence_uses,
    offices,
    reports,
    search,
    settings,
)
from store.errors import CaseGone, DraftGone, DraftOfAnother
from store.models import (
    Case,
    Certificate,
    Copy,
    Draft,
    Event,
    Holding,
    LostEvent,
    OutboxItem,
    Submission,
    SubmissionBody,
    SubmissionMerge,
)
from store.standing import ENDED, OPEN, counting, note_newer, status_after
from store.views import (
    CaseFile,
    CaseRow,
    EventView,
    RemoteEvent,
    SubmissionView,
)

CURSOR = "events_cursor"


@dataclass(frozen=True)
class Acceptance:
    """What turns a draft into a case, or into a corrected submission of one.

    Attributes:
        words: Everything the case is to be found by.
        due_on: Last day of the promised time limit, or None.
        applicant_id_no: "" where the form has none.
    """

    submission_id: UUID
    case_id: UUID
    event_id: UUID
    owner: UUID
    login: str
    clerk: str
    number: str
    xml: bytes
    applicant: str
    applicant_id_no: str
    applicant_phone: str
    language: str
    words: str
    due_on: date | None
    files: frozenset[str] = frozenset()
    merges: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Which cases to list; empty values do not restrict. Moments aware, days local.

    Attributes:
        by_deadline: Only open cases that have a deadline, the nearest first.
    """

    text: str = ""
    status: tuple[str, ...] = ()
    due_by: date | None = None
    unsent: bool = False
    to_print: bool = False
    accepted_since: datetime | None = None
    by_deadline: bool = False
    limit: int = 500


def finalise(session: Session, a: Acceptance, now: datetime) -> UUID:
    """Replace a draft by a submission: case, event, outbox row and audit row in one transaction.

    Returns:
        The case's id.

    Raises:
        DraftGone: The draft was finalised or deleted meanwhile.
        DraftOfAnother: Another operator has taken it over.
    """
    draft = session.get(Draft, a.submission_id)
    if draft is None:
        raise DraftGone
    if draft.owner != a.owner:
        raise DraftOfAnother
    case = _find(session, a.case_id)
    if case is None:
        case = _new_case(session, draft, a, now)
    else:  # a correction may be one of the applicant's name
        case.applicant, case.applicant_id_no = a.applicant, a.applicant_id_no
        case.applicant_phone = a.applicant_phone
    attachments.keep_only(session, a.submission_id, a.files)
    size = len(a.xml) + sum(f.size for f in attachments.of_owner(session, a.submission_id))
    session.add(
        Submission(
            id=a.submission_id,
            case_id=case.id,
            service_version=draft.service_version,
            language=a.language,
            sha256=hashlib.sha256(a.xml).digest(),
            finalised_at=now,
            finalised_by=a.clerk,
            replaces=draft.replaces,
        )
    )
    session.flush()  # body and outbox refer to it
    session.add(
        SubmissionBody(
            submission_id=a.submission_id,
            xml=a.xml,
            applicant=a.applicant,
            applicant_id_no=a.applicant_id_no,
        )
    )
    session.add(Holding(submission_id=a.submission_id, held=None))
    note_merge(session, a.submission_id, a.merges)
    licence_uses.bind(session, a.submission_id, case.id)
    session.add(queued(a.submission_id, size, now))
    doubt = {audit.DOUBTFUL: 1} if clock.note(session, now) else {}
    accepted = RemoteEvent(a.event_id, case.id, "accepted", now, a.clerk, doubt)
    _add_events(session, [accepted], now)
    search.index_case(session, case.row, a.words)
    audit.record(session, a.login, "accepted", case.number, now=now)
    session.delete(draft)
    return case.id


def add_event(
    session: Session,
    case_id: UUID,
    event_id: UUID,
    kind: str,
    *,
    by: str,
    login: str,
    data: Mapping[str, object],
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Something the office itself did with a case, on record; `detail` goes into the record.

    Raises:
        CaseGone: No such case here.
    """
    case = _get(session, case_id)
    doubt = {audit.DOUBTFUL: 1} if clock.note(session, now) else {}
    _add_events(session, [RemoteEvent(event_id, case_id, kind, now, by, {**data, **doubt})], now)
    audit.record(session, login, kind, case.number, detail, now=now)


def apply_events(
    session: Session, events: Sequence[RemoteEvent], cursor: str, now: datetime
) -> int:
    """Take over the province's events and the cursor together; returns how many were new.

    An event that is known changes nothing; events of another window's cases are kept, so that
    their certificates are at hand here as well.
    """
    coming = {event.id: event for event in events}
    told = session.execute(select(Event.id, Event.seq).where(Event.id.in_(coming)))
    known = {row[0]: row[1] for row in told}
    if known:  # perhaps told again after a restore
        session.execute(delete(LostEvent).where(LostEvent.seq.in_(known.values())))
    new = [event for event in coming.values() if event.id not in known]
    _add_events(session, new, now)
    note_newer(session, new)
    for event in new:
        certificates.apply(session, event, now)
    _renumber(session, [event for event in new if event.kind == "numbered"], now)
    settings.put(session, CURSOR, cursor.encode())
    return len(new)


def cursor(session: Session) -> str:
    """Where the province's events were read up to; "" at the beginning."""
    return (settings.get(session, CURSOR) or b"").decode()


def get_case(session: Session, case_id: UUID) -> CaseFile:
    """One case.

    Raises:
        CaseGone: No such case here.
    """
    case = _get(session, case_id)
    newest = counting(session, case_id)
    if newest is None:
        raise CaseGone
    former = offices.of_row(session, case.row)
    return CaseFile(
        row=_row(case, unsent=case_id in _waiting(session, [case_id])),
        applicant_id_no=case.applicant_id_no,
        applicant_phone=case.applicant_phone,
        accepted_by=case.accepted_by,
        language=newest.language,
        submission_id=newest.id,
        former_office=former.name if former else "",
        first_number=case.first_number,
    )


def get_submission(session: Session, submission_id: UUID) -> SubmissionView:
    """A submission with its files; `xml` is empty once retention has purged it.

    Raises:
        CaseGone: No such submission here.
    """
    found = get_submissions(session, [submission_id])
    if not found:
        raise CaseGone
    return found[0]


def get_submissions(session: Session, ids: Sequence[UUID]) -> tuple[SubmissionView, ...]:
    """Submissions in the order of `ids`, each as `get_submission`; those gone are left out."""
    query = (
        select(Submission, Case, SubmissionBody)
        .join(Case, Case.id == Submission.case_id)
        .outerjoin(SubmissionBody, SubmissionBody.submission_id == Submission.id)
        .where(Submission.id.in_(ids))
    )
    rows = {row.id: (row, case, body) for row, case, body in session.execute(query)}
    files, merges = attachments.of_owners(session, rows), _merges(session, rows)
    return tuple(
        SubmissionView(
            id=row.id,
            case_id=row.case_id,
            number=case.number,
            service_id=case.service_id,
            service_version=row.service_version,
            language=row.language,
            finalised_at=row.finalised_at,
            finalised_by=row.finalised_by,
            applicant=body.applicant if body else case.applicant,
            applicant_id_no=body.applicant_id_no if body else case.applicant_id_no,
            sha256=row.sha256,
            xml=body.xml if body else b"",
            files=files.get(row.id, ()),
            replaces=row.replaces,
            merges=merges.get(row.id, ()),
            first_number=case.first_number or case.number,
        )
        for row, case, body in (rows[each] for each in ids if each in rows)
    )


def note_merge(session: Session, submission_id: UUID, merged: Sequence[UUID]) -> None:
    """Keep what a submission merges, in the transaction that keeps the submission."""
    for each in merged:
        session.add(SubmissionMerge(submission_id=submission_id, merged_id=each))


def _merges(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = {}
    rows = session.scalars(
        select(SubmissionMerge)
        .where(SubmissionMerge.submission_id.in_(ids))
        .order_by(SubmissionMerge.merged_id)
    )
    for row in rows:
        found[row.submission_id] = (*found.get(row.submission_id, ()), row.merged_id)
    return found


def events_of(session: Session, case_id: UUID) -> tuple[EventView, ...]:
    """What happened to a case, in the order it was learned."""
    rows = session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.seq))
    return tuple(EventView(r.id, r.kind, r.at, r.by, json.loads(r.data)) for r in rows)


def rows_of(session: Session, case_ids: Sequence[UUID]) -> tuple[CaseRow, ...]:
    """These cases in this order; those that are not here are left out."""
    found = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(case_ids)))}
    waiting = _waiting(session, list(found))
    return tuple(_row(found[i], unsent=i in waiting) for i in case_ids if i in found)


def list_cases(session: Session, wanted: Wanted) -> tuple[CaseRow, ...]:
    """Cases that fit, touched last first unless `by_deadline`."""
    query = _restrict(select(Case), wanted)
    order = Case.due_on if wanted.by_deadline else Case.touched_at.desc()
    narrowed = wanted != Wanted(text=wanted.text, limit=wanted.limit)
    held = search.every_case if narrowed else search.matching_cases
    rows = held(session, wanted.text)
    if rows is not None:
        query = query.where(Case.row.in_(rows))
    found = session.scalars(query.order_by(order).limit(wanted.limit)).all()
    waiting = _waiting(session, [case.id for case in found])
    return tuple(_row(case, unsent=case.id in waiting) for case in found)


def list_for_export(session: Session, wanted: Wanted, limit: int) -> list[dict[str, str]]:
    """Cases that fit as texts by column, touched last first; at most `limit`."""
    query = _restrict(select(Case), wanted)
    rows = search.every_case(session, wanted.text)
    query = query if rows is None else query.where(Case.row.in_(rows))
    found = session.scalars(query.order_by(Case.touched_at.desc()).limit(limit))
    return [
        {
            "number": case.number,
            "service": case.service_id,
            "status": case.status,
            "accepted_at": case.accepted_at.isoformat(timespec="minutes"),
            "accepted_by": case.accepted_by,
            "due_on": case.due_on or "",
            "applicant": case.applicant,
            "applicant_phone": case.applicant_phone,
            "applicant_id_no": case.applicant_id_no,
        }
        for case in found
    ]


def _restrict(query: Select[Case], wanted: Wanted) -> Select[Case]:
    if wanted.status:
        query = query.where(Case.status.in_(wanted.status))
    if wanted.due_by is not None:
        query = query.where(Case.due_on <= wanted.due_by.isoformat(), Case.status.not_in(ENDED))
    if wanted.by_deadline:
        query = query.where(Case.due_on.is_not(None), Case.status.in_(OPEN))
    if wanted.accepted_since is not None:
        query = query.where(Case.accepted_at >= wanted.accepted_since)
    if wanted.unsent:
        unsent = (
            select(Submission.case_id)
            .join(OutboxItem, OutboxItem.submission_id == Submission.id)
            .where(OutboxItem.acknowledged_at.is_(None))
        )
        query = query.where(Case.id.in_(unsent) | Case.id.in_(reports.unsent_cases()))
    if wanted.to_print:
        query = query.where(Case.id.in_(to_print()))
    return query


def applicants(session: Session) -> tuple[str, ...]:
    """Names of the applicants of all cases, each once."""
    return tuple(session.scalars(select(Case.applicant).distinct()))


def to_print() -> Select[UUID]:
    """Query for the ids of cases with a valid certificate that no printer has delivered yet."""
    printed = select(Copy.document).where(Copy.outcome == "printed", Copy.way == "paper")
    return select(Certificate.case_id).where(
        Certificate.voided_at.is_(None), ("certificate:" + Certificate.number).not_in(printed)
    )


def _new_case(session: Session, draft: Draft, a: Acceptance, now: datetime) -> Case:
    case = Case(
        id=a.case_id,
        number=a.number,
        service_id=draft.service_id,
        service_version=draft.service_version,
        applicant=a.applicant,
        applicant_id_no=a.applicant_id_no,
        applicant_phone=a.applicant_phone,
        status="accepted",
        accepted_at=now,
        accepted_by=a.clerk,
        operator_id=a.owner,
        touched_at=now,
        due_on=a.due_on.isoformat() if a.due_on else None,
    )
    session.add(case)
    session.flush()
    return case


def queued(submission_id: UUID, size: int, now: datetime) -> OutboxItem:
    """A submission that waits to be sent."""
    return OutboxItem(
        submission_id=submission_id,
        queued_at=now,
        due_at=now,
        attempts=0,
        size=size,
        sent=0,
        acknowledged_at=None,
        receipt=b"",
        error_code="",
        error_fields="{}",
    )


def _add_events(session: Session, events: Sequence[RemoteEvent], now: datetime) -> None:
    if not events:
        return
    rows = [
        {
            "id": e.id,
            "case_id": e.case,
            "kind": e.kind,
            "at": e.at,
            "by": e.by,
            "data": json.dumps(dict(e.data), sort_keys=True, ensure_ascii=False),
            "learned_at": now,
        }
        for e in events
    ]
    session.execute(insert(Event), rows)
    touched = select(Case).where(Case.id.in_({e.case for e in events}))
    held = {case.id: case for case in session.scalars(touched)}
    for event in events:
        case = held.get(event.case)
        if case is not None:
            case.touched_at = now
            case.status = status_after(case.status, event.kind, event.data)
    session.flush()


def _renumber(session: Session, events: Sequence[RemoteEvent], now: datetime) -> None:
    """The province gave cases final numbers in place of their provisional ones."""
    if not events:
        return
    told = select(Case).where(Case.id.in_([event.case for event in events]))
    held = {case.id: case for case in session.scalars(told)}
    given = [str(event.data.get("number", "")) for event in events]
    taken = {"", *session.scalars(select(Case.number).where(Case.number.in_(given)))}
    done = []
    for event, number in zip(events, given, strict=True):
        case, provisional = held.get(event.case), str(event.data.get("provisional", ""))
        if case is None or case.number != provisional or number in taken:
            continue
        case.first_number, case.number = provisional, number
        taken.add(number)
        done.append((number, {"provisional": provisional}))
    audit.record_each(session, "", "numbered", done, now=now)


def exists(session: Session, case_id: UUID) -> bool:
    """Whether the case is here."""
    return _find(session, case_id) is not None


def _find(session: Session, case_id: UUID) -> Case | None:
    return session.scalars(select(Case).where(Case.id == case_id)).first()


def _get(session: Session, case_id: UUID) -> Case:
    case = _find(session, case_id)
    if case is None:
        raise CaseGone
    return case


def _waiting(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    query = (
        select(Submission.case_id)
        .join(OutboxItem, OutboxItem.submission_id == Submission.id)
        .where(OutboxItem.acknowledged_at.is_(None), Submission.case_id.in_(ids))
    )
    return frozenset(session.scalars(query)) | reports.waiting_of(session, ids)


def _row(case: Case, *, unsent: bool) -> CaseRow:
    return CaseRow(
        id=case.id,
        number=case.number,
        service_id=case.service_id,
        service_version=case.service_version,
        applicant=case.applicant,
        status=case.status,
        accepted_at=case.accepted_at,
        touched_at=case.touched_at,
        due_on=date.fromisoformat(case.due_on) if case.due_on else None,
        unsent=unsent,
    )
