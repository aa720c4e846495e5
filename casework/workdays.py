"""Working days of the mainland: weekdays, less holidays, plus make-up workdays.

They stand in one code list, `workdays.csv`, so a new year reaches an office as any code list does:
signed by the province, over the network or by stick. The State Council publishes a year's holidays
in the autumn before. Until then a year may stand in the list with the days off that the law fixes
(全国年节及纪念日放假办法, as of 2025), as `expected`: what is counted through it may still change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from casework.errors import NotYetPublished, PackageUnusable

LIST = "workdays.csv"


@dataclass(frozen=True)
class Year:
    """Weekdays that are off, and weekend days that are worked; `firm` once published."""

    off: frozenset[date]
    worked: frozenset[date]
    firm: bool = True


class Calendar:
    """Counts working days; refuses years of which nothing is known."""

    def __init__(self, years: Mapping[int, Year]) -> None:
        self._years = dict(years)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day.

        Raises:
            NotYetPublished: Nothing is known of the year.
        """
        year = self._years.get(day.year)
        if year is None:
            raise NotYetPublished(day.year)
        if day in year.worked:
            return True
        return day.weekday() < 5 and day not in year.off

    def is_firm(self, day: date) -> bool:
        """Whether what is counted to this day stands: the State Council has published its year."""
        year = self._years.get(day.year)
        return year is not None and year.firm

    def add(self, day: date, days: int) -> date:
        """The day `days` working days after `day`, which does not count itself.

        Raises:
            NotYetPublished: The way leads into a year of which nothing is known.
        """
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier.

        Raises:
            NotYetPublished: The way leads through a year of which nothing is known.
        """
        if end < start:
            return -self.between(end, start)
        span = range(1, (end - start).days + 1)
        return sum(self.is_workday(start + timedelta(days=n)) for n in span)


@lru_cache(maxsize=4)
def load_calendar(content: bytes) -> Calendar:
    """Read the list: `day` (ISO 8601), `kind` off or worked, `standing` published or expected.

    A year of which one day is published is published.

    Raises:
        PackageUnusable: It is not such a list.
    """
    days: dict[int, dict[str, set[date]]] = {}
    firm: set[int] = set()
    try:
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            day = date.fromisoformat(row["day"])
            days.setdefault(day.year, {"off": set(), "worked": set()})[row["kind"]].add(day)
            if {"published": True, "expected": False}[row["standing"]]:
                firm.add(day.year)
    except (KeyError, TypeError, ValueError):
        raise PackageUnusable(name=LIST) from None
    if not days:
        raise PackageUnusable(name=LIST)
    return Calendar(
        {
            year: Year(frozenset(kinds["off"]), frozenset(kinds["worked"]), year in firm)
            for year, kinds in days.items()
        }
    )
