"""Numbers leased from the province: given out once, in order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.errors import NumbersUsedUp
from store.models import NumberBlock
from store.views import BlockView


def add_block(session: Session, block: BlockView) -> None:
    """Keep a leased block; a known one changes nothing."""
    if session.get(NumberBlock, block.id) is None:
        session.add(
            NumberBlock(
                id=block.id,
                kind=block.kind,
                prefix=block.prefix,
                first=block.first,
                last=block.last,
                next=block.next,
                epoch=block.epoch,
            )
        )
        session.flush()


def take(session: Session, kind: str) -> tuple[str, int]:
    """The next number as (prefix, number).

    Raises:
        NumbersUsedUp: No block of this kind has one left.
    """
    row = session.scalars(
        select(NumberBlock)
        .where(NumberBlock.kind == kind, NumberBlock.next <= NumberBlock.last)
        .order_by(NumberBlock.epoch, NumberBlock.first)
        .limit(1)
    ).first()
    if row is None:
        raise NumbersUsedUp
    number, row.next = row.next, row.next + 1
    session.flush()
    return row.prefix, number


def give_up(session: Session) -> int:
    """Use no number of the known blocks any more; returns how many were left.

    After an older copy was put back nobody here knows which were given out since.
    """
    rows = session.scalars(select(NumberBlock).where(NumberBlock.next <= NumberBlock.last)).all()
    count = sum(row.last - row.next + 1 for row in rows)
    for row in rows:
        row.next = row.last + 1
    session.flush()
    return count


def left(session: Session, kind: str) -> int:
    """How many numbers of this kind are left."""
    query = select(func.sum(NumberBlock.last - NumberBlock.next + 1)).where(
        NumberBlock.kind == kind
    )
    return int(session.scalar(query) or 0)


def newest_epoch(session: Session) -> int:
    """The highest lease epoch of the known blocks; 0 for none."""
    return int(session.scalar(select(func.max(NumberBlock.epoch))) or 0)
