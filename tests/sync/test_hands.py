"""Files go by several hands where the link is quick, one by one where it is slow, and each once."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sync.http import Answer
from sync.providers import sending
from sync.providers.sending import HANDS, Sending
from sync.providers.session import DeviceSession
from sync.upload import LARGEST_BYTES, SMALLEST_BYTES
from sync.wire import Parcel
from tests.sync.memory import MemoryLedger, make_parcel
from tests.sync.test_poison import Province

FILE_BYTES = 600_000


class Link(Province):
    """A province behind a link on which each chunk takes `chunk_s` of its own clock."""

    def __init__(self) -> None:
        super().__init__({})
        self.chunk_s, self.now = 0.0, 0.0
        self.chunks: list[int] = []
        self.most = self._under_way = 0
        self._guard = threading.Condition()

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        if method != "PATCH":
            return super().ask(method, path, **more)
        with self._guard:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            self.now += self.chunk_s
            self.chunks.append(len(more["data"]))
            self._guard.notify_all()
            if self.chunk_s < 1:  # so that others have the time to be here too, however busy it is
                self._guard.wait_for(lambda: self._under_way >= HANDS, 0.05)
            self._under_way -= 1
            return super().ask(method, path, **more)


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Link:
    made = Link()
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


class Office:
    def __init__(self, link: Link) -> None:
        self._link, self._ledger = link, MemoryLedger()
        self._sending = Sending(cast("DeviceSession", link))

    def send(self, *parcels: tuple[Parcel, list[bytes]]) -> None:
        self._link.most, self._link.chunks = 0, []
        for parcel, contents in parcels:
            self._ledger.add(parcel, *contents)
        found = list(
            self._sending.submit_all([parcel for parcel, _ in parcels], self._ledger.read_file)
        )
        assert [each.error for each in found] == [None] * len(parcels)


def case(seed: int, *contents: bytes) -> tuple[Parcel, list[bytes]]:
    return make_parcel(seed, *contents), list(contents)


def scans(seed: int, count: int = 4) -> list[bytes]:
    return [bytes([seed, at]) * (FILE_BYTES // 2) for at in range(count)]


def test_hands_and_chunks_follow_the_link(link: Link) -> None:
    office = Office(link)
    link.chunk_s = 0.01
    office.send(case(1, *scans(1)))
    assert link.most == HANDS > 1
    assert max(link.chunks) == LARGEST_BYTES
    link.chunk_s = 2.0
    office.send(case(2, *scans(2)))  # learns it on the way
    office.send(case(3, *scans(3)))
    assert link.most == 1
    assert max(link.chunks) == SMALLEST_BYTES
    link.chunk_s = 0.01
    office.send(case(4, *scans(4)))
    office.send(case(5, *scans(5)))
    assert link.most == HANDS


def test_what_two_cases_share_goes_up_once(link: Link) -> None:
    office, shared = Office(link), scans(9, 1)[0]
    own = scans(8, 1)[0]
    office.send(case(1, shared, own, shared), case(2, shared))
    assert sum(link.chunks) == len(shared) + len(own)
    office.send(case(3, shared, own))
    assert link.chunks == []
