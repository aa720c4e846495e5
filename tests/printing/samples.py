"""What the tests of the paper share: real fonts, real templates, text as others read it."""

import subprocess
from functools import cache
from pathlib import Path

from printing.elements import Style
from printing.fonts import Fonts, load_fonts
from printing.layout import Words
from printing.pdf import draw
from printing.template import Template, load_template

RESOURCES = Path(__file__).parents[2] / "resources"
NAMES = sorted(folder.name for folder in (RESOURCES / "templates").iterdir() if folder.is_dir())
LEVEL_3 = "".join(
    map(
        chr,
        [
            *range(0x4E00, 0x9FF0),
            *range(0x3400, 0x4DB6),
            *(0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24),
            *(0xFA27, 0xFA28, 0xFA29),
            *range(0x20000, 0x2A6D7),
            *range(0x2A700, 0x2B735),
            *range(0x2B740, 0x2B81E),
            *range(0x2B820, 0x2CEA2),
            *range(0x2CEB0, 0x2EBE1),
        ],
    )
)
AMENDMENT_1 = "".join(
    map(
        chr,
        [
            *range(0x4DB6, 0x4DC0),
            *range(0x9FF0, 0xA000),
            *range(0x2A6D7, 0x2A6E0),
            *range(0x2B735, 0x2B73A),
            *range(0x2EBF0, 0x2EE5E),
            *range(0x30000, 0x3134B),
            *range(0x31350, 0x323B0),
        ],
    )
)
_BIDI = frozenset(map(chr, range(0x202A, 0x202F)))


@cache
def fonts() -> Fonts:
    return load_fonts(RESOURCES / "fonts")


@cache
def template(name: str) -> Template:
    folder = RESOURCES / "templates" / name
    return load_template(
        (folder / "template.svg").read_bytes(), (folder / "template.json").read_bytes()
    )


def page_of(words: list[Words], width: float = 500, height: float = 500) -> Template:
    """An empty template of that size in mm; `words` only say that it is for them."""
    return Template("t", "1", "zh-CN", {"zh": "字"}, width, height, {}, (), str(len(words)))


def lines(text: str, role: str, per_line: int, size: float = 5.0) -> list[Words]:
    """`text` in lines from the top left corner, a square of `size` mm for each character."""
    style = Style(role, size, "#000000", "start")
    return [
        Words(0.0, (n + 0.88) * size, text[at : at + per_line], style)
        for n, at in enumerate(range(0, len(text), per_line))
    ]


def printed(text: str, role: str = "song") -> bytes:
    """A page with one line."""
    words = lines(text, role, len(text))
    return draw(page_of(words, 200, 20), [words], fonts())


def copied(pdf: bytes, tmp_path: Path) -> str:
    """The text as poppler copies it, without white space and the direction marks it adds."""
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    return "".join(c for c in said.stdout.decode() if not c.isspace() and c not in _BIDI)
