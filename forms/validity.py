"""How long a certificate is valid."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def last_day(issued: date, months: int) -> date | None:
    """The same day so many months later, or the last one of a shorter month; None for 0."""
    if not months:
        return None
    month = issued.month - 1 + months
    year, month = issued.year + month // 12, month % 12 + 1
    return date(year, month, min(issued.day, monthrange(year, month)[1]))
