"""The province's key for stores whose password was lost (docs/protocol.md section 15)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PURPOSE = b"lastmile/1 recovery-key\n"


@dataclass(frozen=True)
class RecoveryKey:
    """A public key of 1,216 bytes (ML-KEM-768, then X25519); `kid` in hex."""

    kid: str
    public: bytes


def read_recovery_key(told: object, keys: Mapping[str, bytes]) -> RecoveryKey | None:
    """The key as the province tells it, if one of its pinned keys signed it; else None."""
    if not isinstance(told, Mapping):
        return None
    try:
        public = base64.b64decode(told["public_key"], validate=True)
        signature = base64.b64decode(told["signature"], validate=True)
        signer = Ed25519PublicKey.from_public_bytes(keys[told["signed_by"]])
        signer.verify(signature, PURPOSE + public)
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidSignature):
        return None
    kid = sha256(public).digest()[:8].hex()
    return RecoveryKey(kid, public) if told.get("kid") == kid else None
