"""Files in pieces: tus 1.0 semantics, written so that kill -9 at any moment loses nothing held.

A chunk is checked, stored under a name of its own, and only then the database moves the offset to
its end, on the condition that the offset is still where the chunk begins. Of two chunks sent at
once for the same place one wins and the other is refused, whichever workers they reached. What a
killed worker leaves behind has no name in the database and is never joined.
What no case names counts for its device, and is swept out in the end (`province.room`).
See docs/protocol.md section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from province import room, telemetry
from province.database import Database
from province.encoding import uuid7
from province.errors import (
    BadChecksum,
    DiskFull,
    IdConflict,
    TooLarge,
    Unknown,
    WrongOffset,
)
from province.files import Files
from province.models import Upload, UploadPart
from province.room import DAY_MS, Room

if TYPE_CHECKING:
    from province.accounts import Caller

MAX_CHUNK_BYTES = 4 * 1024 * 1024
MAX_FILE_BYTES = 200 * 1024 * 1024
RECENT_MS = 86_400_000  # a chunk younger than this is not what a sweep is after
SWEEP = 100


@dataclass(frozen=True)
class Progress:
    """How far an upload is, in bytes."""

    offset: int
    length: int


class Uploads:
    """Files of all offices. Any thread of any worker may call."""

    def __init__(
        self,
        database: Database,
        files: Files,
        now_ms: Callable[[], int],
        room: Room | None = None,
    ) -> None:
        self._database, self._files, self._now_ms = database, files, now_ms
        self.room = room or Room()

    def create(self, caller: Caller, digest: str, length: int) -> tuple[Progress, bool]:
        """Announce a file. Its progress, and whether it is new.

        Raises:
            TooLarge: Beyond 200 MiB.
            IdConflict: It is whole, and has another length.
            BadChecksum: All bytes are here, but they are not the file.
            RoomUsed: The device has no room for it.
            DiskFull: Nobody has.
        """
        if length > MAX_FILE_BYTES:
            raise TooLarge
        made, left = self._database.write(
            _create, caller, digest, length, self.room, self._now_ms(), full=self._is_full()
        )
        self._remove(left)
        return self.progress(caller.office_id, digest), made

    def progress(self, office_id: str, digest: str) -> Progress:
        """How far the file is; a file whose last chunk was held before a crash is finished now.

        Raises:
            Unknown: Not announced by this office, or over.
            BadChecksum: All bytes are here, but they are not the file.
        """
        row = self._get(office_id, digest)
        if row.offset_bytes == row.length_bytes and not row.complete:
            self._database.write(_touch, office_id, digest, self._now_ms())  # no sweep takes it now
            self._finish(office_id, digest, row.length_bytes)
        return Progress(row.offset_bytes, row.length_bytes)

    def append(
        self, office_id: str, digest: str, *, offset: int, chunk: bytes, checksum: bytes
    ) -> Progress:
        """Add a chunk and make it durable.

        Raises:
            Unknown: Not announced, or over.
            WrongOffset: `offset` is not where the durable part ends, or another chunk was faster.
            BadChecksum: The chunk, or at the end the file, is not what was announced.
            TooLarge: More bytes than announced.
            DiskFull: There is no room for it.
        """
        held = self._get(office_id, digest)
        if offset != held.offset_bytes:
            raise WrongOffset
        if sha256(chunk).digest() != checksum:
            raise BadChecksum
        end = offset + len(chunk)
        if end > held.length_bytes:
            raise TooLarge
        if chunk:
            if self._is_full():
                raise DiskFull
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
        try:
            return self._files.read(_whole(office_id, digest))
        except Unknown:  # removed after the backup that the database was put back from
            self._database.write(_lose, office_id, digest)
            raise

    def release(self, office_id: str, digest: str) -> None:
        """A file has served, such as a relay bundle: it stays one more day at the most."""
        until = self._now_ms() - self.room.kept_ms + DAY_MS
        self._database.write(_release, office_id, digest, until)

    def keep_longer(self) -> None:
        """The database was put back: files wait their whole time again for their cases."""
        self._database.write(room.keep_longer, self._now_ms(), self.room.kept_ms)

    def sweep(self) -> int:
        """Remove up to 100 files that no case named in time; how many.

        Unfinished ones after 30 days without a touch, complete ones after `Room.kept_ms`. Several
        workers may sweep at once: each takes rows that no other has in hand.
        """
        now_ms = self._now_ms()
        while self._database.write(room.judge_old, now_ms):
            pass
        before = str(UUID(int=(now_ms - RECENT_MS) << 80))  # names of chunks begin with their time
        removed = 0
        for office_id, digest in self._unneeded(now_ms):
            found = self._database.write(self._take_out, office_id, digest, now_ms)
            if found is None:
                continue
            self._files.remove_below(_incoming(office_id, digest), before)  # it may come back now
            telemetry.REMOVED.labels("complete" if found.complete else "unfinished").inc()
            telemetry.REMOVED_BYTES.inc(found.length_bytes)
            removed += 1
        if removed:
            telemetry.log.info("files removed", extra={"facts": {"files": removed}})
        return removed

    def _unneeded(self, now_ms: int) -> Iterator[tuple[str, str]]:
        """Office and digest of what may go; before anything does, its cases are looked through."""
        loose = sorted(self._database.read(_loose, now_ms, self.room.kept_ms))
        for office_id, group in groupby(loose, key=itemgetter(0)):
            digests = {digest for _, digest in group}
            named = self._database.read(room.named_among, office_id, digests)
            if named:
                self._database.write(room.note_named, office_id, named)
            yield from ((office_id, digest) for digest in sorted(digests - named))

    def _take_out(
        self, session: Session, office_id: str, digest: str, now_ms: int
    ) -> Upload | None:
        query = select(Upload).where(
            Upload.office_id == office_id,
            Upload.sha256 == digest,
            room.loose(now_ms, self.room.kept_ms),
        )
        row = session.scalar(query.with_for_update(skip_locked=True))
        if row is None:
            return None
        self._files.remove(_whole(office_id, digest))  # under its lock: nobody brings it meanwhile
        _forget_parts(session, office_id, digest)
        session.delete(row)
        room.give_back(session, [row])
        return row

    def _get(self, office_id: str, digest: str) -> Upload:
        row = self._database.read(_get, office_id, digest)
        if room.is_over(row, self._now_ms() - self.room.kept_ms):
            raise Unknown
        return row

    def _is_full(self) -> bool:
        free = self._files.free_bytes()
        if free is None:
            return False
        telemetry.FREE.set(free)
        return free < self.room.free_bytes

    def _remove(self, names: Sequence[str]) -> None:
        for name in names:
            self._files.remove(name)

    def _finish(self, office_id: str, digest: str, length: int) -> None:
        parts = self._database.read(_parts, office_id, digest)
        folder = _incoming(office_id, digest)
        whole = f"{folder}/{uuid7(self._now_ms())}"
        try:
            sound = self._files.join(parts, whole) == digest
            if sound:
                self._files.move(whole, _whole(office_id, digest))
        except Unknown:
            sound = False
        if not sound:
            self._files.remove(whole)
            if self._database.read(_get, office_id, digest).complete:
                return  # another worker was faster and has put the parts away
            if self._database.write(_begin_again, office_id, digest, parts):
                self._remove(parts)
            raise BadChecksum
        self._database.write(_complete, office_id, digest, length)
        self._files.remove_below(folder)


def _short(office_id: str) -> str:
    return sha256(office_id.encode()).hexdigest()[:16]


def _whole(office_id: str, digest: str) -> str:
    return f"files/{_short(office_id)}/{digest}"


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


def _touch(session: Session, office_id: str, digest: str, now_ms: int) -> None:
    session.execute(
        update(Upload)
        .where(Upload.office_id == office_id, Upload.sha256 == digest, ~Upload.complete)
        .values(touched_ms=now_ms)
    )


def _lose(session: Session, office_id: str, digest: str) -> None:
    session.execute(
        update(Upload)
        .where(Upload.office_id == office_id, Upload.sha256 == digest)
        .where(Upload.complete, Upload.named.is_(False))
        .values(complete=False, offset_bytes=0)
    )


def _release(session: Session, office_id: str, digest: str, until_ms: int) -> None:
    session.execute(
        update(Upload)
        .where(Upload.office_id == office_id, Upload.sha256 == digest)
        .where(Upload.complete, Upload.named.is_(False), Upload.touched_ms > until_ms)
        .values(touched_ms=until_ms)
    )


def _create(
    session: Session,
    caller: Caller,
    digest: str,
    length: int,
    limits: Room,
    now_ms: int,
    *,
    full: bool,
) -> tuple[bool, list[str]]:
    """Whether it is new, and the chunks that no longer belong to it."""
    key = (caller.office_id, digest)
    row = session.get(Upload, key, with_for_update=True)
    if row is not None and row.complete and not room.is_over(row, now_ms - limits.kept_ms):
        if row.length_bytes != length:
            raise IdConflict
        if row.named is False:
            row.touched_ms = now_ms
        return False, []
    if full:
        raise DiskFull
    if row is None:
        row = Upload(office_id=key[0], sha256=digest, touched_ms=now_ms)
        _begin(row, caller, length)
        session.add(row)
        session.flush()  # of two at once the second runs again and finds it
        room.take(session, row, limits.device_bytes)
        return True, []
    row.touched_ms = now_ms
    anew = row.complete or row.length_bytes != length
    if not anew and row.device_id is not None:
        return False, []
    room.give_back(session, [row])
    # Who is right shows at the end alone: a length that was wrong must not stand in the way.
    left = _parts(session, *key) if anew else []
    if anew:
        _forget_parts(session, *key)
    _begin(row, caller, length, 0 if anew else row.offset_bytes)
    room.take(session, row, limits.device_bytes)
    return False, left


def _begin(row: Upload, caller: Caller, length: int, offset: int = 0) -> None:
    row.device_id, row.named, row.complete = caller.device_id, False, False
    row.length_bytes, row.offset_bytes = length, offset


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


def _begin_again(session: Session, office_id: str, digest: str, parts: list[str]) -> bool:
    row = session.get(Upload, (office_id, digest), with_for_update=True)
    if row is None or row.complete or _parts(session, office_id, digest) != parts:
        return False  # another worker has begun again already
    row.offset_bytes = 0
    _forget_parts(session, office_id, digest)
    return True


def _complete(session: Session, office_id: str, digest: str, length: int) -> None:
    row = session.get_one(Upload, (office_id, digest), with_for_update=True)
    row.complete, row.length_bytes, row.offset_bytes = True, length, length
    _forget_parts(session, office_id, digest)


def _forget_parts(session: Session, office_id: str, digest: str) -> None:
    session.execute(
        delete(UploadPart).where(UploadPart.office_id == office_id, UploadPart.sha256 == digest)
    )


def _loose(session: Session, now_ms: int, kept_ms: int) -> Sequence[tuple[str, str]]:
    query = select(Upload.office_id, Upload.sha256).where(room.loose(now_ms, kept_ms))
    return [(office_id, digest) for office_id, digest in session.execute(query.limit(SWEEP))]
