"""Geometry behind `area()`, `distance()`, `geofence()` and `intersects()`.

Spec: https://getodk.github.io/xforms-spec/#fn:distance
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_378_100.0  # as the other clients have it, so that all agree


@dataclass(frozen=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


def parse_point(text: str) -> Point | None:
    """The point in "lat lon [altitude [accuracy]]"; None when it is none."""
    parts = text.split()
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if not 2 <= len(numbers) <= 4 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180):
        return None
    return Point(numbers[0], numbers[1])


def parse_line(text: str) -> list[Point] | None:
    """The points of a geotrace or geoshape, divided by ";"; None when one is none."""
    found = [parse_point(part) for part in text.split(";") if part.strip()]
    points = [point for point in found if point is not None]
    return points if points and len(points) == len(found) else None


def distance(points: Sequence[Point]) -> float:
    """Length of the line through `points` along a sphere, in metres; 0.0 below two points."""
    return sum(_arc(a, b) for a, b in pairwise(points))


def _arc(a: Point, b: Point) -> float:
    # Haversine: acos() loses neighbours a few centimetres away.
    dlat, dlon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def area(points: Sequence[Point]) -> float:
    """Area inside the closed line through `points` on a sphere, in square metres."""
    if len(points) < 3:
        return 0.0
    ring = [*points, points[0]] if points[0] != points[-1] else list(points)
    total = 0.0
    for a, b in pairwise(ring):
        total += radians(b.lon - a.lon) * (2 + sin(radians(a.lat)) + sin(radians(b.lat)))
    return abs(total * EARTH_RADIUS_M**2 / 2)


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether `point` lies inside the polygon `ring`, by crossings of a ray."""
    within = False
    for a, b in pairwise([*ring, ring[0]]):
        if (a.lon > point.lon) != (b.lon > point.lon):
            crossing = (b.lat - a.lat) * (point.lon - a.lon) / (b.lon - a.lon) + a.lat
            if point.lat < crossing:
                within = not within
    return within


def crosses_itself(points: Sequence[Point]) -> bool:
    """Whether two parts of the line through `points` cross or touch, neighbours apart."""
    parts = [(a, b) for a, b in pairwise(points) if a != b]
    closed = len(points) > 2 and points[0] == points[-1]
    for (i, one), (j, other) in combinations(enumerate(parts), 2):
        if j == i + 1 or (closed and i == 0 and j == len(parts) - 1):
            continue
        if _meet(one, other):
            return True
    return False


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)


def _within(a: Point, b: Point, c: Point) -> bool:
    return min(a.lat, b.lat) <= c.lat <= max(a.lat, b.lat) and (
        min(a.lon, b.lon) <= c.lon <= max(a.lon, b.lon)
    )


def _meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    (a, b), (c, d) = one, other
    t1, t2, t3, t4 = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if t1 * t2 < 0 and t3 * t4 < 0:
        return True
    ends = ((t1, a, b, c), (t2, a, b, d), (t3, c, d, a), (t4, c, d, b))
    return any(turn == 0 and _within(p, q, r) for turn, p, q, r in ends)
