"""Certificates that decisions brought, and the copies of every document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import audit
from store.errors import CertificateGone
from store.models import Certificate, Copy
from store.views import CertificateView

Outcome = Literal["counted", "printed", "failed"]


def get(session: Session, number: str) -> CertificateView:
    """One certificate.

    Raises:
        CertificateGone: No such certificate here.
    """
    row = session.get(Certificate, number)
    if row is None:
        raise CertificateGone
    return _view(session, row)


def of_case(session: Session, case_id: UUID) -> tuple[CertificateView, ...]:
    """Certificates of a case, oldest first."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.case_id == case_id)
        .order_by(Certificate.received_at, Certificate.number)
    )
    return tuple(_view(session, row) for row in rows)


def voided(session: Session) -> dict[str, str]:
    """Void certificates of this office: day by number."""
    rows = session.scalars(select(Certificate).where(Certificate.voided_at.is_not(None)))
    return {row.number: f"{row.voided_at:%Y-%m-%d}" for row in rows}


def count_copy(
    session: Session, document: str, *, operator: UUID, login: str, reason: str, now: datetime
) -> int:
    """Count a copy before the paper moves; returns its position, 1 for the original.

    A copy known to have failed gives its position free again, so that the original is still
    the original after a paper jam.
    """
    newest = session.scalars(
        select(Copy).where(Copy.document == document).order_by(Copy.n.desc()).limit(1)
    ).first()
    if newest is not None and newest.outcome == "failed":
        newest.at, newest.operator_id = now, operator
        newest.reason, newest.outcome = reason, "counted"
        n = newest.n
    else:
        n = newest.n + 1 if newest else 1
        session.add(
            Copy(
                document=document,
                n=n,
                at=now,
                operator_id=operator,
                reason=reason,
                outcome="counted",
            )
        )
    audit.record(session, login, "copy_counted", document, {"n": n}, now=now)
    return n


def note_outcome(
    session: Session, document: str, n: int, outcome: Outcome, *, login: str, now: datetime
) -> None:
    """What became of a counted copy.

    Raises:
        CertificateGone: It was never counted.
    """
    row = session.get(Copy, (document, n))
    if row is None:
        raise CertificateGone
    row.outcome = outcome
    audit.record(session, login, f"copy_{outcome}", document, {"n": n}, now=now)


def copies(session: Session, document: str) -> int:
    """How many copies were counted and are not known to have failed."""
    query = (
        select(func.count())
        .select_from(Copy)
        .where(Copy.document == document, Copy.outcome != "failed")
    )
    return session.scalar(query) or 0


def newest_copy(session: Session, document: str) -> int:
    """Position of the copy counted last; 0 for none."""
    return session.scalar(select(func.max(Copy.n)).where(Copy.document == document)) or 0


def _view(session: Session, row: Certificate) -> CertificateView:
    return CertificateView(
        number=row.number,
        case_id=row.case_id,
        template=row.template,
        template_version=row.template_version,
        fields=json.loads(row.fields),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        credential=row.credential,
        received_at=row.received_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
        printed=copies(session, f"certificate:{row.number}"),
    )
