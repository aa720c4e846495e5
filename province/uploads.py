"""Files in pieces: tus 1.0 semantics, written so that kill -9 at any moment loses nothing held.

A chunk is checked, stored under a name of its own, and only then the database moves the offset to
its end, on the condition that the offset is still where the chunk begins. Of two chunks sent at
once for the same place one wins and the other is refused, whichever workers they reached. What a
killed worker leaves behind has no name in the database and is never joined.
See docs/protocol.md section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from province.database import Database, insert_missing
from province.encoding import uuid7
from province.errors import BadChecksum, IdConflict, TooLarge, Unknown, WrongOffset
from province.files import Files
from province.models import Upload, UploadPart

MAX_CHUNK_BYTES = 4 * 1024 * 1024
MAX_FILE_BYTES = 200 * 1024 * 1024
STALE_MS = 30 * 86_400_000  # an unfinished file that nobody touched for so long is dropped
RECENT_MS = 86_400_000  # a chunk younger than this is not what a sweep is after
SWEEP = 100


@dataclass(frozen=True)
class Progress:
    """How far an upload is, in bytes."""

    offset: int
    length: int


class Uploads:
    """Files of all offices. Any thread of any worker may call."""

    def __init__(self, database: Database, files: Files, now_ms: Callable[[], int]) -> None:
        self._database, self._files, self._now_ms = database, files, now_ms

    def create(self, office_id: str, digest: str, length: int) -> tuple[Progress, bool]:
        """Announce a file. Its progress, and whether it is new.

        Raises:
            TooLarge: Beyond 200 MiB.
            IdConflict: It is whole, and has another length.
            BadChecksum: All bytes are here, but they are not the file.
        """
        if length > MAX_FILE_BYTES:
            raise TooLarge
        made = self._database.write(_create, office_id, digest, length, self._now_ms())
        return self.progress(office_id, digest), made

    def progress(self, office_id: str, digest: str) -> Progress:
        """How far the file is; a file whose last chunk was held before a crash is finished now.

        Raises:
            Unknown: Not announced by this office.
            BadChecksum: All bytes are here, but they are not the file.
        """
        row = self._database.read(_get, office_id, digest)
        if row.offset_bytes == row.length_bytes and not row.complete:
            self._finish(office_id, digest, row.length_bytes)
        return Progress(row.offset_bytes, row.length_bytes)

    def append(
        self, office_id: str, digest: str, *, offset: int, chunk: bytes, checksum: bytes
    ) -> Progress:
        """Add a chunk and make it durable.

        Raises:
            Unknown: Not announced.
            WrongOffset: `offset` is not where the durable part ends, or another chunk was faster.
            BadChecksum: The chunk, or at the end the file, is not what was announced.
            TooLarge: More bytes than announced.
        """
        held = self._database.read(_get, office_id, digest)
        if offset != held.offset_bytes:
            raise WrongOffset
        if sha256(chunk).digest() != checksum:
            raise BadChecksum
        end = offset + len(chunk)
        if end > held.length_bytes:
            raise TooLarge
        if chunk:
            name = f"{_incoming(office_id, digest)}/{uuid7(self._now_ms())}"
            self._files.put(name, chunk)
            if not self._database.write(
                _advance, office_id, digest, offset, end, name, self._now_ms()
            ):
                self._files.remove(name)
                raise WrongOffset
        if end == held.length_bytes and not held.complete:
            self._finish(office_id, digest, end)
        return Progress(end, held.length_bytes)

    def read(self, office_id: str, digest: str) -> bytes:
        """A complete file.

        Raises:
            Unknown: Not complete.
        """
        return self._files.read(f"files/{_short(office_id)}/{digest}")

    def sweep(self) -> int:
        """Drop up to 100 unfinished files that nobody touched for 30 days; how many.

        Several workers may sweep at once: each takes rows that no other has in hand.
        """
        now_ms = self._now_ms()
        stale = self._database.write(_take_stale, now_ms - STALE_MS)
        before = str(UUID(int=(now_ms - RECENT_MS) << 80))  # names of chunks begin with their time
        for folder in stale:
            self._files.remove_below(folder, before)  # one may come back to life just now
        return len(stale)

    def _finish(self, office_id: str, digest: str, length: int) -> None:
        parts = self._database.read(_parts, office_id, digest)
        folder = _incoming(office_id, digest)
        whole = f"{folder}/{uuid7(self._now_ms())}"
        try:
            sound = self._files.join(parts, whole) == digest
            if sound:
                self._files.move(whole, f"files/{_short(office_id)}/{digest}")
        except Unknown:
            sound = False
        if not sound:
            self._files.remove(whole)
            if self._database.read(_get, office_id, digest).complete:
                return  # another worker was faster and has put the parts away
            self._database.write(_begin_again, office_id, digest, parts)
            raise BadChecksum
        self._database.write(_complete, office_id, digest, length)
        self._files.remove_below(folder)


def _short(office_id: str) -> str:
    return sha256(office_id.encode()).hexdigest()[:16]


def _incoming(office_id: str, digest: str) -> str:
    return f"incoming/{_short(office_id)}/{digest}"


def _get(session: Session, office_id: str, digest: str) -> Upload:
    row = session.get(Upload, (office_id, digest))
    if row is None:
        raise Unknown
    return row


def _parts(session: Session, office_id: str, digest: str) -> list[str]:
    query = (
        select(UploadPart.name)
        .where(UploadPart.office_id == office_id, UploadPart.sha256 == digest)
        .order_by(UploadPart.offset_bytes)
    )
    return list(session.scalars(query))


def _create(session: Session, office_id: str, digest: str, length: int, now_ms: int) -> bool:
    row = session.get(Upload, (office_id, digest), with_for_update=True)
    if row is not None:
        if row.length_bytes != length:
            if row.complete:
                raise IdConflict
            # Who is right shows at the end alone: one that was wrong must not stand in the way.
            row.length_bytes, row.offset_bytes, row.touched_ms = length, 0, now_ms
            _forget_parts(session, office_id, digest)
        return False
    values = {"office_id": office_id, "sha256": digest, "length_bytes": length}
    values |= {"offset_bytes": 0, "complete": False, "touched_ms": now_ms}
    insert_missing(session, Upload, [values])
    return True


def _advance(
    session: Session, office_id: str, digest: str, start: int, end: int, name: str, now_ms: int
) -> bool:
    moved = session.execute(
        update(Upload)
        .where(Upload.office_id == office_id, Upload.sha256 == digest, Upload.offset_bytes == start)
        .where(~Upload.complete)
        .values(offset_bytes=end, touched_ms=now_ms)
    )
    assert isinstance(moved, CursorResult)
    if moved.rowcount != 1:
        return False
    session.add(UploadPart(office_id=office_id, sha256=digest, offset_bytes=start, name=name))
    return True


def _begin_again(session: Session, office_id: str, digest: str, parts: list[str]) -> None:
    row = session.get(Upload, (office_id, digest), with_for_update=True)
    if row is None or row.complete or _parts(session, office_id, digest) != parts:
        return  # another worker has begun again already
    row.offset_bytes = 0
    _forget_parts(session, office_id, digest)


def _complete(session: Session, office_id: str, digest: str, length: int) -> None:
    row = session.get_one(Upload, (office_id, digest), with_for_update=True)
    row.complete, row.length_bytes, row.offset_bytes = True, length, length
    _forget_parts(session, office_id, digest)


def _forget_parts(session: Session, office_id: str, digest: str) -> None:
    session.execute(
        delete(UploadPart).where(UploadPart.office_id == office_id, UploadPart.sha256 == digest)
    )


def _take_stale(session: Session, before_ms: int) -> list[str]:
    query = (
        select(Upload)
        .where(~Upload.complete, Upload.touched_ms < before_ms)
        .limit(SWEEP)
        .with_for_update(skip_locked=True)
    )
    found = []
    for row in session.scalars(query).all():
        found.append(_incoming(row.office_id, row.sha256))
        _forget_parts(session, row.office_id, row.sha256)
        session.delete(row)
    return found
