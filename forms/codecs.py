"""From what a person typed to what stands in the instance.

Spec: https://getodk.github.io/xforms-spec/#data-types
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC

from forms.errors import InvalidAnswer
from forms.geo import parse_line, parse_point
from forms.xpath.values import parse_date, parse_moment

_INT = re.compile(r"[+-]?\d{1,18}\Z")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")


def _int(text: str) -> str | None:
    return str(int(text)) if _INT.match(text) else None


def _decimal(text: str) -> str | None:
    return text if _DECIMAL.match(text) else None


def _date(text: str) -> str | None:
    day = parse_date(text.partition("T")[0])
    return day.isoformat() if day else None


def _time(text: str) -> str | None:
    return text if parse_moment(f"1970-01-01T{text}", UTC) else None


def _date_time(text: str) -> str | None:
    if parse_date(text):
        return text
    return text if parse_moment(text, UTC) else None


def _boolean(text: str) -> str | None:
    return text if text in {"true", "false", "0", "1"} else None


def _point(text: str) -> str | None:
    return text if parse_point(text) else None


def _line(text: str) -> str | None:
    return text if parse_line(text) else None


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
    "geotrace": _line,
    "geoshape": _line,
}


def encode(ref: str, data_type: str, answer: str) -> str:
    """`answer` as it stands in the instance; "" stays "".

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
