"""The provider for a province that speaks docs/protocol.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from store.resident_changes import Change
from store.views import ReportView
from sync.catalogue import OfferList, Until, read_offers, read_root
from sync.errors import BundleWaits, NoRoom, PersonGone, Unexpected
from sync.http import Link
from sync.ledger import Settled
from sync.pace import Pace
from sync.providers.many import Many, Sort
from sync.providers.sending import Sending, Terms
from sync.providers.session import DeviceSession, Identity
from sync.record import HeldRecord, Witnessed, read_held, read_witnessed
from sync.recovery import RecoveryKey, read_recovery_key
from sync.relay import RelayKey, read_relay_key
from sync.reports import Word, read_words
from sync.reports import check_receipt as check_report_receipt
from sync.route import DeviceCertificate
from sync.slices import (
    RECORDS,
    Kind,
    RecordPage,
    check_change_receipt,
    read_records,
    write_change,
)
from sync.wire import (
    DeviceView,
    EventPage,
    FileRef,
    NumberBlock,
    Parcel,
    ReadFileOf,
    read_block,
    read_device,
    read_events,
    read_parcel,
    to_b64,
)

if TYPE_CHECKING:
    from sync.packages import PackageSource


EVENTS: Sort[ReportView] = Sort(
    batch="/events:batch",
    many="events",
    one="event",
    key=lambda report: report.event,
    path=lambda report: f"/cases/{report.case}/events/{report.event}",
    owner=lambda report: ("case", report.case),
    body=lambda report: report.body,
    check=check_report_receipt,
)
CHANGES: Sort[Change] = Sort(
    batch="/changes:batch",
    many="changes",
    one="change",
    key=lambda change: change.id,
    path=lambda change: f"/residents/{change.resident_id}/changes/{change.id}",
    owner=lambda change: ("resident", change.resident_id),
    body=write_change,
    check=check_change_receipt,
    meant={404: PersonGone},
)


ANSWER_S = 120.0  # for the answer to a bundle, which a broken line begins anew
LEAST_ROOM, MOST_ROOM = 256 * 1024, 8 * 1024 * 1024


class ProvinceProvider:
    """See `sync.provider.Provider`."""

    def __init__(
        self,
        identity: Identity,
        link: Link,
        terms: Terms | None = None,
        keep: Callable[[DeviceCertificate], None] | None = None,
    ) -> None:
        self._session = DeviceSession(identity, link, keep)
        self._sending = Sending(self._session, terms)
        self._reports = Many(self._session, EVENTS)
        self._changes = Many(self._session, CHANGES)
        self.moving, self.lease_epoch = False, 0

    @property
    def skew_s(self) -> float:
        """The province's clock minus ours at the last answer, in seconds."""
        return self._session.skew_s

    @property
    def pace(self) -> Pace:
        """What the exchanges tell of the link."""
        return self._session.pace

    def submit_all(self, parcels: Sequence[Parcel], read_file: ReadFileOf) -> Iterator[Settled]:
        """Send submissions with all their files; each is answered once."""
        return self._sending.submit_all(parcels, read_file)

    def events(self, cursor: str) -> EventPage:
        """What happened since the cursor."""
        answer = self._session.ask("GET", f"/events?limit=200&after={quote(cursor)}")
        page = read_events(answer.json())
        self.moving, self.lease_epoch = page.moving, page.lease_epoch
        return page

    def about(self) -> DeviceView:
        """This device as the province knows it."""
        return read_device(self._session.ask("GET", "/device").json())

    def move(self, office: str) -> DeviceView:
        """Say that everything is sent and that this device now joins another office."""
        body = {"office": office}
        return read_device(self._session.ask("POST", "/device/move", body=body).json())

    def lease(self, block: UUID, kind: str, size: int, epoch: int) -> NumberBlock:
        """Lease numbers."""
        body = {"id": str(block), "kind": kind, "size": size, "epoch": epoch}
        return read_block(self._session.ask("POST", "/number-blocks", body=body).json())

    def missing(self, submissions: Sequence[UUID]) -> frozenset[UUID]:
        """Those that the province lacks; none where it is too old to be asked."""
        body = {"submissions": [str(each) for each in submissions]}
        allowed = (200, 404, 405)
        answer = self._session.ask("POST", "/submissions:held", body=body, allowed=allowed)
        if answer.status != 200:
            return frozenset()
        try:
            return frozenset(submissions) & {UUID(each) for each in answer.json()["missing"]}
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unexpected(status=200) from None

    def submission(self, case: UUID, submission: UUID) -> Parcel:
        """A submission of this office as the province holds it."""
        path = f"/cases/{case}/submissions/{submission}"
        return read_parcel(case, submission, self._session.ask("GET", path).json())

    def find(self, number: str) -> tuple[UUID, UUID]:
        """Case and counting submission of a case number of this office.

        Raises:
            Unexpected: There is none.
        """
        got = self._session.ask("GET", f"/cases?number={quote(number, safe='')}").json()
        try:
            return UUID(got["case"]), UUID(got["submission"])
        except (KeyError, ValueError, TypeError):
            raise Unexpected(status=200) from None

    def slice_page(self, kind: Kind, cursor: str) -> RecordPage:
        """Records of a slice changed since the cursor."""
        path = f"/slices/{kind}?limit={RECORDS}&after={quote(cursor)}"
        return read_records(self._session.ask("GET", path).json())

    def send_changes(self, changes: Sequence[Change]) -> Iterator[Settled]:
        """Send changes to residents in their order; each is answered once."""
        return self._changes.send(changes)

    def report_all(self, reports: Sequence[ReportView]) -> Iterator[Settled]:
        """Send events of the office in their order; each is answered once."""
        return self._reports.send(reports)

    def words(self) -> tuple[Word, ...]:
        """The province's word for this device."""
        return read_words(self._session.ask("GET", "/delegations").json())

    def relay_key(self) -> RelayKey | None:
        """The key that relay bundles are sealed to now; None where none is proven."""
        answer = self._session.ask("GET", "/meta")
        return read_relay_key(answer.json().get("relay"), self._session.identity.keys)

    def witness(self, checkpoint: bytes, signature: bytes) -> Witnessed:
        """Hand over a checkpoint of the record; the verified receipt, or where to begin."""
        body = {"checkpoint": to_b64(checkpoint), "signature": to_b64(signature)}
        allowed = (200, 201, 409)
        answer = self._session.ask("POST", "/audit/checkpoints", body=body, allowed=allowed)
        return read_witnessed(answer, checkpoint, self._session.identity.keys)

    def recovery_key(self) -> RecoveryKey | None:
        """The key that opens this store's keys when a password is lost."""
        answer = self._session.ask("GET", "/meta")
        return read_recovery_key(answer.json().get("recovery"), self._session.identity.keys)

    def held_record(self, after: int) -> HeldRecord:
        """What the province holds of this device's record after a row."""
        return read_held(self._session.ask("GET", f"/audit/links?after={after}"))

    def carry(self, bundle: bytes) -> bytes:
        """Hand over another device's relay bundle; the sealed answer for it.

        Raises:
            BundleDamaged: The province cannot believe it.
            BundleWaits: It has no room for it now.
            SyncError: Why it did not succeed.
        """
        digest = sha256(bundle)
        file = FileRef("bundle", "application/octet-stream", len(bundle), digest.digest())
        try:
            self._sending.upload(file, bundle)
        except NoRoom:
            raise BundleWaits from None
        room = min(MOST_ROOM, max(LEAST_ROOM, self.pace.goes_through(ANSWER_S)))
        body = {"sha256": digest.hexdigest(), "room": room}
        return self._session.ask("POST", "/relay", body=body).body

    def offers(self, office: str, held: OfferList) -> OfferList:
        """What this office is to offer, proven and newer than what it holds.

        Raises:
            OfferForged, OfferOld: As `sync.catalogue.read_offers`.
            SyncError: No answer.
        """
        path = f"/catalogue?held={held.sequence}&holds={held.sha256}"
        told = self._session.ask("GET", path).json()
        return read_offers(told, self._session.identity.keys, office=office, held=held)

    def repository_root(self) -> bytes | None:
        """The root that packages are believed under at first; None where none is proven."""
        return read_root(self.announced_root(), self._session.identity.keys)

    def announced_root(self) -> object:
        """What the province says of its root, for others to judge; None where it publishes none."""
        return self._session.ask("GET", "/meta").json().get("repository")

    def packages(
        self, root: bytes, known: Mapping[str, bytes], parts: Path, until: Until
    ) -> PackageSource:
        """A look at the repository; see `sync.packages.PackageSource`."""
        from sync.packages import PackageSource  # noqa: PLC0415 - python-tuf, when first needed

        return PackageSource(self._session.link(), root, known, parts, until)

    def close(self) -> None:
        """Close connections."""
        self._session.close()
