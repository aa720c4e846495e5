"""The thread that keeps an office and its province in step.

Owner: `desktop.app` (or a script). `start`, `poke`, `network_changed` and `stop` may be called from
any thread; `on_state` is called on the sync thread. It waits by a steady clock alone, so a clock
that is set does neither hold it up nor make it busy.
"""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sync.blame import Blame
from sync.errors import Busy, CaptivePortal, NoNetwork, Offline, SyncError
from sync.ledger import Ledger
from sync.pace import Pace
from sync.provider import Measured, Provider
from sync.round import RoundReport, run_round, wait_s
from sync.watch import LeapWatch

log = logging.getLogger(__name__)
Kind = Literal["never", "idle", "working", "offline", "refused"]
SLICE_S = 5.0  # between two looks whether the computer slept
KEPT_ROUNDS = 50
# The longest pause after a failure, in seconds: what is cheap to try is tried often, so that an
# office is back soon after its network is.
_LONGEST: tuple[tuple[type[SyncError], float], ...] = (
    (CaptivePortal, 10.0),
    (Offline, 60.0),
    (NoNetwork, 60.0),
)
_USUAL_LONGEST = 600.0


@dataclass(frozen=True)
class RoundLine:
    """A round as IT staff read it; nothing in it belongs to a case.

    Attributes:
        code: Why it ended early; "" where it went through.
        sent_bytes, received_bytes: Content, repeated bytes included.
        bytes_per_s: Speed of the link as measured lately; 0 where it is not known.
    """

    at: datetime
    seconds: float
    code: str
    acknowledged: int
    failed: int
    events: int
    sent_bytes: int
    received_bytes: int
    bytes_per_s: int


@dataclass(frozen=True)
class SyncState:
    """What the window shows.

    Attributes:
        kind: never tried; idle; working; offline (tries again by itself); refused (a person
            must act).
        last_ok: When a round last went through to the end, aware; None before.
        waiting: Items without a receipt.
        error_code: Code of what ended the last round early, or None. Kept while the next round is
            under way.
        fields: Values for its wording.
        skew_s: The province's clock minus ours at the last answer, in seconds.
        rounds: The last ones, the newest first.
    """

    kind: Kind = "never"
    last_ok: datetime | None = None
    waiting: int = 0
    error_code: str | None = None
    fields: Mapping[str, str | int] = field(default_factory=dict)
    skew_s: float = 0.0
    rounds: tuple[RoundLine, ...] = ()


class SyncLoop:
    """Runs rounds: at the start, every `pause_s`, when poked, and sooner again after failures.

    Args:
        ledger: The office's outbox and events.
        provider_factory: Makes the province's end; called again after failures and whenever the
            network is another one, so that no connection or token outlives its network.
        now: The clock, aware.
        pause_s: Between two rounds that went through.
        on_state: Hears each state.
        jitter: Numbers in [0, 1) that spread pauses.
        explain: What is behind an error that ended a round.
        watch: Notices sleep.
    """

    def __init__(
        self,
        ledger: Ledger,
        provider_factory: Callable[[], Provider],
        *,
        now: Callable[[], datetime],
        pause_s: float = 60.0,
        on_state: Callable[[SyncState], None] = lambda _state: None,
        jitter: Callable[[], float] = random.random,
        explain: Callable[[SyncError], SyncError] = lambda error: error,
        watch: LeapWatch | None = None,
    ) -> None:
        self._ledger = ledger
        self._factory = provider_factory
        self._now = now
        self._pause_s = pause_s
        self._on_state = on_state
        self._jitter = jitter
        self._explain = explain
        self._watch = watch or LeapWatch()
        self._wake = threading.Event()
        self._afresh = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._provider: Provider | None = None
        self._blame = Blame()
        self._rounds: deque[RoundLine] = deque(maxlen=KEPT_ROUNDS)
        self._failures = 0
        self.state = SyncState()

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def poke(self) -> None:
        """Start a round now, or right after the one under way."""
        self._wake.set()

    def network_changed(self) -> None:
        """Leave the connections there are and start a round over the network of now."""
        self._afresh.set()
        self._wake.set()

    def stop(self, timeout_s: float = 15.0) -> bool:
        """End after the request under way. Whether the thread has ended in time."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if self._afresh.is_set():
                self._afresh.clear()
                self._hang_up()
            self._show(replace(self.state, kind="working", waiting=self._ledger.waiting()))
            report = self._round()
            self._show(self._judge(report))
            slept = self._watch.leapt(math.inf)
            if report.error is not None and not isinstance(report.error, Busy):
                self._hang_up()
            self._rest(0.0 if slept and report.error else self._pause(report))
        self._hang_up()

    def _round(self) -> RoundReport:
        began, at = time.monotonic(), self._now()
        try:
            self._provider = self._provider or self._factory()
        except SyncError as error:
            report = RoundReport(error=error, waiting=self._ledger.waiting())
        else:
            report = run_round(
                self._ledger,
                self._provider,
                now=self._now,
                jitter=self._jitter,
                stopped=self._stopping.is_set,
                blame=self._blame,
            )
        if report.error is not None and not self._stopping.is_set():
            report = replace(report, error=self._explain(report.error))
        self._rounds.appendleft(self._line(report, at, time.monotonic() - began))
        return report

    def _line(self, report: RoundReport, at: datetime, seconds: float) -> RoundLine:
        pace = self._provider.pace if isinstance(self._provider, Measured) else Pace()
        sent, received = pace.take()
        return RoundLine(
            at=at,
            seconds=round(seconds, 1),
            code=report.error.code if report.error else "",
            acknowledged=report.acknowledged,
            failed=report.failed,
            events=report.events,
            sent_bytes=sent,
            received_bytes=received,
            bytes_per_s=int(pace.bytes_per_s) if pace.known and sent else 0,
        )

    def _rest(self, pause_s: float) -> None:
        """Wait until it is time, somebody pokes, or the computer wakes from sleep."""
        end = time.monotonic() + pause_s
        while not self._stopping.is_set() and (left := end - time.monotonic()) > 0:
            piece = min(left, SLICE_S)
            if self._wake.wait(piece):
                return
            if self._watch.leapt(piece):
                self._failures = 0
                self._hang_up()
                return

    def _hang_up(self) -> None:
        provider, self._provider = self._provider, None
        if provider is not None:
            provider.close()

    def _judge(self, report: RoundReport) -> SyncState:
        error = report.error
        log.info(
            "round: %d sent, %d acknowledged, %d events, %s",
            report.sent,
            report.acknowledged,
            report.events,
            error.code if error else "ok",
        )
        heard = error is None or report.skew_s != 0
        skew_s = report.skew_s if heard else self.state.skew_s
        rounds = tuple(self._rounds)
        if error is None:
            return SyncState("idle", self._now(), report.waiting, skew_s=skew_s, rounds=rounds)
        kind: Kind = "offline" if error.retry else "refused"
        return SyncState(
            kind, self.state.last_ok, report.waiting, error.code, error.fields, skew_s, rounds
        )

    def _pause(self, report: RoundReport) -> float:
        error = report.error
        if error is None:
            self._failures = 0
            return self._pause_s
        if isinstance(error, Busy):
            return float(error.fields["wait_s"]) * (1 + self._jitter() / 4)
        self._failures += 1
        longest = next((s for kind, s in _LONGEST if isinstance(error, kind)), _USUAL_LONGEST)
        return min(longest, wait_s(self._failures - 1, self._jitter()))

    def _show(self, state: SyncState) -> None:
        self.state = state
        self._on_state(state)
