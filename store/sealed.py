"""Files that leave the office: sealed under a pass-phrase, so that nothing goes out in clear.

A file is `LMX1`, cost and salt of argon2id, a nonce, then ChaCha20-Poly1305 over the content.
"""

from __future__ import annotations

import os
import struct

from cryptography.exceptions import InvalidTag

from store.errors import SealBroken, WeakPassword
from store.slots import Cost, argon
from store.suites import STANDARD

MAGIC = b"LMX1"
LEAST_CHARACTERS = 12
ENDING = ".lmx"
_HEAD = struct.Struct(">4sIB16s12s")
_COST = Cost(65_536, 3)


def seal(data: bytes, phrase: str, *, cost: Cost = _COST) -> bytes:
    """The sealed file.

    Raises:
        WeakPassword: Fewer than 12 characters.
    """
    if len(phrase) < LEAST_CHARACTERS:
        raise WeakPassword(LEAST_CHARACTERS)
    salt, nonce = os.urandom(16), os.urandom(12)
    head = _HEAD.pack(MAGIC, cost.memory_kib, cost.passes, salt, nonce)
    return head + STANDARD.seal(argon(phrase.encode(), salt, cost), nonce, data, head)


def unseal(sealed: bytes, phrase: str) -> bytes:
    """The content.

    Raises:
        SealBroken: Not such a file, altered, or another pass-phrase.
    """
    try:
        head = sealed[: _HEAD.size]
        magic, memory_kib, passes, salt, nonce = _HEAD.unpack(head)
        if magic != MAGIC or not 8 <= memory_kib <= 1 << 20 or not 1 <= passes <= 64:
            raise SealBroken
        key = argon(phrase.encode(), salt, Cost(memory_kib, passes))
        return STANDARD.open(key, nonce, sealed[_HEAD.size :], head)
    except (struct.error, InvalidTag, ValueError):
        raise SealBroken from None
