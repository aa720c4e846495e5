"""Puts print where pre-printed paper wants it: a sheet of crosses, and what a printer does to them.

A printer shifts, stretches and tilts a page a little, always alike for one tray. Six numbers undo
that. They come from the crosses' places on the printed sheet, read with a ruler or from a scan. A
scan must show the whole sheet: on a dark ground, or cut exactly at the sheet's edges.
All lengths are millimetres from the top left corner of the sheet.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from printing import art
from printing.art import Matrix, Point
from printing.errors import CrossNotFound, MeasuredWrong, ScanUnclear
from printing.template import Template, load_template

MARGIN = 20.0  # of the crosses from the edges; 15 where the sheet is narrow
ARM = 5.0
MARK = 6.0  # side of the square that tells which way up a scan is
_MARK_AT = 14.0  # of its near corner from the first cross, right and down
_REACH = 6.0  # how far a cross may have strayed
_LINE = 0.25
_INK = 4 * ARM * _LINE - _LINE**2  # of one cross, mm2
_DARK = 110  # a ground darker than this is not the sheet
_SAMPLES = 41
MOST_STRETCH = 0.03
MOST_TILT = 0.035  # radians, 2 degrees
MOST_SHIFT = 15.0


@dataclass(frozen=True)
class Fit:
    """What a printer does to a page.

    Attributes:
        matrix: From where a point should be to where it comes out.
        worst: Largest misfit of a cross; it tells how well was measured.
    """

    matrix: Matrix
    worst: float

    @property
    def correction(self) -> Matrix:
        """What to do to a page so that it comes out as it should."""
        return inverse(self.matrix)


def crosses(width: float, height: float) -> tuple[Point, ...]:
    """Where the crosses of a sheet are: corners first, clockwise from the top left."""
    edge = MARGIN if min(width, height) >= 100 else 15.0
    right, low = width - edge, height - edge
    return ((edge, edge), (right, edge), (right, low), (edge, low))


def sheet(width: float, height: float) -> Template:
    """The sheet to print, unscaled and uncorrected."""
    size = f'width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>']
    for number, (x, y) in enumerate(crosses(width, height), start=1):
        for dx, dy in ((ARM, 0.0), (0.0, ARM)):
            parts.append(
                f'<line x1="{x - dx:g}" y1="{y - dy:g}" x2="{x + dx:g}" y2="{y + dy:g}" '
                f'style="stroke:#000000;stroke-width:{_LINE}"/>'
            )
        below = y + 16 if y < height / 2 else y - 13
        parts.append(
            f'<text x="{x:g}" y="{below:g}" style="font-family:hei;font-size:4px;'
            f'text-anchor:middle">{number}</text>'
        )
    x, y = (n + _MARK_AT for n in crosses(width, height)[0])
    parts.append(f'<rect x="{x:g}" y="{y:g}" width="{MARK:g}" height="{MARK:g}"/>')
    parts.append("</svg>")
    titles = {"zh": "校准页", "en": "Calibration sheet"}
    side = {"id": "calibration", "version": "1", "titles": titles, "fields": {}}
    return load_template("".join(parts).encode(), json.dumps(side).encode())


def fit(wanted: Sequence[Point], found: Sequence[Point]) -> Fit:
    """The six numbers that explain best where the crosses came out.

    Args:
        wanted: Where they should be.
        found: Where they are, in the same order.

    Raises:
        MeasuredWrong: Too few, all on a line, or no printer strays as far as this.
    """
    if len(wanted) != len(found) or len(wanted) < 3:
        raise MeasuredWrong
    n = len(wanted)
    mx, my = sum(x for x, _ in wanted) / n, sum(y for _, y in wanted) / n
    sxx = sum((x - mx) ** 2 for x, _ in wanted)
    syy = sum((y - my) ** 2 for _, y in wanted)
    sxy = sum((x - mx) * (y - my) for x, y in wanted)
    spread = sxx * syy - sxy * sxy
    if spread < 1.0:
        raise MeasuredWrong
    rows: list[tuple[float, float, float]] = []
    for axis in (0, 1):
        mean = sum(p[axis] for p in found) / n
        gx = sum((w[0] - mx) * (p[axis] - mean) for w, p in zip(wanted, found, strict=True))
        gy = sum((w[1] - my) * (p[axis] - mean) for w, p in zip(wanted, found, strict=True))
        by_x, by_y = (gx * syy - gy * sxy) / spread, (gy * sxx - gx * sxy) / spread
        rows.append((by_x, by_y, mean - by_x * mx - by_y * my))
    (a, c, e), (b, d, f) = rows
    matrix = (a, b, c, d, e, f)
    if not plausible(matrix, (mx, my)):
        raise MeasuredWrong
    away = [_apart(art.apply(matrix, w), p) for w, p in zip(wanted, found, strict=True)]
    return Fit(matrix, max(away))


def plausible(matrix: Matrix, middle: Point) -> bool:
    """Whether a printer could do this to a page with that middle."""
    a, b, c, d, _, _ = matrix
    x, y = art.apply(matrix, middle)
    return (
        max(abs(a - 1), abs(d - 1)) <= MOST_STRETCH
        and max(abs(b), abs(c)) <= MOST_TILT
        and max(abs(x - middle[0]), abs(y - middle[1])) <= MOST_SHIFT
    )


def inverse(matrix: Matrix) -> Matrix:
    """The matrix that takes back what `matrix` does.

    Raises:
        MeasuredWrong: Nothing can.
    """
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    if abs(size) < 1e-6:
        raise MeasuredWrong
    return (
        d / size,
        -b / size,
        -c / size,
        a / size,
        (c * f - d * e) / size,
        (b * e - a * f) / size,
    )


def read_scan(data: bytes, width: float, height: float) -> tuple[Point, ...]:
    """Where the crosses are on a scanned sheet, in the order of `crosses`.

    Args:
        data: PNG, JPEG or TIFF; 300 dots per inch or more for a tenth of a millimetre.
        width: Of the sheet; it may lie in the scanner any way round.
        height: Of the sheet.

    Raises:
        ScanUnclear: No picture, the sheet's edges are not to be seen, or it is another sheet.
        CrossNotFound: A cross is missing, or something else lies there.
    """
    try:
        image = Image.open(BytesIO(data)).convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise ScanUnclear from None
    for turn in (None, *_TURNS):
        turned = image if turn is None else image.transpose(turn)
        lies = _Lying(turned, width, height)
        if lies.fits() and lies.has_mark():
            return tuple(
                lies.cross(number, where) for number, where in enumerate(crosses(width, height), 1)
            )
    raise ScanUnclear


_TURNS = (Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)


class _Lying:
    """A sheet in a picture: the way from millimetres to pixels and back."""

    def __init__(self, image: Image.Image, width: float, height: float) -> None:
        self._image, self._width, self._height = image, width, height
        corners = _corners(image)
        w, h = float(width), float(height)
        self._to_pixel = _affine(((0.0, 0.0), (w, 0.0), (w, h), (0.0, h)), corners)
        self._scale = art.scale_of(self._to_pixel)  # pixels per mm

    def fits(self) -> bool:
        """Whether it has the sheet's shape and enough pixels."""
        a, b, c, d, _, _ = self._to_pixel
        across, down = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
        return self._scale > 3 and abs(across / down - 1) < 0.015

    def has_mark(self) -> bool:
        """Whether the square is where it is when the sheet lies this way."""
        x, y = (n + _MARK_AT + MARK / 2 for n in crosses(self._width, self._height)[0])
        return self._mean(self._window((x, y), MARK / 4)[0]) < _DARK

    def cross(self, number: int, where: Point) -> Point:
        """Centre of gravity of a cross's ink, in a window that closes around it."""
        here = where
        for half in (ARM + _REACH, ARM + 2.0, ARM + 1.0, ARM + 1.0):
            window, (left, top) = self._window(here, half)
            ink = _ink(window)
            if ink is None:
                raise CrossNotFound(number)
            mass, x, y = ink
            here = art.apply(inverse(self._to_pixel), (left + x, top + y))
        if not 0.4 < mass / self._scale**2 / _INK < 2.5 or _apart(here, where) > _REACH * 1.5:
            raise CrossNotFound(number)
        return here

    def _window(self, middle: Point, half: float) -> tuple[Image.Image, tuple[int, int]]:
        x, y = art.apply(self._to_pixel, middle)
        reach = half * self._scale
        left, top = round(x - reach), round(y - reach)
        return self._image.crop((left, top, round(x + reach), round(y + reach))), (left, top)

    @staticmethod
    def _mean(window: Image.Image) -> float:
        return _numbers(window.convert("F").resize((1, 1), Image.Resampling.BOX))[0]


def _ink(window: Image.Image) -> tuple[float, float, float] | None:
    """Amount of ink in full pixels, and its centre in pixels; None where there is too little."""
    counts = window.histogram()
    total, seen, paper = sum(counts), 0, 255
    while paper > 0 and seen * 2 < total:
        seen += counts[paper]
        paper -= 1
    darkest = next(level for level, count in enumerate(counts) if count)
    if paper - darkest < 60:
        return None
    floor = (paper * 2 + darkest) / 3  # noise of the paper weighs nothing
    weights = [max(0.0, min(1.0, (floor - level) / (floor - darkest))) for level in range(256)]
    dark = window.point([round(255 * weight) for weight in weights]).convert("F")
    width, height = window.size
    across = _numbers(dark.resize((width, 1), Image.Resampling.BOX))
    down = _numbers(dark.resize((1, height), Image.Resampling.BOX))
    mass = sum(across) * height
    if mass <= 0:
        return None
    x = sum((at + 0.5) * value for at, value in enumerate(across)) * height / mass
    y = sum((at + 0.5) * value for at, value in enumerate(down)) * width / mass
    return mass / 255, x, y


def _corners(image: Image.Image) -> tuple[Point, ...]:
    """The sheet's corners in pixels, clockwise from the top left."""
    width, height = image.size
    whole = ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
    edge = [image.getpixel((x, y)) for x in (2, width - 3) for y in (2, height - 3)]
    if all(isinstance(level, int | float) and level > _DARK for level in edge):
        return whole
    across = [_edges(image, at, rows=True) for at in _places(height)]
    down = [_edges(image, at, rows=False) for at in _places(width)]
    left, right = (_line([(y, x[side]) for y, x in across if x]) for side in (0, 1))
    top, bottom = (_line([(x, y[side]) for x, y in down if y]) for side in (0, 1))
    return (
        _meet(left, top),
        _meet(right, top),
        _meet(right, bottom),
        _meet(left, bottom),
    )


def _places(length: int) -> list[int]:
    return [round(length * (0.2 + 0.6 * n / (_SAMPLES - 1))) for n in range(_SAMPLES)]


def _edges(image: Image.Image, at: int, *, rows: bool) -> tuple[float, tuple[float, float] | None]:
    """Where one row or column of pixels enters the sheet and where it leaves it."""
    width, height = image.size
    strip = image.crop((0, at, width, at + 1) if rows else (at, 0, at + 1, height)).tobytes()
    bright = strip.translate(_BRIGHT)
    first, last = bright.find(_PAPER), bright.rfind(_PAPER)
    if first <= 0 or last + len(_PAPER) >= len(strip):
        return at + 0.5, None
    return at + 0.5, (_between(strip, first), _between(strip, last + len(_PAPER)))


_BRIGHT = bytes(255 if level > _DARK else 0 for level in range(256))
_PAPER = b"\xff" * 12  # so many bright pixels are no dust


def _between(strip: bytes, at: int) -> float:
    # where the level passes the middle, between the centres of two pixels
    before, after = strip[at - 1], strip[at]
    if before == after:
        return float(at)
    return at - 0.5 + min(1.0, max(0.0, (_DARK - before) / (after - before)))


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and start of `value = slope * at + start`, without the points that lie off it.

    Raises:
        ScanUnclear: No straight edge.
    """
    kept = list(points)
    for limit in (20.0, 4.0, 1.5):
        if len(kept) < _SAMPLES // 2:
            raise ScanUnclear
        n = len(kept)
        mt, mv = sum(t for t, _ in kept) / n, sum(v for _, v in kept) / n
        spread = sum((t - mt) ** 2 for t, _ in kept)
        slope = sum((t - mt) * (v - mv) for t, v in kept) / spread if spread else 0.0
        start = mv - slope * mt
        kept = [(t, v) for t, v in kept if abs(slope * t + start - v) <= limit]
    return slope, start


def _meet(upright: tuple[float, float], level: tuple[float, float]) -> Point:
    (s, x0), (t, y0) = upright, level  # x = s*y + x0, y = t*x + y0
    x = (s * y0 + x0) / (1 - s * t)
    return x, t * x + y0


def _affine(wanted: Sequence[Point], found: Sequence[Point]) -> Matrix:
    (x0, y0), (x1, y1), _, (x3, y3) = found
    (_, _), (width, _), (_, height), _ = wanted
    x2, y2 = found[2]
    # the mean of both opposite edges, so that no corner counts more than another
    a, b = (x1 - x0 + x2 - x3) / 2 / width, (y1 - y0 + y2 - y3) / 2 / width
    c, d = (x3 - x0 + x2 - x1) / 2 / height, (y3 - y0 + y2 - y1) / 2 / height
    mx, my = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
    return (
        a,
        b,
        c,
        d,
        mx - a * width / 2 - c * height / 2,
        my - b * width / 2 - d * height / 2,
    )


def _apart(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _numbers(image: Image.Image) -> list[float]:
    return list(memoryview(image.tobytes()).cast("f"))
