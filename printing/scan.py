"""Finds the code of a certificate in what people bring: a photo, a scan, a PDF."""

from io import BytesIO

import zxingcpp
from PIL import Image, UnidentifiedImageError
from pypdfium2 import PdfiumError

from printing.errors import NoCode, Unreadable
from printing.raster import pages
from printing.seal import PREFIX

PDF_DPI = 200
MOST_PAGES = 20
MOST_PIXELS = 120_000_000  # of a picture; larger ones are no photo of a certificate


def find_code(data: bytes) -> str:
    """Text of the first certificate's code in a picture or on a page.

    Args:
        data: PNG, JPEG, TIFF, BMP, WebP or PDF.

    Raises:
        Unreadable: None of these, or damaged.
        NoCode: No code in it that begins as a certificate's.
    """
    for image in _images(data):
        for found in zxingcpp.read_barcodes(image):
            if found.text.startswith(PREFIX):
                return str(found.text)
    raise NoCode


def _images(data: bytes) -> list[Image.Image]:
    if data.lstrip()[:5] == b"%PDF-":
        return _of_pdf(data)
    try:
        image = Image.open(BytesIO(data))
        if image.width * image.height > MOST_PIXELS:
            raise Unreadable
        return [image.convert("L")]
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Unreadable from None


def _of_pdf(data: bytes) -> list[Image.Image]:
    try:
        found = [page for _, page in zip(range(MOST_PAGES), pages(data, PDF_DPI), strict=False)]
    except PdfiumError:
        raise Unreadable from None
    return [
        Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX").convert("L")
        for page in found
    ]
