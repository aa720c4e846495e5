"""The chain of what people did here: each row holds the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import settings
from store.models import Audit
from store.views import AuditRow

FIRST = bytes(32)
_HEAD = "audit_head"


def record(
    session: Session,
    operator: str,
    action: str,
    subject: str,
    detail: Mapping[str, str | int] | None = None,
    *,
    now: datetime,
) -> bytes:
    """Append a row; returns its hash.

    Args:
        session: In the transaction of what is recorded.
        operator: Login, "" for the program itself.
        action: What was done, such as `signed_in`.
        subject: Id or number of what it was done to; never a citizen's name.
        detail: Further facts; never answers.
        now: Aware.
    """
    last = session.scalars(select(Audit).order_by(Audit.seq.desc()).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, FIRST)
    text = json.dumps(dict(detail or {}), sort_keys=True, ensure_ascii=False)
    at_ms = round(now.timestamp() * 1000)
    link = chain_hash(prev, seq, at_ms, operator, action, subject, text)
    session.add(
        Audit(
            seq=seq,
            at=now,
            operator=operator,
            action=action,
            subject=subject,
            detail=text,
            prev=prev,
            hash=link,
        )
    )
    settings.put(session, _HEAD, seq.to_bytes(8, "big") + link)
    session.flush()
    return link


def chain_hash(
    prev: bytes, seq: int, at_ms: int, operator: str, action: str, subject: str, detail: str
) -> bytes:
    """SHA-256 over the canonical JSON array of a row and the hash before it."""
    row = [prev.hex(), seq, at_ms, operator, action, subject, detail]
    return hashlib.sha256(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    ).digest()


def rows(session: Session, after: int = 0) -> Iterator[AuditRow]:
    """Rows after a sequence number, in order."""
    for r in session.scalars(select(Audit).where(Audit.seq > after).order_by(Audit.seq)):
        yield AuditRow(r.seq, r.at, r.operator, r.action, r.subject, r.detail, r.prev, r.hash)


def find_break(session: Session) -> int | None:
    """Sequence number of the first row that was altered, removed or moved; None if whole.

    A chain cut at its end is found through the head kept apart, and reported as the first row
    that is missing.
    """
    expected, prev = 1, FIRST
    for row in rows(session):
        at_ms = round(row.at.timestamp() * 1000)
        link = chain_hash(prev, row.seq, at_ms, row.operator, row.action, row.subject, row.detail)
        if row.seq != expected or row.prev != prev or row.hash != link:
            return expected
        expected, prev = expected + 1, link
    head = settings.get(session, _HEAD) or bytes(8) + FIRST
    return None if head == (expected - 1).to_bytes(8, "big") + prev else expected


def length(session: Session) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(Audit)) or 0
