"""A form as its author wrote it: what never changes while answers come and go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.nodes import Node
from forms.views import Media
from forms.xpath import Compiled

Path = tuple[str, ...]


@dataclass(frozen=True)
class TextValue:
    """One translation of one text.

    Attributes:
        parts: Strings and the expressions of `<output>` between them.
    """

    parts: tuple[str | Compiled, ...] = ()
    guidance: tuple[str | Compiled, ...] = ()
    short: tuple[str | Compiled, ...] = ()
    media: Media = field(default_factory=Media)


@dataclass(frozen=True)
class Label:
    """A label or hint: fixed parts, or the id of a text (itself perhaps an expression)."""

    parts: tuple[str | Compiled, ...] = ()
    text_id: str | Compiled | None = None


@dataclass(frozen=True)
class Itemset:
    """Choices taken from nodes: `nodes`, and below each the value and the label."""

    nodes: Compiled
    value: Compiled
    label: Compiled | None
    label_is_text_id: bool = False


@dataclass(frozen=True)
class FixedChoice:
    """One choice that stands in the form."""

    value: str
    label: Label


@dataclass(frozen=True)
class Control:
    """What the body shows for a node."""

    kind: str
    line: int
    label: Label | None = None
    hint: Label | None = None
    appearance: tuple[str, ...] = ()
    choices: tuple[FixedChoice, ...] = ()
    itemset: Itemset | None = None
    media_accept: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bind:
    """The rules of a node."""

    data_type: str = "string"
    relevant: Compiled | None = None
    calculate: Compiled | None = None
    readonly: Compiled | None = None
    required: Compiled | None = None
    constraint: Compiled | None = None
    required_message: Label | None = None
    constraint_message: Label | None = None
    preload: str = ""
    preload_params: str = ""
    line: int = 0


@dataclass(frozen=True)
class Setter:
    """A `setvalue` or `setgeopoint`: when one of `events` happens, `target` takes a value.

    Attributes:
        kind: Name of the action; "setgeopoint" takes the place where the person is.
        source: Node whose change or repeat whose new instance triggers it; () for the form.
        chosen: The target's own expression, when predicates in it choose among instances.
    """

    target: Path
    events: frozenset[str]
    value: Compiled | None
    text: str
    source: Path
    kind: str = "setvalue"
    line: int = 0
    chosen: Compiled | None = None


@dataclass(eq=False)
class Place:
    """One node of the definition: where it stands and what holds for it.

    Attributes:
        repeat: The control of the repeat, when instances of this node come and go.
        count: `jr:count` of the repeat.
        fixed: `jr:noAddRemove`.
        template: What a new instance of the repeat looks like.
        defaults: What the first instances look like, as the form defines them one by one.
        attributes: Places of its attributes.
        number: Position in document order among all places, from 0.
        repeats: Paths of the repeats around this place, itself included, from outside in; filled in
            when the whole form is read.
        ref: The path as written, without positions.
        around, tail: The innermost repeat and the end of the path below it; filled in with
            `repeats`.
    """

    path: Path
    bind: Bind
    parent: Place | None
    control: Control | None = None
    repeat: Control | None = None
    count: Compiled | None = None
    fixed: bool = False
    template: Node | None = None
    defaults: list[Node] = field(default_factory=list)
    children: list[Place] = field(default_factory=list)
    triggers: list[Setter] = field(default_factory=list)
    attributes: list[Place] = field(default_factory=list)
    number: int = 0
    repeats: tuple[Path, ...] = ()
    ref: str = field(init=False)
    around: Place | None = None
    tail: str = ""

    def __post_init__(self) -> None:
        self.ref = "/" + "/".join(self.path)

    def walk(self) -> Iterator[Place]:
        """This place and all below it, attributes included, in document order."""
        yield self
        yield from self.attributes
        for child in self.children:
            yield from child.walk()
