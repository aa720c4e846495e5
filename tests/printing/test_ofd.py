"""OFD written and read: by ourselves, by an independent reader, and against hostile files."""

import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import ofdkit
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printing.errors import BadOfd, OfdTooLarge, PrintingError
from printing.layout import Words
from printing.ofd import write_ofd
from printing.ofd_read import read_ofd, to_pdf
from printing.pdf import draw
from printing.raster import pages
from printing.render import pages_of
from tests.printing.samples import NAMES, fonts, template

EXAMPLES = int(os.environ.get("LASTMILE_DAMAGED_OFD", "40"))
RARE = {"holder_name": "欧阳𫖸鿍𠂇 ê̄", "holder_nation": "བོད་རིགས ئەخمەت"}
CODE = "LM1:" + "8" * 180


def made(name: str, **changed: str) -> tuple[bytes, list[str], bytes]:
    """OFD, texts meant, and the PDF of the same marks."""
    page = template(name)
    values = {**page.samples(), **{k: v for k, v in changed.items() if k in page.fields}}
    laid = pages_of(page, values, copy=None, fonts=fonts())
    said = [m.text for marks in laid for m in marks if isinstance(m, Words)]
    return write_ofd(page, laid, fonts()), said, draw(page, laid, fonts())


def picture(pdf: bytes, dpi: int = 102) -> Image.Image:
    raster = next(iter(pages(pdf, dpi)))
    image = Image.frombytes("RGB", (raster.width, raster.height), raster.bgra, "raw", "BGRX")
    return image.convert("L")


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_reader_finds_every_text_and_the_page(name: str) -> None:
    data, said, _ = made(name, **RARE)
    with ofdkit.open(data) as document:
        read = "".join(document.text().split())
        width, height = document.pages[0].width, document.pages[0].height
    for text in said:
        for part in text.split():
            assert all(piece in read for piece in _pieces(part))
    assert (width, height) == (template(name).width, template(name).height)


def _pieces(text: str) -> list[str]:
    # a reader lists runs from left to right, so a name in several fonts may be parted
    return [run.text for run in fonts().runs(text, "song") if not run.text.isspace()]


@pytest.mark.parametrize("name", ["residence-proof", "receipt", "queue-slip"])
def test_ofd_and_pdf_look_alike(name: str) -> None:
    data, _, pdf = made(name, credential=CODE, **RARE)
    shown = picture(to_pdf(read_ofd(data, fonts()), fonts()))
    meant = picture(pdf)
    assert shown.size == meant.size
    side = (meant.width // 6, meant.height // 6)  # 1.5 mm: outlines are drawn a little bolder
    coarse = [image.resize(side, Image.Resampling.BOX) for image in (shown, meant)]
    assert max(ImageChops.difference(*coarse).tobytes()) < 60


def test_the_code_is_read_from_the_ofd_page() -> None:
    data, _, _ = made("residence-proof", credential=CODE)
    image = picture(to_pdf(read_ofd(data, fonts()), fonts()), 300)
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [CODE]


def test_the_same_pages_give_the_same_bytes_and_nothing_is_left_unseen() -> None:
    assert made("receipt")[0] == made("receipt")[0]
    found = read_ofd(made("receipt")[0], fonts())
    assert (found.unseen, found.signed, found.title) == ((), False, "受理通知书")


def changed(data: bytes, **files: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, files.get(Path(name).stem, old.read(name)))
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = changed(made("receipt")[0], Content=b"<a>" + b" " * (40 << 20))
    assert len(bomb) < 200_000
    with pytest.raises(OfdTooLarge):
        read_ofd(bomb, fonts())
    crowd = BytesIO()
    with ZipFile(crowd, "w") as archive:
        for n in range(5_001):
            archive.writestr(f"{n}", b"")
    with pytest.raises(OfdTooLarge):
        read_ofd(crowd.getvalue(), fonts())


def test_entities_and_ways_out_of_the_package_lead_nowhere() -> None:
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><OFD><DocBody><DocRoot>&x;</DocRoot></DocBody></OFD>'
    way_out = b"<OFD><DocBody><DocRoot>../../../etc/passwd</DocRoot></DocBody></OFD>"
    for evil in (entity, way_out, b"<a>", b""):
        with pytest.raises(BadOfd):
            read_ofd(changed(made("receipt")[0], OFD=evil), fonts())
    with pytest.raises(BadOfd):
        read_ofd(b"PK not a zip", fonts())


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = made("queue-slip")[0]
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at + 4 :]
    with suppress(PrintingError):
        to_pdf(read_ofd(damaged, fonts()), fonts())
