"""Reads dates and times as people at a counter write them.

Understood: 2026-11-24, 2026/11/24, 2026.11.24, 20261124, 2026年11月24日, and full-width digits;
months as 2026-11, 202611, 2026年11月; years as 2026 or 2026年; times as 9:05, 0905, 9点5分, 9时.
"""

from __future__ import annotations

import re
from datetime import date, time

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－：／", "0123456789.-:/")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_YEAR = re.compile(r"(\d{4})\s*年?")
_CLOCK = re.compile(r"(\d{1,2})\s*[:点时]\s*(?:(\d{1,2})\s*分?)?(?::(\d{1,2}))?")
_CLOCK_DIGITS = re.compile(r"(\d{1,2})(\d{2})")


def read_day(typed: str) -> date | None:
    """The day `typed` names; None when it names none."""
    plain = typed.translate(_FULL_WIDTH).strip()
    found = _DAY.fullmatch(plain) or _DAY_DIGITS.fullmatch(plain)
    return _day(*map(int, found.groups())) if found else None


def read_month(typed: str) -> date | None:
    """The first day of the month `typed` names (a full day counts too)."""
    found = _MONTH.fullmatch(typed.translate(_FULL_WIDTH).strip())
    if found:
        return _day(int(found.group(1)), int(found.group(2)), 1)
    day = read_day(typed)
    return day.replace(day=1) if day else None


def read_year(typed: str) -> date | None:
    """The first day of the year `typed` names (a full day counts too)."""
    found = _YEAR.fullmatch(typed.translate(_FULL_WIDTH).strip())
    if found:
        return _day(int(found.group(1)), 1, 1)
    month = read_month(typed)
    return month.replace(month=1) if month else None


def read_clock(typed: str) -> time | None:
    """The time of day `typed` names, 24 hours; None when it names none."""
    plain = typed.translate(_FULL_WIDTH).strip()
    found = _CLOCK.fullmatch(plain) or _CLOCK_DIGITS.fullmatch(plain)
    if not found:
        return None
    hour, minute, second = (*(int(part or 0) for part in found.groups()), 0)[:3]
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
