"""What windows show and ask of the resident base: plain values, and the contract behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

FIELDS = (
    "name", "id_no", "sex", "birth", "nation", "phone", "village", "household", "relation",
    "address",
)  # fmt: skip
DOUBLE = "double:"  # begins what names two records of one ID number
RESIDENT = "resident:"  # begins what names a resident where a case could stand


@dataclass(frozen=True, repr=False)
class PersonLine:
    """A person in a list; numbers are masked. Has no repr: it names somebody."""

    id: str
    name: str
    id_no: str
    village: str
    household: str
    relation: str = ""
    clashing: bool = False


@dataclass(frozen=True, repr=False)
class HistoryLine:
    """One field of one change, as far as it may be shown."""

    field: str
    old: str
    new: str
    at: datetime
    by: str
    office: str
    material: str
    state: Literal["sent", "waiting", "refused"]
    error_code: str = ""


@dataclass(frozen=True, repr=False)
class PersonPage:
    """A person with everything known; `values` are codes, `shown` are words."""

    line: PersonLine
    values: Mapping[str, str]
    shown: Mapping[str, str]
    household: tuple[PersonLine, ...]
    history: tuple[HistoryLine, ...]
    clashing: tuple[str, ...] = ()
    records: tuple[PersonLine, ...] = ()  # joined with this one; their history stands after its own


@dataclass(frozen=True, repr=False)
class Difference:
    """A field in which an accepted case differs from the base; values as people read them."""

    field: str
    held: str
    said: str


class PeopleDesk(Protocol):
    """The resident base. Futures fail with errors that have a code."""

    def count(self) -> int:
        """How many people are held here."""
        ...

    def find(self, text: str) -> Sequence[PersonLine]:
        """People who hold every part of the text; nobody for none."""
        ...

    def page(self, person_id: str) -> PersonPage:
        """One person; fails where the person has left the base."""
        ...

    def choices(self, field: str) -> Sequence[tuple[str, str]]:
        """Code and word of a field with a list of codes."""
        ...

    def reveal(self, person_id: str, reason: str) -> Future[Mapping[str, str]]:
        """All values whole; on record with the reason."""
        ...

    def edit(self, person_id: str, values: Mapping[str, str], material: str) -> Future[bool]:
        """Change fields; whether anything was changed."""
        ...

    def add(self, values: Mapping[str, str], material: str) -> Future[str]:
        """Bring a person into the base; the person's id."""
        ...

    def may_separate(self) -> bool:
        """Whether who is signed in may separate records."""
        ...

    def separate(self, record_id: str, material: str) -> Future[None]:
        """Let a record that was joined with another one stand for itself again."""
        ...

    def send_again(self, person_id: str) -> Future[None]:
        """Let refused changes go out again."""
        ...

    def differences(self, case_id: str) -> Future[Sequence[Difference]]:
        """What a case says otherwise than the base."""
        ...

    def give_back(self, case_id: str) -> Future[bool]:
        """Take that over into the base, with the case as its material."""
        ...
