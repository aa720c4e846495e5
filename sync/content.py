"""Content as it crosses the wire: proven by its digest, unpacked within limits.

Spec: docs/protocol.md section 1; RFC 9530 (the digest is over what is sent, packed as it is).
"""

from __future__ import annotations

import base64
import re
import zlib
from hashlib import sha256

import zstandard

from sync.errors import Offline, TooLarge

DIGEST = "Content-Digest"
CODINGS = "zstd, gzip"
WORTH_BYTES = 1024  # what is shorter goes as it is
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([^:]*):")
_WINDOW_BYTES = 8 * 1024 * 1024


def digest(content: bytes | bytearray) -> str:
    """The header's value."""
    return f"sha-256=:{base64.b64encode(sha256(content).digest()).decode()}:"


def check(content: bytes | bytearray, said: str) -> None:
    """Compare with the header's value; one that holds no SHA-256 proves nothing and is let be.

    Raises:
        Offline: Another content was sent: the line damages what it carries.
    """
    found = _SHA256.search(said)
    if found is not None and f"sha-256=:{found[1]}:" != digest(content):
        raise Offline


def pack(content: bytes) -> tuple[bytes, str]:
    """The content as it is sent, and its `Content-Encoding`; "" where packing is not worth it."""
    if len(content) < WORTH_BYTES:
        return content, ""
    packed = zstandard.ZstdCompressor(3).compress(content)
    return (packed, "zstd") if len(packed) < len(content) else (content, "")


def unpack(content: bytes, coding: str, most_bytes: int) -> bytes:
    """The content without its `Content-Encoding`.

    Raises:
        Offline: It is not packed so, or was cut.
        TooLarge: Unpacked it has more than `most_bytes`.
    """
    match coding.strip().lower():
        case "" | "identity":
            return content
        case "gzip":
            plain = _gunzip(content, most_bytes + 1)
        case "zstd":
            plain = _unzstd(content, most_bytes + 1)
        case _:
            raise Offline
    if len(plain) > most_bytes:
        raise TooLarge
    return plain


def _gunzip(content: bytes, most_bytes: int) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(content, most_bytes)
    except zlib.error:
        raise Offline from None
    if len(plain) < most_bytes and not reader.eof:
        raise Offline
    return plain


def _unzstd(content: bytes, most_bytes: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).stream_reader(content)
    try:
        return reader.read(most_bytes)
    except (zstandard.ZstdError, MemoryError):
        raise Offline from None
