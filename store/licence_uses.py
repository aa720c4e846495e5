"""Licences that stand in the place of papers, in a draft and in the submission it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store import attachments, audit
from store.models import Consent
from store.resident_models import LicenceUse as Row
from store.views import FileView

COPY = "licence-"  # how the file of a licence's marked copy begins


@dataclass(frozen=True)
class LicenceUse:
    """A licence in a paper's place. `consent_stands` is False once the consent was withdrawn."""

    material: str
    licence_id: UUID
    name: str
    number: str
    consent_id: UUID
    used_at: datetime
    consent_stands: bool = True

    @property
    def copy(self) -> str:
        """How the file name of its marked copy begins."""
        return copy_name(self.licence_id)


def put(
    session: Session, submission_id: UUID, use: LicenceUse, file: FileView, *, login: str
) -> None:
    """Keep the use with its marked copy, in place of an earlier one of the material; on record."""
    session.execute(delete(Row).filter_by(submission_id=submission_id, material=use.material))
    copy(session, submission_id, (use,))
    attachments.add(session, submission_id, file, use.used_at)
    detail: dict[str, str | int] = {"material": use.material, "consent": str(use.consent_id)}
    audit.record(session, login, "licence_used", str(submission_id), detail, now=use.used_at)


def copy(session: Session, submission_id: UUID, uses: Iterable[LicenceUse]) -> None:
    """Keep uses of a draft for a submission that was made from it; its copies are there."""
    for use in uses:
        session.add(
            Row(
                submission_id=submission_id,
                material=use.material,
                licence_id=use.licence_id,
                name=use.name,
                number=use.number,
                consent_id=use.consent_id,
                used_at=use.used_at,
            )
        )


def of(session: Session, submission_id: UUID) -> tuple[LicenceUse, ...]:
    """Uses whose marked copy is still there: a paper brought later takes their place."""
    query = (
        select(Row, Consent.withdrawn_at)
        .join(Consent, Consent.id == Row.consent_id)
        .where(Row.submission_id == submission_id)
        .order_by(Row.material)
    )
    there = {f.name for f in attachments.of_owner(session, submission_id)}
    return tuple(
        LicenceUse(
            row.material,
            row.licence_id,
            row.name,
            row.number,
            row.consent_id,
            row.used_at,
            consent_stands=withdrawn is None,
        )
        for row, withdrawn in session.execute(query)
        if any(name.startswith(copy_name(row.licence_id)) for name in there)
    )


def copy_name(licence_id: UUID) -> str:
    """How the file name of a licence's marked copy begins; says nothing of the holder."""
    return f"{COPY}{licence_id.hex[-12:]}"


def bind(session: Session, submission_id: UUID, case_id: UUID) -> None:
    """Let the consents behind a submission belong to its case, and go when it goes."""
    behind = select(Row.consent_id).where(Row.submission_id == submission_id)
    if ids := session.scalars(behind).all():
        free = Consent.case_id.is_(None)  # one that serves several cases goes with the first
        session.execute(update(Consent).where(Consent.id.in_(ids), free).values(case_id=case_id))


def forget(session: Session, ids: Sequence[UUID]) -> None:
    """Forget the uses of drafts or submissions that are let go."""
    session.execute(delete(Row).where(Row.submission_id.in_(ids)))
