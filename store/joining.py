"""Joining an office: at enrolment, under a new device key, or by moving there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from store import audit, cases, held, numbering, offices, settings


def join(
    session: Session,
    office: offices.OfficeView,
    values: Mapping[str, bytes],
    *,
    new_key: bool,
    login: str,
    now: datetime,
) -> None:
    """Belong to `office` from now on, in one transaction.

    The outbox goes on as it is. Blocks of numbers belong to a device key at an office, so they are
    left; events of another office are read from the beginning.

    Args:
        session: The session.
        office: The office.
        values: Settings that go with it, such as the identity.
        new_key: Whether the device's key is another one than before.
        login: Who did it; "" for the computer itself.
        now: Aware.
    """
    changed = offices.put_current(session, office)
    offices.put_moving_to(session, None, now)
    for name, value in values.items():
        settings.put(session, name, value)
    if changed or new_key:
        numbering.change_hands(session)
    if new_key:
        numbering.forget_epoch(session)
    if changed:
        settings.put(session, cases.CURSOR, b"")
        held.has_not_moved(session)
    action = "moved" if changed else "enrolled"
    audit.record(session, login, action, office.id, now=now)
