"""Certificates that an office signs: believed on the province's word, offline, and no more."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from desktop.messages import say
from printing import cose, delegation
from printing.errors import (
    Altered,
    BeyondDelegation,
    CredentialRefused,
    DeviceShutOut,
    Forged,
    KeyRevoked,
    UnknownKey,
    Voided,
)
from printing.issue import Claims, write
from printing.raster import pages
from printing.scan import find_code
from printing.seal import is_delegated, modules
from printing.trust import Trust, TrustedKey, check, pinned, read_list
from tests.printing.credentials import KEY, KID, PUBLIC, credential, page_with, signed

DEVICE = bytes(range(32, 64))
DEVICE_PUBLIC = Ed25519PrivateKey.from_private_bytes(DEVICE).public_key().public_bytes_raw()
DEVICE_ID = hashlib.sha256(DEVICE_PUBLIC).digest()[:8]
STRANGER = bytes(32)
TRUST = pinned({KID: PUBLIC})
OFFICE = "盐亭县玉龙镇人民政府便民服务中心"
CLAIMS = Claims(
    "LM2026-510723106-T000018",
    "certificate-general",
    "李𠂇明",
    "0028",
    "2026-11-25",
    "2027-02-25",
    {"body": "x"},
)


def word(
    *,
    public: bytes = DEVICE_PUBLIC,
    template: str = "certificate-general",
    first: str = "2026-11-01",
    last: str = "2027-01-30",
    by: bytes = KEY.private_bytes_raw(),
    kid: bytes = KID,
    aad: bytes = delegation.AAD,
) -> bytes:
    """The province's word for a device."""
    payload = {1: 1, 2: public, 3: OFFICE, 4: "510723106", 5: template, 6: first, 7: last}
    return cose.write({1: -8, 4: kid}, payload, by, aad)


def test_an_office_s_certificate_is_believed_on_the_province_s_word() -> None:
    text = write(CLAIMS, DEVICE, word())
    found = check(text, TRUST, today=date(2026, 12, 1))
    assert (found.issuer, found.number, found.holder_name) == (OFFICE, CLAIMS.number, "李𠂇明")
    assert found.delegation is not None
    assert found.delegation.division == "510723106"
    assert is_delegated(text)
    assert not is_delegated(credential())


FALSE: dict[str, tuple[str, type[CredentialRefused]]] = {
    "another key behind the name of the province": (
        write(CLAIMS, DEVICE, word(by=STRANGER)),
        Forged,
    ),
    "a province that nobody knows": (write(CLAIMS, DEVICE, word(kid=bytes(8))), UnknownKey),
    "a device of its own beside a true word": (write(CLAIMS, STRANGER, word()), UnknownKey),
    "a certificate's signature as a word": (write(CLAIMS, DEVICE, word(aad=b"")), Forged),
    "no word at all": (write(CLAIMS, DEVICE, b""), Altered),
    "a word that is over": (write(CLAIMS, DEVICE, word(last="2026-11-24")), BeyondDelegation),
    "a word that begins later": (write(CLAIMS, DEVICE, word(first="2026-11-26")), BeyondDelegation),
    "a word for another template": (
        write(CLAIMS, DEVICE, word(template="residence-proof")),
        BeyondDelegation,
    ),
    "another number under the same signature": (
        write(replace(CLAIMS, number="LM2026-510723106-T000019"), DEVICE, word())[:-40]
        + write(CLAIMS, DEVICE, word())[-40:],
        Forged,
    ),
}


@pytest.mark.parametrize("what", FALSE)
def test_a_false_word_is_refused_in_words(what: str) -> None:
    text, expected = FALSE[what]
    with pytest.raises(expected) as refused:
        check(text, TRUST)
    assert type(refused.value) is expected
    assert len(say(refused.value)) > 30


def test_void_numbers_and_revoked_keys_count_for_offices_too() -> None:
    text = write(CLAIMS, DEVICE, word())
    with pytest.raises(Voided):
        check(text, replace(TRUST, voided={CLAIMS.number: "2026-11-26"}))
    revoked = {KID: TrustedKey(PUBLIC, revoked=True)}
    with pytest.raises(KeyRevoked):
        check(text, replace(TRUST, keys=revoked))
    retired = {KID: TrustedKey(PUBLIC, until="2026-11-10")}
    assert check(text, replace(TRUST, keys=retired)), "its word was given while it was in use"
    with pytest.raises(Forged):
        check(write(CLAIMS, DEVICE, word(first="2026-11-11")), replace(TRUST, keys=retired))


def test_a_computer_that_was_shut_out_signs_nothing_more() -> None:
    brought = Trust(5, "", TRUST.keys, {}, {DEVICE_ID: "2026-11-24"})
    held = read_list(signed(brought, KEY), TRUST)
    with pytest.raises(DeviceShutOut):
        check(write(CLAIMS, DEVICE, word()), held)
    before = replace(CLAIMS, issued_on="2026-11-24")
    assert check(write(before, DEVICE, word()), held), "what it signed before stays genuine"


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_larger_code_is_read_from_a_print_and_from_a_photograph(dpi: int) -> None:
    text = write(CLAIMS, DEVICE, word())
    assert len(modules(text)) <= 85, "version 17: 0.29 mm a module on 25 mm"
    page = next(iter(pages(page_with(text), dpi)))
    image = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX").convert("L")
    turned = image.rotate(3, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    out = BytesIO()
    turned.save(out, "JPEG", quality=60)
    assert find_code(out.getvalue()).rstrip() == text.rstrip()
