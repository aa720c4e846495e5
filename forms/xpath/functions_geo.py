"""Functions on places.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, section "Geographic functions"
"""

from __future__ import annotations

from forms import geo
from forms.errors import EvaluationError
from forms.xpath.context import Context
from forms.xpath.functions_text import round_half_up
from forms.xpath.library import function
from forms.xpath.values import Value, to_text


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
    """#fn:area, in square metres to two decimals; 0 for what is no shape."""
    points = points_of(values)
    return 0.0 if points is None else round_half_up(geo.area(points) * 100) / 100


@function("distance", 1, None)
def distance(_ctx: Context, *values: Value) -> float:
    """#fn:distance, in metres to two decimals.

    Raises:
        EvaluationError: The arguments are no points.
    """
    points = points_of(values)
    if points is None:
        raise EvaluationError(reason="distance() needs points")
    return round_half_up(geo.distance(points) * 100) / 100


@function("geofence", 2, 2)
def geofence(_ctx: Context, point: Value, ring: Value) -> bool:
    """#fn:geofence.

    Raises:
        EvaluationError: The second argument is no shape.
    """
    corners = points_of((ring,))
    place = geo.parse_point(to_text(point))
    if to_text(ring).strip() == "":
        return False
    if corners is None:
        raise EvaluationError(reason="geofence() needs a shape")
    return place is not None and geo.inside(place, corners)


@function("intersects", 1, 1)
def intersects(_ctx: Context, line: Value) -> bool:
    """#fn:intersects: whether a line crosses itself."""
    points = points_of((line,))
    return points is not None and geo.crosses_itself(points)
