"""Functions on strings.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, section "String functions"
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from functools import lru_cache

from forms.errors import EvaluationError
from forms.nodes import Node
from forms.xpath.context import Context
from forms.xpath.library import function
from forms.xpath.values import Value, to_number, to_text

MAX_TEXT = 1_000_000  # characters that a form may put together
MAX_PATTERN = 1_000
MAX_SUBJECT = 20_000
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[(|)]|[*+]|\{\d*,?\d*\}|.", re.DOTALL)
# A search takes at most about size ** (unbounded repetitions) steps.
_LONGEST = (MAX_SUBJECT, MAX_SUBJECT, 4_000, 400, 150)


def texts_of(arguments: tuple[Value, ...]) -> list[str]:
    """Strings of all arguments, node-sets giving one for each node.

    Raises:
        EvaluationError: Longer together than MAX_TEXT.
    """
    found: list[str] = []
    for argument in arguments:
        if isinstance(argument, list):
            found.extend(node.value() for node in argument)
        else:
            found.append(to_text(argument))
    if sum(map(len, found)) > MAX_TEXT:
        raise EvaluationError(reason="too long a text")
    return found


@function("string", 0, 1)
def string(ctx: Context, value: Value | None = None) -> str:
    """#fn:string."""
    return ctx.node.value() if value is None else to_text(value)


@function("concat", 0, None)
def concat(_ctx: Context, *values: Value) -> str:
    """#fn:concat: node-sets give all their values, as ODK has it."""
    return "".join(texts_of(values))


@function("join", 1, None)
def join(_ctx: Context, separator: Value, *values: Value) -> str:
    """#fn:join."""
    return to_text(separator).join(texts_of(values))


def _whole(value: Value) -> int:
    number = to_number(value)
    return 0 if number != number or abs(number) > 1e9 else int(number)  # noqa: PLR0124


@function("substr", 2, 3)
def substr(_ctx: Context, value: Value, start: Value, end: Value | None = None) -> str:
    """#fn:substr: from `start` to before `end`, counted from 0, from the end when negative."""
    text = to_text(value)
    size = len(text)
    first = _whole(start)
    last = size if end is None else _whole(end)
    first = max(0, first + size) if first < 0 else first
    last = max(0, last + size) if last < 0 else last
    return text[first:last]


@function("substring", 2, 3)
def substring(_ctx: Context, value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0 `substring`: counted from 1, rounded."""
    text = to_text(value)
    first = round_half_up(to_number(start))
    if first != first:  # noqa: PLR0124
        return ""
    last = float("inf") if length is None else first + round_half_up(to_number(length))
    return "".join(c for at, c in enumerate(text, 1) if first <= at < last)


def round_half_up(number: float) -> float:
    """XPath's `round` of one number: halves go up."""
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124
        return number
    return float(int((number + 0.5) // 1))


@function("substring-before", 2, 2)
def substring_before(_ctx: Context, value: Value, mark: Value) -> str:
    """#fn:substring-before."""
    before, found, _after = to_text(value).partition(to_text(mark) or "\0")
    return before if found else ""


@function("substring-after", 2, 2)
def substring_after(_ctx: Context, value: Value, mark: Value) -> str:
    """#fn:substring-after."""
    text, sign = to_text(value), to_text(mark)
    return text if sign == "" else text.partition(sign)[2]


@function("translate", 3, 3)
def translate(_ctx: Context, value: Value, old: Value, new: Value) -> str:
    """#fn:translate."""
    olds, news = to_text(old), to_text(new)
    table: dict[int, str | None] = {}
    for at, character in enumerate(olds):
        table.setdefault(ord(character), news[at] if at < len(news) else None)
    return to_text(value).translate(table)


@function("normalize-space", 0, 1)
def normalize_space(ctx: Context, value: Value | None = None) -> str:
    """#fn:normalize-space."""
    text = ctx.node.value() if value is None else to_text(value)
    return " ".join(part for part in re.split(r"[ \t\r\n]+", text) if part)


@function("string-length", 0, 1)
def string_length(ctx: Context, value: Value | None = None) -> float:
    """#fn:string-length, in characters."""
    return float(len(ctx.node.value() if value is None else to_text(value)))


@function("contains", 2, 2)
def contains(_ctx: Context, value: Value, part: Value) -> bool:
    """#fn:contains."""
    return to_text(part) in to_text(value)


@function("starts-with", 2, 2)
def starts_with(_ctx: Context, value: Value, part: Value) -> bool:
    """#fn:starts-with."""
    return to_text(value).startswith(to_text(part))


@function("ends-with", 2, 2)
def ends_with(_ctx: Context, value: Value, part: Value) -> bool:
    """#fn:ends-with."""
    return to_text(value).endswith(to_text(part))


@function("regex", 2, 2)
def regex(_ctx: Context, value: Value, pattern: Value) -> bool:
    """#fn:regex: whether the pattern is found; anchors are the author's.

    Raises:
        EvaluationError: The pattern is not one, or could run for ever.
    """
    return safe_search(to_text(pattern), to_text(value))


def safe_search(pattern: str, text: str) -> bool:
    """Whether `pattern` is found in `text`, in bounded time.

    Raises:
        EvaluationError: The pattern is not one, or could run for ever on a text of this length.
    """
    compiled, longest = compiled_pattern(pattern)
    if len(text) > longest:
        raise EvaluationError(reason="this text is too long for the pattern")
    return compiled.search(text) is not None


@lru_cache(maxsize=512)
def compiled_pattern(pattern: str) -> tuple[re.Pattern[str], int]:
    """`pattern`, compiled, and the longest text that it may be searched in.

    Raises:
        EvaluationError: As `safe_search`; a repeated group that itself repeats or chooses between
            overlapping alternatives is refused.
    """
    unbounded = _repetitions(pattern) if len(pattern) <= MAX_PATTERN else None
    if unbounded is None:
        raise EvaluationError(reason="this pattern could take for ever")
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        raise EvaluationError(reason="not a regular expression") from None
    return compiled, _LONGEST[min(unbounded, len(_LONGEST) - 1)]


def _repetitions(pattern: str) -> int | None:
    """Number of open-ended repetitions; None when one lies inside another."""
    atoms: list[str] = _ATOM.findall(pattern)
    open_groups: list[bool] = [False]  # whether each holds a repetition or a doubtful choice
    closed = False  # the group that ended just before, if one did
    total = 0
    for at, atom in enumerate(atoms):
        if atom == "(":
            open_groups.append(False)
        elif atom == ")" and len(open_groups) > 1:
            closed = open_groups.pop()
            open_groups[-1] = open_groups[-1] or closed
            continue
        elif atom in {"*", "+"} or (atom[0] == "{" and len(atom) > 1):
            if closed:
                return None
            if atom[-2:] != "}" and not re.fullmatch(r"\{\d{1,2}(,\d{1,2})?\}", atom):
                open_groups[-1] = True
                total += 1
        elif atom == "|" and not _distinct(atoms, at):
            open_groups[-1] = True
        closed = False
    return total


def _distinct(atoms: list[str], at: int) -> bool:
    # Alternatives that begin with different plain characters cannot match the same text twice.
    after = atoms[at + 1] if at + 1 < len(atoms) else ""
    begin = max((i for i in range(at) if atoms[i] in {"(", "|"}), default=-1) + 1
    before = atoms[begin] if begin < at else ""
    return before != after and all(c.isalnum() and len(c) == 1 for c in (before, after))


@function("coalesce", 2, None)
def coalesce(_ctx: Context, *values: Value) -> str:
    """#fn:coalesce: the first that is not empty."""
    return next((text for value in values if (text := to_text(value)) not in {"", "NaN"}), "")


@function("uuid", 0, 1, volatile=True)
def uuid(ctx: Context, length: Value | None = None) -> str:
    """#fn:uuid: random, or a random string of `length` letters and digits.

    Raises:
        EvaluationError: `length` is no number.
    """
    if length is None:
        return ctx.host.new_id()
    if math.isnan(to_number(length)):
        raise EvaluationError(reason="uuid() needs a number of characters")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(letters[int(ctx.host.random() * 62)] for _ in range(min(_whole(length), 1000)))


_DIGESTS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


@function("digest", 2, 3)
def digest(_ctx: Context, value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    """#fn:digest.

    Raises:
        EvaluationError: An algorithm or encoding that the specification does not list.
    """
    name = _DIGESTS.get(to_text(algorithm))
    form = to_text(encoding) or "base64"
    if name is None or form not in {"base64", "hex"}:
        raise EvaluationError(reason="no such digest")
    raw = hashlib.new(name, to_text(value).encode()).digest()
    return raw.hex() if form == "hex" else base64.b64encode(raw).decode()


@function("base64-decode", 1, 1)
def base64_decode(_ctx: Context, value: Value) -> str:
    """#fn:base64-decode, "" when it is none."""
    try:
        return base64.b64decode(to_text(value), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


@function("base64-encode", 1, 1)
def base64_encode(_ctx: Context, value: Value) -> str:
    """#fn:base64-encode."""
    return base64.b64encode(to_text(value).encode()).decode()


@function("extract-signed", 2, 2)
def extract_signed(_ctx: Context, value: Value, public_key: Value) -> str:
    """#fn:extract-signed: the text behind a 64-byte Ed25519 signature; "" unless it is genuine.

    Both arguments are Base64. The signature stands first, then the UTF-8 text that it signs.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - few forms ask for it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        signed = base64.b64decode(to_text(value).strip(), validate=True)
        key = base64.b64decode(to_text(public_key).strip(), validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(signed[:64], signed[64:])
        return signed[64:].decode()
    except (ValueError, InvalidSignature):
        return ""


@function("selected", 2, 2)
def selected(_ctx: Context, value: Value, choice: Value) -> bool:
    """#fn:selected."""
    wanted, chosen = to_text(choice).strip(), to_text(value).split()
    return wanted in chosen or (wanted == "" and not chosen)


@function("selected-at", 2, 2)
def selected_at(_ctx: Context, value: Value, index: Value) -> str:
    """#fn:selected-at, counted from 0; "" outside."""
    parts = to_text(value).split()
    number = to_number(index)
    at = -1 if number != number else int(number)  # noqa: PLR0124
    return parts[at] if 0 <= at < len(parts) else ""


@function("count-selected", 1, 1)
def count_selected(_ctx: Context, value: Value) -> float:
    """#fn:count-selected."""
    return float(len(to_text(value).split()))


@function("jr:itext", 1, 1, texts=True)
def itext(ctx: Context, text_id: Value) -> Value:
    """#fn:jr:itext."""
    return ctx.host.itext(to_text(text_id))


@function("jr:choice-name", 2, 2, texts=True)
def choice_name(ctx: Context, value: Value, ref: Value) -> str:
    """#fn:jr:choice-name."""
    return ctx.host.choice_name(to_text(value), to_text(ref), ctx.node)


@function("pulldata", 4, 4)
def pulldata(ctx: Context, source: Value, wanted: Value, key: Value, value: Value) -> str:
    """#fn:pulldata."""
    return ctx.host.pulldata(to_text(source), to_text(wanted), to_text(key), to_text(value))


def first_node(ctx: Context, nodes: list[Node] | None) -> Node | None:
    """The context node, or the first of `nodes`."""
    if nodes is None:
        return ctx.node
    return nodes[0] if nodes else None
