"""The protocol's requests about the device itself (docs/protocol.md sections 2 to 4 and 9)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from province import accounts, decisions, recovery
from province.accounts import CHALLENGE_MS, TOKEN_MS
from province.asking import Device, Key, OfficeOut, answers, get_province, keys
from province.encoding import from_b64, to_rfc3339
from province.errors import Unknown
from province.gate import MAX_JSON_BYTES, PROTOCOL
from province.intake import MAX_BATCH
from province.members import NO_NUL
from province.uploads import MAX_CHUNK_BYTES, MAX_FILE_BYTES

if TYPE_CHECKING:
    from province.app import Province

router = APIRouter()
Base64 = Annotated[str, Field(pattern="^[A-Za-z0-9+/]*={0,2}$")]


class EnrolIn(BaseModel):
    """Body of `POST /devices`."""

    code: str = Field(max_length=32, pattern="^[0-9A-Z]*$")
    device: UUID
    public_key: Base64 = Field(max_length=64)
    name: str = Field(max_length=100, pattern=NO_NUL)
    proof: Base64 = Field(max_length=128)


class ChallengeIn(BaseModel):
    """Body of `POST /challenges`."""

    device: UUID


class TokenIn(BaseModel):
    """Body of `POST /tokens`."""

    device: UUID
    challenge: str = Field(max_length=64, pattern=NO_NUL)
    signature: Base64 = Field(max_length=128)


class BlockIn(BaseModel):
    """Body of `POST /number-blocks`."""

    id: UUID
    kind: str = Field(default="case", pattern="^[a-z-]{1,32}$")
    size: int = Field(default=200, ge=1, le=decisions.MAX_BLOCK)
    epoch: int | None = Field(default=None, ge=0, lt=2**53)


class DeviceCertificateIn(BaseModel):
    """Body of `POST /device/certificate`: PKCS #10 in DER with a P-256 key."""

    request: Base64 = Field(max_length=4096)


class DeviceCertificateOut(BaseModel):
    """A certificate, PEM with its chain."""

    certificate: str
    expires_at: str


class MoveIn(BaseModel):
    """Body of `POST /device/move`."""

    office: str = Field(max_length=64, pattern=NO_NUL)


class RepositoryRoot(BaseModel):
    """The root that devices begin with, under the province's signature; base64."""

    root: str
    signed_by: str
    signature: str


class SealingKey(BaseModel):
    """A key that devices seal to, signed by the province."""

    kid: str
    public_key: str
    signed_by: str
    signature: str


class Sizes(BaseModel):
    """The limits, in bytes and members. `room`: of a device's files that no case names."""

    json_: int = Field(alias="json")
    chunk: int
    file: int
    batch: int
    room: int


class Meta(BaseModel):
    """Answer of `GET /meta`."""

    protocol: str
    name: str
    time: str
    limits: Sizes
    keys: list[Key]
    relay: SealingKey
    recovery: SealingKey | None
    repository: RepositoryRoot | None


class ProvinceOut(BaseModel):
    """The province as a new device pins it."""

    name: str
    keys: list[Key]
    relay: SealingKey
    recovery: SealingKey | None
    repository: RepositoryRoot | None


class Enrolled(BaseModel):
    """Answer of `POST /devices`."""

    device: str
    office: OfficeOut
    province: ProvinceOut


class Challenge(BaseModel):
    """Answer of `POST /challenges`."""

    challenge: str
    expires_at: str


class TokenOut(BaseModel):
    """Answer of `POST /tokens`."""

    token: str
    expires_at: str


class DeviceOut(BaseModel):
    """A device as the province knows it. `lease_epoch`: blocks leased to it so far."""

    device: str
    office: OfficeOut
    moving_to: OfficeOut | None
    lease_epoch: int


class BlockOut(BaseModel):
    """A leased block of numbers."""

    id: str
    kind: str
    prefix: str
    first: int
    last: int
    epoch: int


@router.get("/meta", responses=answers(s200=("The province", Meta)))
def meta(request: Request) -> dict[str, Any]:
    """Who the province is and what it allows."""
    province = get_province(request)
    return {
        "protocol": PROTOCOL,
        "name": province.name,
        "time": to_rfc3339(province.now_ms()),
        "limits": {
            "json": MAX_JSON_BYTES,
            "chunk": MAX_CHUNK_BYTES,
            "file": MAX_FILE_BYTES,
            "batch": MAX_BATCH,
            "room": province.limits.room.device_bytes,
        },
        "keys": keys(province),
        **_announced(province),
    }


@router.post(
    "/devices",
    status_code=201,
    responses=answers(
        403, s200=("Bound before: the same answer again", Enrolled), s201=("Bound", Enrolled)
    ),
)
def enrol(request: Request, response: Response, body: EnrolIn) -> dict[str, Any]:
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
        "office": asdict(office),
        "province": {
            "name": province.name,
            "keys": keys(province),
            **_announced(province),
        },
    }


@router.post(
    "/challenges", status_code=201, responses=answers(s201=("What to sign next", Challenge))
)
def challenge(request: Request, body: ChallengeIn) -> dict[str, str]:
    """What the device must sign next."""
    province = get_province(request)
    now = province.now_ms()
    text = province.database.write(accounts.new_challenge, str(body.device), now)
    return {"challenge": text, "expires_at": to_rfc3339(now + CHALLENGE_MS)}


@router.post("/tokens", status_code=201, responses=answers(401, 403, s201=("A token", TokenOut)))
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


@router.get("/device", responses=answers(401, 403, s200=("The device that asks", DeviceOut)))
def about(request: Request, caller: Device) -> dict[str, Any]:
    """The device's own office, and the one it is to move to."""
    return asdict(get_province(request).database.read(accounts.about, caller.device_id))


@router.post(
    "/device/move", responses=answers(401, 403, 409, s200=("In its new office", DeviceOut))
)
def move(request: Request, caller: Device, body: MoveIn) -> dict[str, Any]:
    """The device has sent everything of its old office and now joins the new one."""
    database = get_province(request).database
    database.write(accounts.move, caller.device_id, body.office)
    return asdict(database.read(accounts.about, caller.device_id))


@router.post(
    "/device/certificate",
    status_code=201,
    responses=answers(401, 403, 404, s201=("Issued", DeviceCertificateOut)),
)
def certificate(request: Request, caller: Device, body: DeviceCertificateIn) -> dict[str, str]:
    """A certificate for the device, where the province asks for one."""
    province = get_province(request)
    if province.device_ca is None:
        raise Unknown
    now = datetime.fromtimestamp(province.now_ms() / 1000, UTC)
    chain, until = province.device_ca.issue(from_b64(body.request), caller.device_id, now)
    return {
        "certificate": chain.decode(),
        "expires_at": to_rfc3339(int(until.timestamp() * 1000)),
    }


@router.post(
    "/number-blocks",
    status_code=201,
    responses=answers(
        401, 403, 404, 409, s200=("Leased before", BlockOut), s201=("Leased", BlockOut)
    ),
)
def lease(request: Request, caller: Device, body: BlockIn) -> JSONResponse:
    """Lease a block of numbers to the device."""
    block, new = get_province(request).database.write(
        decisions.lease,
        block_id=str(body.id),
        kind=body.kind,
        size=body.size,
        device_id=caller.device_id,
        office_id=caller.office_id,
        known_epoch=body.epoch,
    )
    return JSONResponse(asdict(block), 201 if new else 200)


def _announced(province: Province) -> dict[str, Any]:
    return {
        "relay": province.relay_key.announced(province.key),
        "recovery": recovery.announced(province.folder, province.key),
        "repository": province.shelf.announced(),
    }
