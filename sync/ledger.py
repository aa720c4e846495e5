"""What a round needs from the office's store, and nothing more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from store.views import RemoteEvent
from sync.errors import SyncError
from sync.wire import FileRef, Parcel


@dataclass(frozen=True)
class DueItem:
    """An item of the outbox whose time has come; `attempts` failed so far."""

    id: UUID
    attempts: int


@dataclass(frozen=True)
class Settled:
    """What the province said to one item, by its id: the verified receipt, or why there is none."""

    id: UUID
    receipt: bytes = b""
    error: SyncError | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of an item: its verified receipt, or why it has none.

    Attributes:
        retry_at: When to try again; None when a person must look at it first.
    """

    id: UUID
    receipt: bytes = b""
    error: SyncError | None = None
    retry_at: datetime | None = None


class Ledger(Protocol):
    """The outbox and the events, as the sync thread sees them. Every call is one transaction."""

    def due(self, now: datetime, limit: int) -> Sequence[DueItem]:
        """Items to send, oldest first."""
        ...

    def parcels(self, items: Sequence[UUID]) -> Mapping[UUID, Parcel | SyncError]:
        """What to send for each item, or why it cannot be sent; one that is gone is left out."""
        ...

    def read_file(self, item: UUID, file: FileRef) -> bytes:
        """The content of a file of an item.

        Raises:
            sync.errors.FileMissing: It is not there any more.
        """
        ...

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Keep receipts and failures of several items in one transaction."""
        ...

    def waiting(self) -> int:
        """How many items have no receipt yet, those that need a person included."""
        ...

    def cursor(self) -> str:
        """Where the events were read up to; "" at the beginning."""
        ...

    def apply(self, events: Sequence[RemoteEvent], cursor: str, now: datetime) -> None:
        """Take over events and the cursor in one transaction; known events change nothing."""
        ...

    def begin_again(self) -> None:
        """The province was put back: what it told and holds is unsure until it says so again."""
        ...

    def caught_up(self, now: datetime) -> None:
        """The events were read to their end: cases stand as those say that are not lost."""
        ...

    def unsure(self, limit: int) -> Sequence[UUID]:
        """Submissions with a receipt of which nobody knows whether the province still has them."""
        ...

    def note_held(self, asked: Sequence[UUID], missing: Collection[UUID], now: datetime) -> int:
        """Keep which of them it has; the others are due again. Returns how many are."""
        ...
