"""What the province lets this office offer (docs/protocol.md section 16)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sync.errors import OfferForged, OfferOld
from sync.signed import canonical, read_told

OFFER_PURPOSE = b"lastmile/1 offer\n"
ROOT_PURPOSE = b"lastmile/1 repository-root\n"
Until = Callable[[], bool]  # asked between pieces; True ends the look, to go on another time


@dataclass(frozen=True)
class Offer:
    """A version to offer; `sha256` in hex is the package's own."""

    id: str
    version: str
    sha256: str
    pilot: bool


@dataclass(frozen=True)
class OfferList:
    """What to offer and what was called back, as the province signed it.

    Attributes:
        sequence: Grows from one to the next; 0 for none.
        sha256: Of the content, in hex; "" for none.
        issued_at: The province's clock, aware.
    """

    offers: tuple[Offer, ...] = ()
    recalled: frozenset[tuple[str, str]] = frozenset()
    sequence: int = 0
    sha256: str = ""
    issued_at: datetime | None = None


def read_offers(
    got: object, keys: Mapping[str, bytes], *, office: str, held: OfferList
) -> OfferList:
    """The catalogue that the province told, once it is proven to be this office's and newer.

    Args:
        got: The body of section 16.
        keys: The province's keys by kid in hex.
        office: This device's office.
        held: What was told before; its content may be left out where it is the same.

    Raises:
        OfferForged: Not signed under these keys, for another office, or not what was signed.
        OfferOld: Not newer than `held`.
    """
    told = got if isinstance(got, Mapping) else {}
    signed = read_told(told.get("offer"), "offer", keys, OFFER_PURPOSE)
    if signed is None:
        raise OfferForged
    try:
        said = json.loads(signed)
        sequence, digest = int(said["sequence"]), str(said["sha256"])
        issued_at = datetime.fromisoformat(said["issued_at"])
        content = {name: told[name] for name in ("recalled", "services") if name in told}
        offers, recalled = _read(content) if content else (held.offers, held.recalled)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise OfferForged from None
    holds = sha256(canonical(content)).hexdigest() if content else held.sha256
    if said.get("office") != office or not digest or holds != digest:
        raise OfferForged
    if sequence <= held.sequence:
        raise OfferOld
    return OfferList(offers, recalled, sequence, digest, issued_at)


def _read(content: Mapping[str, Any]) -> tuple[tuple[Offer, ...], frozenset[tuple[str, str]]]:
    offers = tuple(
        Offer(str(e["id"]), str(e["version"]), str(e["sha256"]), e.get("offer") == "pilot")
        for e in content["services"]
    )
    return offers, frozenset((str(e["id"]), str(e["version"])) for e in content["recalled"])


def read_root(told: object, keys: Mapping[str, bytes]) -> bytes | None:
    """The repository's root as the province tells it, if one of its pinned keys signed it."""
    return read_told(told, "root", keys, ROOT_PURPOSE)


def newer(version: str, than: str) -> bool:
    """Whether a version is higher: numbers as numbers, words before them."""
    return _age(version) > _age(than)


def _age(version: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|[^\d.]+", version)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
