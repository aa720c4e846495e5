"""Puts the values into a template: pages of marks in millimetres, the same for every backend.

Values are drawn as typed; nothing is trimmed or normalised. A text too long shrinks to its box's
smallest size; what still does not fit is refused by name rather than cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from printing.art import transformed
from printing.elements import (
    Box,
    Code,
    Element,
    Label,
    Photo,
    Repeat,
    Rule,
    SealArea,
    Shape,
    Style,
)
from printing.errors import BadTemplate, FieldMissing, Miss, MissingGlyph, Overflow
from printing.fonts import Fonts
from printing.scripts import shaped
from printing.template import PLACEHOLDER, Fields, Template
from printing.wrap import Line, wrap

ASCENT = 0.88  # of a Chinese em above the baseline
_SMALLEST_LABEL = 0.6  # of its size; below that a label that should fit is refused
_MAX_PAGES = 500


@dataclass(frozen=True)
class Words:
    """Text on a baseline.

    Attributes:
        spacing: Extra mm after each character.
        block: The same for the lines of one box of a page; 0 for a line of its own.
    """

    x: float
    y: float
    text: str
    style: Style
    angle: float = 0.0
    spacing: float = 0.0
    field: str = ""
    block: int = 0


@dataclass(frozen=True)
class Qr:
    """A QR to draw in a square of `size` mm, quiet zone outside it."""

    x: float
    y: float
    size: float
    payload: str


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG in a frame, as large as it fits, in the middle."""

    x: float
    y: float
    width: float
    height: float
    data: bytes
    name: str


Mark = Words | Shape | Qr | SealArea | Picture
Values = Mapping[str, str]


def lay_out(
    template: Template,
    fields: Fields,
    fonts: Fonts,
    pictures: Mapping[str, bytes] | None = None,
) -> tuple[tuple[Mark, ...], ...]:
    """Marks of each page, in drawing order.

    Args:
        template: From `load_template`.
        fields: Text by field name; rows for a field of kind `rows`.
        fonts: From `load_fonts`.
        pictures: PNG or JPEG by name of a photo field or of a seal.

    Raises:
        FieldMissing: A required field is blank.
        MissingGlyph: Characters that no font has, all of them at once.
        Overflow: A text that does not fit.
        BadTemplate: One row alone is taller than its page.
    """
    given = {**fields, **dict.fromkeys(pictures or {}, "1")}
    blank = [n for n, spec in template.fields.items() if spec.required and not given.get(n)]
    if blank:
        raise FieldMissing(blank)
    placer = _Placer(template, fields, fonts, pictures or {})
    pages = placer.pages()
    if placer.misses:
        raise MissingGlyph(tuple(dict.fromkeys(placer.misses)))
    return pages


class _Placer:
    def __init__(
        self, template: Template, fields: Fields, fonts: Fonts, pictures: Mapping[str, bytes]
    ) -> None:
        self.misses: list[Miss] = []
        self._fonts = fonts
        self._pictures = pictures
        self._blocks = 0
        self._spare: dict[str, float] = {}
        self._elements = template.elements
        self._values = {k: v for k, v in fields.items() if isinstance(v, str)}
        for name in template.fields:
            self._values.setdefault(name, "")
        self._rows: dict[str, Sequence[Mapping[str, str]]] = {
            k: v for k, v in fields.items() if not isinstance(v, str)
        }

    def pages(self) -> tuple[tuple[Mark, ...], ...]:
        for box in [e for e in self._elements if isinstance(e, Box) and e.name]:
            unused = self._unused(box)
            self._spare[box.name] = min(unused, self._spare.get(box.name, unused))
        repeats = [e for e in self._elements if isinstance(e, Repeat)]
        chunks = {id(repeat): list(self._chunks(repeat)) for repeat in repeats}
        count = max((len(c) for c in chunks.values()), default=1)
        self._values["pages"] = str(count)
        made = []
        for number in range(1, count + 1):
            self._values["page"] = str(number)
            marks: list[Mark] = []
            for element in self._elements:
                if not self._shown(element.rule, self._values, number, count):
                    continue
                if isinstance(element, Repeat):
                    parts = chunks[id(element)]
                    marks += parts[number - 1] if number <= len(parts) else []
                else:
                    up = self._spare.get(element.rule.after, 0.0)
                    marks += self._place(_moved(element, -up, 0.0), self._values)
            made.append(tuple(marks))
        return tuple(made)

    def _chunks(self, repeat: Repeat) -> Iterator[list[Mark]]:
        marks: list[Mark] = []
        top = repeat.top - self._spare.get(repeat.rule.after, 0.0)
        y = top
        for number, row in enumerate(self._rows.get(repeat.field, ()), start=1):
            values = {**self._values, **row, "row": str(number)}
            height = self._row_height(repeat, values)
            if y + height > repeat.bottom + 1e-6:
                if not marks:
                    raise Overflow(repeat.field, repeat.rule.line)
                yield marks
                marks, y = [], top
            for element in repeat.elements:
                if self._shown(element.rule, values, 1, 1):
                    moved = _moved(element, y - repeat.top, height - repeat.step)
                    marks += self._place(moved, values)
            y += height
        yield marks

    def _row_height(self, repeat: Repeat, values: Values) -> float:
        height = repeat.step
        for element in repeat.elements:
            if isinstance(element, Box):
                lines = self._lines(element, self._fill(element, values), element.style.size)
                needed = len(lines) * element.leading * element.style.size
                height = max(height, repeat.step + needed - element.height)
        return height

    def _shown(self, rule: Rule, values: Values, page: int, pages: int) -> bool:
        if rule.when and not (values.get(rule.when) or self._rows.get(rule.when)):
            return False
        if rule.unless and (values.get(rule.unless) or self._rows.get(rule.unless)):
            return False
        return {"all": True, "first": page == 1, "later": page > 1, "last": page == pages}[rule.on]

    def _place(self, element: Element, values: Values) -> list[Mark]:
        if isinstance(element, Label):
            return self._label(element, values)
        if isinstance(element, Box):
            return self._box(element, values)
        if isinstance(element, Code):
            payload = values.get(element.field, "")
            return [Qr(element.x, element.y, element.size, payload)] if payload else []
        if isinstance(element, Repeat):
            raise BadTemplate("a repeat in a repeat", element.rule.line)
        if isinstance(element, Photo | SealArea):
            return self._picture(element)
        return [element]

    def _picture(self, frame: Photo | SealArea) -> list[Mark]:
        name = frame.field if isinstance(frame, Photo) else frame.name
        data = self._pictures.get(name)
        if data:
            return [Picture(frame.x, frame.y, frame.width, frame.height, data, name)]
        return [frame] if isinstance(frame, SealArea) else []

    def _fill(self, element: Label | Box, values: Values) -> str:
        for name in PLACEHOLDER.findall(element.text):
            for character in self._fonts.missing(values.get(name, ""), element.style.role):
                self.misses.append(Miss(name, character))
        for character in self._fonts.missing(PLACEHOLDER.sub("", element.text), element.style.role):
            self.misses.append(Miss("", character))
        return PLACEHOLDER.sub(lambda found: values.get(found.group(1), ""), element.text)

    def _label(self, label: Label, values: Values) -> list[Mark]:
        text = self._fill(label, values).replace("\n", " ")
        if not text.strip() or self.misses:
            return []
        style, field = label.style, _first_name(label.text)
        width = self._fonts.width(text, style.role)
        if label.fit and width * style.size > label.fit:
            smaller = label.fit / width
            if smaller < style.size * _SMALLEST_LABEL:
                raise Overflow(field, label.rule.line)
            style = replace(style, size=smaller)
        shift = {"middle": 0.5, "end": 1.0}.get(style.align, 0.0) * width * style.size
        return [Words(label.x - shift, label.y, text, style, label.angle, 0.0, field)]

    def _box(self, box: Box, values: Values) -> list[Mark]:
        text = self._fill(box, values)
        if not text.strip() or self.misses:
            return []
        size, lines = self._fitted(box, text)
        spare = box.height - len(lines) * size * box.leading
        y = box.y + {"middle": spare / 2, "bottom": spare}.get(box.place, 0.0)
        y += (box.leading - 1) / 2 * size + ASCENT * size
        style = replace(box.style, size=size)
        self._blocks += 1
        return [
            replace(_placed(line, box, style, y + number * box.leading * size), block=self._blocks)
            for number, line in enumerate(lines)
            if line.text
        ]

    def _unused(self, box: Box) -> float:
        text = self._fill(box, self._values)
        if not text.strip() or self.misses or not self._shown(box.rule, self._values, 1, 1):
            return box.height
        size, lines = self._fitted(box, text)
        return box.height - len(lines) * size * box.leading

    def _fitted(self, box: Box, text: str) -> tuple[float, list[Line]]:
        size = box.style.size
        lines = self._lines(box, text, size)
        while len(lines) * size * box.leading > box.height + 1e-6:
            size = round(size - 0.1, 3)
            if size < box.smallest:
                raise Overflow(_first_name(box.text), box.rule.line)
            lines = self._lines(box, text, size)
        return size, lines

    def _lines(self, box: Box, text: str, size: float) -> list[Line]:
        role = box.style.role
        return wrap(text, box.width / size, lambda t: self._fonts.advances(t, role), box.indent)


def _placed(line: Line, box: Box, style: Style, y: float) -> Words:
    free = box.width - (line.indent + line.width) * style.size
    x = box.x + line.indent * style.size
    spacing = 0.0
    if style.align == "justify":
        stretched = not line.final and len(line.text) > 1 and not shaped(line.text)
        if stretched and 0 < free < 4 * style.size:
            spacing = free / (len(line.text) - 1)
    else:
        x += {"middle": 0.5, "end": 1.0}.get(style.align, 0.0) * free
    return Words(x, y, line.text, style, 0.0, spacing, _first_name(box.text))


def _first_name(text: str) -> str:
    found = PLACEHOLDER.search(text)
    return found.group(1) if found else ""


def _moved(element: Element, down: float, taller: float) -> Element:
    if isinstance(element, Shape):
        matrix = (1.0, 0.0, 0.0, 1.0, 0.0, down)
        path = transformed(element.path, matrix)
        if taller:
            top = min(p[1] for s in path for p in s.points)
            path = tuple(
                replace(
                    s, points=tuple((x, y + taller if y > top + 1e-3 else y) for x, y in s.points)
                )
                for s in path
            )
            if all(abs(p[1] - top) < 1e-3 for s in path for p in s.points):
                path = transformed(path, (1.0, 0.0, 0.0, 1.0, 0.0, taller))
        return replace(element, path=path)
    if isinstance(element, Box):
        return replace(element, y=element.y + down, height=element.height + taller)
    if isinstance(element, Label):
        return replace(element, y=element.y + down + taller / 2)
    if isinstance(element, Code | Photo | SealArea):
        return replace(element, y=element.y + down)
    return element
