"""Relay bundles that this device made: what each file carries, and whether it was answered.

The files themselves are sealed and lie in the profile's folder `relay` until they are copied to a
stick; here stands what is needed to believe the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit
from store.models import RelayPart


@dataclass(frozen=True)
class RelayPartView:
    """One file of a bundle; moments aware.

    Attributes:
        others: Decisions and changes to residents that the bundle carries, in its last file.
        cursor, slices: How far events and each slice were read when it was made.
        reply_key: b"" once the answer was taken in.
    """

    bundle: UUID
    part: int
    parts: int
    made_at: datetime
    submissions: tuple[UUID, ...]
    others: int
    cursor: str
    slices: Mapping[str, str]
    reply_key: bytes
    copied_at: datetime | None
    answered_at: datetime | None


def keep(session: Session, parts: Sequence[RelayPartView], by: str, now: datetime) -> None:
    """Keep a new bundle, on record."""
    for each in parts:
        session.add(
            RelayPart(
                bundle_id=each.bundle,
                part=each.part,
                parts=each.parts,
                made_at=each.made_at,
                submissions=json.dumps([str(one) for one in each.submissions]),
                others=each.others,
                cursor=each.cursor,
                slices=json.dumps(dict(each.slices)),
                reply_key=each.reply_key,
                copied_at=None,
                answered_at=None,
            )
        )
    cases = len({one for each in parts for one in each.submissions})
    detail = {"parts": len(parts), "submissions": cases, "others": parts[0].others}
    audit.record(session, by, "relay_made", str(parts[0].bundle), detail, now=now)


def listed(session: Session, limit: int = 200) -> tuple[RelayPartView, ...]:
    """Files of all bundles, the newest bundle first."""
    rows = session.scalars(
        select(RelayPart)
        .order_by(RelayPart.made_at.desc(), RelayPart.bundle_id, RelayPart.part)
        .limit(limit)
    )
    return tuple(_view(row) for row in rows)


def find(session: Session, bundle: UUID, part: int) -> RelayPartView | None:
    """One file of a bundle; None when this device did not make it."""
    row = session.get(RelayPart, (bundle, part))
    return _view(row) if row else None


def note_copied(session: Session, bundle: UUID, part: int, by: str, now: datetime) -> None:
    """A file stands on a stick, read back and found whole."""
    row = session.get_one(RelayPart, (bundle, part))
    row.copied_at = now
    audit.record(session, by, "relay_copied", str(bundle), {"part": part}, now=now)


def note_answered(session: Session, bundle: UUID, part: int, by: str, now: datetime) -> None:
    """The answer was taken in; its key goes, so that nobody can read it again."""
    row = session.get_one(RelayPart, (bundle, part))
    row.answered_at, row.reply_key = now, b""
    audit.record(session, by, "relay_answered", str(bundle), {"part": part}, now=now)


def note_carried(session: Session, bundle: str, part: int, by: str, now: datetime) -> None:
    """This device handed over a file of another one."""
    audit.record(session, by, "relay_carried", bundle, {"part": part}, now=now)


def _view(row: RelayPart) -> RelayPartView:
    return RelayPartView(
        bundle=row.bundle_id,
        part=row.part,
        parts=row.parts,
        made_at=row.made_at,
        submissions=tuple(UUID(one) for one in json.loads(row.submissions)),
        others=row.others,
        cursor=row.cursor,
        slices=json.loads(row.slices),
        reply_key=row.reply_key,
        copied_at=row.copied_at,
        answered_at=row.answered_at,
    )
