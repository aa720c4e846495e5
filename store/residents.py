"""The office's slice of the resident base: people by household and village, found as cases are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from store import search
from store.models import Resident as Row

PAGE = 50
_AT_ONCE = 1000
_KEPT = ("id", "name", "id_no", "phone", "household", "relation", "village", "address")


@dataclass(frozen=True, repr=False)
class Resident:
    """A person of the base. Has no repr: it names somebody.

    Attributes:
        relation: Code of the relation to the head of the household, GB/T 4761.
        spelled: Pinyin and initials, to be found by; kept in the index alone.
    """

    id: UUID
    name: str
    id_no: str = ""
    phone: str = ""
    household: str = ""
    relation: str = ""
    village: str = ""
    address: str = ""
    spelled: str = ""


def take_over(session: Session, people: Sequence[Resident], now: datetime) -> int:
    """Keep these people, in place of what was known under the same ids; returns how many."""
    for begin in range(0, len(people), _AT_ONCE):
        _take_over(session, people[begin : begin + _AT_ONCE], now)
    return len(people)


def _take_over(session: Session, people: Sequence[Resident], now: datetime) -> None:
    ids = [person.id for person in people]
    held = session.execute(select(Row.id, Row.row).where(Row.id.in_(ids))).all()
    known = {each.id: each.row for each in held}
    last = session.scalar(select(func.max(Row.row))) or 0
    rows, fresh, index = [], [], []
    for person in people:
        row = known.get(person.id)
        values = {name: getattr(person, name) for name in _KEPT} | {"taken_over_at": now}
        if row is None:
            row = last = last + 1
            fresh.append({"row": row, **values})
        else:
            rows.append({"row": row, **values})
        words = (person.name, person.spelled, person.id_no, person.phone, person.village)
        index.append((row, " ".join((*words, person.address))))
    if fresh:
        session.execute(insert(Row), fresh)
    if rows:
        session.execute(update(Row), rows)
    search.put(session, search.RESIDENTS, index)


def withdraw(session: Session, ids: Iterable[UUID]) -> None:
    """Forget people that the province took out of the slice."""
    for row in session.scalars(select(Row).where(Row.id.in_(tuple(ids)))):
        search.drop(session, search.RESIDENTS, row.row)
        session.execute(delete(Row).where(Row.row == row.row))


def find(session: Session, wanted: str, limit: int = PAGE) -> tuple[Resident, ...]:
    """People who hold every part of `wanted`: name, pinyin, initials, ID, phone, village.

    Nothing typed finds nobody: the base is not there to be leafed through.
    """
    rows = search.matching(session, search.RESIDENTS, wanted, limit)
    if not rows:
        return ()
    found = session.scalars(select(Row).where(Row.row.in_(rows)).order_by(Row.name, Row.row))
    return tuple(_view(row) for row in found)


def household_of(session: Session, resident_id: UUID) -> tuple[Resident, ...]:
    """Everybody of a person's household, the head first; only the person where there is none."""
    one = session.scalars(select(Row).where(Row.id == resident_id)).first()
    if one is None:
        return ()
    if not one.household:
        return (_view(one),)
    rows = session.scalars(
        select(Row).where(Row.household == one.household).order_by(Row.relation, Row.row)
    )
    return tuple(_view(row) for row in rows)


def count(session: Session) -> int:
    """How many people the slice holds."""
    return session.scalar(select(func.count()).select_from(Row)) or 0


def _view(row: Row) -> Resident:
    return Resident(
        id=row.id,
        name=row.name,
        id_no=row.id_no,
        phone=row.phone,
        household=row.household,
        relation=row.relation,
        village=row.village,
        address=row.address,
    )
