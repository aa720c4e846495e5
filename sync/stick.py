"""The part of the province's repository that a stick carries for programs (docs/protocol.md 18).

A computer without a network judges it as if it had come over the line. No name and no byte on the
stick is believed before that, and nothing of it is ever run.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sync.carried import A_ROOT, STAMP, newest_stamp
from sync.catalogue import Until, read_root
from sync.errors import NotOnStick, PackageForged, StickUnreadable
from sync.http import Answer

if TYPE_CHECKING:
    from sync.packages import PackageSource

FOLDER = "lastmile-program"
FIRST_ROOT = "root.json"
MOST_LATE = timedelta(days=90)  # a timestamp that is over for longer is not taken from a stick
_MOST_SMALL = 1 << 20
_PIECE = 1 << 18


class CarriedRepository:
    """The repository as a stick carries it: a `casework.fetching.Published` without a line.

    Args:
        stick: Folder of the stick.
        keys: The province's keys by kid in hex.
        now: Aware. A timestamp that is over for at most `MOST_LATE` is judged, and with it all
            else, at its last moment: the stick may have been longer on its way than it lives.
    """

    def __init__(self, stick: Path, keys: Mapping[str, bytes], now: datetime) -> None:
        self._folder, self._keys, self._now = stick / FOLDER, keys, now

    def repository_root(self) -> bytes:
        """The root to believe at first.

        Raises:
            PackageForged: None of the province's keys signed it.
            NotOnStick, StickUnreadable: There is none.
        """
        try:
            root = read_root(json.loads(self._small(FIRST_ROOT)), self._keys)
        except (ValueError, RecursionError):
            root = None
        if root is None:
            raise PackageForged
        return root

    def packages(
        self, root: bytes, known: Mapping[str, bytes], parts: Path, until: Until
    ) -> PackageSource:
        """A look at what the stick carries.

        Raises:
            NotOnStick, StickUnreadable: It carries none, or cannot be read.
        """
        from sync.packages import PackageSource  # noqa: PLC0415 - python-tuf, when first needed

        stamp = newest_stamp(self._small(STAMP), known)
        way, at = _Folder(self._folder, stamp), judged_at(stamp, self._now)
        return PackageSource(way, root, known, parts, until, at=at)

    def _small(self, name: str) -> bytes:
        with _reading(), _open(self._folder / name) as file:
            return file.read(_MOST_SMALL)


def judged_at(stamp: bytes, now: datetime) -> datetime:
    """The last moment of a timestamp that is over since at most `MOST_LATE`; else `now`."""
    try:
        over = datetime.fromisoformat(json.loads(stamp)["signed"]["expires"]).astimezone(UTC)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return now
    return over - timedelta(seconds=1) if now - MOST_LATE < over < now else now


class _Folder:
    """A folder of the stick, in the place of a link."""

    def __init__(self, folder: Path, stamp: bytes) -> None:
        self._folder, self._stamp = folder, stamp

    @contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str]
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """As `sync.http.Link.stream`.

        Raises:
            NotOnStick, StickUnreadable: The file is not there, or cannot be read.
        """
        name = path.removeprefix("/repository/")
        if name == STAMP:
            yield Answer(200, {}, b""), iter([self._stamp])
            return
        begin = int(headers.get("Range", "bytes=0-")[6:-1])
        try:
            with _reading():
                file = _open(self._folder / name)
        except NotOnStick:
            if not A_ROOT.fullmatch(path):
                raise
            yield Answer(404, {}, b""), iter([b""])
            return
        with file:
            yield Answer(206 if begin else 200, {}, b""), _pieces(file, begin)


def _pieces(file: IO[bytes], begin: int) -> Iterator[bytes]:
    with _reading():
        file.seek(begin)
        while piece := file.read(_PIECE):
            yield piece


def _open(path: Path) -> IO[bytes]:
    """Open a file, and nothing that only looks like one: a pipe would never end, a link lead away.

    Raises:
        OSError: There is none, or it cannot be read.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError
    return os.fdopen(handle, "rb")


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise NotOnStick from None
    except OSError:
        raise StickUnreadable from None
