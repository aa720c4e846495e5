"""What the form window needs of the office around it, so that a test can stand in for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from desktop.questions.base import Surroundings
from desktop.windows.form_outline import FormSession
from desktop.windows.form_saving import Deliver


class Filling(Protocol):
    """What the window needs of `casework.filling.Filling`."""

    @property
    def session(self) -> FormSession:
        """The answers."""


@dataclass(frozen=True, repr=False)
class LicenceLine:
    """A licence of the applicant that can stand in the place of the paper that `ref` asks for."""

    ref: str
    id: str
    name: str
    used: bool


class HeldDoors(Protocol):
    """What data already held answer. GUI thread; Futures fail with errors that have a code."""

    @property
    def trigger(self) -> str:
        """Ref of the question that asks for the applicant's ID number."""

    def answers(self) -> Mapping[str, str]:
        """What is held of the applicant by ref; {} where nobody is known."""

    def fillable(self) -> Mapping[str, str]:
        """Those of them that nobody has answered otherwise; on record."""

    def licences(self) -> Sequence[LicenceLine]:
        """Licences that the applicant holds for papers of this form."""

    def use(self, line: LicenceLine, guardian: str) -> Future[str]:
        """Record the consent and put the licence in the paper's place; the answer for it."""


def _words_of(error: Exception) -> str:
    return str(error)


@dataclass(frozen=True)
class FormDoors:
    """What the window may ask of the office.

    Attributes:
        autosave: Puts the draft into the store.
        attach: Keeps a file: ref, name, media type, bytes; the Future holds the name to answer.
        deliver: `GuiThread.deliver`.
        explain: What a failure means, in the clerk's words.
        around: What questions may use.
        grades: Data grade of a ref without positions; decides what the read-back page masks.
        now: The time to show beside "saved".
        held: What data already held answer; None where nothing is.
    """

    autosave: Callable[[], Future[Any]]
    attach: Callable[[str, str, str, bytes], Future[str]]
    deliver: Deliver
    explain: Callable[[Exception], str] = _words_of
    around: Surroundings = field(default_factory=Surroundings)
    grades: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    held: HeldDoors | None = None
