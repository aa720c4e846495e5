"""The two sides of an attack on packages: what a device remembers, and what a thief can sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tuf.api.metadata import Metadata, MetaFile, TargetFile, Timestamp

from province.shelf import timestamp_signer
from sync.http import Link
from sync.packages import PackageSource
from sync.stick import CarriedRepository
from tests.province.publisher import Publisher


class Device:
    """What a device remembers between two looks, over a line or at a stick."""

    def __init__(self, url: str, root: bytes, folder: Path, *, stick: Path | None = None) -> None:
        self.url, self.root, self.folder, self.stick = url, root, folder, stick
        self.known: Mapping[str, bytes] = {}
        self.until: Callable[[], bool] = lambda: False

    def look(self, kind: str = "service", name: str = "x", version: str = "1") -> bytes | None:
        """The only file of a package; None where it is not published."""
        link = Link(self.url, timeouts=(5, 5))
        source = PackageSource(link, self.root, self.known, self.folder, self.until)
        if self.stick is not None:
            carried = CarriedRepository(self.stick, {}, datetime.now(UTC))
            source = carried.packages(self.root, self.known, self.folder, self.until)
        try:
            with source.look():
                manifest = source.manifest(kind, name, version)
                if manifest is None:
                    return None
                if kind == "program":
                    return source.fetch(manifest.files[0]).read_bytes()
                return source.read(manifest.files[0])
        finally:
            self.known = source.known
            link.close()


class Attacker:
    """Signs with stolen keys whatever he likes into the folder that is served."""

    def __init__(self, publisher: Publisher) -> None:
        self.repository, self._publisher = publisher.repository, publisher

    def sign(self, made: Metadata, name: str, *places: str) -> None:  # type: ignore[type-arg]
        """Write metadata as `name`, signed with the keys of these places."""
        made.signatures.clear()
        for place in places:
            if place == "timestamp":
                made.sign(timestamp_signer(self._publisher.folder), append=True)
                continue
            ring = self._publisher.ring(place)
            for signer in ring.signers(ring._files):
                made.sign(signer, append=True)
        (self.repository.metadata / name).write_bytes(made.to_bytes())

    def stamp(self, snapshot: int, *places: str) -> None:
        """A new timestamp that names a snapshot."""
        stamp = self._timestamp()
        stamp.signed.version += 1
        stamp.signed.snapshot_meta = MetaFile(snapshot)
        self.sign(stamp, "timestamp.json", *places)

    def publish(self, role: str, path: str, *places: str, snapshot: str, stamp: str) -> None:
        """Put evil into a role, and what makes it visible."""
        evil = self.repository.read(role)
        data = b'{"evil":true}'
        evil.signed.targets[path] = TargetFile.from_data(path, data, ["sha256"])
        evil.signed.version += 1
        self.sign(evil, f"{evil.signed.version}.{role}.json", *places)
        made = self.repository.read("snapshot")
        made.signed.meta[f"{role}.json"] = MetaFile(evil.signed.version)
        made.signed.version += 1
        self.sign(made, f"{made.signed.version}.snapshot.json", snapshot)
        self.stamp(made.signed.version, stamp)

    def _timestamp(self) -> Metadata[Timestamp]:
        return Metadata[Timestamp].from_file(str(self.repository.metadata / "timestamp.json"))
