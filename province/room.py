"""Room for files that no case names yet: how much of it a device has, and for how long.

A file is **named** once a submission with a receipt names it, and is kept from then on. Until then
it counts for the device that announced it, with its whole announced length, and it is **over**
once nobody has touched it for the time that `Room` grants: from that moment it is treated as if
it were gone, whether or not a sweep has taken its bytes. So no receipt ever rests on a file that
a sweep has in hand. Locks are taken in the order feed, upload, holding. See docs/protocol.md
section 6.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from province.database import insert_missing
from province.errors import RoomUsed
from province.models import Holding, Submission, Upload

GIB = 2**30
DAY_MS = 86_400_000
LEAST_BYTES = 64 * 1024  # what the smallest file counts: so their number is bounded as well
UNFINISHED_MS = 30 * DAY_MS  # an unfinished file that nobody touched for so long is dropped
CLOCKS_MS = 3_600_000  # by which the clocks of two workers may differ
IN_QUERY = 500


@dataclass(frozen=True)
class Room:
    """What files may take that no accepted case names.

    Attributes:
        device_bytes: Of one device, in the office that it belongs to.
        free_bytes: Left free on the disk: below it no bytes of files are taken in; 0 for none.
        kept_ms: How long a complete file waits for its case.
    """

    device_bytes: int = 20 * GIB
    free_bytes: int = 0
    kept_ms: int = 180 * DAY_MS


def counted(length: int) -> int:
    """What a file of `length` bytes counts."""
    return max(length, LEAST_BYTES)


def is_over(row: Upload, before_ms: int) -> bool:
    """Whether a complete file that no case names has waited since before `before_ms`."""
    return row.complete and row.named is False and row.touched_ms < before_ms


def loose(now_ms: int, kept_ms: int) -> ColumnElement[bool]:
    """What a sweep may take: nobody went on with it, or it is over by all clocks."""
    return and_(
        Upload.named.is_not(True),
        or_(
            and_(~Upload.complete, Upload.touched_ms < now_ms - UNFINISHED_MS),
            and_(
                Upload.complete,
                Upload.named.is_(False),
                Upload.touched_ms < now_ms - kept_ms - CLOCKS_MS,
            ),
        ),
    )


def take(session: Session, row: Upload, most: int) -> None:
    """Count an upload for the device that holds it.

    Raises:
        RoomUsed: The device would hold more than `most` bytes.
    """
    holding = _lock(session, row.office_id, row.device_id or "")
    holding.bytes += counted(row.length_bytes)
    if holding.bytes > most:
        raise RoomUsed


def give_back(session: Session, rows: Iterable[Upload]) -> None:
    """Count uploads no longer; those of an earlier version never counted."""
    freed = Counter[tuple[str, str]]()
    for row in rows:
        if row.device_id is not None:
            freed[row.office_id, row.device_id] += counted(row.length_bytes)
    for who, size in sorted(freed.items()):
        _lock(session, *who).bytes -= size


def here(
    session: Session, offices: Sequence[str], digests: Sequence[str], before_ms: int
) -> dict[str, dict[str, Upload]]:
    """Complete files of each office by their digest, locked, without those that are over."""
    found: dict[str, dict[str, Upload]] = {office: {} for office in offices}
    for start in range(0, len(digests), IN_QUERY):
        query = (
            select(Upload)
            .where(
                Upload.office_id.in_(offices),
                Upload.sha256.in_(digests[start : start + IN_QUERY]),
                Upload.complete,
            )
            .order_by(Upload.office_id, Upload.sha256)
            .with_for_update()
        )
        for row in session.scalars(query):
            if not is_over(row, before_ms):
                found[row.office_id][row.sha256] = row
    return found


def touch(files: Mapping[str, Upload], digests: Iterable[str], now_ms: int) -> None:
    """Let the files that a case names wait for its others."""
    for digest in digests:
        if (row := files.get(digest)) is not None and row.named is False:
            row.touched_ms = now_ms


def name(files: Mapping[str, Upload], digests: Iterable[str]) -> list[Upload]:
    """Note that a case with a receipt names these files; those that no case named before."""
    rows = [row for digest in sorted(set(digests)) if (row := files[digest]).named is not True]
    fresh = [row for row in rows if row.named is False]
    for row in rows:
        row.named = True
    return fresh


def keep_longer(session: Session, now_ms: int, kept_ms: int) -> None:
    """Let all that is not over wait its whole time again: the cases may have to come again."""
    session.execute(
        update(Upload)
        .where(Upload.complete, Upload.named.is_(False), Upload.touched_ms >= now_ms - kept_ms)
        .values(touched_ms=now_ms)
    )


def held(session: Session) -> dict[tuple[str, str], int]:
    """Bytes that count for each device, by office and device."""
    return {(row.office_id, row.device_id): row.bytes for row in session.scalars(select(Holding))}


def judge_old(session: Session, now_ms: int) -> bool:
    """Find out which files of one office are named, where an earlier version did not note it.

    Returns:
        Whether there was such an office.
    """
    unknown = Upload.named.is_not(True) & Upload.named.is_(None)  # so that the index serves
    office = session.scalar(select(Upload.office_id).where(unknown).limit(1))
    if office is None:
        return False
    query = select(Upload).where(Upload.office_id == office, Upload.named.is_(None))
    rows = session.scalars(query.order_by(Upload.sha256).with_for_update()).all()
    named = named_among(session, office, [row.sha256 for row in rows])
    for row in rows:
        row.named = row.complete and row.sha256 in named
        row.touched_ms = max(row.touched_ms, now_ms) if row.complete else row.touched_ms
    return True


def named_among(session: Session, office_id: str, digests: Iterable[str]) -> set[str]:
    """Which of these files submissions with a receipt name, whatever was noted of it."""
    wanted = set(digests)
    told = select(Submission.manifest).where(
        Submission.office_id == office_id, Submission.receipt.is_not(None)
    )
    files = (f for said in session.scalars(told) for f in json.loads(said))
    return {digest for file in files if (digest := file["sha256"]) in wanted}


def note_named(session: Session, office_id: str, digests: Iterable[str]) -> None:
    """Note what a worker of an earlier version did not: these files are named."""
    query = select(Upload).where(Upload.office_id == office_id, Upload.sha256.in_(digests))
    rows = session.scalars(query.order_by(Upload.sha256).with_for_update()).all()
    give_back(session, name({row.sha256: row for row in rows}, [row.sha256 for row in rows]))


def _lock(session: Session, office_id: str, device_id: str) -> Holding:
    key = (office_id, device_id)
    session.flush()
    row = session.get(Holding, key, with_for_update=True)
    if row is None:
        values = {"office_id": office_id, "device_id": device_id, "bytes": 0}
        insert_missing(session, Holding, [values])
        row = session.get_one(Holding, key, with_for_update=True)
    return row
