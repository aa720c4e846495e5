"""Relay bundles: what a device without a network sends by another one's hands.

docs/protocol.md section 12. The carrier only lends its link: everything is done as if the device
itself had asked, under its own office.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from province import (
    accounts,
    decisions,
    delegations,
    intake,
    many,
    records,
    relay_packages,
)
from province.accounts import Caller
from province.asking import today
from province.encoding import canonical, to_rfc3339
from province.errors import (
    BadChecksum,
    Busy,
    CursorExpired,
    DeviceRevoked,
    Invalid,
    LeaseEpoch,
    Malformed,
    NoRoom,
    ProvinceError,
    RelayRefused,
    Unknown,
    WrongOffset,
)
from province.many import Changed, Reported
from province.models import Device
from province.relay_packages import PackagesAsked
from province.uploads import MAX_CHUNK_BYTES

if TYPE_CHECKING:
    from province.app import Province

REQUEST, ANSWER = b"LMRELAY1", b"LMREPLY1"
PURPOSE = b"lastmile/1 relay\n"
MAX_HEADER_BYTES = 4096
MAX_CONTENT_BYTES = 256 * 1024 * 1024
MAX_ITEMS = 2_000_000  # of its CBOR; a full bundle has a tenth of it
MAX_EVENTS = 1000
TRIES = 4
WAIT_S = 20.0  # for one of the two places in which bundles are acted on
_ACTING = BoundedSemaphore(2)
PAGE_RECORDS = 500
ROOM = 16 * 1024 * 1024  # bytes of each slice, and of packages; the rest comes with the next bundle
Kind = Literal["residents", "licences"]
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class Header(BaseModel):
    """What stands openly on a bundle."""

    v: int = Field(ge=1, le=1)
    bundle: UUID
    device: UUID
    kid: str
    part: int = Field(ge=1, le=10_000)


class Carried(BaseModel):
    """One submission of a bundle."""

    case: UUID
    submission: UUID
    body: dict[str, Any]


class Block(BaseModel):
    """A number block that a bundle asks for."""

    id: UUID
    kind: str = Field(pattern="^[a-z-]{1,32}$")
    size: int = Field(ge=1, le=decisions.MAX_BLOCK)
    epoch: int | None = Field(default=None, ge=0, lt=2**53)


class Content(BaseModel):
    """What a bundle holds once opened."""

    cursor: str = Field(default="", max_length=120)
    reply_key: Annotated[bytes, Field(min_length=32, max_length=32)]
    submissions: list[Carried] = Field(default_factory=list, max_length=5000)
    files: list[bytes] = Field(default_factory=list, max_length=20_000)
    blocks: list[Block] = Field(default_factory=list, max_length=8)
    reports: list[Reported] = Field(default_factory=list, max_length=5000)
    changes: list[Changed] = Field(default_factory=list, max_length=5000)
    held: list[UUID] = Field(default_factory=list, max_length=5000)
    slices: dict[Kind, Annotated[str, Field(max_length=120)]] = Field(default_factory=dict)
    packages: PackagesAsked | None = None


@dataclass(frozen=True)
class Opened:
    """A bundle that is believed: who made it, and what it asks for."""

    header: Header
    caller: Caller
    content: Content


def answer(province: Province, office_id: str, digest: str, room: int = ROOM) -> bytes:
    """Act on a bundle and write the sealed answer; doing it again changes nothing.

    A bundle is unpacked in memory, so few are acted on at once.

    Args:
        province: Whose office's device has made it.
        office_id: Of the device that carries it.
        digest: SHA-256 of the bundle, which that office has uploaded.
        room: Most bytes of each slice, and of packages.

    Raises:
        Unknown: It was not uploaded whole.
        RelayRefused: It cannot be believed or read.
        Busy: Others are acted on; or somebody else brings one of its files just now.
    """
    if not _ACTING.acquire(timeout=WAIT_S):
        raise Busy
    try:
        data = province.uploads.read(office_id, digest)
        province.uploads.release(office_id, digest)
        return _answer(province, data, room)
    finally:
        _ACTING.release()


def _answer(province: Province, data: bytes, room: int) -> bytes:
    opened = open_bundle(province, data)
    for each in opened.content.files:
        _keep(province, opened.caller, each)
    results = list(_take(province, opened.caller, opened.content.submissions))
    content = {
        "results": results,
        "reported": [_report(province, opened.caller, each) for each in opened.content.reports],
        "changed": [_change(province, opened.caller, each) for each in opened.content.changes],
        "delegations": province.database.read(
            delegations.give,
            province.services,
            opened.caller.device_id,
            province.key,
            today(province),
        ),
        "events": _events(province, opened.caller, opened.content.cursor),
        "blocks": list(_blocks(province, opened.caller, opened.content.blocks)),
        "held": _held(province, opened.caller, opened.content.held),
        "office": opened.caller.office_id,
        "slices": _slices(province, opened.caller, opened.content.slices, room),
        **_packages(province, opened.caller, opened.content.packages, room),
    }
    header = {
        "v": 1,
        "bundle": str(opened.header.bundle),
        "device": str(opened.header.device),
        "part": opened.header.part,
        "kid": province.key.kid.hex(),
        "made_at": to_rfc3339(province.now_ms()),
    }
    head = canonical(header)
    to = X25519PublicKey.from_public_bytes(opened.content.reply_key)
    sealed = SUITE.encrypt(zlib.compress(cbor2.dumps(content), 6), to, PURPOSE + head)
    written = ANSWER + len(head).to_bytes(4, "big") + head + sealed
    return written + province.key.sign(PURPOSE + sha256(written).digest())


def open_bundle(province: Province, data: bytes) -> Opened:
    """Prove who made a bundle, then open it.

    Raises:
        RelayRefused: Not a bundle, an unknown or revoked device, a wrong signature or key.
    """
    size = int.from_bytes(data[8:12], "big")
    head = data[12 : 12 + size]
    if data[:8] != REQUEST or size > MAX_HEADER_BYTES or len(data) < 12 + size + 64:
        raise RelayRefused
    try:
        header = Header.model_validate_json(head)
        if header.kid != province.relay_key.kid or canonical(json.loads(head)) != head:
            raise RelayRefused
        signed = PURPOSE + sha256(data[:-64]).digest()
        caller = province.database.read(_maker, str(header.device), signed, data[-64:])
        plain = SUITE.decrypt(data[12 + size : -64], province.relay_key.private, PURPOSE + head)
        unpacked = _unpack(plain)
        demand_plain(unpacked)
        content = Content.model_validate(cbor2.loads(unpacked), strict=False)
        SUITE.encrypt(b"", X25519PublicKey.from_public_bytes(content.reply_key), b"")
    except (ValidationError, InvalidTag, cbor2.CBORDecodeError, ValueError, RecursionError):
        raise RelayRefused from None
    return Opened(header, caller, content)


def _maker(session: Session, device_id: str, signed: bytes, signature: bytes) -> Caller:
    device = session.get(Device, device_id)
    if device is None:
        raise RelayRefused
    try:
        return accounts.signer(device, signed, signature)
    except (Malformed, DeviceRevoked):
        raise RelayRefused from None


def _unpack(data: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(data, MAX_CONTENT_BYTES)
    except zlib.error:
        raise RelayRefused from None
    if not engine.eof:
        raise RelayRefused
    return plain


def demand_plain(data: bytes) -> None:
    """Refuse CBOR that is more, once read, than its bytes: tags, endless or countless items.

    Raises:
        RelayRefused: It is.
    """
    at, left, seen = 0, 1, 0
    while left:
        if at >= len(data) or max(left, seen) > MAX_ITEMS:
            raise RelayRefused
        kind, said = divmod(data[at], 32)
        size = 1 << (said - 24) if 24 <= said < 28 else 0
        if said >= 28 or kind == 6:
            raise RelayRefused
        number = int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else said
        at += 1 + size + (number if kind in (2, 3) else 0)
        left += {4: number, 5: 2 * number}.get(kind, 0) - 1
        seen += 1
    if at != len(data):
        raise RelayRefused


def _keep(province: Province, caller: Caller, content: bytes) -> None:
    for _ in range(TRIES):
        with suppress(WrongOffset, BadChecksum, Unknown):  # somebody else brings it just now
            with suppress(NoRoom):  # its case says that it is missing; the others go on
                _bring(province, caller, content)
            return
    raise Busy


def _bring(province: Province, caller: Caller, content: bytes) -> None:
    digest = sha256(content).hexdigest()
    progress, _new = province.uploads.create(caller, digest, len(content))
    offset = progress.offset
    while offset < len(content):
        chunk = content[offset : offset + MAX_CHUNK_BYTES]
        progress = province.uploads.append(
            caller.office_id, digest, offset=offset, chunk=chunk, checksum=sha256(chunk).digest()
        )
        offset = progress.offset


def _take(
    province: Province, caller: Caller, carried: Sequence[Carried]
) -> Iterator[dict[str, object]]:
    for start in range(0, len(carried), intake.MAX_BATCH):
        some = carried[start : start + intake.MAX_BATCH]
        wanted = [(each.case, each.submission, _body(each)) for each in some]
        written = intake.submit_all(province, caller, wanted)
        for each, (status, said) in zip(some, written, strict=True):
            yield {"submission": str(each.submission), "status": status, "body": said}


def _report(province: Province, caller: Caller, each: Reported) -> dict[str, object]:
    status, body = many.report(province, caller, each)
    return {"event": str(each.event), "status": status, "body": body}


def _change(province: Province, caller: Caller, each: Changed) -> dict[str, object]:
    status, body = many.change(province, caller, each)
    return {"change": str(each.change), "status": status, "body": body}


def _held(province: Province, caller: Caller, asked: Sequence[UUID]) -> dict[str, bool]:
    wanted = [str(each) for each in asked]
    found = province.database.read(intake.held, caller.office_id, wanted)
    return {each: each in found for each in wanted}


def _packages(
    province: Province, caller: Caller, asked: PackagesAsked | None, room: int
) -> dict[str, object]:
    if asked is None:
        return {}
    return {"packages": relay_packages.answer(province, caller, asked, room)}


def _slices(
    province: Province, caller: Caller, cursors: Mapping[Kind, str], room: int = ROOM
) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for kind, cursor in cursors.items():
        try:
            found[kind] = _slice(province, caller, kind, cursor, room)
        except CursorExpired:
            found[kind] = {**_slice(province, caller, kind, "", room), "restarted": True}
    return found


def _slice(
    province: Province, caller: Caller, kind: str, cursor: str, room: int
) -> dict[str, object]:
    told: list[dict[str, object]] = []
    size, more = 0, True
    while more and size < room:
        page = province.database.read(
            records.read_slice, kind, caller.office_id, cursor, PAGE_RECORDS, province.cursor_key
        )
        told += [asdict(each) for each in page.records]
        size += len(json.dumps(told[-len(page.records) :])) if page.records else 0
        cursor, more = page.cursor, page.more
    return {"records": told, "cursor": cursor, "more": more}


def _body(carried: Carried) -> intake.SubmissionIn | ProvinceError:
    try:
        return intake.SubmissionIn.model_validate(carried.body)
    except ValidationError:
        return Invalid()


def _events(province: Province, caller: Caller, cursor: str) -> dict[str, object]:
    try:
        return province.events(caller.office_id, cursor, MAX_EVENTS).written()
    except CursorExpired:
        page = province.events(caller.office_id, "", MAX_EVENTS)
        return {**page.written(), "restarted": True}


def _blocks(province: Province, caller: Caller, wanted: list[Block]) -> Iterator[dict[str, object]]:
    for block in wanted:
        try:
            leased, _new = province.database.write(
                decisions.lease,
                block_id=str(block.id),
                kind=block.kind,
                size=block.size,
                device_id=caller.device_id,
                office_id=caller.office_id,
                known_epoch=block.epoch,
            )
        except LeaseEpoch as behind:
            newest = int(behind.errors[0]["message"])
            yield {"id": str(block.id), "refused": behind.name, "epoch": newest}
        else:
            yield asdict(leased)
