"""Photographs of papers: smaller, upright, and silent about where they were taken."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from casework.errors import BadPicture
from casework.office import PicturePolicy
from casework.pictures import prepared

POLICY = PicturePolicy()
GPS = 0x8825
ORIENTATION = 0x0112


def photograph(width: int, height: int, *, kind: str = "JPEG", exif: bool = False) -> bytes:
    """Something as hard to compress as paper under a lamp."""
    small = random.Random(width).randbytes(300 * 200 * 3)
    image = Image.frombytes("RGB", (300, 200), small).resize((width, height))
    out, facts = io.BytesIO(), Image.Exif()
    if exif:
        facts[ORIENTATION] = 6  # the phone was held upright
        facts.get_ifd(GPS)[1] = "N"
    image.save(out, kind, quality=96, exif=facts)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_large_photograph_becomes_small_enough_for_a_village_line() -> None:
    given = photograph(4000, 3000)
    made = prepared(given, "image/jpeg", ".jpg", POLICY)
    assert len(made.data) < len(given) / 2
    assert max(opened(made.data).size) == POLICY.edge_px


def test_a_photograph_says_nothing_of_where_it_was_taken_and_stands_upright() -> None:
    given = photograph(600, 400, exif=True)
    made = prepared(given, "image/jpeg", ".jpeg", POLICY)
    assert opened(given).getexif()
    assert not opened(made.data).getexif()
    assert opened(made.data).size == (400, 600)


def test_a_small_scan_stays_byte_for_byte() -> None:
    given = photograph(400, 300)
    assert prepared(given, "image/jpeg", ".jpg", POLICY).data == given


def test_where_the_policy_keeps_originals_nothing_is_touched() -> None:
    given = photograph(4000, 3000, exif=True)
    policy = PicturePolicy(keep_original=True)
    assert prepared(given, "image/jpeg", ".jpg", policy).data == given


def test_a_see_through_picture_lands_on_white() -> None:
    image = Image.effect_noise((3000, 2000), 90).convert("RGBA")
    image.putalpha(0)
    out = io.BytesIO()
    image.save(out, "PNG")
    made = prepared(out.getvalue(), "image/png", ".png", POLICY)
    assert (made.media_type, made.ending) == ("image/jpeg", ".jpg")
    assert opened(made.data).getpixel((5, 5)) == (255, 255, 255)


def test_other_files_pass_untouched() -> None:
    pdf = b"%PDF-1.7 ..."
    assert prepared(pdf, "application/pdf", ".pdf", POLICY).data == pdf


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", photograph(50, 50)[:200], photograph(50, 50)[:-400]],
    ids=["empty", "text", "head only", "cut"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        prepared(data, "image/jpeg", ".jpg", POLICY)


def test_a_decompression_bomb_is_refused_before_it_opens() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(BadPicture):
        prepared(out.getvalue(), "image/png", ".png", POLICY)
