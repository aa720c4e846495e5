"""Pages of a PDF as pictures and as text, with pdfium, which is not safe for threads: one lock."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2

from printing.art import Matrix
from printing.errors import Unreadable

POINTS = 72 / 25.4  # per millimetre
_BROKEN_HYPHEN = "\ufffe"  # what pdfium says for a hyphen at the end of a line, after a letter
_lock = threading.Lock()


@dataclass(frozen=True)
class Raster:
    """A page as pixels: BGRA, 8 bits each, rows from the top without padding."""

    width: int
    height: int
    bgra: bytes


def pages(pdf: bytes, dpi: int, *, most_pixels: int = 400_000_000) -> Iterator[Raster]:
    """Each page on white at `dpi` dots per inch, one at a time.

    Args:
        pdf: A PDF that we made, or any that pdfium can open.
        dpi: At least 1.
        most_pixels: Of one page; more are refused before any memory is taken.

    Raises:
        Unreadable: A page is larger than that.
    """
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for number in range(count):
            with _lock:
                page = document[number]
                width, height = page.get_size()  # points
                if width * height * (dpi / 72) ** 2 > most_pixels:
                    raise Unreadable
                bitmap = page.render(scale=dpi / 72, force_bitmap_format=_BGRA)
                raster = Raster(bitmap.width, bitmap.height, _packed(bitmap))
                bitmap.close()
                page.close()
            yield raster
    finally:
        with _lock:
            document.close()


def size_mm(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page."""
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        width, height = document.get_page_size(0)
        document.close()
    return width / POINTS, height / POINTS


def moved(pdf: bytes, matrix: Matrix) -> bytes:
    """The PDF with everything on its pages under `matrix`; page sizes stay.

    Args:
        pdf: As `pages`.
        matrix: Millimetres from the top left corner of each page.
    """
    a, b, c, d, e, f = matrix
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        for page in document:
            width, height = page.get_size()
            tall = height / POINTS
            # the same map with the origin below and the y axis up
            up = (a, -b, -c, d, (e + c * tall) * POINTS, (tall - f - d * tall) * POINTS)
            clip = pypdfium2.raw.FS_RECTF(0, height, width, 0)
            pypdfium2.raw.FPDFPage_TransFormWithClip(page, pypdfium2.raw.FS_MATRIX(*up), clip)
            page.close()
        out = BytesIO()
        document.save(out)
        document.close()
    return out.getvalue()


_BGRA = pypdfium2.raw.FPDFBitmap_BGRA


def _packed(bitmap: pypdfium2.PdfBitmap) -> bytes:
    data, row = bytes(bitmap.buffer), bitmap.width * 4
    if bitmap.stride == row:
        return data
    return b"".join(data[y * bitmap.stride :][:row] for y in range(bitmap.height))


def texts(pdf: bytes) -> tuple[str, ...]:
    """Text of each page as a reader would copy it."""
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(str(text.get_text_range()).replace(_BROKEN_HYPHEN, "-"))
            text.close()
            page.close()
        document.close()
    return tuple(found)
