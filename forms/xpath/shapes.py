"""Expressions that differ only in plain paths, numbers and words are compiled once.

A form of a thousand binds has about a hundred shapes. What differs is taken out into *slots*; a
*hole*, a name that no form uses, stands in its place. When in doubt a path is left where it is.
"""

from __future__ import annotations

import re

HOLE = "h·"
ABSOLUTE, RELATIVE, CURRENT, NUMBER, TEXT = "arcnt"
VALUES = frozenset({NUMBER, TEXT})

# Of a path: how far up, and the names from there; an absolute one begins ABOVE_ALL.
Slot = str | float | tuple[int, tuple[str, ...]]
ABOVE_ALL = -1

# No possessive repetition: Pythons before 3.11.5 mistake it. What follows each one forbids the
# shorter match instead.
_NCNAME = r"[^\W\d][\w.\-]*"
_PIECE = re.compile(
    rf"""(?P<word>(?:=\s*|,\s*(?=(?:'[^']*'|"[^"]*")\s*[,)])))(?P<text>'[^']*'|"[^"]*")
    | '[^']*' | "[^"]*"
    | (?P<before>[=<>(,+*]\s*)(?P<number>\d+(?:\.\d+)?)(?![\w.])
    | (?<![\w.\-/:])(?:and|or|div|mod)\s+(?=[./])
    | (?<![\w./])(?P<path>
        (?P<current>current\(\)/(?=\.))?(?P<up>\.\.(?:/\.\.)*|(?<=/)\.)?
        (?P<names>(?:/{_NCNAME})+))
      (?!\s*[/\[(:]|[\w.\-])
    | (?:[\w.\-)\]*:]\s*)?/+\s*(?:(?:\.\.?|{_NCNAME})(?:\s*/+\s*(?:\.\.?|{_NCNAME}))*(?:\s*/+\s*)?)?
    """,
    re.VERBOSE,
)
_CALL = re.compile(rf"(?<![\w.\-])({_NCNAME}(?::{_NCNAME})?)\s*\(")
_BLIND = frozenset({  # take words as values, whatever they are
    "boolean", "ceiling", "coalesce", "concat", "contains", "count", "count-non-empty",
    "count-selected", "current", "ends-with", "false", "floor", "if", "int", "join", "max", "min",
    "not", "number", "once", "round", "selected", "selected-at", "starts-with", "string",
    "string-length", "sum", "true",
})  # fmt: skip


def shape_of(expression: str) -> tuple[str, tuple[Slot, ...]]:
    """`expression` with holes, and what belongs into them."""
    if "·" in expression:
        return expression, ()
    slots: list[Slot] = []
    words = "'" in expression or '"' in expression
    words = words and all(name in _BLIND for name in _CALL.findall(expression))

    def take(match: re.Match[str]) -> str:
        if match["path"]:
            kind = CURRENT if match["current"] else RELATIVE if match["up"] else ABSOLUTE
            ups = ABOVE_ALL if kind == ABSOLUTE else (match["up"] or "").count("..")
            slots.append((ups, tuple(match["names"][1:].split("/"))))
        elif match["number"]:
            kind = NUMBER
            slots.append(float(match["number"]))
        elif match["text"] and words:
            kind = TEXT
            slots.append(match["text"][1:-1])
        else:
            return match[0]
        return f"{match['before'] or match['word'] or ''}{HOLE}{kind}{len(slots) - 1}"

    return _PIECE.sub(take, expression), tuple(slots)


_UPS = ("..",) * 200  # no form is deeper


def is_hole(name: str) -> bool:
    """Whether `name` is that of a hole."""
    return name.startswith(HOLE)


def kind_of(name: str) -> str:
    """What the hole `name` stands for: ABSOLUTE, RELATIVE, CURRENT, NUMBER or TEXT."""
    return name[len(HOLE)]


def index_of(name: str) -> int:
    """Which slot the hole `name` is filled from."""
    return int(name[len(HOLE) + 1 :])


def filled(steps: tuple[str, ...], slots: tuple[Slot, ...]) -> tuple[str, ...]:
    """The `steps` of a read, every hole replaced by its path."""
    if len(steps) == 1 and steps[0].startswith(HOLE):
        only = slots[index_of(steps[0])]
        return (*_UPS[: max(0, only[0])], *only[1]) if isinstance(only, tuple) else steps
    found: list[str] = []
    for step in steps:
        slot = slots[index_of(step)] if step.startswith(HOLE) else None
        if not isinstance(slot, tuple):
            found.append(step)
            continue
        for _up in range(slot[0]):
            if found and found[-1] not in {"..", "**"}:
                del found[-1]
            else:
                found.append("..")
        found.extend(slot[1])
    return tuple(found)
