"""Draws pages of marks into a PDF/A-2b with ReportLab: the same marks give the same bytes.

Every text is tagged with its paragraph, so that a screen reader reads it; lines and frames are
marked as decoration. Spec: ISO 32000-1, 14.7 and 14.8 (logical structure), ISO 19005-2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFInfo,
    PDFName,
    PDFObjectReference,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from printing import archive, images, scripts
from printing.elements import SealArea, Shape
from printing.embed import Embedded, Stream, number
from printing.fonts import Fonts
from printing.layout import Mark, Picture, Qr, Words
from printing.seal import modules
from printing.template import Template

POINTS = 72 / 25.4  # per millimetre
BOLD_STROKE = 0.03  # of the size, for a rare character in a bold text
ALTERNATIVES = {"qr": "核验二维码", "picture": "图片"}
rl_config.useA85 = 0  # bytes as bytes: a fifth smaller


class _NoFont:
    """Stands where ReportLab wants a first font; ours are added when the pages are known."""

    fontName = "lastmile-none"  # noqa: N815 - the name that ReportLab asks for
    _dynamicFont = 1  # noqa: N815
    _multiByte = 0  # noqa: N815
    face = SimpleNamespace(name=fontName)


class _Information(PDFInfo):
    """Title and program only: who, when and about whom belongs in no metadata."""

    def format(self, document: Any) -> bytes:
        entries = {
            "Title": PDFString(self.title),
            "Producer": PDFString(archive.PRODUCER),
            "Creator": PDFString(archive.PRODUCER),
        }
        found: bytes = PDFDictionary(entries).format(document)
        return found


@dataclass
class _Part:
    """A structure element: what kind, and its pieces as (page, marked-content number)."""

    kind: str
    pieces: list[tuple[int, int]] = field(default_factory=list)
    alternative: str = ""


def draw(
    template: Template,
    pages: Sequence[Sequence[Mark]],
    fonts: Fonts,
    sizes: Sequence[tuple[float, float]] = (),
) -> bytes:
    """Make the PDF of laid-out pages.

    Args:
        template: Says title, language and size.
        pages: Marks of each page.
        fonts: From `load_fonts`.
        sizes: Width and height of each page in mm, where they are not the template's.
    """
    out = BytesIO()
    _register_no_font()
    canvas = Canvas(
        out,
        pagesize=(template.width * POINTS, template.height * POINTS),
        invariant=1,
        pageCompression=1,
        pdfVersion=(1, 7),
        lang=template.language,
        initialFontName=_NoFont.fontName,  # type: ignore[arg-type]  # stubs say float
    )
    pen = _Pen(canvas, template, fonts)
    for n, page in enumerate(pages):
        pen.page(page, *(sizes[n] if sizes else (template.width, template.height)))
    pen.finish()
    canvas.save()
    return out.getvalue()


class _Pen:
    """Draws onto one canvas and keeps what the end of the document needs."""

    def __init__(self, canvas: Canvas, template: Template, fonts: Fonts) -> None:
        self._canvas = canvas
        self._template = template
        self._fonts = fonts
        self._embedded = Embedded(fonts)
        self._parts: list[_Part] = []
        self._owners: list[list[_Part]] = []  # by page, by marked-content number
        self._blocks: dict[int, _Part] = {}
        self._colour = ""
        self._height = template.height
        self._images: dict[bytes, str] = {}

    def page(self, marks: Sequence[Mark], width: float, height: float) -> None:
        self._height = height
        self._canvas.setPageSize((width * POINTS, height * POINTS))
        self._owners.append([])
        self._blocks = {}
        self._colour = ""
        for mark in marks:
            match mark:
                case Words():
                    self._words(mark)
                case Shape():
                    self._shape(mark)
                case Qr():
                    self._qr(mark)
                case Picture():
                    self._picture(mark)
                case SealArea():  # the seal is put on the paper, or signed into the PDF
                    pass
        self._canvas.showPage()

    def _words(self, words: Words) -> None:
        titles = {_plain(title) for title in self._template.titles.values()}
        kind = "H1" if _plain(words.text) in titles else "P"
        part = self._blocks.get(words.block) if words.block else None
        self._begin(part or _Part(kind))
        if words.block:
            self._blocks[words.block] = self._owners[-1][-1]
        self._say(self._text(words))
        self._say("EMC")

    def _text(self, words: Words) -> str:
        size = words.style.size * POINTS
        x, y = words.x * POINTS, (self._height - words.y) * POINTS
        parts = [self._fill(words.style.colour), "BT", _matrix(words.angle, x, y)]
        if words.spacing:
            parts.append(f"{number(words.spacing * POINTS)} Tc")
        stroked = False
        for run in self._fonts.runs(words.text, words.style.role):
            if run.bold != stroked:
                parts.append(_stroke(words.style.colour, size) if run.bold else "0 Tr")
                stroked = run.bold
            parts.append(self._embedded.operators(run, size))
        parts += ["0 Tr"] * stroked + ["0 Tc"] * bool(words.spacing) + ["ET"]
        text = " ".join(part for part in parts if part)
        if not scripts.shaped(words.text) or scripts.right_to_left(words.text):
            return text  # readers turn right-to-left words themselves
        said = ("\ufeff" + words.text).encode("utf-16-be").hex().upper()
        return f"/Span <</ActualText <{said}>>> BDC {text} EMC"

    def _fill(self, colour: str) -> str:
        if colour == self._colour:
            return ""
        self._colour = colour
        return f"{_rgb(colour)} rg"

    def _shape(self, shape: Shape) -> None:
        if not shape.fill and not shape.stroke:
            return
        parts = ["/Artifact BMC"]
        if shape.fill:
            parts.append(self._fill(shape.fill))
        if shape.stroke:
            dash = " ".join(number(n * POINTS) for n in shape.dash)
            parts += [f"{_rgb(shape.stroke)} RG {number(shape.width * POINTS)} w [{dash}] 0 d"]
        for segment in shape.path:
            at = [n for x, y in segment.points for n in (x, self._height - y)]
            operator = {"M": "m", "L": "l", "C": "c", "Z": "h"}[segment.kind]
            parts.append(" ".join([*(number(n * POINTS) for n in at), operator]))
        parts.append("B" if shape.fill and shape.stroke else "f" if shape.fill else "S")
        self._say(" ".join(part for part in [*parts, "EMC"] if part))

    def _qr(self, qr: Qr) -> None:
        rows = modules(qr.payload)
        unit = qr.size / len(rows) * POINTS
        left, top = qr.x * POINTS, (self._height - qr.y) * POINTS
        self._begin(_Part("Figure", alternative=ALTERNATIVES["qr"]))
        place = f"{unit:.5f} 0 0 {-unit:.5f} {number(left)} {number(top)} cm"
        parts = ["q", self._fill("#000000"), place]
        for y, row in enumerate(rows):
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end] == row[start]:
                    end += 1
                if row[start]:
                    parts.append(f"{start} {y} {end - start} 1 re")
                start = end
        self._say(" ".join(part for part in [*parts, "f Q EMC"] if part))
        self._colour = ""  # what was set inside q is gone

    def _picture(self, picture: Picture) -> None:
        name = self._images.setdefault(picture.data, f"Im{len(self._images) + 1}")
        x, top, width, height = images.fitted(picture)
        self._begin(_Part("Figure", alternative=ALTERNATIVES["picture"]))
        place = [number(n * POINTS) for n in (width, 0, 0, height, x, self._height - top - height)]
        self._say(f"q {' '.join(place)} cm /{name} Do Q EMC")

    def _begin(self, part: _Part) -> None:
        owners = self._owners[-1]
        if not part.pieces:
            self._parts.append(part)
        part.pieces.append((len(self._owners) - 1, len(owners)))
        self._say(f"/{part.kind} <</MCID {len(owners)}>> BDC")
        owners.append(part)

    def _say(self, operators: str) -> None:
        self._canvas.addLiteral(operators)

    def finish(self) -> None:
        """Add fonts, structure, metadata and colour profile."""
        document: Any = vars(self._canvas)["_doc"]  # ReportLab has no public door to it
        self._embedded.write(document)
        title = _plain(_title(self._template))
        document.info = _Information()
        document.info.title = title
        catalog = document.Catalog
        _allow(catalog, "OutputIntents")
        catalog.Outlines = None
        catalog.Metadata = Stream(
            archive.xmp(title, self._template.language),
            packed=False,
            Type=PDFName("Metadata"),
            Subtype=PDFName("XML"),
        )
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.OutputIntents = PDFArray([_output_intent(document)])
        catalog.StructTreeRoot = self._structure(document)
        pictures = PDFDictionary(
            {
                name: document.Reference(images.image(document, data))
                for data, name in self._images.items()
            }
        )
        for n in range(len(self._owners)):
            page = document.idToObject[f"Page{n + 1}"]
            page.XObjects = pictures if self._images else None
            page.Contents = Stream(page.stream.encode("ascii"))
        self._canvas.setViewerPreference("PrintScaling", "None")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def _structure(self, document: Any) -> Any:
        refs = [PDFObjectReference(f"Page{n + 1}") for n in range(len(self._owners))]
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        top = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Document")})
        top_ref, root_ref = document.Reference(top), document.Reference(root)
        made: dict[int, PDFObjectReference] = {}
        for part in self._parts:
            kids = [
                PDFDictionary({"Type": PDFName("MCR"), "Pg": refs[page], "MCID": mcid})
                for page, mcid in part.pieces
            ]
            entries = {
                "Type": PDFName("StructElem"),
                "S": PDFName(part.kind),
                "P": top_ref,
                "Pg": refs[part.pieces[0][0]],
                "K": PDFArray(kids) if len(kids) > 1 else part.pieces[0][1],
            }
            if part.alternative:
                entries["Alt"] = PDFString(part.alternative)
            made[id(part)] = document.Reference(PDFDictionary(entries))
        tree: list[object] = []
        for n, owners in enumerate(self._owners):
            page = document.idToObject[f"Page{n + 1}"]
            _allow(page, "StructParents", "Tabs")
            page.StructParents, page.Tabs = n, PDFName("S")
            tree += [n, document.Reference(PDFArray([made[id(owner)] for owner in owners]))]
        top.dict |= {"P": root_ref, "K": PDFArray(list(made.values()))}
        numbers = document.Reference(PDFDictionary({"Nums": PDFArray(tree)}))
        root.dict |= {
            "K": top_ref,
            "ParentTree": numbers,
            "ParentTreeNextKey": len(self._owners),
        }
        return root_ref


def _title(template: Template) -> str:
    own = template.titles.get(template.language.partition("-")[0])
    return own or template.titles.get("zh", template.id)


def _plain(title: str) -> str:
    # Chinese titles are spaced out for the eye
    return title if title.isascii() else "".join(title.split())


def _output_intent(document: Any) -> PDFDictionary:
    profile = Stream(archive.srgb_profile(), N=3)
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString("sRGB"),
            "Info": PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": document.Reference(profile),
        }
    )


def _allow(thing: Any, *keys: str) -> None:
    # ReportLab writes only entries that it knows; these are newer than its list
    thing.__NoDefault__ = [*thing.__NoDefault__, *keys]


@cache
def _register_no_font() -> None:
    pdfmetrics.registerFont(_NoFont())


def _matrix(angle: float, x: float, y: float) -> str:
    if not angle:
        return f"1 0 0 1 {number(x)} {number(y)} Tm"
    a, b = math.cos(math.radians(-angle)), math.sin(math.radians(-angle))
    return f"{a:.5f} {b:.5f} {-b:.5f} {a:.5f} {number(x)} {number(y)} Tm"


def _stroke(colour: str, size: float) -> str:
    return f"{_rgb(colour)} RG {number(size * BOLD_STROKE)} w 2 Tr"


@cache
def _rgb(colour: str) -> str:
    return " ".join(number(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
