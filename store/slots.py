"""One way to the data key: an operator's password, the office code, or the province's key.

A slot has a key pair. The private key is sealed under argon2id(password) mixed with the device
secret; the data key is sealed to the public key. So the data key can be changed for everybody
without anybody's password. `tag` proves that whoever sealed the data key held the one before:
its MAC key lies in the slot twice, under the password and (`bond`) under the data key.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import unicodedata
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from store import hybrid
from store.errors import KeysDamaged, WrongPassword
from store.suites import STANDARD, SUITES, Suite

FIRST_SUITE = "argon2id+hkdf-sha256+chacha20poly1305"  # of slots without a key pair
_FIRST_FIELDS = ("id", "kind", "login", "suite", "salt", "memory_kib", "passes", "nonce")
_MOST_MEMORY_KIB = 1 << 20  # a forged file may not stall
_MOST_PASSES = 64
_MAC_BYTES = 32


@dataclass(frozen=True)
class Cost:
    """What one try of a password costs: memory in KiB and passes over it."""

    memory_kib: int = 65_536
    passes: int = 3


@dataclass(frozen=True)
class Slot:
    """One slot; `kind` is operator, code or recovery.

    Attributes:
        salt, nonce, sealed: Hex; `sealed` holds the private key and the MAC key.
        public, wrapped, bond, tag: Base64; "" in slots of the first format.
        stale: The data key was changed; the pair is made anew at the next sign-in.
    """

    id: str
    kind: str
    login: str
    name: str
    suite: str
    salt: str
    memory_kib: int
    passes: int
    nonce: str
    sealed: str
    must_change: bool = False
    public: str = ""
    wrapped: str = ""
    bond: str = ""
    tag: str = ""
    stale: bool = False

    @property
    def to_renew(self) -> bool:
        """Whether the next sign-in makes it anew."""
        return self.stale or not self.public


@dataclass(frozen=True, repr=False)
class Opened:
    """What a password opens in a slot: the data key (first format), or pair and MAC key."""

    dek: bytes = b""
    private: bytes = b""
    mac_key: bytes = b""


def bare(
    slot_id: str, kind: str, login: str, name: str, cost: Cost, *, must_change: bool = False
) -> Slot:
    """A slot with fresh salt and nonce that opens nothing yet."""
    return Slot(
        id=slot_id,
        kind=kind,
        login=login,
        name=name,
        suite="",
        salt=os.urandom(16).hex(),
        memory_kib=cost.memory_kib,
        passes=cost.passes,
        nonce=os.urandom(12).hex(),
        sealed="",
        must_change=must_change,
    )


def make(
    slot: Slot, dek: bytes, password: str, device_secret: bytes, store_id: str, suite: Suite
) -> Slot:
    """A slot that opens `dek` for a password on the device of this secret."""
    private, mac_key = hybrid.new_private(), os.urandom(_MAC_BYTES)
    named = replace(
        slot,
        suite=f"argon2id+{suite.name}+{hybrid.NAME}",
        public=_b64(hybrid.public_of(private)),
    )
    kek = _stretch(named, password, device_secret, store_id, suite)
    sealed = suite.seal(kek, bytes.fromhex(slot.nonce), private + mac_key, _bound(named))
    return _wrap(replace(named, sealed=sealed.hex()), dek, mac_key, store_id, suite)


def for_province(kid: str, public: bytes, dek: bytes, store_id: str) -> Slot:
    """A slot that only the province opens.

    Raises:
        ValueError: Not a public key.
    """
    wrapped = hybrid.seal(public, dek, recovery_purpose(store_id))
    return Slot(
        id=kid,
        kind="recovery",
        login="",
        name="",
        suite=hybrid.NAME,
        salt="",
        memory_kib=0,
        passes=0,
        nonce="",
        sealed="",
        public=_b64(public),
        wrapped=_b64(wrapped),
    )


def try_password(slot: Slot, password: str, device_secret: bytes, store_id: str) -> Opened:
    """What the password opens; takes as long as the slot's cost says.

    Raises:
        WrongPassword: It does not.
        KeysDamaged: An algorithm that this program does not know.
    """
    suite = suite_of(slot)
    kek = _stretch(slot, password, device_secret, store_id, suite)
    try:
        nonce, sealed = bytes.fromhex(slot.nonce), bytes.fromhex(slot.sealed)
        plain = suite.open(kek, nonce, sealed, _bound(slot))
    except (InvalidTag, ValueError):
        raise WrongPassword from None
    if not slot.public:
        return Opened(dek=plain)
    return Opened(b"", plain[: hybrid.PRIVATE_BYTES], plain[hybrid.PRIVATE_BYTES :])


def data_key(slot: Slot, opened: Opened, store_id: str) -> bytes:
    """The data key that the slot holds now.

    Raises:
        KeysDamaged: Somebody without the data key put another one in.
    """
    if opened.dek:
        return opened.dek
    wrapped = _from_b64(slot.wrapped)
    expected = suite_of(slot).mac(opened.mac_key, store_id.encode() + wrapped)
    if not hmac.compare_digest(_from_b64(slot.tag), expected):
        raise KeysDamaged
    try:
        return hybrid.unseal(opened.private, wrapped, _purpose(slot, store_id))
    except hybrid.CannotOpen:
        raise KeysDamaged from None


def rewrap(slot: Slot, old: bytes, new: bytes, store_id: str, suite: Suite) -> Slot:
    """The slot for another data key.

    Raises:
        KeysDamaged: It does not belong to the old data key.
    """
    if slot.kind == "recovery":
        return for_province(slot.id, _from_b64(slot.public), new, store_id)
    own = suite_of(slot)
    try:
        nonce, sealed = _split(_from_b64(slot.bond))
        mac_key = own.open(_bond_key(own, old, slot), nonce, sealed, b"")
    except (InvalidTag, ValueError):
        raise KeysDamaged from None
    return replace(_wrap(slot, new, mac_key, store_id, suite, own), stale=True)


def suite_of(slot: Slot) -> Suite:
    """The algorithms of a slot.

    Raises:
        KeysDamaged: This program does not know them.
    """
    if slot.suite == FIRST_SUITE and not slot.public:
        return STANDARD
    suite = SUITES.get(slot.suite.removeprefix("argon2id+").removesuffix(f"+{hybrid.NAME}"))
    if suite is None:
        raise KeysDamaged
    return suite


def recovery_purpose(store_id: str) -> bytes:
    """What the data key is sealed to the province for."""
    return f"lastmile/1 recovery {store_id}".encode()


def _wrap(
    slot: Slot, dek: bytes, mac_key: bytes, store_id: str, suite: Suite, own: Suite | None = None
) -> Slot:
    own = own or suite
    wrapped = hybrid.seal(_from_b64(slot.public), dek, _purpose(slot, store_id))
    nonce = os.urandom(12)
    bond = nonce + own.seal(_bond_key(own, dek, slot), nonce, mac_key, b"")
    tag = own.mac(mac_key, store_id.encode() + wrapped)
    return replace(slot, wrapped=_b64(wrapped), bond=_b64(bond), tag=_b64(tag))


def _bond_key(suite: Suite, dek: bytes, slot: Slot) -> bytes:
    return suite.derive(dek, f"lastmile/1 bond {slot.id}".encode())


def _purpose(slot: Slot, store_id: str) -> bytes:
    return f"lastmile/1 data key {slot.id} {store_id}".encode()


def _stretch(slot: Slot, password: str, device_secret: bytes, store_id: str, suite: Suite) -> bytes:
    text = unicodedata.normalize("NFKC", password).encode()
    cost = Cost(min(slot.memory_kib, _MOST_MEMORY_KIB), min(slot.passes, _MOST_PASSES))
    stretched = argon(text, bytes.fromhex(slot.salt), cost)
    info = f"lastmile/1 slot {slot.id} {store_id}".encode()
    return suite.derive(stretched + device_secret, info)


def argon(password: bytes, salt: bytes, cost: Cost) -> bytes:
    """argon2id, 32 bytes."""
    return Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory_kib
    ).derive(password)


def _bound(slot: Slot) -> bytes:
    whole = asdict(slot)
    bound = {name: whole[name] for name in (*_FIRST_FIELDS, "must_change")}
    bound |= {"public": slot.public} if slot.public else {"name": "", "sealed": ""}
    return json.dumps(bound, sort_keys=True, ensure_ascii=False).encode()


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    return sealed[:12], sealed[12:]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_b64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise KeysDamaged from None
