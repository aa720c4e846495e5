"""Sending small things to a province: many in one request where it takes that, else one by one.

Each is judged by itself. Where a request for many fails although nothing is wrong with the line,
it is divided until the one that the province stumbles over stands alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sync.errors import NoBatch, SyncError, Unexpected
from sync.http import Answer
from sync.ledger import Settled
from sync.problems import to_error
from sync.providers.session import DeviceSession

MOST_IN_BATCH = 100
REQUEST_S = 15.0  # of sending for one request at the speed of now; the province waits a minute
BATCH_BYTES = 1024 * 1024
ANY_STATUS = tuple(range(200, 600))
T = TypeVar("T")


@dataclass(frozen=True)
class Sort(Generic[T]):
    """How things of one sort go over the wire.

    Attributes:
        batch: Path of the request for many.
        many, one: The member that holds them all, and the one that holds the id of each.
        key: The id.
        path: Path of the request for one.
        owner: Member of a batch beside the id, and its value.
        body: What is said.
        check: The receipt as to be kept, once it is proven to be for this one.
        meant: Errors that a status stands for here.
    """

    batch: str
    many: str
    one: str
    key: Callable[[T], UUID]
    path: Callable[[T], str]
    owner: Callable[[T], tuple[str, UUID]]
    body: Callable[[T], Mapping[str, Any]]
    check: Callable[[Mapping[str, Any], T, Mapping[str, bytes]], bytes]
    meant: Mapping[int, type[SyncError]] = field(default_factory=dict)

    def member(self, item: T) -> dict[str, Any]:
        """As it stands in a batch."""
        name, owner = self.owner(item)
        return {name: str(owner), self.one: str(self.key(item)), "body": dict(self.body(item))}


class Many(Generic[T]):
    """Sends things of one sort through one session. Used by one thread at a time."""

    def __init__(self, session: DeviceSession, sort: Sort[T]) -> None:
        self._session, self._sort = session, sort
        self._batches = True

    def send(self, items: Sequence[T]) -> Iterator[Settled]:
        """Send them in their order; each is answered once.

        Raises:
            SyncError: One that ends the round; what was not answered is as it was.
        """
        for group in self._grouped(items):
            yield from self._send(group)

    def _send(self, group: Sequence[T]) -> Iterator[Settled]:
        if len(group) > 1 and self._batches:
            try:
                answers = self._blaming(group, self._ask_many)
            except NoBatch:
                middle = len(group) // 2
                yield from self._send(group[:middle])
                yield from self._send(group[middle:])
                return
            for item, answer in zip(group, answers, strict=True):
                yield self._judge(item, answer)
            return
        for item in group:
            [answer] = self._blaming([item], self._ask_one)
            yield self._judge(item, answer)

    def _blaming(
        self, group: Sequence[T], ask: Callable[[Sequence[T]], list[Answer]]
    ) -> list[Answer]:
        try:
            return ask(group)
        except SyncError as error:
            if self._session.heard:  # else it was the line, whatever went over it
                error.under_way |= frozenset(map(self._sort.key, group))
            raise

    def _ask_one(self, items: Sequence[T]) -> list[Answer]:
        [item] = items
        path, body = self._sort.path(item), dict(self._sort.body(item))
        answer = self._session.ask("PUT", path, body=body, allowed=ANY_STATUS)
        error = to_error(answer) if answer.status >= 400 else None
        if error is not None and error.ends_round:
            raise error
        return [answer]

    def _ask_many(self, items: Sequence[T]) -> list[Answer]:
        sort = self._sort
        body = {sort.many: [sort.member(item) for item in items]}
        answer = self._session.ask("POST", sort.batch, body=body, allowed=ANY_STATUS)
        if answer.status in (404, 405):  # an older province
            self._batches = False
        if answer.status != 200:
            error = to_error(answer)
            raise error if error.ends_round else NoBatch
        try:
            said = {each[sort.one]: each for each in answer.json()["results"]}
            results = [said[str(sort.key(item))] for item in items]
            return [
                Answer(int(each["status"]), {}, json.dumps(each["body"]).encode())
                for each in results
            ]
        except (KeyError, TypeError, ValueError):
            raise NoBatch from None

    def _judge(self, item: T, answer: Answer) -> Settled:
        key = self._sort.key(item)
        try:
            if answer.status not in (200, 201):
                raise self._error(answer)
            keys = self._session.identity.keys
            return Settled(key, self._sort.check(answer.json(), item, keys))
        except SyncError as error:
            return Settled(key, error=error)

    def _error(self, answer: Answer) -> SyncError:
        meant = self._sort.meant.get(answer.status)
        if meant is not None:
            return meant()
        return to_error(answer) if answer.status >= 400 else Unexpected(status=answer.status)

    def _grouped(self, items: Sequence[T]) -> Iterator[list[T]]:
        """Items that go together: as many as the link carries in good time."""
        group: list[T] = []
        size = 0
        for item in items:
            own = len(json.dumps(self._sort.member(item), ensure_ascii=False).encode())
            room = min(BATCH_BYTES, self._session.pace.goes_through(REQUEST_S))
            if group and (len(group) >= MOST_IN_BATCH or size + own > room):
                yield group
                group, size = [], 0
            group.append(item)
            size += own
        if group:
            yield group
