"""Citizens' ID numbers (GB 11643-1999): the check digit, and what a number tells."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FORM = re.compile(r"[1-9]\d{16}[\dX]")


def is_right(number: str) -> bool:
    """Whether the number has its form, a day of birth that exists and the right check digit."""
    return bool(_FORM.fullmatch(number)) and birth(number) != "" and _check(number) == number[17]


def with_check(seventeen: str) -> str:
    """The whole number for its first 17 digits."""
    return seventeen + _check(seventeen)


def birth(number: str) -> str:
    """Day of birth as YYYY-MM-DD; "" where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])).isoformat()
    except ValueError:
        return ""


def sex(number: str) -> str:
    """1 male, 2 female (GB/T 2261.1)."""
    return "1" if int(number[16]) % 2 else "2"


def _check(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11]
