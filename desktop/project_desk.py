"""What the windows ask about projects of ODK servers: their settings, their forms, their state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ProjectLine:
    """A project in use.

    Attributes:
        login: "" where the address itself lets in.
        forms: How many it offers here.
        by_hand: Whether submissions go only when somebody presses Send now.
        trouble: Code of why its server cannot be used now, or ""; its fields in `trouble_fields`.
    """

    id: str
    name: str
    host: str
    login: str
    forms: int
    fetched_at: datetime | None
    by_hand: bool = False
    trouble: str = ""
    trouble_fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class FoundProject:
    """Settings that were read and are not kept yet. Has no repr: `account` holds a secret."""

    name: str
    host: str
    login: str
    account: object


@dataclass(frozen=True)
class FetchedForms:
    """Names of forms that are new, and (name, error code, fields) of those that cannot be used."""

    new: tuple[str, ...]
    refused: tuple[tuple[str, str, Mapping[str, str | int]], ...]
    offered: int


class ProjectDesk(Protocol):
    """Projects of ODK servers. Futures fail with errors that have a code."""

    def may_add(self) -> bool:
        """Whether who is signed in may add and remove projects."""
        ...

    def may_fetch(self) -> bool:
        """Whether who is signed in may ask for newer forms."""
        ...

    def projects(self) -> Sequence[ProjectLine]:
        """The projects in use."""
        ...

    def read(self, data: bytes) -> Future[FoundProject]:
        """The project in a picture of a settings code, or in its text."""
        ...

    def typed(self, url: str, login: str, password: str) -> FoundProject:
        """A project by its address; without a login the password is a token, or "" for neither."""
        ...

    def try_out(self, found: FoundProject) -> Future[Sequence[str]]:
        """Names of the forms that the server offers; nothing is kept."""
        ...

    def add(self, found: FoundProject) -> Future[FetchedForms]:
        """Keep a project and fetch its forms."""
        ...

    def fetch(self, project: str) -> Future[FetchedForms]:
        """Look for newer forms."""
        ...

    def remove(self, project: str) -> Future[None]:
        """Forget a project's settings and offer its forms no more."""
        ...
