"""What windows and commands read of the office; each read demands its right like any verb."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from casework.grades import masked_file
from casework.office import Office
from casework.rights import needs
from store import attachments, cases, drafts, figures, outbox, reports, resident_changes, snapshots
from store.cases import Wanted
from store.search import holds
from store.standing import OPEN, STATUSES
from store.views import CaseFile, CaseRow, Counts, DraftView, EventView, FileView, OutboxRow

__all__ = ["OPEN", "STATUSES", "Wanted", "holds"]


@needs("read_cases")
def list_cases(office: Office, wanted: Wanted) -> tuple[CaseRow, ...]:
    """Cases that fit, touched last first unless `by_deadline`."""
    return office.store.read(cases.list_cases, wanted)


@needs("read_cases")
def get_case(office: Office, case_id: UUID) -> CaseFile:
    """One case, ID and telephone number masked; `grades.reveal` shows them.

    Raises:
        store.errors.CaseGone: No such case here.
    """
    return masked_file(office.store.read(cases.get_case, case_id))


@needs("read_cases")
def events_of(office: Office, case_id: UUID) -> tuple[EventView, ...]:
    """What happened to a case, in the order it was learned."""
    return office.store.read(cases.events_of, case_id)


@needs("read_cases")
def refs_with_files(office: Office, owner: UUID) -> frozenset[str]:
    """Questions of a draft or submission that were answered with a file."""
    files: tuple[FileView, ...] = office.store.read(attachments.of_owner, owner)
    return frozenset(file.ref for file in files)


@needs("fill")
def own_drafts(office: Office) -> tuple[DraftView, ...]:
    """Drafts of who is signed in, newest first."""
    return office.store.read(drafts.list_of, office.store.operator.id)


@needs("fill")
def own_draft(office: Office, draft_id: UUID) -> DraftView:
    """A draft of who is signed in.

    Raises:
        store.errors.DraftGone, store.errors.DraftOfAnother: It cannot be opened.
    """
    return office.store.read(drafts.get, draft_id, office.store.operator.id)


@needs("anybody")
def service_uses(office: Office) -> dict[str, int]:
    """How often each service was begun here."""
    return office.store.read(drafts.uses)


@needs("anybody")
def outbox_rows(office: Office) -> tuple[OutboxRow, ...]:
    """What is on its way and what became of it; numbers and services, no citizen's data."""
    read = office.store.read
    rows = (*read(reports.list_items), *read(outbox.list_items))
    newest_first = sorted(rows, key=lambda row: row.queued_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda row: row.acknowledged_at is not None))


@needs("anybody")
def waiting(office: Office) -> int:
    """How many submissions, decisions and changes to residents have no receipt yet."""
    nouns = (outbox, reports, resident_changes)
    return sum(office.store.read(noun.waiting) for noun in nouns)


@needs("anybody")
def counts(office: Office, *, midnight: datetime, soon: date) -> Counts:
    """The overview's figures; `midnight` begins the local day, `soon` ends what is due soon."""
    return office.store.read(
        figures.counts,
        owner=office.store.operator.id,
        midnight=midnight,
        today=office.today,
        soon=soon,
    )


@needs("anybody")
def backed_up_at(office: Office) -> datetime | None:
    """When the newest backup was made, or None."""
    return snapshots.newest_at(office.store.folder)
