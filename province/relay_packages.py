"""What a stick brings of packages: the offer, and what a device lacks of the repository.

docs/protocol.md section 12. The device judges it as if it had come over the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field
from securesystemslib.exceptions import StorageError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets, Timestamp

from province import releases, telemetry
from province.accounts import Caller
from province.repository import DELEGATED, PATHS, Repository

if TYPE_CHECKING:
    from province.app import Province

Digest = Annotated[bytes, Field(min_length=32, max_length=32)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class Wanted(BaseModel):
    """A version that drafts or cases of a device are on."""

    id: str = Field(max_length=64)
    version: str = Field(max_length=64)


class PackagesAsked(BaseModel):
    """What a device says it holds, and asks for."""

    held: int = Field(default=0, ge=0, lt=releases.MAX_SEQUENCE)
    holds: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    metadata: dict[str, Version] = Field(default_factory=dict, max_length=32)
    whole: list[Digest] = Field(default_factory=list, max_length=20_000)
    files: list[Digest] = Field(default_factory=list, max_length=200_000)
    wanted: list[Wanted] = Field(default_factory=list, max_length=1000)
    lists: list[str] = Field(default_factory=list, max_length=1000)
    program: str = Field(default="", max_length=64)


def answer(
    province: Province, caller: Caller, asked: PackagesAsked, room: int
) -> dict[str, object]:
    """The member `packages` of an answer, with manifests and files of at most `room` bytes.

    A single file may be larger; what finds no room comes with the next bundle.
    """
    found = province.database.read(releases.catalogue, province.services, caller.office_id)
    held = releases.Held(asked.held, asked.holds)
    told: dict[str, object] = {
        "catalogue": releases.signed(
            found, caller.office_id, held, province.key, now_ms=province.now_ms()
        ),
        "files": {},
    }
    repository = province.shelf.repository
    if not repository.exists():
        return told
    if not asked.metadata.get("root"):
        told["repository"] = province.shelf.announced()
    try:
        load = _Load(repository, asked, room)
        for kind, name, version in _targets(found, asked):
            load.put(PATHS[kind].format(id=name, version=version))
    except (OSError, StorageError, RepositoryError) as error:
        # The publisher is not done with copying; the next bundle asks again.
        telemetry.log.error("not packed", extra={"facts": {"error": type(error).__name__}})
        return told
    return told | {"files": load.files}


def _targets(found: releases.Catalogue, asked: PackagesAsked) -> Iterator[tuple[str, str, str]]:
    """Kind, id and version of what the device may lack, the most pressing first."""
    whole = {each.hex() for each in asked.whole}
    for each in asked.wanted:
        yield "service", each.id, each.version
    for name in asked.lists:
        yield "codelist", name, ""
    if asked.program:
        yield "program", asked.program, ""
    for offer in found.services:
        if offer.sha256 not in whole:
            yield "service", offer.id, offer.version


class _Load:
    """Files of the repository for one answer, by their paths below `/repository`."""

    def __init__(self, repository: Repository, asked: PackagesAsked, room: int) -> None:
        self.files: dict[str, bytes] = {}
        self._repository, self._held = repository, {each.hex() for each in asked.files}
        self._targets: dict[str, TargetFile] = {}
        self._left, self._any = room, False
        self._put_metadata(asked.metadata)

    def put(self, path: str) -> None:
        """A manifest, where there is one of this name, and those of its files that are lacking."""
        target = self._targets.get(path)
        if target is None:
            return
        folder, _, leaf = path.rpartition("/")
        manifest = self._take(f"targets/{folder}/{target.hashes['sha256']}.{leaf}")
        if manifest is None or folder == "program":  # too large for a stick of cases
            return
        for entry in json.loads(manifest)["files"].values():
            if entry["sha256"] not in self._held:
                self._take(f"targets/files/{entry['blob']}")

    def _put_metadata(self, held: dict[str, int]) -> None:
        """One consistent state: the timestamp, and whatever it leads to and the device lacks."""
        folder = self._repository.metadata
        stamp = (folder / "timestamp.json").read_bytes()
        newest_state: Metadata[Timestamp] = Metadata.from_bytes(stamp)
        version = newest_state.signed.snapshot_meta.version
        snapshot: Metadata[Snapshot] = Metadata.from_file(str(folder / f"{version}.snapshot.json"))
        newest = self._repository.read("root").signed.version
        versions = {"snapshot": version} | {
            name.removesuffix(".json"): meta.version for name, meta in snapshot.signed.meta.items()
        }
        names = [f"{n}.root.json" for n in range(held.get("root", newest) + 1, newest + 1)]
        names += [f"{n}.{role}.json" for role, n in versions.items() if n > held.get(role, 0)]
        self.files["metadata/timestamp.json"] = stamp
        for name in names:
            self.files[f"metadata/{name}"] = (folder / name).read_bytes()
        for role in DELEGATED:
            path = folder / f"{versions[role]}.{role}.json"
            signed: Metadata[Targets] = Metadata.from_file(str(path))
            self._targets |= signed.signed.targets

    def _take(self, path: str) -> bytes | None:
        """Content of a file that goes along; None where there is no room for it."""
        if path in self.files:
            return self.files[path]
        content = (self._repository.folder / path).read_bytes()
        if len(content) > self._left and self._any:
            return None
        self.files[path] = content
        self._left -= len(content)
        self._any = self._any or path.startswith("targets/files/")
        return content
