"""Answers in progress, one row each; every save replaces the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import attachments, audit, licence_uses, operators
from store.errors import DraftGone, DraftOfAnother
from store.models import Attachment, Draft, ServiceUse
from store.views import DraftView, FileView


@dataclass(frozen=True)
class NewDraft:
    """What a draft is begun with; `id` becomes the id of its submission."""

    id: UUID
    service_id: str
    service_version: str
    language: str
    owner: UUID
    xml: bytes
    case_id: UUID | None = None
    replaces: UUID | None = None


def begin(session: Session, new: NewDraft, now: datetime, files: Sequence[FileView] = ()) -> None:
    """Keep a new draft, with the files of what it corrects, and count the use of its service."""
    for file in files:
        attachments.add(session, new.id, file, now)
    session.add(
        Draft(
            id=new.id,
            service_id=new.service_id,
            service_version=new.service_version,
            language=new.language,
            owner=new.owner,
            applicant="",
            xml=new.xml,
            created_at=now,
            saved_at=now,
            case_id=new.case_id,
            replaces=new.replaces,
        )
    )
    use = session.get(ServiceUse, new.service_id)
    if use is None:
        session.add(ServiceUse(service_id=new.service_id, times=1))
    else:
        use.times += 1


def save(
    session: Session,
    draft_id: UUID,
    *,
    owner: UUID,
    xml: bytes,
    applicant: str,
    language: str,
    now: datetime,
) -> datetime:
    """Replace the state; returns the moment of the save.

    Raises:
        DraftGone: Finalised or deleted meanwhile.
        DraftOfAnother: Taken over by another operator.
    """
    draft = _own(session, draft_id, owner)
    draft.xml, draft.applicant, draft.language, draft.saved_at = xml, applicant, language, now
    return now


def get(session: Session, draft_id: UUID, owner: UUID) -> DraftView:
    """A draft of this operator.

    Raises:
        DraftGone: Not here any more.
        DraftOfAnother: Another operator's; `take_over` first.
    """
    return _view(session, _own(session, draft_id, owner))


def list_of(session: Session, owner: UUID | None) -> tuple[DraftView, ...]:
    """Drafts of an operator, or of all, newest first."""
    query = select(Draft).order_by(Draft.saved_at.desc())
    if owner is not None:
        query = query.where(Draft.owner == owner)
    return tuple(_view(session, row) for row in session.scalars(query))


def count(session: Session, owner: UUID) -> int:
    """How many drafts an operator has."""
    query = select(func.count()).select_from(Draft).where(Draft.owner == owner)
    return session.scalar(query) or 0


def for_case(session: Session, case_id: UUID) -> DraftView | None:
    """The draft that corrects a returned case, or None."""
    row = session.scalars(select(Draft).where(Draft.case_id == case_id)).first()
    return _view(session, row) if row else None


def take_over(
    session: Session, draft_id: UUID, new_owner: UUID, by: str, now: datetime, reason: str = ""
) -> None:
    """Make a draft another operator's, on record.

    Raises:
        DraftGone: Not here any more.
    """
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise DraftGone
    audit.record(
        session,
        by,
        "draft_taken_over",
        str(draft_id),
        {"from": operators.name_of(session, draft.owner), "reason": reason},
        now=now,
    )
    draft.owner = new_owner


def discard(
    session: Session,
    draft_id: UUID,
    *,
    owner: UUID,
    by: str,
    now: datetime,
    second: str = "",
) -> tuple[str, ...]:
    """Delete a draft, on record with who confirmed it; returns its blobs, to be dropped.

    Raises:
        DraftGone: Not here any more.
        DraftOfAnother: Another operator's.
    """
    draft = _own(session, draft_id, owner)
    files = session.scalars(select(Attachment).where(Attachment.owner == draft_id)).all()
    for file in files:
        session.delete(file)
    licence_uses.forget(session, [draft_id])
    detail = {"service": draft.service_id, "second": second}
    audit.record(session, by, "draft_discarded", str(draft_id), detail, now=now)
    session.delete(draft)
    return tuple(file.blob for file in files)


def uses(session: Session) -> dict[str, int]:
    """How often each service was begun here."""
    return {row.service_id: row.times for row in session.scalars(select(ServiceUse))}


def _own(session: Session, draft_id: UUID, owner: UUID) -> Draft:
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise DraftGone
    if draft.owner != owner:
        raise DraftOfAnother
    return draft


def _view(session: Session, row: Draft) -> DraftView:
    return DraftView(
        id=row.id,
        service_id=row.service_id,
        service_version=row.service_version,
        language=row.language,
        owner=row.owner,
        owner_name=operators.name_of(session, row.owner),
        applicant=row.applicant,
        created_at=row.created_at,
        saved_at=row.saved_at,
        xml=row.xml,
        case_id=row.case_id,
        replaces=row.replaces,
    )
