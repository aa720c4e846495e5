"""The province's key for stores whose password was lost (docs/protocol.md section 15).

The private key never lies with the service: `new_key` writes it, sealed under a password, to a
place of its own (a stick in a safe) and leaves only the public key with the service. Opening a
request needs no network and no database; every opening is written to a log beside the key.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from province.accounts import ALPHABET
from province.encoding import from_b64, to_b64, to_rfc3339
from province.errors import Malformed, RecoveryRefused
from province.keys import SigningKey

PUBLIC = "recovery.pub"
KEY_PURPOSE = b"lastmile/1 recovery-key\n"
ANSWER = b"lastmile/1 recovery answer "
MOST_BYTES = 65_536
_SEED, _MLKEM_PUBLIC, _PUBLIC_BYTES = 64, 1184, 1216
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True)
class Reason:
    """Who acts together, and why; all three stand in the log and in the office's record."""

    it: str
    supervisor: str
    why: str


def new_key(folder: Path, key_file: Path, password: str) -> str:
    """Make a key; returns its kid.

    Args:
        folder: Data folder of the province; gets the public key.
        key_file: Gets the private key, sealed under the password; must not exist.
        password: At least 12 characters.

    Raises:
        RecoveryRefused: The password is too short.
        FileExistsError: There is a key already; it is never written over.
    """
    if len(password) < 12:
        raise RecoveryRefused
    seed = MLKEM768PrivateKey.generate()
    x25519 = X25519PrivateKey.generate()
    private = seed.private_bytes_raw() + x25519.private_bytes_raw()
    public = seed.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = ChaCha20Poly1305(_stretch(password, salt)).encrypt(nonce, private, public)
    facts = {"v": 1, "kid": kid_of(public), "salt": to_b64(salt), "nonce": to_b64(nonce)}
    facts |= {"public_key": to_b64(public), "sealed": to_b64(sealed)}
    handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PUBLIC).write_bytes(public)
    return kid_of(public)


def announced(folder: Path, signer: SigningKey) -> dict[str, str] | None:
    """The public key as devices are told it, under the province's signature; None for none."""
    path = folder / PUBLIC
    if not path.is_file():
        return None
    public = path.read_bytes()
    return {
        "kid": kid_of(public),
        "public_key": to_b64(public),
        "signed_by": signer.kid.hex(),
        "signature": to_b64(signer.sign(KEY_PURPOSE + public)),
    }


def open_request(
    key_file: Path, password: str, request: bytes, reason: Reason, *, now_ms: int
) -> tuple[bytes, str]:
    """Open a request, log it, and answer.

    Returns:
        The answer for IT to carry back, and the code to tell the supervisor, in groups of four.

    Raises:
        RecoveryRefused: Wrong password, another province's request, or one person for both.
        Malformed: Not a request.
    """
    if not (reason.it and reason.supervisor and reason.why) or reason.it == reason.supervisor:
        raise RecoveryRefused
    facts = _read(request)
    private = _private(key_file, password)
    try:
        dek = _unseal(private, from_b64(facts["sealed"]), _purpose(facts["store"]))
        reply_to = from_b64(facts["reply_to"])
        inner = {"dek": dek.hex(), "login": str(facts["login"]), "it": reason.it}
        inner |= {"supervisor": reason.supervisor, "reason": reason.why}
    except (KeyError, TypeError):
        raise Malformed from None
    code = "".join(secrets.choice(ALPHABET) for _ in range(28))
    digest = sha256(request).digest()
    nonce = secrets.token_bytes(12)
    key = HKDF(SHA256(), 32, None, b"lastmile/1 recovery code").derive(code.encode())
    outer = nonce + ChaCha20Poly1305(key).encrypt(nonce, json.dumps(inner).encode(), digest)
    answer = {"v": 1, "sealed": to_b64(_seal(reply_to, outer, ANSWER + digest))}
    _log(key_file, facts, reason, digest, now_ms)
    return json.dumps(answer).encode(), "-".join(code[i : i + 4] for i in range(0, 28, 4))


def kid_of(public: bytes) -> str:
    """How the key is named."""
    return sha256(public).digest()[:8].hex()


def _log(key_file: Path, facts: dict[str, Any], reason: Reason, digest: bytes, now_ms: int) -> None:
    line = {
        "at": to_rfc3339(now_ms),
        "store": str(facts["store"]),
        "login": str(facts["login"]),
        "it": reason.it,
        "supervisor": reason.supervisor,
        "reason": reason.why,
        "request": digest.hex(),
    }
    with key_file.with_suffix(".log").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
        log.flush()
        os.fsync(log.fileno())


def _private(key_file: Path, password: str) -> bytes:
    try:
        facts = json.loads(key_file.read_bytes())
        key = _stretch(password, from_b64(facts["salt"]))
        nonce, sealed = from_b64(facts["nonce"]), from_b64(facts["sealed"])
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, from_b64(facts["public_key"]))
    except (OSError, ValueError, KeyError, TypeError, InvalidTag, Malformed):
        raise RecoveryRefused from None


def _read(request: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(request) if len(request) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        raise Malformed
    return facts


def _purpose(store_id: object) -> bytes:
    return f"lastmile/1 recovery {store_id}".encode()


def _unseal(private: bytes, sealed: bytes, purpose: bytes) -> bytes:
    key = hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(private[:_SEED]),
        X25519PrivateKey.from_private_bytes(private[_SEED:]),
    )
    try:
        return _SUITE.decrypt(sealed, key, purpose)
    except (InvalidTag, ValueError):
        raise RecoveryRefused from None


def _seal(public: bytes, data: bytes, purpose: bytes) -> bytes:
    if len(public) != _PUBLIC_BYTES:
        raise Malformed
    key = hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
    return _SUITE.encrypt(data, key, purpose)


def _stretch(password: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=262_144)
    return kdf.derive(password.encode())
