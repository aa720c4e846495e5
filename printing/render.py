"""A template and values to a PDF: the same input gives the same bytes.

`printing.pdf` draws. Every finished page is read back with pdfium,
and a page that does not read as intended is never handed out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from unicodedata import normalize

from printing.elements import SealArea, Style
from printing.errors import TextChanged
from printing.fonts import Fonts
from printing.layout import Mark, Picture, Qr, Words, lay_out
from printing.pdf import draw
from printing.raster import texts
from printing.template import Fields, Template, in_language

_ONE_SIDE = str.maketrans(")]}>》」", "([{<《「")
_MARK_STYLE = Style("hei", 3.0, "#666666", "end")
_DRAFT_STYLE = Style("hei-bold", 34.0, "#e3e6ea", "middle")
DRAFT_WORDS = "样张"
PREVIEW_WORDS = "预览"
VOID_WORDS = "已作废"


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
    pictures: Mapping[str, bytes] | None = None,
    across: str = "",
    on_paper: bool = False,
    language: str = "",
) -> bytes:
    """Make the PDF.

    Args:
        template: From `load_template`.
        fields: Text by field name; rows for a field of kind `rows`. Fields that the template does
            not know are ignored.
        copy: Which print this is; None for something that is not counted.
        draft: Mark every page as a sample, without seal and without a valid QR.
        fonts: From `load_fonts`.
        pictures: PNG or JPEG by name of a photo field or of a seal; never drawn on a draft.
        across: Words across every page, which then is a draft: `VOID_WORDS`, `PREVIEW_WORDS`.
        language: BCP 47, of a template that is drawn in several; its own by default.
        on_paper: Leave out the background of a template whose paper has it already.

    Raises:
        MissingGlyph: Before any byte is made.
        FieldMissing: A required field is blank.
        Overflow: A text does not fit.
        TextChanged: The PDF does not read as intended.
    """
    template = in_language(template, language)
    pages = pages_of(
        template,
        fields,
        copy=copy,
        draft=draft,
        fonts=fonts,
        pictures=pictures,
        across=across,
        on_paper=on_paper,
    )
    pdf = draw(template, pages, fonts)
    _read_back(pdf, pages)
    return pdf


def pages_of(
    template: Template,
    fields: Fields,
    *,
    copy: CopyMark | None,
    draft: bool = False,
    fonts: Fonts,
    pictures: Mapping[str, bytes] | None = None,
    across: str = "",
    on_paper: bool = False,
    language: str = "",
) -> tuple[tuple[Mark, ...], ...]:
    """The marks that every backend draws; arguments and errors as for `render`."""
    template = in_language(template, language)
    across = across or (DRAFT_WORDS if draft else "")
    bare = on_paper and template.preprinted
    if bare:
        template = replace(template, elements=template.elements[template.ground :])
    mark = copy.text if copy else ""
    values = {**fields, "copy_mark": mark}
    pages = lay_out(template, values, fonts, pictures)
    if mark and not template.own_copy_mark:
        pages = tuple((*page, _copy_words(template, mark, fonts)) for page in pages)
    if across:
        over = _watermark(template, fonts, across)
        pages = tuple((*over, *_without_codes(page)) for page in pages)
    if template.ground_picture and not bare:
        sheet = (0.0, 0.0, template.width, template.height)
        ground = Picture(*sheet, template.ground_picture, "background")
        pages = tuple((ground, *page) for page in pages)
    return pages * template.copies


def _copy_words(template: Template, mark: str, fonts: Fonts) -> Words:
    width = fonts.width(mark, _MARK_STYLE.role) * _MARK_STYLE.size
    return Words(template.width - 15 - width, 10, mark, _MARK_STYLE, field="copy_mark")


def _watermark(template: Template, fonts: Fonts, words: str) -> list[Mark]:
    size = min(_DRAFT_STYLE.size, template.width / 5)
    style = Style(_DRAFT_STYLE.role, size, _DRAFT_STYLE.colour, "middle")
    width = fonts.width(words, style.role) * size * 0.82
    spots = (0.3, 0.62, 0.9) if template.height > 150 else (0.6,)
    x = (template.width - width) / 2
    return [Words(x, template.height * spot, words, style, -30.0) for spot in spots]


def _without_codes(page: tuple[Mark, ...]) -> list[Mark]:
    return [mark for mark in page if not isinstance(mark, Qr | SealArea | Picture)]


def _read_back(pdf: bytes, pages: tuple[tuple[Mark, ...], ...]) -> None:
    for page, found in zip(pages, texts(pdf), strict=True):
        meant = "".join(mark.text for mark in page if isinstance(mark, Words))
        if _letters(meant) != _letters(found):
            raise TextChanged


def _letters(text: str) -> Counter[str]:
    # pdfium folds compatibility characters, invents spaces and mirrors brackets beside words that
    # run from right to left: compare what both must agree on
    return Counter("".join(normalize("NFKC", text).translate(_ONE_SIDE).split()))
