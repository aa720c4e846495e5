"""Small things that wait in lines, such as the events of a case: many at once, and in order.

Of each line only the first is ever under way; what comes after it goes with a later request.
docs/protocol.md section 21.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sync.blame import COMPANY, Blame
from sync.errors import SyncError
from sync.ledger import Settled

T = TypeVar("T")


@dataclass(frozen=True)
class Lines(Generic[T]):
    """What waits, and what becomes of it.

    Attributes:
        due: The first of each line whose time has come, oldest first; at most so many.
        send: Sends them; each is answered once, in any order, until an error ends the round.
        settle: Keeps what became of some, in one transaction.
        key: The id of one.
    """

    due: Callable[[int], Sequence[T]]
    send: Callable[[Sequence[T]], Iterator[Settled]]
    settle: Callable[[Sequence[tuple[T, Settled]]], None]
    key: Callable[[T], UUID]


def push(
    lines: Lines[T], blame: Blame, stopped: Callable[[], bool]
) -> tuple[int, SyncError | None]:
    """Send what is due; how many have their receipt now, and the error that ends the round."""
    tried: set[UUID] = set()
    sent = 0
    while not stopped():
        most = COMPANY[0] + len(tried) - sent + len(blame.times)
        due = [each for each in lines.due(most) if lines.key(each) not in tried]
        group = {lines.key(each): each for each in blame.next_group(due, lines.key)}
        if not group:
            break
        tried |= set(group)
        found, error = _send(lines, list(group.values()))
        lines.settle([(group[each.id], each) for each in found])
        sent += sum(each.error is None for each in found)
        if error is not None:
            blame.put_on(error.under_way)
            return sent, error
        blame.lift(group)
    return sent, None


def _send(lines: Lines[T], group: Sequence[T]) -> tuple[list[Settled], SyncError | None]:
    found: list[Settled] = []
    try:
        found.extend(lines.send(group))
    except SyncError as error:
        left = {lines.key(each) for each in group} - {each.id for each in found}
        return [*found, *(Settled(each, error=error) for each in left)], error
    return found, None
