"""The contract of a provider: whatever takes an office's cases and answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from sync.ledger import Settled
from sync.pace import Pace
from sync.record import HeldRecord, Witnessed
from sync.recovery import RecoveryKey
from sync.relay import RelayKey
from sync.wire import DeviceView, EventPage, NumberBlock, Parcel, ReadFileOf


class Provider(Protocol):
    """Whatever takes submissions. Used by one thread at a time; every call may be repeated."""

    @property
    def skew_s(self) -> float:
        """The server's clock minus ours at the last answer, in seconds."""
        ...

    def submit_all(self, parcels: Sequence[Parcel], read_file: ReadFileOf) -> Iterator[Settled]:
        """Send submissions with all their files; each is answered once, in any order.

        Raises:
            SyncError: One that ends the round; submissions not answered are as they were.
        """
        ...

    def events(self, cursor: str) -> EventPage:
        """What happened since the cursor ("" from the beginning).

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def close(self) -> None:
        """Close connections."""
        ...


class HomeProvince(Provider, Protocol):
    """The province that an office belongs to: it leases numbers and opens relay bundles too."""

    @property
    def moving(self) -> bool:
        """Whether the last page of events said that this device is to move."""
        ...

    @property
    def lease_epoch(self) -> int:
        """Blocks leased to this device as the last page of events said; 0 before."""
        ...

    def about(self) -> DeviceView:
        """This device as the province knows it.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def move(self, office: str) -> DeviceView:
        """Say that everything is sent and that this device now joins `office`, by its id.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def missing(self, submissions: Sequence[UUID]) -> frozenset[UUID]:
        """Those of at most 1,000 submissions that the province holds no receipt for.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def lease(self, block: UUID, kind: str, size: int, epoch: int) -> NumberBlock:
        """Lease numbers; the same id gives the same block.

        Args:
            block: Made here.
            kind: What the numbers are for.
            size: How many.
            epoch: The newest lease epoch that is known here, 0 for none.

        Raises:
            LeaseBehind: The province has leased blocks to this device that are not known here.
            SyncError: Why it did not succeed.
        """
        ...

    def relay_key(self) -> RelayKey | None:
        """The key that relay bundles are sealed to now; None where none is proven.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def carry(self, bundle: bytes) -> bytes:
        """Hand over another device's relay bundle; the sealed answer for it.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...


@runtime_checkable
class Measured(Protocol):
    """A provider that knows the speed of its link."""

    @property
    def pace(self) -> Pace:
        """What its exchanges tell of the link."""
        ...


@runtime_checkable
class Keeper(Protocol):
    """A provider that says what it holds."""

    def missing(self, submissions: Sequence[UUID]) -> frozenset[UUID]:
        """Those of at most 1,000 submissions that it lacks, though it may have given receipts.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...


@runtime_checkable
class Witness(Protocol):
    """A provider that also witnesses the record of this device."""

    def witness(self, checkpoint: bytes, signature: bytes) -> Witnessed:
        """Hand over a checkpoint; the verified receipt, or where to begin instead.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def held_record(self, after: int) -> HeldRecord:
        """What the province holds of this device's record after a row.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def recovery_key(self) -> RecoveryKey | None:
        """The key that opens this store's keys when a password is lost; None where there is none.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...
