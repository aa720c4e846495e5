"""What supervisors and auditors ask of the office: others' drafts, the record, a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class OthersDraft:
    """A draft of somebody else; `applicant` is masked."""

    id: str
    service: str
    owner: str
    applicant: str
    saved_at: datetime


@dataclass(frozen=True)
class RecordLine:
    """A row of the record; `doubtful`: the clock had been moved back."""

    seq: int
    at: datetime
    operator: str
    action: str
    subject: str
    detail: str
    doubtful: bool = False


@dataclass(frozen=True)
class RecordProof:
    """What a proof of the record found; `first_bad` 0: whole. `what` is altered, removed, ..."""

    rows: int
    first_bad: int
    what: str
    witnessed: int
    clock_doubtful: bool


@dataclass(frozen=True)
class PersonLine:
    """Where a person appears: a case, a draft, a certificate or a consent."""

    kind: str
    number: str
    what: str
    id: str = ""


class Oversight(Protocol):
    """Every act is on record with its reason. Futures fail with errors that have a code."""

    def rights(self) -> frozenset[str]:
        """What the role may do."""
        ...

    def drafts(self) -> Sequence[OthersDraft]:
        """Drafts of everybody else, newest first."""
        ...

    def take_over(self, draft_id: str, reason: str) -> Future[None]:
        """Make a draft one's own."""
        ...

    def rows(self) -> Sequence[RecordLine]:
        """The newest rows of the record, newest first."""
        ...

    def prove(self) -> Future[RecordProof]:
        """Prove the record here and against the province's receipts."""
        ...

    def export_record(self, folder: Path) -> Future[Path]:
        """Write the record with its verifier into a folder; the file."""
        ...

    def find(self, whom: str, reason: str) -> Future[Sequence[PersonLine]]:
        """Where a person appears."""
        ...

    def copy_of(self, whom: str, reason: str, phrase: str, folder: Path) -> Future[Path]:
        """Write everything about a person into a sealed file in a folder; the file."""
        ...
