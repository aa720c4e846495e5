"""Changes to residents: their history, how they merge field by field, and those still to be sent.

A change names, for each of its fields, the changes that it comes after. Changes of a field that
no other one comes after are its heads; heads of different values are a conflict. So devices that
know the same changes show the same person, in whatever order they learnt them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, insert, or_, select, text, tuple_, update
from sqlalchemy.orm import Session, aliased

from store import audit
from store.outbox import FARTHEST, Settlement, keep_outcome
from store.resident_models import Resident, ResidentChange

FIELDS = (
    "name", "id_no", "sex", "birth", "nation", "phone", "household", "relation", "village",
    "address", "same_as",
)  # fmt: skip
_UNSENT = text("own AND acknowledged_at IS NULL")  # as the partial index says it
FORGOTTEN = -1  # the place of a change that the province has lost and that is not ours to repeat


@dataclass(frozen=True, repr=False)
class Change:
    """What somebody changed of a person. Has no repr: it holds what it is about.

    Attributes:
        fields: Value before and after, by field.
        after: By field the changes that this one comes after.
        material: The paper or case that says so.
        adds: Whether it brings the person into the base.
        place: Its place in what the province holds; None before it has said so.
        acknowledged: Of one's own: whether the receipt is here.
        error_code: Of one's own: why it could not be sent.
    """

    id: UUID
    resident_id: UUID
    fields: Mapping[str, tuple[str, str]]
    after: Mapping[str, tuple[UUID, ...]]
    at: datetime
    by: str
    material: str
    adds: bool = False
    office: str = ""
    device: str = ""
    own: bool = False
    place: int | None = None
    acknowledged: bool = False
    error_code: str = ""


def of(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[Change]]:
    """Every change of these people: as the province holds them, then those only here."""
    rows = session.scalars(select(ResidentChange).where(ResidentChange.resident_id.in_(list(ids))))
    found: dict[UUID, list[Change]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.place is None, r.place or 0, r.at, r.id)):
        found[row.resident_id].append(view(row))
    return found


def heads(changes: Sequence[Change], field: str) -> tuple[Change, ...]:
    """Changes of a field that no other one comes after, in order."""
    touching = [c for c in changes if field in c.fields and c.place != FORGOTTEN]
    gone = {each for change in touching for each in change.after.get(field, ())}
    return tuple(change for change in touching if change.id not in gone)


def fold(said: Mapping[str, str], changes: Sequence[Change]) -> tuple[dict[str, str], str]:
    """A person's values after all changes, and the fields in conflict, joined by commas.

    Args:
        said: The values as the province says them.
        changes: As `of` gives them.
    """
    values, clashing = {name: said.get(name, "") for name in FIELDS}, []
    for name in FIELDS:
        found = heads(changes, name) if changes else ()
        if found:
            values[name] = found[0].fields[name][1]
        if len({head.fields[name][1] for head in found}) > 1:
            clashing.append(name)
    return values, ",".join(clashing)


def learn(session: Session, resident_id: UUID, told: Sequence[Change], now: datetime) -> None:
    """Keep what the province holds of a person's changes; what it has lost goes out again."""
    known = {
        row.id: row
        for row in session.scalars(
            select(ResidentChange).where(ResidentChange.resident_id == resident_id)
        )
    }
    fresh = []
    for place, change in enumerate(told):
        row = known.pop(change.id, None)
        if row is None:
            fresh.append(_row(change, place=place))
        else:
            row.place, row.office, row.device = place, change.office, change.device
    if fresh:
        session.execute(insert(ResidentChange), fresh)
    for row in known.values():
        _lost(row, now)


def send_again(session: Session, ids: Iterable[UUID], now: datetime) -> None:
    """Let all changes of people that the province has lost go out again."""
    rows = session.scalars(select(ResidentChange).where(ResidentChange.resident_id.in_(list(ids))))
    for row in rows:
        _lost(row, now)


def _lost(row: ResidentChange, now: datetime) -> None:
    if not row.own:
        row.place = FORGOTTEN
    elif row.acknowledged_at is not None or row.place is not None:
        row.acknowledged_at, row.receipt, row.place, row.due_at = None, b"", None, now


def add(session: Session, change: Change, login: str, now: datetime) -> None:
    """Keep a change that was made here; it is due at once. On record."""
    session.add(ResidentChange(**_row(change, own=True, due_at=now)))
    detail: dict[str, str | int] = {"fields": ",".join(sorted(change.fields))}
    action = "resident_added" if change.adds else "resident_changed"
    audit.record(session, login, action, str(change.resident_id), detail, now=now)


# --- on their way ---


def due(session: Session, now: datetime, limit: int) -> tuple[tuple[Change, int], ...]:
    """Changes to be sent now and how often each failed, the oldest first.

    Of a person only the first: nothing can be said of a newcomer whom the province does not know.
    One that a person must look at holds nothing up.
    """
    earlier = aliased(ResidentChange)
    blocked = exists().where(
        earlier.resident_id == ResidentChange.resident_id,
        earlier.own,
        earlier.acknowledged_at.is_(None),
        earlier.due_at.is_not(None),
        tuple_(~earlier.adds, earlier.at, earlier.id)
        < tuple_(~ResidentChange.adds, ResidentChange.at, ResidentChange.id),
    )
    rows = session.scalars(
        select(ResidentChange)
        .where(_UNSENT, ~blocked)
        .where(or_(ResidentChange.due_at <= now, ResidentChange.due_at > now + FARTHEST))
        .order_by(ResidentChange.due_at, ResidentChange.at, ResidentChange.id)
        .limit(limit)
    )
    return tuple((view(row), row.attempts) for row in rows)


def to_carry(session: Session, limit: int) -> tuple[Change, ...]:
    """What goes on a stick: all without a receipt but those that a person must look at."""
    rows = session.scalars(
        select(ResidentChange)
        .where(_UNSENT, ResidentChange.due_at.is_not(None))
        .order_by(ResidentChange.at, ResidentChange.id)
        .limit(limit)
    )
    return tuple(map(view, rows))


def named(session: Session, ids: Sequence[UUID]) -> tuple[tuple[Change, int], ...]:
    """Those of these changes of one's own that have no receipt, and how often each failed."""
    rows = session.scalars(select(ResidentChange).where(_UNSENT, ResidentChange.id.in_(ids)))
    return tuple((view(row), row.attempts) for row in rows)


def waiting(session: Session) -> int:
    """How many of one's own changes have no receipt, those that need a person included."""
    query = select(func.count()).select_from(ResidentChange).where(_UNSENT)
    return session.scalar(query) or 0


def stuck(session: Session) -> int:
    """How many of them a person must look at."""
    query = select(func.count()).select_from(ResidentChange).where(_UNSENT)
    return session.scalar(query.where(ResidentChange.due_at.is_(None))) or 0


def settle(session: Session, found: Sequence[Settlement], now: datetime) -> None:
    """Keep receipts and failures of changes together; `submission_id` names the change."""
    for each in found:
        row = session.get(ResidentChange, each.submission_id)
        if row is None or row.acknowledged_at is not None:
            continue
        if keep_outcome(row, each, now):
            audit.record(session, "", "change_acknowledged", str(row.id), now=now)


def retry(session: Session, resident_id: UUID, login: str, now: datetime) -> None:
    """Send again what a person has looked at."""
    session.execute(
        update(ResidentChange)
        .where(
            ResidentChange.resident_id == resident_id,
            ResidentChange.own,
            ResidentChange.acknowledged_at.is_(None),
        )
        .values(due_at=now)
    )
    audit.record(session, login, "send_again", str(resident_id), now=now)


@dataclass(frozen=True, repr=False)
class Sending:
    """What became of a change on its way; `due_at` None without a receipt: a person must act."""

    change: Change
    name: str
    due_at: datetime | None
    acknowledged_at: datetime | None
    error_fields: Mapping[str, str | int]


def sendings(session: Session, limit: int = 50) -> tuple[Sending, ...]:
    """One's own changes: those without a receipt first, then the latest receipts."""
    rows = session.execute(
        select(ResidentChange, Resident.name)
        .outerjoin(Resident, Resident.id == ResidentChange.resident_id)
        .where(ResidentChange.own)
        .order_by(ResidentChange.acknowledged_at.is_not(None), ResidentChange.at.desc())
        .limit(limit)
    )
    return tuple(
        Sending(
            view(row), name or "", row.due_at, row.acknowledged_at, json.loads(row.error_fields)
        )
        for row, name in rows
    )


def view(row: ResidentChange) -> Change:
    """A row as it is handed out."""
    after = json.loads(row.after)
    return Change(
        id=row.id,
        resident_id=row.resident_id,
        fields={name: (old, new) for name, (old, new) in json.loads(row.fields).items()},
        after={name: tuple(map(UUID, ids)) for name, ids in after.items()},
        at=row.at,
        by=row.by,
        material=row.material,
        adds=row.adds,
        office=row.office,
        device=row.device,
        own=row.own,
        place=row.place,
        acknowledged=row.acknowledged_at is not None,
        error_code=row.error_code,
    )


def _row(
    change: Change, *, place: int | None = None, own: bool = False, due_at: datetime | None = None
) -> dict[str, object]:
    after = {name: [str(each) for each in ids] for name, ids in change.after.items()}
    return {
        "id": change.id,
        "resident_id": change.resident_id,
        "place": place,
        "fields": json.dumps(dict(change.fields), ensure_ascii=False, sort_keys=True),
        "after": json.dumps(after, sort_keys=True),
        "adds": change.adds,
        "at": change.at,
        "by": change.by,
        "material": change.material,
        "office": change.office,
        "device": change.device,
        "own": own,
        "due_at": due_at,
        "attempts": 0,
        "acknowledged_at": None,
        "receipt": b"",
        "error_code": "",
        "error_fields": "{}",
    }
