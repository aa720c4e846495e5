"""Checkpoints: the record's links, signed by the device and witnessed by the province.

A checkpoint names the rows `first` to `last` and carries the first 8 bytes of each row's hash,
so that whoever holds it can name the very row that was changed later.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit, settings
from store.models import Checkpoint

MOST_ROWS = 1000
LINK = 8  # bytes kept of a row's hash
_NEXT = "checkpoint_next"


@dataclass(frozen=True)
class CheckpointView:
    """A checkpoint: canonical JSON, its Ed25519 signature, and the province's receipt or b""."""

    last: int
    body: bytes
    signature: bytes
    receipt: bytes


def make(
    session: Session, device: UUID, sign: Callable[[bytes], bytes], now: datetime
) -> CheckpointView | None:
    """Sign the rows that the province has not witnessed; None where there are none."""
    first = int(settings.get(session, _NEXT) or b"1")
    last = min(audit.length(session), first + MOST_ROWS - 1)
    hashes = audit.links(session, max(1, first - 1), last)
    prev = hashes.pop(0) if first > 1 and hashes else audit.FIRST
    if not hashes:
        return None
    content = {
        "v": 1,
        "device": str(device),
        "first": first,
        "last": last,
        "prev": prev.hex(),
        "hash": hashes[-1].hex(),
        "links": base64.b64encode(b"".join(each[:LINK] for each in hashes)).decode(),
        "at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return CheckpointView(last, body, sign(body), b"")


def keep(session: Session, made: CheckpointView, receipt: bytes, now: datetime) -> None:
    """Keep what the province has witnessed; the next checkpoint begins after it."""
    row = Checkpoint(
        seq=made.last, body=made.body, signature=made.signature, receipt=receipt, at=now
    )
    session.merge(row)
    go_on_from(session, made.last + 1)


def go_on_from(session: Session, row: int) -> None:
    """Begin the next checkpoint at `row`, where the province asks for it."""
    settings.put(session, _NEXT, str(row).encode())


def listed(session: Session) -> tuple[CheckpointView, ...]:
    """All that the province has witnessed, in order."""
    rows = session.scalars(select(Checkpoint).order_by(Checkpoint.seq))
    return tuple(CheckpointView(r.seq, r.body, r.signature, r.receipt) for r in rows)


def first_difference(session: Session, first: int, held: Sequence[bytes]) -> audit.Break | None:
    """Where the record differs from links that somebody else holds, from row `first` on."""
    ours = audit.links(session, first, first + len(held) - 1)
    for at, (mine, theirs) in enumerate(zip(ours, held, strict=False), first):
        if mine[:LINK] != theirs:
            return audit.Break(at, "altered")
    return audit.Break(first + len(ours), "cut") if len(ours) < len(held) else None


def compare(session: Session) -> audit.Break | None:
    """The first row that is not as the province once witnessed it; needs no network."""
    for each in listed(session):
        content = json.loads(each.body)
        found = first_difference(session, content["first"], split(content["links"]))
        if found:
            return found
    return None


def split(links: str) -> list[bytes]:
    """The links of a checkpoint's base64 text."""
    data = base64.b64decode(links)
    return [data[i : i + LINK] for i in range(0, len(data), LINK)]


def digest(body: bytes) -> str:
    """What a receipt names a checkpoint by."""
    return sha256(body).hexdigest()
