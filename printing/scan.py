"""Finds the code of a certificate in what people bring: a photo, a scan, a PDF."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

import zxingcpp
from PIL import Image, UnidentifiedImageError
from pypdfium2 import PdfiumError

from printing.errors import NoCode, Unreadable
from printing.raster import pages
from printing.seal import PREFIX

PDF_DPI = 200
KINDS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")  # no format that starts another program
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
    for text in read_codes(data):
        if text.startswith(PREFIX):
            return text
    raise NoCode


def read_codes(data: bytes) -> Iterator[str]:
    """Texts of all codes in a picture or on the pages of a PDF.

    Raises:
        Unreadable: Neither of the two, or damaged.
    """
    for image in _images(data):
        for found in zxingcpp.read_barcodes(image):
            yield str(found.text)


def _images(data: bytes) -> Iterator[Image.Image]:
    if data.lstrip()[:5] == b"%PDF-":
        yield from _of_pdf(data)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=KINDS)
        if image.width * image.height > MOST_PIXELS:
            raise Unreadable
        yield _on_white(image).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Unreadable from None


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which would turn black, as the code itself is."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)


def _of_pdf(data: bytes) -> Iterator[Image.Image]:
    try:
        for page in islice(pages(data, PDF_DPI, most_pixels=MOST_PIXELS), MOST_PAGES):
            size = (page.width, page.height)
            yield Image.frombytes("RGB", size, page.bgra, "raw", "BGRX").convert("L")
    except PdfiumError:
        raise Unreadable from None
