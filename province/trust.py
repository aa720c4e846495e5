"""The list that offices check certificates by: all keys, and which certificates are void.

The province signs with one key and keeps the next one ready, announced in the list and signing it
too: if the present key has to be revoked, devices already know the one that replaces it. Retired
keys go on proving what they signed in their time. Spec: docs/protocol.md, section 14.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from province.encoding import canonical, to_b64
from province.errors import Malformed, Unknown
from province.keys import Credential, PublicKey, SigningKey, load_key, load_next_key
from province.models import Certificate, Device

PURPOSE = b"lastmile/1 trust\n"
_PAST = "retired-keys.json"
_NEXT = "next.key"


@dataclass(frozen=True)
class PastKey:
    """A key that signs no more.

    Attributes:
        kid: Hex.
        public: Hex, 32 bytes.
        until: Last day on which it signed, `YYYY-MM-DD`.
        revoked: Nothing that it signed may be believed.
        changed_ms: When it was retired or revoked, UTC.
    """

    kid: str
    public: str
    until: str
    revoked: bool
    changed_ms: int


@dataclass(frozen=True)
class Ring:
    """The province's keys; `old` still sign the list, for devices that know nothing newer."""

    current: SigningKey
    following: SigningKey
    past: tuple[PastKey, ...]
    old: tuple[SigningKey, ...] = ()

    def read_credential(self, text: str) -> Credential:
        """The content of a credential that a key of ours signed in its time.

        Raises:
            Malformed: Not a credential, not ours, of a revoked key, or dated after its key.
        """
        for key, until in self.signers():
            with contextlib.suppress(Malformed):
                content = key.read_credential(text)
                if not until or content.issued_on <= until:
                    return content
        raise Malformed

    def signers(self) -> tuple[tuple[PublicKey, str], ...]:
        """The keys whose signatures count, each with the last day on which it signed, or ""."""
        past = [(PublicKey(bytes.fromhex(k.public)), k.until) for k in self.past if not k.revoked]
        return ((self.current, ""), *past)

    @property
    def changed_ms(self) -> int:
        """When the keys were last changed; 0 for never."""
        return max((each.changed_ms for each in self.past), default=0)


def load_ring(folder: Path) -> Ring:
    """The keys in `folder`; what is missing is made."""
    current, following = load_key(folder), load_next_key(folder)
    try:
        kept = json.loads((folder / _PAST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = []
    past = tuple(PastKey(**each) for each in kept)
    alive = [folder / f"old-{each.kid}.key" for each in past if not each.revoked]
    old = tuple(SigningKey(path.read_bytes()) for path in alive if path.exists())
    return Ring(current, following, past, old)


def rotate(folder: Path, *, today: date, now_ms: int) -> str:
    """Sign with the next key from the next start on; the key id of it.

    The old private key stays to sign the list; delete `old-<kid>.key` once every device was
    connected.
    """
    ring = load_ring(folder)
    kid = ring.current.kid.hex()
    retired = PastKey(
        kid, ring.current.public.hex(), today.isoformat(), revoked=False, changed_ms=now_ms
    )
    _write_past(folder, (*ring.past, retired))
    (folder / "province.key").replace(folder / f"old-{kid}.key")
    (folder / _NEXT).replace(folder / "province.key")
    return load_ring(folder).current.kid.hex()


def revoke(folder: Path, kid: str, *, now_ms: int) -> None:
    """Let nothing be believed any more that a retired key signed.

    Raises:
        Unknown: No such key, or it is in use: rotate first.
    """
    past = load_ring(folder).past
    if kid not in {each.kid for each in past}:
        raise Unknown
    _write_past(
        folder,
        [replace(k, revoked=True, changed_ms=now_ms) if k.kid == kid else k for k in past],
    )
    (folder / f"old-{kid}.key").unlink(missing_ok=True)


def sequence(session: Session, ring: Ring) -> int:
    """Grows with every void certificate, every device shut out and every change of the keys."""
    void = select(func.max(Certificate.voided_ms), func.count(Certificate.voided_ms))
    shut = select(func.max(Device.revoked_ms), func.count(Device.revoked_ms))
    (voided, voids), (shut_out, shuts) = (session.execute(q).one() for q in (void, shut))
    # The times alone would not do: one of two that are written at once can become visible later.
    return max(voided or 0, shut_out or 0, ring.changed_ms, 1) + int(voids) + int(shuts)


def signed_list(session: Session, ring: Ring, *, now_ms: int) -> dict[str, object]:
    """The list as it goes over the wire or into a file."""
    void = session.execute(
        select(Certificate.number, Certificate.voided_ms)
        .where(Certificate.voided_ms.is_not(None))
        .order_by(Certificate.number)
    )
    body = canonical(
        {
            "v": 1,
            "sequence": sequence(session, ring),
            "issued_at": _moment(now_ms).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "keys": [
                *(_line(key) for key in (ring.current, ring.following)),
                *(
                    {
                        "kid": each.kid,
                        "public_key": to_b64(bytes.fromhex(each.public)),
                        "until": each.until,
                        "revoked": each.revoked,
                    }
                    for each in ring.past
                ),
            ],
            "voided": [[number, day(at or 0)] for number, at in void],
            "devices": [
                [PublicKey(public).kid.hex(), day(at or 0)]
                for public, at in session.execute(
                    select(Device.public_key, Device.revoked_ms)
                    .where(Device.revoked_ms.is_not(None))
                    .order_by(Device.id)
                )
            ],
        }
    )
    return {
        "list": to_b64(body),
        "signatures": [
            {"kid": key.kid.hex(), "signature": to_b64(key.sign(PURPOSE + body))}
            for key in (ring.current, ring.following, *ring.old)
        ],
    }


def day(at_ms: int) -> str:
    """The day in the province's own zone."""
    return _moment(at_ms).astimezone().date().isoformat()


def _line(key: SigningKey) -> dict[str, object]:
    return {
        "kid": key.kid.hex(),
        "public_key": to_b64(key.public),
        "until": "",
        "revoked": False,
    }


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _write_past(folder: Path, past: Sequence[PastKey]) -> None:
    fresh = folder / f"{_PAST}.new"
    fresh.write_text(json.dumps([asdict(each) for each in past]), encoding="utf-8")
    fresh.replace(folder / _PAST)
