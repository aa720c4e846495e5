"""Leasing case numbers, over the network or by stick (docs/protocol.md section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework import link
from casework.errors import CaseworkError
from casework.office import Office
from casework.rights import needs
from store import numbering, numbers
from store.views import BlockView
from sync.errors import LeaseBehind, SyncError
from sync.provider import HomeProvince
from sync.relay import BlockWish
from sync.wire import NumberBlock, read_block

LOW = numbering.BLOCK // 5


@needs("send")
def lease_first(office: Office) -> None:
    """Get case numbers right after enrolment; where that fails, the next round asks again."""
    home = link.provider(office.store)
    try:
        top_up(office, home)
    except (SyncError, CaseworkError):
        pass  # connected all the same
    finally:
        home.close()


@needs("send")
def top_up(office: Office, home: HomeProvince) -> int:
    """Lease case numbers when fewer than a fifth of a block is left; returns how many are left.

    Where the province has leased blocks that this store does not know of, the store is older than
    what it has done: it then uses none of its blocks any more and asks for a new one at once.

    Raises:
        SyncError: The province cannot be asked.
    """
    wanted = wish(office)
    if wanted is not None:
        try:
            _keep(office, home.lease(wanted.id, wanted.kind, wanted.size, wanted.epoch))
        except LeaseBehind as behind:
            _fell_behind(office, int(behind.fields["epoch"]))
            return top_up(office, home)
    return office.store.read(numbers.left, numbering.KIND)


@needs("send")
def wish(office: Office) -> BlockWish | None:
    """The block to ask for now; None while enough numbers are left."""
    if office.store.read(numbers.left, numbering.KIND) >= LOW:
        return None
    block, epoch = office.store.writer.submit(numbering.ask, office.new_id()).result()
    return BlockWish(block, numbering.KIND, numbering.BLOCK, epoch)


@needs("relay_carry")
def take_in(office: Office, got: Mapping[str, Any]) -> None:
    """Take in what a stick brought for a wish: the block, or that this store is too old for it.

    Raises:
        Unexpected: Neither.
    """
    if got.get("refused") == "lease-epoch":
        asked, _epoch = office.store.writer.submit(numbering.ask, office.new_id()).result()
        if str(asked) == got.get("id"):
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
