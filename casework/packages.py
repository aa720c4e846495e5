"""Packages of the province: taken over when they are genuine and can be opened, and then kept.

The store holds each version that a draft or case may be on. The province says which one this
office offers; until that one is here and opens, the one before is offered, unless it was recalled.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from casework import deadlines, fetching
from casework.errors import PackageUnusable
from casework.fetching import Packaged
from casework.office import Office
from casework.rights import needs
from forms.errors import FormError
from forms.service import load_package
from store import offices, packages, settings
from store.outbox import FOREIGN
from sync.carried import PackageWish
from sync.catalogue import Offer, OfferList, Until
from sync.errors import (
    CatalogueStale,
    OfferForged,
    OfferOld,
    PackageForged,
    PackageMissing,
    PackageUnfinished,
)

if TYPE_CHECKING:
    from sync.packages import PackageSource

log = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(hours=6)  # for code lists, and to know that what is held is the newest
LOOK_S = 120.0  # a look ends then, whatever the line does, and goes on the next time
_STATE, _TOLD, _OFFERED = "packages_state", "packages_told", "packages_offered"


@dataclass(frozen=True)
class Freshness:
    """How current the services are.

    Attributes:
        told_at: When the province last said what to offer, aware; None before it ever did.
        seen_at: When its packages were last known to be the newest, aware; None for never.
        error: Code of what went wrong with them last; "" for nothing.
        name: Of the package that was left out; "" for none.
        program: Version of a program newer than this one; "" for none.
        unfinished: Whether a look broke off, so that the next one is due at once.
    """

    told_at: datetime | None = None
    seen_at: datetime | None = None
    error: str = ""
    name: str = ""
    program: str = ""
    unfinished: bool = False


@dataclass(frozen=True)
class _Trouble:
    """What went wrong with what, and whether something is still on its way."""

    code: str = ""
    name: str = ""
    cut_off: bool = False


@needs("anybody")
def freshness(office: Office) -> Freshness:
    """How current the services are."""
    kept = _kept(office, _STATE)
    if not fetching.is_newer(kept.get("program", "")):
        kept["program"] = ""  # it has been installed since
    moments = {n: datetime.fromisoformat(kept[n]) for n in ("told_at", "seen_at") if kept.get(n)}
    return Freshness(**kept | moments)


@needs("anybody")
def keep_shipped(office: Office) -> None:
    """Keep what came with this program, so that drafts on it outlive the program's next version."""
    held, told = office.store.read(packages.digests, packages.SERVICE), _told(office)
    named = {each.sha256 for each in told.offers}
    for package in office.catalogue.shipped.values():
        before = held.get((package.id, package.version))
        if before == fetching.hashes(package.files):
            continue
        if not before or fetching.digest(before) not in named:
            fetching.keep(office, packages.SERVICE, package.id, package.version, package.files)


@needs("anybody")
def offer(office: Office) -> None:
    """Put the kept versions and lists into the catalogue; after each sign-in and each look."""
    catalogue, read = office.catalogue, office.store.read
    for (service, version), hashes in read(packages.digests, packages.SERVICE).items():
        held = catalogue.holds(service, version)
        if held and fetching.hashes(catalogue.get(service, version).files) == hashes:
            continue
        files = read(packages.files, packages.SERVICE, service, version)
        try:
            catalogue.add(load_package(files), listed=False)
        except FormError as error:  # from another version of this program, or not whole
            log.warning("package %s %s left aside: %s", service, version, error.code)
    for name, version in read(packages.digests, packages.LIST):
        catalogue.use_lists(read(packages.files, packages.LIST, name, version))
    deadlines.recount(office)
    told = _told(office)
    if _kept(office, _TOLD):
        chosen = _chosen(office, told)
        pilots = (e.id for e in told.offers if e.pilot and chosen.get(e.id) == e.version)
        catalogue.offer(chosen, pilots, keep=FOREIGN)
        _put(office, _OFFERED, chosen)


@needs("send")
def update(
    office: Office,
    province: Packaged,
    *,
    stopped: Callable[[], bool] = lambda: False,
    limit_s: float = LOOK_S,
    sparing: bool = False,
    at: datetime | None = None,
) -> None:
    """Ask what to offer and bring what is missing; slow, not for the GUI thread. One at a time.

    Args:
        office: The office.
        province: Its province.
        stopped: Asked now and then; True ends it, to go on another time.
        limit_s: Seconds after which it ends likewise.
        sparing: Only ask; packages wait for a link that costs nothing, or a quieter hour.
        at: When the province told all there is, aware, where a stick brought it; None for now. A
            stick that was overtaken meanwhile changes nothing.

    Nothing that is held is lost by it: a package that is not genuine or cannot be opened is left
    out, and what is offered stays where the province's word on it is not proven; `freshness` says
    so.

    Raises:
        SyncError: The province does not answer.
        store.errors.StoreError: No room.
    """
    end = time.monotonic() + limit_s
    with office.catalogue.updating:
        state = _ask(office, province, by_stick=at is not None)
        offer(office)
        if state is None:
            return
        missing = _missing(office)
        late = state.seen_at is None or office.now() - state.seen_at > LOOK_AGAIN
        if at or (not sparing and (missing or late or state.error or state.unfinished)):
            over: Until = lambda: stopped() or time.monotonic() > end  # noqa: E731
            state = replace(state, unfinished=True)
            _put_state(office, state)
            try:
                _put_state(office, _look(office, province, state, missing, over, at))
            finally:
                offer(office)


@needs("send")
def wish(office: Office) -> PackageWish:
    """What a stick says that is held here, and asks for."""
    told, read = _told(office), office.store.read
    versions = read(packages.digests, packages.SERVICE).values()
    return PackageWish(
        held=told.sequence,
        holds=told.sha256,
        metadata=fetching.metadata_held(office),
        whole=tuple(bytes.fromhex(fetching.digest(listed)) for listed in versions),
        files=tuple(sorted(read(packages.files_held))),
        wanted=tuple(key for key, known in _missing(office).items() if known is None),
        lists=tuple(office.catalogue.lists),
        program=sys.platform,
    )


def _ask(office: Office, province: Packaged, *, by_stick: bool) -> Freshness | None:
    """Ask what to offer; how current all is then, or None where nothing more is to be done."""
    try:
        told = province.offers(office.store.read(offices.current).id, _told(office))
    except (OfferForged, OfferOld) as error:
        if not (by_stick and isinstance(error, OfferOld)):
            _put_state(office, replace(freshness(office), error=error.code, name=""))
        return None
    state = _hear(office, told)
    _put_state(office, state)
    return state


def _hear(office: Office, told: OfferList) -> Freshness:
    """Keep what the province told; how current all is then."""
    _put(office, _TOLD, _written(told))
    state, now = freshness(office), office.now()
    at = min(now, told.issued_at.astimezone(now.tzinfo)) if told.issued_at else now
    refused = state.error in (OfferForged.code, OfferOld.code)
    return replace(state, told_at=at, error="" if refused else state.error)


def _look(
    office: Office,
    province: Packaged,
    state: Freshness,
    missing: Mapping[tuple[str, str], Offer | None],
    until: Until,
    at: datetime | None,
) -> Freshness:
    """Bring what is missing; how current all is then."""
    try:
        with fetching.looking(office, province, until) as source:
            if source is None:
                return replace(state, seen_at=None, error="", name="", unfinished=False)
            seen_at = at or office.now()
            trouble = _bring_all(office, source, missing, until)
            if trouble.cut_off:
                return state
            program = fetching.newer_program(office, source)
            if not trouble.code:
                fetching.tidy(office, source, program)
    except (CatalogueStale, PackageForged, PackageMissing) as error:
        return replace(state, error=error.code, name="", unfinished=False)
    except PackageUnfinished:
        return state
    return replace(
        state,
        seen_at=seen_at,
        error=trouble.code,
        name=trouble.name,
        program=program.version if program else "",
        unfinished=False,
    )


def _bring_all(
    office: Office,
    source: PackageSource,
    missing: Mapping[tuple[str, str], Offer | None],
    until: Until,
) -> _Trouble:
    """Bring each service and list; what went wrong with the last one that did."""
    found = _Trouble()
    lists = [(each, partial(fetching.bring_list, name=each)) for each in office.catalogue.lists]
    services = [
        (key[0], partial(fetching.bring_service, service=key[0], version=key[1], wanted=wanted))
        for key, wanted in missing.items()
    ]
    for name, bring in (*services, *lists):
        try:
            bring(office, source)
        except (PackageForged, PackageMissing, PackageUnusable) as error:
            found = replace(found, code=error.code, name=name)
        except PackageUnfinished:  # a stick may hold the others whole
            found = replace(found, cut_off=True)
            if until():
                break
    return found


def _missing(office: Office) -> dict[tuple[str, str], Offer | None]:
    """What is offered or used here, and not held as the province has it."""
    used = office.store.read(packages.in_use)
    wanted: dict[tuple[str, str], Offer | None] = {
        key: None for key in sorted(used) if not key[0].startswith(FOREIGN)
    }
    catalogue = office.catalogue
    wanted |= dict.fromkeys(catalogue.lacking())
    wanted |= {(each.id, each.version): each for each in _told(office).offers}
    return {
        key: wish
        for key, wish in wanted.items()
        if not catalogue.holds(*key)
        or (wish and wish.sha256 != fetching.digest(fetching.hashes(catalogue.get(*key).files)))
    }


def _chosen(office: Office, told: OfferList) -> dict[str, str]:
    """Version by service: the one told; until it is here the one before, or what shipped."""
    before: dict[str, str] = _kept(office, _OFFERED)
    shipped = {service: each.version for service, each in office.catalogue.shipped.items()}
    chosen = {}
    for each in told.offers:
        for version in (each.version, before.get(each.id, ""), shipped.get(each.id, "")):
            recalled = (each.id, version) in told.recalled
            if office.catalogue.holds(each.id, version) and not recalled:
                chosen[each.id] = version
                break
    return chosen


def _told(office: Office) -> OfferList:
    kept = _kept(office, _TOLD)
    return OfferList(
        tuple(Offer(**each) for each in kept.get("offers", ())),
        frozenset((service, version) for service, version in kept.get("recalled", ())),
        kept.get("sequence", 0),
        kept.get("sha256", ""),
    )


def _written(told: OfferList) -> dict[str, Any]:
    return {
        "offers": [asdict(each) for each in told.offers],
        "recalled": sorted(told.recalled),
        "sequence": told.sequence,
        "sha256": told.sha256,
    }


def _put_state(office: Office, state: Freshness) -> None:
    moments = {n: v.isoformat() for n, v in asdict(state).items() if isinstance(v, datetime)}
    _put(office, _STATE, asdict(state) | moments)


def _kept(office: Office, name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(office.store.read(settings.get, name) or b"{}")
    return kept


def _put(office: Office, name: str, value: Mapping[str, Any]) -> None:
    if _kept(office, name) != value:
        data = json.dumps(value, ensure_ascii=False).encode()
        office.store.writer.submit(settings.put, name, data).result()
