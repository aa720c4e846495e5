"""Every character that the law asks for comes out of the printer and reads as it was typed."""

import os

import pytest
from PIL import Image

from printing.fonts import CHAINS
from printing.pdf import draw
from printing.raster import pages, texts
from tests.printing.samples import AMENDMENT_1, LEVEL_3, fonts, lines, page_of

ALL_ROLES = bool(os.environ.get("LASTMILE_CHARACTERS"))
PER_LINE, PER_PAGE = 80, 6_400


def test_the_list_is_that_of_the_standard() -> None:
    assert len(set(LEVEL_3)) == 87_887
    assert len(set(LEVEL_3 + AMENDMENT_1)) == 97_680


@pytest.mark.parametrize("role", CHAINS)
def test_every_level_3_character_prints_with_ink_and_reads_as_typed(role: str) -> None:
    """In Song all 87,887; in the other roles every 40th, or all with LASTMILE_CHARACTERS=1."""
    text = LEVEL_3 if role == "song" or ALL_ROLES else LEVEL_3[::40]
    assert fonts().missing(text, role) == ()
    assert not [g for run in fonts().runs(text, role) for g in run.glyphs if g.id == 0]
    for at in range(0, len(text), PER_PAGE):
        sheet = text[at : at + PER_PAGE]
        words = lines(sheet, role, PER_LINE)
        pdf = draw(page_of(words, 400, 400), [words], fonts())
        assert "".join(texts(pdf)[0].split()) == sheet
        assert blank(sheet, inked(pdf)) == []


def inked(pdf: bytes) -> bytes:
    """Mean brightness of each character's square, rows from the top."""
    (raster,) = pages(pdf, 60)
    image = Image.frombytes("RGB", (raster.width, raster.height), raster.bgra, "raw", "BGRX")
    side = (PER_LINE, PER_PAGE // PER_LINE)
    return image.convert("L").resize(side, Image.Resampling.BOX).tobytes()


def blank(sheet: str, inks: bytes) -> list[str]:
    return [c for c, ink in zip(sheet, inks, strict=False) if ink > 253]
