"""Files that are written whole or not at all, and the lock of a profile."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from store.errors import DiskFault, DiskFull, ProfileReadOnly, StoreBusy

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FAULT = (errno.EIO,)


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace `path` by `data` so that a power cut leaves the old or the new, never a part.

    Args:
        path: The file; its folder exists.
        data: The content.
        private: Readable by this user only.

    Raises:
        DiskFull: No room; the old file stands.
        ProfileReadOnly: The folder takes no files.
    """
    temporary = path.with_name(path.name + ".new")
    try:
        handle = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise as_store_error(error) from None


def lasting(path: Path) -> None:
    """Make the content of a file that was written by others last."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` last; nothing to do on Windows."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_store_error(error: OSError) -> DiskFull | DiskFault | ProfileReadOnly:
    """What a failed write means for the clerk."""
    if error.errno in _NO_SPACE:
        return DiskFull()
    return DiskFault() if error.errno in _FAULT else ProfileReadOnly()


class ProfileLock:
    """Held while a process works with a profile; ends with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            StoreBusy: Another process holds it.
            ProfileReadOnly: The folder takes no files.
        """
        try:
            self._handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise as_store_error(error) from None
        try:
            _lock(self._handle)
        except OSError:
            os.close(self._handle)
            raise StoreBusy from None

    def release(self) -> None:
        """Give it back; twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
