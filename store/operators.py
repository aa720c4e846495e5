"""People with a login. Their rows decide the role; the key file only opens the door."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.errors import LastAdministrator, LoginTaken, RoleAltered, WrongPassword
from store.models import Audit, Operator
from store.views import OperatorView


def add(
    session: Session, operator_id: UUID, login: str, name: str, role: str, now: datetime
) -> None:
    """Add an operator.

    Raises:
        LoginTaken: The login is or was somebody's; logins are never given twice.
    """
    if session.scalar(select(Operator.id).where(Operator.login == login)):
        raise LoginTaken
    session.add(
        Operator(id=operator_id, login=login, name=name, role=role, created_at=now, removed_at=None)
    )
    session.flush()


def get_active(session: Session, login: str) -> OperatorView:
    """The operator.

    Raises:
        WrongPassword: Removed, or never there.
    """
    row = session.scalars(
        select(Operator).where(Operator.login == login, Operator.removed_at.is_(None))
    ).first()
    if row is None:
        raise WrongPassword
    return OperatorView(row.id, row.login, row.name, row.role)


def check_role(session: Session, operator: OperatorView) -> None:
    """Compare the role with what the record says; a row edited past the program shows here.

    Raises:
        RoleAltered: Another role was given.
    """
    query = (
        select(Audit.detail)
        .where(Audit.action.in_(("operator_added", "store_made")), Audit.subject == operator.login)
        .order_by(Audit.seq.desc())
        .limit(1)
    )
    given = json.loads(session.scalar(query) or "{}").get("role", operator.role)
    if given != operator.role:
        raise RoleAltered


def list_active(session: Session) -> tuple[OperatorView, ...]:
    """Operators who may sign in, by login."""
    rows = session.scalars(
        select(Operator).where(Operator.removed_at.is_(None)).order_by(Operator.login)
    )
    return tuple(OperatorView(r.id, r.login, r.name, r.role) for r in rows)


def remove(session: Session, login: str, now: datetime) -> None:
    """End an operator's access; the row stays for the record.

    Raises:
        WrongPassword: No such operator.
        LastAdministrator: Nobody could manage operators any more.
    """
    operator = get_active(session, login)
    others = session.scalar(
        select(func.count())
        .select_from(Operator)
        .where(
            Operator.role == "administrator",
            Operator.removed_at.is_(None),
            Operator.login != login,
        )
    )
    if operator.role == "administrator" and not others:
        raise LastAdministrator
    session.get_one(Operator, operator.id).removed_at = now


def name_of(session: Session, operator_id: UUID) -> str:
    """Display name, "" where unknown."""
    row = session.get(Operator, operator_id)
    return row.name if row else ""
