"""COSE_Sign1 (RFC 9052) as credentials use it: Ed25519, or SM2 where its library is installed."""

from collections.abc import Mapping
from dataclasses import dataclass

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from printing.errors import Altered, Forged, UnknownKey

try:
    import gmssl_pyx
except ImportError:  # an option: the extra "sm"
    gmssl_pyx = None

EDDSA = -8
SM2 = -65538  # of the range for private use: SM2 with SM3 (GB/T 32918.2), signature in DER
_SM2_KEY = 64  # bytes: x and y
_TAG = 18  # COSE_Sign1


@dataclass(frozen=True)
class Message:
    """A signed message as read; nothing of it is proven before `prove`."""

    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def header(self) -> dict[object, object]:
        """The protected header.

        Raises:
            Altered: Not a map.
        """
        return read_map(self.protected)

    def prove(self, keys: Mapping[bytes, bytes], aad: bytes = b"") -> bytes:
        """Check the signature; the id of the key that made it.

        Args:
            keys: Raw public keys by key id: Ed25519 of 32 bytes, SM2 of 64.
            aad: What the signature covers beside header and payload.

        Raises:
            Altered: It names no key, or an unknown algorithm.
            UnknownKey: Signed by a key that is not among `keys`.
            Forged: The signature is not that key's.
        """
        algorithm, key_id = self.header.get(1), self.header.get(4)
        if algorithm not in (EDDSA, SM2) or not isinstance(key_id, bytes):
            raise Altered
        if key_id not in keys:
            raise UnknownKey
        public = keys[key_id]
        if (algorithm == SM2) != (len(public) == _SM2_KEY):
            raise Forged  # nobody chooses the algorithm but the key
        signed = cbor2.dumps(["Signature1", self.protected, aad, self.payload])
        if not is_signed(signed, self.signature, public):
            raise Forged
        return key_id


def read(data: bytes) -> Message | None:
    """A message, tagged or not; None where the bytes are no CBOR at all.

    Raises:
        Altered: CBOR, but not a signed message.
    """
    try:
        message = cbor2.loads(data)
    except (ValueError, EOFError, cbor2.CBORDecodeError):
        return None
    if isinstance(message, cbor2.CBORTag) and message.tag == _TAG:
        message = message.value
    if not isinstance(message, (list, tuple)) or len(message) != 4:
        raise Altered
    protected, _, payload, signature = message
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise Altered
    return Message(protected, payload, signature)


def write(
    header: Mapping[int, object], payload: Mapping[int, object], private: bytes, aad: bytes = b""
) -> bytes:
    """A message signed with an Ed25519 key of 32 bytes."""
    protected, content = cbor2.dumps(dict(header)), cbor2.dumps(dict(payload))
    key = Ed25519PrivateKey.from_private_bytes(private)
    signature = key.sign(cbor2.dumps(["Signature1", protected, aad, content]))
    return cbor2.dumps([protected, {}, content, signature])


def read_map(data: bytes) -> dict[object, object]:
    """A CBOR map.

    Raises:
        Altered: Something else.
    """
    try:
        found = cbor2.loads(data)
    except (ValueError, EOFError, cbor2.CBORDecodeError):
        raise Altered from None
    if not isinstance(found, dict):
        raise Altered
    return found


def is_signed(data: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the key's owner signed `data`; the key's length tells the algorithm.

    Raises:
        UnknownKey: An SM2 key, and this computer has no library for it.
    """
    if len(public) == _SM2_KEY:
        if gmssl_pyx is None:
            raise UnknownKey
        try:
            return bool(gmssl_pyx.sm2_verify(public, data, signature))
        except (ValueError, gmssl_pyx.GmsslInnerError):
            return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
