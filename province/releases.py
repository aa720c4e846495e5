"""Pilots: which version of a service an office is offered, and how it widens or is called back.

A version that came with the province is meant for everybody; one that was published later for
nobody before its first release. A release names divisions and a share of the offices; the last
release that names an office wins there, until it is called back. Submissions under any version that
the province holds are taken, so drafts and sealed cases stay on theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from province.encoding import canonical, to_b64, to_rfc3339
from province.errors import Unknown
from province.keys import SigningKey
from province.models import Office, Release
from province.packages import Service, Services, age


@dataclass(frozen=True)
class Offer:
    """A version that an office is to offer. `sha256` is the package's own (docs/protocol.md)."""

    id: str
    version: str
    name: str
    name_en: str
    department: str
    sha256: str
    offer: Literal["current", "pilot"]


OFFER_PURPOSE = b"lastmile/1 offer\n"
MAX_SEQUENCE = 2**53  # what JSON's numbers hold everywhere


@dataclass(frozen=True)
class Catalogue:
    """What an office is to offer, and what was called back."""

    services: tuple[Offer, ...]
    recalled: tuple[tuple[str, str], ...]

    def written(self) -> dict[str, object]:
        """The two members of docs/protocol.md section 16."""
        return {
            "services": [asdict(each) for each in self.services],
            "recalled": [{"id": id_, "version": version} for id_, version in self.recalled],
        }


@dataclass(frozen=True)
class Held:
    """What a device says of the offer it holds: its number, and SHA-256 of its content in hex."""

    sequence: int = 0
    sha256: str = ""


def release(
    session: Session,
    service: Service,
    *,
    divisions: Sequence[str] = (),
    percent: int = 0,
) -> None:
    """Offer a version to offices of divisions and to a share of all; again to widen it.

    Args:
        session: Inside a transaction.
        service: The version.
        divisions: Beginnings of division codes, such as 5301 for a city.
        percent: 0 to 100; an office that is in stays in when the share grows.
    """
    last = session.scalar(select(func.max(Release.position)).where(Release.service == service.id))
    session.merge(
        Release(
            service=service.id,
            version=service.version,
            divisions=json.dumps(sorted(divisions)),
            percent=percent,
            recalled=False,
            position=(last or 0) + 1,
        )
    )


def recall(session: Session, service_id: str, version: str) -> None:
    """Call a version back: nobody is offered it any more.

    Raises:
        Unknown: The version was never released.
    """
    row = session.get(Release, (service_id, version), with_for_update=True)
    if row is None:
        raise Unknown
    row.recalled = True


def catalogue(session: Session, services: Services, office_id: str) -> Catalogue:
    """What the office is to offer: of each service one version."""
    office = session.get_one(Office, office_id)
    rows = session.scalars(select(Release).order_by(Release.position.desc())).all()
    offers = []
    for service_id in services.ids():
        versions = services.versions(service_id)
        chosen = _choose(versions, [r for r in rows if r.service == service_id], office)
        if chosen is not None:
            offers.append(chosen)
    recalled = sorted((r.service, r.version) for r in rows if r.recalled)
    return Catalogue(tuple(offers), tuple(recalled))


def signed(
    found: Catalogue, office_id: str, held: Held, key: SigningKey, *, now_ms: int
) -> dict[str, object]:
    """The catalogue with the province's word that it is this office's, newer than what it holds.

    No clock and no store must remember the last number: the device says it.
    """
    content = found.written()
    digest = sha256(canonical(content)).hexdigest()
    offer = canonical(
        {
            "v": 1,
            "office": office_id,
            "sequence": max(now_ms, held.sequence + 1),
            "issued_at": to_rfc3339(now_ms),
            "sha256": digest,
        }
    )
    told = {
        "offer": to_b64(offer),
        "signed_by": key.kid.hex(),
        "signature": to_b64(key.sign(OFFER_PURPOSE + offer)),
    }
    return {**({} if digest == held.sha256 else content), "offer": told}


def _choose(versions: Sequence[Service], rows: Sequence[Release], office: Office) -> Offer | None:
    by_version = {service.version: service for service in versions}
    for row in rows:
        if not row.recalled and row.version in by_version and _is_meant(row, office):
            pilot = row.percent < 100
            return _offer(by_version[row.version], "pilot" if pilot else "current")
    released = {row.version for row in rows}
    rest = [s for s in versions if s.version not in released and not s.published]
    return _offer(max(rest, key=lambda service: age(service.version)), "current") if rest else None


def _is_meant(row: Release, office: Office) -> bool:
    divisions: list[str] = json.loads(row.divisions)
    if any(office.division.startswith(beginning) for beginning in divisions):
        return True
    lot = sha256(f"{row.service}\n{office.id}".encode()).digest()
    return int.from_bytes(lot[:4], "big") % 100 < row.percent


def _offer(service: Service, offer: Literal["current", "pilot"]) -> Offer:
    return Offer(
        id=service.id,
        version=service.version,
        name=service.name,
        name_en=service.name_en,
        department=service.department,
        sha256=service.sha256,
        offer=offer,
    )
