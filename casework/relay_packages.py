"""Services and lists that a stick brought, taken over as if they had come over the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework import link, packages
from casework.office import Office
from casework.rights import needs
from store import packages as kept
from sync.carried import CarriedProvince, PackagesTold


@dataclass(frozen=True)
class Renewed:
    """What changed by a stick.

    Attributes:
        services: Services whose version offered here is another now, or that came or went.
        lists: Code lists that are newer now.
        more: Whether the rest comes with a later answer.
    """

    services: int = 0
    lists: int = 0
    more: bool = False


@needs("relay_carry")
def take_in(office: Office, told: PackagesTold | None, at: datetime) -> Renewed:
    """Take over what is proven; an answer that was overtaken changes nothing.

    Args:
        office: The office.
        told: What the answer says of packages; None for nothing.
        at: When the province wrote it, aware.

    Raises:
        store.errors.StoreError: No room. Taking the same answer in again goes on.
    """
    if told is None:
        return Renewed()
    offered, lists = _offered(office), _lists(office)
    province = CarriedProvince(told, link.identity(office.store).keys, at)
    packages.update(office, province, at=at)
    return Renewed(
        services=len({service for service, _ in offered ^ _offered(office)}),
        lists=len({name for name, _ in lists ^ _lists(office)}),
        more=packages.freshness(office).unfinished,
    )


def _offered(office: Office) -> set[tuple[str, str]]:
    return {(each.id, each.version) for each in office.catalogue.all()}


def _lists(office: Office) -> set[tuple[str, str]]:
    return set(office.store.read(kept.digests, kept.LIST))
