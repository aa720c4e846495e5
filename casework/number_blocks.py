"""Leasing numbers for cases and certificates, over the network or by stick (protocol section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework import link
from casework.errors import CaseworkError
from casework.office import Office
from casework.rights import needs
from store import issuing, numbering, numbers
from store.views import BlockView, CaseRow
from sync.errors import LeaseBehind, SyncError
from sync.provider import HomeProvince
from sync.relay import BlockWish
from sync.wire import NumberBlock, read_block

SIZES = {numbering.KIND: numbering.BLOCK, issuing.KIND: 100}  # of a block, by its kind


@needs("send")
def lease_first(office: Office) -> None:
    """Get numbers right after enrolment; where that fails, the next round asks again."""
    home = link.provider(office.store)
    try:
        top_up(office, home)
    except (SyncError, CaseworkError):
        pass  # connected all the same
    finally:
        home.close()


@needs("send")
def top_up(office: Office, home: HomeProvince) -> int:
    """Lease numbers of each kind of which less than a fifth of a block is left.

    Returns how many case numbers are left.

    Where the province has leased blocks that this store does not know of, the store is older than
    what it has done: it then uses none of its blocks any more and asks for a new one at once.

    Raises:
        SyncError: The province cannot be asked.
    """
    if home.lease_epoch > office.store.read(numbering.known_epoch):
        office.store.writer.submit(numbering.heard, home.lease_epoch, office.now()).result()
    while wanted := wish(office):
        try:
            _keep(office, home.lease(wanted.id, wanted.kind, wanted.size, wanted.epoch))
        except LeaseBehind as behind:
            epoch = int(behind.fields["epoch"])
            if epoch <= wanted.epoch:
                raise  # it contradicts itself; asking again would never end
            _fell_behind(office, epoch)
    return office.store.read(numbers.left, numbering.KIND)


@needs("anybody")
def left(office: Office) -> int:
    """How many case numbers are left."""
    return office.store.read(numbers.left, numbering.KIND)


def is_provisional(row: CaseRow) -> bool:
    """Whether the province will give the case another number."""
    return numbering.is_provisional(row)


@needs("send")
def wish(office: Office) -> BlockWish | None:
    """The block to ask for now; None while enough numbers are left."""
    for kind, size in SIZES.items():
        if kind == issuing.KIND and not _issues(office):
            continue
        if office.store.read(numbers.left, kind) < size // 5:
            return _asked(office, kind)
    return None


def _issues(office: Office) -> bool:
    """Whether the office decides anything itself."""
    here = office.division
    return any(package.decision.lies_with(here) for package in office.catalogue.all())


def _asked(office: Office, kind: str) -> BlockWish:
    asked = office.store.writer.submit(numbering.ask, office.new_id(), kind).result()
    block, under_way, epoch = asked  # the kind may be another, whose answer was lost
    return BlockWish(block, under_way, SIZES[under_way], epoch)


@needs("relay_carry")
def take_in(office: Office, got: Mapping[str, Any]) -> None:
    """Take in what a stick brought for a wish: the block, or that this store is too old for it.

    Raises:
        Unexpected: Neither.
    """
    if got.get("refused") == "lease-epoch":
        if str(_asked(office, numbering.KIND).id) == got.get("id"):
            _fell_behind(office, int(got.get("epoch", 0)))
        return
    _keep(office, read_block(got))


def _keep(office: Office, block: NumberBlock) -> None:
    view = BlockView(
        block.id, block.kind, block.prefix, block.first, block.last, block.first, block.epoch
    )
    office.store.writer.submit(numbering.keep, view).result()


def _fell_behind(office: Office, epoch: int) -> None:
    office.store.writer.submit(numbering.fell_behind, epoch, office.now()).result()
