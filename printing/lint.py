"""Finds what is wrong with a template before anybody prints it, each with its line of the SVG."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from printing.elements import Box, Code, Element, Label, Photo, Repeat, SealArea
from printing.errors import BadTemplate, MissingGlyph, Overflow, PrintingError
from printing.fonts import Fonts
from printing.layout import lay_out
from printing.template import (
    BUILT_IN,
    PLACEHOLDER,
    FieldSpec,
    Template,
    load_template,
    unknown_fields,
)

SMALLEST_CODE_MM = 18.0  # below it a photo of the paper is not read


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes:
        line: Of the SVG; 0 for the sidecar.
        what: unusable, unknown-field, unused-field, overflow, missing-glyph, off-page, small-code.
        detail: The field, the character or the reason.
    """

    line: int
    what: str
    detail: str


def lint(
    source: bytes, sidecar: bytes, fonts: Fonts, art: Mapping[str, bytes] | None = None
) -> tuple[Finding, ...]:
    """Everything wrong with a template, tried with its own samples and longest samples.

    Args:
        source: The SVG.
        sidecar: Its JSON.
        fonts: From `load_fonts`.
        art: Further SVG files by name, as for `load_template`.
    """
    try:
        template = load_template(source, sidecar, art)
    except BadTemplate as error:
        return (Finding(int(error.fields["line"]), "unusable", str(error.fields["reason"])),)
    found = [
        Finding(line, "unknown-field", name)
        for line, name in unknown_fields(template)
        if name not in BUILT_IN
    ]
    used = set(_used(template.elements))
    found += [Finding(0, "unused-field", name) for name in template.fields if name not in used]
    for element in template.elements:
        found += _placed(element, template)
        for which in ("sample", "longest"):
            found += _drawn(element, template, fonts, which)
    return tuple(sorted(set(found), key=lambda each: (each.line, each.what, each.detail)))


def _used(elements: tuple[Element, ...]) -> Iterator[str]:
    for element in elements:
        yield element.rule.when
        yield element.rule.unless
        if isinstance(element, Label | Box):
            yield from PLACEHOLDER.findall(element.text)
        elif isinstance(element, Code | Photo):
            yield element.field
        elif isinstance(element, Repeat):
            yield element.field
            yield from _used(element.elements)


def _placed(element: Element, template: Template) -> Iterator[Finding]:
    line = element.rule.line
    if isinstance(element, Code) and element.size < SMALLEST_CODE_MM:
        yield Finding(line, "small-code", element.field)
    if isinstance(element, Box | Photo | SealArea):
        edges = (element.x, element.y, element.x + element.width, element.y + element.height)
    elif isinstance(element, Code):
        edges = (element.x, element.y, element.x + element.size, element.y + element.size)
    elif isinstance(element, Label):
        edges = (element.x, element.y, element.x, element.y)
    else:
        return
    inside = edges[0] >= 0 and edges[1] >= 0
    if not (inside and edges[2] <= template.width and edges[3] <= template.height):
        yield Finding(line, "off-page", f"{edges[0]:g} {edges[1]:g} {edges[2]:g} {edges[3]:g}")


def _drawn(element: Element, template: Template, fonts: Fonts, which: str) -> Iterator[Finding]:
    # alone, so that each fault is found and none hides another
    alone = replace(template, elements=(element,), fields=_optional(template))
    line = element.rule.line
    try:
        lay_out(alone, template.samples(which), fonts)
    except Overflow as error:
        yield Finding(error.line or line, "overflow", str(error.fields["field"]))
    except MissingGlyph as error:
        for miss in error.misses:
            yield Finding(line, "missing-glyph", str(miss))
    except PrintingError as error:
        yield Finding(line, "unusable", " ".join(map(str, error.fields.values())))


def _optional(template: Template) -> Mapping[str, FieldSpec]:
    return {name: replace(spec, required=False) for name, spec in template.fields.items()}
