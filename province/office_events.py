"""What offices decide by themselves: taken in once, checked, and answered with a receipt.

docs/protocol.md section 19. The office decides where the service says so; the province checks that
it may, keeps what it said, and tells every device of the office and everybody who verifies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from province import delegations
from province.decisions import OPEN
from province.encoding import canonical, to_rfc3339
from province.errors import (
    AlreadyDecided,
    CertificateRefused,
    IdConflict,
    InConflict,
    Invalid,
    Malformed,
    NotYourCase,
    NotYoursToDecide,
    ServiceUnknown,
    Unknown,
)
from province.feed import add_event, lock_feeds
from province.keys import Credential, SigningKey, fields_hash
from province.members import NO_NUL, Moment, at_most
from province.models import (
    Case,
    CaseOwner,
    Certificate,
    Device,
    Feed,
    NumberBlock,
    Office,
    OfficeEvent,
    Submission,
)
from province.packages import CertificatePlan, Services
from province.trust import Ring

if TYPE_CHECKING:
    from province.accounts import Caller
    from province.app import Province

KIND = "certificate"  # of the number blocks
Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Number = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]
MOST_FIELDS = 200  # that a template prints
SENSIBLE = range(2000, 2100)  # years; others are no dates of this office's life


class CertificateIn(BaseModel):
    """A certificate that the office issued (section 8)."""

    number: Number
    template: Annotated[str, Field(max_length=64, pattern=NO_NUL)]
    template_version: Annotated[str, Field(max_length=64, pattern=NO_NUL)]
    fields: Annotated[dict[str, str], at_most(MOST_FIELDS)]
    issued_on: date
    valid_until: date | None
    credential: Annotated[str, Field(max_length=2000, pattern=NO_NUL)]


class DataIn(BaseModel):
    """What the kinds hold; each only some of it."""

    reason: Text = ""
    number: Annotated[str, Field(max_length=64, pattern=NO_NUL)] = ""
    confirmed_by: Annotated[str, Field(max_length=100, pattern=NO_NUL)] = ""
    certificate: CertificateIn | None = None


class EventIn(BaseModel):
    """Body of `PUT /cases/{case}/events/{event}`."""

    kind: Literal[
        "decided_granted",
        "decided_refused",
        "withdrawn",
        "certificate_voided",
        "certificate_replaced",
    ]
    at: Moment
    by: Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]
    submission: UUID
    data: DataIn


@dataclass(frozen=True)
class Said:
    """An event of an office that was read; `digest` is over the canonical JSON of its body."""

    case_id: str
    event_id: str
    body: EventIn
    digest: str
    written: str


def read(case: UUID, event: UUID, found: EventIn, body: Mapping[str, Any]) -> Said:
    """Read a request.

    Args:
        case: Of which case.
        event: Id of the event.
        found: The body as read.
        body: The body as it came.

    Raises:
        Invalid: A kind lacks what it must say, or the body holds what no JSON says.
    """
    needs = {
        "decided_granted": (),
        "decided_refused": ("reason",),
        "withdrawn": ("reason",),
    }.get(found.kind, ("reason", "number", "confirmed_by"))
    lacking = [name for name in needs if not getattr(found.data, name).strip()]
    if found.kind == "certificate_replaced" and found.data.certificate is None:
        lacking.append("certificate")
    if found.at.year not in SENSIBLE:
        lacking.append("at")
    if found.data.certificate and found.data.certificate.issued_on.year not in SENSIBLE:
        lacking.append("issued_on")
    if lacking:
        raise Invalid(
            [{"pointer": f"/data/{name}", "code": "missing", "message": ""} for name in lacking]
        )
    try:
        data = canonical(body)
    except (ValueError, TypeError, RecursionError):  # half a character, or what JSON has not
        raise Invalid from None
    return Said(str(case), str(event), found, sha256(data).hexdigest(), data.decode())


def take(province: Province, caller: Caller, said: Said) -> tuple[dict[str, str], bool]:
    """Check and keep an event, durably; its receipt, and whether it is new.

    Raises:
        ProvinceError: Why it is not taken.
    """
    return province.database.write(
        _take, caller, said, province.services, province.ring, province.now_ms()
    )


def held(session: Session, office_id: str, event_ids: list[str]) -> set[str]:
    """Which of these events of the office the province has given a receipt for."""
    query = select(OfficeEvent.id).where(
        OfficeEvent.office_id == office_id, OfficeEvent.id.in_(sorted(event_ids))
    )
    return set(session.scalars(query))


def _take(
    session: Session, caller: Caller, said: Said, services: Services, ring: Ring, now_ms: int
) -> tuple[dict[str, str], bool]:
    feed = lock_feeds(session, [caller.office_id])[caller.office_id]
    known = session.get(OfficeEvent, (caller.office_id, said.event_id))
    if known is not None:
        if known.case_id != said.case_id or known.digest != said.digest:
            raise IdConflict
        return json.loads(known.receipt), False
    case = _own_case(session, caller, said)
    acts = _Acts(session, caller, case, said, services, ring, now_ms)
    match said.body.kind:
        case "decided_granted" | "decided_refused":
            acts.decide()
        case "withdrawn":
            acts.withdraw()
        case "certificate_voided":
            acts.void()
        case "certificate_replaced":
            acts.replace()
    acts.tell(feed)
    return acts.keep(ring.current), True


def _own_case(session: Session, caller: Caller, said: Said) -> Case:
    owner = session.get(CaseOwner, said.case_id)
    if owner is None:
        raise Unknown
    if owner.office_id != caller.office_id:
        raise NotYourCase
    return session.get_one(Case, (caller.office_id, said.case_id), populate_existing=True)


@dataclass
class _Acts:
    session: Session
    caller: Caller
    case: Case
    said: Said
    services: Services
    ring: Ring
    now_ms: int
    _plan: CertificatePlan | None = None

    def decide(self) -> None:
        self._demand_authority()
        if self.case.conflicted:
            raise InConflict
        if self.case.status not in OPEN:
            raise AlreadyDecided
        if self.said.body.data.certificate is not None:
            if self.said.body.kind == "decided_refused":
                raise Invalid
            self._register(self.said.body.data.certificate, replaces="")

    def withdraw(self) -> None:
        self._submission()
        if self.case.status not in OPEN:
            raise AlreadyDecided

    def void(self) -> None:
        number = self.said.body.data.number
        row = self.session.get(Certificate, number, with_for_update=True)
        if row is None:
            self._block_of(number, self._devices())
            row = self._row(number, issued_on=to_rfc3339(self._at_ms)[:10])
            self.session.add(row)
        if row.office_id != self.caller.office_id or not delegations.NUMBER.fullmatch(number):
            raise NotYoursToDecide
        if row.case_id != self.case.id:
            raise _refused("number")
        row.voided_ms = row.voided_ms or self.now_ms

    def replace(self) -> None:
        self._demand_authority()
        certificate = self.said.body.data.certificate
        if certificate is None or self.case.status != "decided_granted":
            raise AlreadyDecided
        old = self.session.get(Certificate, self.said.body.data.number, with_for_update=True)
        if old is None or old.voided_ms:  # it never counted, or somebody ended it first
            raise AlreadyDecided
        self.void()
        self._register(certificate, replaces=self.said.body.data.number)

    def tell(self, feed: Feed) -> None:
        body = self.said.body
        add_event(
            self.session,
            feed,
            self.case,
            body.kind,
            body.data.model_dump(mode="json", exclude_defaults=True),
            by=body.by,
            now_ms=self.now_ms,
            event_id=self.said.event_id,
            at_ms=self._at_ms,
        )

    def keep(self, key: SigningKey) -> dict[str, str]:
        receipt = key.receipt(
            {
                "v": 1,
                "case": self.case.id,
                "event": self.said.event_id,
                "office": self.caller.office_id,
                "sha256": self.said.digest,
                "received_at": to_rfc3339(self.now_ms),
            },
            purpose=b"lastmile/1 event-receipt\n",
        )
        self.session.add(
            OfficeEvent(
                office_id=self.caller.office_id,
                id=self.said.event_id,
                case_id=self.case.id,
                device_id=self.caller.device_id,
                digest=self.said.digest,
                body=self.said.written,
                receipt=json.dumps(receipt),
                received_ms=self.now_ms,
            )
        )
        return receipt

    @property
    def _at_ms(self) -> int:
        return int(self.said.body.at.astimezone(UTC).timestamp() * 1000)

    def _submission(self) -> Submission:
        named = (self.caller.office_id, str(self.said.body.submission))
        found = self.session.get(Submission, named)
        if found is None or found.case_id != self.case.id or not found.receipt:
            raise Unknown
        return found

    def _demand_authority(self) -> None:
        submission = self._submission()
        service = self.services.find(self.case.service, submission.service_version)
        if service is None:
            raise ServiceUnknown
        if not service.package.decision.lies_with(self._division()):
            raise NotYoursToDecide
        self._plan = service.plan(submission.xml)

    def _register(self, certificate: CertificateIn, *, replaces: str) -> None:
        """Keep a certificate that is proven to be this device's and to say what the case says."""
        self._block_of(certificate.number, [self.caller.device_id])
        if not certificate.number.startswith(f"LM{certificate.issued_on.year}-"):
            raise _refused("number")
        if self.session.get(Certificate, certificate.number) is not None:
            raise _refused("number")  # given out twice: a store was put back
        try:
            content, word = delegations.read_credential(
                self.session, certificate.credential, self.ring
            )
        except Malformed:
            raise _refused("credential") from None
        device = self.session.get_one(Device, self.caller.device_id)
        plan = self._plan
        if plan is None or plan.template != certificate.template:
            raise _refused("template")
        if word.public != device.public_key or word.division != self._division():
            raise _refused("credential")
        issued_on = certificate.issued_on.isoformat()
        until = plan.valid_until(certificate.issued_on)
        fields: dict[str, object] = {
            **plan.fields,
            "number": certificate.number,
            "issuer": word.office,
            "issued_on": issued_on,
            "valid_until": until.isoformat() if until else "",
            **({"replaces": replaces} if replaces else {}),
        }
        if certificate.fields != fields or certificate.valid_until != until:
            raise _refused("fields")
        expected = Credential(
            issuer=word.office,
            number=certificate.number,
            template=plan.template,
            holder=plan.holder or self.case.applicant,
            id_tail=(plan.id_no or self.case.id_no)[-4:],
            issued_on=issued_on,
            valid_until=until.isoformat() if until else None,
            fields_hash=fields_hash(fields),
        )
        if content != expected:
            raise _refused("credential")
        row = self._row(certificate.number, issued_on)
        row.template, row.holder = plan.template, expected.holder
        row.valid_until, row.credential = expected.valid_until, certificate.credential
        self.session.add(row)

    def _row(self, number: str, issued_on: str) -> Certificate:
        return Certificate(
            number=number,
            office_id=self.caller.office_id,
            case_id=self.case.id,
            template="",
            holder="",
            issued_on=issued_on,
            credential="",
        )

    def _division(self) -> str:
        return self.session.get_one(Office, self.caller.office_id).division

    def _devices(self) -> list[str]:
        query = select(Device.id).where(Device.office_id == self.caller.office_id)
        return list(self.session.scalars(query))

    def _block_of(self, number: str, devices: list[str]) -> None:
        """Refuse a number that was not leased to one of the devices for certificates."""
        read = delegations.NUMBER.fullmatch(number)
        if read is None or not read[1].startswith(f"{self._division()}-"):
            raise _refused("number")  # a device that moved here brings no numbers along
        if read[2] != f"{int(read[2]):06d}":
            raise _refused("number")  # one number has one way to be written
        query = select(NumberBlock.id).where(
            NumberBlock.device_id.in_(devices),
            NumberBlock.kind == KIND,
            NumberBlock.prefix == read[1],
            NumberBlock.first <= int(read[2]),
            NumberBlock.last >= int(read[2]),
        )
        if self.session.scalars(query.limit(1)).first() is None:
            raise _refused("number")


def _refused(member: str) -> CertificateRefused:
    return CertificateRefused(
        [{"pointer": f"/data/certificate/{member}", "code": member, "message": ""}]
    )
