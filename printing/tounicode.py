"""Puts right the one thing ReportLab gets wrong for us: text above U+FFFF in a PDF.

ReportLab 5.1 writes such characters into the ToUnicode map with five hexadecimal digits. They
look right on paper and copy as other characters. PDF 32000-1, 9.10.3 wants UTF-16BE.
"""

from collections.abc import Sequence

from reportlab.pdfbase import ttfonts

from printing.errors import EngineUnknown

_PROBE = 0x20087
_BLOCK = 100  # entries a bfchar block may hold


def unicode_map(name: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode CMap of a font subset.

    Args:
        name: PostScript name of the subset.
        subset: Code point by character code, at most 256.
    """
    pairs = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [pairs[start : start + _BLOCK] for start in range(0, len(pairs), _BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def install() -> None:
    """Replace ReportLab's map once; do nothing where the library is already right.

    Raises:
        EngineUnknown: The library writes neither the known fault nor the right map.
    """
    made = ttfonts.makeToUnicodeCMap("probe", [_PROBE])
    if f"<{_utf16(_PROBE)}>" in made:
        return
    if f"<{_PROBE:04X}>" not in made:
        raise EngineUnknown
    ttfonts.makeToUnicodeCMap = unicode_map  # type: ignore[assignment]


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()
