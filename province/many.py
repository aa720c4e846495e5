"""Events of offices and changes to residents that come many at once (docs/protocol.md section 21).

Each is judged by itself, in a transaction of its own and in the order of the request, and answered
as a request of its own would be. So one that is refused touches no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from province import office_events, residents
from province.errors import Busy, Invalid, ProvinceError, details
from province.intake import MAX_BATCH, Written

if TYPE_CHECKING:
    from province.accounts import Caller
    from province.app import Province

T = TypeVar("T")
Many = Annotated[list[T], Field(min_length=1, max_length=MAX_BATCH)]


class Reported(BaseModel):
    """An event of the office; `body` is the request of section 19."""

    case: UUID
    event: UUID
    body: dict[str, Any]


class Changed(BaseModel):
    """A change to a resident; `body` is the request of section 20."""

    resident: UUID
    change: UUID
    body: dict[str, Any]


def report(province: Province, caller: Caller, each: Reported) -> Written:
    """Status and body of the answer to an event of an office."""

    def take() -> tuple[Mapping[str, str], bool]:
        found = office_events.EventIn.model_validate(each.body)
        said = office_events.read(each.case, each.event, found, each.body)
        return office_events.take(province, caller, said)

    return _judged(take)


def change(province: Province, caller: Caller, each: Changed) -> Written:
    """Status and body of the answer to a change to a resident."""

    def take() -> tuple[Mapping[str, str], bool]:
        return province.database.write(
            residents.take,
            caller,
            (each.resident, each.change),
            residents.ChangeIn.model_validate(each.body),
            province.ring.current,
            province.now_ms(),
        )

    return _judged(take)


def _judged(take: Callable[[], tuple[Mapping[str, str], bool]]) -> Written:
    try:
        receipt, new = take()
    except ValidationError as error:
        refused = Invalid(details(error.errors()))
        return refused.status, refused.problem()
    except Busy:
        raise  # all of it comes again
    except ProvinceError as error:
        return error.status, error.problem()
    return 201 if new else 200, {**receipt}
