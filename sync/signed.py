"""What a province has signed: receipts, and keys that it tells (docs/protocol.md).

Each kind has a purpose of its own in front of the signed bytes, so that none passes for another.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.errors import ReceiptForged

_BROKEN = (KeyError, TypeError, ValueError, binascii.Error, InvalidSignature)


def canonical(value: object) -> bytes:
    """Canonical JSON (section 1)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def check_signed(
    signed: Mapping[str, Any],
    keys: Mapping[str, bytes],
    purpose: bytes,
    wanted: Mapping[str, object],
) -> bytes:
    """A receipt as to be kept, once it is proven to say what it must say.

    Args:
        signed: The three members as received (section 5).
        keys: Pinned public keys by kid in hex.
        purpose: What stands before the signed bytes.
        wanted: Members that the receipt must hold with just these values.

    Raises:
        ReceiptForged: Unknown key, wrong signature, or another content.
    """
    try:
        data = _proven(signed, "receipt", keys[signed["kid"]], purpose)
        content = json.loads(data)
        same = all(content[name] == value for name, value in wanted.items())
    except _BROKEN:
        raise ReceiptForged from None
    if not same:
        raise ReceiptForged
    return canonical({name: signed[name] for name in ("receipt", "kid", "signature")})


def read_told(told: object, member: str, keys: Mapping[str, bytes], purpose: bytes) -> bytes | None:
    """The bytes of a member that the province tells, where the key in `signed_by` signed them.

    None where it tells nothing, or nothing that a pinned key proves.
    """
    if not isinstance(told, Mapping):
        return None
    try:
        return _proven(told, member, keys[told["signed_by"]], purpose)
    except _BROKEN:
        return None


def read_told_key(
    told: object, keys: Mapping[str, bytes], purpose: bytes
) -> tuple[str, bytes] | None:
    """A public key that the province tells, after its `kid`; None where it is not proven."""
    public = read_told(told, "public_key", keys, purpose)
    if public is None or not isinstance(told, Mapping):
        return None
    kid = sha256(public).digest()[:8].hex()
    return (kid, public) if told.get("kid") == kid else None


def _proven(signed: Mapping[str, Any], member: str, key: bytes, purpose: bytes) -> bytes:
    data = base64.b64decode(signed[member], validate=True)
    signature = base64.b64decode(signed["signature"], validate=True)
    Ed25519PublicKey.from_public_bytes(key).verify(signature, purpose + data)
    return data
