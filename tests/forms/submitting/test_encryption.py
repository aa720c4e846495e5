"""Encrypted submissions, read back by a decryptor written from the specification alone.

It shares no code with the engine: RSA-OAEP and CFB are spelt out in integers and single blocks.

Spec: https://getodk.github.io/xforms-spec/encryption
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from forms.encryption import encrypt
from forms.errors import InvalidForm, MissingResource
from forms.views import Submission
from tests.forms.kit import around, form

KEY = bytes(range(32))
SUBMISSIONS = "{http://opendatakit.org/submissions}"
META = "{http://openrosa.org/xforms}"


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def written(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def finished(key: str, *, version: str = "7", photo: str = "photo.jpg") -> Submission:
    made = form(
        "<name/><photo/><meta><instanceID/></meta>",
        model=f'<submission base64RsaPublicKey="{key}"/>',
        binds='<bind nodeset="/data/photo" type="binary"/>',
        body='<input ref="/data/name"/><upload mediatype="image/*" ref="/data/photo"/>',
    )
    session = made.new_session(**around())
    session.answer("/data/name", "欧阳")
    session.answer("/data/photo", photo)
    done = session.finalise()
    assert isinstance(done, Submission)
    return done if version else replace(done, xml=done.xml.replace(b' version="7"', b""))


# --- a decryptor from the specification ---


def mask(seed: bytes, size: int) -> bytes:
    found = b""
    for number in range(size // 20 + 1):
        found += hashlib.sha1(seed + number.to_bytes(4, "big")).digest()
    return found[:size]


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def from_oaep(cipher: bytes, private: rsa.RSAPrivateKey) -> bytes:
    """RFC 8017, 7.1.2, with SHA-256 as the hash and MGF1 over SHA-1."""
    numbers = private.private_numbers()
    size = private.key_size // 8
    block = pow(int.from_bytes(cipher, "big"), numbers.d, numbers.public_numbers.n)
    message = block.to_bytes(size, "big")
    assert message[0] == 0
    seed = xor(message[1:33], mask(message[33:], 32))
    data = xor(message[33:], mask(seed, size - 33))
    assert data[:32] == hashlib.sha256(b"").digest()
    return data[32:].lstrip(b"\0").removeprefix(b"\1")


def from_cfb(content: bytes, key: bytes, vector: bytes) -> bytes:
    """CFB with whole blocks, SP 800-38A 6.3, and PKCS 7 padding."""
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # one block after the other
    plain = b""
    for at in range(0, len(content), 16):
        plain += xor(content[at : at + 16], block.update(vector))
        vector = content[at : at + 16]
    pad = plain[-1]
    assert 1 <= pad <= 16
    assert plain[-pad:] == bytes([pad]) * pad
    return plain[:-pad]


@dataclass
class Opened:
    files: dict[str, bytes]
    signed: bytes
    id: str
    version: str | None


def opened(sent: Submission, private: rsa.RSAPrivateKey) -> Opened:
    """What the holder of the key reads, and the signature recomputed from it."""
    root = etree.fromstring(sent.xml)
    assert root.tag == f"{SUBMISSIONS}data"
    assert root.get("encrypted") == "yes"

    def text(path: str) -> str:
        return str(root.findtext(path))

    sealed = text(f"{SUBMISSIONS}base64EncryptedKey")
    key = from_oaep(base64.b64decode(sealed), private)
    instance_id = text(f"{META}meta/{META}instanceID")
    names = [str(each.text) for each in root.iterfind(f"{SUBMISSIONS}media/{SUBMISSIONS}file")]
    names.append(text(f"{SUBMISSIONS}encryptedXmlFile"))
    seed = bytearray(hashlib.md5(instance_id.encode() + key).digest())
    files: dict[str, bytes] = {}
    for counter, name in enumerate(names):
        seed[counter % 16] = (seed[counter % 16] + 1) & 0xFF
        files[name.removesuffix(".enc")] = from_cfb(sent.encrypted[name], key, bytes(seed))
    version = root.get("version")
    lines = [str(root.get("id")), *([version] if version is not None else []), sealed, instance_id]
    lines += [f"{name}::{hashlib.md5(content).hexdigest()}" for name, content in files.items()]
    expected = hashlib.md5(("\n".join(lines) + "\n").encode()).digest()
    signature = base64.b64decode(text(f"{SUBMISSIONS}base64EncryptedElementSignature"))
    assert from_oaep(signature, private) == expected
    return Opened(files, expected, str(root.get("id")), version)


# --- what a user cares about ---


def test_the_key_holder_reads_answers_and_attachments(private: rsa.RSAPrivateKey) -> None:
    done = finished(written(private))
    photo = bytes(range(256)) * 5
    sent = encrypt(done, {"photo.jpg": photo}, key=KEY)
    read = opened(sent, private)
    assert read.files == {"photo.jpg": photo, "submission.xml": done.xml}
    assert (read.id, read.version) == ("f", "7")
    assert sent.attachments == ("photo.jpg.enc", "submission.xml.enc")


def test_nothing_of_the_answers_is_left_in_what_is_sent(private: rsa.RSAPrivateKey) -> None:
    done = finished(written(private))
    sent = encrypt(done, {"photo.jpg": b"a picture of somebody"}, key=KEY)
    for content in (sent.xml, *sent.encrypted.values()):
        assert "欧阳".encode() not in content
        assert b"picture" not in content


def test_a_form_without_a_version_signs_none(private: rsa.RSAPrivateKey) -> None:
    sent = encrypt(finished(written(private), version=""), {"photo.jpg": b""}, key=KEY)
    assert opened(sent, private).version is None


def test_more_files_than_a_vector_has_bytes(private: rsa.RSAPrivateKey) -> None:
    done = finished(written(private))
    files = {f"{number}.jpg": bytes([number]) * number for number in range(40)}
    sent = encrypt(replace(done, attachments=tuple(files)), files, key=KEY)
    assert opened(sent, private).files == files | {"submission.xml": done.xml}


def test_the_same_answers_never_look_the_same_twice(private: rsa.RSAPrivateKey) -> None:
    done = finished(written(private))
    one = encrypt(done, {"photo.jpg": b"x" * 100}, key=KEY)
    other = encrypt(done, {"photo.jpg": b"x" * 100}, key=bytes(32))
    assert one.encrypted["photo.jpg.enc"] != other.encrypted["photo.jpg.enc"]
    assert one.encrypted["photo.jpg.enc"] != one.encrypted["submission.xml.enc"]


def test_an_attachment_that_is_not_there_is_named(private: rsa.RSAPrivateKey) -> None:
    with pytest.raises(MissingResource):
        encrypt(finished(written(private)), {}, key=KEY)


@pytest.mark.parametrize(
    "key", ["nonsense", "AAAA", written(ec.generate_private_key(ec.SECP256R1()))], ids=len
)
def test_a_key_that_is_none_is_refused_when_the_form_is_loaded(key: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        finished(key)
    assert refused.value.fields["line"]
    assert "RSA" in str(refused.value.fields["reason"])
