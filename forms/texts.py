"""The styled text of labels and hints: a little Markdown, a little HTML, as plain data.

What is not listed here is text and stays text: a form cannot bring pictures, scripts, styles of
its own or links to anything but web pages, mail and telephone numbers.

Spec: https://docs.getodk.org/form-styling/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape

MAX_CHARACTERS = 50_000
_MARKED = re.compile(r"[*_<#\[\\&\n]|\A\s*(?:[-+]|\d{1,4}[.)])\s")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(\S.*)")
_BULLET = re.compile(r"([ \t]*)[-*+][ \t]+(\S.*)")
_NUMBERED = re.compile(r"([ \t]*)(\d{1,4})[.)][ \t]+(\S.*)")
_PARAGRAPH = re.compile(r"<p(?:\s+style=(?:\"([^\"<>]{0,200})\"|'([^'<>]{0,200})'))?\s*>", re.I)
_TOKEN = re.compile(
    r"""\\(?P<escaped>[\\`*_{}\[\]()#+\-.!<>&])
    | (?P<mark>\*\*\*|\*\*|\*|___|__|_)
    | \[(?P<label>[^\[\]\n]{1,500})\]\((?P<url>[^()\s<>"]{1,2000})\)
    | <(?P<close>/?)(?P<tag>[A-Za-z]{1,6})(?P<rest>(?:\s[^<>]{0,300})?)/?>
    | (?P<entity>&(?:[A-Za-z]{2,8}|\#\d{1,6}|\#x[0-9A-Fa-f]{1,6});)
    """,
    re.VERBOSE,
)
_STYLE = re.compile(r"""\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_COLOUR = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?\Z|[a-z]{3,20}\Z")
_FAMILY = re.compile(r"[\w \-]{1,60}\Z")
_SAFE_URL = re.compile(r"(?:https?://|mailto:|tel:)\S+\Z", re.I)
_ALIGNMENTS = {"left", "right", "center", "justify"}


@dataclass(frozen=True)
class Look:
    """How a run of text looks.

    Attributes:
        colour: "#rgb", "#rrggbb" or a name; "" for the usual one.
        family: Name of a typeface; "" for the usual one.
        link: Where it leads (http, https, mailto, tel); "" for nowhere.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    family: str = ""
    link: str = ""


_TAGS = {
    "b": Look(bold=True),
    "strong": Look(bold=True),
    "i": Look(italic=True),
    "em": Look(italic=True),
    "u": Look(underline=True),
}


@dataclass(frozen=True)
class Run:
    """Text of one look; may hold line breaks."""

    text: str
    look: Look = Look()


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list.

    Attributes:
        heading: 1 to 6; 0 for no heading.
        item: "•" or "1." and so on; "" for what is no item.
        depth: How far an item is indented, from 0.
        align: left, right, center, justify or "".
    """

    runs: tuple[Run, ...]
    heading: int = 0
    item: str = ""
    depth: int = 0
    align: str = ""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def read_text(text: str) -> tuple[Block, ...]:
    """`text` as blocks. Never fails: whatever is no markup is text."""
    if len(text) > MAX_CHARACTERS:
        return (Block((Run(text),)),)
    blocks: list[Block] = []
    lines: list[str] = []
    for line in _paragraphs_apart(text).split("\n"):
        block = _special(line)
        if block is None and line.strip():
            lines.append(line)
            continue
        blocks += _paragraph(lines)
        lines = []
        if block is not None:
            blocks.append(block)
    return tuple(blocks + _paragraph(lines))


def to_plain(text: str) -> str:
    """`text` without its marks, for tables, accessible names and voices."""
    if not _MARKED.search(text):
        return text.strip()
    lines = (
        f"{block.item} {block.text}" if block.item else block.text for block in read_text(text)
    )
    return "\n".join(lines).strip()


def to_rich(text: str) -> str:
    """`text` as the HTML that a window shows; nothing in it but what this module wrote."""
    if not _MARKED.search(text):
        return escape(text)
    blocks = read_text(text)
    if len(blocks) == 1 and not (blocks[0].depth or blocks[0].heading or blocks[0].align):
        number = f"{blocks[0].item}&nbsp;" if blocks[0].item else ""
        return number + _runs(blocks[0])  # a numbered question is no list
    return "".join(_block(block) for block in blocks)


# --- blocks ---


def _paragraphs_apart(text: str) -> str:
    # <p> begins a line of its own, so that its alignment holds for what it encloses.
    if "<p" not in text and "<P" not in text:
        return text
    return re.sub(r"</p\s*>", "\n\n", _PARAGRAPH.sub(r"\n\n\g<0>", text), flags=re.I)


def _special(line: str) -> Block | None:
    if match := _HEADING.match(line):
        return Block(_inline(match[2].rstrip()), heading=len(match[1]))
    if match := _BULLET.match(line):
        return Block(_inline(match[2]), item="•", depth=_depth(match[1]))
    if match := _NUMBERED.match(line):
        return Block(_inline(match[3]), item=f"{match[2]}.", depth=_depth(match[1]))
    return None


def _depth(indent: str) -> int:
    return min(len(indent.expandtabs(4)) // 2, 6)


def _paragraph(lines: list[str]) -> list[Block]:
    if not lines:
        return []
    text = "\n".join(lines)
    match = _PARAGRAPH.match(text)
    if match is None:
        return [Block(_inline(text))]
    align = _declared(match[1] or match[2] or "").get("text-align", "")
    return [Block(_inline(text[match.end() :]), align=align if align in _ALIGNMENTS else "")]


# --- runs ---


@dataclass
class _Piece:
    """Text, or a mark that may begin or end a look; `twin` is its other half once found."""

    text: str
    mark: str = ""
    look: Look | None = None
    opens: bool = False
    closes: bool = False
    twin: int = -1


def _inline(text: str, *, links: bool = True) -> tuple[Run, ...]:
    pieces = _pieces(text, links=links)
    _match(pieces)
    runs: list[Run] = []
    open_looks: list[tuple[int, Look]] = []
    for at, piece in enumerate(pieces):
        if piece.twin > at:
            open_looks.append((at, _added(_look(open_looks), piece)))
        elif piece.twin >= 0:
            open_looks = [each for each in open_looks if each[0] < piece.twin]
        elif piece.look is not None and not piece.mark:
            runs += [Run(run.text, _linked(_look(open_looks), run, piece)) for run in _label(piece)]
        else:
            runs.append(Run(piece.text, _look(open_looks)))
    return _joined(runs)


def _look(looks: list[tuple[int, Look]]) -> Look:
    return looks[-1][1] if looks else Look()


def _label(piece: _Piece) -> tuple[Run, ...]:
    return _inline(piece.text, links=False)


def _linked(outer: Look, run: Run, piece: _Piece) -> Look:
    inner, link = run.look, piece.look.link if piece.look else ""
    return replace(
        outer,
        bold=outer.bold or inner.bold,
        italic=outer.italic or inner.italic,
        underline=outer.underline or inner.underline,
        colour=inner.colour or outer.colour,
        link=link,
    )


def _added(outer: Look, piece: _Piece) -> Look:
    own = piece.look or Look()
    return replace(
        outer,
        bold=outer.bold or own.bold,
        italic=outer.italic or own.italic,
        underline=outer.underline or own.underline,
        colour=own.colour or outer.colour,
        family=own.family or outer.family,
    )


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    found: list[Run] = []
    for run in runs:
        if found and found[-1].look == run.look:
            found[-1] = Run(found[-1].text + run.text, run.look)
        elif run.text:
            found.append(run)
    return tuple(found)


def _pieces(text: str, *, links: bool) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            pieces.append(_Piece(text[at : match.start()]))
        pieces.append(_piece(match, text, links=links))
        at = match.end()
    if at < len(text):
        pieces.append(_Piece(text[at:]))
    return pieces


def _piece(match: re.Match[str], text: str, *, links: bool) -> _Piece:
    written = match[0]
    if match["escaped"]:
        return _Piece(match["escaped"])
    if match["entity"]:
        return _Piece(unescape(written))
    if match["label"]:
        url = match["url"]
        safe = links and _SAFE_URL.match(url)
        return _Piece(match["label"], look=Look(link=url)) if safe else _Piece(written)
    if match["mark"]:
        return _emphasis(match, text)
    return _tag(match)


def _emphasis(match: re.Match[str], text: str) -> _Piece:
    mark = match["mark"]
    before = text[match.start() - 1 : match.start()] or " "
    after = text[match.end() : match.end() + 1] or " "
    opens, closes = not after.isspace(), not before.isspace()
    if mark[0] == "_":  # snake_case is no emphasis
        opens = opens and not before.isalnum()
        closes = closes and not after.isalnum()
    look = Look(bold=len(mark) > 1, italic=len(mark) != 2)
    return _Piece(mark, mark, look, opens, closes)


def _tag(match: re.Match[str]) -> _Piece:
    name = match["tag"].lower()
    if name == "br":
        return _Piece("\n")
    if name in _TAGS:
        look = _TAGS[name]
    elif name == "span":
        look = _styled(match["rest"] or "")
    else:
        return _Piece(match[0])
    closing = bool(match["close"])
    return _Piece(match[0], f"<{name}>", look, not closing, closing)


def _styled(attributes: str) -> Look:
    match = _STYLE.search(attributes)
    declared = _declared(unescape(match[1] or match[2] or "")) if match else {}
    colour, family = declared.get("color", ""), declared.get("font-family", "")
    return Look(
        colour=colour if _COLOUR.match(colour) else "",
        family=family if _FAMILY.match(family) else "",
    )


def _declared(style: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        found[name.strip().lower()] = value.strip().lower()
    return found


def _match(pieces: list[_Piece]) -> None:
    """Find the other half of each mark; halves that cross others stay text."""
    waiting: list[int] = []
    counts: dict[str, int] = {}
    for at, piece in enumerate(pieces):
        if not piece.mark:
            continue
        if piece.closes and counts.get(piece.mark, 0):
            while True:
                opener = waiting.pop()
                counts[pieces[opener].mark] -= 1
                if pieces[opener].mark == piece.mark:
                    break
            pieces[opener].twin, piece.twin = at, opener
        elif piece.opens:
            waiting.append(at)
            counts[piece.mark] = counts.get(piece.mark, 0) + 1


# --- HTML ---


def _block(block: Block) -> str:
    inner = _runs(block)
    if block.heading:
        size = ("x-large", "large", "large", "medium", "medium", "medium")[block.heading - 1]
        return f'<p style="font-size:{size}"><b>{inner}</b></p>'
    if block.item:
        indent = 16 + 16 * block.depth
        return f'<p style="margin:0 {indent}px">{block.item}&nbsp;{inner}</p>'
    align = f' align="{block.align}"' if block.align else ""
    return f"<p{align}>{inner}</p>"


def _runs(block: Block) -> str:
    return "".join(_run(run) for run in block.runs)


def _run(run: Run) -> str:
    look = run.look
    html = escape(run.text).replace("\n", "<br>")
    styles = [f"color:{look.colour}"] if look.colour else []
    if look.family:
        styles.append(f"font-family:'{look.family}'")
    if styles:
        html = f'<span style="{";".join(styles)}">{html}</span>'
    for on, tag in ((look.bold, "b"), (look.italic, "i"), (look.underline, "u")):
        html = f"<{tag}>{html}</{tag}>" if on else html
    return f'<a href="{escape(look.link)}">{html}</a>' if look.link else html
