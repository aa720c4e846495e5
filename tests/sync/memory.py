"""A ledger in memory that keeps the store's promises, and invented parcels."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from store.views import RemoteEvent
from sync.errors import FileMissing, SyncError
from sync.ledger import DueItem, Outcome
from sync.wire import FileRef, Parcel


class MemoryLedger:
    def __init__(self) -> None:
        self.held: dict[UUID, Parcel] = {}
        self.files: dict[bytes, bytes] = {}
        self.receipts: dict[UUID, bytes] = {}
        self.failures: dict[UUID, tuple[SyncError, datetime | None]] = {}
        self.attempts: dict[UUID, int] = {}
        self.events: dict[UUID, RemoteEvent] = {}
        self.position = ""
        self.sure: set[UUID] = set()

    def add(self, parcel: Parcel, *contents: bytes) -> UUID:
        self.held[parcel.submission] = parcel
        for content in contents:
            self.files[sha256(content).digest()] = content
        return parcel.submission

    def due(self, now: datetime, limit: int) -> Sequence[DueItem]:
        items = []
        for item in self.held:
            _, retry_at = self.failures.get(item, (None, now))
            if item not in self.receipts and retry_at is not None and retry_at <= now:
                items.append(DueItem(item, self.attempts.get(item, 0)))
        return items[:limit]

    def parcels(self, items: Sequence[UUID]) -> Mapping[UUID, Parcel | SyncError]:
        return {item: self.held[item] for item in items}

    def read_file(self, item: UUID, file: FileRef) -> bytes:
        if file.sha256 not in self.files:
            raise FileMissing(name=file.name)
        return self.files[file.sha256]

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        for each in outcomes:
            if each.error is None:
                assert each.id not in self.receipts
                self.receipts[each.id] = each.receipt
            else:
                self.attempts[each.id] = self.attempts.get(each.id, 0) + 1
                self.failures[each.id] = (each.error, each.retry_at)

    def waiting(self) -> int:
        return len(self.held) - len(self.receipts)

    def cursor(self) -> str:
        return self.position

    def begin_again(self) -> None:
        self.position = ""
        self.sure.clear()

    def apply(self, events: Sequence[RemoteEvent], cursor: str, now: datetime) -> None:
        self.events.update({event.id: event for event in events})
        self.position = cursor

    def caught_up(self, now: datetime) -> None:
        pass

    def unsure(self, limit: int) -> Sequence[UUID]:
        return sorted(self.receipts.keys() - self.sure)[:limit]

    def note_held(self, asked: Sequence[UUID], missing: Collection[UUID], now: datetime) -> int:
        self.sure |= set(asked) - set(missing)
        for each in missing:
            del self.receipts[each]
        return len(missing)


def make_parcel(seed: int, *contents: bytes, xml: bytes = b"", service: str = "old-age") -> Parcel:
    """An invented case; the same seed makes the same one."""
    ids = random.Random(seed)
    document = xml or f"<data id='x'><name>张三{seed}</name><why>试</why></data>".encode()
    return Parcel(
        case=UUID(int=ids.getrandbits(128), version=4),
        submission=UUID(int=ids.getrandbits(128), version=4),
        number=f"530102101-{seed:06d}",
        service=service,
        service_version="1",
        language="zh",
        accepted_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
        accepted_by="李窗口",
        applicant_name=f"张三{seed}",
        applicant_id_no="53010219500307001X",
        sha256=sha256(document).digest(),
        xml=document,
        files=tuple(
            FileRef(f"scan-{i}.jpg", "image/jpeg", len(c), sha256(c).digest())
            for i, c in enumerate(contents)
        ),
    )
