"""Words for the states and times that several windows show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.desk import CaseLine, Standing, Status
from desktop.parts import Tone

STATUS: dict[Status, tuple[str, Tone]] = {
    "draft": (cast("str", QT_TRANSLATE_NOOP("words", "Draft")), "neutral"),
    "accepted": (cast("str", QT_TRANSLATE_NOOP("words", "Accepted")), "info"),
    "under_review": (cast("str", QT_TRANSLATE_NOOP("words", "Under review")), "info"),
    "supplement_requested": (
        cast("str", QT_TRANSLATE_NOOP("words", "Supplement requested")),
        "warning",
    ),
    "conditionally_accepted": (
        cast("str", QT_TRANSLATE_NOOP("words", "Conditionally accepted")),
        "warning",
    ),
    "decided_granted": (cast("str", QT_TRANSLATE_NOOP("words", "Granted")), "success"),
    "decided_refused": (cast("str", QT_TRANSLATE_NOOP("words", "Refused")), "danger"),
    "closed": (cast("str", QT_TRANSLATE_NOOP("words", "Closed")), "neutral"),
    "delivered": (cast("str", QT_TRANSLATE_NOOP("words", "Delivered")), "success"),
    "withdrawn": (cast("str", QT_TRANSLATE_NOOP("words", "Withdrawn")), "neutral"),
    "not_accepted": (cast("str", QT_TRANSLATE_NOOP("words", "Not accepted")), "danger"),
    "transferred": (cast("str", QT_TRANSLATE_NOOP("words", "Transferred")), "neutral"),
    "certificate_voided": (
        cast("str", QT_TRANSLATE_NOOP("words", "Certificate voided")),
        "danger",
    ),
    "certificate_replaced": (
        cast("str", QT_TRANSLATE_NOOP("words", "Certificate replaced")),
        "warning",
    ),
    "received": (cast("str", QT_TRANSLATE_NOOP("words", "Correction received")), "info"),
    "conflict": (cast("str", QT_TRANSLATE_NOOP("words", "Corrected at two windows")), "warning"),
    "numbered": (cast("str", QT_TRANSLATE_NOOP("words", "Final number given")), "info"),
    "conflict_settled": (cast("str", QT_TRANSLATE_NOOP("words", "Versions merged")), "success"),
}

STANDING: dict[Standing, str] = {
    "verified": cast("str", QT_TRANSLATE_NOOP("words", "verified")),
    "local-example": cast("str", QT_TRANSLATE_NOOP("words", "local example")),
    "general": cast("str", QT_TRANSLATE_NOOP("words", "general rule")),
    "sample": cast("str", QT_TRANSLATE_NOOP("words", "sample, not verified")),
}

ROLES: dict[str, str] = {
    "clerk": cast("str", QT_TRANSLATE_NOOP("words", "Clerk")),
    "village_officer": cast("str", QT_TRANSLATE_NOOP("words", "Village officer")),
    "supervisor": cast("str", QT_TRANSLATE_NOOP("words", "Supervisor")),
    "administrator": cast("str", QT_TRANSLATE_NOOP("words", "IT staff")),
    "auditor": cast("str", QT_TRANSLATE_NOOP("words", "Auditor")),
}


def say(source: str, **values: object) -> str:
    """Translate a string of this table and fill `values` in."""
    return QCoreApplication.translate("words", source).format(**values)


def status(of: Status) -> str:
    """The clerk's word for a status."""
    return say(STATUS[of][0])


def service(of: CaseLine) -> str:
    """The service of a case in a list, marked where it is a part of one thing."""
    if not of.joint:
        return of.service
    return say(
        cast("str", QT_TRANSLATE_NOOP("words", "{service} (of one thing)")), service=of.service
    )


def standing(of: Standing) -> str:
    """How far a legal basis has been verified."""
    return say(STANDING[of])


def role(of: str) -> str:
    """What an operator is here for."""
    return say(ROLES[of])


def moment(at: datetime | None) -> str:
    """Local date and time to the minute; "" for None."""
    if at is None:
        return ""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone().strftime("%Y-%m-%d %H:%M")


def moment_s(at: datetime) -> str:
    """Local date and time to the second."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def days_left(days: int | None, *, firm: bool) -> tuple[str, Tone]:
    """A deadline in working days, in words and tone; not `firm` where holidays may change it."""
    if days is None:
        return "", "neutral"
    if days < 0:
        return say(cast("str", QT_TRANSLATE_NOOP("words", "{n} days overdue")), n=-days), "danger"
    if days == 0:
        return say(cast("str", QT_TRANSLATE_NOOP("words", "Due today"))), "danger"
    tone: Tone = "warning" if days <= 2 else "neutral"
    if firm:
        return say(cast("str", QT_TRANSLATE_NOOP("words", "{n} working days left")), n=days), tone
    about = say(cast("str", QT_TRANSLATE_NOOP("words", "About {n} working days left")), n=days)
    return about, tone
