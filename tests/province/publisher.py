"""The publisher of a province: a repository with all its keys, made in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import Key

from province.packages import read_folder
from province.repository import DELEGATED, Kind, Repository
from province.repository_keys import KeyRing, new_key
from province.shelf import timestamp_signer
from tests.province.packages import write_package

PASSWORD = "sehr-langes-wort"
FEW_KIB = 64


class Publisher:
    """Signs with keys that lie in one folder each; `later` moves its clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keys = folder, folder.parent / "keys"
        self.later = timedelta(0)
        self.repository = Repository(folder / "repository", self.now)
        numbers = {"root": 3, "targets": 1, "snapshot": 1} | dict.fromkeys(DELEGATED, 1)
        public = {
            role: [self.new_key(role, f"{role}-{n}") for n in range(number)]
            for role, number in numbers.items()
        }
        folder.mkdir(parents=True, exist_ok=True)
        public["timestamp"] = [timestamp_signer(folder).public_key]
        self.repository.make(self.ring(), public, threshold=2)
        self.stamp()

    def moved(self, folder: Path) -> Publisher:
        """The same publisher over a copy of folder and keys."""
        made = copy(self)
        made.folder, made.keys = folder, folder.parent / "keys"
        made.repository = Repository(folder / "repository", made.now)
        return made

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def new_key(self, role: str, place: str) -> Key:
        return new_key(self.keys / place, role, PASSWORD, memory_kib=FEW_KIB)

    def ring(self, *places: str) -> KeyRing:
        """The keys of these places, or of all."""
        folders = [self.keys / place for place in places] or sorted(self.keys.iterdir())
        return KeyRing(folders, lambda _name: PASSWORD)

    def stamp(self) -> bool:
        return self.repository.stamp(timestamp_signer(self.folder))

    def service(self, version: str, service: str = "old-age") -> None:
        """Publish the small test service."""
        files = read_folder(write_package(self.folder.parent / "packages", service, version))
        self.publish("service", service, version, files)

    def publish(
        self, kind: Kind, name: str, version: str, files: Mapping[str, bytes | Path]
    ) -> bool:
        made = self.repository.publish(self.ring(), kind, name, version, files)
        self.stamp()
        return made

    def key_of(self, role: str) -> str:
        """The first key of a role."""
        return next(s.keys[0] for s in self.repository.states() if s.name == role)
