"""Bringing packages from the province's repository: verified, opened once, then kept whole.

Each file is kept as it comes, so a look that was cut off goes on where it stopped, and a newer
version brings only the files that changed.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from casework import stick, workdays
from casework.errors import PackageUnusable, StickFailed
from casework.office import Office
from casework.rights import needs
from forms.bundle import Bundle
from forms.errors import FormError
from forms.service import load_package
from store import packages, settings
from sync.catalogue import Offer, OfferList, Until, newer
from sync.errors import PackageForged, PackageMissing

if TYPE_CHECKING:
    from sync.packages import Entry, Manifest, PackageSource

log = logging.getLogger(__name__)
_ROOT, _KNOWN = "packages_root", "packages_metadata"
UNTRUSTED = {_ROOT: b"", _KNOWN: b""}  # after an enrolment: the next look asks for a root


class Published(Protocol):
    """What publishes packages: a province, or what a stick carries of it."""

    def repository_root(self) -> bytes | None:
        """The root to believe at first; None where nothing is published."""
        ...

    def packages(
        self, root: bytes, known: Mapping[str, bytes], parts: Path, until: Until
    ) -> PackageSource:
        """A look at the repository."""
        ...


@runtime_checkable
class Packaged(Published, Protocol):
    """A province that says what to offer, and publishes packages."""

    def offers(self, office: str, held: OfferList) -> OfferList:
        """What this office is to offer, newer than what it holds."""
        ...


@needs("send")
@contextmanager
def looking(office: Office, province: Published, until: Until) -> Iterator[PackageSource | None]:
    """A look at the repository with its newest metadata; None where nothing is published.

    The root believed first and all metadata verified since lie in the store, so nobody who can
    write to the disk brings back an older state.

    Raises:
        SyncError: As `sync.packages.PackageSource.look`.
    """
    root = office.store.read(settings.get, _ROOT)
    if not root:
        root = province.repository_root()
        if root is None:
            yield None
            return
        office.store.writer.submit(settings.put, _ROOT, root).result()
    kept = json.loads(office.store.read(settings.get, _KNOWN) or b"{}")
    known = {name: b64decode(text) for name, text in kept.items()}
    source = province.packages(root, known, office.store.folder / "packages", until)
    try:
        with source.look():
            yield source
    finally:
        if source.known != known:
            text = {name: b64encode(content).decode() for name, content in source.known.items()}
            data = json.dumps(text).encode()
            office.store.writer.submit(settings.put, _KNOWN, data).result()


@needs("send")
def metadata_held(office: Office) -> dict[str, int]:
    """Versions of the repository's metadata that were verified here, by role."""
    read = office.store.read
    kept: dict[str, str] = json.loads(read(settings.get, _KNOWN) or b"{}")
    found = {"root": _version(read(settings.get, _ROOT) or b"")}
    for name, text in kept.items():
        role = Path(name).name.removesuffix(".json").rpartition(".")[2]
        found[role] = max(found.get(role, 0), _version(b64decode(text)))
    return found


@needs("send")
def bring_service(
    office: Office, source: PackageSource, service: str, version: str, wanted: Offer | None
) -> None:
    """Bring one version of a service, open its form once, and keep it.

    Args:
        office: The office.
        source: Inside a look.
        service: Its id.
        version: The version.
        wanted: What the province says of it; None for one that only drafts or cases are on.

    Raises:
        PackageMissing: It is not published.
        PackageForged: It is not what the province's keys, or its list, say.
        PackageUnusable: This program cannot open it.
        SyncError: No answer, or no time left.
    """
    manifest = source.manifest("service", service, version)
    if manifest is None:
        raise PackageMissing
    files = _bring(office, source, manifest)
    if wanted is not None and wanted.sha256 != digest(hashes(files)):
        raise PackageForged
    try:
        package = load_package(files)
        if package.bundle is None:
            package.open_form(office.catalogue.lists)
    except FormError as error:
        log.warning("package %s %s cannot be used: %s", service, version, error.code)
        raise PackageUnusable(name=service) from None
    if (package.id, package.version) != (service, version):
        raise PackageForged
    if package.bundle is not None:
        _bring_parts(office, source, package.bundle)
    keep(office, packages.SERVICE, service, version, files)


def _bring_parts(office: Office, source: PackageSource, bundle: Bundle) -> None:
    """What a bundle is made of comes before the bundle is kept; no part is a bundle itself."""
    for part in bundle.parts:
        if office.catalogue.holds(part.service, part.version):
            continue
        manifest = source.manifest("service", part.service, part.version)
        if manifest is not None and "form.xlsx" not in {each.path for each in manifest.files}:
            raise PackageUnusable(name=part.service)
        bring_service(office, source, part.service, part.version, None)


@needs("send")
def bring_list(office: Office, source: PackageSource, name: str) -> None:
    """Bring a code list where a newer version than the one held is published.

    Raises:
        PackageForged, SyncError: As `bring_service`.
        PackageUnusable: It lacks columns that the one in use has, or holds no working days.
    """
    manifest = source.manifest("codelist", name)
    held = [v for each, v in office.store.read(packages.digests, packages.LIST) if each == name]
    if manifest is None or (held and not newer(manifest.version, held[-1])):
        return
    files = _bring(office, source, manifest)
    if set(files) != {name}:
        raise PackageForged
    if not _columns(office.catalogue.lists[name]) <= _columns(files[name]):
        raise PackageUnusable(name=name)
    if name == workdays.LIST:
        workdays.load_calendar(files[name])
    keep(office, packages.LIST, name, manifest.version, files)


def is_newer(version: str) -> bool:
    """Whether a version is newer than this program."""
    return bool(version) and newer(version, version_of("lastmile"))


@needs("send")
def newer_program(office: Office, source: PackageSource) -> Manifest | None:
    """The program that is published for this kind of computer, where it is newer than this one."""
    del office
    manifest = source.manifest("program", sys.platform)
    if manifest is None or not is_newer(manifest.version):
        return None
    installer(manifest)
    return manifest


def installer(manifest: Manifest) -> Entry:
    """The one file of a program.

    Raises:
        PackageForged: It has others, or is not stored as it is.
    """
    entry = manifest.files[0]
    as_it_is = entry.blob == entry.sha256 and entry.stored == entry.size and not entry.packed
    if len(manifest.files) != 1 or "/" in entry.path or not as_it_is:
        raise PackageForged
    return entry


@needs("enrol")
def download_program(office: Office, source: PackageSource, to: Path) -> Path | None:
    """Download the newer program, verified, into a folder; None where there is none.

    Raises:
        PackageForged, SyncError: As `bring_service`.
        StickFull, StickFailed: No room, or no right to write there.
        store.errors.StoreError: No room in the profile.
    """
    manifest = newer_program(office, source)
    if manifest is None:
        return None
    entry = installer(manifest)
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StickFailed from None
    path = to / entry.path
    stick.need(to, entry.size - stick.begun(path))
    part = source.fetch(entry)
    stick.copy(part, path, entry.sha256)
    part.unlink()
    return path


@needs("send")
def tidy(office: Office, source: PackageSource, program: Manifest | None) -> None:
    """Once all is here: let go of downloads and files of versions that nobody wants any more."""
    source.tidy([entry.blob for entry in program.files] if program else [])
    if office.store.read(packages.left_over):
        office.store.writer.submit(packages.drop_left_over).result()


@needs("anybody")
def keep(office: Office, kind: str, name: str, version: str, files: Mapping[str, bytes]) -> None:
    """Keep a version, in one transaction."""
    office.store.writer.submit(packages.put, kind, name, version, files, office.now()).result()


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file in hex, by path."""
    return {path: sha256(content).hexdigest() for path, content in files.items()}


def digest(listed: Mapping[str, str]) -> str:
    """What a package is known by, of the hashes of its files (docs/protocol.md section 16)."""
    lines = (f"{listed[path]} {path}\n" for path in sorted(listed))
    return sha256("".join(lines).encode()).hexdigest()


def _version(metadata: bytes) -> int:
    return int(json.loads(metadata)["signed"]["version"]) if metadata else 0


def _bring(office: Office, source: PackageSource, manifest: Manifest) -> dict[str, bytes]:
    wanted = {bytes.fromhex(entry.sha256) for entry in manifest.files}
    found = office.store.read(packages.files_by_hash, wanted)
    for entry in manifest.files:
        key = bytes.fromhex(entry.sha256)
        if key not in found:
            found[key] = source.read(entry)
            office.store.writer.submit(packages.put_files, (found[key],)).result()
    return {entry.path: found[bytes.fromhex(entry.sha256)] for entry in manifest.files}


def _columns(data: bytes) -> set[str]:
    try:
        first = data.decode("utf-8-sig").partition("\n")[0]
    except UnicodeDecodeError:
        return set()
    return set(next(csv.reader(io.StringIO(first)), ()))
