"""Signs a finished PDF so that nothing in it can be changed unseen, and checks such signatures.

The signature is PAdES B-B, certifies the document and allows no change. A self-made certificate
proves that the page is this office's and whole; it is not a reliable signature under the law of
electronic signatures, which needs a licensed authority's key.
Spec: ETSI EN 319 142-1 (PAdES), ISO 32000-1, 12.8.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID

from printing.errors import NotSigned, SignatureBroken, SignerUnknown

if TYPE_CHECKING:  # pyHanko takes a fifth of a second to load; most pages are not signed
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Lastmile"
_VALID_DAYS = 20 * 365
_RESERVED = 8_192  # hexadecimal digits for the signature


@dataclass(frozen=True)
class SigningKey:
    """A private key and its certificates.

    Attributes:
        key: PKCS #8, DER, not encrypted.
        certificates: DER; the key's own first, then those that issued it.
    """

    key: bytes
    certificates: tuple[bytes, ...]


@dataclass(frozen=True)
class Signed:
    """What a sound signature says.

    Attributes:
        signer: Common name in the certificate.
        signed_at: As the signer's clock said; None if it did not.
    """

    signer: str
    signed_at: datetime | None


def make_key(name: str, now: datetime, issuer: SigningKey | None = None) -> SigningKey:
    """A new P-256 key with a certificate for `name`, good for twenty years.

    Args:
        name: Of the office; at most 64 characters are kept.
        now: Aware; the certificate begins a day earlier, for clocks that are behind.
        issuer: Key of the province that vouches for it; None signs itself.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "Lastmile")])
    above = x509.load_der_x509_certificate(issuer.certificates[0]) if issuer else None
    signer = load_der_private_key(issuer.key, None) if issuer else key
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(authority=issuer is None), critical=True)
        .sign(signer, hashes.SHA256())
    )
    return SigningKey(
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        (certificate.public_bytes(Encoding.DER), *(issuer.certificates if issuer else ())),
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


class Signer:
    """Signs PDFs with one key, which it loads once. Safe to use from one thread at a time."""

    def __init__(self, key: SigningKey) -> None:
        self._signer = _loaded(key)

    def sign(self, pdf: bytes, now: datetime) -> bytes:
        """The PDF with a certifying signature added; the bytes before stay as they are.

        Args:
            pdf: From `printing.render`, unsigned.
            now: Aware; stands in the signature.
        """
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign import fields, signers  # noqa: PLC0415

        class Writer(IncrementalPdfFileWriter):
            def ensure_output_version(self, version: tuple[int, int]) -> None:
                pass  # PDF/A-2 is PDF 1.7

            def _update_meta(self) -> None:
                pass  # what the file says of itself must stay as in its XMP packet

        class Clocked(signers.PdfSigner):
            def init_signing_session(self, *given: Any, **named: Any) -> Any:
                session = super().init_signing_session(*given, **named)
                session.system_time = now
                return session

        said = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        out = Clocked(said, self._signer).sign_pdf(Writer(BytesIO(pdf)), bytes_reserved=_RESERVED)
        signed: bytes = out.getvalue()
        return signed


def is_signed(pdf: bytes) -> bool:
    """Whether a PDF of ours carries a signature, sound or not."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    return bool(PdfFileReader(BytesIO(pdf)).embedded_signatures)


def check(pdf: bytes, roots: Sequence[bytes]) -> Signed:
    """Check a signed PDF without a network.

    Args:
        pdf: The file as received.
        roots: DER certificates of the offices and provinces that are trusted.

    Raises:
        NotSigned: No signature, or not a PDF.
        SignatureBroken: Bytes were changed, or something was added after signing.
        SignerUnknown: Whole, but signed by nobody among `roots`.
    """
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.general import ValueErrorWithMessage  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it would log names of signers
    trusted = [asn1.Certificate.load(root) for root in roots]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    try:
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    except (PdfError, ValueError, KeyError):
        raise NotSigned from None
    try:
        status = validate_pdf_signature(signature, context)
    except (PdfError, ValueErrorWithMessage, ValueError):
        raise SignatureBroken from None
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (whole and status.intact and status.valid and status.docmdp_ok):
        raise SignatureBroken
    if not status.trusted:
        raise SignerUnknown
    name = status.signing_cert.subject.native.get("common_name", "")
    return Signed(str(name), status.signer_reported_dt)


def _loaded(key: SigningKey) -> "SimpleSigner":
    from asn1crypto import keys  # noqa: PLC0415
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    loaded = load_der_private_key(key.key, None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    private: ec.EllipticCurvePrivateKey = loaded

    class Loaded(SimpleSigner):
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            assert digest_algorithm == "sha256"
            return private.sign(data, ec.ECDSA(hashes.SHA256()))

    certificates = [asn1.Certificate.load(each) for each in key.certificates]
    registry: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register_multiple(certificates)
    return Loaded(
        signing_cert=certificates[0],
        signing_key=keys.PrivateKeyInfo.load(key.key),
        cert_registry=registry,
    )
