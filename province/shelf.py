"""The repository as the service keeps it: timestamp renewed, packages held, files served.

The service needs one key only, that of the timestamp. It looks every few seconds whether the
publisher has laid down a newer snapshot, so publishing is copying files into the folder.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from forms.errors import FormError
from province import telemetry
from province.asking import get_province
from province.encoding import to_b64
from province.errors import KeyMissing, Unknown, VersionTaken
from province.keys import SigningKey, load_timestamp_key
from province.packages import Service, Services, service_of
from province.repository import DELEGATED, Repository
from province.repository_keys import KeyRing, new_key

if TYPE_CHECKING:
    from province.app import Province

ROOT_PURPOSE = b"lastmile/1 repository-root\n"
SOON = timedelta(days=30)
LONGEST = 240  # bytes of a target's path; a file system takes 255 for one name
router = APIRouter(include_in_schema=False)
_METADATA = re.compile(r"(\d{1,9}\.[a-z]{1,20}|timestamp)\.json")
_TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Shelf:
    """The repository of a running province."""

    def __init__(self, province: Province, own: Services) -> None:
        self._province, self._own = province, own
        self.repository = Repository(province.folder / "repository", self._now)
        self._seen = 0

    def tend(self) -> None:
        """Renew the timestamp and take in newly published packages; often, from any thread."""
        if not self.repository.exists():
            return
        try:
            renewed = self.repository.stamp(timestamp_signer(self._province.folder))
        except (KeyMissing, Unknown) as error:
            telemetry.log.error("timestamp not renewed", extra={"facts": {"code": error.code}})
            return
        if renewed:
            for state in self.repository.states():
                if state.name != "timestamp" and state.expires - self._now() < SOON:
                    facts = {"role": state.name, "expires": state.expires.isoformat()}
                    telemetry.log.warning("signatures expire soon", extra={"facts": facts})
        published = self.repository.read("services")
        if published.signed.version != self._seen:
            self._province.services = self._own.with_others(self._packages(published))
            self._seen = published.signed.version

    def announced(self) -> dict[str, str] | None:
        """The root that devices begin with, under the province's signature; None for none."""
        return announced(self.repository, self._province.key) if self.repository.exists() else None

    def _packages(self, published: Metadata[Any]) -> Iterator[Service]:
        for path, target in sorted(published.signed.targets.items()):
            folder, _, leaf = path.rpartition("/")
            place = self.repository.targets / folder / f"{target.hashes['sha256']}.{leaf}"
            try:
                data = place.read_bytes()
                target.verify_length_and_hashes(data)
                made = service_of(read_files(self.repository, json.loads(data)))
                yield replace(made, published=True)
            except (OSError, ValueError, FormError) as error:
                facts = {"target": path, "error": type(error).__name__}
                telemetry.log.error("package not taken in", extra={"facts": facts})

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._province.now_ms() / 1000, UTC)


def timestamp_signer(folder: Path) -> CryptoSigner:
    """The signer of the timestamp; its key is made at the first call."""
    return CryptoSigner(load_timestamp_key(folder))


def set_up(
    repository: Repository,
    folder: Path,
    keys: Path,
    password: str,
    *,
    root_keys: int = 3,
    threshold: int = 2,
    memory_kib: int = 0,
) -> None:
    """Make the repository of a province with all its keys.

    Args:
        repository: Where.
        folder: Data folder of the province; keeps the timestamp's key.
        keys: Gets the files of all other keys.
        password: Seals them; at least 12 characters.
        root_keys: How many keys root has.
        threshold: How many of them must sign.
        memory_kib: As `repository_keys.new_key`.

    Raises:
        VersionTaken: There is one already.
        PasswordRefused: The password is too short.
    """
    if repository.exists():
        raise VersionTaken
    numbers = {"root": root_keys, "targets": 1, "snapshot": 1} | dict.fromkeys(DELEGATED, 1)
    public = {
        role: [new_key(keys, role, password, memory_kib=memory_kib) for _ in range(number)]
        for role, number in numbers.items()
    }
    public["timestamp"] = [timestamp_signer(folder).public_key]
    ring = KeyRing([keys], lambda _name: password)
    repository.make(ring, public, threshold=threshold)


def announced(repository: Repository, signer: SigningKey) -> dict[str, str]:
    """The newest root as devices are told it."""
    root = repository.root_bytes()
    return {
        "root": to_b64(root),
        "signed_by": signer.kid.hex(),
        "signature": to_b64(signer.sign(ROOT_PURPOSE + root)),
    }


def read_files(repository: Repository, manifest: dict[str, Any]) -> dict[str, bytes]:
    """The files of a manifest by path.

    Raises:
        OSError: One is not there.
        ValueError: One is not what the manifest says.
    """
    files = {}
    for path, entry in manifest["files"].items():
        blob = (repository.targets / "files" / entry["blob"]).read_bytes()
        files[path] = zlib.decompress(blob) if entry.get("coding") == "zlib" else blob
        if sha256(files[path]).hexdigest() != entry["sha256"]:
            raise ValueError(path)
    return files


@router.get("/repository/metadata/{name}")
def metadata(request: Request, name: str) -> Response:
    """One file of metadata."""
    if not _METADATA.fullmatch(name):
        raise Unknown
    lasting = name != "timestamp.json"
    return _file(request, "metadata", name, "application/json", lasting=lasting)


@router.get("/repository/targets/{name:path}")
def target(request: Request, name: str) -> Response:
    """One manifest or file, in whole or from an offset (`Range`)."""
    if len(name) > LONGEST or not _TARGET.fullmatch(name):
        raise Unknown
    return _file(request, "targets", name, "application/octet-stream", lasting=True)


def _file(request: Request, kind: str, name: str, media_type: str, *, lasting: bool) -> Response:
    path = get_province(request).folder / "repository" / kind / name
    if not path.is_file():
        raise Unknown
    # Names hold version or hash, so what stands under a name never changes.
    keep = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": keep})
