"""Breaks Chinese text into lines: no closing mark starts a line, no opening mark ends one.

Spec: GB/T 15834-2011 (punctuation) and https://www.w3.org/TR/clreq/#line_composition
"""

from collections.abc import Callable
from dataclasses import dataclass

NO_START = frozenset("，。、；：！？）》〉」』】〕］｝”’…—～·％‰℃,.;:!?)]}%")
NO_END = frozenset("（《〈「『【〔［｛“‘￥＄([{#")


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
    text: str, room: float, measure: Callable[[str], float], indent: float = 0.0
) -> list[Line]:
    """Lines of `text`, none wider than `room` em unless a single character is.

    Args:
        text: Paragraphs, parted by line feeds.
        room: Width of the box in em.
        measure: Width of a text in em.
        indent: Of each paragraph's first line, in em.
    """
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        _wrap_paragraph(paragraph, room, measure, indent, lines)
    return lines


def _wrap_paragraph(
    text: str, room: float, measure: Callable[[str], float], indent: float, lines: list[Line]
) -> None:
    start = 0
    while True:
        here = indent if start == 0 else 0.0
        end, width = _fill(text, start, room - here, measure)
        if end >= len(text):
            lines.append(Line(text[start:], here, width, final=True))
            return
        end = _break(text, start, end)
        shown = text[start:end].rstrip(" ")
        lines.append(Line(shown, here, measure(shown), final=False))
        start = end
        while start < len(text) - 1 and text[start] == " ":
            start += 1


def _fill(text: str, start: int, room: float, measure: Callable[[str], float]) -> tuple[int, float]:
    width = 0.0
    for at in range(start, len(text)):
        step = measure(text[at])
        if width + step > room + 1e-6 and at > start:
            return at, width
        width += step
    return len(text), width


def _break(text: str, start: int, end: int) -> int:
    for at in range(end, start, -1):
        before, after = text[at - 1], text[at]
        joined = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        if not joined and after not in NO_START and before not in NO_END:
            return at
    return end  # nothing fits the rules: a long word is cut
