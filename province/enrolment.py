"""The signed enrolment file: all that a new device needs to find and trust its province.

docs/protocol.md section 3. It holds a one-time code, so whoever has the file can enrol one device
until the code is used or over.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from province import accounts
from province.asking import keys
from province.encoding import canonical, to_b64, to_rfc3339

if TYPE_CHECKING:
    from province.app import Province

PURPOSE = b"lastmile/1 enrolment\n"


def fingerprint(public_key: bytes) -> str:
    """What people compare: SHA-256 of the key, the first 32 hex digits in groups of four."""
    digits = sha256(public_key).hexdigest()[:32]
    return " ".join(digits[i : i + 4] for i in range(0, 32, 4))


def write_file(province: Province, office_id: str, *, url: str, days: int) -> bytes:
    """A new enrolment file for one device of the office.

    Args:
        province: Whose key signs it.
        office_id: The office.
        url: Address of the province as devices reach it.
        days: How long the code in it serves.

    Raises:
        Unknown: No such office.
    """
    now = province.now_ms()
    office = province.database.read(accounts.get_office, office_id)
    code = province.database.write(accounts.new_enrol_code, office_id, now_ms=now, days=days)
    content = {
        "v": 1,
        "url": url.rstrip("/"),
        "province": province.name,
        "office": asdict(office),
        "code": code.replace("-", ""),
        "expires_at": to_rfc3339(now + days * 86_400_000),
        "keys": keys(province),
    }
    data = canonical(content)
    signed = {
        "enrolment": to_b64(data),
        "kid": province.key.kid.hex(),
        "signature": to_b64(province.key.sign(PURPOSE + data)),
    }
    return json.dumps(signed, indent=1).encode() + b"\n"
