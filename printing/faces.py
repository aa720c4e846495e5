"""One font file, mapped into memory and read by HarfBuzz. Lengths are em."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

from printing.art import Segment
from printing.errors import FontsDamaged

_RESTRICTED = 2  # fsType: no embedding


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

    def __init__(self, source: Path | bytes) -> None:
        name = source.name if isinstance(source, Path) else "embedded"
        try:
            blob = (
                hb.Blob(source)
                if isinstance(source, bytes)
                else hb.Blob.from_file_path(str(source))
            )
        except (OSError, hb.HarfBuzzError):
            raise FontsDamaged(name) from None
        self._face = hb.Face(blob)
        if self._face.glyph_count == 0:
            raise FontsDamaged(name)
        self._font = hb.Font(self._face)
        self._em = float(self._face.upem)
        self.name = str(self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or name)

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

    def outline(self, glyph: int) -> tuple[Segment, ...]:
        """Outline of a glyph in em, y upwards; empty for a glyph that draws nothing."""
        found: list[Segment] = []
        self._font.draw_glyph_with_pen(glyph, _Pen(found, self._em))
        return tuple(found)

    @property
    def has_outlines(self) -> bool:
        """Whether its outlines are TrueType, which is what a PDF of ours embeds."""
        return "glyf" in self._face.table_tags

    @property
    def embeddable(self) -> bool:
        """Whether its maker allows documents to carry it."""
        table = self._face.reference_table("OS/2").data
        return not table or int.from_bytes(table[8:10]) & 0xF != _RESTRICTED

    def drawn(self) -> set[int]:
        """Code points that it maps to a glyph with an outline."""
        return {
            int(code)
            for code in self._face.unicodes
            if not self.blank(int(self._font.get_nominal_glyph(code) or 0))
        }

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

    def subset(
        self, glyphs: set[int], characters: Iterable[str] = ()
    ) -> tuple[bytes, dict[int, int]]:
        """A font file with only `glyphs`, and where each of them stands in it.

        Args:
            glyphs: Ids; glyph 0 is always kept.
            characters: Those that the new file must know by their code points too.
        """
        known = [ord(character) for character in characters]
        wanted = hb.SubsetInput()
        wanted.glyph_set.set(glyphs | {0})
        wanted.unicode_set.set(set(known))
        wanted.drop_table_tag_set.update(_LAYOUT if known else _LAYOUT | _NAMES)
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        plan = hb.SubsetPlan(self._face, wanted)
        places = {int(old): int(new) for old, new in plan.old_to_new_glyph_mapping.items()}
        return bytes(plan.execute().blob.data), places


def _mapped(path: Path) -> hb.Blob:
    return hb.Blob.from_file_path(str(path))


class _Pen:
    """Takes an outline as HarfBuzz tells it; the names are those of its protocol."""

    def __init__(self, found: list[Segment], em: float) -> None:
        self._found, self._em, self._here = found, em, (0.0, 0.0)

    def _add(self, kind: str, *points: tuple[float, float]) -> None:
        if points:
            self._here = points[-1]
        self._found.append(Segment(kind, tuple((x / self._em, y / self._em) for x, y in points)))

    def moveTo(self, p0: tuple[float, float]) -> None:  # noqa: N802
        self._add("M", p0)

    def lineTo(self, p1: tuple[float, float]) -> None:  # noqa: N802
        self._add("L", p1)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("C", *points)

    def qCurveTo(self, q: tuple[float, float], p1: tuple[float, float]) -> None:  # noqa: N802
        (x0, y0), (qx, qy), (x1, y1) = self._here, q, p1
        first = (x0 + 2 / 3 * (qx - x0), y0 + 2 / 3 * (qy - y0))
        self._add("C", first, (x1 + 2 / 3 * (qx - x1), y1 + 2 / 3 * (qy - y1)), p1)

    def closePath(self) -> None:  # noqa: N802
        self._add("Z")

    def endPath(self) -> None:  # noqa: N802
        pass


def _tags(*names: bytes) -> frozenset[int]:
    return frozenset(int.from_bytes(name) for name in names)


_LAYOUT = _tags(b"GSUB", b"GPOS", b"GDEF", b"BASE", b"vhea", b"vmtx")
_NAMES = _tags(b"name", b"post", b"OS/2")
