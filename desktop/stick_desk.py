"""Cases carried by hand, as the window sees them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class BundleLine:
    """A relay bundle made here; `parts`, `copied` and `answered` count its files.

    Attributes:
        others: Decisions and changes to residents.
    """

    id: str
    made_at: datetime
    cases: int
    others: int
    parts: int
    copied: int
    answered: int
    printable: bool = True


@dataclass(frozen=True)
class StickWritten:
    """Cases and other entries of the bundle, files now on the stick, files that did not fit."""

    cases: int
    others: int
    written: int
    left: int


@dataclass(frozen=True)
class StickCarried:
    """Files handed over, and (name, error code) of those that were not."""

    carried: int
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StickTakenIn:
    """What answers brought; `failed` is (name, error code).

    Attributes:
        more: Whether more of services and lists comes with a later answer.
        program: Version of a program on the stick that is newer than this one; "" for none.
    """

    answers: int = 0
    known: int = 0
    acknowledged: int = 0
    refused: int = 0
    others: int = 0
    events: int = 0
    records: int = 0
    services: int = 0
    lists: int = 0
    more: bool = False
    program: str = ""
    failed: tuple[tuple[str, str], ...] = ()


class Stick(Protocol):
    """Cases carried by hand. Futures fail with errors that have a code."""

    def may_write(self) -> bool:
        """Whether who is signed in may write cases to a stick."""
        ...

    def bundles(self) -> Sequence[BundleLine]:
        """Bundles made here, the newest first."""
        ...

    def write(self, folder: Path, *, more: bool) -> Future[StickWritten]:
        """Write what waits; `more` goes on with the bundle begun."""
        ...

    def carry(self, folder: Path) -> Future[StickCarried]:
        """Forward the bundles of a stick."""
        ...

    def take_in(self, folder: Path) -> Future[StickTakenIn]:
        """Take in the answers of a stick."""
        ...
