"""Puts fonts into a PDF as subsets, so that text looks right and copies as exactly what it says.

A character code of the PDF is one glyph together with the characters it stands for, so the same
glyph in two meanings reads right in both, above U+FFFF too. ReportLab's own embedding writes five
hexadecimal digits there and knows no glyph that is not a character; it is not used.
Spec: ISO 32000-1, 9.7 (composite fonts) and 9.10.3 (ToUnicode).
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFStream,
    PDFString,
)

from printing.errors import EngineUnknown
from printing.faces import Face, Glyph
from printing.fonts import Fonts, Run

_LEVEL = 6  # of zlib
_BLOCK = 100  # entries a bfchar block may hold
_SYMBOLIC = 4


class Stream(PDFStream):
    """A stream that ends on a line of its own, as PDF/A wants it and ReportLab does not do.

    Args:
        content: The bytes, not yet packed.
        packed: Whether to pack them.
        entries: More of the stream's dictionary.
    """

    def __init__(self, content: bytes, *, packed: bool = True, **entries: object) -> None:
        super().__init__(PDFDictionary(entries), content, [])
        self._packed = packed

    def format(self, document: Any) -> bytes:
        """The dictionary and the bytes, as ReportLab asks every object for them."""
        data = zlib.compress(self.content, _LEVEL) if self._packed else self.content
        entries = {**self.dictionary.dict, "Length": len(data)}
        if self._packed:
            entries["Filter"] = PDFName("FlateDecode")
        head: bytes = PDFDictionary(entries).format(document)
        return head + b"\nstream\n" + data + b"\nendstream\n"


class Embedded:
    """The fonts of one document, in the order in which it first uses them."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._used: dict[str, _Used] = {}

    def operators(self, run: Run, size: float) -> str:
        """What shows `run` inside a text object: font, glyphs and their places.

        Args:
            run: From `Fonts.runs`.
            size: Points.
        """
        used = self._used.get(run.file)
        if used is None:
            used = _Used(f"F{len(self._used) + 1}", self._fonts.face(run.file))
            self._used[run.file] = used
        shown = used.shaped(run.glyphs, size) if run.shaped else used.plain(run.glyphs)
        return f"/{used.name} {number(size)} Tf {shown}"

    def write(self, document: Any) -> None:
        """Add the font objects to the document.

        Raises:
            EngineUnknown: ReportLab keeps its fonts in another way than those tested.
        """
        shared = document.idToObject.get("BasicFonts")
        if not isinstance(shared, PDFDictionary):
            raise EngineUnknown
        for used in self._used.values():
            shared.dict[used.name] = document.Reference(used.font(document))


class _Used:
    """One font file: its codes so far."""

    def __init__(self, name: str, face: Face) -> None:
        self.name = name
        self._face = face
        self._codes: dict[tuple[int, str], int] = {}

    def plain(self, glyphs: Sequence[Glyph]) -> str:
        return f"<{''.join(self._code(glyph) for glyph in glyphs)}> Tj"

    def shaped(self, glyphs: Sequence[Glyph], size: float) -> str:
        parts = []
        for glyph in glyphs:
            after = glyph.dx + self._face.width(glyph.id) - glyph.advance
            shown = f"[{number(-glyph.dx * 1000)} <{self._code(glyph)}> {number(after * 1000)}] TJ"
            parts.append(f"{number(glyph.dy * size)} Ts {shown} 0 Ts" if glyph.dy else shown)
        return " ".join(parts)

    def _code(self, glyph: Glyph) -> str:
        key = (glyph.id, glyph.text)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self._codes) + 1
        return f"{code:04X}"

    def font(self, document: Any) -> PDFDictionary:
        data, places = self._face.subset({glyph for glyph, _ in self._codes})
        name = PDFName(f"{_tag(self._codes)}+{self._face.name}")
        return PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": name,
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray(
                    [document.Reference(self._descendant(document, name, data, places))]
                ),
                "ToUnicode": document.Reference(Stream(unicode_map(self._codes).encode())),
            }
        )

    def _descendant(
        self, document: Any, name: str, data: bytes, places: Mapping[int, int]
    ) -> PDFDictionary:
        widths = [round(self._face.width(glyph) * 1000, 2) for glyph, _ in self._codes]
        order = b"".join(places[glyph].to_bytes(2) for glyph, _ in self._codes)
        return PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": name,
                "CIDSystemInfo": PDFDictionary(
                    {
                        "Registry": PDFString("Adobe"),
                        "Ordering": PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": document.Reference(self._descriptor(document, name, data)),
                "DW": 1000,
                "W": PDFArray([1, PDFArray([number(width) for width in widths])]),
                "CIDToGIDMap": document.Reference(Stream(b"\0\0" + order)),
            }
        )

    def _descriptor(self, document: Any, name: str, data: bytes) -> PDFDictionary:
        metrics = self._face.metrics()
        return PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": name,
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray(list(metrics.box)),
                "ItalicAngle": 0,
                "Ascent": metrics.ascent,
                "Descent": metrics.descent,
                "CapHeight": metrics.ascent,
                "StemV": 80,
                "FontFile2": document.Reference(Stream(data, Length1=len(data))),
            }
        )


def unicode_map(codes: Mapping[tuple[int, str], int]) -> str:
    """The ToUnicode CMap of codes 1, 2, ... that stand for (glyph, text); blank texts are left out.

    Returns:
        PostScript; texts in UTF-16BE.
    """
    pairs = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
        for (_, text), code in codes.items()
        if text
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def number(value: float) -> str:
    """A number as a PDF writes it: at most three decimals, no exponent."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _tag(codes: Mapping[tuple[int, str], int]) -> str:
    # six letters that differ where the subset differs
    digest = hashlib.sha256(repr(sorted(codes)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])
