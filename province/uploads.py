"""Files in pieces: tus 1.0 semantics, written so that kill -9 at any moment loses nothing held.

The offset in the database is the durable truth. A chunk is checked, written at that offset (the
file is first cut back to it), synced, and only then the offset moves. See docs/protocol.md 6.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from sqlalchemy.orm import Session

from province.database import Database
from province.errors import BadChecksum, IdConflict, TooLarge, Unknown, WrongOffset
from province.models import Upload

MAX_CHUNK_BYTES = 4 * 1024 * 1024
MAX_FILE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Progress:
    """How far an upload is, in bytes."""

    offset: int
    length: int


class Uploads:
    """Files of all offices below one folder. Any thread may call."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._locks: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()

    def create(self, office_id: str, digest: str, length: int) -> tuple[Progress, bool]:
        """Announce a file. Its progress, and whether it is new.

        Raises:
            TooLarge: Beyond 200 MiB.
            IdConflict: Announced before with another length.
        """
        if length > MAX_FILE_BYTES:
            raise TooLarge
        with self._lock(office_id, digest):
            made = self._database.write(_create, office_id, digest, length)
            if made and length == 0:
                return self._finish(office_id, digest, 0), made
            return self.progress(office_id, digest), made

    def progress(self, office_id: str, digest: str) -> Progress:
        """How far the file is.

        Raises:
            Unknown: Not announced by this office.
        """
        return self._database.read(_progress, office_id, digest)

    def append(
        self, office_id: str, digest: str, *, offset: int, chunk: bytes, checksum: bytes
    ) -> Progress:
        """Add a chunk and make it durable.

        Raises:
            Unknown: Not announced.
            WrongOffset: `offset` is not where the durable part ends.
            BadChecksum: The chunk, or at the end the file, is not what was announced.
            TooLarge: More bytes than announced.
        """
        with self._lock(office_id, digest):
            held = self.progress(office_id, digest)
            if offset != held.offset:
                raise WrongOffset
            if sha256(chunk).digest() != checksum:
                raise BadChecksum
            if offset + len(chunk) > held.length:
                raise TooLarge
            if chunk:
                self._write(self._part(office_id, digest), offset, chunk)
            end = offset + len(chunk)
            if end < held.length:
                self._database.write(_advance, office_id, digest, end, complete=False)
                return Progress(end, held.length)
            return self._finish(office_id, digest, held.length)

    def read(self, office_id: str, digest: str) -> bytes:
        """A complete file.

        Raises:
            Unknown: Not complete.
        """
        try:
            return self._blob(office_id, digest).read_bytes()
        except FileNotFoundError:
            raise Unknown from None

    def _finish(self, office_id: str, digest: str, length: int) -> Progress:
        part, blob = self._part(office_id, digest), self._blob(office_id, digest)
        if not blob.exists():
            part.parent.mkdir(parents=True, exist_ok=True)
            part.touch()
            with part.open("rb") as file:
                whole = file_digest(file, "sha256").hexdigest()
            if whole != digest:
                self._database.write(_advance, office_id, digest, 0, complete=False)
                raise BadChecksum
            blob.parent.mkdir(parents=True, exist_ok=True)
            part.replace(blob)
            _sync_folder(blob.parent)
        self._database.write(_advance, office_id, digest, length, complete=True)
        return Progress(length, length)

    def _write(self, path: Path, offset: int, chunk: bytes) -> None:
        new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(offset)  # bytes of a chunk that was never acknowledged
            file.seek(offset)
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_folder(path.parent)

    def _part(self, office_id: str, digest: str) -> Path:
        return self._folder / "incoming" / sha256(office_id.encode()).hexdigest()[:16] / digest

    def _blob(self, office_id: str, digest: str) -> Path:
        return self._folder / "files" / sha256(office_id.encode()).hexdigest()[:16] / digest

    def _lock(self, office_id: str, digest: str) -> threading.Lock:
        with self._guard:
            return self._locks[office_id, digest]


def missing_files(session: Session, office_id: str, digests: set[str]) -> list[str]:
    """Which of the files are not complete, sorted."""
    return sorted(
        digest
        for digest in digests
        if (row := session.get(Upload, (office_id, digest))) is None or not row.complete
    )


def _create(session: Session, office_id: str, digest: str, length: int) -> bool:
    row = session.get(Upload, (office_id, digest))
    if row is None:
        session.add(
            Upload(
                office_id=office_id,
                sha256=digest,
                length_bytes=length,
                offset_bytes=0,
                complete=False,
            )
        )
        return True
    if row.length_bytes != length:
        raise IdConflict
    return False


def _progress(session: Session, office_id: str, digest: str) -> Progress:
    row = session.get(Upload, (office_id, digest))
    if row is None:
        raise Unknown
    return Progress(row.offset_bytes, row.length_bytes)


def _advance(session: Session, office_id: str, digest: str, offset: int, *, complete: bool) -> None:
    row = session.get_one(Upload, (office_id, digest))
    row.offset_bytes = offset
    row.complete = complete


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # NTFS journals the directory entry itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
