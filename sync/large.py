"""Whether files may go now: not over a link that costs by the byte, nor in busy hours if so chosen.

The cases themselves, receipts and events are small and always go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sync.errors import (
    FilesWaitForHours,
    FilesWaitForNetwork,
    ProvinceFull,
    RoomUsed,
    SyncError,
)
from sync.wire import FileRef

Hours = tuple[tuple[time, time], ...]
SMALL_BYTES = 50_000  # files of a case that are no larger together go with it
HELD = (FilesWaitForNetwork.code, FilesWaitForHours.code)
NO_ROOM = (RoomUsed.code, ProvinceFull.code)


def read_hours(text: str) -> Hours:
    """Spans of the day in local time, such as `08:30-12:00, 14:00-17:30`; over midnight too.

    Raises:
        ValueError: Not written so.
    """
    spans = []
    for part in text.replace("，", ",").split(","):
        if part.strip():
            begin, _, end = part.partition("-")
            spans.append((time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())))
    return tuple(spans)


def weight(files: Sequence[FileRef]) -> dict[str, str | int]:
    """How many files wait, and their megabytes, as errors carry them."""
    size = sum(file.size for file in files)
    return {"files": len(files), "mb": f"{max(size, 1e5) / 1e6:.1f}"}


def busy_until(hours: Hours, at: datetime) -> time | None:
    """The end of the span that `at` (local) lies in; None outside of all."""
    now = at.time()
    for begin, end in hours:
        inside = begin <= now < end if begin <= end else now >= begin or now < end
        if inside:
            return end
    return None


@dataclass
class Gate:
    """Holds files back. Asked on the sync thread; `open_once` may be set from any.

    Attributes:
        metered: Whether bytes cost money now.
        hours: When files wait.
        now: The clock, aware and local.
        open_once: Somebody wants the files sent all the same, until all went.
    """

    metered: Callable[[], bool] = lambda: False
    hours: Hours = ()
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    open_once: bool = False

    @property
    def shut(self) -> bool:
        """Whether large files wait."""
        return not self.open_once and (
            self.metered() or busy_until(self.hours, self.now()) is not None
        )

    def holds(self, files: Sequence[FileRef]) -> SyncError | None:
        """Why these files of a case wait; None where they go."""
        size = sum(file.size for file in files)
        if self.open_once or size <= SMALL_BYTES:
            return None
        if self.metered():
            return FilesWaitForNetwork(**weight(files))
        until = busy_until(self.hours, self.now())
        return FilesWaitForHours(**weight(files), until=f"{until:%H:%M}") if until else None
