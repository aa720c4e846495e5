"""Which keys sign certificates, and which certificates are void: a signed list, carried offline.

The province signs the list; a device takes it over when it is newer than the one it holds and a key
that it holds, and that is not revoked, signed it. So a new key is learnt through an old one, and
no file can bring an older list back. Spec: docs/protocol.md, section 14.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from printing import cose, seal
from printing.errors import DeviceShutOut, Forged, KeyRevoked, TrustRefused, Voided
from printing.seal import Credential

PURPOSE = b"lastmile/1 trust\n"


@dataclass(frozen=True)
class TrustedKey:
    """A public key that signs certificates.

    Attributes:
        public: 32 bytes Ed25519, or 64 bytes SM2.
        until: Last day on which it signed, `YYYY-MM-DD`; "" while it is in use.
        revoked: Whether nothing that it signed may be believed any more.
    """

    public: bytes
    until: str = ""
    revoked: bool = False


@dataclass(frozen=True)
class Trust:
    """What a device believes.

    Attributes:
        sequence: Of the list; 0 for the keys pinned at enrolment.
        issued_at: RFC 3339, UTC; "" for the pinned keys.
        keys: By key id.
        voided: Day by number of the certificate.
        devices: Day on which a computer of an office was shut out, by its key id.
    """

    sequence: int = 0
    issued_at: str = ""
    keys: Mapping[bytes, TrustedKey] = field(default_factory=dict)
    voided: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[bytes, str] = field(default_factory=dict)


def pinned(keys: Mapping[bytes, bytes]) -> Trust:
    """Belief in keys alone."""
    return Trust(keys={kid: TrustedKey(public) for kid, public in keys.items()})


def check(text: str, trust: Trust, *, today: date | None = None) -> Credential:
    """Read a credential and check it against everything that is known.

    Args:
        text: What the QR holds.
        trust: Keys and void certificates.
        today: As `seal.verify`.

    Raises:
        Altered, UnknownKey, Forged, BeyondDelegation, Expired: As `seal.verify`.
        KeyRevoked: Its key was revoked.
        DeviceShutOut: The computer that signed it had been shut out before that day.
        Voided: The certificate is void.
    """
    publics = {kid: key.public for kid, key in trust.keys.items()}
    found = seal.verify(text, publics)
    word = found.delegation
    key_id, signed_on = (word.key_id, word.first) if word else (found.key_id, found.issued_on)
    key = trust.keys[key_id]
    if key.revoked:
        raise KeyRevoked
    if key.until and signed_on > key.until:
        raise Forged  # a retired key signs nothing any more
    if word and found.issued_on > trust.devices.get(word.device_id, found.issued_on):
        raise DeviceShutOut
    if found.number in trust.voided:
        raise Voided(found.number, trust.voided[found.number])
    seal.still_valid(found, today)
    return found


def read_list(data: bytes, held: Trust) -> Trust:
    """Take over a signed list.

    Args:
        data: JSON as the province sends it, or as a file brings it.
        held: What is believed now.

    Raises:
        TrustRefused: Not a list, older than the held one, or no held key signed it.
    """
    try:
        outer = json.loads(data)
        body = base64.b64decode(outer["list"], validate=True)
        signed = _is_signed(body, outer["signatures"], held)
        said = json.loads(body)
        trust = _parse(said)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise TrustRefused from None
    if not signed or said.get("v") != 1 or trust.sequence < held.sequence:
        raise TrustRefused
    return trust


def read_unsigned(data: bytes) -> Trust:
    """A list as a file brings it, believed without any key that could prove it.

    Raises:
        TrustRefused: Not a list.
    """
    try:
        return _parse(json.loads(base64.b64decode(json.loads(data)["list"], validate=True)))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise TrustRefused from None


def write_list(trust: Trust) -> bytes:
    """What is believed, as canonical JSON, to sign or to keep."""
    said = {
        "v": 1,
        "sequence": trust.sequence,
        "issued_at": trust.issued_at,
        "keys": [
            {
                "kid": kid.hex(),
                "public_key": base64.b64encode(key.public).decode(),
                "until": key.until,
                "revoked": key.revoked,
            }
            for kid, key in sorted(trust.keys.items())
        ],
        "voided": [[number, day] for number, day in sorted(trust.voided.items())],
        "devices": [[kid.hex(), day] for kid, day in sorted(trust.devices.items())],
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def kept_list(data: bytes) -> Trust:
    """What was kept by `write_list`; nobody but the office's own store brings it."""
    return _parse(json.loads(data))


def _parse(said: Any) -> Trust:
    return Trust(
        int(said["sequence"]),
        str(said["issued_at"]),
        {
            bytes.fromhex(each["kid"]): TrustedKey(
                base64.b64decode(each["public_key"], validate=True),
                str(each.get("until") or ""),
                bool(each.get("revoked", False)),
            )
            for each in said["keys"]
        },
        {str(number): str(day) for number, day in said["voided"]},
        {bytes.fromhex(kid): str(day) for kid, day in said.get("devices", ())},
    )


def _is_signed(body: bytes, signatures: Sequence[Mapping[str, str]], held: Trust) -> bool:
    for each in signatures:
        key = held.keys.get(bytes.fromhex(each["kid"]))
        signature = base64.b64decode(each["signature"], validate=True)
        if key and not key.revoked and cose.is_signed(PURPOSE + body, signature, key.public):
            return True
    return False
