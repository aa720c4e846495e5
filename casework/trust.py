"""What this office believes of certificates: keys, void numbers, and since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework import link, network
from casework.office import Office
from casework.rights import needs
from printing import trust
from printing.seal import Credential
from printing.trust import Trust
from store import audit, certificates, settings
from store.open import OpenStore
from sync.trust import fetch_list

_SEEN = "trust_seen_at"


@dataclass(frozen=True)
class Freshness:
    """What is held; `seen_at` is when it was last known to be the newest, UTC, None for never."""

    keys: int
    voided: int
    seen_at: datetime | None


def held(store: OpenStore) -> Trust:
    """Keys and void certificates that this device believes in."""
    kept = store.read(settings.get, link.TRUST_LIST)
    known = trust.kept_list(kept) if kept else trust.pinned(link.province_keys(store))
    void = {**known.voided, **store.read(certificates.voided)}
    return replace(known, voided=void)


@needs("anybody")
def freshness(office: Office) -> Freshness:
    """How much is held, and since when it may be out of date."""
    known = held(office.store)
    seen = office.store.read(settings.get, _SEEN)
    return Freshness(
        len(known.keys),
        len(known.voided),
        datetime.fromisoformat(seen.decode()) if seen else None,
    )


@needs("anybody")
def check(office: Office, text: str) -> Credential:
    """Check what a code says, without a network.

    Raises:
        printing.errors.CredentialRefused: Forged, altered, expired, void, or of an unknown issuer.
    """
    return trust.check(text.strip(), held(office.store), today=office.today)


@needs("anybody")
def take(office: Office, data: bytes) -> Trust:
    """Take over a signed list that a file or the network brought.

    Raises:
        printing.errors.TrustRefused: Older than the held one, or no held key signed it.
    """
    before = held(office.store)
    fresh = trust.read_list(data, before)
    _keep(office, fresh.issued_at, trust.write_list(fresh))
    if fresh.sequence != before.sequence:
        office.store.writer.submit(
            audit.record,
            office.store.operator.login,
            "trust_list_taken",
            str(fresh.sequence),
            {"keys": len(fresh.keys), "voided": len(fresh.voided)},
            now=office.now(),
        ).result()
    return fresh


@needs("send")
def fetch(office: Office) -> None:
    """Ask the province for a newer list; blocks.

    Raises:
        NotEnrolled: This computer is not connected.
        sync.errors.SyncError: No answer.
        printing.errors.TrustRefused: As `take`.
    """
    url = link.connected_to(office.store)[1]
    got = fetch_list(url, _kept_sequence(office.store), network.route(office.store))
    if got is None:
        _keep(office, office.now().isoformat())
    else:
        take(office, got)


def _keep(office: Office, seen_at: str, body: bytes | None = None) -> None:
    if body is not None:
        office.store.writer.submit(settings.put, link.TRUST_LIST, body).result()
    office.store.writer.submit(settings.put, _SEEN, seen_at.encode()).result()


def _kept_sequence(store: OpenStore) -> int:
    kept = store.read(settings.get, link.TRUST_LIST)
    return trust.kept_list(kept).sequence if kept else 0
