"""Signed packages: a look at the province's repository with python-tuf (docs/protocol.md 18).

python-tuf judges the metadata; here are the way over our link, downloads that go on where they
broke off, and the limits of what is taken. Nothing leaves this module unverified.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from store.files import as_store_error
from sync.catalogue import Until
from sync.errors import CatalogueStale, PackageForged, PackageMissing, PackageUnfinished
from sync.http import Answer
from sync.problems import to_error

MOST_MANIFEST = 256 * 1024
MOST_FILE = 16 * 1024 * 1024
MOST_PACKAGE = 64 * 1024 * 1024
MOST_PROGRAM = 2 * 1024**3
MOST_ROOT = 512_000
MOST_FILES = 500
PATHS = {
    "service": "services/{id}/{version}.json",
    "codelist": "codelists/{id}.json",
    "program": "program/{id}.json",
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HASH = re.compile(r"[0-9a-f]{64}")
_BLOB = "/repository/targets/files/{}"
_DESK = "look-"
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A file of a manifest: `sha256` and `size` of itself, `blob` and `stored` of what is stored.

    Attributes:
        packed: Whether what is stored is zlib's.
    """

    path: str
    sha256: str
    size: int
    blob: str
    stored: int
    packed: bool


@dataclass(frozen=True)
class Manifest:
    """One version of a package, list or program."""

    kind: str
    id: str
    version: str
    files: tuple[Entry, ...]


class Way(Protocol):
    """How the repository's files come: `sync.http.Link`, or a stick."""

    def stream(
        self, path: str, headers: Mapping[str, str]
    ) -> AbstractContextManager[tuple[Answer, Iterator[bytes]]]:
        """As `sync.http.Link.stream`."""
        ...


class PackageSource:
    """One look at the repository; used by one thread.

    Args:
        link: To the province.
        root: The root that was believed at first.
        known: Metadata of the last look, by name.
        parts: Folder for downloads under way.
        until: See `sync.catalogue.Until`.
        at: When the province told all this, aware; None for now. Signatures must hold then.
    """

    def __init__(
        self,
        link: Way,
        root: bytes,
        known: Mapping[str, bytes],
        parts: Path,
        until: Until,
        *,
        at: datetime | None = None,
    ) -> None:
        self.at = at
        self._parts = parts
        self._fetcher = _Fetcher(link, parts, until)
        self._root = root
        self.known = dict(known)
        self._looking: Updater | None = None
        self._folder = parts

    @contextmanager
    def look(self) -> Iterator[None]:
        """Learn the newest metadata; inside, manifests and files can be read.

        `known` holds afterwards what to keep for the next look, also where this one failed: what
        stands there has been verified.

        Raises:
            CatalogueStale: The signatures are over.
            PackageForged: They do not hold, or are older than those known.
            SyncError: No answer, or no time left.
        """
        with self._judged(), self._desk() as folder:
            _lay_down(folder, self.known)
            self._folder = folder
            try:
                self._looking = self._surely(lambda: self._refreshed(folder))
                yield
            finally:
                self._looking = None
                self.known = _take_up(folder)

    def manifest(self, kind: str, name: str, version: str = "") -> Manifest | None:
        """The manifest of a service's version, or the newest of a list or program; None for none.

        Raises:
            PackageForged: It does not hold.
            SyncError: No answer, or no time left.
        """
        found = self.written(kind, name, version)
        if found is None:
            return None
        manifest = read_manifest(found[1], kind, name)
        if version and manifest.version != version:
            raise PackageForged
        return manifest

    def written(self, kind: str, name: str, version: str = "") -> tuple[str, bytes] | None:
        """The path of a manifest below `/repository`, and its bytes; None for none.

        Raises:
            As `manifest`.
        """
        assert self._looking is not None
        if not all(NAME.fullmatch(each) for each in (name, version or "0")):
            return None
        updater, path = self._looking, PATHS[kind].format(id=name, version=version)
        with self._judged():
            target = self._surely(lambda: updater.get_targetinfo(path))
            if target is None:
                return None
            content = self._small(updater, target)
        folder, _, leaf = path.rpartition("/")
        return f"targets/{folder}/{target.hashes['sha256']}.{leaf}", content

    def learn_all(self) -> None:
        """Learn the metadata of all roles, not only of those asked for.

        Raises:
            As `manifest`.
        """
        assert self._looking is not None
        updater = self._looking
        with self._judged():
            for each in PATHS.values():
                self._surely(partial(updater.get_targetinfo, each.format(id="-", version="-")))

    def metadata(self) -> dict[str, bytes]:
        """All metadata of this look by their paths below `/repository`, for others to judge.

        Roots from before the one believed at first are not judged here.

        Raises:
            As `manifest`.
        """
        self.learn_all()
        with self._judged():
            known = _take_up(self._folder)
            first = min(_number(data) for name, data in known.items() if "root" in name)
            for number in range(1, first):
                url = f"http://repository/metadata/{number}.root.json"
                ask = partial(self._fetcher.download_bytes, url, MOST_ROOT)
                known[f"{number}.root.json"] = self._surely(ask)
        return {f"metadata/{_published(name, data)}": data for name, data in known.items()}

    def read(self, entry: Entry) -> bytes:
        """A file of a manifest, verified.

        Raises:
            PackageForged: It does not hold.
            SyncError: No answer, or no time left.
        """
        part = self.fetch(entry)
        with self._judged():
            data = part.read_bytes()
            part.unlink()
        return _unpacked(entry, data)

    def fetch(self, entry: Entry) -> Path:
        """Download what is stored of a file, verified, and leave it in the folder of parts.

        Raises:
            As `read`.
        """
        with self._judged():
            return self._surely(lambda: self._fetched(entry))

    def tidy(self, keep: Collection[str]) -> None:
        """Drop what was downloaded and nobody asked for any more, but of these blobs."""
        with self._judged():
            self._fetcher.forget({_BLOB.format(blob) for blob in keep})

    def _refreshed(self, folder: Path) -> Updater:
        updater = Updater(
            str(folder),
            "http://repository/metadata/",
            target_dir=str(folder / "targets"),
            target_base_url="http://repository/targets/",
            fetcher=self._fetcher,
            bootstrap=self._root,
        )
        if self.at is not None:  # python-tuf has no other door for it
            updater._trusted_set.reference_time = self.at.astimezone(UTC)  # noqa: SLF001
        updater.refresh()
        return updater

    def _fetched(self, entry: Entry) -> Path:
        part = self._fetcher.bring(_BLOB.format(entry.blob), entry.stored)
        with part.open("rb") as file:
            digest = file_digest(file, "sha256")
        if digest.hexdigest() != entry.blob:
            part.unlink()
            raise DownloadError
        return part

    def _small(self, updater: Updater, target: TargetFile) -> bytes:
        if target.length > MOST_MANIFEST:
            raise PackageForged
        return Path(self._surely(lambda: updater.download_target(target))).read_bytes()

    def _surely(self, ask: Callable[[], T]) -> T:
        """Ask; once more from the beginning where what lay on the disk may have been damaged."""
        try:
            return ask()
        except (RepositoryError, DownloadError) as error:
            if not self._fetcher.went_on or isinstance(error, DownloadHTTPError):
                raise
            self._fetcher.forget()
            return ask()

    @contextmanager
    def _desk(self) -> Iterator[Path]:
        """A folder for python-tuf; what a killed process left of its own goes."""
        self._parts.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._parts.glob(f"{_DESK}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix=_DESK, dir=self._parts, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)

    @contextmanager
    def _judged(self) -> Iterator[None]:
        try:
            yield
        except ExpiredMetadataError:
            raise CatalogueStale from None
        except DownloadHTTPError:
            raise PackageMissing from None
        except (RepositoryError, DownloadError):
            self._fetcher.forget()
            raise PackageForged from None
        except OSError as error:
            raise as_store_error(error) from None
        finally:
            self._fetcher.stop()


class _Fetcher(FetcherInterface):
    """python-tuf's downloads over our link. What has a lasting name goes on where it broke off."""

    def __init__(self, link: Way, parts: Path, until: Until) -> None:
        self._link, self._parts, self._until = link, parts, until
        self._going: Generator[bytes] | None = None
        self.went_on = False  # from what lay on the disk

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.stop()
        self._going = self._read(url)
        return self._going

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """As python-tuf's own, in memory: a killed process leaves no file of a strange name."""
        whole = io.BytesIO()
        for piece in self.fetch(url):
            whole.write(piece)
            if whole.tell() > max_length:
                raise DownloadLengthMismatchError
        whole.seek(0)
        yield whole

    def _read(self, url: str) -> Generator[bytes]:
        path = "/repository" + urlsplit(url).path
        if path.endswith("/timestamp.json"):
            yield from self._network(path, 0)
            return
        part = self._part(path)
        if part.is_file():
            self.went_on = True
            yield part.read_bytes()
        yield from self._to_part(path, part)
        part.unlink(missing_ok=True)

    def bring(self, path: str, size: int) -> Path:
        """Download a file of exactly `size` bytes; where it lies."""
        part = self._part(path)
        part.touch()
        got = part.stat().st_size
        self.went_on = got > 0
        if got < size:
            with closing(self._to_part(path, part)) as pieces:
                for piece in pieces:
                    got += len(piece)
                    if got > size:
                        break
        if got != size:
            part.unlink()
            raise DownloadError
        return part

    def stop(self) -> None:
        """Hang up on what python-tuf has not read to its end."""
        if self._going is not None:
            self._going.close()
            self._going = None

    def forget(self, keep: Collection[str] = ()) -> None:
        """Drop what was downloaded, but of these paths."""
        self.stop()
        self.went_on = False
        kept = {self._part(path) for path in keep}
        for part in set(self._parts.glob("*.part")) - kept:
            part.unlink()

    def _part(self, path: str) -> Path:
        return self._parts / f"{sha256(path.encode()).hexdigest()[:32]}.part"

    def _to_part(self, path: str, part: Path) -> Generator[bytes]:
        begin = part.stat().st_size if part.is_file() else 0
        with closing(self._network(path, begin)) as pieces:
            for piece in pieces:
                with part.open("ab") as file:
                    file.write(piece)
                yield piece

    def _network(self, path: str, begin: int) -> Generator[bytes]:
        headers = {"Range": f"bytes={begin}-"} if begin else {}
        with self._link.stream(path, headers) as (answer, pieces):
            if answer.status in (403, 404):
                raise DownloadHTTPError(str(answer.status), answer.status)
            if answer.status == 416:  # whole already, or not what was begun
                return
            if answer.status not in (200, 206):
                raise to_error(answer)
            skip = begin if answer.status == 200 else 0
            for piece in pieces:
                if self._until():
                    raise PackageUnfinished
                rest, skip = piece[skip:], max(0, skip - len(piece))
                if rest:
                    yield rest


def read_manifest(data: bytes, kind: str, name: str) -> Manifest:
    """A manifest of what was asked for, within its limits.

    Raises:
        PackageForged: It is none.
    """
    try:
        got: dict[str, Any] = json.loads(data)
        files = tuple(_entry(path, facts) for path, facts in got["files"].items())
        made = Manifest(str(got["kind"]), str(got["id"]), str(got["version"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PackageForged from None
    limit, most = (MOST_PROGRAM,) * 2 if kind == "program" else (MOST_FILE, MOST_PACKAGE)
    sizes = [max(entry.size, entry.stored) for entry in files]
    fits = 0 < len(files) <= MOST_FILES and max(sizes) <= limit and sum(sizes) <= most
    if not (fits and (made.kind, made.id) == (kind, name) and NAME.fullmatch(made.version)):
        raise PackageForged
    return made


def _entry(path: str, facts: dict[str, Any]) -> Entry:
    entry = Entry(
        path=path,
        sha256=str(facts["sha256"]),
        size=int(facts["size"]),
        blob=str(facts["blob"]),
        stored=int(facts["bytes"]),
        packed=facts.get("coding", "") == "zlib",
    )
    hashes = _HASH.fullmatch(entry.sha256) and _HASH.fullmatch(entry.blob)
    seemly = path.isprintable() and not set("\\:") & set(path) and len(path) <= 200
    inside = all(part not in ("", ".", "..") for part in path.split("/"))
    if not (hashes and seemly and inside) or min(entry.size, entry.stored) < 0:
        raise ValueError
    return entry


def _unpacked(entry: Entry, data: bytes) -> bytes:
    if entry.packed:
        reader = zlib.decompressobj()
        try:
            data = reader.decompress(data, entry.size + 1)
        except zlib.error:
            raise PackageForged from None
    if len(data) != entry.size or sha256(data).hexdigest() != entry.sha256:
        raise PackageForged
    return data


def _lay_down(folder: Path, known: Mapping[str, bytes]) -> None:
    for name, content in known.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def _take_up(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in [*folder.glob("*.json"), *folder.glob("root_history/*.json")]:
        if path.name != "root.json":  # leads to one of the history
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _number(metadata: bytes) -> int:
    return int(json.loads(metadata)["signed"]["version"])


def _published(name: str, content: bytes) -> str:
    """The name under which the province publishes what is kept as `name`."""
    leaf = name.removeprefix("root_history/")
    if leaf == "timestamp.json" or leaf.endswith(".root.json"):
        return leaf
    return f"{_number(content)}.{leaf}"
