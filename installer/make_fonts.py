"""Make the fonts under `resources/fonts` from their published sources.

Run `python installer/make_fonts.py` from the checkout. It fetches four packages with `npm pack` and
`apt-get download` into a folder of its own, checks their SHA-256, subsets them with HarfBuzz,
renames what is subset, and writes the fonts, `coverage.json` and `sources.json`. The same sources
give the same bytes.

`coverage.json` holds, for every font in chain order, the ranges of code points that it maps to a
glyph with an outline. White space has none and is listed because it is meant to be empty.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "resources" / "fonts"
DROP = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "STAT", "meta", "gasp")
LAYOUT = ("GSUB", "GPOS", "GDEF")  # kept where letters join or carry marks
SPACES = frozenset([0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x3000, *range(0x180B, 0x180F)])
HAN_RANGES = (  # GB 18030-2022 level 3, with the Kangxi radicals
    (0x2F00, 0x2FD5),
    (0x3400, 0x4DB5),
    (0x4E00, 0x9FEF),
    (0xFA0E, 0xFA29),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
AMENDMENT_1 = (  # what the amendment of 2024 adds to level 3
    (0x4DB6, 0x4DBF),
    (0x9FF0, 0x9FFF),
    (0x2A6D7, 0x2A6DF),
    (0x2B735, 0x2B739),
    (0x2EBF0, 0x2EE5D),
    (0x30000, 0x3134A),
    (0x31350, 0x323AF),
)
LETTERS = ((0x21, 0x58F), (0x1AB0, 0x1AFF), (0x1D00, 0x1FFF), (0x2DE0, 0x2DFF), (0xA640, 0xA7FF))


@dataclass(frozen=True)
class Source:
    """A published package that holds a font.

    Attributes:
        package: Name and version as the registry knows it.
        tool: `npm` or `apt`.
        sha256: Of the package as fetched; empty accepts any (never committed so).
        member: Path of the font inside the package.
    """

    package: str
    tool: str
    sha256: str
    member: str
    licence: str


@dataclass(frozen=True)
class Recipe:
    """One font file to make: from which source, with which characters, under which name."""

    file: str
    name: str
    source: Source
    keep: Callable[[set[int], set[int]], set[int]]  # (covered by source, covered before) -> kept
    shaped: bool = False  # keeps the tables that join letters and place marks


def _gb2312() -> set[int]:
    rows = range(0xA1, 0xF8)
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if len(text := pair.decode("gb2312", "ignore")) == 1}


def _common() -> set[int]:
    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(range(0x2000, 0x2070))
    return _gb2312() | latin | set(range(0x2460, 0x2500)) | set(range(0xFF01, 0xFF5F)) | {0xB7}


def _han() -> set[int]:
    return _within(HAN_RANGES)


def _all(have: set[int], _before: set[int]) -> set[int]:
    return {code for code in have if not 0xFE00 <= code <= 0xFE0F and not 0xAC00 <= code <= 0xD7FF}


def _frequent(have: set[int], _before: set[int]) -> set[int]:
    return have & _common()


def _rest(have: set[int], before: set[int]) -> set[int]:
    return (have & _han()) - before


def _amendment(have: set[int], before: set[int]) -> set[int]:
    return (have & _within(AMENDMENT_1)) - before


def _letters(have: set[int], _before: set[int]) -> set[int]:
    return have & _within(LETTERS)


def _script(*ranges_: tuple[int, int]) -> Callable[[set[int], set[int]], set[int]]:
    return lambda have, _before: have & (_within(ranges_) | {0x20})


def _within(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in spans for code in range(first, last + 1)}


EXPO = "@expo-google-fonts/noto-{}-sc@0.4.3"
HANAZONO = "fonts-hanazono=20170904-2.1"
SERIF_SHA = "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e"
SANS_SHA = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
HANA_SHA = "a6943366b4f5a6cec34221f8b4eb22555a628f0ee6ef4e3d3401cabe9363aeae"
KAI_SHA = "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318"


def _noto(kind: str, weight: str) -> Source:
    name = f"Noto{kind.capitalize()}SC_{weight}.ttf"
    sha = SERIF_SHA if kind == "serif" else SANS_SHA
    return Source(EXPO.format(kind), "npm", sha, f"package/{weight}/{name}", "OFL-1.1")


def _hana(letter: str) -> Source:
    member = f"usr/share/fonts/truetype/hanazono/HanaMin{letter}.ttf"
    return Source(HANAZONO, "apt", HANA_SHA, member, "Hanazono")


WENKAI = Source(
    "fonts-lxgw-wenkai=1.250+repack-1",
    "apt",
    KAI_SHA,
    "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
    "OFL-1.1",
)
BABELSTONE = Source(
    "fonts-babelstone-han=15.0.5-2",
    "apt",
    "c7b7f9b5b78ad14c94d7e6d2b103307a7a643844c7db856fb97611d9d8a80589",
    "usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf",
    "Arphic Public License",
)


def _core(family: str) -> Source:
    member = f"usr/share/fonts/truetype/noto/{family}-Regular.ttf"
    sha = "58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba"
    return Source("fonts-noto-core=20201225-1", "apt", sha, member, "OFL-1.1")


def _minority(file: str, name: str, family: str, *spans: tuple[int, int]) -> Recipe:
    return Recipe(file, f"Lastmile {name}", _core(family), _script(*spans), shaped=True)


ARABIC = ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
RECIPES = (
    Recipe("song.ttf", "Lastmile Song", _noto("serif", "400Regular"), _all),
    Recipe("song-bold.ttf", "Lastmile Song Bold", _noto("serif", "700Bold"), _frequent),
    Recipe("hei.ttf", "Lastmile Hei", _noto("sans", "400Regular"), _all),
    Recipe("hei-bold.ttf", "Lastmile Hei Bold", _noto("sans", "700Bold"), _frequent),
    Recipe("kai.ttf", "Lastmile Kai", WENKAI, _frequent),
    Recipe("rare-a.ttf", "Lastmile Rare A", _hana("A"), _rest),
    Recipe("rare-b.ttf", "Lastmile Rare B", _hana("B"), _rest),
    Recipe("rare-c.ttf", "Lastmile Rare C", BABELSTONE, _amendment),
    Recipe("latin.ttf", "Lastmile Latin", _core("NotoSerif"), _letters, shaped=True),
    _minority("arabic.ttf", "Arabic", "NotoNaskhArabic", *ARABIC),
    _minority("tibetan.ttf", "Tibetan", "NotoSerifTibetan", (0xF00, 0xFFF)),
    _minority("mongolian.ttf", "Mongolian", "NotoSansMongolian", (0x1800, 0x18AF)),
    _minority("yi.ttf", "Yi", "NotoSansYi", (0xA000, 0xA4CF)),
    _minority("lisu.ttf", "Lisu", "NotoSansLisu", (0xA4D0, 0xA4FF)),
    _minority("tai-le.ttf", "Tai Le", "NotoSansTaiLe", (0x1950, 0x197F)),
    _minority("tai-lue.ttf", "Tai Lue", "NotoSansNewTaiLue", (0x1980, 0x19DF)),
)


def fetch(source: Source, folder: Path) -> bytes:
    """Return the font inside `source`, fetching the package into `folder` if it is not there.

    Raises:
        SystemExit: The package is not the pinned one.
    """
    slug = source.package.replace("@", "").replace("/", "-").replace("=", "_")
    kept = folder / slug
    if not kept.exists():
        kept.write_bytes(_download(source, folder))
    found = hashlib.sha256(kept.read_bytes()).hexdigest()
    if source.sha256 != found:
        sys.exit(f"{source.package}: expected {source.sha256}, fetched {found}")
    if source.tool == "npm":
        with tarfile.open(kept) as archive:
            member = archive.extractfile(source.member)
            assert member is not None
            return member.read()
    unpacked = folder / (slug + ".d")
    if not unpacked.exists():
        subprocess.run([_tool("dpkg-deb"), "-x", kept, unpacked], check=True)  # noqa: S603
    return (unpacked / source.member).read_bytes()


def _download(source: Source, folder: Path) -> bytes:
    with tempfile.TemporaryDirectory(dir=folder) as empty:
        command = (
            [_tool("npm"), "pack", source.package]
            if source.tool == "npm"
            else [_tool("apt-get"), "download", source.package]
        )
        subprocess.run(command, cwd=empty, check=True, capture_output=True)  # noqa: S603
        return next(Path(empty).iterdir()).read_bytes()


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is needed")
    return found


def covered(data: bytes) -> set[int]:
    """Code points that the font maps to a glyph with an outline, and its white space."""
    font = TTFont(io.BytesIO(data), lazy=True)
    loca, order = font["loca"], font.getReverseGlyphMap()
    cmap = font.getBestCmap()
    return {
        code
        for code, glyph in cmap.items()
        if code in SPACES or loca[order[glyph]] != loca[order[glyph] + 1]
    }


def subset(data: bytes, codes: Iterable[int], *, shaped: bool = False) -> bytes:
    """Return the font with only `codes`, without hints and, unless `shaped`, layout tables."""
    drop = [tag for tag in DROP if not (shaped and tag in LAYOUT)]
    wanted = hb.SubsetInput()
    wanted.unicode_set.set(set(codes))
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in drop)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    return bytes(hb.subset(hb.Face(hb.Blob(data)), wanted).blob.data)


def rename(data: bytes, name: str) -> bytes:
    """Give a changed font a name of its own, as reserved font names ask; keep its copyright."""
    font = TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False, lazy=True)
    table = font["name"]
    table.names = [r for r in table.names if r.nameID in {0, 13, 14} and r.platformID == 3]
    for name_id, text in ((1, name), (2, "Regular"), (3, name), (4, name)):
        table.setName(text, name_id, 3, 1, 0x409)
    table.setName(name.replace(" ", ""), 6, 3, 1, 0x409)
    font["post"].formatType = 3.0
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


def ranges(codes: set[int]) -> list[list[int]]:
    """`codes` as sorted closed ranges `[first, last]`."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def main() -> None:
    """Make all fonts and the two lists beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, help="folder for the packages fetched")
    folder = parser.parse_args().cache or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    seen: set[int] = set()
    coverage: dict[str, list[list[int]]] = {}
    made = []
    for recipe in RECIPES:
        data = fetch(recipe.source, folder)
        kept = recipe.keep(covered(data), seen)
        font = rename(subset(data, kept, shaped=recipe.shaped), recipe.name)
        have = covered(font)
        if recipe.file.startswith(("song.", "rare")):
            seen |= have
        (FONTS / recipe.file).write_bytes(font)
        coverage[recipe.file] = ranges(have)
        made.append(
            {
                "file": recipe.file,
                "name": recipe.name,
                "from": recipe.source.package,
                "member": recipe.source.member,
                "licence": recipe.source.licence,
                "sha256": hashlib.sha256(font).hexdigest(),
                "characters": len(have),
            }
        )
    (FONTS / "coverage.json").write_text(json.dumps(coverage, separators=(",", ":")) + "\n")
    (FONTS / "sources.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
