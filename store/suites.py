"""The algorithms that seal keys and attachments, by name; names stand beside what they sealed.

`STANDARD` is HKDF-SHA256 and ChaCha20-Poly1305; `SM` is HKDF-SM3 and SM4-GCM, for offices that
must use the commercial algorithms of GB/T 32905 and GB/T 32907. Passwords are stretched by
argon2id in both, because no SM algorithm resists a password search. The database itself is
SQLCipher, AES only.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG = 16
_SM4_KEY = 16


@dataclass(frozen=True)
class Suite:
    """One set of algorithms. Keys are 32 bytes, nonces 12."""

    name: str
    hash: type[SHA256] | type[SM3]
    sm: bool = False

    def derive(self, key: bytes, purpose: bytes) -> bytes:
        """A key of 32 bytes for one purpose."""
        return HKDF(self._hash(), 32, None, purpose).derive(key)

    def seal(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Sealed data, 16 bytes longer; `bound` must be the same when it is opened."""
        if not self.sm:
            return ChaCha20Poly1305(key).encrypt(nonce, data, bound)
        worker = Cipher(algorithms.SM4(key[:_SM4_KEY]), modes.GCM(nonce)).encryptor()
        worker.authenticate_additional_data(bound)
        return worker.update(data) + worker.finalize() + worker.tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The data.

        Raises:
            cryptography.exceptions.InvalidTag: Another key or nonce, altered or cut.
        """
        if not self.sm:
            return ChaCha20Poly1305(key).decrypt(nonce, sealed, bound)
        if len(sealed) < TAG:
            raise InvalidTag
        tag = sealed[-TAG:]
        worker = Cipher(algorithms.SM4(key[:_SM4_KEY]), modes.GCM(nonce, tag)).decryptor()
        worker.authenticate_additional_data(bound)
        return worker.update(sealed[:-TAG]) + worker.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """32 bytes that only a holder of the key can make."""
        worker = hmac.HMAC(key, self._hash())
        worker.update(data)
        return worker.finalize()

    def _hash(self) -> HashAlgorithm:
        return self.hash()


STANDARD = Suite("hkdf-sha256+chacha20poly1305", SHA256)
SM = Suite("hkdf-sm3+sm4-gcm", SM3, sm=True)
SUITES = {suite.name: suite for suite in (STANDARD, SM)}
