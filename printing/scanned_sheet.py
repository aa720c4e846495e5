"""Finds the crosses of a calibration sheet in a scan.

A scan must show the whole sheet: on a dark ground, or cut exactly at the sheet's edges.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from printing import art
from printing.art import Matrix, Point
from printing.calibrate import ARM, INK, MARK, MARK_AT, apart, crosses, inverse
from printing.errors import CrossNotFound, ScanUnclear

_REACH = 6.0  # mm that a cross may have strayed
_DARK = 110  # a ground darker than this is not the sheet
_SAMPLES = 41


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
        x, y = (n + MARK_AT + MARK / 2 for n in crosses(self._width, self._height)[0])
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
        if not 0.4 < mass / self._scale**2 / INK < 2.5 or apart(here, where) > _REACH * 1.5:
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


def _numbers(image: Image.Image) -> list[float]:
    return list(memoryview(image.tobytes()).cast("f"))
