"""Which items end rounds, so that they go last and in ever smaller company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

COMPANY = (100, 25, 6, 1)  # how many go together, by how often they saw a round end
T = TypeVar("T")


@dataclass
class Blame:
    """How often an item was on its way when a round ended early, from one round to the next.

    Most often it was the network, but it may be the item: something between here and there cuts
    whatever holds it. So what was there goes after all others, and in ever smaller company.
    """

    times: dict[UUID, int] = field(default_factory=dict)

    def next_group(self, due: Sequence[T], key: Callable[[T], UUID]) -> list[T]:
        """Of items that are due, oldest first, those to send together now; `key` is their id."""
        if not due:
            return []
        least = min(self.times.get(key(item), 0) for item in due)
        alike = [item for item in due if self.times.get(key(item), 0) == least]
        return alike[: COMPANY[min(least, len(COMPANY) - 1)]]

    def put_on(self, items: Iterable[UUID]) -> None:
        """A round ended while these were on their way."""
        for each in items:
            self.times[each] = self.times.get(each, 0) + 1

    def lift(self, items: Iterable[UUID]) -> None:
        """These went through, or failed for a reason of their own."""
        for each in items:
            self.times.pop(each, None)
