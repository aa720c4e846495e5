"""The journal: every change once more, beside the database, sealed and appended before it counts.

A file of `journal/` is `LMJ1`, a random id, then frames. A frame has a head in clear (mark,
length, place, serial number of the change, kind, CRC) and a body sealed with ChaCha20-Poly1305
under the file's own key; the nonce is the place, which only grows, so that none serves twice
even where a frame had to be taken back. A file is written by one process and never continued by
another. Kinds: `H` what the file belongs to, `T` a change, `D` the change was committed, `C` it
was not.

Replaying a change means running its statements again; they hold no clock and no chance.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from store.errors import StoreError
from store.files import as_store_error, sync_folder
from store.keys import derive

FOLDER = "journal"
MAGIC = b"LMJ1"
_MARK = b"LMJF"
_HEAD = struct.Struct(">4sIQQc")  # mark, bytes of the body, place, serial, kind
_CRC = struct.Struct(">I")
_BEGIN = len(MAGIC) + 16
_LONGEST = 1 << 30

Statement = tuple[str, Any, bool]  # SQL, parameters, whether they are many rows of parameters


@dataclass(frozen=True)
class Belongs:
    """What a file's changes build on: the line of the store and the steps of its schema."""

    line: bytes
    schema: int


@dataclass(frozen=True)
class Place:
    """Where a change lies."""

    path: Path
    offset: int
    serial: int
    schema: int
    line: bytes


@dataclass(frozen=True)
class Index:
    """What the journal of one line holds.

    Attributes:
        changes: By serial number; a gap shows as a number that is missing.
        done: Highest serial number known to be committed.
        damaged: Files with a frame that does not hold, torn ends excepted.
    """

    changes: dict[int, Place]
    done: int
    damaged: tuple[Path, ...]

    @property
    def last(self) -> int:
        """Highest serial number; 0 for none."""
        return max(self.changes, default=0)


@dataclass(frozen=True)
class _Frame:
    offset: int
    place: int
    serial: int
    kind: bytes
    body: bytes


class Journal:
    """Appends. Any thread; the database's own write lock keeps changes apart."""

    def __init__(self, folder: Path, dek: bytes, belongs: Belongs) -> None:
        self._folder = folder / FOLDER
        self._dek = dek
        self.belongs = belongs
        self._guard = threading.Lock()
        self._file: BinaryIO | None = None
        self._cipher: ChaCha20Poly1305 | None = None
        self._id = b""
        self._place = 0
        self._newest = -1  # where the newest change of the file lies

    def append(self, serial: int, statements: Sequence[Statement]) -> int:
        """Make a change durable; returns where to cut should the database refuse it.

        Raises:
            DiskFull, ProfileReadOnly: Not written.
        """
        plain = json.dumps(statements, ensure_ascii=False, check_circular=False, default=_out)
        with self._guard:
            offset = self._add(b"T", serial, zlib.compress(plain.encode(), 1), lasting=True)
            self._newest = offset
            return offset

    def note_done(self, serial: int) -> None:
        """Note that the database holds the change; lost in a power cut without harm."""
        with self._guard:
            if self._file is not None:
                try:
                    self._add(b"D", serial, b"", lasting=False)
                except StoreError:
                    self._drop()

    def take_back(self, serial: int, offset: int) -> None:
        """The database refused the change: cut it off, or say so behind it."""
        with self._guard:
            if self._file is None or self._newest != offset:
                return  # a later change of the same number stands in its place
            self._newest = -1
            try:
                self._file.truncate(offset)
                self._file.seek(offset)
                os.fsync(self._file.fileno())
            except OSError:
                self._drop()
                self._add(b"C", serial, b"", lasting=True)

    def begin_file(self) -> None:
        """Go on in a new file; the next snapshot then needs none of the older ones."""
        with self._guard:
            self._drop()

    def close(self) -> None:
        """Close the file; the next change begins another."""
        self.begin_file()

    def _add(self, kind: bytes, serial: int, plain: bytes, *, lasting: bool) -> int:
        try:
            file = self._file or self._open()
            offset = file.tell()
        except OSError as error:
            self._drop()
            raise as_store_error(error) from None
        try:
            file.write(self._seal(kind, serial, plain))
            if lasting:
                os.fsync(file.fileno())
        except OSError as error:
            self._cut(file, offset)
            raise as_store_error(error) from None
        return offset

    def _cut(self, file: BinaryIO, offset: int) -> None:
        with suppress(OSError):  # else a torn end stays, which is known for what it is
            file.truncate(offset)
        self._drop()

    def _seal(self, kind: bytes, serial: int, plain: bytes) -> bytes:
        assert self._cipher is not None
        place, self._place = self._place, self._place + 1
        head = _HEAD.pack(_MARK, len(plain) + 16, place, serial, kind)
        sealed = self._cipher.encrypt(place.to_bytes(12, "big"), plain, self._id + head)
        return head + _CRC.pack(zlib.crc32(head)) + sealed

    def _open(self) -> BinaryIO:
        self._folder.mkdir(exist_ok=True, mode=0o700)
        path = self._folder / f"{next_number(self._folder.parent):08d}.lmj"
        self._id = secrets.token_bytes(16)
        self._place = 0
        self._cipher = _cipher(self._dek, self._id)
        facts = json.dumps({"line": self.belongs.line.hex(), "schema": self.belongs.schema})
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(handle, "wb", buffering=0)
        try:
            file.write(MAGIC + self._id + self._seal(b"H", 0, facts.encode()))
            sync_folder(self._folder)
        except OSError:
            file.close()
            path.unlink(missing_ok=True)
            raise
        self._file, self._newest = file, -1
        return file

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def files(profile: Path) -> tuple[Path, ...]:
    """Journal files of a profile, oldest first."""
    return tuple(sorted(p for p in (profile / FOLDER).glob("*.lmj") if p.stem.isdigit()))


def read_index(profile: Path, dek: bytes, line: bytes) -> Index:
    """What the journal holds for the store's line; nothing is unpacked yet.

    A later change of the same serial number stands in place of the earlier one and of all that
    followed it.
    """
    changes: dict[int, Place] = {}
    last, done, damaged = 0, 0, []
    for path in files(profile):
        belongs: Belongs | None = None
        for frame in _frames(path, dek):
            if frame is None:
                damaged.append(path)
            elif frame.kind == b"H":
                facts = json.loads(frame.body)
                belongs = Belongs(bytes.fromhex(facts["line"]), int(facts["schema"]))
            elif belongs is not None and belongs.line == line:
                if frame.kind == b"D":
                    done = max(done, frame.serial)
                    continue
                while last >= frame.serial:
                    changes.pop(last, None)
                    last -= 1
                done = min(done, frame.serial - 1)
                if frame.kind == b"T":
                    changes[frame.serial] = Place(
                        path, frame.offset, frame.serial, belongs.schema, line
                    )
                    last = frame.serial
    return Index(changes, done, tuple(damaged))


def lines(profile: Path, dek: bytes) -> tuple[bytes, ...]:
    """Every line that has a file here, the newest first."""
    found: dict[bytes, None] = {}
    for path in reversed(files(profile)):
        first = next(_frames(path, dek), None)
        if first is not None and first.kind == b"H":
            found[bytes.fromhex(json.loads(first.body)["line"])] = None
    return tuple(found)


def next_number(profile: Path) -> int:
    """Number of the file that will be begun next."""
    return max((int(path.stem) for path in files(profile)), default=0) + 1


def drop_before(profile: Path, number: int) -> None:
    """Let the files before this number go."""
    for path in files(profile):
        if int(path.stem) < number:
            path.unlink(missing_ok=True)


def read_change(place: Place, dek: bytes) -> tuple[Statement, ...]:
    """The statements of a change that `read_index` found whole."""
    with place.path.open("rb") as file:
        file_id = file.read(_BEGIN)[len(MAGIC) :]
        file.seek(place.offset)
        head = file.read(_HEAD.size)
        _, length, at, _, _ = _HEAD.unpack(head)
        file.seek(_CRC.size, os.SEEK_CUR)
        plain = _cipher(dek, file_id).decrypt(
            at.to_bytes(12, "big"), file.read(length), file_id + head
        )
    rows = json.loads(zlib.decompress(plain))
    return tuple((sql, _in(given), many) for sql, given, many in rows)


def _frames(path: Path, dek: bytes) -> Iterator[_Frame | None]:
    """Frames in order; None once for each stretch that does not hold, a torn end excepted."""
    data = path.read_bytes()
    if data[: len(MAGIC)] != MAGIC:
        yield None
        return
    file_id = data[len(MAGIC) : _BEGIN]
    cipher, offset, wrong = _cipher(dek, file_id), _BEGIN, False
    while offset < len(data):
        frame = _frame(data, offset, cipher, file_id)
        if frame is None:
            wrong, offset = True, data.find(_MARK, offset + 1)
            if offset < 0:
                return
            continue
        if wrong:
            wrong = False
            yield None
        yield frame
        offset += _HEAD.size + _CRC.size + 16 + len(frame.body)


def _frame(data: bytes, offset: int, cipher: ChaCha20Poly1305, file_id: bytes) -> _Frame | None:
    body = offset + _HEAD.size + _CRC.size
    head = data[offset : offset + _HEAD.size]
    if body > len(data) or data[body - _CRC.size : body] != _CRC.pack(zlib.crc32(head)):
        return None
    mark, length, place, serial, kind = _HEAD.unpack(head)
    if mark != _MARK or length > _LONGEST or body + length > len(data):
        return None
    try:
        plain = cipher.decrypt(
            place.to_bytes(12, "big"), data[body : body + length], file_id + head
        )
    except InvalidTag:
        return None
    return _Frame(offset, place, serial, kind, plain)


def _cipher(dek: bytes, file_id: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive(dek, f"journal:{file_id.hex()}"))


def _out(value: bytes | memoryview) -> dict[str, str]:
    return {"b": base64.b64encode(value).decode()}


def _in(value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["b"])
    if isinstance(value, list):
        return [_in(each) for each in value]
    return value
