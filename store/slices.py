"""How far the slices of the province's records were read, and the licences they bring."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from store import settings
from store.errors import LicenceGone
from store.resident_models import Licence as Row

LICENCES = "licences"
_SETTING = "slice_"
_MEMBERS = ("holder_id_no", "kind", "name", "number", "issuer", "issued_on", "valid_until")


@dataclass(frozen=True)
class Progress:
    """Where a slice was read up to.

    Attributes:
        more: Whether the province said that there is more.
        place: The township that the slice belongs to.
        moved: Whether the pull from the beginning is that of a new township.
    """

    cursor: str
    more: bool
    place: str
    moved: bool = False


@dataclass(frozen=True, repr=False)
class Licence:
    """An electronic certificate of a resident; days as YYYY-MM-DD, `valid_until` "" for ever."""

    id: UUID
    holder_id_no: str
    kind: str
    name: str
    number: str
    issuer: str = ""
    issued_on: str = ""
    valid_until: str = ""


def cursor(session: Session, kind: str) -> str:
    """Where a slice was read up to; "" at the beginning."""
    return str(_state(session, kind).get("cursor", ""))


def reading(session: Session, kind: str) -> bool:
    """Whether a pull from the beginning is under way, or never was begun."""
    return bool(_state(session, kind).get("sweeping", True))


def sweep(session: Session, kind: str) -> int:
    """The number of the pull from the beginning that is under way, or was the last."""
    return int(str(_state(session, kind).get("sweep", 1)))


def place(session: Session, kind: str) -> str:
    """The township that what is held belongs to; "" before the first page."""
    return str(_state(session, kind).get("place", ""))


def pulled_at(session: Session, kind: str) -> datetime | None:
    """When the slice was last read to its end."""
    at = _state(session, kind).get("pulled_at")
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def note_pulled(session: Session, kind: str, now: datetime) -> None:
    """Keep that the slice was read to its end."""
    _put(session, kind, {**_state(session, kind), "pulled_at": now.isoformat()})


def begin_again(session: Session, kind: str) -> None:
    """Read the slice from the beginning; what is not told of again goes at its end."""
    state = _state(session, kind)
    again = {"cursor": "", "sweep": sweep(session, kind) + 1, "sweeping": True}
    _put(session, kind, {**state, **again})


def advance(session: Session, kind: str, page: Progress) -> bool:
    """Keep the cursor; whether a pull from the beginning has come to its end."""
    state = _state(session, kind)
    ended = reading(session, kind) and not page.more
    now = {
        "cursor": page.cursor,
        "sweep": sweep(session, kind),
        "sweeping": reading(session, kind) and page.more,
    }
    if ended:
        now["place"] = page.place
    _put(session, kind, {**state, **now})
    return ended


def _state(session: Session, kind: str) -> dict[str, object]:
    state: dict[str, object] = json.loads(settings.get(session, _SETTING + kind) or b"{}")
    return state


def _put(session: Session, kind: str, state: Mapping[str, object]) -> None:
    settings.put(session, _SETTING + kind, json.dumps(dict(state), sort_keys=True).encode())


# --- licences ---


def take_licences(
    session: Session, told: Sequence[tuple[UUID, Mapping[str, str] | None]], page: Progress
) -> None:
    """Take over a page of licences and how far it was read; None withdraws one."""
    this = sweep(session, LICENCES)
    for licence_id, data in told:
        if data is None:
            session.execute(delete(Row).where(Row.id == licence_id))
            continue
        values = {name: str(data.get(name, "") or "") for name in _MEMBERS} | {"sweep": this}
        put = insert(Row).values(id=licence_id, **values)
        session.execute(put.on_conflict_do_update(index_elements=["id"], set_=values))
    if advance(session, LICENCES, page):
        session.execute(delete(Row).where(Row.sweep != this))


def licences_of(session: Session, id_no: str, today: str) -> tuple[Licence, ...]:
    """Licences of a person in force on a day (YYYY-MM-DD), by name."""
    query = select(Row).where(Row.holder_id_no == id_no, Row.holder_id_no != "")
    rows = session.scalars(query.order_by(Row.name, Row.id))
    return tuple(_view(row) for row in rows if not row.valid_until or row.valid_until >= today)


def get_licence(session: Session, licence_id: UUID) -> Licence:
    """One licence.

    Raises:
        LicenceGone: No such licence here.
    """
    row = session.get(Row, licence_id)
    if row is None:
        raise LicenceGone
    return _view(row)


def _view(row: Row) -> Licence:
    return Licence(row.id, *(getattr(row, name) for name in _MEMBERS))
