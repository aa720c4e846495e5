"""Room on the disk: work stops before data is at risk, and a ballast can be given up.

Deleting and checkpointing need room themselves, so a full disk would be a trap: the ballast is a
file of 64 MiB that goes first and is laid again once there is plenty.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Literal

from store.errors import DiskLow

log = logging.getLogger(__name__)
NAME = "ballast"
BALLAST_BYTES = 64 << 20
LOW_BYTES = 500 << 20  # below it the office is warned
STOP_BYTES = 100 << 20  # below it nothing new is begun; what is open can still be saved
Level = Literal["plenty", "low", "stop"]


class Room:
    """The room of one profile; any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        return shutil.disk_usage(self._folder).free

    @property
    def level(self) -> Level:
        """How it stands: low below 500 MiB, stop below 100 MiB."""
        free = self.free
        return "stop" if free < STOP_BYTES else "low" if free < LOW_BYTES else "plenty"

    def demand(self, size: int = 0) -> None:
        """Refuse to begin something new of `size` bytes where the disk runs out of room.

        Raises:
            DiskLow: Too little is left.
        """
        free = self.free
        if free - size < STOP_BYTES:
            raise DiskLow(free >> 20)

    def lay_ballast(self) -> bool:
        """Lay the ballast where there is plenty of room; whether it lies there now."""
        path = self._folder / NAME
        if path.exists() and path.stat().st_size >= BALLAST_BYTES:
            return True
        if self.free < LOW_BYTES:
            return path.exists()
        try:
            with path.open("wb") as file:
                _fill(file.fileno(), BALLAST_BYTES)
        except OSError:
            path.unlink(missing_ok=True)
            return False
        return True

    def give_up_ballast(self) -> bool:
        """Free the ballast's room; whether there was one."""
        path = self._folder / NAME
        if not path.exists():
            return False
        log.warning("disk full: ballast given up")
        path.unlink(missing_ok=True)
        return True


def _fill(handle: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    for _ in range(size >> 20):
        os.write(handle, os.urandom(1 << 20))
