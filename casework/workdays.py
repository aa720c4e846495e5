"""Working days of the mainland: weekdays, less holidays, plus make-up workdays.

Source: the State Council's yearly notice, one file a year in `resources/calendar/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.errors import NotYetPublished


@dataclass(frozen=True)
class Year:
    """Weekdays that are off, and weekend days that are worked."""

    off: frozenset[date]
    worked: frozenset[date]


class Calendar:
    """Counts working days; refuses years that nobody has published yet."""

    def __init__(self, years: Mapping[int, Year]) -> None:
        self._years = dict(years)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day.

        Raises:
            NotYetPublished: The year's notice is not out.
        """
        year = self._years.get(day.year)
        if year is None:
            raise NotYetPublished(day.year)
        if day in year.worked:
            return True
        return day.weekday() < 5 and day not in year.off

    def add(self, day: date, days: int) -> date:
        """The day `days` working days after `day`, which does not count itself.

        Raises:
            NotYetPublished: The way leads into a year whose notice is not out.
        """
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier.

        Raises:
            NotYetPublished: The way leads through a year whose notice is not out.
        """
        if end < start:
            return -self.between(end, start)
        span = range(1, (end - start).days + 1)
        return sum(self.is_workday(start + timedelta(days=n)) for n in span)


def load_calendar(files: Mapping[str, bytes]) -> Calendar:
    """Read year files: `{"year", "off": [days], "worked": [days], "source"}`."""
    years = {}
    for content in files.values():
        raw = json.loads(content)
        off = frozenset(date.fromisoformat(day) for day in raw["off"])
        worked = frozenset(date.fromisoformat(day) for day in raw["worked"])
        years[int(raw["year"])] = Year(off, worked)
    return Calendar(years)
