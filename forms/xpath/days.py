"""Dates as numbers: days since 1970-01-01 UTC, kept exact where binary fractions would not be.

East of Greenwich a day begins at a fraction of a day of UTC. Two dates are whole days apart all the
same, and as text a date is the number of its own day.

Spec: https://getodk.github.io/xforms-spec/#fn:number
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from threading import local
from typing import Protocol

DAY_MS = 86_400_000
EPOCH = date(1970, 1, 1)
_MOST_MS = 60e12  # about 1,900 years
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Days(float):
    """A date or moment as a number.

    Attributes:
        ms: Milliseconds since 1970-01-01T00:00 UTC.
        whole: The days that its text tells: of a date those of the calendar, of a moment those
            that have passed in UTC.
        dated: It is a date: another date is whole days away, whatever summer time does.
    """

    __slots__ = ("dated", "ms", "whole")

    ms: float
    whole: int
    dated: bool

    def __new__(cls, ms: float, whole: int, *, dated: bool = False) -> Days:
        """A number of days from milliseconds."""
        made = super().__new__(cls, ms / DAY_MS)
        made.ms = ms
        made.whole = whole
        made.dated = dated
        return made

    def day(self) -> str:
        """The day of the calendar, in ISO form."""
        return (EPOCH + timedelta(days=self.whole)).isoformat()

    def _later(self, days: float) -> float:
        if isinstance(days, Days) or not math.isfinite(days):
            return float(self) + float(days)
        ms = self.ms + days * DAY_MS
        if not self.dated or days != int(days) or abs(ms) > _MOST_MS:
            return Days(ms, self.whole + math.floor(days))
        return of_day(EPOCH + timedelta(days=self.whole + int(days)), zone_here())

    def __add__(self, other: float) -> float:
        return self._later(other)

    def __radd__(self, other: float) -> float:
        return self._later(other)

    def __sub__(self, other: float) -> float:
        if isinstance(other, Days):
            if self.dated and other.dated:
                return float(self.whole - other.whole)
            return (self.ms - other.ms) / DAY_MS
        return self._later(-other)

    def __int__(self) -> int:
        return self.whole

    def __hash__(self) -> int:
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other)


def of_day(day: date, zone: tzinfo) -> Days:
    """`day`, from its midnight in `zone`."""
    begin = datetime.combine(day, time(), zone)
    return Days(_ms(begin), (day - EPOCH).days, dated=True)


def of_moment(moment: datetime) -> Days:
    """`moment`, which has a zone."""
    ms = _ms(moment)
    return Days(ms, math.floor(ms / DAY_MS))


def _ms(moment: datetime) -> int:
    return (moment - _BEGIN) // timedelta(milliseconds=1)


class _Clock(Protocol):
    def now(self) -> datetime: ...


class _Here(local):
    """Who is asked for the zone of the expression that this thread evaluates.

    A weak reference: a thread must not keep the answers of the last form it has worked on.
    """

    clock: Callable[[], _Clock | None] = staticmethod(lambda: None)


HERE = _Here()


def zone_here() -> tzinfo:
    """The zone of the person whose form is evaluated; UTC outside of any."""
    clock = HERE.clock()
    return (clock.now().tzinfo if clock is not None else None) or UTC
