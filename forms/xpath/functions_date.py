"""Functions on dates and times.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, section "Date and time functions"
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from forms.errors import EvaluationError
from forms.xpath.context import Context
from forms.xpath.days import DAY_MS
from forms.xpath.library import function
from forms.xpath.values import (
    DAY_S,
    NAN,
    NO_DATE,
    Value,
    parse_date,
    parse_moment,
    to_number,
    to_text,
)

MAX_DAYS = 700_000.0  # about 1,900 years
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def iso_moment(moment: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds")


@function("today", 0, 0, volatile=True)
def today(ctx: Context) -> str:
    """#fn:today."""
    return ctx.host.today().isoformat()


@function("now", 0, 0, volatile=True)
def now(ctx: Context) -> str:
    """#fn:now."""
    return iso_moment(ctx.host.now())


def moment_of(ctx: Context, value: Value) -> datetime | None:
    """The moment that `value` means at the person's place, or None."""
    if isinstance(value, bool):
        return None
    zone = ctx.host.now().tzinfo or UTC
    text = to_text(value).strip()
    day = parse_date(text)
    if day is not None:
        return datetime.combine(day, time(), zone)
    moment = parse_moment(text, zone)
    if moment is not None:
        return moment.astimezone(zone)
    days = to_number(value)
    if math.isnan(days) or abs(days) > MAX_DAYS:
        return None
    return (_BEGIN + timedelta(milliseconds=round(float(days) * DAY_MS))).astimezone(zone)


@function("date", 1, 1)
def date(ctx: Context, value: Value) -> str:
    """#fn:date: a calendar day; of a number of days the moment, unless it is midnight here.

    Nothing stays nothing, and what is no date becomes "Invalid Date".
    """
    return _told(ctx, value, to_the_day=not isinstance(value, float))


@function("date-time", 1, 1)
def date_time(ctx: Context, value: Value) -> str:
    """#fn:date-time: a moment with the offset here; of a number that is midnight here, the day."""
    return _told(ctx, value, to_the_day=False)


def _told(ctx: Context, value: Value, *, to_the_day: bool) -> str:
    if to_text(value).strip() == "":
        return ""
    moment = moment_of(ctx, value)
    if moment is None:
        return NO_DATE
    if to_the_day or (isinstance(value, float) and moment.time() == time()):
        return moment.date().isoformat()
    return iso_moment(moment)


@function("decimal-date-time", 1, 1)
def decimal_date_time(ctx: Context, value: Value) -> float:
    """#fn:decimal-date-time: days since 1970-01-01T00:00 UTC, with a fraction."""
    if isinstance(value, float):
        return float(value)
    moment = moment_of(ctx, value)
    return NAN if moment is None else moment.timestamp() / DAY_S


@function("decimal-time", 1, 1)
def decimal_time(ctx: Context, value: Value) -> float:
    """#fn:decimal-time: the fraction of the day that has passed, in [0, 1)."""
    text = to_text(value).strip()
    moment = parse_moment(f"1970-01-01T{text}", ctx.host.now().tzinfo or UTC)
    if moment is None:
        moment = parse_moment(text, ctx.host.now().tzinfo or UTC)
        if moment is None:
            return NAN
    moment = moment.astimezone(ctx.host.now().tzinfo or UTC)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return seconds / DAY_S


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DATE_LETTERS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda m: f"{m.year:04d}",
    "y": lambda m: f"{m.year % 100:02d}",
    "m": lambda m: f"{m.month:02d}",
    "n": lambda m: str(m.month),
    "b": lambda m: _MONTHS[m.month - 1],
    "d": lambda m: f"{m.day:02d}",
    "e": lambda m: str(m.day),
    "a": lambda m: _DAYS[m.weekday()],
    "W": lambda m: f"{m.isocalendar().week:02d}",
}
_TIME_LETTERS: dict[str, Callable[[datetime], str]] = {
    "H": lambda m: f"{m.hour:02d}",
    "h": lambda m: str(m.hour),
    "M": lambda m: f"{m.minute:02d}",
    "S": lambda m: f"{m.second:02d}",
    "3": lambda m: f"{m.microsecond // 1000:03d}",
    "Z": lambda m: m.strftime("%z"),
}


def _format(moment: datetime, pattern: str, letters: dict[str, Callable[[datetime], str]]) -> str:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character != "%":
            parts.append(character)
            continue
        letter = pattern[at : at + 1]
        at += 1
        if letter == "%":
            parts.append("%")
        elif letter in letters:
            parts.append(letters[letter](moment))
        else:
            raise EvaluationError(reason=f"no date format %{letter}")
    return "".join(parts)


@function("format-date", 2, 2)
def format_date(ctx: Context, value: Value, pattern: Value) -> str:
    """#fn:format-date; "" for nothing.

    Raises:
        EvaluationError: The pattern has a letter that the specification does not list.
    """
    return _formatted(ctx, value, pattern, _DATE_LETTERS)


@function("format-date-time", 2, 2)
def format_date_time(ctx: Context, value: Value, pattern: Value) -> str:
    """#fn:format-date-time; "" for nothing.

    Raises:
        EvaluationError: As `format_date`.
    """
    return _formatted(ctx, value, pattern, _DATE_LETTERS | _TIME_LETTERS)


def _formatted(
    ctx: Context, value: Value, pattern: Value, letters: dict[str, Callable[[datetime], str]]
) -> str:
    if to_text(value).strip() == "":
        return ""
    moment = moment_of(ctx, value)
    return "" if moment is None else _format(moment, to_text(pattern), letters)
