"""How quick a link is, as its own exchanges tell, and what follows for sizes and patience."""

from __future__ import annotations

import threading

SLOWEST = 1024.0  # bytes a second; a link below it is waited for no longer
UNKNOWN = 8 * 1024.0  # 64 kbit/s, assumed before anything was measured
WORTH_BYTES = 4096  # smaller exchanges tell of distance, not of width
ANSWER_S = 40.0  # what a province may think about a request, beside carrying it
NEWEST = 0.4  # weight of the newest measurement


class Pace:
    """The speed of one link in bytes a second, and what went over it. Any thread.

    Attributes:
        sent, received: Bytes of content since `take`, repeated ones included.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._measured: float | None = None
        self.sent = self.received = 0

    @property
    def bytes_per_s(self) -> float:
        """What went through lately; `UNKNOWN` before anything did."""
        return UNKNOWN if self._measured is None else self._measured

    @property
    def known(self) -> bool:
        """Whether anything was measured yet."""
        return self._measured is not None

    def learn(self, sent: int, received: int, seconds: float) -> None:
        """An exchange of so many bytes took `seconds`."""
        size = sent + received
        with self._guard:
            self.sent += sent
            self.received += received
            if size < WORTH_BYTES or seconds <= 0:
                return
            now = size / seconds
            before = self._measured
            self._measured = now if before is None else before + NEWEST * (now - before)

    def take(self) -> tuple[int, int]:
        """Bytes sent and received since the last call."""
        with self._guard:
            taken, self.sent, self.received = (self.sent, self.received), 0, 0
        return taken

    def broke(self) -> None:
        """A connection broke: the next pieces had better be smaller."""
        with self._guard:
            self._measured = max(SLOWEST, self.bytes_per_s / 2)

    def goes_through(self, seconds: float) -> int:
        """How many bytes go through in about `seconds`."""
        return int(self.bytes_per_s * seconds)

    def patience_s(self, size: int) -> float:
        """How long an answer may keep us waiting once `size` bytes are on their way.

        A quarter of the measured speed is still waited for; before a measurement 1 KiB a second.
        """
        slowest = max(SLOWEST, self.bytes_per_s / 4) if self.known else SLOWEST
        return ANSWER_S + size / slowest
