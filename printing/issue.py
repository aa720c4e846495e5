"""Credentials that an office signs itself, under the province's word for its computer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printing import base45, cose, delegation
from printing.seal import PREFIX, fields_digest


@dataclass(frozen=True)
class Claims:
    """What a certificate says of itself.

    Attributes:
        id_last4: Last four characters of the holder's ID number; never more.
        issued_on: And `valid_until`: `YYYY-MM-DD`; None for no end.
        fields: All that is printed on the template.
    """

    number: str
    template: str
    holder_name: str
    id_last4: str
    issued_on: str
    valid_until: str | None
    fields: Mapping[str, object]


def write(claims: Claims, private: bytes, word: bytes) -> str:
    """The text of the QR.

    Args:
        claims: What is certified.
        private: The computer's Ed25519 key, 32 bytes.
        word: The province's delegation for that key, as it came.
    """
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    header = {1: cose.EDDSA, 4: hashlib.sha256(public).digest()[:8], delegation.HEADER: word}
    payload = {
        1: 1,
        2: "",  # whoever the delegation names
        3: claims.number,
        4: claims.template,
        5: claims.holder_name,
        6: claims.id_last4,
        7: claims.issued_on,
        8: claims.valid_until,
        9: fields_digest(claims.fields),
    }
    return PREFIX + base45.encode(cose.write(header, payload, private))
