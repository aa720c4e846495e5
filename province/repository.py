"""The repository of packages: who may sign what, and what is published (docs/protocol.md 18).

The Update Framework, kept with python-tuf: `metadata/` holds one file for each version of each
role, `targets/` the manifests under their hashes and the files below `targets/files/`. Every file
is written whole and never changed; only `timestamp.json` makes a new state visible, and it comes
last, so a power cut leaves the old state in force.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from securesystemslib.signer import Key, Signer
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from province.encoding import canonical
from province.errors import KeyMissing, NameRefused, Unknown, VersionTaken
from province.packages import age
from province.repository_keys import KeyRing

Kind = Literal["service", "codelist", "program"]
PATHS = {
    "service": "services/{id}/{version}.json",
    "codelist": "codelists/{id}.json",
    "program": "program/{id}.json",
}
ROLE_OF = {"service": "services", "codelist": "codelists", "program": "program"}
DELEGATED = {
    "services": ["services/*/*.json"],
    "codelists": ["codelists/*.json"],
    "program": ["program/*.json"],
}
OFFLINE = ("root", "targets", "snapshot", *DELEGATED)  # their keys lie in safes
LIFE = {"root": timedelta(days=1095), "timestamp": timedelta(days=3)}
USUAL_LIFE = timedelta(days=365)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class RoleState:
    """A role as it stands: `keys` are key ids, `threshold` of which must sign."""

    name: str
    version: int
    expires: datetime
    keys: tuple[str, ...]
    threshold: int


class Repository:
    """A repository in a folder. `now` is aware."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.metadata, self.targets = folder / "metadata", folder / "targets"
        self._now = now

    def exists(self) -> bool:
        """Whether one was made here."""
        return (self.metadata / "1.root.json").is_file()

    def read(self, role: str) -> Metadata[Any]:
        """The newest version of a role.

        Raises:
            Unknown: There is none.
        """
        version = self._newest(role)
        if not version:
            raise Unknown
        path = self.metadata / f"{version}.{role}.json"
        return Metadata.from_file(str(path))

    def root_bytes(self) -> bytes:
        """The newest root as devices begin with it."""
        return (self.metadata / f"{self._newest('root')}.root.json").read_bytes()

    def make(self, keys: KeyRing, public: Mapping[str, list[Key]], *, threshold: int) -> None:
        """Make the repository.

        Args:
            keys: The private keys of all roles but the timestamp.
            public: Public keys by role: root (several), targets, snapshot, timestamp, delegated.
            threshold: How many of root's keys must sign a new root.

        Raises:
            VersionTaken: There is one already.
        """
        if self.exists():
            raise VersionTaken
        for folder in (self.metadata, self.targets / "files"):
            folder.mkdir(parents=True, exist_ok=True)
        root = Root(expires=self._now(), consistent_snapshot=True)
        for role in ("root", "targets", "snapshot", "timestamp"):
            for key in public[role]:
                root.add_key(key, role)
        root.roles["root"].threshold = threshold
        targets = Targets(expires=self._now())
        targets.delegations = Delegations(
            {key.keyid: key for role in DELEGATED for key in public[role]},
            {
                role: DelegatedRole(role, [k.keyid for k in public[role]], 1, True, paths)  # noqa: FBT003 - as python-tuf says it
                for role, paths in DELEGATED.items()
            },
        )
        self._save("root", Metadata(root), keys, by=root, first=True)
        self._save("targets", Metadata(targets), keys, by=root, first=True)
        for role in DELEGATED:
            empty = Metadata(Targets(expires=self._now()))
            self._save(role, empty, keys, by=targets, first=True)
        self._snapshot(keys, first=True)

    def publish(
        self, keys: KeyRing, kind: Kind, name: str, version: str, files: Mapping[str, bytes | Path]
    ) -> bool:
        """Publish one version; whether it is new.

        A version of a service is never changed; of a code list and of a program for one platform
        the newest is offered, and it must be newer than the one before.

        Raises:
            NameRefused: An id, a version or a file's name that no device would take.
            VersionTaken: This version stands with another content, or a newer one does.
            KeyMissing: The key of the role or of the snapshot is not here.
        """
        if not (NAME.fullmatch(name) and NAME.fullmatch(version) and all(map(_clean, files))):
            raise NameRefused
        listed = {path: self._put(content) for path, content in sorted(files.items())}
        manifest = {"v": 1, "kind": kind, "id": name, "version": version, "files": listed}
        data, path = canonical(manifest), PATHS[kind].format(id=name, version=version)
        target = TargetFile.from_data(path, data, ["sha256"])
        target.unrecognized_fields["custom"] = {"kind": kind, "id": name, "version": version}
        role = self.read(ROLE_OF[kind])
        before = role.signed.targets.get(path)
        if before is not None:
            if before.hashes == target.hashes:
                return False
            if kind == "service" or age(version) <= age(before.custom["version"]):
                raise VersionTaken
        role.signed.targets[path] = target
        folder, _, leaf = path.rpartition("/")
        _write(self.targets / folder / f"{target.hashes['sha256']}.{leaf}", data)
        self._save(ROLE_OF[kind], role, keys, by=self.read("targets").signed)
        self._snapshot(keys)
        return True

    def replace_key(self, role: str, key_id: str, new: Key, keys: KeyRing) -> None:
        """Take a key out of a role and put another in; what it had signed is signed anew.

        For root as many of the former keys as of the new ones must sign.

        Raises:
            Unknown: The role has no such key.
            KeyMissing: Too few keys are here.
        """
        owner = "targets" if role in DELEGATED else "root"
        holder = self.read(owner)
        try:
            holder.signed.revoke_key(key_id, role)
        except ValueError:
            raise Unknown from None
        holder.signed.add_key(new, role)
        root = holder.signed if owner == "root" else self.read("root").signed
        self._save(owner, holder, keys, by=root)
        if role in ("targets", *DELEGATED):
            self._save(role, self.read(role), keys, by=holder.signed)
        self._snapshot(keys, again=role == "snapshot")

    def renew(self, keys: KeyRing, *, within: timedelta) -> list[str]:
        """Sign anew whatever expires within a time; the names of those roles.

        Raises:
            KeyMissing: A key is not here.
        """
        due = [s.name for s in self.states() if s.expires - self._now() < within]
        for name in due:
            if name == "root":
                root = self.read("root")
                self._save(name, root, keys, by=root.signed)
            elif name in ("targets", *DELEGATED):
                by = self.read("targets" if name in DELEGATED else "root").signed
                self._save(name, self.read(name), keys, by=by)
        self._snapshot(keys, again="snapshot" in due)
        return [name for name in due if name != "timestamp"]

    def states(self) -> tuple[RoleState, ...]:
        """All roles as they stand; the timestamp only once the service has signed one."""
        root, targets = self.read("root").signed, self.read("targets").signed
        found: list[RoleState] = []
        for name in OFFLINE:
            by: Root | Targets = targets if name in DELEGATED else root
            role = by.get_delegated_role(name)
            signed: Signed = self.read(name).signed
            keys = tuple(sorted(role.keyids))
            found.append(RoleState(name, signed.version, signed.expires, keys, role.threshold))
        stamp, path = root.roles["timestamp"], self.metadata / "timestamp.json"
        if path.is_file():
            now = Metadata.from_file(str(path)).signed
            keys = tuple(sorted(stamp.keyids))
            found.append(RoleState("timestamp", now.version, now.expires, keys, stamp.threshold))
        return tuple(found)

    def stamp(self, signer: Signer) -> bool:
        """Sign a new timestamp where the snapshot is newer or the old one is half over.

        What the service does by itself every few seconds. Whether one was signed.

        Raises:
            KeyMissing: The service's key is not, or no longer, the one that root names.
        """
        root = self.read("root").signed
        if signer.public_key.keyid not in root.roles["timestamp"].keyids:
            raise KeyMissing(needed=1, here=0)
        snapshot = self.read("snapshot")
        root.verify_delegate("snapshot", snapshot.signed_bytes, snapshot.signatures)
        path = self.metadata / "timestamp.json"
        version = 1
        if path.is_file():
            before: Metadata[Any] = Metadata.from_file(str(path))
            late = before.signed.expires - self._now() < LIFE["timestamp"] / 2
            known = before.signed.snapshot_meta.version == snapshot.signed.version
            if known and not late and _holds(root, "timestamp", before):
                return False
            version = before.signed.version + 1
        data = (self.metadata / f"{snapshot.signed.version}.snapshot.json").read_bytes()
        meta = MetaFile(snapshot.signed.version, len(data), {"sha256": sha256(data).hexdigest()})
        stamp = Metadata(
            Timestamp(version, expires=self._now() + LIFE["timestamp"], snapshot_meta=meta)
        )
        stamp.sign(signer)
        _write(path, stamp.to_bytes())
        return True

    def _newest(self, role: str) -> int:
        names = (path.name.split(".", 1)[0] for path in self.metadata.glob(f"*.{role}.json"))
        return max((int(number) for number in names if number.isdigit()), default=0)

    def _put(self, content: bytes | Path) -> dict[str, str | int]:
        """Lay a file down under the hash of what is stored: packed, where that makes it smaller."""
        if isinstance(content, Path):
            return self._put_whole(content)
        data, packed = content, zlib.compress(content, 9)
        blob, coding = (packed, "zlib") if len(packed) < len(data) * 0.9 else (data, "")
        digest = sha256(blob).hexdigest()
        if not (self.targets / "files" / digest).is_file():
            _write(self.targets / "files" / digest, blob)
        entry: dict[str, str | int] = {"sha256": sha256(data).hexdigest(), "size": len(data)}
        entry |= {"blob": digest, "bytes": len(blob)}
        return {**entry, "coding": coding} if coding else entry

    def _put_whole(self, path: Path) -> dict[str, str | int]:
        """A large file, stored as it is; at no time in memory."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        part = self.targets / "files" / f".{digest}.part"
        shutil.copyfile(path, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(part.with_name(digest))
        size = path.stat().st_size
        return {"sha256": digest, "size": size, "blob": digest, "bytes": size}

    def _snapshot(self, keys: KeyRing, *, first: bool = False, again: bool = False) -> None:
        metas = {f"{r}.json": MetaFile(self._newest(r)) for r in ("targets", *DELEGATED)}
        root = self.read("root").signed
        if first:
            made = Metadata(Snapshot(expires=self._now(), meta=metas))
            self._save("snapshot", made, keys, by=root, first=True)
            return
        snapshot = self.read("snapshot")
        if again or snapshot.signed.meta != metas:
            snapshot.signed.meta = metas
            self._save("snapshot", snapshot, keys, by=root)

    def _save(
        self,
        role: str,
        made: Metadata[Any],
        keys: KeyRing,
        *,
        by: Root | Targets,
        first: bool = False,
    ) -> None:
        """Sign a role's next version by its keys and write it."""
        made.signed.version += 0 if first else 1
        made.signed.expires = self._now() + LIFE.get(role, USUAL_LIFE)
        judges = [by]
        if role == "root" and not first:
            judges.append(self.read("root").signed)
        made.signatures.clear()
        for judge in judges:
            held = judge.get_delegated_role(role)
            for signer in keys.demand(held.keyids, held.threshold):
                made.sign(signer, append=True)
        data = made.to_bytes()
        for judge in judges:
            judge.verify_delegate(role, made.signed_bytes, made.signatures)
        _write(self.metadata / f"{made.signed.version}.{role}.json", data)


def _clean(path: str) -> bool:
    parts = path.split("/")
    seemly = path.isprintable() and "\\" not in path and ":" not in path and len(path) <= 200
    return seemly and all(part not in ("", ".", "..") for part in parts)


def _holds(root: Root, role: str, made: Metadata[Any]) -> bool:
    try:
        root.verify_delegate(role, made.signed_bytes, made.signatures)
    except UnsignedMetadataError:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
