"""Photographs of papers made as small as the eye allows before they are kept and sent.

A phone's photograph of 4 to 12 MB is a minute and more on a village's line; at 200 dpi of an A4
page nothing of the paper is lost. Where a picture was taken, and with what, is left out.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from casework.errors import BadPicture
from casework.office import PicturePolicy

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 40_000_000  # about A4 at 600 dpi; a larger one needs more memory than is there
MOST_PIXELS_JPEG = 200_000_000  # JPEG is made smaller while it is read
WORTH = 0.9  # made smaller only if it becomes smaller than this share


@dataclass(frozen=True)
class Picture:
    """A file as it is kept, and the ending of its name."""

    data: bytes
    media_type: str
    ending: str


def prepared(data: bytes, media_type: str, ending: str, policy: PicturePolicy) -> Picture:
    """The picture as it is to be kept; files of other kinds unchanged. Slow: call it on a worker.

    Raises:
        BadPicture: It says that it is a picture and cannot be read, or is far too large.
    """
    given = Picture(data, media_type, ending)
    if media_type not in KINDS or policy.keep_original:
        return given
    image = _open(data, policy.edge_px)
    if len(data) <= policy.small_bytes and not _tells_more(image):
        return given
    made = _made_small(image, policy)
    smaller = len(made) < len(data) * WORTH
    return Picture(made, "image/jpeg", ".jpg") if smaller or _tells_more(image) else given


def _open(data: bytes, edge_px: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=tuple(KINDS.values()))
        most = MOST_PIXELS_JPEG if image.format == "JPEG" else MOST_PIXELS
        if image.width * image.height > most:
            raise BadPicture
        image.draft("RGB", (edge_px, edge_px))
        image.load()
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadPicture from None
    return image


def _tells_more(image: Image.Image) -> bool:
    """Whether it carries where, when and with what it was taken."""
    return bool(image.getexif())


def _made_small(image: Image.Image, policy: PicturePolicy) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "P"):
        ground = Image.new("RGB", upright.size, "white")
        whole = upright.convert("RGBA")
        ground.paste(whole, mask=whole.getchannel("A"))
        upright = ground
    elif upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    upright.thumbnail((policy.edge_px, policy.edge_px), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=policy.quality, optimize=True)
    return out.getvalue()
