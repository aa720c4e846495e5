"""What an office adds of its own: a font, or one character drawn for one name."""

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from typer.testing import CliRunner

from casework.cli import app
from printing.errors import BadTemplate, FontRefused, MissingGlyph
from printing.faces import Face
from printing.fonts import Fonts, load_fonts
from printing.ofd import write_ofd
from printing.raster import texts
from printing.render import pages_of, render
from printing.site import add_font, add_glyph
from tests.printing.samples import RESOURCES, copied, fonts, template

POLICE = "\U0002ebf0"  # of Extension I, which no free font draws
DRAWN = b"""<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm" viewBox="0 0 100 100">
<path d="M 10 10 H 90 V 20 H 10 Z"/>
<g transform="translate(0 40)"><circle cx="50" cy="25" r="20"/></g>
</svg>"""
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def own(folder: Path) -> Fonts:
    return load_fonts(RESOURCES / "fonts", folder)


def test_a_drawn_character_prints_where_it_was_refused_before(tmp_path: Path) -> None:
    proof = template("residence-proof")
    values = {**proof.samples(), "holder_name": f"李{POLICE}明"}
    with pytest.raises(MissingGlyph):
        render(proof, values, copy=None, fonts=fonts())
    add_glyph(tmp_path, POLICE, DRAWN, fonts())
    pdf = render(proof, values, copy=None, fonts=own(tmp_path))
    assert f"李{POLICE}明" in "".join(texts(pdf)[0].split())
    assert f"李{POLICE}明" in copied(pdf, tmp_path)
    pages = pages_of(proof, values, copy=None, fonts=own(tmp_path))
    assert write_ofd(proof, pages, own(tmp_path))


def test_the_drawing_fills_the_square_as_it_was_drawn(tmp_path: Path) -> None:
    face = Face(tmp_path / add_glyph(tmp_path, POLICE, DRAWN, fonts()))
    outline = face.outline(face.glyph(POLICE).id)
    across = [x for s in outline for x, _ in s.points]
    up = [y for s in outline for _, y in s.points]
    assert (min(across), max(across)) == pytest.approx((0.1, 0.9), abs=0.002)
    assert (min(up), max(up)) == pytest.approx((0.88 - 0.85, 0.88 - 0.1), abs=0.002)
    assert face.width(face.glyph(POLICE).id) == 1.0


def test_what_ships_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(FontRefused):
        add_glyph(tmp_path, "李", DRAWN, fonts())
    (tmp_path / "x").mkdir()
    add_font(tmp_path / "x", "own.ttf", (RESOURCES / "fonts" / "kai.ttf").read_bytes())
    (run,) = own(tmp_path / "x").runs("李", "song")
    assert run.file == "song.ttf"


@pytest.mark.parametrize(
    ("character", "drawing", "expected"),
    [
        ("\ue001", DRAWN, FontRefused),
        ("李示例", DRAWN, FontRefused),
        (POLICE, DRAWN.replace(b"<path", b"<desc").replace(b"<circle", b"<desc"), FontRefused),
        (POLICE, b"<svg", BadTemplate),
    ],
)
def test_what_is_no_single_drawn_character_is_refused(
    tmp_path: Path, character: str, drawing: bytes, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        add_glyph(tmp_path, character, drawing, fonts())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"), [("../x.ttf", "name"), ("a.otf", "name"), ("a.ttf", "damaged")]
)
def test_a_file_that_is_no_font_of_ours_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(FontRefused) as caught:
        add_font(tmp_path, name, b"hello")
    assert caught.value.fields["reason"] == reason


def test_fonts_that_may_not_be_embedded_or_hold_other_outlines_are_refused(tmp_path: Path) -> None:
    closed = TTFont(RESOURCES / "fonts" / "latin.ttf")
    closed["OS/2"].fsType = 2
    closed.save(tmp_path / "closed.ttf")
    with pytest.raises(FontRefused) as caught:
        add_font(tmp_path / "own", "closed.ttf", (tmp_path / "closed.ttf").read_bytes())
    assert caught.value.fields["reason"] == "licence"
    if not NOTO.exists():
        pytest.skip("needs fonts-noto-cjk for a font with other outlines")
    with pytest.raises(FontRefused) as caught:
        add_font(tmp_path / "own", "noto.ttc", NOTO.read_bytes())
    assert caught.value.fields["reason"] == "outlines"


def test_both_are_added_from_the_command_line(tmp_path: Path) -> None:
    drawing = tmp_path / "drawn.svg"
    drawing.write_bytes(DRAWN)
    shutil.copy(RESOURCES / "fonts" / "kai.ttf", tmp_path / "own-kai.ttf")
    run = CliRunner().invoke
    profile = ["--profile", str(tmp_path / "p")]
    made = run(app, ["certificate", "glyph", "U+2EBF0", str(drawing), *profile])
    assert made.exit_code == 0, made.output
    made = run(app, ["certificate", "font", str(tmp_path / "own-kai.ttf"), *profile])
    assert made.exit_code == 0, made.output
    assert own(tmp_path / "p" / "fonts").missing(POLICE, "kai") == ()
