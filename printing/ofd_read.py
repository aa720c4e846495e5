"""Shows an OFD that the office received: pages as drawings, and their text.

Read are text with embedded or substitute fonts, paths, PNG and JPEG images, templates and drawing
parameters. What is not shown (gradients, JBIG2, seals of GB/T 38540, annotations) is listed.
Experimental. Spec: GB/T 33190-2016.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from printing import art
from printing.art import Matrix, Segment
from printing.elements import Rule, Shape
from printing.errors import BadOfd, FontsDamaged, OfdTooLarge
from printing.faces import Face
from printing.fonts import Fonts
from printing.layout import Mark, Picture
from printing.ofd_package import Node, Package, child, children, join, local, numbers, steps, text
from printing.pdf import draw
from printing.template import Template

MOST_PAGES = 500
MOST_MARKS = 200_000
_SEEN = ("TextObject", "PathObject", "ImageObject")
_RULE = Rule()
_POINTS = {"M": 1, "L": 1, "S": 1, "B": 3, "Q": 2, "C": 0}


@dataclass(frozen=True)
class OfdPage:
    """A page: size in mm, its drawing, and its texts in the order of the file."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Received:
    """An OFD as read.

    Attributes:
        unseen: Kinds of content that are in the file and not shown.
        signed: Whether it carries signatures; they are not checked.
    """

    title: str
    pages: tuple[OfdPage, ...]
    unseen: tuple[str, ...]
    signed: bool


def read_ofd(data: bytes, fonts: Fonts) -> Received:
    """Read an OFD from a stranger.

    Args:
        data: The file.
        fonts: Draw texts whose font is not embedded.

    Raises:
        BadOfd: Not an OFD, or damaged.
        OfdTooLarge: It unpacks to more than an office's computer should hold.
    """
    package = Package(data)
    body = child(package.xml("OFD.xml"), "DocBody")
    root = join("OFD.xml", text(child(body, "DocRoot")))
    reader = _Reader(package, root, fonts)
    return Received(
        text(child(body, "DocInfo", "Title")),
        tuple(reader.pages()),
        tuple(sorted(reader.unseen)),
        signed=child(body, "Signatures") is not None,
    )


def to_pdf(received: Received, fonts: Fonts) -> bytes:
    """Pages of a received OFD as a PDF to look at or print: drawings, without text to copy."""
    first = received.pages[0] if received.pages else OfdPage(210, 297, (), ())
    title = {"zh": received.title or "OFD"}
    sheet = Template("ofd", "1", "zh-CN", title, first.width, first.height, {}, (), "")
    sizes = [(page.width, page.height) for page in received.pages]
    return draw(sheet, [page.marks for page in received.pages], fonts, sizes)


class _Reader:
    def __init__(self, package: Package, root: str, fonts: Fonts) -> None:
        self._package = package
        self._fonts = fonts
        self._document = package.xml(root)
        self._root = root
        self._faces: dict[str, Face | None] = {}
        self._files: dict[str, str] = {}
        self._styles: dict[str, Node] = {}
        self._roles: dict[str, str] = {}
        self.unseen: set[str] = set()
        self._count = 0
        common = child(self._document, "CommonData")
        for kind in ("PublicRes", "DocumentRes"):
            for node in children(common, kind):
                self._resources(join(root, text(node)))
        self._templates = {
            node.get("ID", ""): join(root, node.get("BaseLoc", ""))
            for node in children(common, "TemplatePage")
        }
        self._area = numbers(text(child(common, "PageArea", "PhysicalBox")))

    def _resources(self, name: str) -> None:
        node = self._package.xml(name)
        base = join(name, node.get("BaseLoc", "") + "/x")
        for font in children(child(node, "Fonts"), "Font"):
            ident, file = font.get("ID", ""), text(child(font, "FontFile"))
            said = f"{font.get('FontName', '')} {font.get('FamilyName', '')}".lower()
            self._roles[ident] = _role(said)
            if file:
                self._files[ident] = join(base, file)
        for media in children(child(node, "MultiMedias"), "MultiMedia"):
            self._files[media.get("ID", "")] = join(base, text(child(media, "MediaFile")))
        for style in children(child(node, "DrawParams"), "DrawParam"):
            self._styles[style.get("ID", "")] = style

    def pages(self) -> Iterator[OfdPage]:
        listed = children(child(self._document, "Pages"), "Page")
        if len(listed) > MOST_PAGES:
            raise OfdTooLarge
        for each in listed:
            node = self._package.xml(join(self._root, each.get("BaseLoc", "")))
            box = numbers(text(child(node, "Area", "PhysicalBox"))) or self._area
            if len(box) != 4 or not (0 < box[2] < 5000 and 0 < box[3] < 5000):
                raise BadOfd("page")
            marks: list[Mark] = []
            said: list[str] = []
            for content in self._layers(node):
                self._objects(content, (1, 0, 0, 1, -box[0], -box[1]), marks, said)
            yield OfdPage(box[2], box[3], tuple(marks), tuple(said))

    def _layers(self, page: Node) -> list[Node]:
        below: list[Node] = []
        above: list[Node] = []
        for used in children(page, "Template"):
            name = self._templates.get(used.get("TemplateID", ""))
            content = child(self._package.xml(name), "Content") if name else None
            if content is not None:
                (above if used.get("ZOrder") == "Foreground" else below).append(content)
        own = child(page, "Content")
        whole = [*below, *([own] if own is not None else []), *above]
        return [layer for content in whole for layer in children(content, "Layer")]

    def _objects(self, node: Node, matrix: Matrix, marks: list[Mark], said: list[str]) -> None:
        for each in node:
            kind = local(each)
            if kind == "PageBlock":
                self._objects(each, matrix, marks, said)
                continue
            if kind not in _SEEN or each.get("Visible") == "false":
                if kind and kind not in _SEEN:
                    self.unseen.add(kind)
                continue
            self._count += 1
            if self._count > MOST_MARKS:
                raise OfdTooLarge
            placed = _placed(each, matrix)
            if kind == "TextObject":
                marks += self._text(each, placed)
                said += [t.text or "" for t in children(each, "TextCode")]
            elif kind == "PathObject":
                marks += self._path(each, placed)
            else:
                marks += self._image(each, placed)

    def _text(self, node: Node, matrix: Matrix) -> Iterator[Mark]:
        fill, stroke, width = self._paint(node, "#000000", "", fills=True)
        scale = art.scale_of(matrix)
        for outline in self._glyphs(node):
            if outline:
                path = art.transformed(outline, matrix)
                yield Shape(path, fill, stroke, width * scale, (), _RULE)

    def _glyphs(self, node: Node) -> Iterator[tuple[Segment, ...]]:
        ident = node.get("Font", "")
        size = (numbers(node.get("Size")) or [4.0])[0]
        wide = (numbers(node.get("HScale")) or [1.0])[0]
        face = self._face(ident)
        chosen = numbers(text(child(node, "CGTransform", "Glyphs")))
        for code in children(node, "TextCode"):
            words = code.text or ""
            x, y = ((numbers(code.get(k)) or [0.0])[0] for k in ("X", "Y"))
            across, down = list(steps(code.get("DeltaX"))), list(steps(code.get("DeltaY")))
            for n in range(len(chosen) or len(words)):
                place = (size * wide, 0.0, 0.0, -size, x, y)
                if chosen and face:
                    outline = face.outline(int(chosen[n]))
                else:
                    outline = self._drawn(words[n], face, self._roles.get(ident, "song"))
                yield art.transformed(outline, place)
                x += across[n] if n < len(across) else 0.0
                y += down[n] if n < len(down) else 0.0

    def _drawn(self, character: str, face: Face | None, role: str) -> tuple[Segment, ...]:
        if face is not None and (found := face.glyph(character)).id:
            return face.outline(found.id)
        if character.isspace() or self._fonts.missing(character, role):
            if not character.isspace():
                self.unseen.add("character")
            return ()
        (run,) = self._fonts.runs(character, role)
        return self._fonts.face(run.file).outline(run.glyphs[0].id)

    def _face(self, ident: str) -> Face | None:
        if ident not in self._faces:
            self._faces[ident] = None
            if ident in self._files:
                try:
                    self._faces[ident] = Face(self._package.file(self._files[ident]))
                except (BadOfd, FontsDamaged):
                    self.unseen.add("font")
        return self._faces[ident]

    def _path(self, node: Node, matrix: Matrix) -> list[Mark]:
        fills, strokes = node.get("Fill") == "true", node.get("Stroke") != "false"
        fill, stroke, width = self._paint(node, "#000000", "#000000", fills=fills)
        scale = art.scale_of(matrix)
        path = art.transformed(tuple(_segments(text(child(node, "AbbreviatedData")))), matrix)
        dash = tuple(n * scale for n in numbers(node.get("DashPattern")))
        if not path or not (fill or (strokes and stroke)):
            return []
        return [Shape(path, fill, stroke if strokes else "", width * scale, dash, _RULE)]

    def _image(self, node: Node, matrix: Matrix) -> list[Mark]:
        name = self._files.get(node.get("ResourceID", ""), "")
        if not name.lower().endswith((".png", ".jpg", ".jpeg")):
            self.unseen.add("image")
            return []
        corners = [art.apply(matrix, corner) for corner in ((0, 0), (1, 1))]
        (x0, y0), (x1, y1) = corners
        box = (min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
        return [Picture(*box, self._package.file(name), "")]

    def _paint(self, node: Node, fill: str, stroke: str, *, fills: bool) -> tuple[str, str, float]:
        style = self._styles.get(node.get("DrawParam", ""))
        said = {}
        for kind, usual in (("FillColor", fill), ("StrokeColor", stroke)):
            colour = child(node, kind)
            colour = colour if colour is not None else child(style, kind)
            said[kind] = usual if colour is None else self._colour(colour)
        given = node.get("LineWidth") or (style.get("LineWidth") if style is not None else None)
        width = (numbers(given) or [0.353])[0]
        return said["FillColor"] if fills else "", said["StrokeColor"], width

    def _colour(self, node: Node) -> str:
        values = numbers(node.get("Value"))
        if len(values) == 1:
            values = values * 3
        if len(values) != 3:
            self.unseen.add("colour")
            return "#000000"
        return "#" + "".join(f"{max(0, min(255, round(n))):02x}" for n in values)


def _placed(node: Node, matrix: Matrix) -> Matrix:
    box, own = numbers(node.get("Boundary")), numbers(node.get("CTM"))
    if len(box) == 4:
        matrix = art.multiply(matrix, (1, 0, 0, 1, box[0], box[1]))
    if len(own) == 6:
        a, b, c, d, e, f = own
        matrix = art.multiply(matrix, (a, b, c, d, e, f))
    return matrix


def _segments(data: str) -> Iterator[Segment]:
    parts = data.split()
    at, here = 0, (0.0, 0.0)
    while at < len(parts):
        kind = parts[at]
        count = _POINTS.get(kind)
        if count is None:  # arcs are rare and not drawn
            return
        values = numbers(" ".join(parts[at + 1 : at + 1 + 2 * count]))
        if len(values) != 2 * count:
            return
        points = tuple(zip(values[::2], values[1::2], strict=True))
        yield from _segment(kind, points, here)
        here = points[-1] if points else here
        at += 1 + 2 * count


def _segment(kind: str, points: tuple[art.Point, ...], here: art.Point) -> Iterator[Segment]:
    if kind in {"M", "S"}:
        yield Segment("M", points)
    elif kind == "L":
        yield Segment("L", points)
    elif kind == "C":
        yield Segment("Z", ())
    elif kind == "B":
        yield Segment("C", points)
    else:
        (qx, qy), (x1, y1) = points
        first = (here[0] + 2 / 3 * (qx - here[0]), here[1] + 2 / 3 * (qy - here[1]))
        second = (x1 + 2 / 3 * (qx - x1), y1 + 2 / 3 * (qy - y1))
        yield Segment("C", (first, second, (x1, y1)))


def _role(said: str) -> str:
    names: Mapping[str, tuple[str, ...]] = {"hei": ("黑", "hei", "sans"), "kai": ("楷", "kai")}
    return next((r for r, known in names.items() if any(k in said for k in known)), "song")
