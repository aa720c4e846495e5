"""The loop by itself: when it tries, when it leaves its connections, and what it tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from sync.errors import Busy, CaptivePortal, NoNetwork, Offline, SyncError, UnknownIssuer
from sync.ledger import Settled
from sync.loop import SyncLoop, SyncState
from sync.network import NetworkView
from sync.pace import Pace
from sync.portal import explain
from sync.round import RoundReport
from sync.watch import LeapWatch
from sync.wire import EventPage, Parcel, ReadFileOf
from tests.sync.crossing import Stand, plain_answer
from tests.sync.memory import MemoryLedger, make_parcel

URL = "https://province.invalid"


class Far:
    """A province that answers as `said` says at that moment; counts itself open and closed."""

    skew_s = -420.0

    def __init__(self, said: Callable[[], SyncError | None]) -> None:
        self._said, self.pace, self.closed = said, Pace(), False

    def submit_all(self, parcels: Sequence[Parcel], _read_file: ReadFileOf) -> Iterator[Settled]:
        for parcel in parcels:
            self._fail()
            self.pace.learn(5000, 100, 0.5)
            yield Settled(parcel.submission, b"receipt")

    def events(self, cursor: str) -> EventPage:
        self._fail()
        return EventPage((), cursor, False)

    def close(self) -> None:
        self.closed = True

    def _fail(self) -> None:
        if (error := self._said()) is not None:
            raise error


class Scene:
    """A loop over a scripted province and clocks that can be set."""

    def __init__(self, *, explain: Callable[[SyncError], SyncError] = lambda e: e) -> None:
        self.said: SyncError | None = None
        self.made: list[Far] = []
        self.states: list[SyncState] = []
        self.ledger = MemoryLedger()
        self.wall = time.time
        self.loop = SyncLoop(
            self.ledger,
            self._make,
            now=lambda: datetime.fromtimestamp(self.wall(), UTC),
            pause_s=1000.0,
            on_state=self.states.append,
            jitter=lambda: 0.5,
            explain=explain,
            watch=LeapWatch(wall=self._time),
        )

    def _time(self) -> float:
        return self.wall()

    def _make(self) -> Far:
        self.made.append(Far(lambda: self.said))
        return self.made[-1]

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not true():
            assert time.monotonic() < end
            time.sleep(0.01)

    def rounds(self) -> int:
        return len(self.loop.state.rounds)


@contextmanager
def running(scene: Scene) -> Iterator[Scene]:
    scene.loop.start()
    try:
        yield scene
    finally:
        assert scene.loop.stop()
        assert threading.active_count() < 20


def test_a_network_that_comes_back_is_used_at_once_and_over_new_connections() -> None:
    scene = Scene()
    scene.said = Offline()
    scene.ledger.add(make_parcel(1))
    with running(scene):
        scene.until(lambda: scene.loop.state.kind == "offline")
        assert scene.made[-1].closed
        scene.said = None
        scene.loop.network_changed()
        scene.until(lambda: scene.loop.state.kind == "idle")
        first = scene.made[-1]
        scene.loop.network_changed()
        scene.until(lambda: scene.rounds() >= 3)
        assert first.closed
        assert scene.loop.state.waiting == 0


@pytest.mark.parametrize("jump_s", [3600.0, -90 * 86_400.0])
def test_who_wakes_from_sleep_or_sets_the_clock_does_not_wait_and_does_not_spin(
    jump_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.loop.SLICE_S", 0.05)
    scene = Scene()
    with running(scene):
        scene.until(lambda: scene.loop.state.kind == "idle")
        before = scene.made[-1]
        scene.wall = lambda: time.time() + jump_s
        scene.until(lambda: scene.rounds() == 2)
        assert before.closed
        time.sleep(0.3)
        assert scene.rounds() == 2  # once, and then by the steady clock again


def test_a_leap_is_told_from_a_long_wait() -> None:
    wall, steady = [1000.0], [50.0]
    watch = LeapWatch(lambda: wall[0], lambda: steady[0])

    def passes(wall_s: float, steady_s: float, expected_s: float) -> bool:
        wall[0] += wall_s
        steady[0] += steady_s
        return watch.leapt(expected_s)

    assert not passes(5, 5, 5)
    assert passes(3600, 5, 5)  # slept: the steady clock stood still
    assert passes(3600, 3600, 5)  # slept: the steady clock went on
    assert not passes(3600, 3600, float("inf"))  # worked for an hour
    assert passes(-86_400, 5, 5)  # somebody set the clock
    assert not passes(5, 5, 5)


def test_pauses_grow_but_what_is_cheap_to_try_is_tried_often() -> None:
    scene = Scene()
    pause = scene.loop._pause

    def longest(error: SyncError) -> float:
        scene.loop._failures = 0
        return max(pause(_report(error)) for _ in range(20))

    assert longest(Offline()) == 60
    assert longest(CaptivePortal(page="")) == 10
    assert longest(UnknownIssuer()) == 450  # ten minutes, spread
    scene.loop._failures = 0
    grown = [pause(_report(UnknownIssuer())) for _ in range(4)]
    assert grown == sorted(grown)
    assert grown[0] < 5 < grown[-1]
    assert pause(_report(Busy(wait_s=120))) == 135


def _report(error: SyncError) -> RoundReport:
    return RoundReport(error=error)


def test_rounds_and_clocks_are_told_without_a_word_of_a_case() -> None:
    scene = Scene()
    scene.ledger.add(make_parcel(7))
    with running(scene):
        scene.until(lambda: scene.loop.state.kind == "idle")
        state = scene.loop.state
    (line,) = state.rounds
    assert (line.code, line.acknowledged, line.failed) == ("", 1, 0)
    assert (line.sent_bytes, line.received_bytes, line.bytes_per_s) == (5000, 100, 10_200)
    assert state.skew_s == -420
    assert "张三" not in repr(state)
    assert "530102101" not in repr(state)


def test_the_failure_before_stays_in_sight_while_the_next_round_runs() -> None:
    scene = Scene()
    scene.said = UnknownIssuer()
    with running(scene):
        scene.until(lambda: scene.loop.state.kind == "offline")
        scene.loop.poke()
        scene.until(lambda: scene.rounds() == 2)
    again = [s for s in scene.states if s.kind == "working"][1]
    assert again.error_code == "S132"


def test_what_is_behind_a_failure_is_found_out() -> None:
    nothing = NetworkView()
    offline = Offline()
    assert explain(offline, URL, "", nothing) is offline
    assert type(explain(offline, URL, "", NetworkView(online=False))) is NoNetwork
    busy = Busy(wait_s=1)
    assert explain(busy, URL, "", NetworkView(online=False)) is busy
    told = explain(offline, URL, "", NetworkView(portal=True))
    assert type(told) is CaptivePortal
    assert told.fields["page"] == "http://province.invalid/"
    with Stand(lambda _peer: None) as stand:
        probe = f"http://127.0.0.1:{stand.port}/"
        stand.answer = stand.saying(plain_answer("302 Found", "Location: http://wifi.example/"))
        for error in (Offline(), UnknownIssuer(), CaptivePortal(page="")):
            told = explain(error, URL, probe, nothing)
            assert type(told) is CaptivePortal
            assert told.fields["page"] == probe
        stand.answer = stand.saying(plain_answer("204 No Content"))
        unknown = UnknownIssuer()
        assert explain(unknown, URL, probe, nothing) is unknown
