"""Files of drafts and submissions; the content lies in `store/blobs.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import AttachmentGone
from store.models import Attachment
from store.views import FileView


def add(session: Session, owner: UUID, file: FileView, now: datetime) -> None:
    """Note a file whose blob is already durable, in place of any other of that name."""
    old = session.scalars(
        select(Attachment).where(Attachment.owner == owner, Attachment.name == file.name)
    ).first()
    if old is not None:
        session.delete(old)
        session.flush()
    session.add(
        Attachment(
            id=file.id,
            owner=owner,
            ref=file.ref,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            blob=file.blob,
            created_at=now,
        )
    )


def of_owner(session: Session, owner: UUID) -> tuple[FileView, ...]:
    """Files of a draft or submission, in the order they came."""
    return of_owners(session, [owner]).get(owner, ())


def of_owners(session: Session, owners: Iterable[UUID]) -> dict[UUID, tuple[FileView, ...]]:
    """Files of several, each as `of_owner`; owners without a file are left out."""
    found: dict[UUID, tuple[FileView, ...]] = {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.owner.in_(owners))
        .order_by(Attachment.created_at, Attachment.id)
    )
    for row in rows:
        found[row.owner] = (*found.get(row.owner, ()), _view(row))
    return found


def get(session: Session, owner: UUID, name: str) -> FileView:
    """One file.

    Raises:
        AttachmentGone: There is none of this name.
    """
    row = session.scalars(
        select(Attachment).where(Attachment.owner == owner, Attachment.name == name)
    ).first()
    if row is None:
        raise AttachmentGone
    return _view(row)


def keep_only(session: Session, owner: UUID, names: frozenset[str]) -> tuple[str, ...]:
    """Forget files that the answers no longer name; returns their blobs, to be dropped."""
    gone = [
        row
        for row in session.scalars(select(Attachment).where(Attachment.owner == owner))
        if row.name not in names
    ]
    for row in gone:
        session.delete(row)
    return tuple(row.blob for row in gone)


def blob_names(session: Session) -> frozenset[str]:
    """Every blob that a row names."""
    return frozenset(session.scalars(select(Attachment.blob)))


def _view(row: Attachment) -> FileView:
    return FileView(row.id, row.ref, row.name, row.media_type, row.size, row.sha256, row.blob)
