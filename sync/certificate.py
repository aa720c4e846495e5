"""The certificate that a device shows where its province asks for one.

Spec: docs/protocol.md section 4. Its key is made for it alone and never leaves the device.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from sync.errors import CertificateUnreadable, Unexpected
from sync.route import DeviceCertificate


def new_request() -> tuple[bytes, bytes]:
    """A request (PKCS #10, DER) with a new P-256 key, and the key (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    written = key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption())
    return asked.sign(key, hashes.SHA256()).public_bytes(keys.Encoding.DER), written


def read_issued(got: dict[str, object], key: bytes) -> DeviceCertificate:
    """The certificate in an answer, for the key it was asked for.

    Raises:
        Unexpected: None, or one for another key.
    """
    chain = str(got.get("certificate", "")).encode()
    own = keys.load_pem_private_key(key, None).public_key()
    try:
        if x509.load_pem_x509_certificate(chain).public_key() != own:
            raise Unexpected(status=201)
    except ValueError:
        raise Unexpected(status=201) from None
    return DeviceCertificate(chain, key)


def renewal_due(certificate: DeviceCertificate, now: datetime) -> bool:
    """Whether two thirds of its time are over."""
    read = x509.load_pem_x509_certificate(certificate.chain)
    since, until = read.not_valid_before_utc, read.not_valid_after_utc
    return now > since + (until - since) * 2 / 3


def read_file(data: bytes, password: str) -> DeviceCertificate:
    """A certificate with its key as IT staff are given it: PKCS #12, or PEM.

    Args:
        data: The file.
        password: Of the key; "" for none.

    Raises:
        CertificateUnreadable: Neither, or another password.
    """
    secret = password.encode() or None
    try:
        if b"-----BEGIN" in data:
            key = keys.load_pem_private_key(data, secret)
            chain = b"".join(
                each.public_bytes(keys.Encoding.PEM)
                for each in x509.load_pem_x509_certificates(data)
            )
        else:
            bundle = pkcs12.load_pkcs12(data, secret)
            if bundle.key is None or bundle.cert is None:
                raise CertificateUnreadable
            key = bundle.key
            every = [bundle.cert, *bundle.additional_certs]
            chain = b"".join(e.certificate.public_bytes(keys.Encoding.PEM) for e in every)
        if x509.load_pem_x509_certificate(chain).public_key() != key.public_key():
            raise CertificateUnreadable
    except (ValueError, TypeError):
        raise CertificateUnreadable from None
    written = key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption())
    return DeviceCertificate(chain, written)
