"""Files on a stick: checked after writing, and never half a file under its last name."""

from __future__ import annotations

import errno
import os
import shutil
from hashlib import file_digest, sha256
from pathlib import Path

from casework.errors import StickFailed, StickFull
from store.files import sync_folder

SPARE = 4 * 1024 * 1024  # bytes that stay free, for folders and for answers


def free(folder: Path) -> int:
    """Bytes free where a folder lies.

    Raises:
        StickFailed: It cannot be read.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        raise StickFailed from None


def need(folder: Path, size: int) -> None:
    """Refuse before anything is written where `size` bytes find no room.

    Raises:
        StickFull: They do not.
        StickFailed: The folder cannot be read.
    """
    if size and (there := free(folder)) < size + SPARE:
        raise StickFull(mb=-(-(size + SPARE) // 1_000_000), free=there // 1_000_000)


def put(path: Path, content: bytes) -> None:
    """Write a small file, whole or not at all.

    Raises:
        StickFull, StickFailed: It was not written, or not read back as it was.
    """
    part = _part_of(path)
    try:
        part.unlink(missing_ok=True)  # a link that lies there is not followed
        with part.open("xb") as file:
            file.write(content)
            _lasting(file.fileno())
        _name(part, path, sha256(content).hexdigest())
    except OSError as error:
        raise _meant(error, len(content), path.parent) from None


def copy(source: Path, path: Path, digest: str) -> None:
    """Copy a large file; a copy that was cut off goes on where it stopped.

    Args:
        source: A file whose content was verified.
        path: Its name on the stick.
        digest: SHA-256 of the content in hex.

    Raises:
        StickFull, StickFailed: It was not written, or not read back as it was.
    """
    size = source.stat().st_size
    try:
        if not _go_on(source, path, digest):  # what had been begun was damaged, or another file
            _go_on(source, path, digest, last=True)
    except OSError as error:
        raise _meant(error, size, path.parent) from None


def begun(path: Path) -> int:
    """Bytes of `path` that an earlier `copy` wrote."""
    part = _part_of(path)
    return part.stat().st_size if part.is_file() and not part.is_symlink() else 0


def is_whole(path: Path, digest: str) -> bool:
    """Whether a file lies there whose content has this SHA-256.

    Raises:
        StickFailed: It cannot be read.
    """
    try:
        return path.is_file() and not path.is_symlink() and _digest(path) == digest
    except OSError:
        raise StickFailed from None


def _go_on(source: Path, path: Path, digest: str, *, last: bool = False) -> bool:
    part = _part_of(path)
    if part.is_symlink():
        part.unlink()
    with source.open("rb") as whole, part.open("ab") as file:
        whole.seek(file.tell())
        shutil.copyfileobj(whole, file, 1 << 20)
        _lasting(file.fileno())
    return _name(part, path, digest, must=last)


def _name(part: Path, path: Path, digest: str, *, must: bool = True) -> bool:
    """Give a file its last name once it reads back as it should; else it goes."""
    if _digest(part) != digest:
        part.unlink()
        if must:
            raise StickFailed
        return False
    part.replace(path)
    sync_folder(path.parent)
    return True


def _lasting(handle: int) -> None:
    os.fsync(handle)
    if hasattr(os, "posix_fadvise"):  # so that it is read back from the stick, not from memory
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _meant(error: OSError, size: int, folder: Path) -> StickFailed | StickFull:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StickFull(mb=-(-(size + SPARE) // 1_000_000), free=free(folder) // 1_000_000)
    return StickFailed()
