"""The QR of a certificate: what it says, whether it is genuine, and its modules.

`LM1:` + Base45 of a COSE_Sign1 (RFC 9052) signed with Ed25519, or with SM2 where the library for it
is installed; the payload is a CBOR map with integer keys 1 to 9 (docs/protocol.md). Checking needs
the public keys and no network.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import cbor2
import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from printing import base45
from printing.errors import Altered, Expired, Forged, UnknownKey

try:
    import gmssl_pyx
except ImportError:  # an option: the extra "sm"
    gmssl_pyx = None

PREFIX = "LM1:"
_EDDSA = -8
_SM2 = -65538  # of the range for private use: SM2 with SM3 (GB/T 32918.2), signature in DER
_SM2_KEY = 64  # bytes: x and y
_TAG = 18  # COSE_Sign1
_KEYS = range(1, 10)


@dataclass(frozen=True)
class Credential:
    """What a genuine certificate says of itself.

    Attributes:
        id_last4: Last four characters of the holder's ID number; never more.
        issued_on: And `valid_until`: `YYYY-MM-DD`; None for no end.
        digest: First 16 bytes of SHA-256 over the canonical JSON of the certificate's fields.
        key_id: Of the key that signed.
    """

    issuer: str
    number: str
    template: str
    holder_name: str
    id_last4: str
    issued_on: str
    valid_until: str | None
    digest: bytes
    key_id: bytes


def verify(text: str, keys: Mapping[bytes, bytes], *, today: date | None = None) -> Credential:
    """Read a credential and check its signature.

    Args:
        text: What the QR holds.
        keys: Raw public keys by key id: Ed25519 of 32 bytes, SM2 of 64.
        today: Refuse what has expired by this day; None does not look at validity.

    Raises:
        Altered: Not readable as a credential.
        UnknownKey: Signed by a key that is not among `keys`.
        Forged: The signature is not that key's.
        Expired: Genuine, but valid only until an earlier day.
    """
    protected, payload, signature = _parts(text)
    algorithm, key_id = _header(protected)
    if key_id not in keys:
        raise UnknownKey
    public = keys[key_id]
    if (algorithm == _SM2) != (len(public) == _SM2_KEY):
        raise Forged  # nobody chooses the algorithm but the key
    if not is_signed(cbor2.dumps(["Signature1", protected, b"", payload]), signature, public):
        raise Forged
    credential = _credential(payload, key_id)
    still_valid(credential, today)
    return credential


def still_valid(credential: Credential, today: date | None) -> None:
    """Refuse what has expired by `today`; None does not look at validity.

    Raises:
        Expired: Valid only until an earlier day.
    """
    if today and credential.valid_until and date.fromisoformat(credential.valid_until) < today:
        raise Expired(credential.valid_until)


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


def check_fields(credential: Credential, fields: Mapping[str, object]) -> None:
    """Compare the certificate's fields with the digest that was signed.

    Raises:
        Altered: They are not the fields signed.
    """
    if fields_digest(fields) != credential.digest:
        raise Altered


def fields_digest(fields: Mapping[str, object]) -> bytes:
    """First 16 bytes of SHA-256 over the canonical JSON: sorted keys, UTF-8, no blanks."""
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()[:16]


@lru_cache(maxsize=64)
def modules(payload: str) -> Sequence[Sequence[bool]]:
    """Rows of dark modules of the QR, error correction M, without the quiet zone."""
    code = segno.make_qr(payload, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def _parts(text: str) -> tuple[bytes, bytes, bytes]:
    if not text.startswith(PREFIX):
        raise Altered
    code = text[len(PREFIX) :].replace("\r", "").replace("\n", "")
    for lost in ("", " ", "  "):  # Base45 may end in blanks, which forms and people trim
        try:
            message = cbor2.loads(base45.decode(code + lost))
            break
        except (ValueError, EOFError, cbor2.CBORDecodeError):
            continue
    else:
        raise Altered
    if isinstance(message, cbor2.CBORTag) and message.tag == _TAG:
        message = message.value
    if not isinstance(message, (list, tuple)) or len(message) != 4:
        raise Altered
    protected, _, payload, signature = message
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise Altered
    return protected, payload, signature


def _header(protected: bytes) -> tuple[int, bytes]:
    header = _map(protected)
    algorithm, key_id = header.get(1), header.get(4)
    if algorithm not in (_EDDSA, _SM2) or not isinstance(key_id, bytes):
        raise Altered
    return int(str(algorithm)), key_id


def _credential(payload: bytes, key_id: bytes) -> Credential:
    said = _map(payload)
    if said.get(1) != 1 or any(key not in said for key in _KEYS):
        raise Altered
    texts = [said[key] for key in range(2, 8)]
    until, digest = said[8], said[9]
    if until is not None and not isinstance(until, str):
        raise Altered
    if not all(isinstance(value, str) for value in texts) or not isinstance(digest, bytes):
        raise Altered
    try:
        date.fromisoformat(str(texts[5]))
        if until is not None:
            date.fromisoformat(until)
    except (ValueError, TypeError):
        raise Altered from None
    issuer, number, template, holder, last4, issued = (str(value) for value in texts)
    return Credential(issuer, number, template, holder, last4, issued, until, digest, key_id)


def _map(data: bytes) -> dict[object, object]:
    try:
        found = cbor2.loads(data)
    except (ValueError, EOFError, cbor2.CBORDecodeError):
        raise Altered from None
    if not isinstance(found, dict):
        raise Altered
    return found
