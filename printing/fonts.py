"""The fonts of the paper: which file draws which character, and which characters none can draw.

A role (`song`, `hei`, `kai`; the first two also `-bold`) is a chain of files. The first file that
holds a character with an outline draws it. `coverage.json` says what each file holds, so that
asking opens no font. Names are never normalised: what was typed is what is drawn.
"""

import json
import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

from printing import tounicode
from printing.errors import FontsDamaged

CHAINS: Mapping[str, tuple[str, ...]] = {
    "song": ("song.ttf", "rare-a.ttf", "rare-b.ttf"),
    "song-bold": ("song-bold.ttf", "song.ttf", "rare-a.ttf", "rare-b.ttf"),
    "hei": ("hei.ttf", "song.ttf", "rare-a.ttf", "rare-b.ttf"),
    "hei-bold": ("hei-bold.ttf", "hei.ttf", "song.ttf", "rare-a.ttf", "rare-b.ttf"),
    "kai": ("kai.ttf", "song.ttf", "rare-a.ttf", "rare-b.ttf"),
}
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
_lock = threading.Lock()


@dataclass(frozen=True)
class Run:
    """Neighbouring characters that one font draws.

    Attributes:
        font: Name under which ReportLab knows the font.
        bold: Whether the outline is stroked too, because the bold file lacks the characters.
    """

    font: str
    text: str
    bold: bool = False


class Fonts:
    """The chains over one folder. Safe to use from several threads."""

    def __init__(self, folder: Path, coverage: Mapping[str, Sequence[Sequence[int]]]) -> None:
        self._folder = folder
        self._starts = {name: [first for first, _ in spans] for name, spans in coverage.items()}
        self._ends = {name: [last for _, last in spans] for name, spans in coverage.items()}
        self._found: dict[tuple[str, str], str | None] = {}
        self._names: dict[str, str] = {}
        self._widths: dict[str, ttfonts.TTFontFace] = {}

    def missing(self, text: str, role: str) -> tuple[str, ...]:
        """Characters of `text` that cannot be printed in `role`: each once, in order.

        A line feed is not a character of the page. Private-use characters, invisible ones, bidi
        controls and variation selectors are always missing, whatever a font says.

        Raises:
            KeyError: There is no such role.
        """
        chain = CHAINS[role]
        return tuple(
            dict.fromkeys(
                character
                for character in text
                if character != "\n" and self._file(character, role, chain) is None
            )
        )

    def runs(self, text: str, role: str) -> tuple[Run, ...]:
        """Split `text` by the font that draws it. Every character must be printable."""
        chain = CHAINS[role]
        runs: list[tuple[str, list[str]]] = []
        for character in text:
            file = self._file(character, role, chain) or chain[0]
            if runs and runs[-1][0] == file:
                runs[-1][1].append(character)
            else:
                runs.append((file, [character]))
        return tuple(
            Run(self.font(file), "".join(found), role.endswith("-bold") and "bold" not in file)
            for file, found in runs
        )

    def width(self, text: str, role: str) -> float:
        """Width of `text` in em."""
        chain = CHAINS[role]
        total = 0
        for character in text:
            file = self._file(character, role, chain) or chain[0]
            face = self._widths.get(file) or self._face(file)
            total += face.charWidths.get(ord(character), face.defaultWidth)
        return total / 1000

    def font(self, file: str) -> str:
        """Name under which ReportLab knows `file`; loads it the first time.

        Raises:
            FontsDamaged: The file is missing or not a font.
        """
        if file in self._names:
            return self._names[file]
        with _lock:
            path = self._folder / file
            name = f"lastmile:{path}"
            if name not in pdfmetrics.getRegisteredFontNames():
                tounicode.install()
                try:
                    font = ttfonts.TTFont(name, str(path), asciiReadable=False, shapable=False)
                except (OSError, ttfonts.TTFError):
                    raise FontsDamaged(file) from None
                pdfmetrics.registerFont(font)
            self._names[file] = name
        return name

    def _face(self, file: str) -> ttfonts.TTFontFace:
        font = pdfmetrics.getFont(self.font(file))
        assert isinstance(font, ttfonts.TTFont)
        face: ttfonts.TTFontFace = font.face
        self._widths[file] = face
        return face

    def _file(self, character: str, role: str, chain: tuple[str, ...]) -> str | None:
        key = (character, role)
        if key not in self._found:
            self._found[key] = self._look_up(ord(character), chain)
        return self._found[key]

    def _look_up(self, code: int, chain: tuple[str, ...]) -> str | None:
        if any(first <= code <= last for first, last in NEVER):
            return None
        for file in chain:
            at = bisect_right(self._starts[file], code) - 1
            if at >= 0 and code <= self._ends[file][at]:
                return file
        return None


def load_fonts(folder: Path) -> Fonts:
    """Open the font folder. Reads the coverage list only; font files load when first needed.

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
    return Fonts(folder, coverage)
