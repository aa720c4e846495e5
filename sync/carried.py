"""Packages by stick: what a device asks for and what comes back (docs/protocol.md section 12).

What comes is judged as if it had come over the line, so nobody who carries it need be trusted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.catalogue import OfferList, Until, read_offers, read_root
from sync.errors import PackageUnfinished
from sync.http import Answer

if TYPE_CHECKING:
    from sync.packages import PackageSource

STAMP = "metadata/timestamp.json"
A_ROOT = re.compile(r"/repository/metadata/\d+\.root\.json")


@dataclass(frozen=True)
class PackageWish:
    """What a device holds and wants of packages.

    Attributes:
        held: The offer that it holds, and its SHA-256 in hex.
        holds: See `held`.
        metadata: Versions of the repository's metadata by role; 0 or left out for none.
        whole: What each package that it holds whole is known by.
        files: SHA-256 of files that it holds.
        wanted: Services and versions that drafts or cases are on and that are not here.
        lists: Names of code lists.
        program: Kind of computer.
    """

    held: int
    holds: str
    metadata: Mapping[str, int]
    whole: tuple[bytes, ...]
    files: tuple[bytes, ...]
    wanted: tuple[tuple[str, str], ...]
    lists: tuple[str, ...]
    program: str

    def written(self) -> dict[str, Any]:
        """The member `packages` of a bundle."""
        return {
            "held": self.held,
            "holds": self.holds,
            "metadata": dict(self.metadata),
            "whole": list(self.whole),
            "files": list(self.files),
            "wanted": [{"id": service, "version": version} for service, version in self.wanted],
            "lists": list(self.lists),
            "program": self.program,
        }


@dataclass(frozen=True)
class PackagesTold:
    """What came back; nothing of it is proven yet.

    Attributes:
        catalogue: The body of section 16.
        repository: The root to begin with, as section 18 tells it; None where one is held.
        files: Metadata, manifests and files by their paths below `/repository`.
    """

    catalogue: Mapping[str, Any]
    repository: object = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def read_packages(told: Mapping[str, Any] | None) -> PackagesTold | None:
    """The member `packages` of an answer; None for none.

    Raises:
        TypeError, ValueError, KeyError, AttributeError: It is not what section 12 says.
    """
    if told is None:
        return None
    files = {str(path): bytes(memoryview(content)) for path, content in told["files"].items()}
    return PackagesTold(dict(told["catalogue"]), told.get("repository"), files)


class CarriedProvince:
    """The province as a stick tells it: a `casework.fetching.Packaged` without a line.

    Args:
        told: What came back.
        keys: The province's keys by kid in hex.
        at: When the province wrote it, aware; signatures must have held then.
    """

    def __init__(self, told: PackagesTold, keys: Mapping[str, bytes], at: datetime) -> None:
        self._told, self._keys, self._at = told, keys, at

    def offers(self, office: str, held: OfferList) -> OfferList:
        """What this office is to offer; the one held too, for an answer that was cut off here.

        Raises:
            OfferForged, OfferOld: As `sync.catalogue.read_offers`.
        """
        last = replace(held, sequence=held.sequence - 1)
        return read_offers(self._told.catalogue, self._keys, office=office, held=last)

    def repository_root(self) -> bytes | None:
        """The root to believe at first; None where none came or none is proven."""
        return read_root(self._told.repository, self._keys)

    def packages(
        self, root: bytes, known: Mapping[str, bytes], parts: Path, until: Until
    ) -> PackageSource:
        """A look at what came of the repository."""
        from sync.packages import PackageSource  # noqa: PLC0415 - python-tuf, when first needed

        files = dict(self._told.files)
        if stamp := files.get(STAMP):
            files[STAMP] = newest_stamp(stamp, known)
        return PackageSource(_Shelf(files), root, known, parts, until, at=self._at)


def newest_stamp(brought: bytes, known: Mapping[str, bytes]) -> bytes:
    """The timestamp that a stick brought; the one held where a line or a stick was quicker.

    Neither is believed by it: an older one is no attack on a stick, only of no use any more.
    """
    held = known.get("timestamp.json", b"")
    try:
        older = held and _version(brought) < _version(held)
    except (ValueError, KeyError, TypeError, RecursionError):
        return brought  # and is refused by whoever judges it
    return held if older else brought


def _version(metadata: bytes) -> int:
    return int(json.loads(metadata)["signed"]["version"])


class _Shelf:
    """What came, in the place of a link."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    @contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str]
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """As `sync.http.Link.stream`.

        Raises:
            PackageUnfinished: It comes with a later stick.
        """
        del headers  # always from the beginning
        content = self._files.get(path.removeprefix("/repository/"))
        if content is None and not A_ROOT.fullmatch(path):
            raise PackageUnfinished
        yield Answer(404 if content is None else 200, {}, b""), iter([content or b""])
