"""The chain of what people did here: each row holds the hash of the one before it.

The chain shows that rows were altered, moved or taken out; `store/checkpoints.py` lets the
province witness it, so that nobody can write the whole of it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from store import clock, settings
from store.models import Audit
from store.views import AuditRow

FIRST = bytes(32)
DOUBTFUL = "time_doubtful"  # in `detail`: the clock had been moved back
_HEAD = "audit_head"


@dataclass(frozen=True)
class Break:
    """The first row that is not as it was: altered, removed, moved or cut."""

    row: int
    what: str


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
    return record_each(session, operator, action, [(subject, detail or {})], now=now)


def record_each(
    session: Session,
    operator: str,
    action: str,
    entries: Sequence[tuple[str, Mapping[str, str | int]]],
    *,
    now: datetime,
) -> bytes:
    """Append a row for each (subject, detail); returns the hash of the last row there is then.

    As `record`, with as many statements for a hundred as for one.
    """
    newest = select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)
    seq, link = session.execute(newest).one_or_none() or (0, FIRST)
    if not entries:
        return link
    doubt = {DOUBTFUL: 1} if clock.note(session, now) else {}
    at_ms = round(now.timestamp() * 1000)
    same = {"at": now, "operator": operator, "action": action}
    added: list[dict[str, object]] = []
    for subject, detail in entries:
        seq, prev = seq + 1, link
        text = json.dumps({**detail, **doubt}, sort_keys=True, ensure_ascii=False)
        link = chain_hash(prev, seq, at_ms, operator, action, subject, text)
        row = {"seq": seq, "subject": subject, "detail": text, "prev": prev, "hash": link}
        added.append({**same, **row})
    session.execute(insert(Audit), added)
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


def newest(session: Session, before: int = 0, limit: int = 500) -> tuple[AuditRow, ...]:
    """The newest rows, newest first; with `before`, those before that row."""
    query = select(Audit).order_by(Audit.seq.desc()).limit(limit)
    if before:
        query = query.where(Audit.seq < before)
    return tuple(
        AuditRow(r.seq, r.at, r.operator, r.action, r.subject, r.detail, r.prev, r.hash)
        for r in session.scalars(query)
    )


def find_break(session: Session) -> Break | None:
    """The first row that was altered, removed or moved; None if the chain is whole.

    A chain cut at its end is found through the head kept apart, and reported as the first row
    that is missing.
    """
    expected, prev = 1, FIRST
    for row in rows(session):
        if row.seq != expected:
            return Break(expected, "removed")
        link = row_hash(row)
        if row.hash != link:
            return Break(expected, _what(session, row))
        if row.prev != prev:  # whole in itself: the one before it was written anew
            return Break(max(1, expected - 1), "altered")
        expected, prev = expected + 1, link
    head = settings.get(session, _HEAD) or bytes(8) + FIRST
    return None if head == (expected - 1).to_bytes(8, "big") + prev else Break(expected, "cut")


def row_hash(row: AuditRow) -> bytes:
    """What the hash of a row must be, given the `prev` and the content it shows."""
    at_ms = round(row.at.timestamp() * 1000)
    return chain_hash(row.prev, row.seq, at_ms, row.operator, row.action, row.subject, row.detail)


def links(session: Session, first: int, last: int) -> list[bytes]:
    """Hashes of the rows `first` to `last`, in order."""
    query = select(Audit.hash).where(Audit.seq >= first, Audit.seq <= last).order_by(Audit.seq)
    return list(session.scalars(query))


def _what(session: Session, row: AuditRow) -> str:
    # A row that was moved is whole in itself under the number it had before.
    at_ms = round(row.at.timestamp() * 1000)
    facts = (at_ms, row.operator, row.action, row.subject, row.detail)
    numbers = range(1, length(session) + 1)
    moved = any(chain_hash(row.prev, n, *facts) == row.hash for n in numbers)
    return "moved" if moved else "altered"


def length(session: Session) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(Audit)) or 0
