"""The province's own signing key, and what is signed with it."""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from province.encoding import canonical, from_base45, to_b64, to_base45
from province.errors import Malformed

EDDSA = -8
RECEIPT = b"lastmile/1 receipt\n"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Credential:
    """What a credential says (docs/protocol.md section 8)."""

    issuer: str
    number: str
    template: str
    holder: str
    id_tail: str
    issued_on: str
    valid_until: str | None
    fields_hash: bytes


class PublicKey:
    """The public half of an Ed25519 key, with its `kid` (8 bytes)."""

    def __init__(self, public: bytes) -> None:
        self.public = public
        self.kid = sha256(public).digest()[:8]

    def read_credential(self, text: str) -> Credential:
        """The content of a credential signed by this key.

        Raises:
            Malformed: Not a credential, or not signed by this key.
        """
        for parts in open_code(text):
            content = self._read(*parts)
            if content is not None:
                return content
        raise Malformed

    def _read(self, protected: bytes, payload: bytes, signature: bytes) -> Credential | None:
        try:
            public = Ed25519PublicKey.from_public_bytes(self.public)
            public.verify(signature, to_sign(protected, payload))
            return content_of(payload)
        except (InvalidSignature, Malformed, ValueError):
            return None


class SigningKey(PublicKey):
    """An Ed25519 key that the province signs with."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        super().__init__(self._key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """64 bytes Ed25519 over `data`, which begins with its purpose."""
        return self._key.sign(data)

    def receipt(self, content: dict[str, object], purpose: bytes = RECEIPT) -> dict[str, str]:
        """The signed receipt over `content` as it goes over the wire."""
        data = canonical(content)
        return {
            "receipt": to_b64(data),
            "kid": self.kid.hex(),
            "signature": to_b64(self._key.sign(purpose + data)),
        }

    def credential(self, content: Credential) -> str:
        """The text of the QR code on a certificate."""
        protected = cbor2.dumps({1: EDDSA, 4: self.kid})
        payload = cbor2.dumps(
            {
                1: 1,
                2: content.issuer,
                3: content.number,
                4: content.template,
                5: content.holder,
                6: content.id_tail,
                7: content.issued_on,
                8: content.valid_until,
                9: content.fields_hash,
            }
        )
        signature = self._key.sign(to_sign(protected, payload))
        return "LM1:" + to_base45(cbor2.dumps([protected, {}, payload, signature]))


class CursorKey:
    """The secret by which the province knows its own cursors again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = sha256(b"lastmile/1 cursor\n" + secret).digest()

    def mac(self, data: bytes) -> str:
        """16 hex digits that only this province can have made."""
        return hmac.digest(self._secret, data, "sha256").hex()[:16]


class RelayKey:
    """The X25519 key that relay bundles are sealed to (docs/protocol.md section 12)."""

    def __init__(self, private: bytes) -> None:
        self.private = X25519PrivateKey.from_private_bytes(private)
        self.public = self.private.public_key().public_bytes_raw()
        self.kid = sha256(self.public).digest()[:8].hex()

    def announced(self, signer: SigningKey) -> dict[str, str]:
        """The key as devices are told it, under the province's signature."""
        return {
            "kid": self.kid,
            "public_key": to_b64(self.public),
            "signed_by": signer.kid.hex(),
            "signature": to_b64(signer.sign(b"lastmile/1 relay-key\n" + self.public)),
        }


def content_of(payload: bytes, issuer: str = "") -> Credential:
    """What a signed payload says. Who signed it may be an office, so each member is looked at.

    Args:
        payload: CBOR.
        issuer: Stands in place of member 2 where somebody else says who issued it.

    Raises:
        Malformed: A member is missing, or not what it must be.
    """
    try:
        members = cbor2.loads(payload)
        found = Credential(issuer or members[2], *(members[i] for i in range(3, 10)))
    except (cbor2.CBORDecodeError, ValueError, TypeError, KeyError, AttributeError):
        raise Malformed from None
    texts = (found.issuer, found.number, found.template, found.holder, found.id_tail)
    days = (found.issued_on, *([] if found.valid_until is None else [found.valid_until]))
    if not all(isinstance(each, str) and len(each) <= 200 and "\0" not in each for each in texts):
        raise Malformed
    if not all(isinstance(each, str) and _DAY.fullmatch(each) for each in days):
        raise Malformed
    if not isinstance(found.fields_hash, bytes):
        raise Malformed
    return found


def fields_hash(fields: dict[str, object]) -> bytes:
    """Member 9 of a credential."""
    return sha256(canonical(fields)).digest()[:16]


def load_key(folder: Path) -> SigningKey:
    """The key in `folder`, made at the first call (file mode 0600)."""
    return SigningKey(_kept(folder / "province.key", Ed25519PrivateKey.generate))


def load_next_key(folder: Path) -> SigningKey:
    """The key that will sign after the present one, made at the first call (file mode 0600)."""
    return SigningKey(_kept(folder / "next.key", Ed25519PrivateKey.generate))


def load_cursor_key(folder: Path) -> CursorKey:
    """The key for cursors in `folder`, made at the first call (file mode 0600)."""
    return CursorKey(_kept(folder / "cursor.key", Ed25519PrivateKey.generate))


def load_timestamp_key(folder: Path) -> Ed25519PrivateKey:
    """The key for the repository's timestamp, made at the first call (file mode 0600)."""
    return Ed25519PrivateKey.from_private_bytes(
        _kept(folder / "timestamp.key", Ed25519PrivateKey.generate)
    )


def load_relay_key(folder: Path) -> RelayKey:
    """The key for relay bundles in `folder`, made at the first call (file mode 0600)."""
    return RelayKey(_kept(folder / "relay.key", X25519PrivateKey.generate))


def _kept(path: Path, make: Callable[[], Ed25519PrivateKey | X25519PrivateKey]) -> bytes:
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(make().private_bytes_raw())
            file.flush()
            os.fsync(file.fileno())
    return path.read_bytes()


def open_code(text: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Protected header, payload and signature of a credential's text, in each way to read it."""
    code = text.replace("\r", "").replace("\n", "").strip().removeprefix("LM1:")
    for lost in ("", " ", "  "):  # base45 may end in blanks, which forms and people trim
        try:
            protected, _, payload, signature = cbor2.loads(from_base45(code + lost))
        except (Malformed, cbor2.CBORDecodeError, ValueError, TypeError):
            continue
        if all(isinstance(part, bytes) for part in (protected, payload, signature)):
            yield protected, payload, signature


def to_sign(protected: bytes, payload: bytes, aad: bytes = b"") -> bytes:
    """What a COSE_Sign1 signs (RFC 9052 section 4.4)."""
    return cbor2.dumps(["Signature1", protected, aad, payload])
