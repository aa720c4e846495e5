"""What makes a PDF last: the XMP packet and the colour profile that PDF/A asks for.

Spec: ISO 19005-2 (PDF/A-2, level B), ISO 16684-1 (XMP), ICC.1:2001-04 (profile version 2.4).
"""

import struct
from functools import cache
from html import escape

PRODUCER = "Lastmile"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def xmp(title: str, language: str) -> bytes:
    """The metadata packet: title and language of the template, nothing of any person."""
    filled = _XMP.format(
        title=escape(title, quote=False), language=escape(language, quote=False), producer=PRODUCER
    )
    return filled.encode()


@cache
def srgb_profile() -> bytes:
    """The sRGB colour space as an ICC profile, made from the numbers of IEC 61966-2-1."""
    curve = [round(65535 * _linear(step / 1023)) for step in range(1024)]
    tables = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"sRGB\0" + bytes(8 + 3 + 67),
        b"cprt": b"text" + bytes(4) + b"Public domain\0",
        b"wtpt": _xyz(0.9505, 1.0, 1.0891),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.71410),
        b"rTRC": b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *curve),
    }
    names = [*tables, b"gTRC", b"bTRC"]
    start = 128 + 4 + 12 * len(names)
    body, places = b"", {}
    for name, table in tables.items():
        places[name] = (start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    places[b"gTRC"] = places[b"bTRC"] = places[b"rTRC"]
    index = struct.pack(">I", len(names))
    index += b"".join(name + struct.pack(">II", *places[name]) for name in names)
    return _header(start + len(body)) + index + body


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(n * 65536) for n in (x, y, z)))


def _header(size: int) -> bytes:
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    illuminant = struct.pack(">iii", *(round(n * 65536) for n in (0.9642, 1.0, 0.8249)))
    return (
        struct.pack(">I", size)
        + bytes(4)
        + b"\x02\x40\0\0"
        + b"mntrRGB XYZ "
        + made
        + b"acsp"
        + bytes(28)
        + illuminant
        + bytes(48)
    )
