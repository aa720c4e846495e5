"""The office's own decisions on their way: the store as a ledger for `sync`."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.office import Office
from casework.rights import needs
from store import reports
from store.open import OpenStore
from store.outbox import Settlement
from store.views import ReportView
from sync.errors import Busy, NotKnownThere
from sync.relay import Result
from sync.reports import ReportOutcome, check_receipt
from sync.round import wait_s

NOT_FOUND = 404
PATIENCE = 6  # times that a case may be unknown: after a restore it is on its way again


class ReportBooks:
    """See `sync.reports.ReportLedger`. Used by the sync thread."""

    _store: OpenStore

    def due_reports(self, now: datetime, limit: int) -> Sequence[ReportView]:
        """Events to send, the oldest first."""
        return self._store.read(reports.due, now, limit)

    def settle_reports(self, outcomes: Sequence[ReportOutcome], now: datetime) -> None:
        """Keep receipts and failures."""
        settled = [_settlement(each, now) for each in outcomes]
        self._store.writer.submit(reports.settle, settled, now).result()


@needs("relay_carry")
def settle(office: Office, told: Sequence[Result], keys: Mapping[str, bytes]) -> int:
    """Take in what the province said on a stick to events of this office; how many have a receipt.

    Where it did not know the case yet, another part of the bundle brings it: the event stays due.

    Args:
        office: The office.
        told: Results by the events' ids.
        keys: The province's keys by kid in hex.

    Raises:
        ReceiptForged: A receipt is not for what was sent.
    """
    store = office.store
    by_id = {each.submission: each for each in told if each.status != NOT_FOUND}
    outcomes = []
    for report in store.read(reports.named, list(by_id)):
        result = by_id[report.event]
        if result.taken:
            outcomes.append(ReportOutcome(report, check_receipt(result.body, report, keys)))
        else:
            outcomes.append(ReportOutcome(report, error=result.error()))
    settled = [_settlement(each, office.now()) for each in outcomes]
    store.writer.submit(reports.settle, settled, office.now()).result()
    return sum(each.error is None for each in outcomes)


def _settlement(outcome: ReportOutcome, now: datetime) -> Settlement:
    error, report = outcome.error, outcome.report
    if error is None:
        return Settlement(report.event, outcome.receipt)
    retry_at: datetime | None = None
    if isinstance(error, Busy):
        retry_at = now + timedelta(seconds=int(error.fields["wait_s"]))
    elif error.again_s is not None:
        retry_at = now + timedelta(seconds=error.again_s)
    elif error.ends_round:
        retry_at = now
    elif error.retry or (isinstance(error, NotKnownThere) and report.attempts < PATIENCE):
        pause = wait_s(report.attempts, random.random())  # noqa: S311 - jitter
        retry_at = now + timedelta(seconds=pause)
    return Settlement(
        report.event,
        code=error.code,
        fields=dict(error.fields),
        retry_at=retry_at,
        counts=retry_at is None or retry_at > now,
    )
