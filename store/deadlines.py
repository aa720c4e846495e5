"""Deadlines of open cases, as they are counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import settings
from store.models import Case
from store.standing import OPEN


@dataclass(frozen=True)
class Running:
    """A case whose limit runs. `accepted_at` is aware."""

    id: UUID
    service_id: str
    service_version: str
    accepted_at: datetime
    due_on: date | None


def open_cases(session: Session) -> tuple[Running, ...]:
    """All cases whose limit runs."""
    columns = (Case.id, Case.service_id, Case.service_version, Case.accepted_at, Case.due_on)
    rows = session.execute(select(*columns).where(Case.status.in_(OPEN)))
    return tuple(
        Running(*row[:4], due_on=date.fromisoformat(row.due_on) if row.due_on else None)
        for row in rows
    )


def put(session: Session, days: Mapping[UUID, date | None], name: str, value: bytes) -> None:
    """Keep what was counted, and under `name` in the settings what it was counted with."""
    for case_id, day in days.items():
        session.execute(
            update(Case).where(Case.id == case_id).values(due_on=day.isoformat() if day else None)
        )
    settings.put(session, name, value)
