"""The resident base and licences: changes go up, the office's slice comes down.

Runs at the end of a round, after cases and events, and never ends or delays those: a visit takes
a bounded number of small pages, and what fails here is tried again later. docs/protocol.md
sections 16 and 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol, runtime_checkable
from uuid import UUID

from store.resident_changes import Change
from sync import lines
from sync.blame import Blame
from sync.errors import CursorExpired, SyncError, Unexpected
from sync.ledger import Settled
from sync.lines import Lines
from sync.signed import canonical, check_signed
from sync.wire import to_time

Kind = Literal["residents", "licences"]
KINDS: tuple[Kind, ...] = ("residents", "licences")
PURPOSE = b"lastmile/1 change-receipt\n"
PAGES = 20  # of a slice in one round
RECORDS = 250  # on a page: some 20 kB on the wire


@dataclass(frozen=True, repr=False)
class Record:
    """A record of a slice; `data` None once it is withdrawn. `changes`: of a resident."""

    id: UUID
    data: Mapping[str, Any] | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, repr=False)
class RecordPage:
    """Records after a cursor, and the cursor to store with them.

    Attributes:
        restarted: Whether they are those from the beginning, since the cursor asked for is over.
    """

    records: tuple[Record, ...]
    cursor: str
    more: bool
    restarted: bool = False


@dataclass(frozen=True)
class ChangeOutcome:
    """What became of a change: its verified receipt, or why it has none."""

    change: Change
    attempts: int
    receipt: bytes = b""
    error: SyncError | None = None


@runtime_checkable
class SliceSource(Protocol):
    """A provider that gives slices and takes changes to residents."""

    def slice_page(self, kind: Kind, cursor: str) -> RecordPage:
        """Records changed since the cursor ("" from the beginning).

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def send_changes(self, changes: Sequence[Change]) -> Iterator[Settled]:
        """Send changes in their order; each is answered once, by its id.

        Raises:
            SyncError: One that ends the round; changes not answered are as they were.
        """
        ...


@runtime_checkable
class SliceLedger(Protocol):
    """The resident base, as the sync thread sees it. Every call is one transaction."""

    def due_changes(self, now: datetime, limit: int) -> Sequence[tuple[Change, int]]:
        """Changes to send and how often each failed, the oldest first; of a person the first."""
        ...

    def settle_changes(self, outcomes: Sequence[ChangeOutcome], now: datetime) -> None:
        """Keep receipts and failures."""
        ...

    def slice_wanted(self, kind: Kind, now: datetime) -> bool:
        """Whether it is time to read a slice."""
        ...

    def slice_cursor(self, kind: Kind) -> str:
        """Where the slice was read up to."""
        ...

    def take_slice(self, kind: Kind, page: RecordPage, now: datetime) -> None:
        """Take over records and cursor in one transaction."""
        ...

    def begin_slice_again(self, kind: Kind) -> None:
        """Read the slice from the beginning; nothing that was made here is lost."""
        ...


def exchange(
    ledger: SliceLedger,
    source: SliceSource,
    now: Callable[[], datetime],
    stopped: Callable[[], bool],
    blame: Blame,
) -> SyncError | None:
    """Send changes and read the slices that are due; the error that ended it early, or None."""
    sent, error = _push(ledger, source, now, stopped, blame)
    if error is not None:
        return error
    try:
        for kind in KINDS:
            if ledger.slice_wanted(kind, now()) or (sent and kind == "residents"):
                _pull(ledger, source, kind, now, stopped)
    except SyncError as broken:
        return broken
    return None


def _push(
    ledger: SliceLedger,
    source: SliceSource,
    now: Callable[[], datetime],
    stopped: Callable[[], bool],
    blame: Blame,
) -> tuple[int, SyncError | None]:
    def send(group: Sequence[tuple[Change, int]]) -> Iterator[Settled]:
        return source.send_changes([change for change, _attempts in group])

    def settle(found: Sequence[tuple[tuple[Change, int], Settled]]) -> None:
        outcomes = [ChangeOutcome(*item, said.receipt, said.error) for item, said in found]
        ledger.settle_changes(outcomes, now())

    due = Lines(
        due=lambda most: ledger.due_changes(now(), most),
        send=send,
        settle=settle,
        key=lambda item: item[0].id,
    )
    return lines.push(due, blame, stopped)


def _pull(
    ledger: SliceLedger,
    source: SliceSource,
    kind: Kind,
    now: Callable[[], datetime],
    stopped: Callable[[], bool],
) -> None:
    again = False
    for _ in range(PAGES):
        if stopped():
            return
        cursor = ledger.slice_cursor(kind)
        try:
            page = source.slice_page(kind, cursor)
        except CursorExpired:
            if again:
                raise
            ledger.begin_slice_again(kind)
            again = True
            continue
        ledger.take_slice(kind, page, now())
        if not page.more or page.cursor == cursor:
            return


# --- as it goes over the wire ---


def write_change(change: Change) -> dict[str, Any]:
    """The body of a change (section 20)."""
    return {
        "fields": {n: {"old": old, "new": new} for n, (old, new) in change.fields.items()},
        "after": {name: [str(each) for each in ids] for name, ids in change.after.items()},
        "adds": change.adds,
        "at": to_time(change.at),
        "by": change.by,
        "material": change.material,
    }


def check_change_receipt(
    signed: Mapping[str, Any], change: Change, keys: Mapping[str, bytes]
) -> bytes:
    """The receipt as to be kept, once it is proven to be for exactly this change.

    Raises:
        ReceiptForged: Unknown key, wrong signature, or not for this change.
    """
    said = {"resident": str(change.resident_id), **write_change(change)}
    wanted = {
        "change": str(change.id),
        "resident": str(change.resident_id),
        "sha256": sha256(canonical(said)).hexdigest(),
    }
    return check_signed(signed, keys, PURPOSE, wanted)


def read_records(body: Mapping[str, Any]) -> RecordPage:
    """A page of a slice (section 16). A record with an id that is no UUID is left out.

    Raises:
        Unexpected: Not what the protocol says.
    """
    try:
        records = tuple(_record(each) for each in body["records"] if _is_uuid(each["id"]))
        restarted = bool(body.get("restarted"))
        return RecordPage(records, str(body["cursor"]), bool(body["more"]), restarted)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unexpected(status=200) from None


def _record(body: Mapping[str, Any]) -> Record:
    record_id = UUID(body["id"])
    data = body["data"]
    changes = tuple(read_change(record_id, each) for each in body.get("changes") or ())
    return Record(record_id, None if data is None else dict(data), changes)


def read_change(record_id: UUID, body: Mapping[str, Any]) -> Change:
    """A change as a slice tells it (section 20).

    Raises:
        KeyError, TypeError, ValueError, AttributeError: Not what the protocol says.
    """
    return Change(
        id=UUID(body["id"]),
        resident_id=record_id,
        fields={n: (str(v["old"]), str(v["new"])) for n, v in body["fields"].items()},
        after={n: tuple(map(UUID, ids)) for n, ids in body["after"].items()},
        at=datetime.fromisoformat(body["at"]),
        by=str(body.get("by", "")),
        material=str(body.get("material", "")),
        adds=bool(body.get("adds", False)),
        office=str(body.get("office", "")),
        device=str(body.get("device", "")),
    )


def _is_uuid(text: object) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
