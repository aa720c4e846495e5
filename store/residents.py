"""The office's slice of the resident base: people by household and village, found as cases are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from store import resident_changes, search, slices
from store.errors import ResidentGone
from store.resident_changes import FIELDS, Change
from store.resident_models import Resident as Row
from store.resident_models import ResidentChange

PAGE = 50
SLICE = "residents"
_AT_ONCE = 1000
Spell = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, repr=False)
class Resident:
    """A person of the base. Has no repr: it names somebody.

    Attributes:
        sex: 1 or 2, GB/T 2261.1. birth: YYYY-MM-DD. nation: Code, GB/T 3304.
        relation: Code of the relation to the head of the household, GB/T 4761.
        spelled: Pinyin and initials, to be found by; kept in the index alone.
        clashing: Fields that were changed to different values.
        same_as: Id of the record that stands for this one, since both are one person; "" for none.
    """

    id: UUID
    name: str
    id_no: str = ""
    phone: str = ""
    household: str = ""
    relation: str = ""
    village: str = ""
    address: str = ""
    sex: str = ""
    birth: str = ""
    nation: str = ""
    spelled: str = ""
    clashing: tuple[str, ...] = ()
    same_as: str = ""


@dataclass(frozen=True, repr=False)
class Told:
    """A record of the slice as the province tells it; `data` None once it is withdrawn."""

    id: UUID
    data: Mapping[str, str] | None
    changes: tuple[Change, ...] = ()


def take_over(session: Session, people: Sequence[Resident], now: datetime) -> int:
    """Keep these people, in place of what was known under the same ids; returns how many."""
    for begin in range(0, len(people), _AT_ONCE):
        some = people[begin : begin + _AT_ONCE]
        said = [{name: getattr(each, name) for name in FIELDS} for each in some]
        _put(session, [_Kept(*each) for each in zip(some, said, strict=True)], now)
    return len(people)


def take_page(
    session: Session, told: Sequence[Told], page: slices.Progress, *, spell: Spell, now: datetime
) -> None:
    """Take over a page of the slice and how far it was read, in one transaction.

    Changes made here and not yet sent stay on top of what the province says.

    Args:
        session: In a transaction.
        told: The records, each id once.
        page: The cursor to keep.
        spell: Pinyin and initials of a name.
        now: Aware.
    """
    sweep = slices.sweep(session, SLICE)
    living = [each for each in told if each.data is not None]
    ours = _changed_here(session, [each.id for each in living])
    for each in living:
        if each.changes or each.id in ours:
            resident_changes.learn(session, each.id, each.changes, now)
    session.flush()
    known = resident_changes.of(session, [e.id for e in living if e.changes or e.id in ours])
    kept = []
    for each in living:
        said = {name: str((each.data or {}).get(name, "")) for name in FIELDS}
        values, clashing = resident_changes.fold(said, known.get(each.id, ()))
        person = _person(each.id, values, clashing, spell)
        kept.append(_Kept(person, said, clashing, sweep))
    _put(session, kept, now)
    withdraw(session, [each.id for each in told if each.data is None])
    if slices.advance(session, SLICE, page):
        _sweep_out(session, sweep, page, now)


def change(session: Session, made: Change, *, spell: Spell, login: str, now: datetime) -> bool:
    """Change or add a person here; whether anything was changed.

    `made.fields` holds the new values; the values before, and what the change comes after, are
    filled in. A field in conflict is settled by it.

    Raises:
        ResidentGone: No such person here, and `made` adds nobody.
    """
    row = session.scalars(select(Row).where(Row.id == made.resident_id)).first()
    if row is None and not made.adds:
        raise ResidentGone
    known = resident_changes.of(session, [made.resident_id]).get(made.resident_id, [])
    clashing = row.clashing.split(",") if row is not None else []
    fields, after = {}, {}
    for name, (_, new) in made.fields.items():
        old = str(getattr(row, name)) if row is not None else ""
        if new != old or name in clashing:
            fields[name] = (old, new)
            after[name] = tuple(head.id for head in resident_changes.heads(known, name))
    if not fields:
        return False
    whole = Change(
        made.id, made.resident_id, fields, after, made.at, made.by, made.material, made.adds
    )
    resident_changes.add(session, whole, login, now)
    session.flush()
    said = json.loads(row.said) if row is not None else {}
    changes = resident_changes.of(session, [made.resident_id])[made.resident_id]
    values, left = resident_changes.fold(said, changes)
    person = _person(made.resident_id, values, left, spell)
    _put(session, [_Kept(person, said, left, slices.sweep(session, SLICE))], now)
    return True


@dataclass(frozen=True)
class _Kept:
    person: Resident
    said: Mapping[str, str]
    clashing: str = ""
    sweep: int = 0


def _person(resident_id: UUID, values: Mapping[str, str], clashing: str, spell: Spell) -> Resident:
    spelled = " ".join(spell(values["name"]))
    fields = tuple(filter(None, clashing.split(",")))
    return Resident(id=resident_id, **values, spelled=spelled, clashing=fields)


def _put(session: Session, people: Sequence[_Kept], now: datetime) -> None:
    ids = [each.person.id for each in people]
    held = session.execute(select(Row.id, Row.row).where(Row.id.in_(ids))).all()
    known = {each.id: each.row for each in held}
    last = session.scalar(select(func.max(Row.row))) or 0
    rows, fresh, index = [], [], []
    for each in people:
        person = each.person
        row = known.get(person.id)
        values = {
            "id": person.id,
            **{name: getattr(person, name) for name in FIELDS},
            "said": json.dumps(dict(each.said), ensure_ascii=False, sort_keys=True),
            "clashing": each.clashing,
            "sweep": each.sweep,
            "taken_over_at": now,
        }
        if row is None:
            row = last = last + 1
            fresh.append({"row": row, **values})
        else:
            rows.append({"row": row, **values})
        words = (person.name, person.spelled, person.id_no, person.phone, person.village)
        index.append((row, " ".join((*words, person.address, person.household))))
    if fresh:
        session.execute(insert(Row), fresh)
    if rows:
        session.execute(update(Row), rows)
    if index:
        search.put(session, search.RESIDENTS, index)


def _changed_here(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    query = select(ResidentChange.resident_id).where(ResidentChange.resident_id.in_(ids))
    return frozenset(session.scalars(query))


def _sweep_out(session: Session, sweep: int, page: slices.Progress, now: datetime) -> None:
    """Let go of who was not told of in a pull from the beginning, but for work made here."""
    ours = select(ResidentChange.resident_id).where(ResidentChange.own)
    unsent = ours.where(ResidentChange.acknowledged_at.is_(None))
    unseen = select(Row.id).where(Row.sweep != sweep)
    if not page.moved:  # the province was put back: what it had taken from here is sent again
        lost = session.scalars(unseen.where(Row.id.in_(ours))).all()
        resident_changes.send_again(session, lost, now)
        session.flush()
    withdraw(session, session.scalars(unseen.where(Row.id.not_in(unsent))).all())


def withdraw(session: Session, ids: Iterable[UUID]) -> None:
    """Forget people that the province took out of the slice; unsent changes stay to be told."""
    wanted = tuple(ids)
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        for row in session.scalars(select(Row.row).where(Row.id.in_(some))):
            search.drop(session, search.RESIDENTS, row)
        session.execute(delete(Row).where(Row.id.in_(some)))
        session.execute(
            delete(ResidentChange).where(
                ResidentChange.resident_id.in_(some),
                ~(ResidentChange.own & ResidentChange.acknowledged_at.is_(None)),
            )
        )


def find(session: Session, wanted: str, limit: int = PAGE) -> tuple[Resident, ...]:
    """People who hold every part of `wanted`: name, pinyin, initials, ID, phone, village.

    Nothing typed finds nobody: the base is not there to be leafed through.
    """
    rows = search.matching(session, search.RESIDENTS, wanted, limit)
    if not rows:
        return ()
    found = session.scalars(select(Row).where(Row.row.in_(rows)).order_by(Row.name, Row.row))
    under = joined(session)
    return tuple(_view(row) for row in found if row.id not in under)


def get(session: Session, resident_id: UUID) -> Resident:
    """One person.

    Raises:
        ResidentGone: No such person here.
    """
    row = session.scalars(select(Row).where(Row.id == resident_id)).first()
    if row is None:
        raise ResidentGone
    return _view(row)


def by_id_no(session: Session, id_no: str) -> tuple[Resident, ...]:
    """Everybody of this ID number: one, unless two offices added the same person."""
    rows = session.scalars(select(Row).where(Row.id_no == id_no, Row.id_no != "").order_by(Row.row))
    under = joined(session)
    return tuple(_view(row) for row in rows if row.id not in under)


def joined(session: Session) -> dict[UUID, UUID]:
    """Records that another one stands for, by it; in a circle the one of the lowest id stands.

    A record that is said to be the same as one that is not here stands for itself.
    """
    # written out, since only so does the partial index serve
    rows = session.execute(select(Row.id, Row.same_as).where(text("same_as <> ''"))).all()
    said = {row.id: UUID(row.same_as) for row in rows if _is_uuid(row.same_as)}
    here = set(session.scalars(select(Row.id).where(Row.id.in_(set(said.values())))))
    found = {}
    for each in said:
        way = [each]
        while (above := said.get(way[-1])) in here and above is not None and above not in way:
            way.append(above)
        circle = way[way.index(above) :] if above in way else [way[-1]]
        if (stands := min(circle)) != each:
            found[each] = stands
    return found


def doubles(session: Session, limit: int = PAGE) -> tuple[tuple[Resident, ...], ...]:
    """People of one ID number who are probably one person, each group the oldest record first."""
    twice = select(Row.id_no).where(Row.id_no != "").group_by(Row.id_no).having(func.count() > 1)
    found = (by_id_no(session, number) for number in session.scalars(twice).all())
    groups = (sorted(group, key=lambda each: each.id) for group in found if len(group) > 1)
    return tuple(map(tuple, islice(groups, limit)))


def clashing(session: Session) -> tuple[Resident, ...]:
    """Everybody with a field that was changed to different values."""
    # written out, since only so does the partial index serve
    rows = session.scalars(
        select(Row).where(text("clashing <> ''")).order_by(Row.clashing, Row.row)
    )
    return tuple(_view(row) for row in rows)


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
    under = joined(session)
    return tuple(_view(row) for row in rows if row.id not in under)


def count(session: Session) -> int:
    """How many people the slice holds."""
    every = session.scalar(select(func.count()).select_from(Row)) or 0
    return every - len(joined(session))


def _is_uuid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def _view(row: Row) -> Resident:
    values = {name: getattr(row, name) for name in FIELDS}
    return Resident(id=row.id, **values, clashing=tuple(filter(None, row.clashing.split(","))))
