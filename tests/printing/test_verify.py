"""A paper is checked without a network: the code is found, and every false one has its name."""

from __future__ import annotations

from datetime import date
from functools import cache
from io import BytesIO

import gmssl_pyx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop.messages import say
from printing import cose
from printing.errors import (
    Altered,
    CredentialRefused,
    Expired,
    Forged,
    KeyRevoked,
    NoCode,
    TrustRefused,
    UnknownKey,
    Unreadable,
    Voided,
)
from printing.raster import pages
from printing.scan import find_code
from printing.trust import Trust, TrustedKey, check, pinned, read_list
from tests.printing.credentials import KEY, KID, NUMBER, PUBLIC, credential, page_with, signed

TRUST = pinned({KID: PUBLIC})
TODAY = date(2026, 11, 25)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@cache
def on_paper(dpi: int) -> Image.Image:
    page = next(iter(pages(page_with(credential()), dpi)))
    return Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX").convert("L")


def as_file(image: Image.Image, how: str = "PNG", quality: int = 75) -> bytes:
    out = BytesIO()
    image.save(out, how, quality=quality, compress_level=1)
    return out.getvalue()


LOOKS = ("straight", "black and white", "turned", "compressed", "both")


@pytest.mark.parametrize(
    ("dpi", "what"),
    [*((dpi, what) for dpi in (203, 300) for what in LOOKS), (600, "straight"), (600, "both")],
)
def test_the_code_is_read_from_a_print_and_holds(dpi: int, what: str) -> None:
    image = on_paper(dpi)
    if what == "black and white":
        image = image.convert("1", dither=Image.Dither.NONE)
    if what in {"turned", "both"}:
        image = image.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    data = as_file(image, "JPEG", 30) if what in {"compressed", "both"} else as_file(image)
    assert check(find_code(data), TRUST, today=TODAY).holder_name == "李𠂇明"


def test_a_pdf_and_a_picture_of_it_are_both_taken() -> None:
    assert find_code(page_with(credential())) == credential() == find_code(as_file(on_paper(203)))


def test_what_holds_no_code_says_so() -> None:
    with pytest.raises(NoCode):
        find_code(as_file(Image.new("L", (300, 300), 255)))
    for rubbish in (b"", b"no picture", b"%PDF-1.7 broken", as_file(on_paper(203))[:400]):
        with pytest.raises(Unreadable):
            find_code(rubbish)


VOID = Trust(5, "", TRUST.keys, {NUMBER: "2026-11-20"})
FALSE = {
    "forged": (credential(sign=OTHER.sign), TRUST, Forged, "not issued by the authority"),
    "altered": (credential()[:-6] + "AAAAAA", TRUST, Forged, "not issued by the authority"),
    "garbled": ("LM1:HELLO", TRUST, Altered, "cannot be read"),
    "another": ("https://example.org", TRUST, Altered, "cannot be read"),
    "expired": (credential(until="2026-11-24"), TRUST, Expired, "valid only until 2026-11-24"),
    "voided": (credential(), VOID, Voided, "voided on 2026-11-20"),
    "unknown": (credential(kid=b"12345678"), TRUST, UnknownKey, "does not hold the key"),
    "revoked": (
        credential(),
        Trust(5, "", {KID: TrustedKey(PUBLIC, revoked=True)}),
        KeyRevoked,
        "was revoked",
    ),
    "after the key retired": (
        credential(issued="2026-11-24"),
        Trust(5, "", {KID: TrustedKey(PUBLIC, until="2026-11-23")}),
        Forged,
        "not issued by the authority",
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_each_false_one_is_refused_in_its_own_words(name: str) -> None:
    code, trust, kind, words = FALSE[name]
    with pytest.raises(CredentialRefused) as caught:
        check(code, trust, today=TODAY)
    assert type(caught.value) is kind
    assert words in say(caught.value)


@given(st.integers(4, 240), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_no_changed_character_gets_through(at: int, other: str) -> None:
    text = credential()
    changed = text[: at % len(text)] + other + text[at % len(text) + 1 :]
    try:
        found = check(changed, TRUST, today=TODAY)
    except CredentialRefused:
        return
    assert found == check(text, TRUST)  # only what no signature covers


def test_a_last_valid_day_is_valid_and_trimmed_blanks_do_no_harm() -> None:
    for serial in range(40):
        code = credential(until="2026-11-25", number=f"LM2026-{serial}")
        assert check(f"{code[:50]}\n{code[50:].rstrip()}", TRUST, today=TODAY).number


def test_an_old_key_goes_on_proving_what_it_signed_in_its_time() -> None:
    new = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
    fresh = Trust(
        9,
        "2026-11-25T00:00:00Z",
        {
            KID: TrustedKey(PUBLIC, until="2026-11-24"),
            b"new": TrustedKey(new.public_key().public_bytes_raw()),
        },
    )
    learnt = read_list(signed(fresh, KEY), TRUST)
    assert learnt == fresh
    assert check(credential(), learnt).number == NUMBER
    assert check(credential(kid=b"new", sign=new.sign, issued="2026-11-25"), learnt).number


def test_no_list_is_taken_that_a_stranger_signed_or_that_is_older() -> None:
    fresh = Trust(9, "2026-11-25T00:00:00Z", TRUST.keys)
    held = read_list(signed(fresh, OTHER, KEY), TRUST)
    with pytest.raises(TrustRefused):
        read_list(signed(fresh, OTHER), TRUST)
    with pytest.raises(TrustRefused):
        read_list(signed(Trust(8, "", TRUST.keys), KEY), held)
    with pytest.raises(TrustRefused):
        read_list(signed(fresh, KEY).replace(b'"list": "', b'"list": "e30'), TRUST)
    revoked = Trust(10, "", {KID: TrustedKey(PUBLIC, revoked=True)})
    with pytest.raises(TrustRefused):
        read_list(signed(Trust(11, "", TRUST.keys), KEY), revoked)
    for rubbish in (b"", b"[]", b"{}", b'{"list":1,"signatures":[]}'):
        with pytest.raises(TrustRefused):
            read_list(rubbish, TRUST)


def test_sm2_signs_too_and_no_key_serves_the_other_algorithm() -> None:
    public, private = gmssl_pyx.sm2_key_generate()

    def sign(data: bytes) -> bytes:
        return bytes(gmssl_pyx.sm2_sign(private, public, data))

    trust = pinned({b"sm": public, KID: PUBLIC})
    code = credential(kid=b"sm", algorithm=-65538, sign=sign)
    assert check(code, trust).holder_name == "李𠂇明"
    for false in (
        credential(kid=b"sm", algorithm=-65538),
        credential(kid=b"sm", sign=sign),
        credential(algorithm=-65538),
    ):
        with pytest.raises(Forged):
            check(false, trust)


def test_without_the_library_for_sm2_its_key_counts_as_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public, private = gmssl_pyx.sm2_key_generate()
    code = credential(
        kid=b"sm", algorithm=-65538, sign=lambda data: gmssl_pyx.sm2_sign(private, public, data)
    )
    monkeypatch.setattr(cose, "gmssl_pyx", None)
    with pytest.raises(UnknownKey):
        check(code, pinned({b"sm": public}))
