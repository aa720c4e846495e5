"""The province's word for a computer of an office: for some weeks it may sign one template.

The word is signed by the province and travels inside each credential that the computer signs. So
anybody who holds the province's keys checks such a credential without a network, and without a list
of all computers of the province. Spec: docs/protocol.md, section 8.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from printing import cose
from printing.errors import Altered

AAD = b"lastmile/1 delegation"
HEADER = -65537  # of the protected header, in the range for private use
_PUBLIC = 32  # bytes: Ed25519


@dataclass(frozen=True)
class Delegation:
    """What the province says of a computer.

    Attributes:
        public: The computer's Ed25519 key, 32 bytes.
        office: Who issues, as paper and windows name it.
        division: Of the office.
        template: The one that it may sign.
        first: And `last`: days on which it may, `YYYY-MM-DD`.
        key_id: Of the province's key that signed this.
    """

    public: bytes
    office: str
    division: str
    template: str
    first: str
    last: str
    key_id: bytes

    @property
    def device_id(self) -> bytes:
        """Key id of the computer."""
        return hashlib.sha256(self.public).digest()[:8]

    def covers(self, template: str, day: str) -> bool:
        """Whether the computer may sign this template on this day."""
        return template == self.template and self.first <= day <= self.last


def read(data: bytes, keys: Mapping[bytes, bytes]) -> Delegation:
    """Read the province's word and check its signature.

    Args:
        data: As the province sent it.
        keys: The province's raw public keys by key id.

    Raises:
        Altered: Not readable.
        UnknownKey, Forged: Not signed by one of `keys`.
    """
    message = cose.read(data)
    if message is None:
        raise Altered
    key_id = message.prove(keys, AAD)
    said = cose.read_map(message.payload)
    public, texts = said.get(2), [said.get(key) for key in range(3, 8)]
    if said.get(1) != 1 or not isinstance(public, bytes) or len(public) != _PUBLIC:
        raise Altered
    if not all(isinstance(value, str) for value in texts):
        raise Altered
    office, division, template, first, last = (str(value) for value in texts)
    for day in (first, last):
        try:
            date.fromisoformat(day)
        except ValueError:
            raise Altered from None
    return Delegation(public, office, division, template, first, last, key_id)
