"""The province's word for offices' devices: which certificates they may sign (protocol section 8).

A service says in its package that offices decide it. Each device of such an office gets a word for
each template, signed by the province; it travels inside every credential that the device signs.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from province.encoding import to_b64
from province.errors import Malformed
from province.keys import EDDSA, Credential, SigningKey, content_of, open_code, to_sign
from province.models import Device, Office
from province.packages import Service, Services
from province.trust import Ring, day

AAD = b"lastmile/1 delegation"
HEADER = -65537
DAYS = 90
NUMBER = re.compile(r"LM[0-9]{4}-(.+)T([0-9]{6,12})")  # of an office; (1) is its block's prefix


@dataclass(frozen=True)
class Delegation:
    """What the province says of a device; days are `YYYY-MM-DD`, both included."""

    public: bytes
    office: str
    division: str
    template: str
    first: str
    last: str

    def written(self, key: SigningKey) -> bytes:
        """Signed by `key`, as credentials carry it."""
        protected = cbor2.dumps({1: EDDSA, 4: key.kid})
        said = (self.public, self.office, self.division, self.template, self.first, self.last)
        payload = cbor2.dumps({1: 1, **dict(enumerate(said, start=2))})
        return cbor2.dumps([protected, {}, payload, key.sign(to_sign(protected, payload, AAD))])


def decided_by(services: Services, division: str) -> tuple[Service, ...]:
    """The services, in all versions, that an office of this division decides by itself."""
    return tuple(
        each
        for id_ in services.ids()
        for each in services.versions(id_)
        if each.package.decision.lies_with(division)
    )


def give(
    session: Session, services: Services, device_id: str, key: SigningKey, today: date
) -> list[dict[str, str]]:
    """The words for a device as they go over the wire; none where its office decides nothing."""
    device = session.get_one(Device, device_id)
    office = session.get_one(Office, device.office_id)
    plans = [each.package.certificate for each in decided_by(services, office.division)]
    last = today + timedelta(days=DAYS)
    days = today.isoformat(), last.isoformat()
    public = device.public_key
    return [
        {
            "template": template,
            "last": days[1],
            "delegation": to_b64(
                Delegation(public, office.name, office.division, template, *days).written(key)
            ),
        }
        for template in sorted({plan.template for plan in plans if plan})
    ]


def read_credential(session: Session, text: str, ring: Ring) -> tuple[Credential, Delegation]:
    """A credential that a device signed, with the word that it carries.

    Raises:
        Malformed: Not one, or the word is not ours, does not cover it, or came after the device was
            shut out.
    """
    for protected, payload, signature in open_code(text):
        with contextlib.suppress(*_BROKEN):
            word = _read_word(cbor2.loads(protected)[HEADER], ring)
            public = Ed25519PublicKey.from_public_bytes(word.public)
            public.verify(signature, to_sign(protected, payload))
            content = content_of(payload, word.office)
            if _covers(word, content) and not _shut_out(session, word, content.issued_on):
                return content, word
    raise Malformed


_BROKEN = (
    Malformed,
    InvalidSignature,
    cbor2.CBORDecodeError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)


def _read_word(data: Any, ring: Ring) -> Delegation:
    protected, _, payload, signature = cbor2.loads(data)
    members = cbor2.loads(payload)
    word = Delegation(*(members[i] for i in range(2, 8)))
    for key, until in ring.signers():
        with contextlib.suppress(InvalidSignature):
            public = Ed25519PublicKey.from_public_bytes(key.public)
            public.verify(signature, to_sign(protected, payload, AAD))
            if not until or word.first <= until:
                return word
    raise Malformed


def _covers(word: Delegation, content: Credential) -> bool:
    number = NUMBER.fullmatch(content.number)
    return (
        content.template == word.template
        and word.first <= content.issued_on <= word.last
        and number is not None
        and number[1].startswith(f"{word.division}-")
    )


def _shut_out(session: Session, word: Delegation, issued_on: str) -> bool:
    query = select(Device.revoked_ms).where(Device.public_key == word.public)
    return any(at is not None and issued_on > day(at) for at in session.scalars(query))
