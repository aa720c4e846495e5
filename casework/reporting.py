"""The office's own decisions on their way: the store as a ledger for `sync`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from store import reports
from store.open import OpenStore
from store.outbox import Settlement
from store.views import ReportView
from sync.errors import Busy
from sync.reports import ReportOutcome
from sync.round import wait_s


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
    elif error.retry:
        pause = wait_s(report.attempts, random.random())  # noqa: S311 - jitter
        retry_at = now + timedelta(seconds=pause)
    return Settlement(
        report.event,
        code=error.code,
        fields=dict(error.fields),
        retry_at=retry_at,
        counts=retry_at is None or retry_at > now,
    )
