"""Private keys of the repository of packages: files that lie in safes, opened for one command.

Each file holds one Ed25519 key, sealed under a password (argon2id, ChaCha20-Poly1305). Only the
key of the timestamp lies with the service, unsealed (docs/admin.md).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from securesystemslib.signer import CryptoSigner, Key

from province.encoding import from_b64, to_b64
from province.errors import KeyMissing, Malformed, PasswordRefused

ENDING = ".lmkey"
LEAST_CHARACTERS = 12
MEMORY_KIB = 262_144


def new_key(folder: Path, role: str, password: str, *, memory_kib: int = 0) -> Key:
    """Make a key for `role` in `folder`; its public half.

    Args:
        folder: Gets the file.
        role: What it will sign.
        password: Seals it.
        memory_kib: What a try at the password costs; 0 for the usual.

    Raises:
        PasswordRefused: Fewer than 12 characters.
    """
    if len(password) < LEAST_CHARACTERS:
        raise PasswordRefused
    private = Ed25519PrivateKey.generate()
    public = CryptoSigner(private).public_key
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    memory_kib = memory_kib or MEMORY_KIB
    stretched = _stretch(password, salt, memory_kib)
    sealed = ChaCha20Poly1305(stretched).encrypt(
        nonce, private.private_bytes_raw(), public.keyid.encode()
    )
    facts = {"v": 1, "role": role, "keyid": public.keyid, "memory_kib": memory_kib}
    facts |= {"salt": to_b64(salt), "nonce": to_b64(nonce), "sealed": to_b64(sealed)}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{role}-{public.keyid[:8]}{ENDING}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    return public


class KeyRing:
    """The key files that were brought; a key is opened when it has to sign.

    Args:
        folders: Where key files lie, such as two sticks.
        ask: The password of a key file, by its name; asked again where the last one does not fit.
    """

    def __init__(self, folders: Sequence[Path], ask: Callable[[str], str]) -> None:
        paths = (path for folder in folders for path in sorted(folder.glob(f"*{ENDING}")))
        self._files = {str(json.loads(path.read_text())["keyid"]): path for path in paths}
        self._ask = ask
        self._open: dict[str, CryptoSigner] = {}
        self._password = ""

    def signers(self, key_ids: Iterable[str]) -> list[CryptoSigner]:
        """Signers for those of the keys that are here.

        Raises:
            PasswordRefused: A file does not open.
        """
        return [self._signer(key_id) for key_id in key_ids if key_id in self._files]

    def demand(self, key_ids: Iterable[str], threshold: int) -> list[CryptoSigner]:
        """As many signers as are needed.

        Raises:
            KeyMissing: Too few of the keys are here.
        """
        wanted = list(key_ids)
        here = sum(key_id in self._files for key_id in wanted)
        if here < threshold:
            raise KeyMissing(needed=threshold, here=here)
        return self.signers(wanted)

    def _signer(self, key_id: str) -> CryptoSigner:
        if key_id not in self._open:
            path = self._files[key_id]
            try:
                self._open[key_id] = _unseal(path, self._password)
            except PasswordRefused:
                self._password = self._ask(path.name)
                self._open[key_id] = _unseal(path, self._password)
        return self._open[key_id]


def _unseal(path: Path, password: str) -> CryptoSigner:
    if not password:
        raise PasswordRefused
    try:
        facts = json.loads(path.read_bytes())
        key = _stretch(password, from_b64(facts["salt"]), int(facts["memory_kib"]))
        private = ChaCha20Poly1305(key).decrypt(
            from_b64(facts["nonce"]), from_b64(facts["sealed"]), str(facts["keyid"]).encode()
        )
        return CryptoSigner(Ed25519PrivateKey.from_private_bytes(private))
    except (ValueError, KeyError, TypeError, InvalidTag, Malformed):
        raise PasswordRefused from None


def _stretch(password: str, salt: bytes, memory_kib: int) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=memory_kib)
    return kdf.derive(password.encode())
