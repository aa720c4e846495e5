"""What the windows ask about the office itself: its people, its link, one's own password."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal, Protocol

from desktop.desk import Place
from desktop.project_desk import ProjectDesk
from store.views import Recovery


@dataclass(frozen=True)
class PersonLine:
    """Somebody with a login; `locked` after too many wrong passwords, `me` is who looks."""

    login: str
    name: str
    role: str
    locked: bool = False
    me: bool = False


@dataclass(frozen=True)
class LinkLine:
    """Where this computer sends to; "" where it is not connected."""

    province: str = ""
    office: str = ""
    url: str = ""
    place: Place = field(default=Place())


@dataclass(frozen=True)
class OfferLine:
    """What an enrolment file says; `until` is the last local day on which it serves."""

    province: str
    office: str
    division: str
    place: str
    url: str
    until: str
    fingerprint: str
    again: bool = False


@dataclass(frozen=True)
class StoreState:
    """How the store stands.

    Attributes:
        room: low: the office is warned; stop: nothing new is begun.
        free_mib: Room left on the disk, MiB.
        recovery: What happened if the store had to be made again at this sign-in.
    """

    room: Literal["plenty", "low", "stop"] = "plenty"
    free_mib: int = 0
    recovery: Recovery | None = None


class Care(Protocol):
    """Looking after the office. Futures fail with errors that have a code."""

    def store_state(self) -> StoreState:
        """How the store stands at this moment."""
        ...

    def roles(self) -> Sequence[str]:
        """Roles that who is signed in may give; empty: manages nobody."""
        ...

    def connects(self) -> bool:
        """Whether who is signed in may connect this computer."""
        ...

    def people(self) -> Sequence[PersonLine]:
        """Everybody with a login."""
        ...

    def link(self) -> LinkLine:
        """Where this computer sends to."""
        ...

    def add(self, login: str, name: str, role: str, password: str) -> Future[None]:
        """Give somebody a login with a first password."""
        ...

    def reset(self, login: str, password: str) -> Future[None]:
        """Give somebody a new first password."""
        ...

    def unlock(self, login: str) -> Future[None]:
        """Let somebody try again."""
        ...

    def remove(self, login: str) -> Future[None]:
        """Take a login away."""
        ...

    def change_own(self, password: str) -> Future[None]:
        """Change the password of who is signed in."""
        ...

    def connect(self, url: str, code: str) -> Future[LinkLine]:
        """Connect this computer to its province with a one-time code."""
        ...

    def enrolment_files(self) -> Future[Sequence[str]]:
        """Paths of enrolment files on sticks and beside the program."""
        ...

    def look_at(self, path: str) -> Future[OfferLine]:
        """What an enrolment file says; nothing is sent."""
        ...

    def connect_by_file(self, path: str) -> Future[LinkLine]:
        """Connect this computer by an enrolment file."""
        ...

    def delete_file(self, path: str) -> Future[None]:
        """Delete a used enrolment file."""
        ...

    def project_desk(self) -> ProjectDesk:
        """Projects of ODK servers."""
        ...
