"""Names of all kinds: rare, with marks, in other scripts; drawn as typed or refused by name."""

from pathlib import Path

import pytest

from printing.errors import MissingGlyph
from printing.faces import Face
from printing.private_use import STANDARD
from printing.raster import texts
from printing.render import render
from printing.wrap import wrap
from tests.printing.samples import AMENDMENT_1, RESOURCES, copied, fonts, printed, template

SCRIPTS = {
    "rare": "欧阳𫖸鿍𠂇",
    "extension G and H": "𰀀𱍐",
    "compatibility forms stay": "隆\uf9dc你\U0002f804",
    "Uyghur": "ئەخمەت تۇردى",
    "Kazakh": "قازاق",
    "Tibetan": "བཀྲ་ཤིས་སྒྲོལ་མ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ",
    "Yi": "ꆈꌠꉙ",
    "Lisu": "ꓡꓲ-ꓢꓴ",
    "Tai Le": "ᥖᥭᥰ",
    "Latin with marks": "Mê̄ Nguyễn Ĵọ̈",
    "Cyrillic": "Иванов",
    "mixed": "姓名：ئەخمەت 艾合麦提",
}


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS.keys())
@pytest.mark.parametrize("role", ["song", "hei-bold", "kai"])
def test_a_name_copies_as_typed(name: str, role: str, tmp_path: Path) -> None:
    meant = "".join(name.split())
    pdf = printed(name, role)
    assert "".join(texts(pdf)[0].split()) == meant
    assert copied(pdf, tmp_path) == meant


def test_letters_are_joined_and_not_drawn_one_by_one() -> None:
    face = Face(RESOURCES / "fonts" / "arabic.ttf")
    (run,) = fonts().runs("ئەخمەت", "song")
    assert {g.id for g in run.glyphs} != {face.glyph(c).id for c in "ئەخمەت"}
    stack = fonts().runs("སྒྲོ", "song")[0].glyphs
    assert len(stack) < len("སྒྲོ")


def test_right_to_left_words_stand_from_right_to_left_and_numbers_do_not() -> None:
    runs = fonts().runs("甲ئەخمەت 12 تۇردى乙", "song")
    assert [run.text for run in runs] == ["甲", "تۇردى", " 12 ", "ئەخمەت", "乙"]


def test_a_line_breaks_between_words_and_never_before_a_mark() -> None:
    text = "ئەخمەت تۇردى سادىق"
    broken = wrap(text, 4, lambda part: fonts().advances(part, "song"))
    assert [line.text for line in broken] == text.split()
    marked = wrap("e\u0301" * 6, 2, lambda part: fonts().advances(part, "song"))
    assert all(line.text.startswith("e") and line.text.endswith("\u0301") for line in marked)


def test_the_sum_of_the_characters_is_the_width_of_the_line() -> None:
    for name in SCRIPTS.values():
        assert sum(fonts().advances(name, "song")) == pytest.approx(fonts().width(name, "song"))


def test_what_free_fonts_lack_of_the_amendment_is_refused_by_name() -> None:
    lacking = fonts().missing(AMENDMENT_1, "song")
    assert len(AMENDMENT_1) - len(lacking) == 5356
    extension_i = set(map(chr, range(0x2EBF0, 0x2EE5E)))
    assert extension_i <= set(lacking)


def test_a_private_character_is_refused_with_the_one_to_type_instead() -> None:
    proof = template("residence-proof")
    with pytest.raises(MissingGlyph) as caught:
        render(proof, {**proof.samples(), "holder_name": "李\ue816"}, copy=None, fonts=fonts())
    assert "𠂇 (U+20087)" in str(caught.value.fields["characters"])


def test_a_bilingual_name_passes_the_reading_back_of_the_page() -> None:
    proof = template("residence-proof")
    name = "ئەخمەت（艾合）"
    pdf = render(proof, {**proof.samples(), "holder_name": name}, copy=None, fonts=fonts())
    assert "艾合" in texts(pdf)[0]


def test_every_character_advised_can_be_printed() -> None:
    advised = "".join(map(chr, STANDARD.values()))
    unprintable = fonts().missing(advised, "song")
    assert unprintable == ()
