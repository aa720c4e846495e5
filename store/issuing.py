"""Decisions that the office takes itself, and certificates that it issues, voids and replaces.

Each is one transaction: number, certificate, event, the report to the province, and the record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store import cases, certificates, drafts, numbers, offices, reports
from store.errors import AlreadyDecided, CertificateGone, CorrectionBegun, OfficeMoving
from store.models import Certificate
from store.standing import OPEN
from store.views import CertificateView

KIND = "certificate"  # of the number blocks
LEFT = ("accepted", "under_review")  # what a case is in while the office may decide it


@dataclass(frozen=True)
class Act:
    """Who does what to a case, and why.

    Attributes:
        submission_id: The answers that were decided on.
        event_id: Made here; the province knows the event by it.
        by: Name of who decides, `login` their login.
        second: Name of who confirmed, and `second_login`; "" where one person is enough.
    """

    case_id: UUID
    submission_id: UUID
    event_id: UUID
    by: str
    login: str
    reason: str = ""
    second: str = ""
    second_login: str = ""


@dataclass(frozen=True)
class Issued:
    """A certificate as it was signed; `issued_on` and `valid_until` are `YYYY-MM-DD`."""

    template: str
    template_version: str
    fields: Mapping[str, str]
    issued_on: str
    valid_until: str
    credential: str


Sign = Callable[[str], Issued]  # the certificate of a number


def decide(session: Session, act: Act, kind: str, sign: Sign | None, now: datetime) -> str:
    """Decide a case; the number of the certificate, or "".

    Args:
        session: The session.
        act: Who and why.
        kind: `decided_granted` or `decided_refused`.
        sign: Makes the certificate of a number; None where there is none.
        now: Local.

    Raises:
        AlreadyDecided: There is a decision, or the case was withdrawn.
        NumbersUsedUp: No number is left; nothing was changed.
        OfficeMoving: The computer is moving to another office.
        CaseGone: No such case here.
    """
    case = cases.get_case(session, act.case_id)
    if case.row.status not in LEFT:
        raise AlreadyDecided
    data: dict[str, object] = {"reason": act.reason} if act.reason else {}
    number = ""
    if sign is not None:
        number, written = _issue(session, act.case_id, sign, now)
        data["certificate"] = written
    _say(session, act, kind, data, now, {"certificate": number} if number else {})
    return number


def withdraw(session: Session, act: Act, now: datetime) -> None:
    """Withdraw an application that its applicant does not want decided any more.

    Raises:
        AlreadyDecided: There is a decision, or the case has ended otherwise.
        CorrectionBegun: Somebody is correcting it; that is finished or deleted first.
        CaseGone: No such case here.
    """
    case = cases.get_case(session, act.case_id)
    if case.row.status not in OPEN:
        raise AlreadyDecided
    if drafts.for_case(session, act.case_id) is not None:
        raise CorrectionBegun
    _say(session, act, reports.WITHDRAWN, {"reason": act.reason}, now, {})


def void(session: Session, act: Act, number: str, now: datetime) -> None:
    """Void a certificate of this office.

    Raises:
        CertificateGone: No such certificate here, or it is void already.
    """
    _end(session, act, number, now)
    data = {"number": number, "reason": act.reason, "confirmed_by": act.second}
    detail = {"certificate": number, "second": act.second_login}
    _say(session, act, "certificate_voided", data, now, detail)


def replace(session: Session, act: Act, number: str, sign: Sign, now: datetime) -> str:
    """Void a certificate and issue the one that takes its place; the new number.

    Raises:
        CertificateGone, NumbersUsedUp, OfficeMoving: As above; nothing was changed.
    """
    _end(session, act, number, now)
    fresh, written = _issue(session, act.case_id, sign, now, replaces=number)
    data = {
        "number": number,
        "reason": act.reason,
        "confirmed_by": act.second,
        "certificate": written,
    }
    detail = {"certificate": number, "by": fresh, "second": act.second_login}
    _say(session, act, "certificate_replaced", data, now, detail)
    return fresh


def _issue(
    session: Session, case_id: UUID, sign: Sign, now: datetime, replaces: str = ""
) -> tuple[str, dict[str, object]]:
    if offices.moving_to(session):
        raise OfficeMoving
    prefix, serial = numbers.take(session, KIND)
    number = f"LM{now.year}-{prefix}T{serial:06d}"
    made = sign(number)
    certificates.keep(
        session,
        CertificateView(
            number=number,
            case_id=case_id,
            template=made.template,
            template_version=made.template_version,
            fields=made.fields,
            issued_on=made.issued_on,
            valid_until=made.valid_until,
            credential=made.credential,
            received_at=now,
            voided_at=None,
            void_reason="",
            printed=0,
            replaces=replaces,
        ),
    )
    return number, {
        "number": number,
        "template": made.template,
        "template_version": made.template_version,
        "fields": dict(made.fields),
        "issued_on": made.issued_on,
        "valid_until": made.valid_until or None,
        "credential": made.credential,
    }


def _end(session: Session, act: Act, number: str, now: datetime) -> None:
    row = session.get(Certificate, number)
    if row is None or row.case_id != act.case_id or row.voided_at is not None:
        raise CertificateGone
    row.voided_at, row.void_reason = now, act.reason


def _say(
    session: Session,
    act: Act,
    kind: str,
    data: Mapping[str, object],
    now: datetime,
    detail: Mapping[str, str],
) -> None:
    body = {
        "kind": kind,
        "at": _moment(now),
        "by": act.by,
        "submission": str(act.submission_id),
        "data": data,
    }
    reports.queue(session, act.case_id, act.submission_id, act.event_id, kind, body, now)
    cases.add_event(
        session,
        act.case_id,
        act.event_id,
        kind,
        by=act.by,
        login=act.login,
        data=json.loads(json.dumps(data)),
        now=now,
        detail=detail,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
