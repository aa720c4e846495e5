"""The signed file by which a province enrols a computer (docs/protocol.md section 3).

It holds a one-time code: whoever has the file can enrol one device until it is used or over.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.errors import EnrolmentFileForged, EnrolmentFileOver, Unexpected
from sync.providers.session import read_keys

PURPOSE = b"lastmile/1 enrolment\n"
MOST_BYTES = 65_536


@dataclass(frozen=True)
class EnrolmentFile:
    """What a file says once its signature holds.

    Attributes:
        keys: Public keys of the province by kid in hex; its answer must have them all.
        signed_by: The one of them that signed the file.
        code: The one-time code; a secret.
        expires_at: Aware.
    """

    url: str
    province: str
    office_id: str
    office_name: str
    division: str
    expires_at: datetime
    keys: Mapping[str, bytes]
    signed_by: str
    code: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What people compare with what the province has made known."""
        return fingerprint(self.keys[self.signed_by])


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a public key as people read it out: the first 32 hex digits in groups of four."""
    digits = sha256(public_key).hexdigest()[:32]
    return " ".join(digits[i : i + 4] for i in range(0, 32, 4))


def read_enrolment_file(data: bytes, now: datetime) -> EnrolmentFile:
    """Read a file and prove its signature; nothing is sent.

    Args:
        data: The file.
        now: Aware.

    Raises:
        EnrolmentFileForged: No enrolment file, or altered after it was signed.
        EnrolmentFileOver: Its time is over.
    """
    if len(data) > MOST_BYTES:
        raise EnrolmentFileForged
    try:
        signed = json.loads(data)
        content = base64.b64decode(signed["enrolment"], validate=True)
        signature = base64.b64decode(signed["signature"], validate=True)
        said: dict[str, Any] = json.loads(content)
        keys = read_keys(said["keys"])
        Ed25519PublicKey.from_public_bytes(keys[signed["kid"]]).verify(signature, PURPOSE + content)
        office = said["office"]
        file = EnrolmentFile(
            url=str(said["url"]),
            province=str(said["province"]),
            office_id=str(office["id"]),
            office_name=str(office["name"]),
            division=str(office["division"]),
            expires_at=datetime.fromisoformat(said["expires_at"]),
            keys=keys,
            signed_by=str(signed["kid"]),
            code=str(said["code"]),
        )
        over = file.expires_at <= now
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidSignature, Unexpected):
        raise EnrolmentFileForged from None
    if over:
        raise EnrolmentFileOver(on=f"{file.expires_at.astimezone(now.tzinfo):%Y-%m-%d}")
    return file
