"""The files inside an OFD that somebody sent: a zip that is not trusted.

Spec: GB/T 33190-2016, clause 6 (package). Nothing is written to disk and nothing is fetched.
"""

import posixpath
import struct
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - a class

from lxml import etree

from printing.errors import BadOfd, OfdTooLarge

MOST_FILES = 5_000
MOST_BYTES = 256 * 1024 * 1024  # of all files unpacked
MOST_FILE_BYTES = 64 * 1024 * 1024
MOST_XML_BYTES = 32 * 1024 * 1024

# what zipfile raises on damaged, encrypted and strange archives
_DAMAGED = (
    BadZipFile, ZlibError, OSError, ValueError, RuntimeError, EOFError, struct.error, IndexError,
)  # fmt: skip
Node = etree._Element  # noqa: SLF001  (lxml's only name for it)


class Package:
    """An OFD's files by name. What they unpack to is counted as it comes, not as it is declared.

    Raises:
        BadOfd: Not a zip.
        OfdTooLarge: More files than any honest document has.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
        except _DAMAGED:
            raise BadOfd("zip") from None
        if len(self._zip.namelist()) > MOST_FILES:
            raise OfdTooLarge
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._read = 0

    def file(self, name: str, most: int = MOST_FILE_BYTES) -> bytes:
        """A file of the package.

        Raises:
            BadOfd: It is missing or damaged.
            OfdTooLarge: It, or all read so far, is larger than allowed.
        """
        found = self._names.get(name.lower())
        if found is None:
            raise BadOfd("file")
        most = min(most, MOST_BYTES - self._read)
        try:
            with self._zip.open(found) as stream:
                data = stream.read(most + 1)
        except _DAMAGED:
            raise BadOfd("file") from None
        if len(data) > most:
            raise OfdTooLarge
        self._read += len(data)
        return data

    def xml(self, name: str) -> Node:
        """A file as XML; entities and networks are off.

        Raises:
            BadOfd: Missing or not XML.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self.file(name, MOST_XML_BYTES), parser)
        except etree.XMLSyntaxError:
            raise BadOfd("xml") from None


def join(base: str, place: str) -> str:
    """The name of `place` as written in the file `base`; never outside the package."""
    whole = place if place.startswith("/") else posixpath.join(posixpath.dirname(base), place)
    return posixpath.normpath("/" + whole.lstrip("/")).lstrip("/")


def local(node: Node) -> str:
    """Name of an element without its namespace."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def children(node: Node | None, name: str) -> list[Node]:
    """Direct children of that name."""
    return [] if node is None else [child for child in node if local(child) == name]


def child(node: Node | None, *names: str) -> Node | None:
    """The first such child, grandchild, and so on."""
    for name in names:
        node = next(iter(children(node, name)), None)
    return node


def text(node: Node | None) -> str:
    """Text of an element, "" for none."""
    return "" if node is None else (node.text or "").strip()


def numbers(said: str | None) -> list[float]:
    """Numbers of an OFD array; what is no number ends it."""
    found: list[float] = []
    for part in (said or "").split():
        try:
            found.append(float(part))
        except ValueError:
            break
    return [n for n in found if abs(n) < 1e6]


def steps(said: str | None) -> Iterator[float]:
    """A DeltaX or DeltaY; `g 3 4.2` means 4.2 three times."""
    parts = (said or "").split()
    at = 0
    while at < len(parts):
        if parts[at] == "g" and at + 2 < len(parts):
            count, step = numbers(" ".join(parts[at + 1 : at + 3])) or (0, 0)
            yield from [step] * min(int(count), 100_000)
            at += 3
        else:
            yield from numbers(parts[at])
            at += 1
