"""The little Markdown of form texts, as the rich text that Qt shows.

Spec: https://docs.getodk.org/form-styling/ (bold, italic, links, headings, coloured spans).
"""

from __future__ import annotations

import re
from html import escape

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\*\*(.+?)\*\*|__(.+?)__"), r"<b>\1\2</b>"),
    (re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+?)\*(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"(?<!\w)_(?!\s)([^_\n]+?)_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)"), r'<a href="\2">\1</a>'),
    (
        re.compile(r"&lt;span style=&quot;color:\s*([#\w]+);?&quot;&gt;(.*?)&lt;/span&gt;"),
        r'<span style="color:\1">\2</span>',
    ),
)
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_PLAIN = re.compile(r"</?span[^>]*>|\*\*|__|^#{1,6}\s+", re.MULTILINE)


def to_rich(text: str) -> str:
    """`text` as Qt rich text; everything that is not the subset is shown as it stands."""
    return "<br>".join(_line(line) for line in text.split("\n"))


def to_plain(text: str) -> str:
    """`text` without its marks, for accessible names, tables and lists."""
    return re.sub(r"\[([^\]\n]+)\]\([^)\s]+\)", r"\1", _PLAIN.sub("", text)).strip()


def _line(line: str) -> str:
    heading = _HEADING.match(line)
    body = escape(heading.group(2) if heading else line)
    for pattern, replacement in _RULES:
        body = pattern.sub(replacement, body)
    return f"<b>{body}</b>" if heading else body
