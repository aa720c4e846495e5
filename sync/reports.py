"""What the office decided itself goes up, after the cases; docs/protocol.md section 19."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, runtime_checkable

from store.views import ReportView
from sync import lines
from sync.blame import Blame
from sync.errors import SyncError, Unexpected
from sync.ledger import Settled
from sync.lines import Lines
from sync.signed import canonical, check_signed

RECEIPT = b"lastmile/1 event-receipt\n"


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

    def report_all(self, reports: Sequence[ReportView]) -> Iterator[Settled]:
        """Send events in their order; each is answered once, by its id.

        Raises:
            SyncError: One that ends the round; events not answered are as they were.
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
        """Events to send, the oldest first; of a case the first that nothing earlier holds up."""
        ...

    def settle_reports(self, outcomes: Sequence[ReportOutcome], now: datetime) -> None:
        """Keep receipts and failures."""
        ...


def push(
    ledger: ReportLedger,
    taker: ReportTaker,
    now: Callable[[], datetime],
    stopped: Callable[[], bool],
    blame: Blame,
) -> SyncError | None:
    """Send the events that are due; the error that ends the round, or None."""

    def settle(found: Sequence[tuple[ReportView, Settled]]) -> None:
        outcomes = [ReportOutcome(report, said.receipt, said.error) for report, said in found]
        ledger.settle_reports(outcomes, now())

    due = Lines(
        due=lambda most: ledger.due_reports(now(), most),
        send=taker.report_all,
        settle=settle,
        key=lambda report: report.event,
    )
    return lines.push(due, blame, stopped)[1]


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
