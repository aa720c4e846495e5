"""Writes pages of marks as OFD: text stays text, fonts are embedded as subsets.

Experimental: checked with two independent open readers, not yet with commercial ones. Seals under
GB/T 38540 are not written. Same marks, same bytes. Spec: GB/T 33190-2016.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from printing import images
from printing.art import Segment
from printing.elements import SealArea, Shape
from printing.faces import Glyph
from printing.fonts import Fonts, Run
from printing.layout import ASCENT, Mark, Picture, Qr, Words
from printing.pdf import BOLD_STROKE
from printing.seal import modules
from printing.template import Template

NAMESPACE = "http://www.ofdspec.org/2016"
_LINE = 1.3  # height of a text object, in its size
_OPERATORS = {"M": "M", "L": "L", "C": "B", "Z": "C"}  # ours to those of AbbreviatedData

Node = etree._Element  # noqa: SLF001  (lxml's only name for it)


def write_ofd(template: Template, pages: Sequence[Sequence[Mark]], fonts: Fonts) -> bytes:
    """The OFD of laid-out pages, as `printing.render.pages_of` makes them."""
    return _Writer(template, fonts).write(pages)


class _Font:
    """A font file in use: which glyphs and characters of it."""

    def __init__(self, ident: int) -> None:
        self.ident = ident
        self.glyphs: set[int] = set()
        self.characters: set[str] = set()


class _Writer:
    def __init__(self, template: Template, fonts: Fonts) -> None:
        self._template = template
        self._fonts = fonts
        self._used: dict[str, _Font] = {}
        self._media: dict[bytes, int] = {}
        self._waiting: list[tuple[Node, str, tuple[Glyph, ...]]] = []  # glyphs not yet placed
        self._last = 0
        self._box = f"0 0 {_n(template.width)} {_n(template.height)}"

    def write(self, pages: Sequence[Sequence[Mark]]) -> bytes:
        contents = [self._page(page) for page in pages]
        idents = [self._next() for _ in pages]
        files = {f"Doc_0/Res/font_{font.ident}.ttf": self._subset(name, font)
                 for name, font in self._used.items()}  # fmt: skip
        files |= {f"Doc_0/Res/image_{n}.{_kind(data)}": data for data, n in self._media.items()}
        files |= {f"Doc_0/Pages/Page_{n}/Content.xml": _xml(c) for n, c in enumerate(contents)}
        files["Doc_0/PublicRes.xml"] = _xml(self._resources())
        files["Doc_0/Document.xml"] = _xml(self._document(idents))
        digest = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
        files["OFD.xml"] = _xml(self._entry(digest[:32]))
        return _zip(files)

    def _entry(self, ident: str) -> Node:
        root = _node("OFD", Version="1.1", DocType="OFD")
        body = _node("DocBody", root)
        said = _node("DocInfo", body)
        _node("DocID", said).text = ident
        _node("Title", said).text = self._template.titles.get("zh", self._template.id)
        _node("Creator", said).text = "Lastmile"
        _node("DocRoot", body).text = "Doc_0/Document.xml"
        return root

    def _document(self, idents: Sequence[int]) -> Node:
        root = _node("Document")
        common = _node("CommonData", root)
        _node("MaxUnitID", common).text = str(self._last)
        _node("PhysicalBox", _node("PageArea", common)).text = self._box
        _node("PublicRes", common).text = "PublicRes.xml"
        listed = _node("Pages", root)
        for n, ident in enumerate(idents):
            _node("Page", listed, ID=str(ident), BaseLoc=f"Pages/Page_{n}/Content.xml")
        return root

    def _resources(self) -> Node:
        root = _node("Res", BaseLoc="Res")
        listed = _node("Fonts", root)
        for name, font in self._used.items():
            family = self._fonts.face(name).name
            node = _node("Font", listed, ID=str(font.ident), FontName=family, FamilyName=family)
            _node("FontFile", node).text = f"font_{font.ident}.ttf"
        if self._media:
            media = _node("MultiMedias", root)
            for data, ident in self._media.items():
                kind = _kind(data)
                node = _node("MultiMedia", media, ID=str(ident), Type="Image", Format=kind.upper())
                _node("MediaFile", node).text = f"image_{ident}.{kind}"
        return root

    def _page(self, marks: Iterable[Mark]) -> Node:
        root = _node("Page")
        _node("PhysicalBox", _node("Area", root)).text = self._box
        layer = _node("Layer", _node("Content", root), ID=str(self._next()), Type="Body")
        for mark in marks:
            match mark:
                case Words():
                    self._words(layer, mark)
                case Shape():
                    self._shape(layer, mark)
                case Qr():
                    self._qr(layer, mark)
                case Picture():
                    self._picture(layer, mark)
                case SealArea():
                    pass
        return root

    def _words(self, layer: Node, words: Words) -> None:
        x, size = 0.0, words.style.size
        for run in self._fonts.runs(words.text, words.style.role):
            width = sum(g.advance for g in run.glyphs) * size
            width += words.spacing * len(run.text)
            self._run(layer, words, run, x, width)
            x += width

    def _run(self, layer: Node, words: Words, run: Run, x: float, width: float) -> None:
        size = words.style.size
        font = self._used.setdefault(run.file, _Font(self._last + 1))
        self._last = max(self._last, font.ident)
        given = {"ID": str(self._next()), "Font": str(font.ident), "Size": _n(size)}
        if words.angle:
            given |= {"Boundary": self._box, "CTM": _turned(words)}
            left, base = x, 0.0
        else:
            top = words.y - ASCENT * size
            box = (words.x + x, top, max(width, 0.1), _LINE * size)
            given["Boundary"] = " ".join(map(_n, box))
            left, base = 0.0, ASCENT * size
        if run.bold:
            given |= {"Stroke": "true", "LineWidth": _n(size * BOLD_STROKE)}
        node = _node("TextObject", layer, **given)
        _colour(node, "FillColor", words.style.colour)
        if run.bold:
            _colour(node, "StrokeColor", words.style.colour)
        font.glyphs |= {g.id for g in run.glyphs}
        if run.shaped:
            given_glyphs = _node("CGTransform", node, CodePosition="0")
            self._waiting.append((given_glyphs, run.file, run.glyphs))
        else:
            font.characters |= set(run.text)
        pen, places = left, []
        for glyph in run.glyphs:
            places.append((pen + glyph.dx * size, base - glyph.dy * size))
            pen += glyph.advance * size + words.spacing
        code = _node("TextCode", node, X=_n(places[0][0]), Y=_n(places[0][1]))
        for axis, name in enumerate(("DeltaX", "DeltaY")):
            steps = [after[axis] - before[axis] for before, after in pairwise(places)]
            if any(steps):
                code.set(name, " ".join(map(_n, steps)))
        code.text = run.text

    def _shape(self, layer: Node, shape: Shape) -> None:
        if not shape.fill and not shape.stroke:
            return
        node = self._path(layer, fill=bool(shape.fill), stroke=bool(shape.stroke))
        if shape.stroke:
            node.set("LineWidth", _n(shape.width))
            if shape.dash:
                node.set("DashPattern", " ".join(map(_n, shape.dash)))
            _colour(node, "StrokeColor", shape.stroke)
        if shape.fill:
            _colour(node, "FillColor", shape.fill)
        _node("AbbreviatedData", node).text = _outline(shape.path)

    def _qr(self, layer: Node, qr: Qr) -> None:
        rows = modules(qr.payload)
        unit = qr.size / len(rows)
        parts = []
        for y, row in enumerate(rows):
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end] == row[start]:
                    end += 1
                if row[start]:
                    left, right = qr.x + start * unit, qr.x + end * unit
                    top, low = qr.y + y * unit, qr.y + (y + 1) * unit
                    corners = [(left, top), (right, top), (right, low), (left, low)]
                    steps = [f"{'L' if n else 'M'} {a:.4f} {b:.4f}" for n, (a, b) in
                             enumerate(corners)]  # fmt: skip
                    parts.append(" ".join([*steps, "C"]))
                start = end
        node = self._path(layer, fill=True, stroke=False)
        _colour(node, "FillColor", "#000000")
        _node("AbbreviatedData", node).text = " ".join(parts)

    def _path(self, layer: Node, *, fill: bool, stroke: bool) -> Node:
        said = {"Fill": str(fill).lower(), "Stroke": str(stroke).lower()}
        return _node("PathObject", layer, ID=str(self._next()), Boundary=self._box, **said)

    def _picture(self, layer: Node, picture: Picture) -> None:
        ident = self._media.get(picture.data)
        if ident is None:
            ident = self._media[picture.data] = self._next()
        box = images.fitted(picture)
        _node(
            "ImageObject", layer, ID=str(self._next()), ResourceID=str(ident),
            Boundary=" ".join(map(_n, box)),
            CTM=f"{_n(box[2])} 0 0 {_n(box[3])} 0 0",
        )  # fmt: skip

    def _subset(self, name: str, font: _Font) -> bytes:
        data, places = self._fonts.face(name).subset(font.glyphs, font.characters)
        for node, file, glyphs in self._waiting:
            if file == name:
                count = str(len(glyphs))
                text = node.getnext()
                assert text is not None
                node.set("CodeCount", str(len(text.text or "")))
                node.set("GlyphCount", count)
                _node("Glyphs", node).text = " ".join(str(places[g.id]) for g in glyphs)
        return data

    def _next(self) -> int:
        self._last += 1
        return self._last


def _node(name: str, parent: Node | None = None, **attributes: str) -> Node:
    tag = f"{{{NAMESPACE}}}{name}"
    if parent is None:
        node = etree.Element(tag, nsmap={"ofd": NAMESPACE})
        for key, value in attributes.items():
            node.set(key, value)
        return node
    return etree.SubElement(parent, tag, attributes)


def _colour(node: Node, kind: str, colour: str) -> None:
    values = " ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    _node(kind, node, Value=values)


def _outline(path: Iterable[Segment]) -> str:
    return " ".join(
        " ".join([_OPERATORS[s.kind], *(_n(n) for point in s.points for n in point)]) for s in path
    )


def _turned(words: Words) -> str:
    angle = math.radians(words.angle)
    cos, sin = math.cos(angle), math.sin(angle)
    return " ".join(map(_n, (cos, sin, -sin, cos, words.x, words.y)))


def _kind(data: bytes) -> str:
    return "png" if data.startswith(b"\x89PNG") else "jpg"


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _xml(node: Node) -> bytes:
    return etree.tostring(node, encoding="UTF-8", xml_declaration=True)


def _zip(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in ["OFD.xml", *sorted(set(files) - {"OFD.xml"})]:
            info = ZipInfo(name)  # dated 1980: the same pages give the same bytes
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, files[name])
    return out.getvalue()
