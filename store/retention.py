"""Letting go of what the province has acknowledged, once the policy's days are over.

Answers and files go, with `secure_delete`; number, dates, events, receipts, certificates and the
record stay. Backups and the journal hold what went until they are rotated out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store import audit, licence_uses, reports, search, settings
from store.models import Attachment, Case, Consent, OutboxItem, Submission, SubmissionBody
from store.standing import ENDED

_DAYS = "retention_days"
BATCH = 200  # cases in one transaction


def days(session: Session) -> int:
    """How long answers are kept after the province has them; 0 for ever."""
    return int(settings.get(session, _DAYS) or b"0")


def set_days(session: Session, wanted: int, *, login: str, now: datetime) -> None:
    """Set the policy, on record."""
    settings.put(session, _DAYS, str(wanted).encode())
    audit.record(session, login, "retention_set", str(wanted), now=now)


def purge(session: Session, *, masked: dict[str, str], now: datetime) -> tuple[int, list[str]]:
    """Let the next cases go that are due; how many, and blobs to drop once it is durable.

    Only ended cases all of whose submissions were acknowledged longer ago than the policy's days.

    Args:
        session: In a transaction.
        masked: Filled with what stays of a name, by the name; see `due_names`.
        now: Aware.
    """
    kept_days = days(session)
    if not kept_days:
        return 0, []
    found = _due(session, now - timedelta(days=kept_days))
    blobs: list[str] = []
    for case in found:
        ids = list(session.scalars(select(Submission.id).where(Submission.case_id == case.id)))
        files = session.scalars(select(Attachment).where(Attachment.owner.in_(ids))).all()
        blobs += [file.blob for file in files]
        session.execute(delete(Attachment).where(Attachment.owner.in_(ids)))
        session.execute(delete(SubmissionBody).where(SubmissionBody.submission_id.in_(ids)))
        licence_uses.forget(session, ids)
        session.execute(delete(Consent).where(Consent.case_id == case.id))
        case.applicant = masked.get(case.applicant, "")
        case.applicant_id_no = case.applicant_phone = ""
        search.index_case(session, case.row, f"{case.number} {case.first_number}")
        audit.record(session, "", "purged", case.number, {"files": len(files)}, now=now)
    return len(found), blobs


def due_names(session: Session, now: datetime) -> frozenset[str]:
    """Names of applicants whose cases `purge` would take next."""
    kept_days = days(session)
    if not kept_days:
        return frozenset()
    return frozenset(c.applicant for c in _due(session, now - timedelta(days=kept_days)))


def _due(session: Session, before: datetime) -> list[Case]:
    has_body = select(Submission.case_id).join(
        SubmissionBody, SubmissionBody.submission_id == Submission.id
    )
    young = (
        select(Submission.case_id)
        .join(OutboxItem, OutboxItem.submission_id == Submission.id)
        .where(OutboxItem.acknowledged_at.is_(None) | (OutboxItem.acknowledged_at >= before))
    )
    query = (
        select(Case)
        .where(
            Case.status.in_(ENDED),
            Case.touched_at < before,
            Case.id.in_(has_body),
            Case.id.not_in(young),
            Case.id.not_in(reports.unsent_cases()),
        )
        .limit(BATCH)
    )
    return list(session.scalars(query))
