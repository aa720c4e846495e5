"""Scripts other than Han: which characters belong together, and in which order they stand on paper.

Lines run from left to right. A stretch of right-to-left letters (Uyghur, Kazakh, Kirghiz in Arabic
letters) within a line is turned round; numbers in it are not. Spec: Unicode UAX #9, reduced to one
embedded level, and UAX #29 for clusters. Mongolian is set horizontally.
"""

import re
import unicodedata
from collections.abc import Sequence

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]")
_SHAPED = re.compile(f"[\u0300-\u036f{_RTL}\u0f00-\u0fff\u1800-\u18af\u1ab0-\u1aff\u1dc0-\u1dff]")
_NEUTRAL = re.compile(r"[\s\d!-/:-@\[-`{-~·–—،؛؟]*")
_PIECES = re.compile(r"\d+(?:[.,:/-]\d+)*|.", re.DOTALL)
_MIRROR = str.maketrans("()[]{}<>《》（）", ")(][}{><》《）（")


def clusters(text: str) -> list[str]:
    """`text` split before each character that does not continue the one before it."""
    if not _SHAPED.search(text):
        return list(text)
    found: list[str] = []
    for character in text:
        if found and found[-1] != "\n" and continues(character):
            found[-1] += character
        else:
            found.append(character)
    return found


def continues(character: str) -> bool:
    """Whether it is a mark on the character before it."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} or character == "\u180e"


def shaped(text: str) -> bool:
    """Whether widths depend on neighbours."""
    return _SHAPED.search(text) is not None


def right_to_left(text: str) -> bool:
    """Whether it holds letters that run from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def on_paper(runs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Runs of (font, text) in the order in which they stand on the line, left to right."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(runs):
        if not right_to_left(runs[at][1]):
            found.append(runs[at])
            at += 1
            continue
        end = last = at + 1
        while end < len(runs) and (right_to_left(runs[end][1]) or _NEUTRAL.fullmatch(runs[end][1])):
            end += 1
            if right_to_left(runs[end - 1][1]):
                last = end
        for file, text in reversed(runs[at:last]):
            found.append((file, text if right_to_left(text) else _turned(text)))
        at = last
    return found


def _turned(text: str) -> str:
    return "".join(reversed(_PIECES.findall(text))).translate(_MIRROR)
