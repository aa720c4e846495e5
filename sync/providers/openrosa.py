"""The provider for OpenRosa servers: submissions go up, forms come down; there are no decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sync.errors import SyncError
from sync.ledger import Settled
from sync.openrosa import DEVICE, OpenRosa, Progress
from sync.openrosa_code import Account
from sync.openrosa_wire import Part
from sync.route import Route
from sync.wire import EventPage, Parcel, ReadFileOf


def _usual(_service: str) -> str:
    return ""


class OpenRosaProvider:
    """See `sync.provider.Provider`.

    Args:
        account: The project.
        now: The clock.
        action_of: Where a form wants its submissions sent, by service; "" for the usual place.
        device: Names this computer to the server.
        route: How requests leave this computer.
        progress: What earlier connections have found out.
    """

    def __init__(
        self,
        account: Account,
        now: Callable[[], datetime],
        *,
        action_of: Callable[[str], str] = _usual,
        device: str = DEVICE,
        route: Route | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.server = OpenRosa(account, now, device=device, route=route, progress=progress)
        self._action_of = action_of

    @property
    def skew_s(self) -> float:
        """Not told by such servers."""
        return 0.0

    def submit_all(self, parcels: Sequence[Parcel], read_file: ReadFileOf) -> Iterator[Settled]:
        """Send submissions with all their files; each is answered once."""
        for parcel in parcels:
            try:
                files = [
                    Part(file.name, file.media_type, read_file(parcel.submission, file))
                    for file in parcel.files
                ]
                action = self._action_of(parcel.service)
                receipt = self.server.submit(parcel.xml, files, action)
            except SyncError as error:
                if error.ends_round:
                    raise
                yield Settled(parcel.submission, error=error)
            else:
                yield Settled(parcel.submission, receipt)

    def events(self, cursor: str) -> EventPage:
        """Nothing: these servers send no events."""
        return EventPage((), cursor, more=False)

    def close(self) -> None:
        """Close connections."""
        self.server.close()
