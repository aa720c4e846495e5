"""Attachments on disk: one encrypted file each, under a random name.

A file is `LMB1` (ChaCha20-Poly1305) or `LMB2` (SM4-GCM), then chunks of at most 1 MiB, each
sealed under the file's own key; the chunk's position and whether it is the last are bound, so
cutting, swapping or appending is noticed. The database holds name, size and hash.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection
from pathlib import Path

from cryptography.exceptions import InvalidTag

from store.errors import AttachmentDamaged, AttachmentGone, DiskFull
from store.files import as_store_error, write_whole
from store.suites import SM, STANDARD, Suite

MAGIC = {STANDARD: b"LMB1", SM: b"LMB2"}
_SUITES = {magic: suite for suite, magic in MAGIC.items()}
CHUNK = 1 << 20
TAG = 16
_ORPHAN_S = 86_400  # a file this old that no row names was left by a crash


class Blobs:
    """Reads and writes blobs; any thread."""

    def __init__(
        self,
        folder: Path,
        dek: bytes,
        suite: Suite = STANDARD,
        *,
        on_full: Callable[[], object] = lambda: None,
    ) -> None:
        self._folder = folder
        self._on_full = on_full
        self._dek = dek
        self._suite = suite
        folder.mkdir(exist_ok=True, mode=0o700)

    def put(self, data: bytes) -> str:
        """Keep `data` durably; returns the name to keep in the database.

        Raises:
            DiskFull: No room.
            ProfileReadOnly: The folder takes no files.
        """
        name = secrets.token_hex(16)
        self._write(name, data)
        return name

    def reseal(self, old: Blobs) -> int:
        """Write every blob that only the key of `old` opens anew under this one; how many.

        Stopped anywhere, it goes on where it was.
        """
        count = 0
        for path in sorted(self._folder.glob("??/*")):
            if path.suffix or self._opens(path.name):
                continue
            self._write(path.name, old.get(path.name))
            count += 1
        return count

    def _opens(self, name: str) -> bool:
        try:
            self.get(name)
        except AttachmentDamaged:
            return False
        return True

    def _write(self, name: str, data: bytes) -> None:
        magic = MAGIC[self._suite]
        key = self._key(self._suite, name)
        count = max(1, -(-len(data) // CHUNK))
        parts = [magic]
        for i in range(count):
            chunk = data[i * CHUNK : (i + 1) * CHUNK]
            parts.append(self._suite.seal(key, _nonce(i), chunk, _bound(magic, i, count)))
        path = self._path(name)
        try:
            path.parent.mkdir(exist_ok=True, mode=0o700)
            write_whole(path, b"".join(parts), private=True)
        except OSError as error:
            raise as_store_error(error) from None
        except DiskFull:
            self._on_full()
            raise

    def get(self, name: str) -> bytes:
        """The content.

        Raises:
            AttachmentGone: No such file.
            AttachmentDamaged: It was altered or cut short.
        """
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            raise AttachmentGone from None
        suite = _SUITES.get(sealed[:4])
        if suite is None:
            raise AttachmentDamaged
        key = self._key(suite, name)
        body, step = memoryview(sealed)[4:], CHUNK + TAG
        count = max(1, -(-len(body) // step))
        try:
            return b"".join(
                suite.open(
                    key,
                    _nonce(i),
                    bytes(body[i * step : (i + 1) * step]),
                    _bound(sealed[:4], i, count),
                )
                for i in range(count)
            )
        except InvalidTag:
            raise AttachmentDamaged from None

    def drop(self, name: str) -> None:
        """Remove a blob; harmless where it is gone."""
        self._path(name).unlink(missing_ok=True)

    def drop_orphans(self, known: Collection[str]) -> int:
        """Remove blobs older than a day that no row names; returns how many."""
        oldest, dropped = time.time() - _ORPHAN_S, 0
        for path in self._folder.glob("??/*"):
            if path.name not in known and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped

    def _key(self, suite: Suite, name: str) -> bytes:
        return suite.derive(self._dek, f"lastmile/1 blob:{name}".encode())

    def _path(self, name: str) -> Path:
        if not (len(name) == 32 and set(name) <= set("0123456789abcdef")):
            raise AttachmentGone
        return self._folder / name[:2] / name


def _nonce(position: int) -> bytes:
    return position.to_bytes(12, "big")


def _bound(magic: bytes, position: int, count: int) -> bytes:
    return magic + position.to_bytes(8, "big") + bytes([position == count - 1])
