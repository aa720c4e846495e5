"""Certificates that decisions brought, and the copies of every document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import audit
from store.bundle_models import BundlePart
from store.errors import CertificateGone, CopyUnderway
from store.models import Certificate, Copy
from store.views import CertificateView, CopyView, RemoteEvent

Outcome = Literal["counted", "printed", "failed"]
Way = Literal["paper", "file"]


def get(session: Session, number: str) -> CertificateView:
    """One certificate.

    Raises:
        CertificateGone: No such certificate here.
    """
    row = session.get(Certificate, number)
    if row is None:
        raise CertificateGone
    return _view(session, row)


def of_case(session: Session, case_id: UUID) -> tuple[CertificateView, ...]:
    """Certificates of a case, oldest first."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.case_id == case_id)
        .order_by(Certificate.received_at, Certificate.number)
    )
    return tuple(_view(session, row) for row in rows)


def keep(session: Session, made: CertificateView) -> None:
    """Keep a certificate; a known number changes nothing."""
    if session.get(Certificate, made.number) is not None:
        return
    session.add(
        Certificate(
            number=made.number,
            case_id=made.case_id,
            template=made.template,
            template_version=made.template_version,
            fields=json.dumps(dict(made.fields), sort_keys=True, ensure_ascii=False),
            issued_on=made.issued_on,
            valid_until=made.valid_until,
            credential=made.credential,
            received_at=made.received_at,
            voided_at=made.voided_at,
            void_reason=made.void_reason,
            replaces=made.replaces,
        )
    )
    session.flush()


def apply(session: Session, event: RemoteEvent, now: datetime) -> None:
    """Take over what an event brings: a certificate, the end of one, or both."""
    said = event.data
    if event.kind in ("certificate_voided", "certificate_replaced"):
        row = session.get(Certificate, str(said.get("number", "")))
        if row is not None and row.voided_at is None:
            row.voided_at, row.void_reason = event.at, str(said.get("reason", ""))
    got = said.get("certificate")
    if event.kind not in ("decided_granted", "certificate_replaced"):
        return
    if not isinstance(got, Mapping) or not got.get("number"):
        return
    keep(
        session,
        CertificateView(
            number=str(got["number"]),
            case_id=event.case,
            template=str(got.get("template", "")),
            template_version=str(got.get("template_version", "")),
            fields=got.get("fields") or {},
            issued_on=str(got.get("issued_on", "")),
            valid_until=str(got.get("valid_until") or ""),
            credential=str(got.get("credential", "")),
            received_at=now,
            voided_at=None,
            void_reason="",
            printed=0,
            replaces=str(said.get("number", "")),
        ),
    )


@dataclass(frozen=True)
class Unprinted:
    """A valid certificate of which no sheet was begun.

    Attributes:
        copies: Files of it.
        last: The copy counted last, or None.
    """

    number: str
    template: str
    copies: int
    last: CopyView | None


def to_print(session: Session) -> tuple[Unprinted, ...]:
    """Valid certificates of which no sheet was begun, oldest first.

    Those of one application are beside each other, in the order of its parts.
    """
    begun = select(Copy.document).where(Copy.outcome != "failed", Copy.way == "paper")
    document = "certificate:" + Certificate.number
    waits = Certificate.voided_at.is_(None), document.not_in(begun)
    rows = session.execute(
        select(Certificate, BundlePart)
        .outerjoin(BundlePart, BundlePart.case_id == Certificate.case_id)
        .where(*waits)
        .order_by(Certificate.received_at, Certificate.number)
    ).all()
    first: dict[UUID | str, int] = {}
    placed = []
    for at, (held, part) in enumerate(rows):
        group = part.bundle_id if part else held.number
        placed.append((first.setdefault(group, at), part.place if part else 0, at))
    counted: dict[str, list[Copy]] = {}
    wanted = Copy.document.in_(select(document).where(*waits))
    for copy in session.scalars(select(Copy).where(wanted).order_by(Copy.n)):
        counted.setdefault(copy.document, []).append(copy)
    found = []
    for _group, _place, at in sorted(placed):
        held = rows[at][0]
        copies = counted.get(f"certificate:{held.number}", [])
        kept = sum(copy.outcome != "failed" for copy in copies)
        last = _copy(copies[-1]) if copies else None
        found.append(Unprinted(held.number, held.template, kept, last))
    return tuple(found)


def voided(session: Session) -> dict[str, str]:
    """Void certificates of this office: day by number."""
    rows = session.scalars(select(Certificate).where(Certificate.voided_at.is_not(None)))
    return {row.number: f"{row.voided_at:%Y-%m-%d}" for row in rows}


def count_copy(
    session: Session,
    document: str,
    *,
    operator: UUID,
    login: str,
    reason: str,
    now: datetime,
    way: Way = "paper",
) -> int:
    """Count a copy before the paper moves; returns its position, 1 for the original.

    A copy known to have failed gives its position free again, so that the original is still
    the original after a paper jam.

    Raises:
        CopyUnderway: Nobody knows yet what became of the last one.
    """
    newest = _newest(session, document)
    if newest is not None and newest.outcome == "counted":
        raise CopyUnderway
    if newest is not None and newest.outcome == "failed":
        n = newest.n
        newest.at, newest.operator_id, newest.reason = now, operator, reason
        newest.outcome, newest.way, newest.job, newest.trouble = "counted", way, "", ""
    else:
        n = newest.n + 1 if newest else 1
        session.add(
            Copy(
                document=document,
                n=n,
                at=now,
                operator_id=operator,
                reason=reason,
                outcome="counted",
                way=way,
                job="",
                trouble="",
            )
        )
    audit.record(session, login, "copy_counted", document, {"n": n, "way": way}, now=now)
    return n


def note_job(session: Session, document: str, n: int, job: str) -> None:
    """Keep how the print system calls a copy, so that it can be asked after a restart."""
    row = session.get(Copy, (document, n))
    if row is not None and row.outcome == "counted":
        row.job = job


def note_outcome(
    session: Session,
    document: str,
    n: int,
    outcome: Outcome,
    *,
    login: str,
    now: datetime,
    trouble: str = "",
) -> None:
    """What became of a counted copy; `trouble` is the code of what kept it from paper.

    Two windows may follow one job: what is known already is noted once.

    Raises:
        CertificateGone: It was never counted.
    """
    row = session.get(Copy, (document, n))
    if row is None:
        raise CertificateGone
    if (row.outcome, row.trouble) == (outcome, trouble):
        return
    row.outcome, row.trouble = outcome, trouble
    detail = {"n": n} | ({"trouble": trouble} if trouble else {})
    audit.record(session, login, f"copy_{outcome}", document, detail, now=now)


def open_copies(session: Session) -> tuple[CopyView, ...]:
    """Copies of which nobody knows yet what became of them, oldest first."""
    rows = session.scalars(select(Copy).where(Copy.outcome == "counted").order_by(Copy.at))
    return tuple(map(_copy, rows))


def last_copy(session: Session, document: str) -> CopyView | None:
    """The copy counted last, or None."""
    row = _newest(session, document)
    return _copy(row) if row else None


def _newest(session: Session, document: str) -> Copy | None:
    query = select(Copy).where(Copy.document == document).order_by(Copy.n.desc()).limit(1)
    return session.scalars(query).first()


def _copy(row: Copy) -> CopyView:
    return CopyView(row.document, row.n, row.outcome, row.way, row.job, row.trouble)


def copies(session: Session, document: str) -> int:
    """How many copies were counted and are not known to have failed."""
    query = (
        select(func.count())
        .select_from(Copy)
        .where(Copy.document == document, Copy.outcome != "failed")
    )
    return session.scalar(query) or 0


def newest_copy(session: Session, document: str) -> int:
    """Position of the copy counted last; 0 for none."""
    return session.scalar(select(func.max(Copy.n)).where(Copy.document == document)) or 0


def _view(session: Session, row: Certificate) -> CertificateView:
    return CertificateView(
        number=row.number,
        case_id=row.case_id,
        template=row.template,
        template_version=row.template_version,
        fields=json.loads(row.fields),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        credential=row.credential,
        received_at=row.received_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
        printed=copies(session, f"certificate:{row.number}"),
        replaces=row.replaces,
    )
