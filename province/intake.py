"""Taking a case in, once, and saying so with a signature (docs/protocol.md section 5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from province.accounts import Caller
from province.encoding import canonical, from_b64, to_time
from province.errors import IdConflict, Malformed, NotYourCase, SubmissionInvalid
from province.feed import add_event
from province.keys import SigningKey
from province.models import Case, Submission
from province.packages import Service
from province.uploads import missing_files

if TYPE_CHECKING:
    from province.app import Province

DIGEST = r"^[0-9a-f]{64}$"


class Applicant(BaseModel):
    """Who applies."""

    name: str = Field(max_length=200)
    id_no: str = Field(default="", max_length=40)


class Attachment(BaseModel):
    """A file that belongs to a submission; `size` in bytes."""

    name: str = Field(min_length=1, max_length=255)
    media_type: str = Field(default="application/octet-stream", max_length=100)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=DIGEST)


class SubmissionIn(BaseModel):
    """Body of `PUT /cases/{case}/submissions/{submission}`."""

    model_config = ConfigDict(extra="ignore")

    number: str = Field(max_length=64)
    service: str = Field(max_length=64)
    service_version: str = Field(max_length=32)
    language: str = Field(default="zh", max_length=64)
    accepted_at: datetime
    accepted_by: str = Field(default="", max_length=100)
    replaces: UUID | None = None
    applicant: Applicant
    sha256: str = Field(pattern=DIGEST)
    xml: str
    attachments: list[Attachment] = Field(default_factory=list, max_length=500)


@dataclass(frozen=True)
class Outcome:
    """What the device is told: files still missing, or the receipt, and whether it is new."""

    missing: tuple[str, ...] = ()
    receipt: dict[str, str] | None = None
    new: bool = False


def read_xml(body: SubmissionIn) -> bytes:
    """The submission document, whole and well-formed.

    Raises:
        Malformed: Its SHA-256 differs from the one named.
        SubmissionInvalid: Not XML.
    """
    xml = from_b64(body.xml)
    if sha256(xml).hexdigest() != body.sha256:
        raise Malformed([_error("/sha256", "sha256")])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise SubmissionInvalid([_error("/xml", "xml")]) from None
    return xml


def check(service: Service | None, xml: bytes) -> None:
    """Run the service's own rules over the submission; without the service there are none.

    Raises:
        SubmissionInvalid: Names the questions that fail, in the form's words.
    """
    problems = service.problems(xml) if service else ()
    if problems:
        raise SubmissionInvalid([_error(p.ref, p.condition, p.message) for p in problems])


def take(
    session: Session,
    caller: Caller,
    *,
    case_id: str,
    submission_id: str,
    body: SubmissionIn,
    xml: bytes,
    service: Service | None,
    key: SigningKey,
    now_ms: int,
) -> Outcome:
    """Hold a submission; give the receipt when all its files are here.

    Raises:
        NotYourCase: The case belongs to another office.
        IdConflict: Another content is held under the id, or the case number changed.
    """
    held_case = session.get(Case, case_id, with_for_update=True)
    if held_case is not None and held_case.office_id != caller.office_id:
        raise NotYourCase
    content = sha256(canonical(body.model_dump(mode="json"))).hexdigest()
    held = session.get(Submission, submission_id)
    if held is not None and (held.case_id != case_id or held.digest != content):
        raise IdConflict
    if held is not None and held.receipt is not None:
        return Outcome(receipt=json.loads(held.receipt))
    case = held_case or _new_case(session, caller, case_id, body, service, now_ms)
    if held is None:
        held = _new_submission(case_id, submission_id, body, xml, content, service)
        session.add(held)
        session.flush()
    missing = missing_files(session, caller.office_id, {a.sha256 for a in body.attachments})
    if missing:
        return Outcome(missing=tuple(missing))
    receipt = key.receipt(
        {
            "v": 1,
            "case": case_id,
            "submission": submission_id,
            "office": caller.office_id,
            "sha256": body.sha256,
            "files": [a.model_dump(include={"name", "size", "sha256"}) for a in body.attachments],
            "received_at": to_time(datetime.fromtimestamp(now_ms / 1000, UTC)),
        }
    )
    held.receipt = json.dumps(receipt)
    _place(session, case, held, body, now_ms)
    return Outcome(receipt=receipt, new=True)


def submit(
    province: Province, caller: Caller, case_id: UUID, submission_id: UUID, body: SubmissionIn
) -> tuple[int, dict[str, object]]:
    """Check and take in one submission; status and body of the answer.

    Raises:
        ProvinceError: It is refused.
    """
    xml = read_xml(body)
    service = province.services.find(body.service, body.service_version)
    check(service, xml)
    outcome = province.database.write(
        take,
        caller,
        case_id=str(case_id),
        submission_id=str(submission_id),
        body=body,
        xml=xml,
        service=service,
        key=province.key,
        now_ms=province.now_ms(),
    )
    if outcome.receipt is None:
        return 202, {"missing": list(outcome.missing)}
    return 201 if outcome.new else 200, {**outcome.receipt}


def _new_case(
    session: Session,
    caller: Caller,
    case_id: str,
    body: SubmissionIn,
    service: Service | None,
    now_ms: int,
) -> Case:
    case = Case(
        id=case_id,
        office_id=caller.office_id,
        number=body.number,
        service=body.service,
        service_name=service.name if service else body.service,
        service_name_en=service.name_en if service else body.service,
        department=service.department if service else "",
        status="incoming",
        received_ms=now_ms,
        applicant=body.applicant.name,
        id_no=body.applicant.id_no,
    )
    session.add(case)
    session.flush()
    return case


def _new_submission(
    case_id: str,
    submission_id: str,
    body: SubmissionIn,
    xml: bytes,
    content: str,
    service: Service | None,
) -> Submission:
    return Submission(
        id=submission_id,
        case_id=case_id,
        digest=content,
        service_version=body.service_version,
        language=body.language,
        xml=xml,
        manifest=canonical([a.model_dump() for a in body.attachments]).decode(),
        accepted_at=to_time(body.accepted_at),
        accepted_by=body.accepted_by,
        checked=service is not None,
    )


def _place(session: Session, case: Case, held: Submission, body: SubmissionIn, now_ms: int) -> None:
    case.submission_id = held.id
    case.applicant, case.id_no = body.applicant.name, body.applicant.id_no
    if case.status in ("incoming", "supplement_requested"):
        data: dict[str, object] = {"department": case.department}
        add_event(session, case, "under_review", data, by=case.department, now_ms=now_ms)


def _error(pointer: str, code: str, message: str = "") -> dict[str, str]:
    return {"pointer": pointer, "code": code, "message": message}
