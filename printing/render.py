"""A template and values to a PDF: the same input gives the same bytes.

Drawing is ReportLab's; fonts are embedded as subsets. Every finished page is read back with pdfium,
and a page that does not read as intended is never handed out. Spec: ISO 32000-1.
"""

from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from unicodedata import normalize

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from printing.elements import SealArea, Shape, Style
from printing.errors import TextChanged
from printing.fonts import Fonts
from printing.layout import Mark, Qr, Words, lay_out
from printing.raster import texts
from printing.seal import modules
from printing.template import Fields, Template

POINTS = 72 / 25.4  # per millimetre
BOLD_STROKE = 0.03  # of the size, for a rare character in a bold text
_MARK_STYLE = Style("hei", 3.0, "#666666", "end")
_DRAFT_STYLE = Style("hei-bold", 34.0, "#e3e6ea", "middle")
DRAFT_WORDS = "样张"


@dataclass(frozen=True)
class CopyMark:
    """Which print this is: 0 the first, n the n-th reprint."""

    number: int

    @property
    def text(self) -> str:
        """What stands on the paper; empty on the first print."""
        return f"第 {self.number} 次补打" if self.number > 0 else ""


def render(
    template: Template,
    fields: Fields,
    *,
    copy: CopyMark | None,
    draft: bool = False,
    fonts: Fonts,
) -> bytes:
    """Make the PDF.

    Args:
        template: From `load_template`.
        fields: Text by field name; rows for a field of kind `rows`. Fields that the template does
            not know are ignored.
        copy: Which print this is; None for something that is not counted.
        draft: Mark every page as a sample, without seal and without a valid QR.
        fonts: From `load_fonts`.

    Raises:
        MissingGlyph: Before any byte is made.
        FieldMissing: A required field is blank.
        Overflow: A text does not fit.
        TextChanged: The PDF does not read as intended.
    """
    mark = copy.text if copy else ""
    pages = lay_out(template, {**fields, "copy_mark": mark}, fonts)
    if mark and not template.own_copy_mark:
        pages = tuple((*page, _copy_words(template, mark, fonts)) for page in pages)
    if draft:
        pages = tuple((*_watermark(template, fonts), *_without_codes(page)) for page in pages)
    pdf = _draw(template, pages, fonts)
    _read_back(pdf, pages)
    return pdf


def _copy_words(template: Template, mark: str, fonts: Fonts) -> Words:
    width = fonts.width(mark, _MARK_STYLE.role) * _MARK_STYLE.size
    return Words(template.width - 15 - width, 10, mark, _MARK_STYLE, field="copy_mark")


def _watermark(template: Template, fonts: Fonts) -> list[Mark]:
    size = min(_DRAFT_STYLE.size, template.width / 5)
    style = Style(_DRAFT_STYLE.role, size, _DRAFT_STYLE.colour, "middle")
    width = fonts.width(DRAFT_WORDS, style.role) * size * 0.82
    spots = (0.3, 0.62, 0.9) if template.height > 150 else (0.6,)
    x = (template.width - width) / 2
    return [Words(x, template.height * spot, DRAFT_WORDS, style, -30.0) for spot in spots]


def _without_codes(page: tuple[Mark, ...]) -> list[Mark]:
    return [mark for mark in page if not isinstance(mark, Qr | SealArea)]


def _draw(template: Template, pages: tuple[tuple[Mark, ...], ...], fonts: Fonts) -> bytes:
    out = BytesIO()
    size = (template.width * POINTS, template.height * POINTS)
    canvas = Canvas(
        out,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        lang=template.language,
        initialFontName=fonts.font("song.ttf"),  # type: ignore[arg-type]  # stubs say float
    )
    canvas.setTitle(template.titles.get("zh", template.id))
    canvas.setAuthor("")
    canvas.setSubject(f"{template.id} {template.version}")
    canvas.setCreator("Lastmile")
    canvas.setProducer("Lastmile")
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for page in pages:
        for mark in page:
            _draw_mark(canvas, mark, template.height, fonts)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_mark(canvas: Canvas, mark: Mark, height: float, fonts: Fonts) -> None:
    match mark:
        case Words():
            _draw_words(canvas, mark, height, fonts)
        case Shape():
            _draw_shape(canvas, mark, height)
        case Qr():
            _draw_qr(canvas, mark, height)
        case SealArea():  # the seal is put on the paper, or signed into the PDF, by who may
            pass


def _draw_words(canvas: Canvas, words: Words, height: float, fonts: Fonts) -> None:
    size = words.style.size * POINTS
    text = canvas.beginText()
    if words.angle:
        canvas.saveState()
        canvas.translate(words.x * POINTS, (height - words.y) * POINTS)
        canvas.rotate(-words.angle)
        text.setTextOrigin(0, 0)
    else:
        text.setTextOrigin(words.x * POINTS, (height - words.y) * POINTS)
    colour = HexColor(words.style.colour)
    text.setFillColor(colour)
    if words.spacing:
        text.setCharSpace(words.spacing * POINTS)
    stroked = False
    for run in fonts.runs(words.text, words.style.role):
        if run.bold != stroked:
            text.setTextRenderMode(2 if run.bold else 0)
            stroked = run.bold
        if run.bold:
            canvas.setLineWidth(size * BOLD_STROKE)
            text.setStrokeColor(colour)
        text.setFont(run.font, size)
        text.textOut(run.text)
    if stroked:
        text.setTextRenderMode(0)
    if words.spacing:
        text.setCharSpace(0)
    canvas.drawText(text)
    if words.angle:
        canvas.restoreState()


def _draw_shape(canvas: Canvas, shape: Shape, height: float) -> None:
    if not shape.fill and not shape.stroke:
        return
    path = canvas.beginPath()
    for segment in shape.path:
        at = [n for x, y in segment.points for n in (x * POINTS, (height - y) * POINTS)]
        if segment.kind == "M":
            path.moveTo(*at)
        elif segment.kind == "L":
            path.lineTo(*at)
        elif segment.kind == "C":
            path.curveTo(*at)
        else:
            path.close()
    if shape.fill:
        canvas.setFillColor(HexColor(shape.fill))
    if shape.stroke:
        canvas.setStrokeColor(HexColor(shape.stroke))
        canvas.setLineWidth(shape.width * POINTS)
        canvas.setDash([n * POINTS for n in shape.dash] or [], 0)
    canvas.drawPath(path, stroke=int(bool(shape.stroke)), fill=int(bool(shape.fill)))


def _draw_qr(canvas: Canvas, qr: Qr, height: float) -> None:
    rows = modules(qr.payload)
    unit = qr.size / len(rows) * POINTS
    left, top = qr.x * POINTS, (height - qr.y) * POINTS
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                y = top - (number + 1) * unit
                path.rect(left + start * unit, y, (end - start) * unit, unit)
            start = end
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)


def _read_back(pdf: bytes, pages: tuple[tuple[Mark, ...], ...]) -> None:
    for page, found in zip(pages, texts(pdf), strict=True):
        meant = "".join(mark.text for mark in page if isinstance(mark, Words))
        if _letters(meant) != _letters(found):
            raise TextChanged


def _letters(text: str) -> Counter[str]:
    # pdfium folds compatibility characters and invents spaces: compare what both must agree on
    return Counter("".join(normalize("NFKC", text).split()))
