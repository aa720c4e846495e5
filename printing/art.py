"""Shapes of an SVG as outlines in millimetres: matrices and path data.

Spec: https://www.w3.org/TR/SVG11/paths.html (arcs are not supported) and coords.html
"""

import math
import re
from dataclasses import dataclass

from printing.errors import BadTemplate

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
KAPPA = 0.5522847498  # control-point distance that makes four curves a circle
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TOKEN = re.compile(r"[A-Za-z]|" + _NUMBER.pattern)
_CALL = re.compile(r"(\w+)\s*\(([^)]*)\)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}


@dataclass(frozen=True)
class Segment:
    """One step of an outline: `M` move, `L` line, `C` curve, controls first, `Z` close."""

    kind: str
    points: tuple[Point, ...]


def numbers(text: str) -> list[float]:
    """All numbers in `text`."""
    return [float(found) for found in _NUMBER.findall(text)]


def parse_transform(text: str, line: int = 0) -> Matrix:
    """Matrix of an SVG `transform` attribute.

    Raises:
        BadTemplate: A function that is not translate, scale, rotate or matrix.
    """
    result = IDENTITY
    for name, inside in _CALL.findall(text):
        result = multiply(result, _one_transform(name, numbers(inside), line))
    return result


def _one_transform(name: str, values: list[float], line: int) -> Matrix:
    if name == "matrix" and len(values) == 6:
        a, b, c, d, e, f = values
        return (a, b, c, d, e, f)
    if name == "translate" and values:
        return (1.0, 0.0, 0.0, 1.0, values[0], values[1] if len(values) > 1 else 0.0)
    if name == "scale" and values:
        return (values[0], 0.0, 0.0, values[-1], 0.0, 0.0)
    if name == "rotate" and values:
        cos, sin = math.cos(math.radians(values[0])), math.sin(math.radians(values[0]))
        x, y = (values[1], values[2]) if len(values) == 3 else (0.0, 0.0)
        return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    raise BadTemplate(f"transform {name}", line)


def multiply(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )


def apply(matrix: Matrix, point: Point) -> Point:
    """`point` under `matrix`."""
    a, b, c, d, e, f = matrix
    return (a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f)


def scale_of(matrix: Matrix) -> float:
    """Factor by which lengths grow."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def transformed(path: tuple[Segment, ...], matrix: Matrix) -> tuple[Segment, ...]:
    """The outline under `matrix`."""
    return tuple(Segment(s.kind, tuple(apply(matrix, p) for p in s.points)) for s in path)


def rectangle(x: float, y: float, width: float, height: float) -> tuple[Segment, ...]:
    """Outline of a rectangle; corners are square."""
    return (
        Segment("M", ((x, y),)),
        Segment("L", ((x + width, y),)),
        Segment("L", ((x + width, y + height),)),
        Segment("L", ((x, y + height),)),
        Segment("Z", ()),
    )


def ellipse(x: float, y: float, rx: float, ry: float) -> tuple[Segment, ...]:
    """Outline of an ellipse around (x, y), in four curves."""
    kx, ky = rx * KAPPA, ry * KAPPA
    return (
        Segment("M", ((x + rx, y),)),
        Segment("C", ((x + rx, y + ky), (x + kx, y + ry), (x, y + ry))),
        Segment("C", ((x - kx, y + ry), (x - rx, y + ky), (x - rx, y))),
        Segment("C", ((x - rx, y - ky), (x - kx, y - ry), (x, y - ry))),
        Segment("C", ((x + kx, y - ry), (x + rx, y - ky), (x + rx, y))),
        Segment("Z", ()),
    )


def parse_path(text: str, line: int = 0) -> tuple[Segment, ...]:
    """Outline of SVG path data.

    Raises:
        BadTemplate: An arc or another command that is not supported.
    """
    tokens = _TOKEN.findall(text)
    pen = _Pen()
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
        if command.upper() not in _ARGUMENTS:
            raise BadTemplate(f"path command {command or '?'}", line)
        count = _ARGUMENTS[command.upper()]
        values = tokens[at : at + count]
        if len(values) < count or any(v.isalpha() for v in values):
            raise BadTemplate("path data", line)
        pen.draw(command, [float(value) for value in values])
        at += count
        command = {"M": "L", "m": "l", "Z": "", "z": ""}.get(command, command)
    return tuple(pen.segments)


class _Pen:
    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.here: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.control: Point | None = None  # of the last curve, for S

    def draw(self, command: str, values: list[float]) -> None:
        kind = command.upper()
        base = self.here if command.islower() else (0.0, 0.0)
        if kind == "Z":
            self._add("Z", [])
            self.here = self.start
            return
        if kind in {"H", "V"}:
            other = self.here[1] if kind == "H" else self.here[0]
            moved = values[0] + base[0 if kind == "H" else 1]
            self._add("L", [(moved, other) if kind == "H" else (other, moved)])
            return
        points = [
            (x + base[0], y + base[1]) for x, y in zip(values[::2], values[1::2], strict=True)
        ]
        if kind == "S":
            cx, cy = self.control or self.here
            points.insert(0, (2 * self.here[0] - cx, 2 * self.here[1] - cy))
        if kind == "Q":
            (x0, y0), (qx, qy), (x1, y1) = self.here, *points
            points = [
                (x0 + 2 / 3 * (qx - x0), y0 + 2 / 3 * (qy - y0)),
                (x1 + 2 / 3 * (qx - x1), y1 + 2 / 3 * (qy - y1)),
                (x1, y1),
            ]
        self._add({"M": "M", "L": "L"}.get(kind, "C"), points)
        if kind == "M":
            self.start = points[0]

    def _add(self, kind: str, points: list[Point]) -> None:
        self.segments.append(Segment(kind, tuple(points)))
        if points:
            self.here = points[-1]
        self.control = points[1] if kind == "C" else None
