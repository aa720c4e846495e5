"""What the province lets this office offer (docs/protocol.md section 16)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.errors import Unexpected
from sync.http import Answer
from sync.signed import read_told

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
    """What to offer, what was called back, and the tag to ask with next time."""

    offers: tuple[Offer, ...]
    recalled: frozenset[tuple[str, str]]
    tag: str = ""


def read_offers(answer: Answer) -> OfferList:
    """The catalogue in an answer.

    Raises:
        Unexpected: It is none.
    """
    got = answer.json()
    try:
        offers = tuple(
            Offer(str(e["id"]), str(e["version"]), str(e["sha256"]), e.get("offer") == "pilot")
            for e in got["services"]
        )
        recalled = frozenset((str(e["id"]), str(e["version"])) for e in got["recalled"])
    except (KeyError, TypeError, AttributeError):
        raise Unexpected(status=answer.status) from None
    return OfferList(offers, recalled, answer.headers.get("ETag", ""))


def read_root(told: object, keys: Mapping[str, bytes]) -> bytes | None:
    """The repository's root as the province tells it, if one of its pinned keys signed it."""
    return read_told(told, "root", keys, ROOT_PURPOSE)


def newer(version: str, than: str) -> bool:
    """Whether a version is higher: numbers as numbers, words before them."""
    return _age(version) > _age(than)


def _age(version: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|[^\d.]+", version)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
