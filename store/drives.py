"""Whether a folder lies on another computer's drive, where neither locks nor syncs hold."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

from store.errors import NetworkDrive

MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = frozenset(
    {"9p", "afs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"ocfs2", "smb3", "smbfs"}
    | {f"fuse.{name}" for name in ("davfs2", "glusterfs", "rclone", "s3fs", "sshfs")}
)
_DRIVE_REMOTE = 4  # of Windows' GetDriveTypeW


def refuse_network(folder: Path) -> None:
    """Refuse a folder on a network drive.

    Raises:
        NetworkDrive: It is one.
    """
    if is_network(folder.resolve()):
        raise NetworkDrive


def is_network(folder: Path) -> bool:
    """Whether the folder is on a drive of another computer; False where nothing tells."""
    if sys.platform == "win32":
        root = folder.anchor
        kind: int = ctypes.windll.kernel32.GetDriveTypeW(root)
        return root.startswith("\\\\") or kind == _DRIVE_REMOTE
    if not MOUNTS.exists():
        return False
    return file_system(folder, MOUNTS.read_text(encoding="utf-8")) in _REMOTE


def file_system(folder: Path, mounts: str) -> str:
    """Kind of the file system that holds `folder`, from the text of Linux' mountinfo; or "".

    Spec: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        parts = left.split()
        if len(parts) < 5 or not right:
            continue
        point = Path(parts[4].replace("\\040", " "))
        depth = len(point.parts)
        if depth >= best and folder.is_relative_to(point):  # a later mount hides an earlier one
            best, kind = depth, right.split()[0]
    return kind
