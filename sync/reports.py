"""What the office decided itself goes up, after the cases; docs/protocol.md section 19."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from store.views import ReportView
from sync.errors import SyncError, Unexpected
from sync.signed import canonical, check_signed

RECEIPT = b"lastmile/1 event-receipt\n"
AT_ONCE = 50


@dataclass(frozen=True)
class ReportOutcome:
    """What became of an event: its verified receipt, or why it has none."""

    report: ReportView
    receipt: bytes = b""
    error: SyncError | None = None


@dataclass(frozen=True)
class Word:
    """The province's word for this device as it came: for one template, up to a day."""

    template: str
    last: str
    delegation: bytes


@runtime_checkable
class ReportTaker(Protocol):
    """A provider that takes the office's own decisions, and lets its devices sign."""

    def report(self, report: ReportView) -> bytes:
        """Send an event; the verified receipt.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def words(self) -> tuple[Word, ...]:
        """The province's word for this device; none where its office decides nothing.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...


@runtime_checkable
class ReportLedger(Protocol):
    """The events in line, as the sync thread sees them. Every call is one transaction."""

    def due_reports(self, now: datetime, limit: int) -> Sequence[ReportView]:
        """Events to send, the oldest first; of a case, only what nothing earlier holds up."""
        ...

    def settle_reports(self, outcomes: Sequence[ReportOutcome], now: datetime) -> None:
        """Keep receipts and failures."""
        ...


def push(
    ledger: ReportLedger,
    taker: ReportTaker,
    *,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> SyncError | None:
    """Send the events that are due; the error that ends the round, or None."""
    tried: set[UUID] = set()
    while not stopped():
        due = [r for r in ledger.due_reports(now(), AT_ONCE + len(tried)) if r.event not in tried]
        if not due:
            return None
        for report in due:
            tried.add(report.event)
            try:
                outcome = ReportOutcome(report, receipt=taker.report(report))
            except SyncError as error:
                outcome = ReportOutcome(report, error=error)
            ledger.settle_reports([outcome], now())
            if outcome.error is not None and outcome.error.ends_round:
                return outcome.error
            if stopped():
                break
    return None


def check_receipt(
    signed: Mapping[str, Any], report: ReportView, keys: Mapping[str, bytes]
) -> bytes:
    """The receipt as to be kept, once it is proven to be for exactly this event.

    Args:
        signed: The three members as received.
        report: What was sent.
        keys: Pinned public keys by kid in hex.

    Raises:
        ReceiptForged: Unknown key, wrong signature, or not for this event.
    """
    wanted = {
        "case": str(report.case),
        "event": str(report.event),
        "sha256": sha256(canonical(report.body)).hexdigest(),
    }
    return check_signed(signed, keys, RECEIPT, wanted)


def read_words(body: Mapping[str, Any]) -> tuple[Word, ...]:
    """The province's word for this device; nothing of it is proven.

    Raises:
        Unexpected: Not what the protocol says.
    """
    try:
        return tuple(
            Word(
                str(each["template"]),
                str(each["last"]),
                base64.b64decode(each["delegation"], validate=True),
            )
            for each in body["delegations"]
        )
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Unexpected(status=200) from None
