"""Photos and seals of a page as image objects of a PDF. Spec: ISO 32000-1, 8.9."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFName

from printing.embed import Stream
from printing.errors import BadPicture
from printing.layout import Picture

MOST_PIXELS = 40_000_000  # about A4 at 600 dpi


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        BadPicture: Neither PNG nor JPEG, damaged, or too large.
    """
    return _open(data)[:2]


def fitted(picture: Picture) -> tuple[float, float, float, float]:
    """Left, top, width and height in mm of a picture in the middle of its frame, undistorted."""
    wide, high = size(picture.data)
    scale = min(picture.width / wide, picture.height / high)
    width, height = wide * scale, high * scale
    left = picture.x + (picture.width - width) / 2
    return left, picture.y + (picture.height - height) / 2, width, height


def image(document: Any, data: bytes) -> Stream:
    """The image object; transparency of a PNG becomes a soft mask."""
    width, height, colours, alpha = _open(data)
    entries: dict[str, Any] = {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Image"),
        "Width": width,
        "Height": height,
        "BitsPerComponent": 8,
    }
    mask = {}
    if alpha:
        drawn = Stream(alpha, **entries, ColorSpace=PDFName("DeviceGray"))
        mask["SMask"] = document.Reference(drawn)
    return Stream(colours, **entries, ColorSpace=PDFName("DeviceRGB"), **mask)


@lru_cache(maxsize=16)
def _open(data: bytes) -> tuple[int, int, bytes, bytes]:
    # imported when a picture is drawn, which most pages do without
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise BadPicture
            seen = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError):
        raise BadPicture from None
    alpha = seen.getchannel("A").tobytes()
    opaque = alpha.count(255) == len(alpha)
    return seen.width, seen.height, seen.convert("RGB").tobytes(), b"" if opaque else alpha
