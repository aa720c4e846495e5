"""Frozen results of the store; no ORM object leaves the package.

Moments are aware UTC, dates plain calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class LoginView:
    """Who may sign in here; readable before the store is open."""

    login: str
    name: str


@dataclass(frozen=True)
class OperatorView:
    """A person with a login. `role` is one of those in `casework/rights.py`."""

    id: UUID
    login: str
    name: str
    role: str
    must_change: bool = False


@dataclass(frozen=True)
class DraftView:
    """Answers in progress. `xml` is the engine's state; `replaces` names what was returned."""

    id: UUID
    service_id: str
    service_version: str
    language: str
    owner: UUID
    owner_name: str
    applicant: str
    created_at: datetime
    saved_at: datetime
    xml: bytes
    case_id: UUID | None = None
    replaces: UUID | None = None


@dataclass(frozen=True)
class CaseRow:
    """A case in a list. `status` derives from the events."""

    id: UUID
    number: str
    service_id: str
    service_version: str
    applicant: str
    status: str
    accepted_at: datetime
    touched_at: datetime
    due_on: date | None
    unsent: bool


@dataclass(frozen=True)
class CaseFile:
    """A case with what identifies its applicant.

    `former_office` names the office that it belongs to where this computer has moved since;
    `first_number` is the provisional number of a case that has a final one.
    """

    row: CaseRow
    applicant_id_no: str
    applicant_phone: str
    accepted_by: str
    language: str
    submission_id: UUID
    former_office: str = ""
    first_number: str = ""


@dataclass(frozen=True)
class Together:
    """What several cases were applied for in one go: a bundle's service, and the cases in order."""

    id: UUID
    service_id: str
    service_version: str
    cases: tuple[UUID, ...]


@dataclass(frozen=True)
class EventView:
    """Something that happened to a case, once and for ever."""

    id: UUID
    kind: str
    at: datetime
    by: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RemoteEvent:
    """An event as the province tells it."""

    id: UUID
    case: UUID
    kind: str
    at: datetime
    by: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class FileView:
    """An attachment. `size` in bytes, `sha256` of the content, 32 bytes."""

    id: UUID
    ref: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    blob: str


@dataclass(frozen=True)
class SubmissionView:
    """Finalised answers with their files; sent under the number that the case first had."""

    id: UUID
    case_id: UUID
    number: str
    service_id: str
    service_version: str
    language: str
    finalised_at: datetime
    finalised_by: str
    applicant: str
    applicant_id_no: str
    sha256: bytes
    xml: bytes
    files: tuple[FileView, ...]
    replaces: UUID | None
    merges: tuple[UUID, ...] = ()
    first_number: str = ""


@dataclass(frozen=True)
class OutboxRow:
    """What became of a submission, or of an event of the office, on its way.

    Attributes:
        submission_id: Its id; for an event that of the event.
        due_at: None and no receipt: a person must look at it.
        kind: `submission`, or the kind of the event.
    """

    submission_id: UUID
    case_id: UUID
    number: str
    service_id: str
    service_version: str
    queued_at: datetime
    due_at: datetime | None
    attempts: int
    size: int
    sent: int
    acknowledged_at: datetime | None
    receipt: bytes
    error_code: str
    error_fields: Mapping[str, str | int]
    kind: str = "submission"


@dataclass(frozen=True)
class ReportView:
    """An event of this office on its way; `body` as it goes on the wire."""

    event: UUID
    case: UUID
    kind: str
    body: Mapping[str, object]
    attempts: int


@dataclass(frozen=True)
class CertificateView:
    """A certificate. `printed` counts copies confirmed on paper; `replaces` is a number or ""."""

    number: str
    case_id: UUID
    template: str
    template_version: str
    fields: Mapping[str, object]
    issued_on: str
    valid_until: str
    credential: str
    received_at: datetime
    voided_at: datetime | None
    void_reason: str
    printed: int
    replaces: str = ""


@dataclass(frozen=True)
class FirstDecision:
    """What was decided before something of ours: its kind, and who said it when."""

    kind: str
    by: str
    at: datetime


@dataclass(frozen=True)
class LateView:
    """A case of which something that was decided here came too late and is not closed.

    Attributes:
        kinds: What was decided here.
        first: What stands in its place; None until the province has told it.
        certificates: Numbers of certificates that came of it and are not void yet.
        papers: Those of them that have left the office on paper or as a file.
    """

    case_id: UUID
    kinds: tuple[str, ...]
    first: FirstDecision | None
    certificates: tuple[str, ...]
    papers: tuple[str, ...]


@dataclass(frozen=True)
class CopyView:
    """A copy of a document.

    Attributes:
        n: 1 for the original.
        outcome: `counted` while nobody knows, then `printed` or `failed`.
        way: `paper` or `file`.
        job: As the print system calls it; "" where it has none.
        trouble: Code of what kept it from paper, "" for nothing.
    """

    document: str
    n: int
    outcome: str
    way: str
    job: str
    trouble: str


@dataclass(frozen=True)
class BlockView:
    """Leased numbers `first` to `last`; `next` is the one to give out next."""

    id: UUID
    kind: str
    prefix: str
    first: int
    last: int
    next: int
    epoch: int


@dataclass(frozen=True)
class AuditRow:
    """One link of the chain; `hash` and `prev` are 32 bytes."""

    seq: int
    at: datetime
    operator: str
    action: str
    subject: str
    detail: str
    prev: bytes
    hash: bytes


@dataclass(frozen=True)
class Counts:
    """The figures of the overview."""

    accepted_today: int = 0
    drafts: int = 0
    due_soon: int = 0
    overdue: int = 0
    unsent: int = 0
    failed: int = 0
    to_print: int = 0
    supplements: int = 0


@dataclass(frozen=True)
class Recovery:
    """A store that was made again. Case numbers only: no name, no answer.

    Attributes:
        reason: "damaged" or "missing".
        snapshot: When the snapshot was made that it stands on; None: on the journal alone.
        changes: How many changes the journal brought back on top.
        cases: How many cases the store holds now.
        cases_brought: Those of them that the snapshot did not have.
        cases_lost: Those that are known of and did not come back.
        changes_lost: How many changes the journal lacks or cannot read; 0: everything is back.
        files_lost: Case number, or "" for a draft, of each attachment that is not on the disk.
        aside: Folder within the profile to which the damaged files were moved.
        journal: Whether a journal of this store was at hand; without one nobody here knows what
            was done after the snapshot.
    """

    at: datetime
    reason: str
    snapshot: datetime | None
    changes: int
    cases: int
    cases_brought: tuple[str, ...]
    cases_lost: tuple[str, ...]
    changes_lost: int
    files_lost: tuple[str, ...]
    aside: str
    journal: bool

    @property
    def complete(self) -> bool:
        """Whether everything that was ever acknowledged is back."""
        return self.journal and not (self.changes_lost or self.cases_lost or self.files_lost)
