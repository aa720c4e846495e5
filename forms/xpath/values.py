"""The four kinds of value, and how one becomes another.

Strings are `str`, numbers `float`, booleans `bool`, node-sets `list[Node]` in document order.
Dates are strings in ISO form; as numbers they are days since 1970-01-01, as ODK has it.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#section-Function-Calls,
https://getodk.github.io/xforms-spec/#xpath-functions
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from forms.nodes import Node
from forms.xpath.context import spend
from forms.xpath.days import Days, of_day, of_moment, zone_here

Atom = str | float | bool
Value = str | float | bool | list[Node]

NAN = math.nan


class _NoDate(str):
    """What `date()` makes of nonsense: a text that says so, and no truth in it."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


NO_DATE = _NoDate("Invalid Date")
DAY_S = 86_400.0

_NUMBER = re.compile(r"[ \t\r\n]*-?(?:\d+(?:\.\d*)?|\.\d+)[ \t\r\n]*\Z")
_ODK_NUMBER = re.compile(r"[ \t\r\n]*-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\r\n]*\Z")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?"
    r"(Z|[+-]\d{2}(?::?\d{2})?)?\Z"
)


def to_text(value: Value) -> str:
    """`string()` of `value`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return value[0].value() if value else ""


def number_text(number: float) -> str:
    """Decimal text without an exponent, -0 as 0."""
    if type(number) is float and number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    if isinstance(number, Days):
        return str(number.whole)
    if number != number:  # noqa: PLR0124
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    if "e" not in text:
        return text
    return f"{number:.20f}".rstrip("0").rstrip(".") if abs(number) < 1 else f"{number:.0f}"


def plain_number(text: str) -> float:
    """`number()` of a string as XPath 1.0 has it; NaN for anything else."""
    return float(text) if _NUMBER.match(text) else NAN


def odk_number(text: str) -> float:
    """As `plain_number`, and ISO dates and moments as days since 1970-01-01 UTC."""
    if text.isdecimal() and text.isascii():  # by far the commonest
        return float(text)
    if _ODK_NUMBER.match(text):
        return float(text)
    if len(text) >= 8 and text[4:5] == "-":
        days = date_days(text)
        return NAN if days is None else days
    return NAN


def node_number(node: Node) -> float:
    """`odk_number` of the value of `node`, worked out once."""
    if node.number is not None:
        return node.number
    number = odk_number(node.value())
    if not node.children:
        node.number = number
    return number


def to_number(value: Value) -> float:
    """`number()` of `value` in ODK's way."""
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        return node_number(value[0]) if value else NAN
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    return odk_number(value)


def to_truth(value: Value) -> bool:
    """`boolean()` of `value`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not (value == 0.0 or value != value)  # noqa: PLR0124
    return bool(value)


def parse_date(text: str) -> date | None:
    """The calendar day in `text` (YYYY-MM-DD), or None."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_moment(text: str, zone: tzinfo) -> datetime | None:
    """The moment in `text` (ISO date and time, `zone` where it has no offset), or None."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    fraction = (match[7] or "0")[:6].ljust(6, "0")
    try:
        moment = datetime(  # noqa: DTZ001 - its zone follows
            int(match[1]),
            int(match[2]),
            int(match[3]),
            int(match[4]),
            int(match[5]),
            int(match[6] or 0),
            int(fraction),
        )
        return moment.replace(tzinfo=_zone(match[8]) or zone)
    except ValueError:
        return None


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(span if offset[0] == "+" else -span)


def date_days(text: str) -> Days | None:
    """Days since 1970-01-01 UTC of an ISO date or date-time; None when it is neither.

    A date begins at midnight where the person is, whose zone applies to a date-time without one.
    """
    day = parse_date(text)
    if day is not None:
        return of_day(day, zone_here())
    moment = parse_moment(text, zone_here())
    return None if moment is None else of_moment(moment)


def compare(operator: str, left: Value, right: Value) -> bool:
    """`left operator right`, https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans."""
    if isinstance(left, list):
        if isinstance(right, list):
            return _any_pair(operator, left, right)
        return _with_nodes(operator, left, right, swapped=False)
    if isinstance(right, list):
        return _with_nodes(operator, right, left, swapped=True)
    return _atomic(operator, left, right)


def _any_pair(operator: str, left: list[Node], right: list[Node]) -> bool:
    """Whether one of `left` stands so to one of `right`, in time that grows with their sum."""
    ones, others = {node.value() for node in left}, {node.value() for node in right}
    if operator == "=":
        return not ones.isdisjoint(others)
    if operator == "!=":
        return bool(ones and others) and len(ones | others) > 1
    low = [number for text in ones if (number := odk_number(text)) == number]
    high = [number for text in others if (number := odk_number(text)) == number]
    if not (low and high):
        return False
    pair = (min(low), max(high)) if operator[0] == "<" else (max(low), min(high))
    return ORDER[operator](*pair)


# Order against a boolean goes by number, node for node, as all ODK engines have it; XPath 1.0 alone
# would turn the node-set into a boolean first.
def _with_nodes(operator: str, nodes: list[Node], other: Atom, *, swapped: bool) -> bool:
    if isinstance(other, bool) and operator in {"=", "!="}:
        pair = (other, bool(nodes)) if swapped else (bool(nodes), other)
        return _atomic(operator, *pair)
    if swapped:
        return any(_atomic(operator, other, node.value()) for node in nodes)
    return any(_atomic(operator, node.value(), other) for node in nodes)


def _atomic(operator: str, left: Atom, right: Atom) -> bool:
    if operator in {"=", "!="}:
        if isinstance(left, bool) or isinstance(right, bool):
            same = to_truth(left) == to_truth(right)
        elif isinstance(left, float) or isinstance(right, float):
            same = to_number(left) == to_number(right)
        else:
            same = left == right
        return same == (operator == "=")
    return ORDER[operator](to_number(left), to_number(right))


ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def divide(left: float, right: float) -> float:
    """`div`, as IEEE 754 has it."""
    if right == 0:
        if left == 0 or left != left:  # noqa: PLR0124
            return NAN
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def modulo(left: float, right: float) -> float:
    """`mod`: the remainder of a truncating division, with the sign of the dividend."""
    if right == 0 or math.isinf(left) or left != left or right != right:  # noqa: PLR0124
        return NAN
    return math.fmod(left, right)


def document_order(nodes: list[Node], meter: list[int]) -> list[Node]:
    """`nodes` without repetition, in document order; what it takes is counted by `meter`."""
    if len(nodes) < 2:
        return nodes
    wanted = {id(node): node for node in nodes}
    if len(wanted) == 1:
        return nodes[:1]
    ordered: list[Node] = []
    seen: set[int] = set()
    for node in wanted.values():
        top = node.root()
        if id(top) in seen:
            continue
        seen.add(id(top))
        every = list(top.walk())
        spend(meter, len(every))
        for each in every:
            if id(each) in wanted:
                ordered.append(each)
            ordered.extend(a for a in each.attributes.values() if id(a) in wanted)
    known = {id(node) for node in ordered}
    return ordered + [node for key, node in wanted.items() if key not in known]
