"""Single values kept in the store."""

from __future__ import annotations

from sqlalchemy.orm import Session

from store.models import Setting


def get(session: Session, name: str) -> bytes | None:
    """The value, or None."""
    row = session.get(Setting, name)
    return row.value if row else None


def put(session: Session, name: str, value: bytes) -> None:
    """Keep a value in place of any other of this name."""
    row = session.get(Setting, name)
    if row is None:
        session.add(Setting(name=name, value=value))
    else:
        row.value = value
