"""Projects of other servers that forms come from and submissions go to.

Their settings hold a password or a token: they are nowhere but in the encrypted store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.models import Case, Draft, OutboxItem, RemoteForm, RemoteProject, Submission


@dataclass(frozen=True, repr=False)
class ProjectView:
    """A project. Has no repr: `settings`, JSON, hold a password."""

    id: str
    name: str
    settings: bytes
    fetched_at: datetime | None


def put(session: Session, project: str, name: str, settings: bytes, now: datetime) -> None:
    """Keep a project; one of this id gets the new name and settings."""
    row = session.get(RemoteProject, project)
    if row is None:
        row = RemoteProject(id=project, added_at=now, fetched_at=None)
        session.add(row)
    row.name, row.settings, row.removed_at = name, settings, None


def listed(session: Session) -> tuple[ProjectView, ...]:
    """The projects in use, in the order they came."""
    rows = session.scalars(
        select(RemoteProject)
        .where(RemoteProject.removed_at.is_(None))
        .order_by(RemoteProject.added_at, RemoteProject.id)
    )
    return tuple(ProjectView(row.id, row.name, row.settings, row.fetched_at) for row in rows)


def names(session: Session) -> dict[str, str]:
    """Names of all projects, the removed ones too, by id."""
    return {row.id: row.name for row in session.scalars(select(RemoteProject))}


def note_fetched(session: Session, project: str, now: datetime) -> None:
    """The project's list of forms was read."""
    row = session.get(RemoteProject, project)
    if row is not None:
        row.fetched_at = now


def unfinished(session: Session, project: str) -> tuple[int, int]:
    """Drafts and unsent submissions of a project."""
    forms = select(RemoteForm.id).where(RemoteForm.project == project)
    drafts = select(func.count()).select_from(Draft).where(Draft.service_id.in_(forms))
    unsent = (
        select(func.count())
        .select_from(OutboxItem)
        .join(Submission, Submission.id == OutboxItem.submission_id)
        .join(Case, Case.id == Submission.case_id)
        .where(OutboxItem.acknowledged_at.is_(None), Case.service_id.in_(forms))
    )
    return session.scalar(drafts) or 0, session.scalar(unsent) or 0


def remove(session: Session, project: str, now: datetime) -> None:
    """Forget a project's settings and offer none of its forms any more; its cases stay."""
    row = session.get(RemoteProject, project)
    if row is None:
        return
    row.settings, row.removed_at = b"", now
    for form in session.scalars(select(RemoteForm).where(RemoteForm.project == project)):
        form.withdrawn_at = form.withdrawn_at or now
