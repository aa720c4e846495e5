"""The reviewer's desk: sign in, the queue, a case, a decision. Plain HTML, no JavaScript."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.errors import FormError
from province import accounts, decisions, feed, together
from province.accounts import DESK_MS, Person
from province.asking import get_province, today
from province.errors import CaseChanged, NotYoursToDecide, SignInRefused, Unknown
from province.members import NO_NUL
from province.models import Case, Office, ProvisionalNumber, Submission
from province.packages import Answer, CertificatePlan, Service
from province.pages import language, show

if TYPE_CHECKING:
    from province.app import Province

router = APIRouter(prefix="/desk", include_in_schema=False)
Position = Annotated[int, Path(ge=0, lt=10_000)]
COOKIE = "lastmile_desk"
PAGE = 50
OPENED_IN_BROWSER = ("image/jpeg", "image/png", "image/webp", "application/pdf")
FILTERS = (
    "under_review",
    "supplement_requested",
    "decided_granted",
    "decided_refused",
    "withdrawn",
)
Text = Annotated[str, Form(max_length=2000, pattern=NO_NUL)]
CaseId = Annotated[str, Path(max_length=36, pattern="^[0-9a-f-]*$")]


@dataclass(frozen=True)
class QueueRow:
    """One case of the queue."""

    id: str
    number: str
    service: str
    service_en: str
    applicant: str
    office: str
    status: str
    received_ms: int


def get_person(request: Request) -> Person:
    """The reviewer behind a request.

    Raises:
        SignInRefused: Nobody is signed in.
    """
    province = get_province(request)
    secret = request.cookies.get(COOKIE, "")
    return province.database.read(accounts.person, secret, province.now_ms())


Reviewer = Annotated[Person, Depends(get_person)]


def to_sign_in() -> Response:
    """Send the browser to the sign-in page."""
    return RedirectResponse("/desk/sign-in", 303)


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Ask for login and password."""
    return show(request, "sign_in.html", failed=False, login="")


@router.post("/sign-in")
def sign_in(request: Request, login: Text, password: Text) -> Response:
    """Open the desk, or say that it stays shut."""
    province = get_province(request)
    now = province.now_ms()
    if not accounts.check_password(province.database, login, password, now):
        request.state.guessed = True
        return show(request, "sign_in.html", status=403, failed=True, login=login)
    secret = province.database.write(accounts.open_desk, login, now)
    response = RedirectResponse("/desk", 303)
    response.set_cookie(
        COOKIE,
        secret,
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
        max_age=DESK_MS // 1000,
        path="/desk",
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, person: Reviewer, csrf: Text) -> Response:
    """End the session here and at the server."""
    _same(person, csrf)
    secret = request.cookies.get(COOKIE, "")
    get_province(request).database.write(accounts.close_desk, secret)
    response = to_sign_in()
    response.delete_cookie(COOKIE, path="/desk")
    return response


@router.get("")
def queue(
    request: Request,
    person: Reviewer,
    status: Annotated[str, Query(max_length=32, pattern=NO_NUL)] = "under_review",
    q: Annotated[str, Query(max_length=100, pattern=NO_NUL)] = "",
    department: Annotated[str, Query(max_length=64, pattern=NO_NUL)] = "",
) -> Response:
    """The cases that wait, oldest first; decided ones newest first."""
    province = get_province(request)
    chosen = person.department or department
    rows = province.database.read(list_cases, status=status, text=q, department=chosen)
    return show(
        request,
        "queue.html",
        person=person,
        rows=rows,
        counts=province.database.read(count_cases, chosen),
        filters=FILTERS,
        open=decisions.OPEN,
        chosen=status,
        q=q,
        department=chosen,
        departments=province.services.departments(),
    )


@router.post("/next")
def take_next(request: Request, person: Reviewer, csrf: Text) -> Response:
    """The oldest case that nobody has in hand; two reviewers never get the same one."""
    _same(person, csrf)
    province = get_province(request)
    case_id = province.database.write(
        decisions.claim_next, person.department, person.login, province.now_ms()
    )
    return RedirectResponse(f"/desk/cases/{case_id}" if case_id else "/desk", 303)


@router.get("/cases/{case_id}")
def case_page(
    request: Request,
    person: Reviewer,
    case_id: CaseId,
    missing: Annotated[str, Query(max_length=1)] = "",
    changed: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """One case with everything known about it.

    `missing`: a reason was left out. `changed`: a newer version came while this one was looked at.
    """
    province = get_province(request)
    case, submission, office = province.database.read(read_case, case_id, person)
    service = province.services.find(case.service, submission.service_version)
    lang = language(request)
    bundle, came_with = province.database.read(together.siblings, case)
    files = json.loads(submission.manifest)
    return show(
        request,
        "case.html",
        person=person,
        case=case,
        submission=submission,
        office=office,
        answers=_answers(service, submission.xml, lang),
        service_known=service is not None,
        files=files,
        places={each["name"]: at for at, each in enumerate(files)},
        events=province.database.read(feed.history, case.office_id, case.id),
        certificates=province.database.read(decisions.certificates_of, case_id),
        office_decides=_office_decides(service, office),
        bundle=_called(province.services.versions(bundle), lang) or bundle,
        came_with=came_with,
        can_decide=case.status in decisions.OPEN
        and not case.conflicted
        and not _office_decides(service, office),
        missing=bool(missing),
        changed=bool(changed),
    )


@router.get("/cases/{case_id}/files/{position}")
def file(request: Request, person: Reviewer, case_id: CaseId, position: Position) -> Response:
    """An attachment; only plain pictures and PDFs open in the browser."""
    province = get_province(request)
    case, submission, _ = province.database.read(read_case, case_id, person)
    files = json.loads(submission.manifest)
    if not 0 <= position < len(files):
        raise Unknown
    entry = files[position]
    data = province.uploads.read(case.office_id, entry["sha256"])
    shown = entry["media_type"] in OPENED_IN_BROWSER
    way = "inline" if shown else "attachment"
    return Response(
        data,
        media_type=entry["media_type"] if shown else "application/octet-stream",
        headers={"Content-Disposition": f"{way}; filename*=UTF-8''{quote(entry['name'])}"},
    )


@router.post("/cases/{case_id}/decision")
def decide(
    request: Request,
    person: Reviewer,
    case_id: CaseId,
    csrf: Text,
    action: Text,
    reason: Text = "",
    seen: Text = "",
) -> Response:
    """Grant, refuse, ask for a supplement, or void the certificates.

    `seen` is the submission that the page showed: nothing is decided that nobody has looked at.
    """
    _same(person, csrf)
    province = get_province(request)
    case, submission, office = province.database.read(read_case, case_id, person)
    back = RedirectResponse(f"/desk/cases/{case.id}", 303)
    if action != "void" and seen != submission.id:
        return RedirectResponse(f"/desk/cases/{case.id}?changed=1", 303)
    if action != "grant" and not reason.strip():
        return RedirectResponse(f"/desk/cases/{case.id}?missing=1", 303)
    service = province.services.find(case.service, submission.service_version)
    if action != "void" and _office_decides(service, office):
        raise NotYoursToDecide
    if action != "void":
        plan = service.plan(submission.xml) if service and action == "grant" else None
        try:
            _decide(province, person, action, reason, plan, (case_id, seen))
        except CaseChanged:
            return RedirectResponse(f"/desk/cases/{case.id}?changed=1", 303)
        return back
    for row in province.database.read(decisions.certificates_of, case_id):
        province.database.write(
            decisions.void, row.number, reason, by=person.name, now_ms=province.now_ms()
        )
    return back


def _decide(
    province: Province,
    person: Person,
    action: str,
    reason: str,
    plan: CertificatePlan | None,
    what: tuple[str, str],
) -> None:
    case_id, seen = what
    now, by, write = province.now_ms(), person.name, province.database.write
    match action:
        case "grant":
            write(
                decisions.grant,
                case_id,
                by=by,
                plan=plan,
                key=province.key,
                issuer=province.name,
                today=today(province),
                now_ms=now,
                seen=seen,
            )
        case "refuse":
            write(decisions.refuse, case_id, reason, by=by, now_ms=now, seen=seen)
        case "supplement":
            write(decisions.request_supplement, case_id, reason, by=by, now_ms=now, seen=seen)


def list_cases(
    session: Session, *, status: str, text: str, department: str
) -> tuple[QueueRow, ...]:
    """Up to 50 cases; `text` is part of number or applicant, "" for any."""
    query = select(Case, Office.name).join(Office, Office.id == Case.office_id)
    if status in FILTERS:
        query = query.where(Case.status == status)
    else:
        query = query.where(Case.status != "incoming")
    if department:
        query = query.where(Case.department == department)
    if text.strip():
        part = "%" + re.sub(r"([%_/])", r"/\1", text.strip()) + "%"
        first = select(ProvisionalNumber.case_id).where(
            ProvisionalNumber.number.like(part, escape="/")
        )
        query = query.where(
            Case.number.like(part, escape="/")
            | Case.applicant.like(part, escape="/")
            | Case.id.in_(first)
        )
    order = Case.received_ms if status == "under_review" else Case.received_ms.desc()
    return tuple(
        QueueRow(
            id=case.id,
            number=case.number,
            service=case.service_name,
            service_en=case.service_name_en,
            applicant=case.applicant,
            office=office,
            status=case.status,
            received_ms=case.received_ms,
        )
        for case, office in session.execute(query.order_by(order, Case.id).limit(PAGE))
    )


def count_cases(session: Session, department: str) -> dict[str, int]:
    """How many open cases of a department ("" for all) stand in each status.

    Decided ones are not counted: they grow for ever, and the index is read as far as it counts.
    """
    query = select(Case.status, func.count()).where(Case.status.in_(decisions.OPEN))
    query = query.group_by(Case.status)
    if department:
        query = query.where(Case.department == department)
    return {row[0]: row[1] for row in session.execute(query)}


def read_case(session: Session, case_id: str, person: Person) -> tuple[Case, Submission, Office]:
    """A complete case that this reviewer may see.

    Raises:
        Unknown: No such case, or another department's.
    """
    case = decisions.find_case(session, case_id)
    if case.submission_id is None:
        raise Unknown
    if person.department not in ("", case.department):
        raise Unknown
    submission = session.get_one(Submission, (case.office_id, case.submission_id))
    return case, submission, session.get_one(Office, case.office_id)


def raw_answers(xml: bytes) -> tuple[Answer, ...]:
    """Answers under their element names, for a service the province does not hold."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(xml, parser)
    return tuple(
        Answer(etree.QName(node).localname, node.text.strip())
        for node in root.iter("*")
        if len(node) == 0 and node.text and node.text.strip()
    )


def _answers(service: Service | None, xml: bytes, lang: str) -> tuple[Answer, ...]:
    if service is not None:
        with suppress(FormError):  # taken in once, and beyond a limit of today
            return service.answers(xml, lang)
    return raw_answers(xml)


def _called(versions: Sequence[Service], lang: str) -> str:
    return next((s.name if lang == "zh" else s.name_en for s in reversed(versions)), "")


def _office_decides(service: Service | None, office: Office) -> bool:
    return service is not None and service.package.decision.lies_with(office.division)


def _same(person: Person, csrf: str) -> None:
    if not hmac.compare_digest(person.csrf.encode(), csrf.encode()):
        raise SignInRefused
