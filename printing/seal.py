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

import segno

from printing import base45, cose, delegation
from printing.delegation import Delegation
from printing.errors import Altered, BeyondDelegation, Expired

PREFIX = "LM1:"
_KEYS = range(1, 10)


@dataclass(frozen=True)
class Credential:
    """What a genuine certificate says of itself.

    Attributes:
        id_last4: Last four characters of the holder's ID number; never more.
        issued_on: And `valid_until`: `YYYY-MM-DD`; None for no end.
        digest: First 16 bytes of SHA-256 over the canonical JSON of the certificate's fields.
        key_id: Of the key that signed.
        delegation: The province's word for that key, where an office signed; its name is `issuer`.
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
    delegation: Delegation | None = None


def verify(text: str, keys: Mapping[bytes, bytes], *, today: date | None = None) -> Credential:
    """Read a credential and check its signature.

    Args:
        text: What the QR holds.
        keys: Raw public keys by key id: Ed25519 of 32 bytes, SM2 of 64.
        today: Refuse what has expired by this day; None does not look at validity.

    Raises:
        Altered: Not readable as a credential.
        UnknownKey: Signed by a key that is not among `keys`, nor vouched for by one of them.
        Forged: The signature is not that key's.
        BeyondDelegation: Signed by an office that was not allowed this template on that day.
        Expired: Genuine, but valid only until an earlier day.
    """
    message = _message(text)
    inside = message.header.get(delegation.HEADER)
    word = None
    if inside is not None:
        if not isinstance(inside, bytes):
            raise Altered
        word = delegation.read(inside, keys)
        keys = {word.device_id: word.public}
    credential = _credential(message.payload, message.prove(keys), word)
    if word is not None and not word.covers(credential.template, credential.issued_on):
        raise BeyondDelegation
    still_valid(credential, today)
    return credential


def is_delegated(text: str) -> bool:
    """Whether an office signed it, as the text says; nothing is proven."""
    try:
        return delegation.HEADER in _message(text).header
    except Altered:
        return False


def still_valid(credential: Credential, today: date | None) -> None:
    """Refuse what has expired by `today`; None does not look at validity.

    Raises:
        Expired: Valid only until an earlier day.
    """
    if today and credential.valid_until and date.fromisoformat(credential.valid_until) < today:
        raise Expired(credential.valid_until)


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


def _message(text: str) -> cose.Message:
    if not text.startswith(PREFIX):
        raise Altered
    code = text[len(PREFIX) :].replace("\r", "").replace("\n", "")
    for lost in ("", " ", "  "):  # Base45 may end in blanks, which forms and people trim
        try:
            data = base45.decode(code + lost)
        except ValueError:
            continue
        message = cose.read(data)
        if message is not None:
            return message
    raise Altered


def _credential(payload: bytes, key_id: bytes, word: Delegation | None) -> Credential:
    said = cose.read_map(payload)
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
    issuer = word.office if word else issuer
    return Credential(issuer, number, template, holder, last4, issued, until, digest, key_id, word)
