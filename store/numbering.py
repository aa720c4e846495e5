"""Case numbers: leased from the province; provisional ones where the lease is used up.

A leased number is given out once: blocks belong to this device's key, a store that was put back
uses none of the blocks it knows, and asks for new ones with the newest lease epoch that it knows of
(docs/protocol.md section 9).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store import audit, cases, drafts, numbers, offices, settings
from store.errors import CaseGone, NumbersUsedUp, OfficeMoving
from store.outbox import FOREIGN
from store.views import BlockView, CaseRow, FileView

KIND = "case"
BLOCK = 200
PROVISIONAL = "L"  # how a provisional number begins; no leased one does
OWN = "P"  # how the number of a case begins that goes to a project of another server
_LOCAL = "local_serial"
_OWN = "own_serial"
_MARK = "device_mark"
_ASKED = "block_asked"  # the block that was asked for and has not come yet
_EPOCH = "lease_epoch"  # the newest that this device's key is known to have reached
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks alike


def case_number(session: Session, case_id: UUID, division: str, day: date) -> str:
    """The case's number; the one it has where it is a correction.

    Without leased numbers it is provisional: it begins with L and carries a mark drawn at random,
    so that no other computer and no earlier copy of this store makes the same one.
    """
    try:
        return cases.get_case(session, case_id).row.number
    except CaseGone:
        pass
    try:
        prefix, number = numbers.take(session, KIND)
    except NumbersUsedUp:
        serial = int(settings.get(session, _LOCAL) or b"0") + 1
        settings.put(session, _LOCAL, str(serial).encode())
        return f"{PROVISIONAL}{division}-{_mark(session)}-{day:%Y%m%d}-{serial:04d}"
    return f"{prefix}{day:%Y%m%d}-{number:06d}"


def own_number(session: Session, case_id: UUID, day: date) -> str:
    """The number of a case that no province counts; the one it has where it is a correction."""
    try:
        return cases.get_case(session, case_id).row.number
    except CaseGone:
        pass
    serial = int(settings.get(session, _OWN) or b"0") + 1
    settings.put(session, _OWN, str(serial).encode())
    return f"{OWN}{_mark(session)}-{day:%Y%m%d}-{serial:04d}"


def is_provisional(row: CaseRow) -> bool:
    """Whether the province will give the case another number; other servers' cases keep theirs."""
    return row.number.startswith(PROVISIONAL) and not row.service_id.startswith(FOREIGN)


def accept(session: Session, a: cases.Acceptance, division: str, now: datetime) -> UUID:
    """Take a number and finalise in one transaction: none is lost and none given twice.

    `now` is local, since the day stands in the number.

    Raises:
        DraftGone, DraftOfAnother: As `cases.finalise`.
        OfficeMoving: The province sends this store to another office: nothing new till then.
    """
    if offices.moving_to(session) and not cases.exists(session, a.case_id):
        raise OfficeMoving
    number = case_number(session, a.case_id, division, now.date())
    return cases.finalise(session, replace(a, number=number, words=f"{a.words} {number}"), now)


def accept_merged(
    session: Session,
    draft: drafts.NewDraft,
    files: Sequence[FileView],
    a: cases.Acceptance,
    division: str,
    now: datetime,
) -> UUID:
    """Keep a version that merges two others, in one transaction: no draft of it is ever seen."""
    drafts.begin(session, draft, now, files)
    session.flush()
    return accept(session, a, division, now)


def ask(session: Session, fresh: UUID, kind: str) -> tuple[UUID, str, int]:
    """Id and kind of the block to ask for, and the lease epoch to say with it.

    The id is kept until its block is here, so that a lost answer loses no numbers; only one block
    is under way at a time, of whatever kind, since the epoch counts them all.

    Args:
        session: The session.
        fresh: The id where none is under way.
        kind: The kind where none is under way.
    """
    asked = settings.get(session, _ASKED)
    if not asked:
        asked = fresh.bytes + kind.encode()
        settings.put(session, _ASKED, asked)
    return UUID(bytes=asked[:16]), asked[16:].decode() or KIND, known_epoch(session)


def keep(session: Session, block: BlockView) -> bool:
    """Keep a leased block; whether it was the one under way. Any other changes nothing."""
    if (settings.get(session, _ASKED) or b"")[:16] != block.id.bytes:
        return False
    numbers.add_block(session, block)
    _end_asking(session, max(block.epoch, known_epoch(session)))
    return True


def known_epoch(session: Session) -> int:
    """The newest lease epoch that this store knows of; 0 before the first block."""
    known = settings.get(session, _EPOCH)
    return numbers.newest_epoch(session) if known is None else int(known)


def heard(session: Session, epoch: int, now: datetime) -> None:
    """The province has leased blocks up to `epoch`: more than known here means an older store.

    While an answer is under way one more than known is no proof.
    """
    if epoch > known_epoch(session) and not settings.get(session, _ASKED):
        fell_behind(session, epoch, now)


def fell_behind(session: Session, epoch: int, now: datetime) -> None:
    """The province has leased blocks up to `epoch`: this store is older than what it has done."""
    begin_anew(session)
    _end_asking(session, epoch)
    audit.record(session, "", "numbers_given_up", str(epoch), now=now)


def begin_anew(session: Session) -> None:
    """Give out no number that may have been given out after this copy of the store was made."""
    numbers.give_up(session)
    settings.put(session, _ASKED, b"")
    settings.put(session, _MARK, b"")
    settings.put(session, _LOCAL, b"0")
    settings.put(session, _OWN, b"0")


def change_hands(session: Session) -> None:
    """Another device key, or another office: the blocks of the former are not used any more."""
    numbers.give_up(session)
    settings.put(session, _ASKED, b"")


def forget_epoch(session: Session) -> None:
    """A new device key: the province counts its blocks from the beginning."""
    settings.put(session, _EPOCH, b"0")


def _end_asking(session: Session, epoch: int) -> None:
    settings.put(session, _ASKED, b"")
    settings.put(session, _EPOCH, str(epoch).encode())


def _mark(session: Session) -> str:
    mark = settings.get(session, _MARK)
    if not mark:
        mark = "".join(secrets.choice(_ALPHABET) for _ in range(6)).encode()
        settings.put(session, _MARK, mark)
    return mark.decode()
