"""The office's slice of the resident base and of licences: the store as a ledger for `sync`."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.catalogue import spellings
from casework.office import Office
from casework.rights import needs
from store import offices, resident_changes, residents, slices
from store.open import OpenStore
from store.outbox import Settlement
from store.resident_changes import Change
from store.residents import Told
from sync.errors import Busy, SyncError
from sync.relay import Result
from sync.round import wait_s
from sync.slices import ChangeOutcome, Kind, RecordPage, check_change_receipt

PAUSE = timedelta(minutes=10)  # between two readings of a slice to its end
TOWNSHIP = 9  # digits of a division code


class SliceBooks:
    """The open store as `sync.slices.SliceLedger`. Used by the sync thread."""

    def __init__(self, store: OpenStore) -> None:
        self._store = store

    def due_changes(self, now: datetime, limit: int) -> Sequence[tuple[Change, int]]:
        """Changes to send and how often each failed, the oldest first."""
        return self._store.read(resident_changes.due, now, limit)

    def settle_changes(self, outcomes: Sequence[ChangeOutcome], now: datetime) -> None:
        """Keep receipts and failures in one transaction."""
        found = [_settlement(each, now) for each in outcomes]
        self._store.writer.submit(resident_changes.settle, found, now).result()

    def slice_wanted(self, kind: Kind, now: datetime) -> bool:
        """Whether a reading is under way, or the last one is long enough ago."""
        if self._store.read(slices.reading, kind):
            return True
        last = self._store.read(slices.pulled_at, kind)
        return last is None or not timedelta() <= now - last < PAUSE

    def slice_cursor(self, kind: Kind) -> str:
        """Where the slice was read up to."""
        return self._store.read(slices.cursor, kind)

    def take_slice(self, kind: Kind, page: RecordPage, now: datetime) -> None:
        """Take over records and cursor in one transaction."""
        here = self._store.read(offices.current).division[:TOWNSHIP]
        before = self._store.read(slices.place, kind)
        moved = before not in ("", here)
        progress = slices.Progress(page.cursor, page.more, here, moved)
        submit = self._store.writer.submit
        if kind == "residents":
            told = [Told(each.id, each.data, each.changes) for each in page.records]
            submit(residents.take_page, told, progress, spell=spellings, now=now).result()
        else:
            licences = [(each.id, each.data) for each in page.records]
            submit(slices.take_licences, licences, progress).result()
        if not page.more:
            submit(slices.note_pulled, kind, now).result()

    def begin_slice_again(self, kind: Kind) -> None:
        """Read the slice from the beginning."""
        self._store.writer.submit(slices.begin_again, kind).result()


@needs("relay_carry")
def settle(office: Office, told: Sequence[Result], keys: Mapping[str, bytes]) -> int:
    """Take in what the province said on a stick to changes made here; how many have a receipt.

    Args:
        office: The office.
        told: Results by the changes' ids.
        keys: The province's keys by kid in hex.

    Raises:
        ReceiptForged: A receipt is not for what was sent.
    """
    by_id = {each.submission: each for each in told}
    outcomes = []
    for change, attempts in office.store.read(resident_changes.named, list(by_id)):
        result = by_id[change.id]
        if result.taken:
            receipt = check_change_receipt(result.body, change, keys)
            outcomes.append(ChangeOutcome(change, attempts, receipt))
        else:
            outcomes.append(ChangeOutcome(change, attempts, error=result.error()))
    SliceBooks(office.store).settle_changes(outcomes, office.now())
    return sum(each.error is None for each in outcomes)


@needs("relay_carry")
def take_in(office: Office, told: Mapping[Kind, RecordPage], asked: Mapping[str, str]) -> int:
    """Take over records that came on a stick; how many.

    Only where nothing was read since they were asked for: else they are known, or told no more.
    """
    books, taken = SliceBooks(office.store), 0
    for kind, page in told.items():
        if books.slice_cursor(kind) != asked.get(kind):
            continue
        if page.restarted:
            books.begin_slice_again(kind)
        books.take_slice(kind, page, office.now())
        taken += len(page.records)
    return taken


def _settlement(outcome: ChangeOutcome, now: datetime) -> Settlement:
    error = outcome.error
    if error is None:
        return Settlement(outcome.change.id, outcome.receipt)
    return Settlement(
        outcome.change.id,
        code=error.code,
        fields=dict(error.fields),
        retry_at=_retry_at(error, outcome.attempts, now),
        counts=not error.ends_round,
    )


def _retry_at(error: SyncError, attempts: int, now: datetime) -> datetime | None:
    if isinstance(error, Busy):
        return now + timedelta(seconds=int(error.fields["wait_s"]))
    if error.ends_round:
        return now  # nothing is wrong with the change; the loop waits for the province
    pause = timedelta(seconds=wait_s(attempts, random.random()))  # noqa: S311 - spreads retries
    return now + pause if error.retry else None
