"""The province as issuer of certificates for its devices (docs/protocol.md section 4).

A certificate names one device and lives for 30 days. It admits to nothing by itself: a request
still needs the token of the same device.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from province.errors import CertificateNeeded, Malformed

DAYS = 30
CA_DAYS = 3650
BEFORE = timedelta(hours=1)  # a device whose clock is behind may show it at once
FILE = "device-ca.pem"


class DeviceCa:
    """Issues certificates and knows them again. Any thread."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate, self._key = certificate, key

    def issue(self, request: bytes, device_id: str, now: datetime) -> tuple[bytes, datetime]:
        """A certificate for a device, and when it is over.

        Args:
            request: PKCS #10 in DER; only its key is taken over, once it is proven.
            device_id: Whom it names.
            now: Aware.

        Raises:
            Malformed: Not a request, or its signature does not hold, or not a P-256 key.
        """
        try:
            asked = x509.load_der_x509_csr(request)
            public = asked.public_key()
            proven = asked.is_signature_valid
        except (ValueError, UnsupportedAlgorithm, TypeError, x509.InvalidVersion):
            raise Malformed from None
        if not proven or not isinstance(public, ec.EllipticCurvePublicKey):
            raise Malformed
        if public.curve.name != "secp256r1":
            raise Malformed
        until = now + timedelta(days=DAYS)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, device_id)])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._certificate.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BEFORE)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(keys.Encoding.PEM), until

    def device_of(self, shown: bytes, now: datetime) -> str:
        """Which device a certificate (DER) names.

        Raises:
            CertificateNeeded: Not issued here, or not valid now.
        """
        try:
            certificate = x509.load_der_x509_certificate(shown)
            certificate.verify_directly_issued_by(self._certificate)
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        except (
            ValueError,
            TypeError,
            InvalidSignature,
            UnsupportedAlgorithm,
            x509.InvalidVersion,
        ):
            raise CertificateNeeded from None
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise CertificateNeeded
        return str(names[0].value) if names else ""


def load_device_ca(folder: Path) -> DeviceCa:
    """The issuer in `folder`, made at the first call; its certificate lies in `FILE` there."""
    key_file, certificate_file = folder / "device-ca.key", folder / FILE
    if not certificate_file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        written = key.private_bytes(
            keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption()
        )
        key_file.unlink(missing_ok=True)
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        certificate_file.write_bytes(_own(key).public_bytes(keys.Encoding.PEM))
    read = keys.load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(read, ec.EllipticCurvePrivateKey)
    return DeviceCa(x509.load_pem_x509_certificate(certificate_file.read_bytes()), read)


def _own(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lastmile devices")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
