"""Forms of other servers, with their files, as they were fetched; and what was sealed for them.

A version is never changed: a newer one is another row, so that a draft stays on the version it was
begun on, also when the server withdraws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import RemoteForm, RemoteFormFile

FORM = "form.xml"


@dataclass(frozen=True)
class RemoteFormView:
    """A form in one version; `id` is what cases name as their service."""

    id: str
    form_id: str
    version: str
    name: str
    hash: str
    offered: bool
    files: Mapping[str, bytes]


def put(
    session: Session,
    form_key: str,
    *,
    form_id: str,
    version: str,
    name: str,
    digest: str,
    files: Mapping[str, bytes],
    now: datetime,
) -> None:
    """Keep a form; one of the same key gets the newer content, as where its lists changed."""
    row = session.get(RemoteForm, form_key)
    if row is None:
        row = RemoteForm(id=form_key, form_id=form_id, version=version, withdrawn_at=None)
        session.add(row)
    row.name, row.hash, row.fetched_at, row.withdrawn_at = name, digest, now, None
    session.flush()
    put_files(session, form_key, files)


def put_files(session: Session, owner: str, files: Mapping[str, bytes]) -> None:
    """Keep files under `owner`, in place of those it had."""
    drop_files(session, owner)
    for name, content in files.items():
        session.add(RemoteFormFile(owner=owner, name=name, content=content))
    session.flush()


def files_of(session: Session, owner: str) -> dict[str, bytes]:
    """Files under `owner`, in the order they came."""
    rows = session.scalars(
        select(RemoteFormFile).where(RemoteFormFile.owner == owner).order_by(RemoteFormFile.row)
    )
    return {row.name: row.content for row in rows}


def drop_files(session: Session, owner: str) -> None:
    """Forget the files under `owner`."""
    session.execute(delete(RemoteFormFile).where(RemoteFormFile.owner == owner))


def listed(session: Session) -> tuple[RemoteFormView, ...]:
    """All forms with their files, the withdrawn ones too."""
    rows = session.scalars(select(RemoteForm).order_by(RemoteForm.form_id, RemoteForm.fetched_at))
    return tuple(
        RemoteFormView(
            row.id,
            row.form_id,
            row.version,
            row.name,
            row.hash,
            row.withdrawn_at is None,
            files_of(session, row.id),
        )
        for row in rows
    )


def hashes(session: Session) -> dict[str, str]:
    """Hash of each form that is offered, by key."""
    rows = session.scalars(select(RemoteForm).where(RemoteForm.withdrawn_at.is_(None)))
    return {row.id: row.hash for row in rows}


def withdraw_all_but(session: Session, keys: frozenset[str], now: datetime) -> None:
    """Offer no other forms than these any more; drafts on the others go on."""
    for row in session.scalars(select(RemoteForm).where(RemoteForm.withdrawn_at.is_(None))):
        if row.id not in keys:
            row.withdrawn_at = now
