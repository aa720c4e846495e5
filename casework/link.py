"""The office's link to its province: enrolment, and the store as a ledger for `sync`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework import dispatch, fetching, late, network
from casework.errors import AnotherProvince, NotEnrolled, StillHanging
from casework.office import Office
from casework.reporting import ReportBooks
from casework.rights import needs
from casework.slices import SliceBooks
from printing.trust import kept_list
from store import (
    attachments,
    bundles,
    cases,
    held,
    joining,
    offices,
    outbox,
    reports,
    resident_changes,
    settings,
)
from store.errors import StoreError
from store.offices import OfficeView
from store.open import OpenStore
from store.views import RemoteEvent, SubmissionView, Together
from sync.enrol import EnrolmentView, enrol, new_private_key, open_provider, plain_code
from sync.errors import FileElsewhere, FileMissing, SyncError
from sync.large import Gate
from sync.ledger import DueItem, Outcome
from sync.provider import HomeProvince
from sync.providers.province import ProvinceProvider
from sync.providers.sending import Terms
from sync.providers.session import Identity
from sync.relay import RelayKey
from sync.wire import FileRef, Parcel

_DEVICE_KEYS = "device_keys_asked"
REFUSED = "device_refused"  # set while the province shuts this device out
_IDENTITY = "device_identity"
TRUST_LIST = "trust_list"


@needs("enrol")
def enrol_office(
    office: Office,
    url: str,
    code: str,
    *,
    device_name: str,
    expected: Mapping[str, bytes] | None = None,
) -> EnrolmentView:
    """Connect this computer to an office of a province; slow, call it on a worker.

    A computer that is connected already gets a new key: what waits in its outbox goes on under it.
    The key is kept before the province is asked, so that a lost answer can be asked for again.

    Args:
        office: The office.
        url: Address of the province.
        code: The one-time code.
        device_name: What the province's staff see.
        expected: Keys of the province by kid, as an enrolment file names them.

    Raises:
        NotAllowed: The role does not enrol.
        AnotherProvince, StillHanging: As `check_office`; the computer stays as it was.
        SyncError: As `sync.enrol.enrol`.
    """
    device, key = _device(office, code)
    store, now = office.store, office.now()
    view = enrol(
        url,
        code,
        device=device,
        private_key=key,
        device_name=device_name,
        expected=expected,
        route=network.route(store),
    )
    to = OfficeView(view.office_id, view.office_name, view.division)
    check_office(office, to, view.identity.keys)
    kept = {
        "url": view.identity.url,
        "device": str(view.identity.device),
        "private_key": view.identity.private_key.hex(),
        "keys": {kid: public.hex() for kid, public in view.identity.keys.items()},
        "province": view.province_name,
        "relay": _written_key(view.relay_key),
    }
    before = _known_device(store)
    asked = {_digest(code): (device.bytes + key).hex()}  # the same code again changes nothing
    values = {
        _IDENTITY: json.dumps(kept).encode(),
        _DEVICE_KEYS: json.dumps(asked).encode(),
        REFUSED: b"",
        **fetching.UNTRUSTED,
    }
    me = store.operator.login
    new_key = before != view.identity.device
    store.writer.submit(joining.join, to, values, new_key=new_key, login=me, now=now).result()
    return view


@needs("enrol")
def check_office(office: Office, to: OfficeView, keys: Mapping[str, bytes]) -> None:
    """Refuse an enrolment that would leave work behind or trust somebody else.

    Args:
        office: The office.
        to: Which office the computer would belong to.
        keys: The province's public keys by kid in hex.

    Raises:
        AnotherProvince: The computer belongs to a province that has none of these keys.
        StillHanging: It holds work of another office of the same province.
    """
    if is_connected(office.store):
        held = identity(office.store).keys
        if not any(keys.get(kid) == key for kid, key in held.items()):
            raise AnotherProvince
    now = office.store.read(offices.current)
    hangs = office.store.read(offices.hanging)
    if now.id not in ("", to.id) and hangs:
        raise StillHanging(office=now.name, unsent=hangs.unsent, corrections=hangs.corrections)


def identity(store: OpenStore) -> Identity:
    """Who this device is to the province.

    Raises:
        NotEnrolled: It is not connected.
    """
    got = _kept_identity(store)
    return Identity(
        got["url"],
        UUID(got["device"]),
        bytes.fromhex(got["private_key"]),
        _receipt_keys(store, got),
    )


def is_connected(store: OpenStore) -> bool:
    """Whether the store was enrolled once."""
    return store.read(settings.get, _IDENTITY) is not None


def connected_to(store: OpenStore) -> tuple[str, str]:
    """Name and address of the province.

    Raises:
        NotEnrolled: It is not connected.
    """
    got = _kept_identity(store)
    return str(got.get("province", "")), str(got["url"])


def _kept_identity(store: OpenStore) -> dict[str, Any]:
    raw = store.read(settings.get, _IDENTITY)
    if raw is None:
        raise NotEnrolled
    got: dict[str, Any] = json.loads(raw)
    return got


def relay_key(store: OpenStore) -> RelayKey | None:
    """What relay bundles are sealed to; None before the province has told it.

    Raises:
        NotEnrolled: It is not connected.
    """
    got = _kept_identity(store).get("relay")
    return RelayKey(got["kid"], bytes.fromhex(got["public"])) if got else None


@needs("send")
def learn_relay_key(office: Office, link: HomeProvince) -> None:
    """Keep the key that the province says now, so that a stick can be written any day."""
    now = link.relay_key()
    if now is None or now == relay_key(office.store):
        return
    kept = {**_kept_identity(office.store), "relay": _written_key(now)}
    office.store.writer.submit(settings.put, _IDENTITY, json.dumps(kept).encode()).result()


def _written_key(key: RelayKey | None) -> dict[str, str] | None:
    return {"kid": key.kid, "public": key.public.hex()} if key else None


def province_keys(store: OpenStore) -> dict[bytes, bytes]:
    """The province's public keys of the enrolment by raw kid; {} where not connected."""
    try:
        got = _kept_identity(store)
    except NotEnrolled:
        return {}
    return {bytes.fromhex(kid): key for kid, key in _pinned(got).items()}


def _pinned(got: dict[str, Any]) -> dict[str, bytes]:
    return {kid: bytes.fromhex(public) for kid, public in got["keys"].items()}


def _receipt_keys(store: OpenStore, got: dict[str, Any]) -> dict[str, bytes]:
    # a signed list may have brought newer keys since the enrolment, and shut out older ones
    kept = store.read(settings.get, TRUST_LIST)
    listed = kept_list(kept).keys if kept else {}
    out = {kid.hex() for kid, key in listed.items() if key.revoked or key.until}
    keys = _pinned(got) | {kid.hex(): key.public for kid, key in listed.items()}
    return {kid: public for kid, public in keys.items() if kid not in out}


def provider(store: OpenStore, gate: Gate | None = None) -> ProvinceProvider:
    """A provider for the sync loop; `gate` says which files wait.

    Raises:
        NotEnrolled: It is not connected.
    """
    terms = Terms(gate.holds if gate else Terms.holds, dispatch.Progress(store).note)
    keep = network.keeper(store)
    return open_provider(identity(store), network.route(store), terms, keep)


def parcels(store: OpenStore, submissions: Sequence[UUID]) -> dict[UUID, Parcel]:
    """Submissions as they are sent, in this order; those that are gone are left out."""
    found = store.read(cases.get_submissions, submissions)
    records = store.read(bundles.records, {each.case_id for each in found})
    return {each.id: _parcel(each, records.get(each.case_id)) for each in found}


def public_key(store: OpenStore) -> bytes:
    """The public half of this device's key, 32 bytes Ed25519.

    Raises:
        NotEnrolled: It is not connected.
    """
    key = Ed25519PrivateKey.from_private_bytes(identity(store).private_key)
    return key.public_key().public_bytes_raw()


class StoreLedger(SliceBooks, ReportBooks):
    """The open store as `sync.ledger.Ledger`. Used by the sync thread."""

    def due(self, now: datetime, limit: int) -> Sequence[DueItem]:
        """Items to send, oldest first."""
        return [DueItem(*row) for row in self._store.read(outbox.due, now, limit)]

    def parcels(self, items: Sequence[UUID]) -> Mapping[UUID, Parcel | SyncError]:
        """What to send for each item; one that is gone is left out."""
        return parcels(self._store, items)

    def read_file(self, item: UUID, file: FileRef) -> bytes:
        """The content of a file of an item.

        Raises:
            FileElsewhere: It never was here; the computer it was taken at sends it.
            FileMissing: It is gone or damaged.
        """
        try:
            kept = self._store.read(attachments.get, item, file.name)
            if not kept.blob:
                raise FileElsewhere(name=file.name)
            return self._store.blobs.get(kept.blob)
        except StoreError:
            raise FileMissing(name=file.name) from None

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Keep receipts and failures in one transaction."""
        settled = [_settlement(each, now) for each in outcomes]
        self._store.writer.submit(outbox.settle, settled, now).result()

    def waiting(self) -> int:
        """How many items have no receipt yet."""
        read = self._store.read
        return read(outbox.waiting) + read(reports.waiting) + read(resident_changes.waiting)

    def cursor(self) -> str:
        """Where the events were read up to."""
        return self._store.read(cases.cursor)

    def apply(self, events: Sequence[RemoteEvent], cursor: str, now: datetime) -> None:
        """Take over events and cursor in one transaction."""
        self._store.writer.submit(cases.apply_events, events, cursor, now).result()

    def begin_again(self) -> None:
        """What the province told and holds is unsure until it says so again."""
        self._store.writer.submit(held.begin_again).result()

    def caught_up(self, now: datetime) -> None:
        """Cases stand as those events say that are not lost; what was decided late is known."""
        if self._store.read(held.has_lost_events):
            self._store.writer.submit(held.caught_up).result()
        late.resolve(self._store, now)

    def unsure(self, limit: int) -> Sequence[UUID]:
        """Submissions of which nobody knows whether the province still has them."""
        return self._store.read(held.unsure, limit)

    def note_held(self, asked: Sequence[UUID], missing: Collection[UUID], now: datetime) -> int:
        """Keep which of them it has; the others are due again."""
        return self._store.writer.submit(held.note_held, asked, missing, now).result()


def _parcel(found: SubmissionView, together: Together | None) -> Parcel:
    return Parcel(
        case=found.case_id,
        submission=found.id,
        number=found.first_number or found.number,
        service=found.service_id,
        service_version=found.service_version,
        language="en" if found.language.startswith("en") else "zh",
        accepted_at=found.finalised_at,
        accepted_by=found.finalised_by,
        applicant_name=found.applicant,
        applicant_id_no=found.applicant_id_no,
        sha256=found.sha256,
        xml=found.xml,
        files=tuple(FileRef(f.name, f.media_type, f.size, f.sha256) for f in found.files),
        replaces=found.replaces,
        merges=found.merges,
        together=together,
    )


def _settlement(outcome: Outcome, now: datetime) -> outbox.Settlement:
    error, retry_at = outcome.error, outcome.retry_at
    if error is None:
        return outbox.Settlement(outcome.id, outcome.receipt)
    # A missing network is nobody's failure and counts no attempt.
    counts = retry_at is None or retry_at > now
    return outbox.Settlement(
        outcome.id,
        code=error.code,
        fields=dict(error.fields),
        retry_at=retry_at,
        counts=counts,
    )


def _device(office: Office, code: str) -> tuple[UUID, bytes]:
    """Id and key to enrol with: for one code always the same."""
    kept: dict[str, str] = json.loads(office.store.read(settings.get, _DEVICE_KEYS) or b"{}")
    name = _digest(code)
    if name not in kept:
        kept[name] = (office.new_id().bytes + new_private_key()).hex()
        office.store.writer.submit(settings.put, _DEVICE_KEYS, json.dumps(kept).encode()).result()
    raw = bytes.fromhex(kept[name])
    return UUID(bytes=raw[:16]), raw[16:]


def _digest(code: str) -> str:
    return sha256(plain_code(code).encode()).hexdigest()


def _known_device(store: OpenStore) -> UUID | None:
    raw = store.read(settings.get, _IDENTITY)
    return UUID(json.loads(raw)["device"]) if raw else None
