"""Pre-printed paper: what it has already is shown on the screen and left out on paper."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image

from printing.errors import BadTemplate
from printing.raster import pages, texts
from printing.render import render
from printing.template import Template, load_template
from tests.printing.credentials import fonts

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="60mm" viewBox="0 0 100 60">'
    b'<text x="20" y="30" style="font-family:song;font-size:5px">{{ name }}</text></svg>'
)
GROUND = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="60mm" viewBox="0 0 100 60">'
    '<text x="5" y="30" style="font-family:hei;font-size:5px">姓名</text></svg>'
).encode()


def scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1000, 600), (250, 240, 200)).save(out, "PNG")
    return out.getvalue()


def template(background: str, *, preprinted: bool) -> Template:
    side = {
        "id": "form",
        "version": "1",
        "titles": {"zh": "表"},
        "background": background,
        "preprinted": preprinted,
        "fields": {"name": {"zh": "姓名", "en": "Name", "sample": "李𠂇明"}},
    }
    art = {"ground.svg": GROUND, "scan.png": scan()}
    return load_template(SVG, json.dumps(side).encode(), art)


def made(page: Template, *, on_paper: bool) -> bytes:
    return render(page, page.samples(), copy=None, fonts=fonts(), on_paper=on_paper)


def corner(pdf: bytes) -> tuple[int, ...]:
    page = next(iter(pages(pdf, 72)))
    at = (5 * page.width + 5) * 4
    return tuple(page.bgra[at : at + 3])


def test_a_drawn_background_is_on_the_screen_and_not_on_paper() -> None:
    page = template("ground.svg", preprinted=True)
    assert "姓名" in "".join(texts(made(page, on_paper=False)))
    assert "姓名" not in "".join(texts(made(page, on_paper=True)))
    assert "李𠂇明" in "".join(texts(made(page, on_paper=True)))


def test_a_scanned_background_is_on_the_screen_and_not_on_paper() -> None:
    page = template("scan.png", preprinted=True)
    assert corner(made(page, on_paper=False)) == (200, 240, 250)
    assert corner(made(page, on_paper=True)) == (255, 255, 255)


def test_a_background_of_blank_paper_is_printed_too() -> None:
    page = template("scan.png", preprinted=False)
    assert corner(made(page, on_paper=True)) == (200, 240, 250)


def test_a_background_that_is_not_there_is_named() -> None:
    with pytest.raises(BadTemplate) as caught:
        template("lost.png", preprinted=True)
    assert "lost.png" in str(caught.value.fields["reason"])
