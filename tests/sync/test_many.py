"""Events and changes that go many at once: a poisoned one is answered by itself, order is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from province.encoding import canonical
from province.keys import SigningKey
from store.views import ReportView
from sync.blame import Blame
from sync.errors import Offline, SyncError, TooSlow
from sync.http import Answer
from sync.pace import Pace
from sync.problems import to_error
from sync.providers.many import Many
from sync.providers.province import EVENTS
from sync.providers.session import UNDERSTOOD, DeviceSession
from sync.reports import ReportOutcome, Word, push

KEY = SigningKey(bytes(31) + b"\1")
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ENDING: dict[str, type[SyncError]] = {"cut": Offline, "slow": TooSlow}
STUMBLING = {"fault": 500, "too large": 413}  # over the whole request that holds it
JUDGED = {"refused": 422, "decided": 409, "unknown": 404}  # by itself
KINDS = [*ENDING, *STUMBLING, *JUDGED]


class Province:
    """Takes events in memory; some spoil their requests. `asked`: how many each request held."""

    heard = True
    identity = SimpleNamespace(keys={KEY.kid.hex(): KEY.public})

    def __init__(self, poison: Mapping[UUID, str], *, old: bool = False) -> None:
        self._poison = {str(each): kind for each, kind in poison.items()}
        self._old = old
        self.pace = Pace()
        self.taken: list[str] = []
        self.asked: list[int] = []
        self.lose = False

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        answer = self._answer(method, path, more["body"])
        if answer.status not in more.get("allowed", UNDERSTOOD):
            raise to_error(answer)
        return answer

    def _answer(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        if method == "PUT":
            _, _, case, _, event = path.split("/")
            self.asked.append(1)
            return self._spoil([event]) or self._judge(case, event, body)
        if self._old:
            return Answer(404, {}, b"{}")
        members = body["events"]
        self.asked.append(len(members))
        spoilt = self._spoil([each["event"] for each in members])
        if spoilt is not None:
            return spoilt
        results = []
        for each in members:
            said = self._judge(each["case"], each["event"], each["body"])
            results.append({"event": each["event"], "status": said.status, "body": said.json()})
        if self.lose:
            self.lose = False
            raise Offline
        return Answer(200, {}, json.dumps({"results": results}).encode())

    def _spoil(self, events: Sequence[str]) -> Answer | None:
        for kind in (self._poison.get(each, "") for each in events):
            if kind in ENDING:
                raise ENDING[kind]
            if kind in STUMBLING:
                return Answer(STUMBLING[kind], {}, b"{}")
        return None

    def _judge(self, case: str, event: str, body: Mapping[str, Any]) -> Answer:
        if (status := JUDGED.get(self._poison.get(event, ""))) is not None:
            return Answer(status, {}, b"{}")
        digest = sha256(canonical(body)).hexdigest()
        said: dict[str, object] = {"case": case, "event": event, "sha256": digest}
        if event not in self.taken:
            self.taken.append(event)
        receipt = KEY.receipt(said, purpose=b"lastmile/1 event-receipt\n")
        return Answer(201, {}, json.dumps(receipt).encode())


class Line:
    """Events in order; of each case the first that is not settled and not parked is due."""

    def __init__(self, cases: Sequence[int]) -> None:
        self.events = [
            ReportView(UUID(int=n + 1), UUID(int=1000 + case), "withdrawn", {"n": n}, 0)
            for n, case in enumerate(cases)
        ]
        self.settled: dict[UUID, ReportOutcome] = {}
        self.later: dict[UUID, ReportOutcome] = {}
        self.receipts: set[UUID] = set()

    def due_reports(self, now: datetime, limit: int) -> Sequence[ReportView]:
        del now
        first: dict[UUID, ReportView] = {}
        for each in self.events:
            if each.event not in self.settled:
                first.setdefault(each.case, each)
        return [each for each in first.values() if each.event not in self.later][:limit]

    def settle_reports(self, outcomes: Sequence[ReportOutcome], now: datetime) -> None:
        del now
        for each in outcomes:
            if each.error is None:
                self.receipts.add(each.report.event)
            ends = each.error is not None and each.error.ends_round
            retried = each.error is not None and (each.error.retry or each.error.code == "S138")
            if not ends:
                (self.later if retried else self.settled)[each.report.event] = each


class Far:
    """A provider over `Province`."""

    def __init__(self, province: Province) -> None:
        self.report_all = Many(cast("DeviceSession", province), EVENTS).send

    def words(self) -> tuple[Word, ...]:
        return ()


def rounds(line: Line, province: Province, most: int) -> int:
    """Rounds until one ends without an error."""
    blame = Blame()
    for count in range(1, most + 1):
        now = NOON + timedelta(minutes=count)
        if push(line, Far(province), lambda now=now: now, lambda: False, blame) is None:  # type: ignore[misc]
            return count
        if line.receipts >= sound(line, province):
            return count
    raise AssertionError("a sound one is left behind")


def sound(line: Line, province: Province) -> set[UUID]:
    return {each.event for each in line.events if str(each.event) not in province._poison}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0, 57, 119])
def test_one_poisoned_event_delays_no_other(kind: str, place: int) -> None:
    line = Line(range(120))
    province = Province({line.events[place].event: kind})
    assert rounds(line, province, 5) <= 5
    assert line.receipts == sound(line, province)
    assert len(province.asked) <= 20, "not one request each"


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "", "", *KINDS])), max_size=120))
@settings(max_examples=60, deadline=None)
def test_the_events_of_a_case_arrive_in_their_order(drawn: list[tuple[int, str]]) -> None:
    line = Line([case for case, _kind in drawn])
    ends = {e.event: kind for e, (_, kind) in zip(line.events, drawn, strict=True) if kind}
    province = Province({event: kind for event, kind in ends.items() if kind in JUDGED})
    rounds(line, province, 3)
    for case in {each.case for each in line.events}:
        own = [str(each.event) for each in line.events if each.case == case]
        assert [each for each in province.taken if each in own] == sorted(
            (each for each in province.taken if each in own), key=own.index
        )
        stopped = next((n for n, e in enumerate(own) if e in map(str, line.later)), len(own))
        assert not set(own[stopped:]) & set(province.taken), "what follows waits"


def test_a_batch_of_which_the_answer_was_lost_changes_nothing_when_it_comes_again() -> None:
    line, province = Line(range(30)), Province({})
    province.lose = True
    assert rounds(line, province, 2) == 2
    assert len(province.taken) == 30
    assert province.asked == [30, 25, 5], "blamed once: in smaller company, and each receipted"
    assert line.receipts == sound(line, province)


def test_an_older_province_gets_them_one_by_one() -> None:
    line, province = Line(range(5)), Province({}, old=True)
    assert rounds(line, province, 1) == 1
    assert province.asked == [1] * 5
    assert line.receipts == sound(line, province)


def test_a_slow_link_carries_fewer_at_a_time() -> None:
    line, province = Line(range(100)), Province({})
    province.pace.learn(4096, 0, 60.0)  # 68 bytes a second
    assert rounds(line, province, 1) == 1
    assert max(province.asked) < 12
    assert line.receipts == sound(line, province)
