"""Notices that time leapt: the computer slept, or somebody set its clock.

A steady clock stands still while a computer sleeps on some systems and runs on others, so both are
looked at: how far it got beyond what was waited for, and how far the wall clock left it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LEAP_S = 30.0


class LeapWatch:
    """Compares two clocks since it was last asked. Used by one thread."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._seen = wall(), steady()

    def leapt(self, expected_s: float) -> bool:
        """Whether more than 30 s went missing or came out of nothing since the last call.

        Args:
            expected_s: How long the caller waited at most; infinite where it worked.
        """
        now = self._wall(), self._steady()
        before, self._seen = self._seen, now
        passed = now[1] - before[1]
        drift = now[0] - before[0] - passed
        return abs(drift) > LEAP_S or passed - expected_s > LEAP_S
