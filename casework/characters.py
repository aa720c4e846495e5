"""Finds a character that no keyboard offers: by code point, by components, by strokes, among names.

The data and their licences stand in `resources/characters`. Names are never changed: what is found
is inserted as the one code point that it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from casework.office import Office
from casework.rights import needs
from printing.private_use import is_private
from store import cases

MOST = 60
_CODE = re.compile(r"(?:U\+|0x|\\u)?([0-9A-Fa-f]{4,6})")
_COMMON = range(0x4E00, 0x9FA6)


@dataclass(frozen=True)
class Found:
    """A character; `strokes` is 0 where not known, `printable` whether a font draws it."""

    character: str
    strokes: int
    printable: bool

    @property
    def code_point(self) -> str:
        """As `U+20087`."""
        return f"U+{ord(self.character):04X}"


@dataclass(frozen=True)
class _Table:
    strokes: Mapping[str, int]
    parts: Mapping[str, str]
    holders: Mapping[str, tuple[str, ...]]  # by component: the characters right above it


@needs("fill")
def find(office: Office, typed: str, strokes: int = 0) -> tuple[Found, ...]:
    """Characters that fit, the likeliest first; the first call takes a moment.

    Args:
        office: The office.
        typed: A code point such as `U+20087`, or components such as `原页`, each of which must be
            in the character at any depth; "" with `strokes` alone lists by strokes.
        strokes: Of the whole character; 0 for any.
    """
    table = _table(office.resources.folder / "characters" / "characters.tsv")
    text = "".join(typed.split())
    code = _CODE.fullmatch(text)
    if code and int(code[1], 16) <= 0x10FFFF:
        character = chr(int(code[1], 16))
        if character.isprintable() and not is_private(character):
            return (_found(office, character, table),)
        return ()
    if not text and not strokes:
        return ()
    every = set(table.strokes) if not text else _holding(text, table)
    fitting = [c for c in every if not strokes or table.strokes.get(c) == strokes]
    fitting.sort(key=lambda c: _rank(c, text, table))
    return tuple(_found(office, character, table) for character in fitting[:MOST])


@needs("fill")
def held(office: Office) -> tuple[Found, ...]:
    """Rare characters in names of this office's cases, the most frequent first."""
    table = _table(office.resources.folder / "characters" / "characters.tsv")
    names = office.store.read(cases.applicants)
    counts = Counter(c for name in names for c in name if _is_rare(c))
    return tuple(_found(office, character, table) for character, _ in counts.most_common(MOST))


def _found(office: Office, character: str, table: _Table) -> Found:
    printable = not office.resources.fonts.missing(character, "song")
    return Found(character, table.strokes.get(character, 0), printable)


def _holding(components: str, table: _Table) -> set[str]:
    found: set[str] | None = None
    for component in components:
        above, waiting = {component}, [component]
        while waiting:
            for holder in table.holders.get(waiting.pop(), ()):
                if holder not in above:
                    above.add(holder)
                    waiting.append(holder)
        found = above if found is None else found & above
    return (found or set()) - (set(components) if len(components) > 1 else set())


def _rank(character: str, components: str, table: _Table) -> tuple[bool, int, bool, int]:
    direct = set(table.parts.get(character, "")) == set(components)
    code = ord(character)
    return (not direct, table.strokes.get(character, 99), code not in _COMMON, code)


def _is_rare(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return ord(character) >= 0x3400
    return False


@lru_cache(maxsize=1)
def _table(path: Path) -> _Table:
    strokes: dict[str, int] = {}
    parts: dict[str, str] = {}
    holders: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        character, count, components = line.split("\t")
        strokes[character] = int(count)
        if components:
            parts[character] = components
            for component in components:
                holders[component].append(character)
    return _Table(strokes, parts, {c: tuple(above) for c, above in holders.items()})
