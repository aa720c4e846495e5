"""What the functions of an expression ask of a session: clock, lists, texts, randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from forms.errors import EvaluationError
from forms.nodes import Node
from forms.parse import Definition, path_of
from forms.showing import Showing
from forms.xpath import ANY_NAMESPACE, compile_expression


@dataclass
class Surroundings:
    """The host of all expressions of a session."""

    definition: Definition
    clock: Callable[[], datetime]
    day: Callable[[], date]
    make_id: Callable[[], str]
    draw: Callable[[], float]
    language: str | None
    properties: Mapping[str, str] = field(default_factory=dict)
    last_saved: Node | None = None
    main: Node | None = None
    showing: Showing | None = None
    csv_lists: Mapping[str, Node] = field(default_factory=dict)
    location: Callable[[], str | None] | None = None
    meter: list[int] = field(default_factory=lambda: [0])  # visits of nodes in this operation

    def instance(self, name: str) -> Node | None:
        """The secondary instance `name`, or the one saved last."""
        if name in self.definition.last_saved:
            return self.last_saved or Node(1, "instance")
        return self.definition.instances.get(name)

    def now(self) -> datetime:
        """The moment."""
        return self.clock()

    def today(self) -> date:
        """The day."""
        return self.day()

    def new_id(self) -> str:
        """A fresh UUID."""
        return self.make_id()

    def random(self) -> float:
        """A number in [0, 1)."""
        return self.draw()

    def itext(self, text_id: str) -> str:
        """The words of `text_id`."""
        if self.showing is None or self.main is None:
            return ""
        return self.showing.parts(self.showing.text(text_id).parts, self.main)

    def choice_name(self, value: str, ref: str, context: Node) -> str:
        """The label of the choice `value` of the question at `ref`."""
        if self.showing is None:
            return ""
        ctx = self.showing.context(context)
        found = compile_expression(ref.strip(), {"": ANY_NAMESPACE}).nodes(ctx)
        place = found[0].info if found else self.definition.places.get(path_of(ref, ()))
        if place is None or place.control is None:
            raise EvaluationError(reason="jr:choice-name() of what is no question")
        node = found[0] if found else context
        choices = self.showing.choices(place.control, node)
        return next((each.label for each in choices if each.value == value), "")

    def pulldata(self, source: str, wanted: str, key: str, value: str) -> str:
        """A cell of the list `source`."""
        top = self.definition.instances.get(source.removesuffix(".csv"))
        for root in top.children if top else ():
            for row in root.children:
                if any(cell.text == value for cell in row.at(key)):
                    return next((cell.text for cell in row.at(wanted)), "")
        return ""
