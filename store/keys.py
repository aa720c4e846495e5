"""The key file: one random data key, and a slot that opens it for each operator.

A slot seals the data key under argon2id(password) mixed with the device secret, so a copied
file and the right password are not enough. Adding, changing or removing an operator rewrites
slots; the store itself is never encrypted again. Algorithm names stand in every slot.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import KeysDamaged, LoginTaken, NoStore, WeakPassword, WrongPassword
from store.files import write_whole
from store.views import LoginView

NAME = "keys.json"
SUITE = "argon2id+hkdf-sha256+chacha20poly1305"
LEAST_CHARACTERS = 8
CODE_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike
_CODE_LENGTH = 28  # 30 symbols: 137 bits
_COMMON = frozenset({"12345678", "123456789", "87654321", "password", "11111111", "00000000"})


@dataclass(frozen=True)
class Cost:
    """What one try of a password costs: memory in KiB and passes over it."""

    memory_kib: int = 65_536
    passes: int = 3


@dataclass(frozen=True)
class Slot:
    """One way to the data key. Binary members are hex; `kind` is operator or code."""

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


@dataclass(frozen=True)
class KeyFile:
    """The whole file. `revision` grows with each change; `mac` needs the data key."""

    store_id: str
    revision: int = 0
    slots: tuple[Slot, ...] = ()
    mac: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def load(folder: Path) -> KeyFile:
    """Read the key file, or its previous copy where the newest cannot be read.

    Raises:
        NoStore: There is none.
        KeysDamaged: Neither can be read.
    """
    paths = (folder / NAME, folder / (NAME + ".1"))
    if not any(path.exists() for path in paths):
        raise NoStore
    for path in paths:
        try:
            return _read(path.read_bytes())
        except (OSError, ValueError, TypeError, KeyError):
            continue
    raise KeysDamaged


def save(folder: Path, keys: KeyFile, dek: bytes) -> KeyFile:
    """Write the next revision, keeping the one before beside it; returns what was written."""
    written = replace(keys, revision=keys.revision + 1)
    written = replace(written, mac=_mac(written, dek))
    path = folder / NAME
    if path.exists():
        write_whole(folder / (NAME + ".1"), path.read_bytes(), private=True)
    write_whole(path, json.dumps(asdict(written), ensure_ascii=False).encode(), private=True)
    return written


def check_mac(keys: KeyFile, dek: bytes) -> None:
    """Prove that nobody without the data key wrote this file.

    Raises:
        KeysDamaged: It was altered.
    """
    if not hmac.compare_digest(keys.mac, _mac(keys, dek)):
        raise KeysDamaged


def logins(keys: KeyFile) -> tuple[LoginView, ...]:
    """Who may sign in, by name."""
    views = [LoginView(s.login, s.name) for s in keys.slots if s.kind == "operator"]
    return tuple(sorted(views, key=lambda view: view.name))


def find(keys: KeyFile, login: str) -> Slot | None:
    """The operator's slot, or None."""
    return next((s for s in keys.slots if s.kind == "operator" and s.login == login), None)


def add(
    keys: KeyFile,
    dek: bytes,
    *,
    slot_id: str,
    login: str,
    name: str,
    password: str,
    device_secret: bytes,
    cost: Cost,
    must_change: bool = False,
) -> KeyFile:
    """A key file with one more operator.

    Raises:
        LoginTaken: The login is in use.
        WeakPassword: Too short, or one that everybody tries.
    """
    if find(keys, login):
        raise LoginTaken
    check_password(password, login)
    bare = _bare(slot_id, "operator", login, name, cost, must_change=must_change)
    slot = _seal(bare, dek, _stretch(bare, password, device_secret, keys.store_id))
    return replace(keys, slots=(*keys.slots, slot))


def change(
    keys: KeyFile,
    dek: bytes,
    login: str,
    password: str,
    *,
    device_secret: bytes,
    cost: Cost,
    must_change: bool = False,
) -> KeyFile:
    """A key file in which the operator has another password.

    Raises:
        WrongPassword: No such login.
        WeakPassword: Too short, or one that everybody tries.
    """
    old = find(keys, login)
    if old is None:
        raise WrongPassword
    rest = replace(keys, slots=tuple(s for s in keys.slots if s is not old))
    return add(
        rest,
        dek,
        slot_id=old.id,
        login=login,
        name=old.name,
        password=password,
        device_secret=device_secret,
        cost=cost,
        must_change=must_change,
    )


def remove(keys: KeyFile, login: str) -> KeyFile:
    """A key file without the operator."""
    return replace(
        keys, slots=tuple(s for s in keys.slots if s.kind != "operator" or s.login != login)
    )


def add_code(keys: KeyFile, dek: bytes, *, slot_id: str, cost: Cost) -> tuple[KeyFile, str]:
    """A key file with a new office code in place of any old one, and the code for the safe.

    The code opens the store without the device secret: a new computer, a lost key store.
    """
    code = "".join(secrets.choice(CODE_CHARACTERS) for _ in range(_CODE_LENGTH))
    bare = _bare(slot_id, "code", "", "", cost)
    slot = _seal(bare, dek, _stretch(bare, code, b"", keys.store_id))
    kept = tuple(s for s in keys.slots if s.kind != "code")
    grouped = "-".join(code[i : i + 4] for i in range(0, _CODE_LENGTH, 4))
    return replace(keys, slots=(*kept, slot)), grouped


def open_slot(keys: KeyFile, login: str, password: str, device_secret: bytes) -> bytes:
    """The data key.

    Raises:
        WrongPassword: Unknown login, wrong password or another device's secret.
        KeysDamaged: The file was altered.
    """
    slot = find(keys, login)
    if slot is None:
        _stretch(_bare("", "operator", "", "", Cost()), password, b"", "")  # same time as a try
        raise WrongPassword
    return _open(keys, slot, password, device_secret)


def open_code(keys: KeyFile, code: str) -> bytes:
    """The data key by the office code; case, blanks and hyphens do not matter.

    Raises:
        WrongPassword: Not the code.
        KeysDamaged: The file was altered.
    """
    plain = "".join(c for c in code.upper() if c in CODE_CHARACTERS)
    for slot in keys.slots:
        if slot.kind == "code":
            return _open(keys, slot, plain, b"")
    raise WrongPassword


def derive(dek: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: "db", "blob:<id>", "journal:<id>", "mac"."""
    return HKDF(SHA256(), 32, None, f"lastmile/1 {purpose}".encode()).derive(dek)


def calibrate(least_s: float = 0.25) -> Cost:
    """A cost that takes at least `least_s` on this computer; memory 64 MiB."""
    cost = Cost()
    while True:
        begun = time.perf_counter()
        _argon(b"calibrate", b"0123456789abcdef", cost)
        if (spent := time.perf_counter() - begun) >= least_s or cost.passes >= 16:
            return cost
        cost = replace(cost, passes=max(cost.passes + 1, round(cost.passes * least_s / spent)))


def check_password(password: str, login: str) -> None:
    """Refuse passwords that protect nothing.

    Raises:
        WeakPassword: Fewer than 8 characters, the login, one character repeated, a common one.
    """
    plain = unicodedata.normalize("NFKC", password)
    if (
        len(plain) < LEAST_CHARACTERS
        or plain.casefold() in _COMMON
        or plain.casefold() == login.casefold()
        or len(set(plain)) < 3
    ):
        raise WeakPassword(LEAST_CHARACTERS)


def _bare(
    slot_id: str, kind: str, login: str, name: str, cost: Cost, *, must_change: bool = False
) -> Slot:
    return Slot(
        id=slot_id,
        kind=kind,
        login=login,
        name=name,
        suite=SUITE,
        salt=os.urandom(16).hex(),
        memory_kib=cost.memory_kib,
        passes=cost.passes,
        nonce=os.urandom(12).hex(),
        sealed="",
        must_change=must_change,
    )


def _argon(password: bytes, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory_kib
    ).derive(password)


def _stretch(slot: Slot, password: str, device_secret: bytes, store_id: str) -> bytes:
    text = unicodedata.normalize("NFKC", password).encode()
    cost = Cost(min(slot.memory_kib, 1 << 20), min(slot.passes, 64))  # a forged file may not stall
    stretched = _argon(text, bytes.fromhex(slot.salt), cost)
    info = f"lastmile/1 slot {slot.id} {store_id}".encode()
    return HKDF(SHA256(), 32, None, info).derive(stretched + device_secret)


def _seal(slot: Slot, dek: bytes, kek: bytes) -> Slot:
    sealed = ChaCha20Poly1305(kek).encrypt(bytes.fromhex(slot.nonce), dek, _bound(slot))
    return replace(slot, sealed=sealed.hex())


def _open(keys: KeyFile, slot: Slot, password: str, device_secret: bytes) -> bytes:
    if slot.suite != SUITE:
        raise KeysDamaged
    kek = _stretch(slot, password, device_secret, keys.store_id)
    try:
        dek = ChaCha20Poly1305(kek).decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.sealed), _bound(slot)
        )
    except (InvalidTag, ValueError):
        raise WrongPassword from None
    check_mac(keys, dek)
    return dek


def _bound(slot: Slot) -> bytes:
    bound = asdict(replace(slot, sealed="", name=""))
    return json.dumps(bound, sort_keys=True, ensure_ascii=False).encode()


def _mac(keys: KeyFile, dek: bytes) -> str:
    body = json.dumps(asdict(replace(keys, mac="")), sort_keys=True, ensure_ascii=False)
    return hmac.new(derive(dek, "mac"), body.encode(), hashlib.sha256).hexdigest()


def _read(data: bytes) -> KeyFile:
    raw = json.loads(data)
    slots = tuple(Slot(**slot) for slot in raw.pop("slots"))
    return KeyFile(slots=slots, **raw)
