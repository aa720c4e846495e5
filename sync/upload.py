"""Resumable upload without I/O: what to ask next, and what an answer teaches.

Spec: docs/protocol.md section 6 (tus 1.0 semantics, the id is the file's SHA-256).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.errors import Unexpected

SMALLEST_BYTES = 16 * 1024
LARGEST_BYTES = 256 * 1024


@dataclass(frozen=True)
class Reply:
    """An answer: its status and the `Upload-Offset` it carried."""

    status: int
    offset: int | None = None


@dataclass(frozen=True)
class Upload:
    """What we know of one upload; sizes in bytes.

    Attributes:
        announced: Whether the province knows the file.
        offset: What the province holds durably; None when we do not know.
        chunk: How much to send next.
    """

    size: int
    announced: bool = False
    offset: int | None = None
    chunk: int = 64 * 1024

    @property
    def done(self) -> bool:
        """Whether the province holds all of it."""
        return self.offset == self.size


@dataclass(frozen=True)
class Announce:
    """Ask for PUT with the length."""


@dataclass(frozen=True)
class Ask:
    """Ask for HEAD."""


@dataclass(frozen=True)
class Send:
    """Send the bytes from `start` to before `end`."""

    start: int
    end: int


def next_step(upload: Upload) -> Announce | Ask | Send | None:
    """What to request now; None when done."""
    if not upload.announced:
        return Announce()
    if upload.offset is None:
        return Ask()
    if upload.done:
        return None
    return Send(upload.offset, min(upload.offset + upload.chunk, upload.size))


def learn(upload: Upload, reply: Reply | None, *, seconds: float = 0.0) -> Upload:
    """Fold a reply into what we know; None means the connection broke and we know less.

    Args:
        upload: What we knew.
        reply: The answer to `next_step(upload)`.
        seconds: How long the chunk took; chunks aim at half a second.

    Raises:
        Unexpected: A status or offset that the protocol does not allow here.
    """
    match reply:
        case None | Reply(status=409 | 460):  # broken, wrong offset, bad checksum: ask again
            return replace(upload, offset=None, chunk=max(SMALLEST_BYTES, upload.chunk // 2))
        case Reply(status=404 | 410):  # the province has dropped it: start afresh
            return Upload(upload.size, chunk=upload.chunk)
        case Reply(status=200 | 201 | 204, offset=int(offset)) if 0 <= offset <= upload.size:
            chunk = _adapted(upload.chunk, seconds) if reply.status == 204 else upload.chunk
            return replace(upload, announced=True, offset=offset, chunk=chunk)
        case _:
            raise Unexpected(status=reply.status)


def _adapted(chunk: int, seconds: float) -> int:
    if seconds <= 0:
        return chunk
    wanted = int(chunk * min(2.0, 0.5 / seconds))
    return max(SMALLEST_BYTES, min(LARGEST_BYTES, wanted))
