"""Puts print where pre-printed paper wants it: a sheet of crosses, and what a printer does to them.

A printer shifts, stretches and tilts a page a little, always alike for one tray. Six numbers undo
that. They come from the crosses' places on the printed sheet, read with a ruler or from a scan
(`printing.scanned_sheet`). All lengths are millimetres from the top left corner of the sheet.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from printing import art
from printing.art import Matrix, Point
from printing.errors import MeasuredWrong
from printing.template import Template, load_template

MARGIN = 20.0  # of the crosses from the edges; 15 where the sheet is narrow
ARM = 5.0
MARK = 6.0  # side of the square that tells which way up a scan is
MARK_AT = 14.0  # of its near corner from the first cross, right and down
_LINE = 0.25
INK = 4 * ARM * _LINE - _LINE**2  # of one cross, mm2
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
    x, y = (n + MARK_AT for n in crosses(width, height)[0])
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
    away = [apart(art.apply(matrix, w), p) for w, p in zip(wanted, found, strict=True)]
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


def apart(one: Point, other: Point) -> float:
    """Distance of two points."""
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
