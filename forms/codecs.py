"""From what a person typed, or a form computed, to what stands in the instance.

Spec: https://getodk.github.io/xforms-spec/#data-types
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC
from decimal import Decimal

from forms.definition import Control
from forms.errors import InvalidAnswer
from forms.xpath.values import parse_date, parse_moment

_INT = re.compile(r"[+-]?\d{1,18}\Z")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")
_TIME = re.compile(r"\d\d:\d\d:\d\d")
_ZONED = re.compile(r"T.*(?:Z|[+-]\d\d(?::?\d\d)?)\Z")
_NOWHERE = [0.0, 0.0, 0.0, 0.0]  # what a device gives that does not know where it is


def _int(text: str) -> str | None:
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 19:
        return text  # by far the commonest
    if not _DECIMAL.match(text):
        return None
    whole = text if _INT.match(text) else f"{Decimal(text):f}".partition(".")[0]
    return str(int(whole)) if _INT.match(whole) else None


def _decimal(text: str) -> str | None:
    return text if _DECIMAL.match(text) else None


def _date(text: str) -> str | None:
    day = parse_date(text)
    if day is None and not _ZONED.search(text):  # the day of a moment elsewhere is not known
        moment = parse_moment(text, UTC)
        day = moment.date() if moment else None
    return day.isoformat() if day else None


def _time(text: str) -> str | None:
    return text if _TIME.match(text) and parse_moment(f"1970-01-01T{text}", UTC) else None


def _date_time(text: str) -> str | None:
    if parse_date(text):
        return text
    return text if parse_moment(text, UTC) else None


def _boolean(text: str) -> str | None:
    return text if text in {"true", "false", "0", "1"} else None


def _point(text: str) -> str | None:
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return None
    if not 2 <= len(numbers) <= 4 or not all(map(math.isfinite, numbers)) or numbers == _NOWHERE:
        return None
    if abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    return " ".join(map(repr, numbers))


def _points(text: str) -> list[str]:
    """The points of a line; none at all when one of them is none."""
    found = [_point(part) for part in text.split(";") if part.strip()]
    points = [point for point in found if point is not None]
    return points if len(points) == len(found) else []


def _trace(text: str) -> str | None:
    points = _points(text)
    return ";".join(points) if len(points) > 1 else None


def _shape(text: str) -> str | None:
    points = _points(text)
    return ";".join(points) if len(points) > 2 and _same(points[0], points[-1]) else None


def _same(one: str, other: str) -> bool:
    return one.split()[:2] == other.split()[:2]


_CODECS: dict[str, Callable[[str], str | None]] = {
    "int": _int,
    "integer": _int,
    "long": _int,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": _date_time,
    "boolean": _boolean,
    "geopoint": _point,
    "geotrace": _trace,
    "geoshape": _shape,
}


def encode(ref: str, data_type: str, answer: str) -> str:
    """`answer` as it stands in the instance; "" stays "".

    Fractions are cut off where whole numbers are wanted, times where days are.

    Raises:
        InvalidAnswer: It is no value of `data_type`.
    """
    codec = _CODECS.get(data_type)
    if codec is None or answer == "":
        return answer
    encoded = codec(answer.strip())
    if encoded is None:
        raise InvalidAnswer(ref=ref, data_type=data_type)
    return encoded


def fitted(data_type: str, text: str) -> str:
    """A default or computed value as it stands in the instance; "" when it is none of the type.

    A computed moment has a day, that of the place where it was computed.
    """
    codec = _CODECS.get(data_type)
    if codec is None or text == "":
        return text
    stripped = text.strip()
    return codec(stripped[:10] if data_type == "date" else stripped) or ""


def what_is_wrong(control: Control) -> str:
    """Why nobody could answer `control`; "" when they can."""
    if control.kind == "range":
        bounds = [control.attributes.get(name, "1") for name in ("start", "end", "step")]
        if not all(_DECIMAL.match(each.strip()) for each in bounds):
            return "start, end and step are numbers"
    return ""


def in_range(control: Control, text: str) -> bool:
    """Whether `text` is a number within the bounds of a range question."""
    if not _DECIMAL.match(text):
        return False
    bounds = [control.attributes.get(name, "") for name in ("start", "end")]
    low, high = (float(each) if _DECIMAL.match(each) else None for each in bounds)
    if low is None or high is None:
        return True
    return min(low, high) <= float(text) <= max(low, high)


def in_order(offered: Sequence[str], text: str) -> str:
    """Several chosen values in the order in which they are offered; others follow."""
    chosen = dict.fromkeys(text.split())
    known = [value for value in dict.fromkeys(offered) if value in chosen]
    return " ".join([*known, *(value for value in chosen if value not in set(known))])
