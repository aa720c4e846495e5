"""Newer programs by stick, to computers without a network (docs/protocol.md section 18).

What a stick carries is a part of the repository, for whoever trusts the same province to judge.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from casework import fetching, link, stick
from casework.errors import StickFailed
from casework.office import Office
from casework.rights import needs
from sync.carried import STAMP
from sync.errors import NotOnStick, StickUnreadable
from sync.stick import FIRST_ROOT, FOLDER, CarriedRepository

if TYPE_CHECKING:
    from sync.packages import Entry, Manifest, PackageSource

SYSTEMS = ("win32", "linux")
_FOLDERS = ("", "metadata", "targets", "targets/files", "targets/program")


class Told(fetching.Published, Protocol):
    """A province whose root others are to believe at first."""

    def announced_root(self) -> object:
        """What the province says of its root; None where it publishes none."""
        ...


@dataclass(frozen=True)
class Program:
    """A program on a stick: for which system, its version, bytes and SHA-256 in hex."""

    system: str
    version: str
    bytes: int
    sha256: str


@needs("relay_carry")
def put(
    office: Office, home: Told, folder: Path, systems: Sequence[str] = SYSTEMS
) -> tuple[Program, ...]:
    """Lay the newest programs on a stick, with all that proves them; slow, needs the network.

    What was cut off goes on the next time. The file that makes the others count, the timestamp,
    comes last, so a stick that is pulled holds what it held before, or nothing.

    Args:
        office: The office.
        home: Its province.
        folder: Of the stick.
        systems: Kinds of computers, as `sys.platform` names them.

    Returns:
        What lies on the stick now; nothing, and an untouched stick, where none is published.

    Raises:
        StickFull: There is no room; nothing was written.
        StickFailed: The stick cannot be written, or was pulled out.
        SyncError: No answer, or what came is not genuine.
        store.errors.StoreError: No room in the profile.
    """
    with fetching.looking(office, home, lambda: False) as source:
        if source is None:
            return ()
        programs, blobs, small = _wanted(source, systems)
        if not programs:
            return ()
        small |= source.metadata()
        small[FIRST_ROOT] = json.dumps(home.announced_root()).encode()
        place = _places(folder / FOLDER)
        lacking = [
            entry for path, entry in blobs.items() if not stick.is_whole(place / path, entry.blob)
        ]
        begun = sum(stick.begun(place / _blob(entry)) for entry in lacking)
        stick.need(folder, sum(entry.stored for entry in lacking) - begun)
        for entry in lacking:
            stick.copy(source.fetch(entry), place / _blob(entry), entry.blob)
    for path in sorted(small, key=lambda path: path == STAMP):
        stick.put(place / path, small[path])
    _sweep(place, {*small, *blobs})
    return programs


@needs("send")
@contextmanager
def looking(office: Office, folder: Path) -> Iterator[PackageSource | None]:
    """A look at what a stick carries, under what this office trusts; see `fetching.looking`.

    All its metadata are kept, so that answers of cases that come later on other sticks fit.

    Raises:
        NotOnStick: It carries no program, or not all that proves it.
        StickUnreadable: It cannot be read, or was pulled out.
        CatalogueStale: It is too old.
        PackageForged: It is not the province's, or was altered.
    """
    carried = CarriedRepository(folder, link.identity(office.store).keys, office.now())
    with fetching.looking(office, carried, lambda: False) as source:
        if source is not None:
            source.learn_all()
        yield source


@dataclass(frozen=True)
class Found:
    """A newer program on a stick, and when it was the newest for certain, aware."""

    manifest: Manifest
    as_of: datetime


@needs("send")
def find(office: Office, folder: Path) -> Found | None:
    """The program on a stick that is newer than this one; None where none is. Slow.

    Raises:
        NotOnStick: The province has published a newer one than lies there, or none lies there.
        As `looking`.
    """
    with looking(office, folder) as source:
        found = fetching.newer_program(office, source) if source else None
        as_of = source.at if source else None
    if found is None:
        return None
    entry = fetching.installer(found)
    try:
        there = (folder / FOLDER / _blob(entry)).stat().st_size
    except FileNotFoundError:
        there = -1
    except OSError:
        raise StickUnreadable from None
    if there != entry.stored:
        raise NotOnStick
    return Found(found, as_of or office.now())


def _wanted(
    source: PackageSource, systems: Sequence[str]
) -> tuple[tuple[Program, ...], dict[str, Entry], dict[str, bytes]]:
    """Programs, their files by path on the stick, and their manifests."""
    programs, blobs, small = list[Program](), dict[str, "Entry"](), dict[str, bytes]()
    for system in dict.fromkeys(systems):
        manifest, written = source.manifest("program", system), source.written("program", system)
        if manifest is None or written is None:
            continue
        entry = fetching.installer(manifest)
        programs.append(Program(system, manifest.version, entry.size, entry.sha256))
        blobs[_blob(entry)] = entry
        small[written[0]] = written[1]
    return tuple(programs), blobs, small


def _blob(entry: Entry) -> str:
    return f"targets/files/{entry.blob}"


def _places(place: Path) -> Path:
    """Make the folders; none of them may lead elsewhere."""
    try:
        for name in _FOLDERS:
            (place / name).mkdir(exist_ok=True)
            if (place / name).is_symlink():
                raise StickFailed
    except OSError:
        raise StickFailed from None
    return place


def _sweep(place: Path, keep: Mapping[str, object] | set[str]) -> None:
    """Files of earlier versions go."""
    try:
        for name in _FOLDERS:
            for path in (place / name).iterdir():
                if not path.is_dir() and path.relative_to(place).as_posix() not in keep:
                    path.unlink()
    except OSError:
        raise StickFailed from None
