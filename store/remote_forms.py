"""Forms of other servers, with their files, as they were fetched; entity lists; last answers.

A version is never changed: a newer one is another row, so that a draft stays on the version it was
begun on, also when the server withdraws it. Once withdrawn and named by no draft and no case, it
is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import Case, Draft, RemoteForm, RemoteFormFile

FORM = "form.xml"


@dataclass(frozen=True)
class RemoteFormView:
    """A form in one version; `id` is what cases name as their service."""

    id: str
    project: str
    form_id: str
    version: str
    name: str
    hash: str
    offered: bool
    fetched_at: datetime
    files: Mapping[str, bytes]


def put(
    session: Session,
    form_key: str,
    *,
    project: str,
    form_id: str,
    version: str,
    name: str,
    digest: str,
    files: Mapping[str, bytes],
    now: datetime,
) -> None:
    """Keep a form; one of the same key gets the newer files, as where its lists changed."""
    row = session.get(RemoteForm, form_key)
    if row is None:
        row = RemoteForm(id=form_key, form_id=form_id, version=version, project=project)
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


def change_file(
    session: Session, owner: str, name: str, change: Callable[[bytes | None], bytes]
) -> None:
    """Replace a file by what `change` makes of it; of None where there is none.

    On the writer's thread, so that two changes never start from the same content.
    """
    row = session.scalars(
        select(RemoteFormFile).where(RemoteFormFile.owner == owner, RemoteFormFile.name == name)
    ).first()
    content = change(row.content if row else None)
    if row is None:
        session.add(RemoteFormFile(owner=owner, name=name, content=content))
    else:
        row.content = content
    session.flush()


def files_of(session: Session, owner: str) -> dict[str, bytes]:
    """Files under `owner`, in the order they came."""
    rows = session.scalars(
        select(RemoteFormFile).where(RemoteFormFile.owner == owner).order_by(RemoteFormFile.row)
    )
    return {row.name: row.content for row in rows}


def file_of(session: Session, owner: str, name: str) -> bytes | None:
    """One file under `owner`, or None."""
    query = select(RemoteFormFile.content).where(
        RemoteFormFile.owner == owner, RemoteFormFile.name == name
    )
    return session.scalar(query)


def drop_files(session: Session, owner: str) -> None:
    """Forget the files under `owner`."""
    session.execute(delete(RemoteFormFile).where(RemoteFormFile.owner == owner))


def listed(session: Session, project: str | None = None) -> tuple[RemoteFormView, ...]:
    """Forms with their files, the withdrawn ones too; of one project or of all."""
    query = select(RemoteForm).order_by(RemoteForm.form_id, RemoteForm.fetched_at)
    if project is not None:
        query = query.where(RemoteForm.project == project)
    return tuple(
        RemoteFormView(
            row.id,
            row.project,
            row.form_id,
            row.version,
            row.name,
            row.hash,
            row.withdrawn_at is None,
            row.fetched_at,
            files_of(session, row.id),
        )
        for row in session.scalars(query)
    )


def offered(session: Session, project: str) -> dict[str, str]:
    """Hash of each form that a project offers, by key."""
    rows = session.scalars(
        select(RemoteForm).where(RemoteForm.project == project, RemoteForm.withdrawn_at.is_(None))
    )
    return {row.id: row.hash for row in rows}


def withdraw_all_but(
    session: Session, project: str, keys: frozenset[str], now: datetime
) -> frozenset[str]:
    """Offer no other forms of a project than these; drafts on the others go on.

    Returns:
        Keys of those that are forgotten, since nothing names them.
    """
    used = set(session.scalars(select(Draft.service_id))) | set(
        session.scalars(select(Case.service_id).distinct())
    )
    gone = set()
    for row in session.scalars(select(RemoteForm).where(RemoteForm.project == project)):
        if row.id in keys:
            continue
        row.withdrawn_at = row.withdrawn_at or now
        if row.id not in used:
            drop_files(session, row.id)
            session.delete(row)
            gone.add(row.id)
    return frozenset(gone)
