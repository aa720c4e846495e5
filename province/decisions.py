"""What a reviewer may do with a case, and the certificate that a grant carries."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from province import numbering
from province.database import next_number
from province.errors import AlreadyDecided, CaseChanged, InConflict, LeaseEpoch, Malformed, Unknown
from province.feed import add_event, lock_feeds
from province.keys import Credential, SigningKey, fields_hash
from province.models import Case, CaseOwner, Certificate, Device, Feed, NumberBlock, Office
from province.packages import CertificatePlan

OPEN = ("under_review", "supplement_requested")
MAX_BLOCK = 2000
CLAIM_MS = 15 * 60_000


@dataclass(frozen=True)
class CertificateView:
    """A certificate as it goes over the wire (docs/protocol.md section 8)."""

    number: str
    template: str
    template_version: str
    fields: dict[str, object]
    issued_on: str
    valid_until: str | None
    credential: str


@dataclass(frozen=True)
class BlockView:
    """Numbers `first` to `last` with `prefix`, leased to one device."""

    id: str
    kind: str
    prefix: str
    first: int
    last: int
    epoch: int


def grant(
    session: Session,
    case_id: str,
    *,
    by: str,
    plan: CertificatePlan | None,
    key: SigningKey,
    issuer: str,
    today: date,
    now_ms: int,
    seen: str = "",
) -> CertificateView | None:
    """Grant the application; the certificate when the service gives one.

    `seen` is the submission that was looked at, and that `plan` was made of; "" for whichever.

    Raises:
        Unknown: No such case.
        AlreadyDecided: There is a decision.
        CaseChanged: `seen` is not the one that counts now.
    """
    feed, case = _open_case(session, case_id, seen)
    view = None
    data: dict[str, object] = {}
    if plan is not None:
        view = _certify(session, case, plan, key=key, issuer=issuer, today=today)
        data["certificate"] = asdict(view)
    add_event(session, feed, case, "decided_granted", data, by=by, now_ms=now_ms)
    return view


def refuse(
    session: Session, case_id: str, reason: str, *, by: str, now_ms: int, seen: str = ""
) -> None:
    """Refuse the application.

    Raises:
        CaseChanged: As `grant`.
        Unknown: No such case.
        AlreadyDecided: There is a decision.
        Malformed: No reason given.
    """
    feed, case = _open_case(session, case_id, seen)
    _say(session, feed, case, "decided_refused", reason, by=by, now_ms=now_ms)


def request_supplement(
    session: Session, case_id: str, reason: str, *, by: str, now_ms: int, seen: str = ""
) -> None:
    """Ask the office for what is missing.

    Raises:
        CaseChanged: As `grant`.
        Unknown: No such case.
        AlreadyDecided: There is a decision.
        Malformed: No reason given.
    """
    feed, case = _open_case(session, case_id, seen)
    _say(session, feed, case, "supplement_requested", reason, by=by, now_ms=now_ms)


def void(session: Session, number: str, reason: str, *, by: str, now_ms: int) -> None:
    """Void a certificate; its office hears of it and everybody can see it.

    Raises:
        Unknown: No such certificate.
    """
    row = session.get(Certificate, number, with_for_update=True)
    if row is None:
        raise Unknown
    if row.voided_ms is None:
        row.voided_ms = now_ms
        feed, case = _lock_case(session, row.case_id)
        data: dict[str, object] = {"number": number, "reason": reason}
        add_event(session, feed, case, "certificate_voided", data, by=by, now_ms=now_ms)


def claim_next(session: Session, department: str, login: str, now_ms: int) -> str | None:
    """Take the oldest case to review that nobody has in hand, for 15 minutes; its id.

    Rows that another transaction holds are passed over, so reviewers do not wait for each other.

    Args:
        session: Inside a transaction.
        department: Only its cases; "" for all.
        login: The reviewer; a case taken before by the same one comes again.
        now_ms: UTC in milliseconds since 1970.
    """
    query = select(Case).where(
        Case.status == "under_review",
        ~Case.conflicted,
        (Case.claimed_until_ms < now_ms) | (Case.claimed_by == login),
    )
    if department:
        query = query.where(Case.department == department)
    first = query.order_by(Case.received_ms, Case.id).limit(1)
    case = session.scalars(first.with_for_update(skip_locked=True)).one_or_none()
    if case is None:
        return None
    case.claimed_by, case.claimed_until_ms = login, now_ms + CLAIM_MS
    return case.id


def certificates_of(session: Session, case_id: str) -> tuple[Certificate, ...]:
    """Certificates given for a case."""
    return tuple(session.scalars(select(Certificate).where(Certificate.case_id == case_id)))


def lease(
    session: Session,
    *,
    block_id: str,
    kind: str,
    size: int,
    device_id: str,
    office_id: str,
    known_epoch: int | None = None,
) -> tuple[BlockView, bool]:
    """Lease numbers to a device; the same id gives the same block. Also: whether it is new.

    Args:
        session: Inside a transaction.
        block_id: Made by the device.
        kind: What the numbers are for.
        size: How many, at most 2,000.
        device_id: Who asks.
        office_id: Its office; numbers are unique in the office's division.
        known_epoch: The highest epoch of a block that the device knows of; None if it does not say.

    Raises:
        Unknown: The block belongs to another device.
        LeaseEpoch: The device was leased blocks that it does not know of: its store was put back.
    """
    device = session.get_one(Device, device_id, with_for_update=True)
    row = session.get(NumberBlock, block_id)
    if row is not None and row.device_id != device_id:
        raise Unknown
    # A device asks for one block until it has it: with a later one leased it had this one too.
    again = row is not None and row.epoch == device.lease_epoch
    if known_epoch is not None and known_epoch < device.lease_epoch and not again:
        now = str(device.lease_epoch)
        raise LeaseEpoch([{"pointer": "/epoch", "code": "lease-epoch", "message": now}])
    if row is not None:
        return _block(row), False
    mark = numbering.mark(session)
    if known_epoch is not None and known_epoch > device.lease_epoch:
        # It was leased more than stands here, so this database was put back and counts again what
        # it counted before. A device's word alone begins no new epoch for all.
        mark, device.lease_epoch = f"{secrets.token_hex(2).upper()}-", known_epoch
    division = session.get_one(Office, office_id).division
    device.lease_epoch += 1
    first = next_number(session, numbering.scope(division, kind), size)
    row = NumberBlock(
        id=block_id,
        device_id=device_id,
        kind=kind,
        prefix=f"{division}-{mark}",
        first=first,
        last=first + size - 1,
        epoch=device.lease_epoch,
    )
    session.add(row)
    return _block(row), True


def _block(row: NumberBlock) -> BlockView:
    return BlockView(row.id, row.kind, row.prefix, row.first, row.last, row.epoch)


def find_case(session: Session, case_id: str) -> Case:
    """A case by its id alone, as the desk knows it.

    Raises:
        Unknown: No such case.
    """
    owner = session.get(CaseOwner, case_id)
    if owner is None:
        raise Unknown
    return session.get_one(Case, (owner.office_id, case_id))


def _lock_case(session: Session, case_id: str) -> tuple[Feed, Case]:
    owner = session.get(CaseOwner, case_id)
    if owner is None:
        raise Unknown
    feed = lock_feeds(session, [owner.office_id])[owner.office_id]
    return feed, session.get_one(Case, (owner.office_id, case_id), populate_existing=True)


def _open_case(session: Session, case_id: str, seen: str) -> tuple[Feed, Case]:
    feed, case = _lock_case(session, case_id)
    if case.status not in OPEN:
        raise AlreadyDecided
    if seen and seen != case.submission_id:
        raise CaseChanged
    if case.conflicted:
        raise InConflict
    return feed, case


def _say(
    session: Session, feed: Feed, case: Case, kind: str, reason: str, *, by: str, now_ms: int
) -> None:
    if not reason.strip():
        raise Malformed
    add_event(session, feed, case, kind, {"reason": reason.strip()}, by=by, now_ms=now_ms)


def _certify(
    session: Session,
    case: Case,
    plan: CertificatePlan,
    *,
    key: SigningKey,
    issuer: str,
    today: date,
) -> CertificateView:
    division = session.get_one(Office, case.office_id).division
    serial = next_number(session, f"certificate:{today.year}:{division}")
    number = f"LM{today.year}-{division}-{numbering.mark(session)}{serial:06d}"
    until = plan.valid_until(today)
    holder = plan.holder or case.applicant  # what was checked, not what stood beside it
    fields: dict[str, object] = {
        **plan.fields,
        "number": number,
        "issuer": issuer,
        "issued_on": today.isoformat(),
        "valid_until": until.isoformat() if until else "",
    }
    credential = key.credential(
        Credential(
            issuer=issuer,
            number=number,
            template=plan.template,
            holder=holder,
            id_tail=(plan.id_no or case.id_no)[-4:],
            issued_on=today.isoformat(),
            valid_until=until.isoformat() if until else None,
            fields_hash=fields_hash(fields),
        )
    )
    session.add(
        Certificate(
            number=number,
            office_id=case.office_id,
            case_id=case.id,
            template=plan.template,
            holder=holder,
            issued_on=today.isoformat(),
            valid_until=until.isoformat() if until else None,
            credential=credential,
        )
    )
    return CertificateView(
        number=number,
        template=plan.template,
        template_version=plan.template_version,
        fields=fields,
        issued_on=today.isoformat(),
        valid_until=until.isoformat() if until else None,
        credential=credential,
    )
