"""The province's key for stores whose password was lost (docs/protocol.md section 15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.signed import read_told_key

PURPOSE = b"lastmile/1 recovery-key\n"


@dataclass(frozen=True)
class RecoveryKey:
    """A public key of 1,216 bytes (ML-KEM-768, then X25519); `kid` in hex."""

    kid: str
    public: bytes


def read_recovery_key(told: object, keys: Mapping[str, bytes]) -> RecoveryKey | None:
    """The key as the province tells it, if one of its pinned keys signed it; else None."""
    key = read_told_key(told, keys, PURPOSE)
    return None if key is None else RecoveryKey(*key)
