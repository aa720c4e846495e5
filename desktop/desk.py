"""What the windows show and ask: plain values, and the one contract behind them.

The windows know no store and no province; `casework` stands behind `Desk`. Reads are quick and
may be called on the GUI thread; everything slow or lasting answers with a Future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from desktop.decisions import DecisionDesk
from desktop.oversight import Oversight
from desktop.paper_desk import Document, PaperDesk
from desktop.people_desk import PeopleDesk
from desktop.stick_desk import Stick
from sync.loop import RoundLine

Status = Literal[
    "draft",
    "accepted",
    "under_review",
    "supplement_requested",
    "conditionally_accepted",
    "decided_granted",
    "decided_refused",
    "closed",
    "delivered",
    "withdrawn",
    "not_accepted",
    "transferred",
    "received",
    "conflict",
    "conflict_settled",
    "certificate_voided",
    "certificate_replaced",
    "numbered",
]
AGAIN = "again:"  # before the id of a case that was settled at two windows
SOON_DAYS = 2  # cases due within so many working days count as due soon
Standing = Literal["verified", "local-example", "general", "sample"]


@dataclass(frozen=True)
class Login:
    """An operator who may sign in here."""

    login: str
    name: str


@dataclass(frozen=True)
class Operator:
    """Who is signed in; `must_change` is the first password, `rights` what the role may do."""

    login: str
    name: str
    role: str
    office: str
    rights: frozenset[str] = frozenset()
    must_change: bool = False


@dataclass(frozen=True)
class OriginFacts:
    """Where a form of another server comes from; `host` as it may be shown."""

    project: str
    host: str
    version: str
    fetched_at: datetime | None


@dataclass(frozen=True)
class ServiceLine:
    """A service in the catalogue; `promised_days` are working days, None where not stated.

    Attributes:
        pilot: Whether this version is on trial in some offices first.
        origin: For a form of another server; None for a service of the province.
    """

    id: str
    name: str
    department: str
    promised_days: int | None = None
    used: int = 0
    pilot: bool = False
    origin: OriginFacts | None = None
    bundle: bool = False  # several services in one go


@dataclass(frozen=True)
class PartLine:
    """A service of a bundle."""

    name: str
    department: str
    promised_days: int | None
    optional: bool


@dataclass(frozen=True)
class ServicesState:
    """How current the services are.

    Attributes:
        as_of: When they were last known to be the newest; None before the province said so.
        days_old: Whole days since then.
        error_code: Of what was not taken over; "" for nothing.
        name: Of the service that it is about.
        program: Version of a newer program that the province announces; "" for none.
    """

    as_of: datetime | None = None
    days_old: int = 0
    error_code: str = ""
    name: str = ""
    program: str = ""


@dataclass(frozen=True)
class MaterialLine:
    """A document that a service asks for, or a case has; `licence` stands in its place."""

    name: str
    form: str
    required: bool
    when: str = ""
    met: bool = False
    licence: str = ""


@dataclass(frozen=True)
class LegalBasis:
    """A rule behind a service, and how far it has been verified."""

    title: str
    standing: Standing


@dataclass(frozen=True)
class ServicePage:
    """All that is shown before starting; `guide` is Markdown, limits are working days."""

    line: ServiceLine
    item_code: str
    guide: str
    materials: tuple[MaterialLine, ...]
    statutory_days: int | None
    fees: str
    result: str
    bases: tuple[LegalBasis, ...]
    parts: tuple[PartLine, ...] = ()  # of a bundle


@dataclass(frozen=True)
class CaseLine:
    """A case in a list; `days_left` counts working days, negative when overdue.

    It is not `firm` while the holidays of the deadline's year are not published, and `joint` where
    it was applied for together with others.
    """

    id: str
    number: str
    service: str
    applicant: str
    status: Status
    touched_at: datetime
    days_left: int | None = None
    unsent: bool = False
    firm: bool = True
    joint: bool = False


@dataclass(frozen=True)
class Step:
    """One event of a case."""

    status: Status
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True)
class Together:
    """The cases that were applied for in one go.

    Attributes:
        lines: Those that are here, in the order of the parts.
        open: How many are not decided yet, those that are not here included.
        expected: How many there are in all.
        pending: Names of the parts that are here and have no result yet.
        papers: The results to hand over, in the order of the parts, each as its case offers it.
        deliverable: Ids of the cases with a result that is not noted as handed over.
    """

    name: str
    lines: tuple[CaseLine, ...]
    open: int
    expected: int
    pending: tuple[str, ...] = ()
    papers: tuple[Document, ...] = ()
    deliverable: tuple[str, ...] = ()

    @property
    def ready(self) -> tuple[Document, ...]:
        """Papers that never came out, and of which none is at the printer."""
        return tuple(each for each in self.papers if not each.copies and not each.underway)


@dataclass(frozen=True)
class CasePage:
    """One case with all that belongs to it; `actions` are those this operator may take now."""

    line: CaseLine
    steps: tuple[Step, ...]
    materials: tuple[MaterialLine, ...]
    documents: tuple[Document, ...]
    actions: tuple[str, ...]
    due_on: date | None = None
    identity: tuple[str, str] = ("", "")  # ID number and telephone, masked
    note: str = ""  # what else to know, in words
    together: Together | None = None


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list; empty values do not restrict."""

    text: str = ""
    status: tuple[Status, ...] = ()
    due_within_days: int | None = None
    unsent: bool = False
    to_print: bool = False
    today: bool = False


@dataclass(frozen=True)
class OutboxLine:
    """What became of one submission on its way; `error_code` explains a failure.

    Attributes:
        project: Name of the project of another server that it goes to; "": to the province.
    """

    case_id: str
    number: str
    service: str
    state: Literal["waiting", "sent", "acknowledged", "failed"]
    queued_at: datetime
    sent_bytes: int = 0
    size_bytes: int = 0
    receipt: str = ""
    error_code: str = ""
    error_fields: tuple[tuple[str, str], ...] = ()
    retry_at: datetime | None = None
    project: str = ""


@dataclass(frozen=True)
class SyncLine:
    """State of the link.

    Attributes:
        waiting: What has no receipt yet, whatever the reason.
        error_code, error_fields: What ended the last exchange early.
        skew_s: The province's clock minus ours, in seconds.
        held_cases, held_files, held_mb: What waits for a better network or hour.
        no_room: It waits for room at the province instead.
        rounds: The last exchanges, the newest first.
    """

    kind: Literal["never", "idle", "working", "offline", "refused"] = "never"
    last_ok: datetime | None = None
    waiting: int = 0
    error_code: str = ""
    error_fields: tuple[tuple[str, str], ...] = ()
    skew_s: float = 0.0
    held_cases: int = 0
    held_files: int = 0
    held_mb: float = 0.0
    rounds: tuple[RoundLine, ...] = ()
    no_room: bool = False


@dataclass(frozen=True)
class Place:
    """Where this computer stands with its province.

    Attributes:
        shut_out: The province lets this device in no more.
        numbers_left: Case numbers that it may still give out.
        moving_to: The office that it is to move to, or "".
        unsent: What must be sent before, `refused` of it need a person.
        corrections: Corrections that must be finished before.
    """

    connected: bool = False
    shut_out: bool = False
    numbers_left: int = 0
    moving_to: str = ""
    unsent: int = 0
    refused: int = 0
    corrections: int = 0


@dataclass(frozen=True)
class Figures:
    """The overview's counts."""

    accepted_today: int = 0
    drafts: int = 0
    due_soon: int = 0
    overdue: int = 0
    unsent: int = 0
    failed: int = 0
    to_print: int = 0
    supplements: int = 0
    conflicts: int = 0
    store_ok: bool = True
    backup_on: date | None = None
    place: Place = field(default=Place())


@dataclass(frozen=True)
class ConflictLine:
    """A case that two windows corrected at once, or (`people_desk.RESIDENT`) a resident."""

    case_id: str
    number: str
    service: str


@dataclass(frozen=True, repr=False)
class ClashOption:
    """One of the values that stand against each other, and where it comes from."""

    key: str
    value: str
    by: str
    at: datetime | None
    material: str = ""


@dataclass(frozen=True, repr=False)
class ClashLine:
    """A question or field changed to different values, as a person reads them.

    Attributes:
        stands: Key of the option that stands until somebody chooses another; "" for none.
    """

    ref: str
    label: str
    base: str
    options: tuple[ClashOption, ...]
    stands: str = ""


@dataclass(frozen=True, repr=False)
class ConflictPage:
    """What stands against each other, and has to be decided.

    Attributes:
        asks_material: Whether the decision names what it rests on.
        note: What else to know, in words.
        joins: Whether it brings two records of one person together.
    """

    case_id: str
    number: str
    clashes: tuple[ClashLine, ...]
    asks_material: bool = False
    note: str = ""
    joins: bool = False


class ConflictDesk(Protocol):
    """What two computers changed differently. Futures fail with errors that have a code."""

    def waiting(self) -> Sequence[ConflictLine]:
        """Cases in conflict, the oldest first, then residents."""
        ...

    def look(self, case_id: str) -> Future[ConflictPage]:
        """All versions of a case or a resident."""
        ...

    def settle(self, case_id: str, choices: Mapping[str, str], material: str) -> Future[None]:
        """Bring them together; `choices` names the option for each clash, by ref."""
        ...


class Desk(PaperDesk, Protocol):
    """The office as the windows see it, from sign-in to lock."""

    @property
    def operator(self) -> Operator:
        """Who is signed in."""
        ...

    def figures(self) -> Figures:
        """Counts for the overview."""
        ...

    def departments(self) -> Sequence[str]:
        """Names of departments that have services, in reading order."""
        ...

    def services(self, text: str, department: str) -> Sequence[ServiceLine]:
        """Services that fit; the most used first when `text` is empty."""
        ...

    def service(self, service_id: str, language: str) -> ServicePage:
        """The guide of one service."""
        ...

    def services_state(self) -> ServicesState:
        """How current the services are."""
        ...

    def cases(self, wanted: CaseFilter) -> Sequence[CaseLine]:
        """Cases that fit, drafts included, newest first; at most 500."""
        ...

    def next_due(self, limit: int) -> Sequence[CaseLine]:
        """Open cases with a deadline, the nearest first; at most `limit`."""
        ...

    def case(self, case_id: str) -> CasePage:
        """One case."""
        ...

    def act(self, case_id: str, action: str) -> Future[None]:
        """Take one of the actions that the case offers."""
        ...

    def outbox(self) -> Sequence[OutboxLine]:
        """Submissions on their way and the latest receipts, newest first."""
        ...

    def sync(self) -> SyncLine:
        """State of the link."""
        ...

    def send_now(self, *, files: bool = False) -> None:
        """Ask for a round; returns at once. `files`: also what waits for a better network."""
        ...

    def conflict_desk(self) -> ConflictDesk | None:
        """What two computers changed differently; None for a role that settles none."""
        ...

    def people_desk(self) -> PeopleDesk | None:
        """The resident base; None for a role that does not use it."""
        ...

    def decisions(self) -> DecisionDesk | None:
        """What the office decides itself; None for a role that decides nothing."""
        ...

    def oversight(self) -> Oversight | None:
        """Others' drafts, the record, a person's data; None for a role that sees none of them."""
        ...

    def reveal(self, case_id: str, reason: str) -> Future[tuple[str, str]]:
        """ID number and telephone of an applicant, whole; on record with the reason."""
        ...

    def discard(self, case_id: str, second: tuple[str, str] | None) -> Future[None]:
        """Delete a draft; `second` is login and password of who confirms."""
        ...

    def stick(self) -> Stick | None:
        """Cases carried by hand; None where nothing is ever sent."""
        ...

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each change, on any thread; returns how to stop."""
        ...
