"""The fonts of the paper: which file draws which character, and which characters none can draw.

A role (`song`, `hei`, `kai`; the first two also `-bold`) is a chain of files. The first file that
holds a character with an outline draws it. `coverage.json` says what each file holds, so that
asking opens no font. Fonts and single glyphs that the office added stand at the end of each chain.
Names are never normalised: what was typed is what is drawn.
"""

import json
import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from printing import scripts
from printing.errors import FontsDamaged
from printing.faces import Face, Glyph

_RARE = ("latin.ttf", "rare-a.ttf", "rare-b.ttf", "rare-c.ttf")
_OTHER = (
    "arabic.ttf", "tibetan.ttf", "mongolian.ttf", "yi.ttf", "lisu.ttf", "tai-le.ttf", "tai-lue.ttf",
)  # fmt: skip
CHAINS: Mapping[str, tuple[str, ...]] = {
    "song": ("song.ttf", *_RARE, *_OTHER),
    "song-bold": ("song-bold.ttf", "song.ttf", *_RARE, *_OTHER),
    "hei": ("hei.ttf", "song.ttf", *_RARE, *_OTHER),
    "hei-bold": ("hei-bold.ttf", "hei.ttf", "song.ttf", *_RARE, *_OTHER),
    "kai": ("kai.ttf", "song.ttf", *_RARE, *_OTHER),
}
SHAPED = frozenset({"latin.ttf", *_OTHER})  # files whose letters join or carry marks
NEVER = (  # first and last of what may not stand in a printed text
    (0x00, 0x09),
    (0x0B, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x200B, 0x200F),  # zero width, left-to-right and right-to-left marks
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xF8FF),  # surrogates and private use
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFF),
    (0xE0000, 0x10FFFF),
)
_KEPT = 4096  # texts whose runs are remembered


@dataclass(frozen=True)
class Run:
    """Neighbouring glyphs of one font file, from left to right.

    Attributes:
        file: Name of the file.
        text: Its characters in reading order.
        shaped: Whether the glyphs are not simply the characters one by one.
        bold: Whether the outline is stroked too, because the bold file lacks the characters.
    """

    file: str
    text: str
    glyphs: tuple[Glyph, ...]
    shaped: bool = False
    bold: bool = False


class Fonts:
    """The chains over one folder. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        coverage: Mapping[str, Sequence[Sequence[int]]],
        site: Mapping[Path, Sequence[Sequence[int]]] | None = None,
    ) -> None:
        self._paths = {name: folder / name for name in coverage}
        self._paths |= {path.name: path for path in site or {}}
        self._chains = {
            role: (*chain, *(path.name for path in site or {})) for role, chain in CHAINS.items()
        }
        spans = {**coverage, **{path.name: found for path, found in (site or {}).items()}}
        self._starts = {name: [first for first, _ in found] for name, found in spans.items()}
        self._ends = {name: [last for _, last in found] for name, found in spans.items()}
        self._faces: dict[str, Face] = {}
        self._files: dict[tuple[str, str], str | None] = {}
        self._glyphs: dict[tuple[str, str], Glyph] = {}
        self._runs: dict[tuple[str, str], tuple[Run, ...]] = {}
        self._lock = threading.Lock()

    def missing(self, text: str, role: str) -> tuple[str, ...]:
        """Characters of `text` that cannot be printed in `role`: each once, in order.

        A line feed is not a character of the page. Private-use characters, invisible ones, bidi
        controls and variation selectors are always missing, whatever a font says.

        Raises:
            KeyError: There is no such role.
        """
        return tuple(
            dict.fromkeys(
                character
                for part in scripts.clusters(text)
                if part != "\n" and self._file(part, role) is None
                for character in self._lost(part, role)
            )
        )

    def runs(self, text: str, role: str) -> tuple[Run, ...]:
        """Split `text` by the font that draws it, in the order of the paper, left to right.

        Every character must be printable.
        """
        key = (text, role)
        found = self._runs.get(key)
        if found is None:
            found = tuple(self._visual(text, role))
            if len(self._runs) >= _KEPT:
                self._runs.clear()
            self._runs[key] = found
        return found

    def width(self, text: str, role: str) -> float:
        """Width of `text` in em."""
        if not scripts.shaped(text):
            glyph = self._plain_glyph
            return sum(glyph(character, role).advance for character in text)
        return sum(glyph.advance for run in self.runs(text, role) for glyph in run.glyphs)

    def advances(self, text: str, role: str) -> list[float]:
        """Width of each character in em; 0 for one that joins the character before it."""
        if not scripts.shaped(text):
            return [self._plain_glyph(character, role).advance for character in text]
        found: list[float] = []
        for file, part in self._logical(text, role):
            widths: dict[int, float] = {}
            glyphs = self._drawn(file, part, role)
            ordered = glyphs[::-1] if scripts.right_to_left(part) else glyphs
            start = last = 0
            for glyph in ordered:
                if glyph.text:
                    last, start = start, start + len(glyph.text)
                widths[last] = widths.get(last, 0.0) + glyph.advance
            found += [widths.get(at, 0.0) for at in range(len(part))]
        return found

    def face(self, file: str) -> Face:
        """The opened font file.

        Raises:
            FontsDamaged: The file is missing or not a font.
        """
        found = self._faces.get(file)
        if found is None:
            with self._lock:
                found = self._faces.setdefault(file, Face(self._paths[file]))
        return found

    def _visual(self, text: str, role: str) -> list[Run]:
        runs = []
        for file, part in scripts.on_paper(self._logical(text, role)):
            glyphs = self._drawn(file, part, role)
            bold = role.endswith("-bold") and "bold" not in file
            runs.append(Run(file, part, glyphs, file in SHAPED, bold))
        return runs

    def _logical(self, text: str, role: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        first = self._chains[role][0]
        for part in scripts.clusters(text):
            file = self._file(part, role) or first
            if found and found[-1][0] == file:
                found[-1] = (file, found[-1][1] + part)
            else:
                found.append((file, part))
        return found

    def _drawn(self, file: str, text: str, role: str) -> tuple[Glyph, ...]:
        if file in SHAPED:
            return self.face(file).shape(text)
        return tuple(self._plain_glyph(character, role) for character in text)

    def _plain_glyph(self, character: str, role: str) -> Glyph:
        key = (character, role)
        found = self._glyphs.get(key)
        if found is None:
            file = self._file(character, role) or self._chains[role][0]
            found = self._glyphs[key] = self.face(file).glyph(character)
        return found

    def _file(self, part: str, role: str) -> str | None:
        key = (part, role)
        if key not in self._files:
            self._files[key] = self._look_up(part, self._chains[role])
        return self._files[key]

    def _look_up(self, part: str, chain: tuple[str, ...]) -> str | None:
        if any(first <= ord(c) <= last for c in part for first, last in NEVER):
            return None
        for file in chain:
            if (len(part) == 1 or file in SHAPED) and all(self._holds(file, c) for c in part):
                return file
        return None

    def _holds(self, file: str, character: str) -> bool:
        code = ord(character)
        at = bisect_right(self._starts[file], code) - 1
        return at >= 0 and code <= self._ends[file][at]

    def _lost(self, part: str, role: str) -> list[str]:
        lost = [c for c in part if self._file(c, role) is None]
        return lost or list(part[1:])  # the mark that no font puts on this letter


def load_fonts(folder: Path, site: Path | None = None) -> Fonts:
    """Open the font folder. Reads the coverage list only; font files load when first needed.

    Args:
        folder: The fonts that ship.
        site: Fonts of the office, as `printing.site` keeps them; need not exist.

    Raises:
        FontsDamaged: A file of a chain or the coverage list is missing.
    """
    try:
        coverage = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FontsDamaged("coverage.json") from None
    for file in {file for chain in CHAINS.values() for file in chain}:
        if file not in coverage or not (folder / file).exists():
            raise FontsDamaged(file)
    return Fonts(folder, coverage, _site(site) if site else None)


def _site(folder: Path) -> Mapping[Path, Sequence[Sequence[int]]]:
    found = {}
    for listed in sorted(folder.glob("*.coverage.json")):
        path = listed.with_name(listed.name.removesuffix(".coverage.json"))
        try:
            found[path] = json.loads(listed.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise FontsDamaged(listed.name) from None
    return found
