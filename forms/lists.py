"""Secondary instances: lists that come with a form, as trees that expressions walk.

Spec: https://getodk.github.io/xforms-spec/#secondary-instances---external
"""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import Any

from lxml import etree

from forms.errors import InvalidForm
from forms.nodes import ELEMENT, Node, from_lxml, parse_xml
from forms.tables import Table, table_of
from forms.xpath import STATIC

MAX_ROWS = 500_000
MAX_COLUMNS = 1000


def rooted(element: Node) -> Node:
    """An `instance` node above `element`, marked as never changing."""
    top = Node(ELEMENT, "instance")
    top.info = STATIC
    top.append(element)
    return top


def read_list(name: str, content: bytes) -> Node:
    """The list in `content`, by the ending of `name`: XML, CSV or GeoJSON.

    Raises:
        InvalidForm: It is not what its name says.
        MalformedXml, XmlTooLarge: An XML list is refused.
    """
    lower = name.lower()
    if lower.endswith(".csv"):
        return rooted(_from_csv(name, content))
    if lower.endswith((".geojson", ".json")):
        return rooted(_from_geojson(name, content))
    return inline(parse_xml(content))


def inline(element: etree._Element) -> Node:
    """The list that `element` is the root of."""
    return rooted(table_of(element) or from_lxml(element))


def _from_csv(name: str, content: bytes) -> Node:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidForm(element=name, line=0, reason="not UTF-8") from None
    head = text.partition("\n")[0]
    comma = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    try:
        columns = [column.strip() for column in next(reader, [])]
        if len(columns) > MAX_COLUMNS:
            raise InvalidForm(element=name, line=1, reason="too many columns")
        # Tuples, because the garbage collector soon leaves tuples of strings alone.
        rows = [tuple(row) for row in islice(reader, MAX_ROWS + 1) if row]
    except csv.Error:
        raise InvalidForm(element=name, line=reader.line_num, reason="not a CSV file") from None
    if len(rows) > MAX_ROWS:
        raise InvalidForm(element=name, line=MAX_ROWS, reason="too many rows")
    item = Node(ELEMENT, "item")
    for column in columns:
        item.append(Node(ELEMENT, column))
    return Table(Node(ELEMENT, "root"), item, rows)


def _from_geojson(name: str, content: bytes) -> Node:
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidForm(element=name, line=0, reason="not JSON") from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        raise InvalidForm(element=name, line=0, reason="not a FeatureCollection")
    root = Node(ELEMENT, "root")
    for feature in features:
        root.append(_feature(name, feature))
    return root


def _feature(name: str, feature: Any) -> Node:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InvalidForm(element=name, line=0, reason="not a Feature")
    item = Node(ELEMENT, "item")
    properties: Any = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise InvalidForm(element=name, line=0, reason="properties that are no object")
    cells: dict[str, Any] = dict(properties)
    if "id" in feature:
        cells["id"] = feature["id"]
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        raise InvalidForm(element=name, line=0, reason="a feature without geometry")
    cells["geometry"] = _geometry(name, geometry)
    for key, value in cells.items():
        if isinstance(value, dict | list):
            raise InvalidForm(element=name, line=0, reason="a property that is no plain value")
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            item.append(Node(ELEMENT, str(key), text=text))
    return item


def _geometry(name: str, geometry: dict[str, Any]) -> str:
    kind = geometry.get("type")
    coordinates: Any = geometry.get("coordinates")
    try:
        if kind == "Point":
            points: Any = [coordinates]
        elif kind == "LineString":
            points = coordinates
        elif kind == "Polygon":
            points = coordinates[0]
        else:
            raise InvalidForm(element=name, line=0, reason="an unsupported geometry")
        return "; ".join(f"{lat + 0} {lon + 0} 0 0" for lon, lat, *_rest in points)
    except (TypeError, ValueError, IndexError):
        raise InvalidForm(element=name, line=0, reason="a geometry without coordinates") from None
