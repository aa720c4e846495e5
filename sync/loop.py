"""The thread that keeps an office and its province in step.

Owner: `desktop.app` (or a script). `start`, `poke` and `stop` may be called from any thread;
`on_state` is called on the sync thread.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sync.errors import Busy, Offline, SyncError
from sync.ledger import Ledger
from sync.provider import Provider
from sync.round import RoundReport, run_round, wait_s

log = logging.getLogger(__name__)
Kind = Literal["never", "idle", "working", "offline", "refused"]


@dataclass(frozen=True)
class SyncState:
    """What the window shows.

    Attributes:
        kind: never tried; idle; working; offline (tries again by itself); refused (a person
            must act).
        last_ok: When a round last went through to the end, aware; None before.
        waiting: Items without a receipt.
        error_code: Code of what ended the last round early, or None.
        fields: Values for its wording.
    """

    kind: Kind = "never"
    last_ok: datetime | None = None
    waiting: int = 0
    error_code: str | None = None
    fields: Mapping[str, str | int] = field(default_factory=dict)


class SyncLoop:
    """Runs rounds: at the start, every `pause_s`, when poked, and sooner again after failures."""

    def __init__(
        self,
        ledger: Ledger,
        provider_factory: Callable[[], Provider],
        *,
        now: Callable[[], datetime],
        pause_s: float = 60.0,
        on_state: Callable[[SyncState], None] = lambda _state: None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._ledger = ledger
        self._factory = provider_factory
        self._now = now
        self._pause_s = pause_s
        self._on_state = on_state
        self._jitter = jitter
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._failures = 0
        self.state = SyncState()

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def poke(self) -> None:
        """Start a round now, or right after the one under way."""
        self._wake.set()

    def stop(self, timeout_s: float = 15.0) -> bool:
        """End after the request under way. Whether the thread has ended in time."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        provider: Provider | None = None
        while not self._stopping.is_set():
            self._wake.clear()
            self._show(SyncState("working", self.state.last_ok, self._ledger.waiting()))
            try:
                provider = provider or self._factory()
            except SyncError as error:
                report = RoundReport(error=error, waiting=self._ledger.waiting())
            else:
                report = run_round(
                    self._ledger,
                    provider,
                    now=self._now,
                    jitter=self._jitter,
                    stopped=self._stopping.is_set,
                )
            self._show(self._judge(report))
            self._wake.wait(self._pause(report))
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
        if error is None:
            return SyncState("idle", self._now(), report.waiting)
        kind: Kind = "offline" if error.retry else "refused"
        return SyncState(kind, self.state.last_ok, report.waiting, error.code, error.fields)

    def _pause(self, report: RoundReport) -> float:
        if report.error is None:
            self._failures = 0
            return self._pause_s
        if isinstance(report.error, Busy):
            return float(report.error.fields["wait_s"]) * (1 + self._jitter() / 4)
        self._failures += 1
        # Reachability is cheap to try, so an office is back within a minute of its network.
        longest = 60.0 if isinstance(report.error, Offline) else 600.0
        return min(longest, wait_s(self._failures - 1, self._jitter()))

    def _show(self, state: SyncState) -> None:
        self.state = state
        self._on_state(state)
