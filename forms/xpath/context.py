"""Where an expression is evaluated, and what it may ask of the form around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from forms.errors import EvaluationError, TooMuchWork
from forms.nodes import Node

MAX_VISITS = 500_000  # nodes that one operation of a session may go through


class Host(Protocol):
    """What the functions of ODK need beyond the tree."""

    language: str | None
    meter: list[int]  # how many nodes were visited since it was last set to 0

    def instance(self, name: str) -> Node | None:
        """Root node of the instance `name`; None when the form has none."""
        ...

    def now(self) -> datetime:
        """The moment, with a zone."""

    def today(self) -> date:
        """The calendar day at the person's place."""

    def new_id(self) -> str:
        """A fresh UUID without prefix."""

    def random(self) -> float:
        """A number in [0, 1)."""

    def itext(self, text_id: str) -> str | list[Node]:
        """The text `text_id` in the current language; "" when there is none."""

    def choice_name(self, value: str, ref: str, context: Node) -> str:
        """Label of the choice `value` of the question at `ref`; "" when there is none."""

    def pulldata(self, source: str, wanted: str, key: str, value: str) -> str:
        """Cell of the CSV `source` in column `wanted` where column `key` is `value`; or ""."""


class Bare:
    """A host without a form: a clock that is given, and nothing else."""

    def __init__(self, moment: datetime | None = None, language: str | None = None) -> None:
        self._moment = moment or datetime.fromtimestamp(0, UTC)
        self.language = language
        self.meter = [0]

    def instance(self, name: str) -> Node | None:
        """There is none."""
        del name
        return None

    def now(self) -> datetime:
        """The moment given."""
        return self._moment

    def today(self) -> date:
        """The day of the moment given, at its zone."""
        return self._moment.date()

    def new_id(self) -> str:
        """Refused: randomness is an argument."""
        raise EvaluationError(reason="uuid() needs a form")

    def random(self) -> float:
        """Refused: randomness is an argument."""
        raise EvaluationError(reason="random() needs a form")

    def itext(self, text_id: str) -> str | list[Node]:
        """There is no text."""
        del text_id
        return ""

    def choice_name(self, value: str, ref: str, context: Node) -> str:
        """There are no choices."""
        del value, ref, context
        return ""

    def pulldata(self, source: str, wanted: str, key: str, value: str) -> str:
        """There is no list."""
        del source, wanted, key, value
        return ""


class Context:
    """The context of one evaluation.

    Attributes:
        node: The context node.
        current: What `current()` answers: the node that the whole expression belongs to.
        position, size: Of the context node in the list that a predicate goes through, from 1.
        root: Where absolute paths begin.
        meter: Number of nodes visited so far, as the host counts them.
        slots: What the holes of the expression's shape stand for, as the compiler made them.
    """

    __slots__ = ("current", "host", "meter", "node", "position", "root", "size", "slots")

    def __init__(
        self, node: Node, host: Host, *, root: Node | None = None, current: Node | None = None
    ) -> None:
        self.node = node
        self.host = host
        self.root = root or node.root()
        self.current = current or node
        self.position = 1
        self.size = 1
        self.meter = host.meter
        self.slots: tuple[Any, ...] = ()

    def at(self, node: Node, position: int, size: int) -> Context:
        """The same evaluation, inside a predicate."""
        inner = Context.__new__(Context)
        inner.node = node
        inner.host = self.host
        inner.root = self.root
        inner.current = self.current
        inner.position = position
        inner.size = size
        inner.slots = self.slots
        inner.meter = self.meter
        return inner


def spend(meter: list[int], visits: int) -> None:
    """Count `visits` of nodes; refuse what would keep the person waiting.

    Raises:
        TooMuchWork: More than MAX_VISITS since the meter was set to 0.
    """
    meter[0] += visits
    if meter[0] > MAX_VISITS:
        raise TooMuchWork(reason="too much to compute")


def nodes_below(nodes: Sequence[Node]) -> list[Node]:
    """Child elements of all `nodes`, in order."""
    return [child for node in nodes for child in node.elements()]
