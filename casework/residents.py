"""The resident base: find, open, edit and add people; settle what two computers changed.

Numbers are masked as their grade says; to see them whole is an act with a reason, on record.
Every change keeps the value before and after, who made it, when, and from which material.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from casework import id_numbers
from casework.catalogue import spellings
from casework.errors import BadPerson, KnownAlready, NoConflict, ReasonNeeded
from casework.grades import HIDDEN, masked_id, masked_phone
from casework.office import Office
from casework.rights import needs
from casework.unseen import has_unseen
from store import audit, resident_changes
from store import residents as base
from store.errors import ResidentGone
from store.resident_changes import FIELDS, Change, Sending
from store.residents import Resident

GRADES = {
    "name": "sensitive",
    "id_no": "core",
    "phone": "sensitive",
    "birth": "sensitive",
    "address": "sensitive",
}
SAME_AS = "same_as"
_MASKS = {"id_no": masked_id, "phone": masked_phone}
_LONGEST = 200
Found = Resident  # what verbs hand out


@dataclass(frozen=True, repr=False)
class HistoryLine:
    """One field of one change. Values are masked as their grade says.

    Attributes:
        state: sent (the province holds it), waiting, or refused (a person must look at it).
        error_code: Why it was refused.
    """

    field: str
    old: str
    new: str
    at: datetime
    by: str
    office: str
    material: str
    state: str
    error_code: str = ""


@dataclass(frozen=True, repr=False)
class Person:
    """A person with household and history, the newest change of a record first.

    `records` are those that were joined with this one; their history stands after its own.
    """

    resident: Resident
    household: tuple[Resident, ...]
    history: tuple[HistoryLine, ...]
    records: tuple[Resident, ...] = ()


@dataclass(frozen=True, repr=False)
class Choice:
    """One of the values that stand against each other; `id` is its change's."""

    id: UUID
    value: str
    at: datetime
    by: str
    office: str
    material: str


@dataclass(frozen=True, repr=False)
class FieldClash:
    """A field that was changed to different values."""

    field: str
    base: str
    choices: tuple[Choice, ...]


@needs("residents")
def find(office: Office, wanted: str) -> tuple[Resident, ...]:
    """People by any part of name, pinyin, initials, ID number, village or household; masked."""
    return tuple(map(masked, office.store.read(base.find, wanted)))


@needs("residents")
def count(office: Office) -> int:
    """How many people are held here."""
    return office.store.read(base.count)


@needs("residents")
def get(office: Office, resident_id: UUID) -> Person:
    """A person with household and history; masked.

    Raises:
        store.errors.ResidentGone: No such person here.
    """
    read = office.store.read
    resident = read(base.get, resident_id)
    changes = read(resident_changes.of, [resident_id]).get(resident_id, [])
    lines = [line for change in reversed(changes) for line in _lines(change)]
    others = read(base.household_of, resident_id)
    under = [each for each, stands in read(base.joined).items() if stands == resident_id]
    for known in read(resident_changes.of, under).values():
        lines += [line for change in reversed(known) for line in _lines(change)]
    records = tuple(masked(read(base.get, each)) for each in sorted(under))
    return Person(masked(resident), tuple(map(masked, others)), tuple(lines), records)


@needs("reveal")
def reveal(office: Office, resident_id: UUID, reason: str) -> Resident:
    """A person with nothing hidden; who looked and why is on record.

    Raises:
        ReasonNeeded: None was given.
        store.errors.ResidentGone: No such person here.
    """
    if not reason.strip():
        raise ReasonNeeded
    resident = office.store.read(base.get, resident_id)
    _note_seen(office, resident_id, reason.strip())
    return resident


@needs("residents_edit")
def edit(office: Office, resident_id: UUID, values: Mapping[str, str], material: str) -> bool:
    """Change fields of a person; whether anything was changed. It goes out with the next round.

    Args:
        office: The office.
        resident_id: Who.
        values: New values by field; what is not named stays.
        material: The paper or case that says so.

    Raises:
        BadPerson: A value cannot be; says which field.
        ReasonNeeded: No material was named.
        store.errors.ResidentGone: No such person here.
    """
    if SAME_AS in values:
        raise BadPerson(SAME_AS)
    return _change(office, office.new_id(), resident_id, values, material, adds=False)


@needs("residents_edit")
def add(office: Office, values: Mapping[str, str], material: str) -> UUID:
    """Bring a person into the base; the person's id.

    Raises:
        BadPerson: A value cannot be, or the name is missing.
        KnownAlready: The ID number is held already.
        ReasonNeeded: No material was named.
    """
    if not values.get("name", "").strip():
        raise BadPerson("name")
    wanted = _number(values.get("id_no", ""))
    if wanted and office.store.read(base.by_id_no, wanted):
        raise KnownAlready
    resident_id = office.new_id()
    _change(office, office.new_id(), resident_id, values, material, adds=True)
    return resident_id


@needs("residents")
def clashing(office: Office) -> tuple[Resident, ...]:
    """Everybody with a field in conflict; masked."""
    return tuple(map(masked, office.store.read(base.clashing)))


@needs("residents_edit")
def look(office: Office, resident_id: UUID) -> tuple[FieldClash, ...]:
    """What stands against each other, whole, since it cannot be judged masked; on record.

    Raises:
        NoConflict: Nothing does any more.
    """
    found = _clashes(office, resident_id)
    if not found:
        raise NoConflict
    _note_seen(office, resident_id, "conflict")
    return found


@needs("residents_edit")
def settle(office: Office, resident_id: UUID, choices: Mapping[str, UUID], material: str) -> None:
    """Decide for each field whose value stands; all values stay in the history.

    Args:
        office: The office.
        resident_id: Who.
        choices: By field the change whose value is chosen.
        material: What the decision rests on.

    Raises:
        NoConflict: Somebody was quicker, or a choice is none of those shown.
    """
    values = {}
    for clash in _clashes(office, resident_id):
        chosen = [c for c in clash.choices if c.id == choices.get(clash.field)]
        if not chosen:
            raise NoConflict
        values[clash.field] = chosen[0].value
    if set(values) != set(choices):
        raise NoConflict
    _change(office, office.new_id(), resident_id, values, material, adds=False)


@needs("residents_join")
def doubles(office: Office) -> tuple[tuple[Resident, Resident], ...]:
    """People of one ID number who are probably one person, two and two; masked."""
    found = office.store.read(base.doubles)
    return tuple((masked(group[0]), masked(each)) for group in found for each in group[1:])


@needs("residents_join")
def look_double(office: Office, one: UUID, other: UUID) -> tuple[FieldClash, ...]:
    """Fields in which two records of one ID number differ, whole; on record.

    Each choice bears the id of the record that says so.

    Raises:
        NoConflict: They are not two records of one number any more.
    """
    pair = _pair(office, one, other)
    for each in (one, other):
        _note_seen(office, each, "same ID number")
    now = office.now()
    return tuple(
        FieldClash(name, "", tuple(Choice(r.id, getattr(r, name), now, "", "", "") for r in pair))
        for name in FIELDS
        if name != SAME_AS and len({getattr(each, name) for each in pair}) > 1
    )


@needs("residents_join")
def join(
    office: Office, one: UUID, other: UUID, choices: Mapping[str, UUID], material: str
) -> None:
    """Let record `one` stand for the person of both; both histories stay, and it can be undone.

    Args:
        office: The office.
        one: Stands from now on.
        other: Is found under it.
        choices: For each field in which they differ the record whose value stands.
        material: What it rests on.

    Raises:
        NoConflict: They are not two records of one number any more.
        ReasonNeeded: No material was named.
    """
    pair = {each.id: each for each in _pair(office, one, other)}
    taken = {
        name: str(getattr(pair[chosen], name))
        for name, chosen in choices.items()
        if chosen == other
    }
    if taken:
        _change(office, office.new_id(), one, taken, material, adds=False)
    same = {SAME_AS: str(one)}
    _change(office, office.new_id(), other, same, material, adds=False)


@needs("residents_join")
def separate(office: Office, other: UUID, material: str) -> None:
    """Let a record that was joined with another one stand for itself again.

    Raises:
        ReasonNeeded: No material was named.
        store.errors.ResidentGone: No such record here.
    """
    _change(office, office.new_id(), other, {SAME_AS: ""}, material, adds=False)


def _pair(office: Office, one: UUID, other: UUID) -> tuple[Resident, Resident]:
    for group in office.store.read(base.doubles):
        known = {each.id: each for each in group}
        if one in known and other in known and one != other:
            return known[one], known[other]
    raise NoConflict


@needs("residents")
def sendings(office: Office) -> tuple[Sending, ...]:
    """Changes made here and what became of them; those without a receipt first."""
    return office.store.read(resident_changes.sendings)


@needs("residents_edit")
def send_again(office: Office, resident_id: UUID) -> None:
    """Let refused changes of a person go out again."""
    me = office.store.operator.login
    office.store.writer.submit(resident_changes.retry, resident_id, me, office.now()).result()


def masked(resident: Resident) -> Resident:
    """A person as windows may show: the name whole, because people are called by it."""
    return replace(resident, id_no=masked_id(resident.id_no), phone=masked_phone(resident.phone))


def shown(field: str, value: str) -> str:
    """A value as far as its grade lets it be shown; of a record's id the end."""
    if field == SAME_AS:
        return value[-8:]
    return _MASKS[field](value) if field in _MASKS and GRADES[field] in HIDDEN else value


def _lines(change: Change) -> list[HistoryLine]:
    state = "sent" if not change.own or change.acknowledged or change.place is not None else ""
    state = state or ("refused" if change.error_code else "waiting")
    return [
        HistoryLine(
            name,
            shown(name, change.fields[name][0]),
            shown(name, change.fields[name][1]),
            change.at,
            change.by,
            change.office,
            change.material,
            state,
            change.error_code,
        )
        for name in FIELDS
        if name in change.fields
    ]


def _clashes(office: Office, resident_id: UUID) -> tuple[FieldClash, ...]:
    try:
        resident = office.store.read(base.get, resident_id)
    except ResidentGone:
        return ()
    changes = office.store.read(resident_changes.of, [resident_id]).get(resident_id, [])
    found = []
    for name in resident.clashing:
        heads = resident_changes.heads(changes, name)
        choices = tuple(
            Choice(c.id, c.fields[name][1], c.at, c.by, c.office, c.material) for c in heads
        )
        found.append(FieldClash(name, heads[0].fields[name][0], choices))
    return tuple(found)


def _change(
    office: Office,
    change_id: UUID,
    resident_id: UUID,
    values: Mapping[str, str],
    material: str,
    *,
    adds: bool,
) -> bool:
    if not material.strip():
        raise ReasonNeeded
    wanted = _checked(values)
    me, now = office.store.operator, office.now()
    made = Change(
        id=change_id,
        resident_id=resident_id,
        fields={name: ("", value) for name, value in wanted.items()},
        after={},
        at=now.replace(microsecond=0),  # as it goes over the wire
        by=me.name,
        material=material.strip()[:_LONGEST],
        adds=adds,
    )
    done = office.store.writer.submit(base.change, made, spell=spellings, login=me.login, now=now)
    return done.result()


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    wanted = {}
    for name, value in values.items():
        text = _number(value) if name == "id_no" else value.strip()
        wrong = (
            name not in FIELDS
            or len(text) > _LONGEST
            or has_unseen(text)
            or "\n" in text
            or (name == "name" and not text)
            or (name == "id_no" and text != "" and not id_numbers.is_right(text))
        )
        if wrong:
            raise BadPerson(name)
        wanted[name] = text
    if number := wanted.get("id_no", ""):
        wanted = {"sex": id_numbers.sex(number), "birth": id_numbers.birth(number)} | wanted
    return wanted


def _number(text: str) -> str:
    return "".join(text.split()).upper()


def _note_seen(office: Office, resident_id: UUID, reason: str) -> None:
    office.store.writer.submit(
        audit.record,
        office.store.operator.login,
        "revealed",
        str(resident_id),
        {"reason": reason},
        now=office.now(),
    ).result()
