"""Whether a certificate is what it claims: by its code, or by number and name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from province import delegations
from province.errors import Malformed
from province.models import Case, Certificate
from province.trust import Ring

State = Literal["valid", "pending", "void", "expired", "unknown", "forged"]


@dataclass(frozen=True)
class Finding:
    """What the public page says. Everything but `state` is "" when not known.

    `pending`: genuine, signed by an office that has not been connected since it issued it.
    `office` is who issued it by its own decision.
    `holder` stands only where the asker brought the name or the code that holds it.
    """

    state: State
    number: str = ""
    service: str = ""
    service_en: str = ""
    holder: str = ""
    issued_on: str = ""
    valid_until: str = ""
    office: str = ""


def by_code(session: Session, text: str, ring: Ring, today: date) -> Finding:
    """Judge a credential: signature first, then what the register says."""
    try:
        content = ring.read_credential(text)
    except Malformed:
        return _by_an_office(session, text, ring, today)
    row = session.get(Certificate, content.number)
    if row is None:
        return Finding("unknown", number=content.number)
    return _judge(session, row, today)


def _by_an_office(session: Session, text: str, ring: Ring, today: date) -> Finding:
    try:
        content, word = delegations.read_credential(session, text, ring)
    except Malformed:
        return Finding("forged")
    row = session.get(Certificate, content.number)
    if row is None:
        over = content.valid_until is not None and content.valid_until < today.isoformat()
        return Finding(
            "expired" if over else "pending",
            number=content.number,
            holder=content.holder,
            issued_on=content.issued_on,
            valid_until=content.valid_until or "",
            office=word.office,
        )
    if row.credential and row.credential.strip() != text.strip():
        return Finding("forged")  # one number, and another paper than the one on record
    return replace(_judge(session, row, today), office=word.office)


def by_number(session: Session, number: str, name: str, today: date) -> Finding:
    """Judge by number and holder's name; a wrong name tells no more than a wrong number."""
    row = session.get(Certificate, number.strip())
    if row is None or row.holder != name.strip():
        return Finding("unknown")
    return _judge(session, row, today)


def _judge(session: Session, row: Certificate, today: date) -> Finding:
    state: State = "valid"
    if row.voided_ms is not None:
        state = "void"
    elif row.valid_until is not None and row.valid_until < today.isoformat():
        state = "expired"
    case = session.get_one(Case, (row.office_id, row.case_id))
    return Finding(
        state,
        number=row.number,
        service=case.service_name,
        service_en=case.service_name_en,
        holder=row.holder,
        issued_on=row.issued_on,
        valid_until=row.valid_until or "",
    )
