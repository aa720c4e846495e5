"""Case numbers: leased from the province; provisional ones where the lease is used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store import cases, drafts, numbers, settings
from store.errors import CaseGone, NumbersUsedUp
from store.views import FileView

KIND = "case"
BLOCK = 200
_LOCAL = "local_serial"
_DEVICE = "device_mark"
_LEAP = 10_000  # more cases than an office accepts between two backups


def case_number(session: Session, case_id: UUID, division: str, day: date) -> str:
    """The case's number; the one it has where it is a correction.

    Without leased numbers it is provisional, begins with L and carries this device's mark, so
    that no other device of the office makes the same one.
    """
    try:
        return cases.get_case(session, case_id).row.number
    except CaseGone:
        pass
    try:
        prefix, number = numbers.take(session, KIND)
    except NumbersUsedUp:
        mark = (settings.get(session, _DEVICE) or b"0000").decode()
        serial = int(settings.get(session, _LOCAL) or b"0") + 1
        settings.put(session, _LOCAL, str(serial).encode())
        return f"L{division}{mark}-{day:%Y%m%d}-{serial:05d}"
    return f"{prefix}{day:%Y%m%d}-{number:06d}"


def accept(session: Session, a: cases.Acceptance, division: str, now: datetime) -> UUID:
    """Take a number and finalise in one transaction: none is lost and none given twice.

    `now` is local, since the day stands in the number.

    Raises:
        DraftGone, DraftOfAnother: As `cases.finalise`.
    """
    number = case_number(session, a.case_id, division, now.date())
    return cases.finalise(session, replace(a, number=number, words=f"{a.words} {number}"), now)


def accept_merged(
    session: Session,
    draft: drafts.NewDraft,
    files: Sequence[FileView],
    a: cases.Acceptance,
    division: str,
    now: datetime,
) -> UUID:
    """Keep a version that merges two others, in one transaction: no draft of it is ever seen."""
    drafts.begin(session, draft, now, files)
    session.flush()
    return accept(session, a, division, now)


def after_restore(session: Session) -> None:
    """Give out no number that may have been given out after the copy was made."""
    numbers.give_up(session)
    serial = int(settings.get(session, _LOCAL) or b"0") + _LEAP
    settings.put(session, _LOCAL, str(serial).encode())


def put_device_mark(session: Session, mark: str) -> None:
    """Keep what tells this device from the office's others; four characters."""
    settings.put(session, _DEVICE, mark.encode())
