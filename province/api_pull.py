"""The protocol's requests that bring something down (docs/protocol.md sections 7, 8 and 13)."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from province import records, releases, trust, verify
from province.asking import Device, answers, get_province, today
from province.encoding import canonical
from province.members import NO_NUL

router = APIRouter()
Cursor = Annotated[str, Query(max_length=120, pattern=NO_NUL)]
Limit = Annotated[int, Query(ge=1, le=1000)]


class EventOut(BaseModel):
    """Something that happened to a case."""

    id: str
    case: str
    kind: str
    at: str
    by: str
    data: dict[str, Any]


class Events(BaseModel):
    """A page of events; `moving` where the device is to ask where it moves.

    `lease_epoch`: blocks of numbers leased to the device so far.
    """

    events: list[EventOut]
    cursor: str
    more: bool
    moving: bool = False
    lease_epoch: int = 0


class RecordOut(BaseModel):
    """A record of a slice; `data` is null once it is withdrawn. `changes`: of a resident."""

    id: str
    data: dict[str, Any] | None
    changes: list[dict[str, Any]]


class Records(BaseModel):
    """A page of a slice."""

    records: list[RecordOut]
    cursor: str
    more: bool


class ServiceOut(BaseModel):
    """A version of a service that the office is offered."""

    id: str
    version: str
    name: str
    name_en: str
    department: str
    sha256: str
    offer: Literal["current", "pilot"]


class SignedOffer(BaseModel):
    """The province's word on a catalogue; `offer` is base64 of canonical JSON."""

    offer: str
    signed_by: str
    signature: str


class Catalogue(BaseModel):
    """Answer of `GET /catalogue`; what the asker holds already is left out."""

    services: list[ServiceOut] = []
    recalled: list[dict[str, str]] = []
    offer: SignedOffer


class Signature(BaseModel):
    """A signature under one of the province's keys."""

    kid: str
    signature: str


class TrustList(BaseModel):
    """The signed list; `list` is base64 of canonical JSON."""

    signatures: list[Signature]
    list: str


class Finding(BaseModel):
    """Answer of `GET /verify`."""

    state: Literal["valid", "pending", "void", "expired", "unknown", "forged"]
    number: str
    service: str
    holder: str
    issued_on: str
    valid_until: str
    office: str


@router.get("/events", responses=answers(401, 403, 410, s200=("A page of events", Events)))
def events(
    request: Request, caller: Device, after: Cursor = "", limit: Limit = 200
) -> JSONResponse:
    """What happened to the office's cases since the cursor."""
    page = get_province(request).events(caller.office_id, after, limit)
    about = {"lease_epoch": caller.lease_epoch, **({"moving": True} if caller.moving else {})}
    return JSONResponse(page.written() | about)


@router.get(
    "/catalogue",
    responses=answers(401, 403, s200=("What to offer", Catalogue))
    | {304: {"description": "As the ETag in If-None-Match"}},
)
def catalogue(
    request: Request,
    caller: Device,
    if_none_match: Annotated[str, Header(max_length=200)] = "",
    held: Annotated[int, Query(ge=0, lt=releases.MAX_SEQUENCE)] = 0,
    holds: Annotated[str, Query(pattern="^([0-9a-f]{64})?$")] = "",
) -> Response:
    """The services and versions that the device's office is to offer from now on, signed.

    `held` is the number of the offer that the device holds, `holds` the SHA-256 of its content.
    """
    province = get_province(request)
    found = province.database.read(releases.catalogue, province.services, caller.office_id)
    content = releases.signed(
        found,
        caller.office_id,
        releases.Held(held, holds),
        province.key,
        now_ms=province.now_ms(),
    )
    tag = f'"{sha256(canonical(found.written())).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return JSONResponse(content, headers=headers)


@router.get("/slices/{kind}", responses=answers(401, 403, 410, s200=("A page", Records)))
def slices(
    request: Request,
    caller: Device,
    kind: Literal["residents", "licences"],
    after: Cursor = "",
    limit: Limit = 500,
) -> JSONResponse:
    """Records of the office's own division, changed since the cursor."""
    province = get_province(request)
    page = province.database.read(
        records.read_slice, kind, caller.office_id, after, limit, province.cursor_key
    )
    return JSONResponse(asdict(page))


@router.get("/verify", responses=answers(s200=("What the register says", Finding)))
def check(
    request: Request, code: Annotated[str, Query(max_length=2000, pattern=NO_NUL)]
) -> JSONResponse:
    """Whether a certificate's code is genuine and in force."""
    province = get_province(request)
    found = province.database.read(verify.by_code, code, province.ring, today(province))
    members = asdict(found)
    del members["service_en"]
    return JSONResponse(members)


@router.get(
    "/trust",
    responses=answers(s200=("The list", TrustList))
    | {204: {"description": "The asker holds the newest list"}},
)
def trust_list(request: Request, held: Annotated[int, Query(ge=0, lt=2**53)] = 0) -> Response:
    """Keys and void certificates, signed; 204 where the asker holds the newest list."""
    province = get_province(request)
    read = province.database.read
    if read(trust.sequence, province.ring) == held:
        return Response(status_code=204)
    said = read(trust.signed_list, province.ring, now_ms=province.now_ms())
    return JSONResponse(said, headers={"Cache-Control": "no-cache"})
