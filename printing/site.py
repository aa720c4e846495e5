"""Fonts of the office's own: whole font files, and single glyphs drawn for one name (补字).

They stand at the end of every chain, so they draw only what no font that ships can draw. Each lies
in the folder beside a list of the characters that it draws.
Spec: OpenType (OS/2 fsType: whether a font may be embedded).
"""

import json
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from printing import svg
from printing.art import Segment
from printing.elements import Shape
from printing.errors import FontRefused, FontsDamaged
from printing.faces import Face
from printing.fonts import NEVER, Fonts

EM = 1000
ASCENT = 880  # of the em above the baseline, as Chinese fonts have it
_TOLERANCE = 0.5  # of a thousandth of the em, when curves are made quadratic
_NAME = re.compile(r"[\w-]{1,60}\.(ttf|ttc)", re.ASCII)


def add_font(folder: Path, name: str, data: bytes) -> int:
    """Keep a font file for the office; returns how many characters it draws.

    Args:
        folder: Of the office's fonts; made if it is not there.
        name: File name: letters, digits, `-`, ending in `.ttf` or `.ttc`.
        data: TrueType outlines.

    Raises:
        FontRefused: `name`, `outlines` (no TrueType outlines), `licence` (may not be embedded) or
            `damaged`.
    """
    if not _NAME.fullmatch(name):
        raise FontRefused("name")
    try:
        face = Face(data)
    except FontsDamaged:
        raise FontRefused("damaged") from None
    if not face.has_outlines:
        raise FontRefused("outlines")
    if not face.embeddable:
        raise FontRefused("licence")
    return _keep(folder, name, data, face)


def add_glyph(folder: Path, character: str, drawing: bytes, fonts: Fonts) -> str:
    """Keep one character drawn by hand; returns the name of its font file.

    Args:
        folder: Of the office's fonts.
        character: One character with a code point of its own; not private use.
        drawing: An SVG whose page is the character's square; filled shapes only.
        fonts: What can be drawn already.

    Raises:
        FontRefused: `character` (several, private or invisible), `known` (a font that ships draws
            it, and would go on to) or `empty` (nothing filled in the drawing).
        BadTemplate: Not an SVG, or it uses what is not supported.
    """
    code = ord(character) if len(character) == 1 else 0
    if not code or any(first <= code <= last for first, last in NEVER):
        raise FontRefused("character")
    name = f"glyph-{code:05X}.ttf"
    if not fonts.missing(character, "song") and not (folder / name).exists():
        raise FontRefused("known")
    width, height, elements = svg.parse(drawing, {})
    path = [s for e in elements if isinstance(e, Shape) and e.fill for s in e.path]
    if not path:
        raise FontRefused("empty")
    data = _font(code, path, width, height)
    _keep(folder, name, data, Face(data))
    return name


def _keep(folder: Path, name: str, data: bytes, face: Face) -> int:
    codes = sorted(face.drawn())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    listed = folder / f"{name}.coverage.json"
    listed.write_text(json.dumps(_ranges(codes), separators=(",", ":")), encoding="utf-8")
    return len(codes)


def _ranges(codes: Iterable[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def _font(code: int, path: Iterable[Segment], width: float, height: float) -> bytes:
    # loaded when a character is drawn, which happens once in years
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    pen = TTGlyphPen(None)
    curves = Cu2QuPen(pen, _TOLERANCE)
    is_open = False
    for segment in path:
        points = [(x / width * EM, ASCENT - y / height * EM) for x, y in segment.points]
        if segment.kind == "M":
            if is_open:
                curves.closePath()
            curves.moveTo(*points)
            is_open = True
        elif segment.kind == "L":
            curves.lineTo(*points)
        elif segment.kind == "C":
            curves.curveTo(*points)
        elif is_open:
            curves.closePath()
            is_open = False
    if is_open:
        curves.closePath()
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "drawn"])
    builder.setupCharacterMap({code: "drawn"})
    drawn = pen.glyph()
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "drawn": drawn})
    builder.setupHorizontalMetrics({".notdef": (EM, 0), "drawn": (EM, drawn.xMin)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=ASCENT - EM)
    builder.setupNameTable({"familyName": f"Lastmile Glyph {code:05X}", "styleName": "Regular",
                            "psName": f"LastmileGlyph{code:05X}"})  # fmt: skip
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=ASCENT - EM)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    out = BytesIO()
    builder.save(out)
    return out.getvalue()
