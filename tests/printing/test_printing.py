"""Paper as the office hands it out: real fonts, real templates, real PDFs."""

import json
from collections.abc import Mapping
from datetime import date

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printing import base45
from printing.errors import (
    Altered,
    BadTemplate,
    Expired,
    FieldMissing,
    Forged,
    MissingGlyph,
    Overflow,
    UnknownKey,
)
from printing.raster import pages, texts
from printing.render import CopyMark, render
from printing.seal import PREFIX, check_fields, fields_digest, verify
from printing.template import BUILT_IN, load_template, unknown_fields
from printing.wrap import NO_START, wrap
from tests.printing.samples import NAMES, fonts, template

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {b"k1": KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}


def residence(**changed: str) -> bytes:
    proof = template("residence-proof")
    return render(proof, {**proof.samples(), **changed}, copy=None, fonts=fonts())


def credential(
    until: str | None = None, fields: Mapping[str, str] | None = None, kid: bytes = b"k1"
) -> str:
    protected = cbor2.dumps({1: -8, 4: kid})
    said = ["玉龙镇", "N1", "residence-proof", "李𠂇明", "0028", "2026-11-24", until]
    payload = cbor2.dumps({1: 1, **dict(enumerate(said, start=2)), 9: fields_digest(fields or {})})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    message = cbor2.CBORTag(18, [protected, {}, payload, signature])
    return PREFIX + base45.encode(cbor2.dumps(message))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", ["sample", "longest"])
def test_every_template_prints_its_samples(name: str, which: str) -> None:
    page = template(name)
    pdf = render(page, page.samples(which), copy=CopyMark(2), fonts=fonts())
    assert "第2次补打" in "".join(texts(pdf)[0].split())


@pytest.mark.parametrize("name", NAMES)
def test_every_template_knows_its_fields(name: str) -> None:
    assert {field for _, field in unknown_fields(template(name))} <= BUILT_IN


def test_the_same_input_gives_the_same_bytes() -> None:
    assert residence() == residence()


@pytest.mark.parametrize("name", ["李𠂇明", "欧阳𫖸鿍", "阿卜杜热合曼·买买提吐尔逊·伊敏江"])
def test_a_rare_name_reads_as_typed(name: str) -> None:
    read = "".join(texts(residence(holder_name=name))[0].split())
    assert name in read


@pytest.mark.parametrize("mark", ["A5HTGH", "A5HTG7"])
def test_a_number_may_break_after_a_letter_and_its_hyphen(mark: str) -> None:
    slip = template("relay-slip")
    number = f"L530102101-20261125-0000-{mark}-20261125"
    row = {"number": number, "service": "居住证明开具", "accepted_on": "2026-11-25"}
    (read,) = texts(render(slip, {**slip.samples(), "cases": [row]}, copy=None, fonts=fonts()))
    assert number in "".join(read.split())


@pytest.mark.parametrize("bad", ["\ue001", "\u200b", "\u202e", "\ufe00", "\U0002ebf0"])
def test_a_character_without_glyph_stops_the_print_and_is_named(bad: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        residence(holder_name=f"李{bad}")
    assert [(m.field, m.character) for m in caught.value.misses] == [("holder_name", bad)]
    assert f"U+{ord(bad):04X}" in str(caught.value.fields["characters"])
    assert str(caught.value) == "P101"


def test_a_required_field_left_blank_is_refused() -> None:
    with pytest.raises(FieldMissing):
        residence(holder_name="")


def test_a_text_that_cannot_fit_is_refused_and_not_cut() -> None:
    with pytest.raises(Overflow):
        residence(address="村" * 2000)


def test_a_draft_has_a_watermark_and_no_valid_code() -> None:
    proof = template("residence-proof")
    pdf = render(proof, proof.samples(), copy=None, draft=True, fonts=fonts())
    assert "样" in texts(pdf)[0]
    assert not decoded(pdf, 300)


def decoded(pdf: bytes, dpi: int) -> list[str]:
    raster = next(iter(pages(pdf, dpi)))
    image = Image.frombytes("RGB", (raster.width, raster.height), raster.bgra, "raw", "BGRX")
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_printed_code_is_read_and_verified(dpi: int) -> None:
    said = credential()
    (read,) = decoded(residence(credential=said), dpi)
    assert verify(read, KEYS).holder_name == "李𠂇明"


def test_each_kind_of_false_credential_is_refused_by_its_name() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    raw = other.public_bytes(Encoding.Raw, PublicFormat.Raw)
    with pytest.raises(Forged):
        verify(credential(), {b"k1": raw})
    with pytest.raises(UnknownKey):
        verify(credential(kid=b"k2"), KEYS)
    with pytest.raises(Altered):
        verify("LM1:HELLO", KEYS)
    with pytest.raises(Expired):
        verify(credential(until="2026-01-01"), KEYS, today=date(2026, 11, 24))
    with pytest.raises(Altered):
        check_fields(verify(credential(fields={"a": "1"}), KEYS), {"a": "2"})


@given(st.binary(max_size=64))
def test_base45_gives_back_the_bytes(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@settings(max_examples=50)
@given(st.text(alphabet="村民，。（）abc1", min_size=1, max_size=60))
def test_wrapping_loses_no_character_and_starts_no_line_with_a_closing_mark(text: str) -> None:
    lines = wrap(text, 8, lambda part: [1.0] * len(part))
    assert "".join(line.text for line in lines) == text
    if not set(text) & NO_START:
        assert all(line.width <= 8 for line in lines)


def test_an_entity_in_a_template_is_not_resolved() -> None:
    side = b'{"id":"x","version":"1","titles":{},"fields":{}}'
    with pytest.raises(BadTemplate) as caught:
        load_template(b'<svg xmlns="http://www.w3.org/2000/svg"><image/></svg>', side)
    assert str(caught.value) == "P102"


BILINGUAL = """<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="40mm" viewBox="0 0 8 4">
<g data-lang="zh"><text x=".5" y="1" font-size=".4">姓名</text></g>
<text data-lang="en" x=".5" y="1" font-size=".4">Name</text>
<text x="3" y="1" font-size=".4">{{ name }}</text></svg>"""


def test_one_template_speaks_each_of_its_languages() -> None:
    side = {
        "id": "t",
        "version": "1",
        "titles": {"zh": "收据", "en": "Receipt"},
        "fields": {"name": {"zh": "姓名", "en": "Name"}},
    }
    made = load_template(BILINGUAL.encode(), json.dumps(side).encode())
    said = {"name": "Li Ming"}
    chinese = render(made, said, copy=None, fonts=fonts())
    english = render(made, said, copy=None, fonts=fonts(), language="en")
    assert texts(chinese)[0].split() == ["姓名", "Li", "Ming"]
    assert texts(english)[0].split() == ["Name", "Li", "Ming"]
    assert b"/Lang (en)" in english
    assert b"/Title (Receipt)" in english
