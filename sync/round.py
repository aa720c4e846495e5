"""One round: send what is due, oldest first; then take over what happened at the province.

One bad item never holds up the others, and nothing counts as sent without a verified receipt.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sync.blame import COMPANY, Blame
from sync.errors import Busy, CursorExpired, NoRoom, SyncError
from sync.ledger import DueItem, Ledger, Outcome, Settled
from sync.provider import Keeper, Provider
from sync.reports import ReportLedger, ReportTaker, push
from sync.slices import SliceLedger, SliceSource, exchange
from sync.wire import Parcel

BATCH = COMPANY[0]
SETTLE = 100  # receipts that one transaction keeps; a crash before it only asks for them again
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 600.0
MOST_ASKED = 1000  # submissions in one question whether the province has them


@dataclass(frozen=True)
class RoundReport:
    """What a round did.

    Attributes:
        sent: Items tried.
        acknowledged: Items that now have a verified receipt.
        failed: Items that have none; why stands in the outbox.
        events: Events taken over.
        waiting: Items without a receipt after the round.
        error: What ended the round early, or None.
        skew_s: The province's clock minus ours, in seconds.
    """

    sent: int = 0
    acknowledged: int = 0
    failed: int = 0
    events: int = 0
    waiting: int = 0
    error: SyncError | None = None
    skew_s: float = 0.0


def run_round(
    ledger: Ledger,
    provider: Provider,
    *,
    now: Callable[[], datetime],
    jitter: Callable[[], float] = random.random,
    stopped: Callable[[], bool] = lambda: False,
    blame: Blame | None = None,
) -> RoundReport:
    """Run one round; never raises for an item or for the province.

    Args:
        ledger: The office's outbox and events.
        provider: The province.
        now: The clock, aware.
        jitter: Numbers in [0, 1) that spread retries.
        stopped: Asked between items; True ends the round.
        blame: What the rounds before learnt of items that end rounds.
    """
    blame = blame or Blame()
    report = _push(ledger, provider, now, jitter, stopped, blame)
    if (
        report.error is None
        and isinstance(ledger, ReportLedger)
        and isinstance(provider, ReportTaker)
    ):
        report = replace(report, error=push(ledger, provider, now, stopped, blame))
    if report.error is None and not stopped():
        report = _pull(ledger, provider, report, now, stopped)
    if report.error is None and not stopped() and isinstance(provider, Keeper):
        report = _make_sure(ledger, provider, report, now)
    if (
        report.error is None
        and isinstance(ledger, SliceLedger)
        and isinstance(provider, SliceSource)
    ):
        exchange(ledger, provider, now, stopped, blame)  # a failure there is its own
    return replace(report, waiting=ledger.waiting(), skew_s=provider.skew_s)


def wait_s(attempts: int, jitter: float) -> float:
    """Seconds until the next try after `attempts` failures: doubling, spread, at most 10 min."""
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempts, 16))
    return whole * (0.5 + jitter / 2)


def _push(
    ledger: Ledger,
    provider: Provider,
    now: Callable[[], datetime],
    jitter: Callable[[], float],
    stopped: Callable[[], bool],
    blame: Blame,
) -> RoundReport:
    report, tried = RoundReport(), set[UUID]()
    while True:
        due = ledger.due(now(), BATCH + report.failed + len(blame.times))
        waiting = [item for item in due if item.id not in tried]
        items = blame.next_group(waiting, lambda item: item.id)
        if not items:
            blame.lift(tried)
            return report
        tried.update(item.id for item in items)
        batch = _Batch(ledger, {item.id: item for item in items}, now, jitter)
        error = batch.send(provider, stopped)
        report = replace(
            report,
            sent=report.sent + batch.acknowledged + batch.failed,
            acknowledged=report.acknowledged + batch.acknowledged,
            failed=report.failed + batch.failed,
        )
        if error is not None:
            blame.put_on(error.under_way)
        if error is not None or stopped():
            return replace(report, error=error)


class _Batch:
    """Some items on their way together; each is settled by itself.

    Attributes:
        acknowledged: How many have their receipt now.
        failed: How many were tried and have none.
    """

    def __init__(
        self,
        ledger: Ledger,
        items: dict[UUID, DueItem],
        now: Callable[[], datetime],
        jitter: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._items = items
        self._now = now
        self._jitter = jitter
        self.acknowledged = self.failed = 0

    def send(self, provider: Provider, stopped: Callable[[], bool]) -> SyncError | None:
        """Send them; the error that ends the round, if one does."""
        found = self._ledger.parcels(list(self._items))
        waiting = [Settled(i, error=e) for i, e in found.items() if isinstance(e, SyncError)]
        parcels = [parcel for parcel in found.values() if isinstance(parcel, Parcel)]
        left = {parcel.submission for parcel in parcels}
        try:
            for settled in provider.submit_all(parcels, self._ledger.read_file):
                left.discard(settled.id)
                waiting.append(settled)
                if len(waiting) >= SETTLE:
                    self._settle(waiting)
                    waiting = []
                if stopped():
                    break
        except SyncError as error:
            self._settle([*waiting, *(Settled(each, error=error) for each in left)])
            return error
        self._settle(waiting)
        return None

    def _settle(self, found: Sequence[Settled]) -> None:
        if not found:
            return
        now = self._now()
        outcomes = [
            Outcome(
                each.id,
                each.receipt,
                each.error,
                _retry_at(each.error, self._items[each.id], now, self._jitter())
                if each.error
                else None,
            )
            for each in found
        ]
        self._ledger.settle(outcomes, now)
        self.acknowledged += sum(each.error is None for each in found)
        self.failed += sum(each.error is not None for each in found)


def _retry_at(error: SyncError, item: DueItem, now: datetime, jitter: float) -> datetime | None:
    if isinstance(error, Busy | NoRoom):
        return now + timedelta(seconds=int(error.fields["wait_s"]))
    if error.again_s is not None:
        return now + timedelta(seconds=error.again_s)
    if error.ends_round:
        return now  # nothing is wrong with the item; the loop waits for the province
    return now + timedelta(seconds=wait_s(item.attempts, jitter)) if error.retry else None


def _pull(
    ledger: Ledger,
    provider: Provider,
    report: RoundReport,
    now: Callable[[], datetime],
    stopped: Callable[[], bool],
) -> RoundReport:
    cursor, restarted = ledger.cursor(), False
    while not stopped():
        try:
            page = provider.events(cursor)
        except CursorExpired as error:
            if restarted:
                return replace(report, error=error)
            ledger.begin_again()
            cursor, restarted = "", True
            continue
        except SyncError as error:
            return replace(report, error=error)
        if page.events or page.cursor != cursor:
            ledger.apply(page.events, page.cursor, now())
        report = replace(report, events=report.events + len(page.events))
        if not page.more or page.cursor == cursor:
            ledger.caught_up(now())
            break
        cursor = page.cursor
    return report


def _make_sure(
    ledger: Ledger, provider: Keeper, report: RoundReport, now: Callable[[], datetime]
) -> RoundReport:
    """Ask once, after the events, for what has a receipt: from then on the cursor tells."""
    while asked := ledger.unsure(MOST_ASKED):
        try:
            missing = provider.missing(asked)
        except SyncError as error:
            return replace(report, error=error)
        ledger.note_held(asked, missing, now())
    return report
