"""Functions on places.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, section "Geographic functions"
"""

from __future__ import annotations

from forms import geo
from forms.errors import EvaluationError
from forms.xpath.context import Context
from forms.xpath.library import function
from forms.xpath.values import NAN, Value, to_text


def points_of(values: tuple[Value, ...]) -> list[geo.Point] | None:
    """The points in `values`: one line, or nodes and strings of one point each."""
    texts: list[str] = []
    for value in values:
        if isinstance(value, list):
            texts.extend(node.value() for node in value)
        else:
            texts.append(to_text(value))
    return geo.parse_line(";".join(text for text in texts if text.strip()))


@function("area", 1, None)
def area(_ctx: Context, *values: Value) -> float:
    """#fn:area, in square metres."""
    points = points_of(values)
    return NAN if points is None else geo.area(points)


@function("distance", 1, None)
def distance(_ctx: Context, *values: Value) -> float:
    """#fn:distance, in metres."""
    points = points_of(values)
    return NAN if points is None else geo.distance(points)


@function("geofence", 2, 2)
def geofence(_ctx: Context, point: Value, ring: Value) -> bool:
    """#fn:geofence.

    Raises:
        EvaluationError: The second argument is no shape.
    """
    corners = points_of((ring,))
    place = geo.parse_point(to_text(point))
    if corners is None:
        raise EvaluationError(reason="geofence() needs a shape")
    return place is not None and geo.inside(place, corners)


@function("intersects", 1, 1)
def intersects(_ctx: Context, line: Value) -> bool:
    """#fn:intersects: whether a line crosses itself."""
    points = points_of((line,))
    return points is not None and geo.crosses_itself(points)
