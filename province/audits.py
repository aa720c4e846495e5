"""The records of devices as the province witnesses them (docs/protocol.md section 13).

A device's checkpoints carry 8 bytes of the hash of each row. Rows that a later checkpoint
contradicts are not forgotten: the checkpoint that held them notes from which row on it no longer
counts, so that a record that was written anew, or put back from an old copy, shows for ever.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from province.asking import Device, Receipt, answers, get_province
from province.encoding import canonical, from_b64, to_b64, to_rfc3339
from province.errors import Malformed, RecordGap
from province.keys import SigningKey
from province.models import AuditCheckpoint
from province.models import Device as DeviceRow

log = logging.getLogger("province")
router = APIRouter()
PURPOSE = b"lastmile/1 checkpoint\n"
RECEIPT = b"lastmile/1 checkpoint-receipt\n"
MOST_ROWS = 1000
MOST = 2**53
LINK = 8
FEW = 8  # checkpoints that are read at once


class CheckpointIn(BaseModel):
    """Body of `POST /audit/checkpoints`."""

    checkpoint: str = Field(max_length=24_000)
    signature: str = Field(max_length=128)


class Content(BaseModel):
    """What a checkpoint says."""

    device: str = Field(max_length=36)
    first: int = Field(ge=1, le=MOST)
    last: int = Field(ge=1, le=MOST)
    prev: str = Field(pattern="^[0-9a-f]{64}$")
    hash: str = Field(pattern="^[0-9a-f]{64}$")
    links: str
    at: str = Field(max_length=40)


@dataclass(frozen=True)
class Witnessed:
    """What became of a checkpoint. `differs_from`: the first row that contradicts earlier ones."""

    held: int
    differs_from: int | None
    new: bool


class CheckpointOut(BaseModel):
    """Answer of `POST /audit/checkpoints`."""

    held: int
    differs_from: int | None
    receipt: Receipt


class BreakOut(BaseModel):
    """From which row on the record was replaced, and when that was noticed."""

    row: int
    at: str


class LinksOut(BaseModel):
    """Answer of `GET /audit/links`."""

    first: int
    links: str
    held: int
    breaks: list[BreakOut]


@router.post(
    "/audit/checkpoints",
    status_code=201,
    responses=answers(
        401,
        403,
        409,
        s200=("Witnessed before", CheckpointOut),
        s201=("Witnessed now", CheckpointOut),
    ),
)
def take_checkpoint(request: Request, caller: Device, body: CheckpointIn) -> JSONResponse:
    """Witness a checkpoint; the signed receipt."""
    province = get_province(request)
    data, signature = from_b64(body.checkpoint), from_b64(body.signature)
    now_ms = province.now_ms()
    content, got = province.database.write(
        witness, caller.device_id, data=data, signature=signature, now_ms=now_ms
    )
    if got.differs_from is not None:
        log.warning("record of device %s differs from row %d", caller.device_id, got.differs_from)
    answer = {
        "held": got.held,
        "differs_from": got.differs_from,
        "receipt": receipt(province.key, data, content, now_ms),
    }
    return JSONResponse(answer, 201 if got.new else 200)


@router.get("/audit/links", responses=answers(401, 403, s200=("Links held", LinksOut)))
def links(
    request: Request, caller: Device, after: Annotated[int, Query(ge=0, lt=MOST)] = 0
) -> dict[str, Any]:
    """What the province holds of the device's own record, `MOST_ROWS` at a time."""
    database = get_province(request).database
    held = database.read(links_of, caller.device_id, after + 1, after + MOST_ROWS)
    return {
        "first": after + 1,
        "links": to_b64(b"".join(held)),
        "held": database.read(rows_held, caller.device_id),
        "breaks": [
            {"row": row, "at": to_rfc3339(at_ms)}
            for row, at_ms in database.read(breaks, caller.device_id)
        ],
    }


def witness(
    session: Session, device_id: str, *, data: bytes, signature: bytes, now_ms: int
) -> tuple[Content, Witnessed]:
    """Take a checkpoint in and compare it with all that the device said before.

    Raises:
        Malformed: It is not this device's, not signed by it, or does not say what it must.
        RecordGap: Rows before it are not held, or differ; the device begins earlier.
    """
    device = session.get(DeviceRow, device_id, with_for_update=True)
    if device is None:
        raise Malformed
    content, fresh = _read(device, data, signature)
    held = rows_held(session, device_id)
    if content.first > held + 1:
        raise RecordGap(next=held + 1)
    before = links_of(session, device_id, content.first - 1, content.first - 1)
    if content.first > 1 and before != [bytes.fromhex(content.prev)[:LINK]]:
        raise RecordGap(next=max(1, content.first - MOST_ROWS))
    known = links_of(session, device_id, content.first, content.last)
    differs = next(
        (at for at, (a, b) in enumerate(zip(known, fresh, strict=False), content.first) if a != b),
        None,
    )
    if differs is None and len(known) == len(fresh):
        return content, Witnessed(held, None, new=False)
    if differs is not None:
        _void(session, device_id, differs, now_ms)
    session.add(
        AuditCheckpoint(
            device_id=device_id,
            position=_next_position(session, device_id),
            first=content.first,
            last=content.last,
            links=b"".join(fresh),
            body=data,
            signature=signature,
            received_ms=now_ms,
        )
    )
    session.flush()
    return content, Witnessed(rows_held(session, device_id), differs, new=True)


def rows_held(session: Session, device_id: str) -> int:
    """Up to which row the device's record is held."""
    void, last = AuditCheckpoint.void_from, AuditCheckpoint.last
    end = case((void.is_(None) | (void > last), last), else_=void - 1)
    query = select(func.max(end)).where(AuditCheckpoint.device_id == device_id)
    return session.scalar(query) or 0


def links_of(session: Session, device_id: str, first: int, last: int) -> list[bytes]:
    """Links of the rows that count, in order, as far as they are held."""
    found: dict[int, bytes] = {}
    for row in _newest_first(session, device_id, first, last):
        end = row.last if row.void_from is None else min(row.last, row.void_from - 1)
        for at in range(max(first, row.first), min(last, end) + 1):
            start = (at - row.first) * LINK
            found.setdefault(at, row.links[start : start + LINK])
        if len(found) > last - first:
            break  # a record that was replaced a thousand times is not read a thousand times
    return [found[at] for at in range(first, last + 1) if at in found]


def breaks(session: Session, device_id: str) -> list[tuple[int, int]]:
    """Where the record was found to differ: (row, milliseconds since 1970), in order of time."""
    query = (
        select(AuditCheckpoint.void_from, func.min(AuditCheckpoint.void_ms))
        .where(AuditCheckpoint.device_id == device_id, AuditCheckpoint.void_from.is_not(None))
        .group_by(AuditCheckpoint.void_from, AuditCheckpoint.void_ms)
        .order_by(AuditCheckpoint.void_ms)
    )
    return [(int(row or 0), int(at or 0)) for row, at in session.execute(query)]


def receipt(key: SigningKey, data: bytes, content: Content, now_ms: int) -> dict[str, str]:
    """The signed receipt for the checkpoint whose canonical JSON is `data`."""
    body = canonical(
        {
            "v": 1,
            "device": content.device,
            "last": content.last,
            "sha256": sha256(data).hexdigest(),
            "received_at": to_rfc3339(now_ms),
        }
    )
    signature = to_b64(key.sign(RECEIPT + body))
    return {"receipt": to_b64(body), "kid": key.kid.hex(), "signature": signature}


def _read(device: DeviceRow, data: bytes, signature: bytes) -> tuple[Content, list[bytes]]:
    try:
        Ed25519PublicKey.from_public_bytes(device.public_key).verify(signature, PURPOSE + data)
        content = Content.model_validate(json.loads(data))
    except (InvalidSignature, ValidationError, ValueError, RecursionError):
        raise Malformed from None
    links = from_b64(content.links)
    fresh = [links[i : i + LINK] for i in range(0, len(links), LINK)]
    rows = content.last - content.first + 1
    right = content.device == device.id and 1 <= rows <= MOST_ROWS and len(links) == rows * LINK
    if not right or fresh[-1] != bytes.fromhex(content.hash)[:LINK]:
        raise Malformed
    return content, fresh


def _newest_first(
    session: Session, device_id: str, first: int, last: int
) -> Iterator[AuditCheckpoint]:
    before = MOST
    while rows := session.scalars(
        _covering(device_id, first, last)
        .where(AuditCheckpoint.position < before)
        .order_by(AuditCheckpoint.position.desc())
        .limit(FEW)
    ).all():
        yield from rows
        before = rows[-1].position


def _covering(device_id: str, first: int, last: int) -> Select[AuditCheckpoint]:
    """Checkpoints of which a row from `first` to `last` may count."""
    void = AuditCheckpoint.void_from
    return select(AuditCheckpoint).where(
        AuditCheckpoint.device_id == device_id,
        AuditCheckpoint.last >= first,
        AuditCheckpoint.first <= last,
        void.is_(None) | (void > first),
    )


def _void(session: Session, device_id: str, from_row: int, now_ms: int) -> None:
    for row in session.scalars(_covering(device_id, from_row, MOST)):
        row.void_from, row.void_ms = from_row, now_ms
    session.flush()


def _next_position(session: Session, device_id: str) -> int:
    query = select(func.max(AuditCheckpoint.position)).where(AuditCheckpoint.device_id == device_id)
    return (session.scalar(query) or 0) + 1
