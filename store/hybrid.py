"""Sealing to somebody's public key: HPKE with ML-KEM-768 and X25519 together (RFC 9180).

A private key is 96 bytes: the seed of the ML-KEM key (64), then the X25519 key (32). A public
key is 1,216 bytes. Both halves must be broken to open what was sealed.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

NAME = "hpke-mlkem768-x25519-hkdf-sha256-chacha20poly1305"
PRIVATE_BYTES = 96
PUBLIC_BYTES = 1216
_SEED = 64
_MLKEM_PUBLIC = 1184
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class CannotOpen(Exception):
    """Not sealed to this key, for another purpose, or altered."""


def new_private() -> bytes:
    """A private key."""
    seed = MLKEM768PrivateKey.generate().private_bytes_raw()
    return seed + X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public key that belongs to a private one."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:_SEED]).public_key()
    x25519 = X25519PrivateKey.from_private_bytes(private[_SEED:]).public_key()
    return mlkem.public_bytes_raw() + x25519.public_bytes_raw()


def seal(public: bytes, data: bytes, purpose: bytes) -> bytes:
    """Seal `data` so that only the holder of the private key opens it, for `purpose` only.

    Raises:
        ValueError: Not a public key.
    """
    if len(public) != PUBLIC_BYTES:
        raise ValueError("not a public key")
    key = hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
    return _SUITE.encrypt(data, key, purpose)


def unseal(private: bytes, sealed: bytes, purpose: bytes) -> bytes:
    """What was sealed.

    Raises:
        CannotOpen: Not to this key, for another purpose, or altered.
    """
    try:
        key = hpke.MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(private[:_SEED]),
            X25519PrivateKey.from_private_bytes(private[_SEED:]),
        )
        return _SUITE.decrypt(sealed, key, purpose)
    except (InvalidTag, ValueError):
        raise CannotOpen from None
