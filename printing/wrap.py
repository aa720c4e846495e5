"""Breaks Chinese text into lines: no closing mark starts a line, no opening mark ends one.

Spec: GB/T 15834-2011 (punctuation) and https://www.w3.org/TR/clreq/#line_composition
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from printing.scripts import continues

NO_START = frozenset("，。、；：！？）》〉」』】〕］｝”’…—～·％‰℃,.;:!?)]}%་།،؛؟")
NO_END = frozenset("（《〈「『【〔［｛“‘￥＄([{#")


_FIRST_CJK = 0x2E80


@dataclass(frozen=True)
class Line:
    """One line of a paragraph.

    Attributes:
        indent: Space before it, in em.
        width: Of the text without the indent, in em.
        final: Whether the paragraph ends here (such a line is never stretched).
    """

    text: str
    indent: float
    width: float
    final: bool


def wrap(
    text: str, room: float, measure: Callable[[str], Sequence[float]], indent: float = 0.0
) -> list[Line]:
    """Lines of `text`, none wider than `room` em unless a single character is.

    Args:
        text: Paragraphs, parted by line feeds.
        room: Width of the box in em.
        measure: Width of each character of a text in em; 0 for one that joins the one before.
        indent: Of each paragraph's first line, in em.
    """
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        _wrap_paragraph(paragraph, room, measure(paragraph), indent, lines)
    return lines


def _wrap_paragraph(
    text: str, room: float, widths: Sequence[float], indent: float, lines: list[Line]
) -> None:
    start = 0
    while True:
        here = indent if start == 0 else 0.0
        end = _fill(start, room - here, widths)
        if end >= len(text):
            lines.append(Line(text[start:], here, sum(widths[start:]), final=True))
            return
        end = _break(text, start, end)
        shown = text[start:end].rstrip(" ")
        width = sum(widths[start : start + len(shown)])
        lines.append(Line(shown, here, width, final=False))
        start = end
        while start < len(text) - 1 and text[start] == " ":
            start += 1


def _fill(start: int, room: float, widths: Sequence[float]) -> int:
    width = 0.0
    for at in range(start, len(widths)):
        width += widths[at]
        if width > room + 1e-6 and at > start:
            return at
    return len(widths)


def _break(text: str, start: int, end: int) -> int:
    for at in range(end, start, -1):
        before, after = text[at - 1], text[at]
        joined = (_in_word(before) and _in_word(after)) or continues(after)
        if not joined and after not in NO_START and before not in NO_END:
            return at
    while end > start + 1 and continues(text[end]):
        end -= 1
    return end  # nothing fits the rules: a long word is cut


def _in_word(character: str) -> bool:
    # letters that make words: Latin, Cyrillic, Arabic, Tibetan, Mongolian; not Han, Kana, Yi
    return character.isalnum() and ord(character) < _FIRST_CJK
