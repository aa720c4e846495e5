"""Whether SQLite could use the whole write-ahead log, or stopped at a damaged place.

SQLite silently ignores everything behind the first frame that does not hold. That is right for a
torn end and wrong for a flipped bit, so the place where it stopped is looked at once more.

Spec: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER, _FRAME = 32, 24
_MAGIC = (0x377F0682, 0x377F0683)


def is_damaged(path: Path, used: int) -> bool:
    """Whether a whole frame of this log, behind those SQLite used, fails its checksum.

    Args:
        path: The log, as the crash left it.
        used: Frames that SQLite took over (`PRAGMA wal_checkpoint(NOOP)`).
    """
    if not path.exists() or path.stat().st_size <= _HEADER:
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER)
        magic, _, page, _, salt1, salt2, sum1, sum2 = struct.unpack(">8I", header)
        little = magic == _MAGIC[0]
        if magic not in _MAGIC or _sum(header[:24], (0, 0), little=little) != (sum1, sum2):
            return True
        size, count = _FRAME + page, (path.stat().st_size - _HEADER) // (_FRAME + page)
        at, sums = used, (sum1, sum2)
        if used:
            file.seek(_HEADER + (used - 1) * size)
            sums = struct.unpack(">2I", file.read(_FRAME)[16:])
        while at < count:
            frame = file.read(size)
            if struct.unpack(">2I", frame[8:16]) != (salt1, salt2):
                return False  # left over from before the log was begun anew
            sums = _sum(frame[_FRAME:], _sum(frame[:8], sums, little=little), little=little)
            if struct.unpack(">2I", frame[16:24]) != sums:
                return True
            at += 1
    return False


def _sum(data: bytes, start: tuple[int, int], *, little: bool) -> tuple[int, int]:
    s1, s2 = start
    words = struct.unpack(f"{'<' if little else '>'}{len(data) // 4}I", data)
    for i in range(0, len(words), 2):
        s1 = (s1 + words[i] + s2) & 0xFFFFFFFF
        s2 = (s2 + words[i + 1] + s1) & 0xFFFFFFFF
    return s1, s2
