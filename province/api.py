"""The protocol's requests, one function each (docs/protocol.md)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from province import accounts, decisions, feed, intake, recovery, relay, trust, verify
from province.accounts import CHALLENGE_MS, TOKEN_MS, Caller
from province.encoding import from_b64, to_b64, to_rfc3339
from province.errors import Malformed, TokenNeeded, TooLarge
from province.uploads import MAX_CHUNK_BYTES, MAX_FILE_BYTES, Progress

if TYPE_CHECKING:
    from province.app import Province

router = APIRouter()
bearer = HTTPBearer(auto_error=False)
Digest = Annotated[str, Field(pattern=intake.DIGEST)]


def get_province(request: Request) -> Province:
    """The province behind a request."""
    province: Province = request.app.state.province
    return province


def get_caller(
    request: Request,
    header: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Caller:
    """The device behind a request; decided before any byte of the body is read.

    Raises:
        TokenNeeded: No valid token.
    """
    if header is None:
        raise TokenNeeded
    province = get_province(request)
    return province.database.read(accounts.caller, header.credentials, province.now_ms())


Device = Annotated[Caller, Depends(get_caller)]


class EnrolIn(BaseModel):
    """Body of `POST /devices`."""

    code: str = Field(max_length=32)
    device: UUID
    public_key: str = Field(max_length=64)
    name: str = Field(max_length=100)
    proof: str = Field(max_length=128)


class ChallengeIn(BaseModel):
    """Body of `POST /challenges`."""

    device: UUID


class TokenIn(BaseModel):
    """Body of `POST /tokens`."""

    device: UUID
    challenge: str = Field(max_length=64)
    signature: str = Field(max_length=128)


class BlockIn(BaseModel):
    """Body of `POST /number-blocks`."""

    id: UUID
    kind: str = Field(default="case", pattern="^[a-z-]{1,32}$")
    size: int = Field(default=200, ge=1, le=decisions.MAX_BLOCK)


@router.get("/meta")
def meta(request: Request) -> dict[str, object]:
    """Who the province is and what it allows."""
    province = get_province(request)
    return {
        "protocol": "1.0",
        "name": province.name,
        "time": to_rfc3339(province.now_ms()),
        "limits": {"json": 8 * 1024 * 1024, "chunk": MAX_CHUNK_BYTES, "file": MAX_FILE_BYTES},
        "keys": _keys(province),
        "relay": province.relay_key.announced(province.key),
        "recovery": recovery.announced(province.folder, province.key),
    }


@router.post("/devices", status_code=201)
def enrol(request: Request, response: Response, body: EnrolIn) -> dict[str, object]:
    """Bind a device to the office of a one-time code."""
    province = get_province(request)
    office, new = province.database.write(
        accounts.enrol,
        code=body.code,
        device_id=str(body.device),
        public_key=from_b64(body.public_key),
        name=body.name,
        proof=from_b64(body.proof),
        now_ms=province.now_ms(),
    )
    response.status_code = 201 if new else 200
    return {
        "device": str(body.device),
        "office": {"id": office.id, "name": office.name, "division": office.division},
        "province": {
            "name": province.name,
            "keys": _keys(province),
            "relay": province.relay_key.announced(province.key),
            "recovery": recovery.announced(province.folder, province.key),
        },
    }


@router.post("/challenges", status_code=201)
def challenge(request: Request, body: ChallengeIn) -> dict[str, str]:
    """What the device must sign next."""
    province = get_province(request)
    now = province.now_ms()
    text = province.database.write(accounts.new_challenge, str(body.device), now)
    return {"challenge": text, "expires_at": to_rfc3339(now + CHALLENGE_MS)}


@router.post("/tokens", status_code=201)
def token(request: Request, body: TokenIn) -> dict[str, str]:
    """A bearer token for a signed challenge."""
    province = get_province(request)
    now = province.now_ms()
    text = province.database.write(
        accounts.new_token,
        device_id=str(body.device),
        challenge=body.challenge,
        signature=from_b64(body.signature),
        now_ms=now,
    )
    return {"token": text, "expires_at": to_rfc3339(now + TOKEN_MS)}


@router.put("/cases/{case}/submissions/{submission}")
def submit(
    request: Request, caller: Device, case: UUID, submission: UUID, body: intake.SubmissionIn
) -> JSONResponse:
    """Take a submission in; the receipt once all its files are here."""
    status, answer = intake.submit(get_province(request), caller, case, submission, body)
    return JSONResponse(answer, status)


@router.put("/uploads/{digest}")
def announce(
    request: Request,
    caller: Device,
    digest: Digest,
    upload_length: Annotated[int, Header(ge=0)],
) -> Response:
    """Announce a file by its SHA-256."""
    uploads = get_province(request).uploads
    progress, new = uploads.create(caller.office_id, digest, upload_length)
    return _offset(progress, 201 if new else 200)


@router.head("/uploads/{digest}")
def offset(request: Request, caller: Device, digest: Digest) -> Response:
    """How much of a file is durable."""
    return _offset(get_province(request).uploads.progress(caller.office_id, digest), 200)


@router.patch("/uploads/{digest}", status_code=204)
async def append(
    request: Request,
    caller: Device,
    digest: Digest,
    upload_offset: Annotated[int, Header(ge=0)],
    upload_checksum: Annotated[str, Header(max_length=80)],
) -> Response:
    """Add a chunk at the durable offset."""
    algorithm, _, value = upload_checksum.partition(" ")
    if algorithm != "sha256":
        raise Malformed
    checksum = from_b64(value)
    chunk = bytearray()
    async for piece in request.stream():
        chunk += piece
        if len(chunk) > MAX_CHUNK_BYTES:
            raise TooLarge
    progress = await run_in_threadpool(
        get_province(request).uploads.append,
        caller.office_id,
        digest,
        offset=upload_offset,
        chunk=bytes(chunk),
        checksum=checksum,
    )
    return _offset(progress, 204)


@router.get("/events")
def events(
    request: Request,
    caller: Device,
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, object]:
    """What happened to the office's cases since the cursor."""
    province = get_province(request)
    page = province.database.read(feed.read_feed, caller.office_id, after, limit)
    return page.written()


class RelayIn(BaseModel):
    """Body of `POST /relay`."""

    sha256: Digest


@router.post("/relay", response_class=Response)
def carry(request: Request, caller: Device, body: RelayIn) -> Response:
    """Act on an uploaded relay bundle of another device; its sealed answer."""
    province = get_province(request)
    answer = relay.answer(province, province.uploads.read(caller.office_id, body.sha256))
    return Response(answer, media_type="application/octet-stream")


@router.post("/number-blocks")
def lease(request: Request, caller: Device, body: BlockIn) -> JSONResponse:
    """Lease a block of numbers to the device."""
    block, new = get_province(request).database.write(
        decisions.lease,
        block_id=str(body.id),
        kind=body.kind,
        size=body.size,
        device_id=caller.device_id,
        office_id=caller.office_id,
    )
    return JSONResponse(asdict(block), 201 if new else 200)


@router.get("/verify")
def check(request: Request, code: Annotated[str, Query(max_length=2000)]) -> dict[str, str]:
    """Whether a certificate's code is genuine and in force."""
    province = get_province(request)
    found = province.database.read(verify.by_code, code, province.ring, today(province))
    return {
        "state": found.state,
        "number": found.number,
        "service": found.service,
        "holder": found.holder,
        "issued_on": found.issued_on,
        "valid_until": found.valid_until,
    }


@router.get("/trust")
def trust_list(request: Request, held: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Keys and void certificates, signed; 204 where the asker holds the newest list."""
    province = get_province(request)
    read = province.database.read
    if read(trust.sequence, province.ring) == held:
        return Response(status_code=204)
    said = read(trust.signed_list, province.ring, now_ms=province.now_ms())
    return JSONResponse(said, headers={"Cache-Control": "no-cache"})


def today(province: Province) -> date:
    """The day in the province's own zone."""
    return datetime.fromtimestamp(province.now_ms() / 1000, UTC).astimezone().date()


def _offset(progress: Progress, status: int) -> Response:
    return Response(
        status_code=status,
        headers={
            "Upload-Offset": str(progress.offset),
            "Upload-Length": str(progress.length),
            "Tus-Resumable": "1.0.0",
            "Cache-Control": "no-store",
        },
    )


def _keys(province: Province) -> list[dict[str, str]]:
    ring = province.ring
    return [
        {"kid": key.kid.hex(), "public_key": to_b64(key.public)}
        for key in (ring.current, ring.following)
    ]
