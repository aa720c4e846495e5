"""Encrypted submissions: readable by nobody but the holder of the form's private key.

Answers and attachments are encrypted under one fresh key, which is encrypted for the form's
public key; what is sent in place of the answers is a manifest that names the encrypted files.

Spec: https://getodk.github.io/xforms-spec/encryption
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as asymmetric
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from lxml import etree

from forms.errors import InvalidForm, MissingResource
from forms.nodes import parse_xml
from forms.views import Submission

KEY_BYTES = 32
ANSWERS = "submission.xml"
_KEY_BITS = range(1024, 16385)
_MANIFEST = "http://opendatakit.org/submissions"
_META = "http://openrosa.org/xforms"
# The peers ask Java for OAEPWithSHA256AndMGF1Padding, in which MGF1 keeps Java's default, SHA-1.
_OAEP = asymmetric.OAEP(
    mgf=asymmetric.MGF1(algorithm=hashes.SHA1()),  # noqa: S303 - fixed by the specification
    algorithm=hashes.SHA256(),
    label=None,
)


def public_key(written: str) -> RSAPublicKey:
    """The key in `base64RsaPublicKey`.

    Raises:
        InvalidForm: It is no RSA key of 1,024 to 16,384 bits.
    """
    try:
        key = serialization.load_der_public_key(base64.b64decode("".join(written.split())))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size not in _KEY_BITS:
        raise InvalidForm(element="submission", line=0, reason="base64RsaPublicKey is no RSA key")
    return key


def encrypt(done: Submission, files: Mapping[str, bytes], *, key: bytes) -> Submission:
    """`done` for the eyes of the form's key holder alone.

    Args:
        done: A submission of a form with a public key.
        files: Contents of its attachments by name.
        key: 32 fresh random bytes, used for this submission and never again.

    Returns:
        The manifest as `xml`; the encrypted files, in the order of their encryption, both as
        `attachments` and with their bytes as `encrypted`.

    Raises:
        InvalidForm: The form has no usable public key, or gives the submission no instanceID.
        MissingResource: The bytes of an attachment are not in `files`.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    rsa = public_key(done.delivery.public_key)
    if not done.instance_id:
        raise InvalidForm(element="instanceID", line=0, reason="needed for encryption")
    plain = {name: _bytes_of(name, files) for name in done.attachments} | {ANSWERS: done.xml}
    vectors = _vectors(done.instance_id, key)
    hidden = {f"{name}.enc": _aes(content, key, next(vectors)) for name, content in plain.items()}
    sealed_key = base64.b64encode(rsa.encrypt(key, _OAEP)).decode()
    root = parse_xml(done.xml)
    lines = [root.get("id", ""), *_version(root), sealed_key, done.instance_id]
    lines += [f"{name}::{_md5(content).hexdigest()}" for name, content in plain.items()]
    digest = _md5("".join(f"{line}\n" for line in lines).encode()).digest()
    signature = base64.b64encode(rsa.encrypt(digest, _OAEP)).decode()
    return replace(
        done,
        xml=_manifest(root, tuple(hidden), sealed_key, signature, done.instance_id),
        attachments=tuple(hidden),
        made={},
        encrypted=hidden,
    )


def instance_id(xml: bytes) -> str:
    """The instanceID in the meta block of a submission; "" where it has none.

    Raises:
        MalformedXml, XmlTooLarge: Not a document that may be read.
    """
    for meta in parse_xml(xml).iter("{*}meta"):
        for node in meta.iter("{*}instanceID"):
            return (node.text or "").strip()
    return ""


def _bytes_of(name: str, files: Mapping[str, bytes]) -> bytes:
    if name not in files:
        raise MissingResource(name=name, line=0)
    return files[name]


def _md5(content: bytes) -> hashlib._Hash:
    return hashlib.md5(content, usedforsecurity=False)


def _vectors(instance_id: str, key: bytes) -> Iterator[bytes]:
    """Initialisation vectors, one for each file: byte after byte of a seed is counted up."""
    seed = bytearray(_md5(instance_id.encode() + key).digest())
    at = 0
    while True:
        seed[at % 16] = (seed[at % 16] + 1) % 256
        at += 1
        yield bytes(seed)


def _aes(content: bytes, key: bytes, vector: bytes) -> bytes:
    pad = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(key), CFB(vector)).encryptor()
    return cipher.update(pad.update(content) + pad.finalize()) + cipher.finalize()


def _version(root: etree._Element) -> list[str]:
    version = root.get("version", root.get(f"{{{_META}}}version"))
    return [] if version is None else [version]


def _manifest(
    root: etree._Element, files: tuple[str, ...], key: str, signature: str, instance_id: str
) -> bytes:
    nsmap: Any = {None: _MANIFEST}
    data = etree.Element(f"{{{_MANIFEST}}}data", nsmap=nsmap)
    data.set("id", root.get("id", ""))
    data.set("encrypted", "yes")
    for version in _version(root):
        data.set("version", version)
    _child(data, "base64EncryptedKey", key)
    meta = etree.SubElement(data, f"{{{_META}}}meta", nsmap={"orx": _META})
    etree.SubElement(meta, f"{{{_META}}}instanceID").text = instance_id
    for name in files[:-1]:
        _child(_child(data, "media"), "file", name)
    _child(data, "encryptedXmlFile", files[-1])
    _child(data, "base64EncryptedElementSignature", signature)
    return etree.tostring(data, encoding="UTF-8", xml_declaration=True)


def _child(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_MANIFEST}}}{name}")
    child.text = text
    return child
