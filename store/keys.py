"""The key file: one random data key, and a slot that opens it for each operator.

Adding, changing or removing an operator rewrites slots; the store itself is never encrypted
again, except when somebody was dismissed for cause: then `begin_rekey` adds the slots of the
next data key beside those of this one, and `store/rekey.py` finishes. Algorithm names stand in
every slot and in the file.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store import slots
from store.errors import KeysDamaged, LoginTaken, NoStore, WeakPassword, WrongPassword
from store.files import write_whole
from store.slots import Cost, Opened, Slot
from store.suites import STANDARD, SUITES, Suite
from store.views import LoginView

__all__ = ["Cost", "Slot"]
NAME = "keys.json"
LEAST_CHARACTERS = 8
CODE_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike
_CODE_LENGTH = 28  # 30 symbols: 137 bits
_COMMON = frozenset({"12345678", "123456789", "87654321", "password", "11111111", "00000000"})
# Left out where empty, so that the MAC of a file of the first format still holds.
_WEAK_MEMORY_KIB = 262_144
_LATER = ("public", "wrapped", "bond", "tag", "stale", "suite_name", "following", "following_mac")


@dataclass(frozen=True)
class KeyFile:
    """The whole file. `revision` grows with each change; `mac` needs the data key.

    Attributes:
        suite_name: Algorithms of new slots, MAC and attachments; "" for the standard.
        following: While the data key is being changed, the slots of the next one.
        following_mac: Of those slots, under the next data key.
    """

    store_id: str
    revision: int = 0
    slots: tuple[Slot, ...] = ()
    mac: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    suite_name: str = ""
    following: tuple[Slot, ...] = ()
    following_mac: str = ""

    @property
    def suite(self) -> Suite:
        """The algorithms of this store.

        Raises:
            KeysDamaged: This program does not know them.
        """
        suite = SUITES.get(self.suite_name or STANDARD.name)
        if suite is None:
            raise KeysDamaged
        return suite


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
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    raise KeysDamaged


def save(folder: Path, keys: KeyFile, dek: bytes) -> KeyFile:
    """Write the next revision, keeping the one before beside it; returns what was written."""
    written = replace(keys, revision=keys.revision + 1)
    written = replace(written, mac=_mac(written, dek))
    path = folder / NAME
    if path.exists():
        write_whole(folder / (NAME + ".1"), path.read_bytes(), private=True)
    write_whole(path, json.dumps(_plain(written), ensure_ascii=False).encode(), private=True)
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
    bare = slots.bare(slot_id, "operator", login, name, cost, must_change=must_change)
    slot = slots.make(bare, dek, password, device_secret, keys.store_id, keys.suite)
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
    bare = slots.bare(slot_id, "code", "", "", cost)
    slot = slots.make(bare, dek, code, b"", keys.store_id, keys.suite)
    kept = tuple(s for s in keys.slots if s.kind != "code")
    grouped = "-".join(code[i : i + 4] for i in range(0, _CODE_LENGTH, 4))
    return replace(keys, slots=(*kept, slot)), grouped


def set_recovery(keys: KeyFile, dek: bytes, kid: str, public: bytes) -> KeyFile:
    """A key file that the province of this key can open, in place of any other province.

    Raises:
        ValueError: Not a public key.
    """
    slot = slots.for_province(kid, public, dek, keys.store_id)
    return replace(keys, slots=(*(s for s in keys.slots if s.kind != "recovery"), slot))


def recovery_slot(keys: KeyFile) -> Slot | None:
    """The province's slot, or None."""
    return next((s for s in keys.slots if s.kind == "recovery"), None)


@dataclass(frozen=True, repr=False)
class Doors:
    """What opened: the data key, and while it is being changed the next one (else empty)."""

    dek: bytes
    following: bytes = b""


def open_slot(keys: KeyFile, login: str, password: str, device_secret: bytes) -> bytes:
    """The data key.

    Raises:
        WrongPassword: Unknown login, wrong password or another device's secret.
        KeysDamaged: The file was altered.
    """
    return open_doors(keys, login, password, device_secret).dek


def open_doors(keys: KeyFile, login: str, password: str, device_secret: bytes) -> Doors:
    """The data key, and the next one while it is being changed.

    Raises:
        WrongPassword: Unknown login, wrong password or another device's secret.
        KeysDamaged: The file was altered.
    """
    slot = find(keys, login)
    if slot is None:
        empty = slots.bare("", "operator", "", "", Cost())
        slots.argon(password.encode(), bytes.fromhex(empty.salt), Cost())  # same time as a try
        raise WrongPassword
    return _open(keys, slot, password, device_secret)


def open_code(keys: KeyFile, code: str) -> Doors:
    """The same by the office code; case, blanks and hyphens do not matter.

    Raises:
        WrongPassword: Not the code.
        KeysDamaged: The file was altered.
    """
    plain = "".join(c for c in code.upper() if c in CODE_CHARACTERS)
    for slot in keys.slots:
        if slot.kind == "code":
            return _open(keys, slot, plain, b"")
    raise WrongPassword


def renew(keys: KeyFile, dek: bytes, login: str, password: str, device_secret: bytes) -> KeyFile:
    """The operator's slot with a fresh pair, for the password just proven."""
    old = find(keys, login)
    if old is None:
        raise WrongPassword
    cost = Cost(old.memory_kib, old.passes)
    bare = slots.bare(old.id, old.kind, login, old.name, cost, must_change=old.must_change)
    slot = slots.make(bare, dek, password, device_secret, keys.store_id, keys.suite)
    return replace(keys, slots=tuple(slot if s is old else s for s in keys.slots))


def begin_rekey(keys: KeyFile, old: bytes, new: bytes, suite_name: str = "") -> KeyFile:
    """A key file that also holds the slots of the next data key.

    Slots of the first format cannot follow: those operators get a new first password.

    Raises:
        KeysDamaged: A slot does not belong to the old data key.
    """
    named = replace(keys, suite_name=suite_name or keys.suite_name)
    following = tuple(
        slots.rewrap(slot, old, new, keys.store_id, named.suite)
        for slot in keys.slots
        if slot.public
    )
    bare = replace(named, slots=following, following=(), following_mac="", revision=0)
    return replace(named, following=following, following_mac=_mac(bare, new))


def end_rekey(keys: KeyFile) -> KeyFile:
    """The key file once everything stands under the next data key."""
    return replace(keys, slots=keys.following, following=(), following_mac="")


def derive(dek: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: "db", "blob:<id>", "journal:<id>", "mac"."""
    return HKDF(SHA256(), 32, None, f"lastmile/1 {purpose}".encode()).derive(dek)


def calibrate(least_s: float = 0.25, *, strong: bool = True) -> Cost:
    """A cost that takes at least `least_s` on this computer.

    Memory is 64 MiB; 256 MiB where no key store of the system guards the device secret, because
    argon2id then stands alone before whoever copies both.
    """
    cost = Cost() if strong else Cost(_WEAK_MEMORY_KIB, 1)
    while True:
        begun = time.perf_counter()
        slots.argon(b"calibrate", b"0123456789abcdef", cost)
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


def _open(keys: KeyFile, slot: Slot, password: str, device_secret: bytes) -> Doors:
    opened = slots.try_password(slot, password, device_secret, keys.store_id)
    dek = slots.data_key(slot, opened, keys.store_id)
    check_mac(keys, dek)
    return Doors(dek, _following(keys, slot, opened) if keys.following else b"")


def _following(keys: KeyFile, slot: Slot, opened: Opened) -> bytes:
    after = next((s for s in keys.following if s.id == slot.id), None)
    if after is None:
        raise WrongPassword  # cannot follow to the next data key: needs a new first password
    new = slots.data_key(after, opened, keys.store_id)
    bare = replace(keys, slots=keys.following, following=(), following_mac="", revision=0)
    if not hmac.compare_digest(keys.following_mac, _mac(bare, new)):
        raise KeysDamaged
    return new


def _plain(keys: KeyFile) -> dict[str, object]:
    whole = asdict(keys)
    for each in (*whole["slots"], *whole["following"], whole):
        for name in _LATER:
            if name in each and not each[name]:
                del each[name]
    return whole


def _mac(keys: KeyFile, dek: bytes) -> str:
    plain = _plain(replace(keys, mac=""))
    body = json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()
    key = keys.suite.derive(dek, b"lastmile/1 mac")
    return keys.suite.mac(key, body).hex()


def _read(data: bytes) -> KeyFile:
    raw = json.loads(data)
    now, after = (tuple(Slot(**s) for s in raw.pop(name, ())) for name in ("slots", "following"))
    return KeyFile(slots=now, following=after, **raw)
