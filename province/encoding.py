"""Encodings that the protocol names: canonical JSON, base64, base45, times."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import uuid
from datetime import UTC, datetime

from province.errors import Malformed

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def canonical(value: object) -> bytes:
    """Canonical JSON of `value` (docs/protocol.md section 1).

    Raises:
        ValueError: NaN, an infinite number, half a character, or a value that holds itself.
        TypeError: Not a value of JSON.
    """
    said = json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return said.encode()


def to_b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode()


def from_b64(text: str) -> bytes:
    """Bytes behind standard base64.

    Raises:
        Malformed: Not base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed from None


def to_base45(data: bytes) -> str:
    """Base45 text (RFC 9285), which a QR code holds in its alphanumeric mode."""
    out = []
    for i in range(0, len(data) - 1, 2):
        low, rest = data[i] * 256 + data[i + 1], 0
        low, rest = low % 45, low // 45
        out += [BASE45[low], BASE45[rest % 45], BASE45[rest // 45]]
    if len(data) % 2:
        out += [BASE45[data[-1] % 45], BASE45[data[-1] // 45]]
    return "".join(out)


def from_base45(text: str) -> bytes:
    """Bytes behind base45 text.

    Raises:
        Malformed: A character or length that base45 does not have.
    """
    digits = [BASE45.find(char) for char in text]
    if -1 in digits or len(digits) % 3 == 1:
        raise Malformed
    out = bytearray()
    for i in range(0, len(digits), 3):
        part = digits[i : i + 3]
        number = sum(digit * 45**place for place, digit in enumerate(part))
        size = len(part) - 1
        if number >= 256**size:
            raise Malformed
        out += number.to_bytes(size, "big")
    return bytes(out)


def uuid7(now_ms: int) -> str:
    """A new UUIDv7 (RFC 9562): sorts by time, so that an index grows at its end."""
    value = (now_ms & (2**48 - 1)) << 80 | 7 << 76 | secrets.randbits(12) << 64
    return str(uuid.UUID(int=value | 2 << 62 | secrets.randbits(62)))


def to_time(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_rfc3339(ms: int) -> str:
    """Milliseconds since 1970 as the protocol writes times."""
    return to_time(datetime.fromtimestamp(ms / 1000, UTC))
