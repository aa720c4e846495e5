"""Every template and every service's certificate looks and reads as when last looked at.

LASTMILE_GOLDEN=1 writes the pictures and texts anew: open them before you commit them.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from printing.elements import Box, Element, Label
from printing.layout import Words
from printing.raster import pages
from printing.render import pages_of, render
from printing.template import PLACEHOLDER, Template
from tests.printing.samples import NAMES, RESOURCES, fonts, template

GOLDEN = Path(__file__).parent / "golden"
SERVICES = sorted(path.parent.name for path in (RESOURCES / "services").glob("*/form.xlsx"))
_ANSWER = re.compile(r"\{[^}]*\}")
MM_PER_PIXEL = 1.5
SHADES = 17  # of 255: pictures of sixteen greys stay small
TOLERATED = SHADES  # one grey of one pixel, as another pdfium may smooth an edge


def case(name: str) -> tuple[Template, Mapping[str, object]]:
    """The template and sample of a template's name, or of a service's certificate."""
    if name not in SERVICES:
        return template(name), dict(template(name).samples())
    folder = RESOURCES / "services" / name
    said = tomllib.loads((folder / "service.toml").read_text(encoding="utf-8"))["certificate"]
    made = template(said["template"])
    samples = made.samples()
    own = {
        key: _ANSWER.sub(lambda a: "李𠂇明" if "name" in a.group() else "3", text)
        for key, text in said["fields"].items()
        if not text.startswith("{")
    }
    return made, {**samples, **own, "certificate_title": said["title_zh"]}


def look(made: Template, values: Mapping[str, object]) -> Image.Image:
    """All pages below each other, in greys, 1.5 mm a pixel."""
    pdf = render(made, values, copy=None, fonts=fonts())  # type: ignore[arg-type]
    sheets = []
    for raster in pages(pdf, 102):  # about 4 dots a mm
        image = Image.frombytes("RGB", (raster.width, raster.height), raster.bgra, "raw", "BGRX")
        side = (round(made.width / MM_PER_PIXEL), round(made.height / MM_PER_PIXEL))
        sheets.append(image.convert("L").resize(side, Image.Resampling.BOX))
    whole = Image.new("L", (sheets[0].width, sum(s.height for s in sheets)))
    for n, sheet in enumerate(sheets):
        whole.paste(sheet, (0, n * sheet.height))
    return whole.point([value // SHADES * SHADES for value in range(256)])


def worst(first: Image.Image, second: Image.Image) -> int:
    assert first.size == second.size
    return max(ImageChops.difference(first, second).tobytes())


@cache
def golden(name: str) -> Image.Image:
    with Image.open(GOLDEN / f"{name}.png") as found:
        return found.convert("L")


def read(made: Template, values: Mapping[str, object]) -> str:
    """Texts in drawing order, a line each; pages parted by a rule."""
    laid = pages_of(made, values, copy=None, fonts=fonts())  # type: ignore[arg-type]
    said = ["\n".join(m.text for m in page if isinstance(m, Words)) for page in laid]
    return "\n----\n".join(said) + "\n"


@pytest.mark.parametrize("name", [*NAMES, *SERVICES])
def test_a_page_looks_and_reads_as_it_did(name: str) -> None:
    made, values = case(name)
    if os.environ.get("LASTMILE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        sixteen = look(made, values).quantize(16)
        sixteen.save(GOLDEN / f"{name}.png", optimize=True)
        (GOLDEN / f"{name}.txt").write_text(read(made, values), encoding="utf-8")
    assert read(made, values) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert worst(look(made, values), golden(name)) <= TOLERATED


@pytest.mark.parametrize("name", NAMES)
def test_a_field_moved_by_one_millimetre_is_seen(name: str) -> None:
    made, values = case(name)
    (*_, at) = [n for n, e in enumerate(made.elements) if filled(e, values)]
    element = made.elements[at]
    assert isinstance(element, Box | Label)
    moved = (*made.elements[:at], replace(element, y=element.y - 1), *made.elements[at + 1 :])
    assert worst(look(replace(made, elements=moved), values), golden(name)) > TOLERATED


def filled(element: Element, values: Mapping[str, object]) -> bool:
    if not isinstance(element, Box | Label) or element.rule.when or element.rule.unless:
        return False
    names = PLACEHOLDER.findall(element.text)
    return bool(names) and all(values.get(name) for name in names)


def test_two_copies_are_made_out_alike() -> None:
    made, values = case("conditional-acceptance")
    first, second = pages_of(made, values, copy=None, fonts=fonts())  # type: ignore[arg-type]
    assert first == second
