"""Reads an SVG as Inkscape saves it into elements in millimetres.

Art is what is listed in `_SHAPES`; text is text; everything else of SVG is refused with its line.
Placeholders: a `rect` with id `qr:FIELD`, `photo:FIELD` or `seal:NAME`; a `g` with id
`repeat:FIELD` and `data-step`, `data-top`, `data-bottom`; `data-if`, `data-unless`, `data-on`,
`data-lang` on anything.
Spec: https://www.w3.org/TR/SVG11/
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxml import etree

from printing import art
from printing.elements import Box, Code, Element, Label, Photo, Repeat, Rule, SealArea, Shape, Style
from printing.errors import BadTemplate

SVG = "{http://www.w3.org/2000/svg}"
FAMILIES: Mapping[str, str] = {
    "song": "song", "宋体": "song", "simsun": "song", "noto serif sc": "song", "serif": "song",
    "noto serif cjk sc": "song", "仿宋": "song", "fangsong": "song",
    "hei": "hei", "黑体": "hei", "simhei": "hei", "noto sans sc": "hei", "sans-serif": "hei",
    "noto sans cjk sc": "hei", "kai": "kai", "楷体": "kai", "kaiti": "kai", "lxgw wenkai": "kai",
}  # fmt: skip
_INHERITED = (
    "font-family", "font-size", "font-weight", "text-anchor", "text-align", "fill", "stroke",
    "stroke-width", "stroke-dasharray", "line-height", "shape-inside",
)  # fmt: skip
_COLOURS = {"black": "#000000", "white": "#ffffff", "red": "#ff0000", "none": ""}
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "px": 25.4 / 96, "pt": 25.4 / 72, "": 25.4 / 96}
_LENGTH = re.compile(r"\s*([-+.\deE]+)\s*(mm|cm|in|px|pt|)\s*$")
_SHAPE_INSIDE = re.compile(r"url\(\s*[\"']?#([^)\"']+)[\"']?\s*\)")
_IGNORED = {"defs", "metadata", "title", "desc", "namedview", "style"}

Node = etree._Element  # noqa: SLF001  (lxml's only name for it)
Styles = Mapping[str, str]


def parse(source: bytes, families: Mapping[str, str]) -> tuple[float, float, tuple[Element, ...]]:
    """Page width and height in mm, and the elements in drawing order.

    Args:
        source: The file; entities are not resolved and nothing is fetched.
        families: More font families by role, in lower case.

    Raises:
        BadTemplate: Not an SVG, or it uses something that is not supported, with its line.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise BadTemplate("not an SVG", error.lineno or 0) from None
    if root.tag != f"{SVG}svg":
        raise BadTemplate("not an SVG", 1)
    width, height = _millimetres(root, "width"), _millimetres(root, "height")
    box = art.numbers(root.get("viewBox", f"0 0 {width} {height}"))
    if len(box) != 4 or box[2] <= 0:
        raise BadTemplate("viewBox", _line(root))
    scale = width / box[2]
    matrix = (scale, 0.0, 0.0, scale, -box[0] * scale, -box[1] * scale)
    reader = _Reader(root, {**FAMILIES, **families})
    return width, height, tuple(reader.children(root, matrix, {}, Rule()))


class _Reader:
    def __init__(self, root: Node, families: Mapping[str, str]) -> None:
        self._families = families
        self._by_id = {node.get("id", ""): node for node in root.iter(f"{SVG}*")}
        self._readers: Mapping[str, Callable[[Node, art.Matrix, Styles, Rule], list[Element]]] = {
            "g": self._group,
            "a": self._group,
            "text": self._text,
            "rect": self._rect,
            "line": self._shape,
            "path": self._shape,
            "circle": self._shape,
            "ellipse": self._shape,
            "polyline": self._shape,
            "polygon": self._shape,
        }

    def children(self, node: Node, matrix: art.Matrix, styles: Styles, rule: Rule) -> list[Element]:
        found: list[Element] = []
        for child in node:
            name = _name(child)
            if not name or name in _IGNORED or not str(child.tag).startswith(SVG):
                continue
            if name not in self._readers:
                raise BadTemplate(f"element {name}", _line(child))
            own = _styles(child, styles)
            inner = art.multiply(
                matrix, art.parse_transform(child.get("transform", ""), _line(child))
            )
            found += self._readers[name](child, inner, own, _rule(child, rule))
        return found

    def _group(self, node: Node, matrix: art.Matrix, styles: Styles, rule: Rule) -> list[Element]:
        inside = self.children(node, matrix, styles, rule)
        if not node.get("id", "").startswith("repeat:"):
            return inside
        scale = art.scale_of(matrix)
        step, bottom, top = (_number(node, f"data-{k}") * scale for k in ("step", "bottom", "top"))
        if not 0 < step <= bottom - top:
            raise BadTemplate("data-step, data-top, data-bottom", _line(node))
        field = node.get("id", "").partition(":")[2]
        return [Repeat(field, step, top, bottom, tuple(inside), rule)]

    def _rect(self, node: Node, matrix: art.Matrix, styles: Styles, rule: Rule) -> list[Element]:
        kind, _, name = node.get("id", "").partition(":")
        if kind not in {"qr", "photo", "seal"} or not name:
            return self._shape(node, matrix, styles, rule)
        x, y, width, height = _place(node, matrix)
        if kind == "qr":
            return [Code(x, y, min(width, height), name, rule)]
        if kind == "photo":
            return [Photo(x, y, width, height, name, rule)]
        return [SealArea(x, y, width, height, name, rule)]

    def _shape(self, node: Node, matrix: art.Matrix, styles: Styles, rule: Rule) -> list[Element]:
        scale = art.scale_of(matrix)
        fill = _colour(styles.get("fill", "#000000"), rule.line)
        return [
            Shape(
                art.transformed(_outline(node), matrix),
                "" if _name(node) == "line" else fill,
                _colour(styles.get("stroke", "none"), rule.line),
                (art.numbers(styles.get("stroke-width", "1")) or [1.0])[0] * scale,
                tuple(n * scale for n in art.numbers(styles.get("stroke-dasharray", ""))),
                rule,
            )
        ]

    def _text(self, node: Node, matrix: art.Matrix, styles: Styles, rule: Rule) -> list[Element]:
        inside = _SHAPE_INSIDE.search(styles.get("shape-inside", ""))
        if inside:
            return [self._box(node, inside.group(1), matrix, styles, rule)]
        spans = [child for child in node if _name(child) == "tspan"]
        if not spans:
            return self._label(node, node, matrix, styles, rule)
        found = self._label(node, node, matrix, styles, rule, text=node.text or "")
        for span in spans:
            own = _styles(span, styles)
            found += self._label(span, node, matrix, own, replace(rule, line=_line(span)))
        return found

    def _label(
        self,
        node: Node,
        parent: Node,
        matrix: art.Matrix,
        styles: Styles,
        rule: Rule,
        text: str | None = None,
    ) -> list[Element]:
        words = "".join(str(t) for t in node.itertext()) if text is None else text
        if not words.strip():
            return []
        x = (art.numbers(node.get("x", parent.get("x", "0"))) or [0.0])[0]
        y = (art.numbers(node.get("y", parent.get("y", "0"))) or [0.0])[0]
        px, py = art.apply(matrix, (x, y))
        style = self._style(styles, art.scale_of(matrix), rule.line)
        angle = math.degrees(math.atan2(matrix[1], matrix[0]))
        fit = float(parent.get("data-fit", "0")) * art.scale_of(matrix)
        return [Label(px, py, " ".join(words.split()), style, angle, fit, rule)]

    def _box(
        self, node: Node, frame_id: str, matrix: art.Matrix, styles: Styles, rule: Rule
    ) -> Box:
        frame = self._by_id.get(frame_id)
        if frame is None or _name(frame) != "rect":
            raise BadTemplate(f"shape-inside #{frame_id}", rule.line)
        x, y, width, height = _place(frame, matrix)
        style = self._style(styles, art.scale_of(matrix), rule.line)
        text = "".join(str(t) for t in node.itertext())
        lines = [" ".join(line.split(" ")).strip() for line in text.strip().split("\n")]
        leading = styles.get("line-height", "1.5")
        factor = (art.numbers(leading) or [1.5])[0] / (100 if "%" in leading else 1)
        return Box(
            x, y, width, height, "\n".join(lines), style, factor,
            float(node.get("data-indent", "0")),
            node.get("data-place", "top"),
            float(node.get("data-smallest", "0")) or style.size * 0.6,
            rule,
            node.get("data-name", ""),
        )  # fmt: skip

    def _style(self, styles: Styles, scale: float, line: int) -> Style:
        family = styles.get("font-family", "song").split(",")[0].strip(" '\"").lower()
        if family not in self._families:
            raise BadTemplate(f"font {family}", line)
        role = self._families[family]
        heavy = styles.get("font-weight", "400")
        if (heavy == "bold" or (heavy.isdigit() and int(heavy) >= 600)) and role != "kai":
            role += "-bold"
        size = (art.numbers(styles.get("font-size", "4.2")) or [4.2])[0] * scale
        align = styles.get("text-align") or styles.get("text-anchor") or "start"
        align = {"center": "middle", "right": "end", "left": "start"}.get(align, align)
        return Style(role, size, _colour(styles.get("fill", "#000000"), line) or "#000000", align)


def _outline(node: Node) -> tuple[art.Segment, ...]:
    name, line = _name(node), _line(node)
    if name == "rect":
        return art.rectangle(*(_number(node, k) for k in ("x", "y", "width", "height")))
    if name == "line":
        x1, y1, x2, y2 = (_number(node, k) for k in ("x1", "y1", "x2", "y2"))
        return (art.Segment("M", ((x1, y1),)), art.Segment("L", ((x2, y2),)))
    if name == "circle":
        radius = _number(node, "r")
        return art.ellipse(_number(node, "cx"), _number(node, "cy"), radius, radius)
    if name == "ellipse":
        return art.ellipse(*(_number(node, k) for k in ("cx", "cy", "rx", "ry")))
    if name in {"polyline", "polygon"}:
        data = "M " + node.get("points", "") + (" Z" if name == "polygon" else "")
        return art.parse_path(data, line)
    return art.parse_path(node.get("d", ""), line)


def _name(node: Node) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _line(node: Node) -> int:
    return int(str(getattr(node, "sourceline", None) or 0))


def _number(node: Node, key: str) -> float:
    return (art.numbers(node.get(key, "0")) or [0.0])[0]


def _place(node: Node, matrix: art.Matrix) -> tuple[float, float, float, float]:
    x, y = art.apply(matrix, (_number(node, "x"), _number(node, "y")))
    scale = art.scale_of(matrix)
    return x, y, _number(node, "width") * scale, _number(node, "height") * scale


def _rule(node: Node, outer: Rule) -> Rule:
    on = node.get("data-on", outer.on)
    if on not in {"all", "first", "later", "last"}:
        raise BadTemplate(f"data-on {on}", _line(node))
    when, unless = node.get("data-if", outer.when), node.get("data-unless", outer.unless)
    after, language = node.get("data-after", outer.after), node.get("data-lang", outer.language)
    return Rule(when, unless, on, _line(node), after, language)


def _styles(node: Node, outer: Styles) -> Styles:
    own = {key: node.get(key, "") for key in _INHERITED if node.get(key)}
    for part in node.get("style", "").split(";"):
        key, _, value = part.partition(":")
        if key.strip() in _INHERITED:
            own[key.strip()] = value.strip()
    return {**outer, **own}


def _colour(text: str, line: int) -> str:
    text = _COLOURS.get(text.strip().lower(), text.strip().lower())
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(c * 2 for c in text[1:])
    if text and not re.fullmatch(r"#[0-9a-f]{6}", text):
        raise BadTemplate(f"colour {text}", line)
    return text


def _millimetres(root: Node, key: str) -> float:
    found = _LENGTH.match(root.get(key, ""))
    if found is None:
        raise BadTemplate(f"{key} of the page", _line(root))
    return float(found.group(1)) * _MM[found.group(2)]
