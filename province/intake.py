"""Taking cases in, once, and saying so with a signature (docs/protocol.md section 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forms.errors import FormError
from province import numbering, room, together, versions
from province.encoding import canonical, from_b64, to_time
from province.errors import (
    IdConflict,
    Malformed,
    NotYourCase,
    ProvinceError,
    ServiceUnknown,
    SubmissionInvalid,
    TooLarge,
)
from province.feed import add_event, lock_feeds
from province.keys import SigningKey
from province.members import NO_NUL, Moment
from province.models import Case, CaseOwner, Feed, Submission, Upload
from province.packages import Service, Services
from province.room import Room
from province.together import TogetherIn

if TYPE_CHECKING:
    from province.accounts import Caller
    from province.app import Province

DIGEST = r"^[0-9a-f]{64}$"
Text = Annotated[str, Field(pattern=NO_NUL)]
MAX_BATCH = 200


class Applicant(BaseModel):
    """Who applies."""

    name: Text = Field(max_length=200)
    id_no: Text = Field(default="", max_length=40)


class Attachment(BaseModel):
    """A file that belongs to a submission; `size` in bytes."""

    name: Text = Field(min_length=1, max_length=255)
    media_type: Text = Field(default="application/octet-stream", max_length=100)
    size: int = Field(ge=0, lt=2**53)
    sha256: str = Field(pattern=DIGEST)


class SubmissionIn(BaseModel):
    """Body of `PUT /cases/{case}/submissions/{submission}`."""

    model_config = ConfigDict(extra="ignore")

    number: Text = Field(max_length=64)
    service: Text = Field(max_length=64)
    service_version: Text = Field(max_length=32)
    language: Text = Field(default="zh", max_length=64)
    accepted_at: Moment
    accepted_by: Text = Field(default="", max_length=100)
    replaces: UUID | None = None
    merges: list[UUID] = Field(default_factory=list, max_length=8)
    together: TogetherIn | None = None
    applicant: Applicant
    sha256: str = Field(pattern=DIGEST)
    xml: str = Field(description="base64 of the submission document")
    attachments: list[Attachment] = Field(default_factory=list, max_length=500)


@dataclass(frozen=True)
class Arrival:
    """A submission that was read and whose own document is whole.

    `service` is None only where the same content was checked before.
    """

    office_id: str
    device_id: str
    case_id: str
    submission_id: str
    body: SubmissionIn
    xml: bytes
    content: str  # SHA-256 of the canonical request
    service: Service | None = None


@dataclass(frozen=True)
class Outcome:
    """What the device is told: files still missing, or the receipt, and whether it is new."""

    missing: tuple[str, ...] = ()
    receipt: dict[str, str] | None = None
    new: bool = False


Answer = Outcome | ProvinceError
Wanted = tuple[UUID, UUID, SubmissionIn | ProvinceError]  # case, submission, and what was sent
Written = tuple[int, dict[str, object]]  # status and body of an answer


def submit_all(province: Province, caller: Caller, wanted: Sequence[Wanted]) -> list[Written]:
    """Check and take in submissions, durably; for each the status and body of its answer.

    What was checked once is not checked again, so a repetition is cheap and outlives its service.
    """
    read = [_read(caller, *each) for each in wanted]
    ids = [a.submission_id for a in read if isinstance(a, Arrival)]
    known = province.database.read(checked, caller.office_id, ids)
    judged = [_check(each, known, province.services) for each in read]
    taken = iter(province.take([each for each in judged if isinstance(each, Arrival)]))
    return [_write(next(taken) if isinstance(each, Arrival) else each) for each in judged]


def read_arrival(caller: Caller, case: UUID, submission: UUID, body: SubmissionIn) -> Arrival:
    """Read a request.

    Raises:
        Malformed: The document's SHA-256 differs from the one named, or the case is not among
            those that it says it came with.
    """
    xml = from_b64(body.xml)
    if sha256(xml).hexdigest() != body.sha256:
        raise Malformed([_error("/sha256", "sha256")])
    if body.together is not None and case not in body.together.cases:
        raise Malformed([_error("/together/cases", "case")])
    left_out = {"merges"} if not body.merges else set()
    left_out |= {"together"} if body.together is None else set()
    said = body.model_dump(mode="json", exclude=left_out)
    content = sha256(canonical(said)).hexdigest()
    ids = str(case), str(submission)
    return Arrival(caller.office_id, caller.device_id, *ids, body, xml, content)


def held(session: Session, office_id: str, submission_ids: Sequence[str]) -> set[str]:
    """Which of the submissions the province holds with a receipt."""
    query = _of_office(office_id, submission_ids).where(Submission.receipt.is_not(None))
    return {row.id for row in session.execute(query)}


def checked(session: Session, office_id: str, submission_ids: Sequence[str]) -> dict[str, str]:
    """Which are held at all, files still missing or not: their content's SHA-256."""
    query = _of_office(office_id, submission_ids)
    return {row.id: row.digest for row in session.execute(query)}


def _of_office(office_id: str, submission_ids: Sequence[str]) -> Select[str, str]:
    return select(Submission.id, Submission.digest).where(
        Submission.office_id == office_id, Submission.id.in_(sorted(submission_ids))
    )


def check(arrival: Arrival, services: Services) -> Service:
    """Run the service's own rules over the document; the service.

    Raises:
        ServiceUnknown: The province does not hold the service in this version.
        SubmissionInvalid: Not XML, not of the form, or names the questions that fail, in the form's
            words.
    """
    service = services.find(arrival.body.service, arrival.body.service_version)
    if service is None or service.package.bundle is not None:  # its parts come by themselves
        raise ServiceUnknown
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(arrival.xml, parser)
    except etree.XMLSyntaxError:
        raise SubmissionInvalid([_error("/xml", "xml")]) from None
    try:
        problems = service.problems(arrival.xml)
    except FormError as error:  # no document of this form, or one that means harm
        raise SubmissionInvalid([_error("/xml", error.code)]) from None
    if problems:
        raise SubmissionInvalid([_error(p.ref, p.condition, p.message) for p in problems])
    return service


def take_all(
    session: Session, arrivals: Sequence[Arrival], key: SigningKey, now_ms: int, limits: Room
) -> list[Answer]:
    """Hold the submissions, each judged by itself; receipts where all files are here.

    One transaction for all, with a handful of statements however many they are.

    Returns:
        For each arrival in order its outcome, or `NotYourCase`, `IdConflict` or `TooLarge`.
    """
    desk = _Desk(session, arrivals, key, now_ms, limits)
    answers: list[Answer] = []
    for arrival in arrivals:
        try:
            answers.append(desk.take(arrival))
        except ProvinceError as error:
            answers.append(error)
    desk.finish()
    return answers


class _Desk:
    """What is held of all that arrives together, read once under the offices' locks."""

    def __init__(
        self,
        session: Session,
        arrivals: Sequence[Arrival],
        key: SigningKey,
        now_ms: int,
        limits: Room,
    ) -> None:
        self._session, self._key, self._now_ms = session, key, now_ms
        self._most_bytes = limits.device_bytes
        offices = sorted({a.office_id for a in arrivals})
        cases = sorted({a.case_id for a in arrivals})
        self._feeds: Mapping[str, Feed] = lock_feeds(session, offices)
        self._owners = {
            row.case_id: row.office_id
            for row in session.scalars(select(CaseOwner).where(CaseOwner.case_id.in_(cases)))
        }
        self._cases: dict[tuple[str, str], Case] = {}
        if self._owners:
            query = select(Case).where(Case.office_id.in_(offices), Case.id.in_(cases))
            self._cases = {(row.office_id, row.id): row for row in session.scalars(query)}
        submissions = sorted({a.submission_id for a in arrivals})
        self._held = {
            (row.office_id, row.id): row
            for row in session.scalars(
                select(Submission).where(
                    Submission.office_id.in_(offices), Submission.id.in_(submissions)
                )
            )
        }
        digests = sorted({f.sha256 for a in arrivals for f in a.body.attachments})
        self._files = room.here(session, offices, digests, now_ms - limits.kept_ms)
        self._fresh: list[Upload] = []  # files that a case names for the first time
        self._to_number: list[Case] = []
        self._numbers = numbering.taken(session, offices, {a.body.number for a in arrivals})

    def take(self, arrival: Arrival) -> Outcome:
        office, body = arrival.office_id, arrival.body
        if self._owners.get(arrival.case_id, office) != office:
            raise NotYourCase
        held = self._held.get((office, arrival.submission_id))
        if held is not None:
            if held.case_id != arrival.case_id or held.digest != arrival.content:
                raise IdConflict
            if held.receipt is not None:
                return Outcome(receipt=json.loads(held.receipt))
        case = self._cases.get((office, arrival.case_id))
        self._compare(case, arrival)
        wanted = {a.sha256: a.size for a in body.attachments}
        files = self._files[office]
        missing = wanted.keys() - files.keys()
        if held is None and sum(room.counted(wanted[each]) for each in missing) > self._most_bytes:
            raise TooLarge  # no device could ever bring all of it
        case = case or self._new_case(arrival)
        if held is None:
            held = self._held[office, arrival.submission_id] = _new_submission(arrival)
            self._session.add(held)
        if missing:
            room.touch(files, wanted, self._now_ms)
            return Outcome(missing=tuple(sorted(missing)))
        receipt = self._key.receipt(_receipt(arrival, self._now_ms))
        held.receipt = json.dumps(receipt)
        self._fresh += room.name(files, wanted)
        self._place(case, arrival)
        return Outcome(receipt=receipt, new=True)

    def finish(self) -> None:
        """Number all cases of which something provisional came, together; make room."""
        numbering.give_final(self._session, self._feeds, self._to_number, self._now_ms)
        room.give_back(self._session, self._fresh)

    def _compare(self, case: Case | None, arrival: Arrival) -> None:
        """Refuse what would contradict what is held: another service, another size of a file."""
        files = self._files[arrival.office_id]
        wrong = [
            _error(f"/attachments/{at}/size", "size")
            for at, a in enumerate(arrival.body.attachments)
            if a.sha256 in files and files[a.sha256].length_bytes != a.size
        ]
        if case is not None and case.service != arrival.body.service:
            wrong.append(_error("/service", "service"))
        if wrong:
            raise SubmissionInvalid(wrong)

    def _new_case(self, arrival: Arrival) -> Case:
        service, body = arrival.service, arrival.body
        if service is None:  # held a moment ago, then put back by a restore: check it anew
            raise ServiceUnknown
        case = Case(
            id=arrival.case_id,
            office_id=arrival.office_id,
            number=body.number,
            doubled=(arrival.office_id, body.number) in self._numbers,
            service=body.service,
            service_name=service.name,
            service_name_en=service.name_en,
            department=service.department,
            status="incoming",
            received_ms=self._now_ms,
            applicant=body.applicant.name,
            id_no=body.applicant.id_no,
            claimed_until_ms=0,
        )
        self._numbers.add((arrival.office_id, body.number))
        self._cases[arrival.office_id, arrival.case_id] = case
        self._owners[arrival.case_id] = arrival.office_id
        self._session.add(CaseOwner(case_id=arrival.case_id, office_id=arrival.office_id))
        self._session.add(case)
        together.note(self._session, arrival.office_id, arrival.case_id, body.together)
        return case

    def _place(self, case: Case, arrival: Arrival) -> None:
        applicant = arrival.body.applicant
        if case.submission_id is None and self._wants_number(case):
            self._to_number.append(case)
        if case.submission_id is None or not self._fork(case, arrival):
            case.submission_id = arrival.submission_id
            case.applicant, case.id_no = applicant.name, applicant.id_no
        named: dict[str, object] = {"submission": arrival.submission_id}
        if case.status in ("incoming", "supplement_requested"):
            named["department"] = case.department
            self._tell(case, "under_review", named, by=case.department)
        else:
            self._tell(case, "received", {**named, "status": case.status})

    def _wants_number(self, case: Case) -> bool:
        """Whether its number is provisional, or another case of the office came with it before."""
        return case.number.startswith(numbering.PROVISIONAL) or bool(case.doubled)

    def _fork(self, case: Case, arrival: Arrival) -> bool:
        """Say so when two versions now stand beside each other, or no longer do."""
        found = versions.heads(self._session, case)
        if len(found) > 1:
            self._tell(case, "conflict", {"heads": found, "device": arrival.device_id})
        elif case.conflicted:
            self._tell(case, "conflict_settled", {"submission": arrival.submission_id})
        case.conflicted = len(found) > 1
        return case.conflicted

    def _tell(self, case: Case, kind: str, data: dict[str, object], by: str = "") -> None:
        feed = self._feeds[case.office_id]
        add_event(self._session, feed, case, kind, data, by=by, now_ms=self._now_ms)


def _new_submission(arrival: Arrival) -> Submission:
    body = arrival.body
    return Submission(
        id=arrival.submission_id,
        office_id=arrival.office_id,
        case_id=arrival.case_id,
        digest=arrival.content,
        service_version=body.service_version,
        language=body.language,
        xml=arrival.xml,
        manifest=canonical([a.model_dump() for a in body.attachments]).decode(),
        accepted_at=to_time(body.accepted_at),
        accepted_by=body.accepted_by,
        replaces=json.dumps([str(i) if i else None for i in (body.replaces, *body.merges)]),
        applicant=canonical(body.applicant.model_dump()).decode(),
    )


def _receipt(arrival: Arrival, now_ms: int) -> dict[str, object]:
    files = arrival.body.attachments
    return {
        "v": 1,
        "case": arrival.case_id,
        "submission": arrival.submission_id,
        "office": arrival.office_id,
        "sha256": arrival.body.sha256,
        "files": [a.model_dump(include={"name", "size", "sha256"}) for a in files],
        "received_at": to_time(datetime.fromtimestamp(now_ms / 1000, UTC)),
    }


def _read(
    caller: Caller, case: UUID, submission: UUID, body: SubmissionIn | ProvinceError
) -> Arrival | ProvinceError:
    if isinstance(body, ProvinceError):
        return body
    try:
        return read_arrival(caller, case, submission, body)
    except ProvinceError as error:
        return error


def _check(
    arrival: Arrival | ProvinceError, known: Mapping[str, str], services: Services
) -> Arrival | ProvinceError:
    if isinstance(arrival, ProvinceError) or known.get(arrival.submission_id) == arrival.content:
        return arrival
    try:
        return replace(arrival, service=check(arrival, services))
    except ProvinceError as error:
        return error


def _write(answer: Answer) -> Written:
    if isinstance(answer, ProvinceError):
        return answer.status, answer.problem()
    if answer.receipt is None:
        return 202, {"missing": list(answer.missing)}
    return 201 if answer.new else 200, {**answer.receipt}


def _error(pointer: str, code: str, message: str = "") -> dict[str, str]:
    return {"pointer": pointer, "code": code, "message": message}
