"""What a template is made of. All lengths are millimetres from the top left corner of the page."""

from dataclasses import dataclass

from printing.art import Segment


@dataclass(frozen=True)
class Rule:
    """When an element is drawn.

    Attributes:
        when: Field that must not be blank, or "".
        unless: Field that must be blank, or "".
        on: Pages: `all`, `first`, `later` or `last`.
        after: Name of the box whose unused height this moves up by, or "".
        language: BCP 47 of the print it belongs to, or "" for all.
        line: Line of the SVG, for messages.
    """

    when: str = ""
    unless: str = ""
    on: str = "all"
    line: int = 0
    after: str = ""
    language: str = ""


@dataclass(frozen=True)
class Style:
    """How a text looks.

    Attributes:
        role: Of the font, as in `printing.fonts`.
        size: Millimetres.
        colour: `#rrggbb`.
        align: start, middle, end or justify.
    """

    role: str
    size: float
    colour: str
    align: str


@dataclass(frozen=True)
class Shape:
    """Art: an outline with fill and stroke; a colour is `#rrggbb` or "" for none."""

    path: tuple[Segment, ...]
    fill: str
    stroke: str
    width: float
    dash: tuple[float, ...]
    rule: Rule


@dataclass(frozen=True)
class Label:
    """One line of text at a baseline. A label with `fit` shrinks to that width."""

    x: float
    y: float
    text: str
    style: Style
    angle: float
    fit: float
    rule: Rule


@dataclass(frozen=True)
class Box:
    """Text that wraps in a rectangle and shrinks to `smallest` before it overflows.

    Attributes:
        leading: Line height as a multiple of the size.
        indent: Indent of each paragraph's first line, in em.
        place: `top`, `middle` or `bottom`.
        name: For what stands after it; alternatives may share one.
    """

    x: float
    y: float
    width: float
    height: float
    text: str
    style: Style
    leading: float
    indent: float
    place: str
    smallest: float
    rule: Rule
    name: str = ""


@dataclass(frozen=True)
class Code:
    """A square for the QR of a field."""

    x: float
    y: float
    size: float
    field: str
    rule: Rule


@dataclass(frozen=True)
class Photo:
    """A frame for the picture of a field of kind `photo`; it keeps its proportions."""

    x: float
    y: float
    width: float
    height: float
    field: str
    rule: Rule


@dataclass(frozen=True)
class SealArea:
    """Where the seal goes; empty unless the print is given one of that name."""

    x: float
    y: float
    width: float
    height: float
    name: str
    rule: Rule


@dataclass(frozen=True)
class Repeat:
    """Elements drawn once for each row of a field.

    Attributes:
        step: Height of a row, unless a box in it needs more.
        top: Upper edge of the first row.
        bottom: No row reaches below this; the rest goes to the next page.
    """

    field: str
    step: float
    top: float
    bottom: float
    elements: tuple["Element", ...]
    rule: Rule


Element = Shape | Label | Box | Code | Photo | SealArea | Repeat
