"""A printer that strays is measured from its sheet, and then prints to a tenth of a millimetre."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printing import art, calibrate
from printing.art import Matrix, Point
from printing.calibrate import crosses, fit, inverse
from printing.errors import CrossNotFound, MeasuredWrong, ScanUnclear
from printing.fonts import load_fonts
from printing.raster import moved, pages
from printing.render import render
from printing.scanned_sheet import read_scan
from printing.template import load_template

A4 = (210.0, 297.0)
DPI = 600
PIXEL = DPI / 25.4  # per mm
STRAYS: Matrix = (0.997, 0.0026, -0.0026, 1.003, 1.8, -2.4)  # stretched, 0.15 degrees tilted
MARKS = ((15.0, 15.0), (180.0, 20.0), (100.0, 140.0), (20.0, 270.0), (185.0, 275.0))
FONTS = Path(__file__).parents[2] / "resources" / "fonts"


def on_paper(pdf: bytes, stray: Matrix = STRAYS, dpi: int = DPI) -> Image.Image:
    """What a printer that strays makes of a page: a sheet at `dpi`."""
    scale = dpi / 25.4
    page = next(iter(pages(pdf, dpi)))
    image = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX").convert("L")
    a, b, c, d, e, f = inverse(stray)
    back = (a, c, e * scale, b, d, f * scale)  # PIL asks where each pixel comes from
    return image.transform(
        image.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC, fillcolor=255
    )


@cache
def printed_sheet() -> Image.Image:
    sheet = calibrate.sheet(*A4)
    return on_paper(render(sheet, {}, copy=None, fonts=load_fonts(FONTS)))


@cache
def scan() -> bytes:
    return scanned(printed_sheet(), noise=True)


def scanned(sheet: Image.Image, *, turn: float = 0.7, dpi: int = 300, noise: bool = False) -> bytes:
    """The sheet on the dark lid of a scanner, not quite straight, with the noise of a lamp."""
    width, height = (round(side * dpi / 25.4) for side in A4)
    small = sheet.resize((width, height), Image.Resampling.BOX)
    glass = Image.new("L", (width + 300, height + 260), 40)
    lying = Image.new("L", glass.size, 0)
    lying.paste(255, (130, 110, 130 + width, 110 + height))
    glass.paste(small.point([round(18 + level * 0.88) for level in range(256)]), (130, 110))
    if turn:
        ground = Image.new("L", glass.size, 40)
        mask = lying.rotate(turn, Image.Resampling.BICUBIC)
        glass = Image.composite(glass.rotate(turn, Image.Resampling.BICUBIC), ground, mask)
    if noise:
        glass = ImageChops.add(glass, Image.effect_noise(glass.size, 12), 1, -128)
    out = BytesIO()
    glass.save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def marks_pdf() -> bytes:
    rects = "".join(f'<rect x="{x}" y="{y}" width="5" height="5"/>' for x, y in MARKS)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" '
        f'viewBox="0 0 210 297">{rects}</svg>'
    )
    side = b'{"id":"marks","version":"1","titles":{"zh":"x"},"fields":{}}'
    page = load_template(svg.encode(), side)
    return render(page, {}, copy=None, fonts=load_fonts(FONTS))


def worst_corner(image: Image.Image) -> float:
    """How far the worst edge of a mark is from where it should be, in mm, by its pixels."""
    worst = 0.0
    for x, y in MARKS:
        left, top = round((x - 5) * PIXEL), round((y - 5) * PIXEL)
        window = image.crop((left, top, left + round(15 * PIXEL), top + round(15 * PIXEL)))
        box = window.point([255 if level < 128 else 0 for level in range(256)]).getbbox()
        assert box is not None, "a mark is missing"
        meant = (x, y, x + 5, y + 5)
        for edge, (at, start) in enumerate(zip(box, (left, top) * 2, strict=True)):
            worst = max(worst, abs((start + at) / PIXEL - meant[edge]))
    return worst


def test_a_scanned_sheet_brings_print_within_a_tenth_of_a_millimetre() -> None:
    found = read_scan(scan(), *A4)
    what = fit(crosses(*A4), found)
    assert what.worst < 0.05
    assert worst_corner(on_paper(marks_pdf())) > 1.5, "this printer does stray"
    assert worst_corner(on_paper(moved(marks_pdf(), what.correction))) <= 0.1


def test_a_shift_alone_would_not_do() -> None:
    found = read_scan(scan(), *A4)
    n = len(found)
    dx = sum(p[0] - w[0] for p, w in zip(found, crosses(*A4), strict=True)) / n
    dy = sum(p[1] - w[1] for p, w in zip(found, crosses(*A4), strict=True)) / n
    shifted = moved(marks_pdf(), (1.0, 0.0, 0.0, 1.0, -dx, -dy))
    assert worst_corner(on_paper(shifted)) > 0.3


def test_a_ruler_read_to_a_tenth_does_as_well() -> None:
    read = [tuple(round(n, 1) for n in art.apply(STRAYS, cross)) for cross in crosses(*A4)]
    what = fit(crosses(*A4), [(x, y) for x, y in read])
    assert worst_corner(on_paper(moved(marks_pdf(), what.correction))) <= 0.1


@pytest.mark.parametrize("turn", [180, 90, 270])
def test_a_sheet_may_lie_any_way_round(turn: int) -> None:
    image = Image.open(BytesIO(scan())).rotate(turn, expand=True)
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    what = fit(crosses(*A4), read_scan(out.getvalue(), *A4))
    assert max(abs(x - y) for x, y in zip(what.matrix[4:], STRAYS[4:], strict=True)) < 0.1


def test_a_scan_cut_at_the_edges_needs_no_dark_ground() -> None:
    out = BytesIO()
    printed_sheet().resize((2480, 3508), Image.Resampling.BOX).save(out, "PNG", compress_level=1)
    what = fit(crosses(*A4), read_scan(out.getvalue(), *A4))
    assert max(abs(x - y) for x, y in zip(what.matrix[4:], STRAYS[4:], strict=True)) < 0.1


def test_what_is_no_calibration_sheet_is_refused() -> None:
    with pytest.raises(ScanUnclear):
        read_scan(b"no picture", *A4)
    with pytest.raises(ScanUnclear):
        read_scan(scanned(Image.new("L", (1240, 1754), 255), dpi=150), *A4)
    with pytest.raises(ScanUnclear):
        read_scan(scan(), 148.0, 297.0)
    without = printed_sheet().reduce(4)
    x, y = (round(n * PIXEL / 4) for n in crosses(*A4)[2])
    without.paste(255, (x - 75, y - 75, x + 75, y + 75))
    with pytest.raises(CrossNotFound) as caught:
        read_scan(scanned(without, dpi=150), *A4)
    assert caught.value.fields == {"number": 3}


def test_values_that_no_printer_makes_are_refused() -> None:
    four = crosses(*A4)
    with pytest.raises(MeasuredWrong):
        fit(four, [(x, y + 30) for x, y in four])
    with pytest.raises(MeasuredWrong):
        fit(four, [(y, x) for x, y in four])
    with pytest.raises(MeasuredWrong):
        fit(four[:2], four[:2])


@given(
    st.floats(0.98, 1.02),
    st.floats(-0.01, 0.01),
    st.floats(-0.01, 0.01),
    st.floats(0.98, 1.02),
    st.floats(-5, 5),
    st.floats(-5, 5),
)
def test_the_correction_takes_back_what_the_printer_does(
    a: float, b: float, c: float, d: float, e: float, f: float
) -> None:
    strays = (a, b, c, d, e, f)
    what = fit(crosses(*A4), [art.apply(strays, cross) for cross in crosses(*A4)])
    point: Point = (70.0, 200.0)
    back = art.apply(strays, art.apply(what.correction, point))
    assert back == pytest.approx(point, abs=1e-6)
