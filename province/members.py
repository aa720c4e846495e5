"""Types that members of requests share (docs/protocol.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

NO_NUL = r"^[^\x00]*$"  # PostgreSQL's text cannot hold it, and no name has it
YEARS = range(1900, 2200)  # a dead clock says 1970; beyond these no zone can be added


def at_most(number: int) -> BeforeValidator:
    """Refuse an object of more members at once, before each of them gets an error of its own."""

    def check(value: object) -> object:
        if isinstance(value, Mapping) and len(value) > number:
            raise PydanticCustomError("too_long", "too many members")
        return value

    return BeforeValidator(check)


def _written(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("time", "a time is a text")
    return value


def _sensible(value: datetime) -> datetime:
    if value.year not in YEARS:
        raise PydanticCustomError("time", "no time of this office's life")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_sensible)]
