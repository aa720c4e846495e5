"""One font file, mapped into memory and read by HarfBuzz. Lengths are em."""

from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

from printing.errors import FontsDamaged


@dataclass(frozen=True)
class Glyph:
    """One glyph on the baseline.

    Attributes:
        id: In the font file.
        text: The characters that it stands for; empty if it only continues the glyph before.
        advance: How far the pen moves, in em; `dx` and `dy` shift the glyph right and up.
    """

    id: int
    text: str
    advance: float
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True)
class Metrics:
    """What a PDF's font descriptor wants, in thousandths of an em."""

    ascent: int
    descent: int
    box: tuple[int, int, int, int]


class Face:
    """A font file. Safe to use from several threads.

    Raises:
        FontsDamaged: The file is missing or not a font.
    """

    def __init__(self, path: Path) -> None:
        try:
            blob = hb.Blob.from_file_path(str(path))
        except (OSError, hb.HarfBuzzError):
            raise FontsDamaged(path.name) from None
        self._face = hb.Face(blob)
        if self._face.glyph_count == 0:
            raise FontsDamaged(path.name)
        self._font = hb.Font(self._face)
        self._em = float(self._face.upem)
        self.name = str(self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem)

    def glyph(self, character: str) -> Glyph:
        """The glyph of one character, unshaped; glyph 0 where the font has none."""
        found = int(self._font.get_nominal_glyph(ord(character)) or 0)
        return Glyph(found, character, self.width(found))

    def width(self, glyph: int) -> float:
        """Advance of a glyph as the font says."""
        return float(self._font.get_glyph_h_advance(glyph)) / self._em

    def shape(self, text: str) -> tuple[Glyph, ...]:
        """Glyphs of `text` from left to right, joined and with marks placed.

        `text` must be of one script and one direction.
        """
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        clusters = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
        seen: set[int] = set()
        glyphs = []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            words = "" if info.cluster in seen else text[info.cluster : ends[info.cluster]]
            seen.add(info.cluster)
            glyphs.append(
                Glyph(
                    info.codepoint,
                    words,
                    place.x_advance / self._em,
                    place.x_offset / self._em,
                    place.y_offset / self._em,
                )
            )
        return tuple(glyphs)

    def blank(self, glyph: int) -> bool:
        """Whether the glyph draws nothing."""
        extents = self._font.get_glyph_extents(glyph)
        return extents is None or extents.width == 0 or extents.height == 0

    def metrics(self) -> Metrics:
        """For the descriptor."""
        extents = self._font.get_font_extents("ltr")
        head = self._face.reference_table("head").data
        box = [
            round(int.from_bytes(head[at : at + 2], signed=True) * 1000 / self._em)
            for at in range(36, 44, 2)
        ]
        return Metrics(
            round(extents.ascender * 1000 / self._em),
            round(extents.descender * 1000 / self._em),
            (box[0], box[1], box[2], box[3]),
        )

    def subset(self, glyphs: set[int]) -> tuple[bytes, dict[int, int]]:
        """A font file with only `glyphs`, and where each of them stands in it."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.set(glyphs | {0})
        wanted.drop_table_tag_set.update(_DROPPED)
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        plan = hb.SubsetPlan(self._face, wanted)
        places = {int(old): int(new) for old, new in plan.old_to_new_glyph_mapping.items()}
        return bytes(plan.execute().blob.data), places


_DROPPED = frozenset(
    int.from_bytes(tag)
    for tag in (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"name", b"post", b"OS/2", b"vhea", b"vmtx")
)
