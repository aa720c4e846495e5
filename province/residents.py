"""Changes that offices make to residents: taken once, merged field by field, never lost.

A change names for each of its fields the changes that it comes after. Changes of a field that no
other one comes after are its heads; two heads with different values are a conflict, in which the
one that arrived first is shown until somebody settles it (docs/protocol.md section 20).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from province.encoding import canonical, to_rfc3339, to_time, uuid7
from province.errors import ChangeInvalid, IdConflict, Unknown
from province.keys import SigningKey
from province.members import NO_NUL, Moment, at_most
from province.models import Office, Record, RecordChange, Slice

if TYPE_CHECKING:
    from province.accounts import Caller

KIND = "residents"
PURPOSE = b"lastmile/1 change-receipt\n"
TOWNSHIP = 9  # digits of a division code
FIELDS = (
    "name", "id_no", "sex", "birth", "nation", "phone", "household", "relation", "village",
    "address", "same_as",
)  # fmt: skip
SAME_AS = "same_as"  # the id of the record that stands for this person
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_NO = re.compile(r"[1-9]\d{16}[\dX]")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Text = Annotated[str, Field(max_length=200, pattern=NO_NUL)]


class Value(BaseModel):
    """What a field held for the author, and what it is to hold."""

    old: Text = ""
    new: Text


class ChangeIn(BaseModel):
    """Body of `PUT /residents/{resident}/changes/{change}`."""

    model_config = ConfigDict(extra="ignore")

    fields: Annotated[
        dict[str, Value], Field(min_length=1, max_length=len(FIELDS)), at_most(len(FIELDS))
    ]
    after: Annotated[
        dict[str, Annotated[list[UUID], Field(max_length=64)]],
        Field(max_length=len(FIELDS)),
        at_most(len(FIELDS)),
    ] = Field(default_factory=dict)
    adds: bool = False
    at: Moment
    by: Annotated[str, Field(max_length=100, pattern=NO_NUL)] = ""
    material: Text = ""


@dataclass(frozen=True)
class Change:
    """A change as it is held: `body` as it goes over the wire, without its id."""

    id: str
    body: Mapping[str, Any]

    def after(self, field: str) -> Collection[str]:
        """The changes of a field that this one comes after."""
        found: Collection[str] = self.body["after"].get(field, ())
        return found

    def written(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return {"id": self.id, **self.body}


def take(
    session: Session,
    caller: Caller,
    ids: tuple[UUID, UUID],
    body: ChangeIn,
    key: SigningKey,
    now_ms: int,
) -> tuple[dict[str, str], bool]:
    """Take a change in; the signed receipt, and whether it is new.

    Args:
        session: In a transaction.
        caller: The device that sends it.
        ids: Of the resident and of the change.
        body: The change.
        key: Signs the receipt.
        now_ms: The time.

    Raises:
        ChangeInvalid: A field that residents do not have, or a value that cannot be.
        Unknown: No such resident in the office's township.
        IdConflict: Another content is held under this id.
    """
    resident, change_id = str(ids[0]), str(ids[1])
    office = session.get_one(Office, caller.office_id)
    place, said = office.division[:TOWNSHIP], _said(body, change_id)
    digest = sha256(canonical({"resident": resident, **said})).hexdigest()
    held = session.get(RecordChange, change_id)
    if held is not None:
        if held.digest != digest or held.office_id != office.id:
            raise IdConflict
        return json.loads(held.receipt), False
    counter = lock_slice(session, KIND, place)
    record = session.get(Record, (KIND, place, resident))
    if record is None and body.adds:
        record = Record(kind=KIND, division=place, id=resident, position=0, data="{}")
        session.add(record)
    if record is None or record.data is None:
        raise Unknown
    receipt = key.receipt(
        {
            "v": 1,
            "resident": resident,
            "change": change_id,
            "office": office.id,
            "sha256": digest,
            "received_at": to_rfc3339(now_ms),
        },
        purpose=PURPOSE,
    )
    signed = {**said, "office": office.name, "device": caller.device_id}
    _append(session, record, Change(change_id, signed), digest, json.dumps(receipt), office.id)
    _move_up(counter, record)
    return receipt, True


def import_over(session: Session, record: Record, data: Mapping[str, object], now_ms: int) -> None:
    """Let the province's own register change a person: a change like any other, by nobody."""
    before = json.loads(record.data or "{}")
    names = [n for n in FIELDS if n != SAME_AS and str(before.get(n, "")) != str(data.get(n, ""))]
    known = of_records(session, record.division, [record.id]).get(record.id, ())
    if not known or not names:
        return  # nothing was ever changed here: the register's own state is the beginning
    said = {
        "fields": {n: {"old": str(before.get(n, "")), "new": str(data.get(n, ""))} for n in names},
        "after": {n: [each.id for each in heads(known, n)] for n in names},
        "adds": False,
        "at": to_rfc3339(now_ms),
        "by": "",
        "material": "",
        "office": "",
        "device": "",
    }
    _append(session, record, Change(uuid7(now_ms), said), "", "", "")


def of_records(
    session: Session, division: str, ids: Sequence[str]
) -> dict[str, tuple[Change, ...]]:
    """The changes of residents of a township, each person's in the order of arrival."""
    rows = session.scalars(
        select(RecordChange)
        .where(RecordChange.division == division, RecordChange.record_id.in_(ids))
        .order_by(RecordChange.record_id, RecordChange.place)
    )
    found: dict[str, list[Change]] = {}
    for row in rows:
        found.setdefault(row.record_id, []).append(Change(row.id, json.loads(row.body)))
    return {record_id: tuple(changes) for record_id, changes in found.items()}


def heads(changes: Sequence[Change], field: str) -> tuple[Change, ...]:
    """Changes of a field that no other one comes after, in the order of arrival."""
    touching = [each for each in changes if field in each.body["fields"]]
    gone = {name for each in touching for name in each.after(field)}
    return tuple(each for each in touching if each.id not in gone)


def lock_slice(session: Session, kind: str, place: str) -> Slice:
    """The counter row of a slice, locked until the commit."""
    counter = session.get(Slice, (kind, place), with_for_update=True)
    if counter is None:
        counter = Slice(kind=kind, division=place, last=0)
        session.add(counter)
        session.flush()  # of two that make it at once, one is run again
    return counter


def _append(
    session: Session, record: Record, change: Change, digest: str, receipt: str, office_id: str
) -> None:
    session.flush()
    last = session.scalar(
        select(func.max(RecordChange.place)).where(
            RecordChange.division == record.division, RecordChange.record_id == record.id
        )
    )
    session.add(
        RecordChange(
            id=change.id,
            division=record.division,
            record_id=record.id,
            place=(last or 0) + 1,
            office_id=office_id,
            digest=digest,
            body=canonical(change.body).decode(),
            receipt=receipt,
        )
    )
    session.flush()
    known = of_records(session, record.division, [record.id])[record.id]
    data = json.loads(record.data or "{}")
    for name in change.body["fields"]:
        if found := heads(known, name):
            data[name] = found[0].body["fields"][name]["new"]
    record.data = canonical(data).decode()


def _move_up(counter: Slice, record: Record) -> None:
    counter.last += 1
    record.position = counter.last


def _said(body: ChangeIn, change_id: str) -> dict[str, Any]:
    wrong = [
        {"pointer": f"/fields/{name}" if name in FIELDS else "/fields", "code": why, "message": ""}
        for name, value in body.fields.items()
        if (why := _wrong(name, value.new))
    ]
    named = {str(each) for found in body.after.values() for each in found}
    if change_id in named or not set(body.after) <= set(body.fields):
        wrong.append({"pointer": "/after", "code": "after", "message": ""})
    if wrong:
        raise ChangeInvalid(wrong)
    return {
        "fields": {name: value.model_dump() for name, value in body.fields.items()},
        "after": {name: [str(each) for each in found] for name, found in body.after.items()},
        "adds": body.adds,
        "at": to_time(body.at),
        "by": body.by,
        "material": body.material,
    }


def _wrong(name: str, value: str) -> str:
    if name not in FIELDS:
        return "field"
    if _UNSEEN.search(value):
        return "characters"
    if name == "name" and not value.strip():
        return "required"
    if name == SAME_AS and value and not _UUID.fullmatch(value):
        return "same_as"
    return "id_no" if name == "id_no" and value and not _is_id_no(value) else ""


def check_digit(seventeen: str) -> str:
    """The last character of an ID number (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _is_id_no(value: str) -> bool:
    return bool(_ID_NO.fullmatch(value)) and check_digit(value[:17]) == value[17]
