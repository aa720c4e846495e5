"""A PDF that lasts: as PDF/A wants it, read aloud in order, signed, and silent about persons."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from printing.errors import NotSigned, PrintingError, SignatureBroken, SignerUnknown
from printing.render import render
from printing.sign import Signer, SigningKey, check, make_key
from tests.printing.samples import NAMES, fonts, printed, template

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
JARS = (
    "pdfbox2",
    "preflight",
    "xmpbox",
    "fontbox2",
    "commons-logging",
    "javax.activation",
    "jaxb-api",
)
JAVA = Path("/usr/share/java")
# what PDF/A-1 forbids and PDF/A-2 allows: no CIDSet, an invisible widget without a look, part 2
ONLY_IN_PART_1 = re.compile(
    r"3\.1\.11 : .*CIDSet entry is missing"
    r"|5\.3\.1 : .*widget annotation lacks an appearance dictionary"
    r"|7\.11\.2 : .*part must be 1"
    r"|The file .* is not a valid PDF/A-1b file, error\(s\) :"
)


@cache
def province() -> SigningKey:
    return make_key("四川省政务服务", NOW)


@cache
def office() -> SigningKey:
    return make_key("盐亭县玉龙镇便民服务中心", NOW, province())


@cache
def page(name: str = "residence-proof") -> bytes:
    made = template(name)
    return render(made, made.samples(), copy=None, fonts=fonts())


@cache
def signed() -> bytes:
    return Signer(office()).sign(page(), NOW)


def test_an_independent_validator_finds_nothing_that_pdf_a_2_forbids(tmp_path: Path) -> None:
    paths = [JAVA / f"{jar}.jar" for jar in JARS]
    if not shutil.which("java") or not all(path.exists() for path in paths):
        pytest.skip("needs java, libpdfbox2-java, libactivation-java and libjaxb-api-java")
    files = {f"{name}.pdf": page(name) for name in NAMES} | {"signed.pdf": signed()}
    files["scripts.pdf"] = printed("𫖸ئەخمەت བཀྲ་ཤིས ᠮᠣᠩᠭᠣᠯ ꆈꌠ ê̄")
    for name, pdf in files.items():
        (tmp_path / name).write_bytes(pdf)
    judge = ["java", "-cp", ":".join(map(str, paths)), "org.apache.pdfbox.preflight.Validator_A1b"]
    found = subprocess.run(
        [*judge, "batch", tmp_path], capture_output=True, text=True, check=False
    ).stdout
    faults = [line for line in found.splitlines() if line.strip()]
    assert len(faults) > len(files), "the validator said nothing"
    assert [line for line in faults if not ONLY_IN_PART_1.search(line)] == []


def test_the_file_says_that_it_is_pdf_a_2b_and_nothing_of_persons() -> None:
    root = PdfFileReader(BytesIO(page())).root
    packet = root["/Metadata"].get_object().data.decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in packet
    reader = PdfFileReader(BytesIO(page()))
    said = str(dict(reader.trailer_view["/Info"])) + packet
    assert "居住证明" in said
    sample = template("residence-proof").samples()
    personal = [str(v) for k, v in sample.items() if k.startswith("holder") and len(str(v)) > 1]
    assert personal
    assert not [value for value in personal if value in said]


def test_a_screen_reader_hears_title_and_paragraphs_in_order(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(page())
    said = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, check=True)
    heard = said.stdout.decode()
    assert re.search(r'H1 \(block\).*\n\s*"居 住 证 明', heard)
    assert heard.index("居 住 证 明") < heard.index("姓名") < heard.index("特此证明")
    assert "Figure" in heard


def test_a_signed_page_holds_under_the_province_and_for_poppler(tmp_path: Path) -> None:
    found = check(signed(), [province().certificates[0]])
    assert (found.signer, found.signed_at) == ("盐亭县玉龙镇便民服务中心", NOW)
    assert signed().startswith(page())
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed())
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_changed_byte_is_caught(data: st.DataObject) -> None:
    start = signed().index(b"/ByteRange")
    at = data.draw(st.integers(10, len(signed()) - 1).filter(lambda n: not _inside(n, start)))
    flipped = bytes([signed()[at] ^ data.draw(st.integers(1, 255))])
    with pytest.raises(PrintingError):
        check(signed()[:at] + flipped + signed()[at + 1 :], [province().certificates[0]])


def _inside(at: int, start: int) -> bool:
    # the signature's own bytes end in zeros that mean nothing
    contents = signed().index(b"/Contents <", start - 30_000)
    return contents <= at <= contents + 8_300


def test_what_is_added_later_a_stranger_and_a_bare_page_are_told_apart() -> None:
    roots = [province().certificates[0]]
    with pytest.raises(SignatureBroken):
        check(signed() + b"\n99 0 obj\n<<>>\nendobj", roots)
    with pytest.raises(SignerUnknown):
        check(signed(), [make_key("别人", NOW).certificates[0]])
    with pytest.raises(NotSigned):
        check(page(), roots)
    with pytest.raises(NotSigned):
        check(b"hello", roots)


def test_the_same_input_gives_the_same_bytes() -> None:
    made = template("residence-proof")
    assert render(made, made.samples(), copy=None, fonts=fonts()) == page()
