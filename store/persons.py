"""What the store holds about one person, and putting it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import LargeBinary, cast, func, or_, select
from sqlalchemy.orm import Session

from store import audit, cases, search
from store.errors import CaseGone, ConsentGone
from store.models import Case, Certificate, Consent, Draft, Submission, SubmissionBody
from store.resident_models import Licence, Resident
from store.views import CaseRow

Column = Literal["applicant", "applicant_id_no", "applicant_phone"]


@dataclass(frozen=True)
class ConsentView:
    """What a person agreed to; `withdrawn_at` None while it stands. `case_id` may be None."""

    id: UUID
    subject: str
    purpose: str
    guardian: str
    case_id: UUID | None
    given_at: datetime
    taken_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Holdings:
    """Where a person appears. `named_in`: cases of others whose answers name the person.

    Attributes:
        residents: Ids in the resident base. licences: Numbers of licences held.
    """

    cases: tuple[UUID, ...]
    named_in: tuple[UUID, ...]
    drafts: tuple[UUID, ...]
    certificates: tuple[str, ...]
    consents: tuple[ConsentView, ...]
    residents: tuple[UUID, ...] = ()
    licences: tuple[str, ...] = ()


def find(session: Session, wanted: str) -> Holdings:
    """Everything that holds an ID number, telephone number or whole name; reads all answers."""
    needle = cast(wanted.encode(), LargeBinary)
    own = session.scalars(
        select(Case.id).where(
            or_(
                Case.applicant_id_no == wanted,
                Case.applicant == wanted,
                Case.applicant_phone == wanted,
            )
        )
    ).all()
    named = session.scalars(
        select(Submission.case_id)
        .join(SubmissionBody, SubmissionBody.submission_id == Submission.id)
        .where(func.instr(SubmissionBody.xml, needle) > 0, Submission.case_id.not_in(own))
        .distinct()
    ).all()
    begun = session.scalars(select(Draft.id).where(func.instr(Draft.xml, needle) > 0)).all()
    papers = session.scalars(
        select(Certificate.number).where(func.instr(Certificate.fields, wanted) > 0)
    ).all()
    agreed = session.scalars(select(Consent).where(Consent.subject == wanted)).all()
    people = session.scalars(
        select(Resident.id).where(
            or_(Resident.id_no == wanted, Resident.phone == wanted, Resident.name == wanted)
        )
    )
    held = session.scalars(select(Licence.number).where(Licence.holder_id_no == wanted))
    return Holdings(
        tuple(own),
        tuple(named),
        tuple(begun),
        tuple(papers),
        tuple(_view(row) for row in agreed),
        tuple(people),
        tuple(held),
    )


def case_rows(session: Session, ids: tuple[UUID, ...]) -> tuple[CaseRow, ...]:
    """The cases of these ids, as lists show them."""
    return tuple(cases.get_case(session, each).row for each in ids)


def correct(
    session: Session,
    case_id: UUID,
    changes: Mapping[Column, str],
    *,
    words: str,
    event_id: UUID,
    by: str,
    login: str,
    reason: str,
    now: datetime,
) -> None:
    """Put right by what a case is known here; what was sent stays as it was sent.

    Args:
        session: In a transaction.
        case_id: Which case.
        changes: New values by column.
        words: Everything the case is to be found by from now on.
        event_id: For the event that tells of it.
        by: Name of who corrects.
        login: The same person's login.
        reason: Why; never a value.
        now: Aware.

    Raises:
        CaseGone: No such case here.
    """
    case = session.scalars(select(Case).where(Case.id == case_id)).first()
    if case is None:
        raise CaseGone
    for column, value in changes.items():
        setattr(case, column, value)
    search.index_case(session, case.row, words)
    data: dict[str, object] = {"reason": reason, "fields": ",".join(sorted(changes))}
    cases.add_event(session, case_id, event_id, "corrected", by=by, login=login, data=data, now=now)


def give_consent(session: Session, consent: ConsentView, *, login: str) -> None:
    """Keep what a person agreed to, on record."""
    session.add(
        Consent(
            id=consent.id,
            subject=consent.subject,
            purpose=consent.purpose,
            guardian=consent.guardian,
            case_id=consent.case_id,
            given_at=consent.given_at,
            taken_by=consent.taken_by,
            withdrawn_at=None,
        )
    )
    audit.record(session, login, "consent_given", str(consent.id), now=consent.given_at)


def get_consent(session: Session, consent_id: UUID) -> ConsentView:
    """One consent, withdrawn or not.

    Raises:
        ConsentGone: No such consent.
    """
    row = session.get(Consent, consent_id)
    if row is None:
        raise ConsentGone
    return _view(row)


def withdraw_consent(session: Session, consent_id: UUID, *, login: str, now: datetime) -> None:
    """Note that a consent no longer stands; the row stays.

    Raises:
        ConsentGone: No such consent.
    """
    row = session.get(Consent, consent_id)
    if row is None:
        raise ConsentGone
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        audit.record(session, login, "consent_withdrawn", str(consent_id), now=now)


def _view(row: Consent) -> ConsentView:
    return ConsentView(
        row.id,
        row.subject,
        row.purpose,
        row.guardian,
        row.case_id,
        row.given_at,
        row.taken_by,
        row.withdrawn_at,
    )
