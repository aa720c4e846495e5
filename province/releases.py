"""Pilots: which version of a service an office is offered, and how it widens or is called back.

A version that came with the province is meant for everybody; one that was published later for
nobody before its first release. A release names divisions and a share of the offices; the last
release that names an office wins there, until it is called back. Submissions under any version that
the province holds are taken, so drafts and sealed cases stay on theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from province.errors import Unknown
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


@dataclass(frozen=True)
class Catalogue:
    """What an office is to offer, and what was called back."""

    services: tuple[Offer, ...]
    recalled: tuple[tuple[str, str], ...]


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
