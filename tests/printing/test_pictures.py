"""Photos and seals on a page: where they stand, how large, and what happens to odd ones."""

import json
from io import BytesIO

import pytest
from PIL import Image

from printing.errors import BadPicture, FieldMissing
from printing.ofd import write_ofd
from printing.ofd_read import read_ofd, to_pdf
from printing.raster import pages
from printing.render import pages_of, render
from printing.template import Template, load_template
from tests.printing.samples import fonts

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80">
<rect id="photo:portrait" x="10" y="10" width="30" height="40"/>
<rect id="seal:office" x="60" y="20" width="30" height="30"/>
<text x="10" y="70" style="font-family:song;font-size:4px">{{ name }}</text></svg>"""
SIDE = {
    "id": "t", "version": "1", "titles": {"zh": "t"},
    "fields": {
        "name": {"zh": "姓名", "en": "Name", "sample": "李示例"},
        "portrait": {"type": "photo", "zh": "照片", "en": "Photo", "required": True},
    },
}  # fmt: skip


def sheet() -> Template:
    return load_template(SVG, json.dumps(SIDE).encode())


def made(size: tuple[int, int], colour: tuple[int, ...], kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(out, kind)
    return out.getvalue()


BLUE = made((300, 300), (0, 0, 255), "JPEG")
RED = made((200, 200), (255, 0, 0, 128))


def coloured(pdf: bytes) -> dict[str, tuple[float, float, float, float]]:
    """Boxes in mm of what is blue and of what is red, at 254 dpi."""
    raster = next(iter(pages(pdf, 254)))
    image = Image.frombytes("RGB", (raster.width, raster.height), raster.bgra, "raw", "BGRX")
    red, green, blue = image.split()
    found = {}
    for name, high in (("blue", blue), ("red", red)):
        low = green.point([255 * (v < 160) for v in range(256)])
        bright = high.point([255 * (v > 200) for v in range(256)])
        box = Image.composite(low, Image.new("L", image.size), bright).getbbox()
        assert box is not None
        left, top, right, bottom = box
        found[name] = (left / 10, top / 10, right / 10, bottom / 10)
    return found


def test_pictures_fill_their_frames_in_their_own_proportions() -> None:
    given = {"portrait": BLUE, "office": RED}
    pdf = render(sheet(), {"name": ""}, copy=None, fonts=fonts(), pictures=given)
    found = coloured(pdf)
    assert found["blue"] == pytest.approx((10, 15, 40, 45), abs=0.15)
    assert found["red"] == pytest.approx((60, 20, 90, 50), abs=0.15)
    assert pdf == render(sheet(), {"name": ""}, copy=None, fonts=fonts(), pictures=given)


def test_ofd_carries_the_same_pictures() -> None:
    given = {"portrait": BLUE, "office": RED}
    laid = pages_of(sheet(), {"name": ""}, copy=None, fonts=fonts(), pictures=given)
    shown = to_pdf(read_ofd(write_ofd(sheet(), laid, fonts()), fonts()), fonts())
    assert coloured(shown)["blue"] == pytest.approx((10, 15, 40, 45), abs=0.3)


def test_a_required_photo_must_be_given_and_be_a_picture() -> None:
    with pytest.raises(FieldMissing):
        render(sheet(), {"name": "李示例"}, copy=None, fonts=fonts())
    for bad in (b"hello", BLUE[:200], made((9000, 9000), (0, 0, 0))):
        with pytest.raises(BadPicture):
            render(sheet(), {"name": ""}, copy=None, fonts=fonts(), pictures={"portrait": bad})


def test_neither_stands_on_a_sample() -> None:
    given = {"portrait": BLUE, "office": RED}
    pdf = render(sheet(), {"name": "李"}, copy=None, fonts=fonts(), pictures=given, draft=True)
    assert b"/Subtype /Image" not in pdf
