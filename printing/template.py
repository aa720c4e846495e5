"""A template: an SVG for the page and a JSON sidecar for its fields.

`docs/templates.md` tells designers what both may hold. Loading checks what needs no data; `lint`
checks the rest with the sidecar's own samples.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from printing import svg
from printing.elements import Box, Code, Element, Label, Photo, Repeat
from printing.errors import BadTemplate

Fields = Mapping[str, str | Sequence[Mapping[str, str]]]
PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
BUILT_IN = frozenset(["page", "pages", "copy_mark", "row"])
_KINDS = frozenset(["text", "date", "rows", "qr", "paragraph", "photo"])


@dataclass(frozen=True)
class FieldSpec:
    """A field of the template.

    Attributes:
        kind: text, date, rows, qr, paragraph or photo.
        required: Whether printing without a value is refused.
        columns: Of `rows`: names of the columns.
        sample: An ordinary value; `longest` the longest that must fit.
    """

    kind: str
    zh: str
    en: str
    required: bool
    columns: tuple[str, ...]
    sample: str | tuple[Mapping[str, str], ...]
    longest: str | tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Template:
    """A page ready to be filled. Lengths in millimetres.

    Attributes:
        sha256: Of the SVG and the sidecar together; names the exact version.
        language: BCP 47, for the PDF.
        copies: How many identical copies one print gives, as some notices are made out in two.
        titles: Title by language (`zh`, `en`); the PDF's title, without personal data.
        preprinted: Whether the paper has the background on it: shown on screen, never printed.
        ground: How many of the first elements are background.
        ground_picture: PNG or JPEG as large as the page beneath everything, or b"".
    """

    id: str
    version: str
    language: str
    titles: Mapping[str, str]
    width: float
    height: float
    fields: Mapping[str, FieldSpec]
    elements: tuple[Element, ...]
    sha256: str
    own_copy_mark: bool = field(default=False)
    copies: int = 1
    preprinted: bool = False
    ground: int = 0
    ground_picture: bytes = b""

    def samples(self, which: str = "sample") -> Fields:
        """Values to try the template with: `sample` or `longest`."""
        return {name: getattr(spec, which) for name, spec in self.fields.items()}


def load_template(
    source: bytes, sidecar: bytes, art: Mapping[str, bytes] | None = None
) -> Template:
    """Compile an SVG and its sidecar.

    Args:
        source: The SVG.
        sidecar: UTF-8 JSON.
        art: Further files by name; the sidecar's `background` names an SVG, PNG or JPEG among
            them to draw beneath.

    Raises:
        BadTemplate: With the reason and the line of the SVG (0: the sidecar).
    """
    try:
        said = json.loads(sidecar)
        fields = {name: _spec(value) for name, value in said["fields"].items()}
        identity = (str(said["id"]), str(said["version"]), str(said.get("language", "zh-CN")))
        titles = {str(k): str(v) for k, v in said["titles"].items()}
        copies = int(said.get("copies", 1))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadTemplate("sidecar") from None
    families = {str(k).lower(): str(v) for k, v in said.get("fonts", {}).items()}
    width, height, elements = svg.parse(source, families)
    beneath, picture = _background(str(said.get("background") or ""), art or {}, families)
    elements = beneath + elements
    used = {name for _, name in _uses(elements, fields)}
    digest = hashlib.sha256(source + b"\0" + sidecar).hexdigest()
    return Template(
        *identity,
        titles,
        width,
        height,
        fields,
        elements,
        digest,
        own_copy_mark="copy_mark" in used,
        copies=copies,
        preprinted=bool(said.get("preprinted", False)),
        ground=len(beneath),
        ground_picture=picture,
    )


def _background(
    name: str, art: Mapping[str, bytes], families: Mapping[str, str]
) -> tuple[tuple[Element, ...], bytes]:
    if not name:
        return (), b""
    if name not in art:
        raise BadTemplate(f"background {name}")
    if name.lower().endswith(".svg"):
        return svg.parse(art[name], families)[2], b""
    return (), art[name]


def _spec(said: Mapping[str, object]) -> FieldSpec:
    kind = str(said.get("type", "text"))
    if kind not in _KINDS:
        raise BadTemplate(f"type {kind}")
    sample = said.get("sample", [] if kind == "rows" else "")
    longest = said.get("longest", sample)
    columns = said.get("columns", ())
    if not isinstance(columns, (list, tuple)):
        raise BadTemplate("columns")
    return FieldSpec(
        kind,
        str(said["zh"]),
        str(said["en"]),
        bool(said.get("required", False)),
        tuple(str(name) for name in columns),
        _value(sample),
        _value(longest),
    )


def _value(said: object) -> str | tuple[Mapping[str, str], ...]:
    if isinstance(said, list):
        return tuple({str(k): str(v) for k, v in row.items()} for row in said)
    return str(said)


def in_language(template: Template, language: str = "") -> Template:
    """The template with only what belongs to one language; its own where none is asked for.

    Args:
        template: From `load_template`.
        language: BCP 47; `en` takes what is marked `en` and what is not marked at all.
    """
    wanted = language or template.language

    def kept(elements: Sequence[Element]) -> tuple[Element, ...]:
        found = [e for e in elements if e.rule.language in {"", wanted, wanted.partition("-")[0]}]
        return tuple(
            replace(e, elements=kept(e.elements)) if isinstance(e, Repeat) else e for e in found
        )

    ground = len(kept(template.elements[: template.ground]))
    return replace(template, elements=kept(template.elements), ground=ground, language=wanted)


def unknown_fields(template: Template) -> tuple[tuple[int, str], ...]:
    """Line and name of every field that the SVG uses and the sidecar does not know."""
    return tuple(
        (line, name)
        for line, name in _uses(template.elements, template.fields)
        if name not in BUILT_IN
    )


def _uses(
    elements: Sequence[Element], fields: Mapping[str, FieldSpec], columns: tuple[str, ...] = ()
) -> Iterator[tuple[int, str]]:
    """Names used that are neither field nor column here; built-in ones among them."""
    for element in elements:
        names: list[str] = [n for n in (element.rule.when, element.rule.unless) if n]
        if isinstance(element, Label | Box):
            names += PLACEHOLDER.findall(element.text)
        elif isinstance(element, Code | Photo):
            names.append(element.field)
        elif isinstance(element, Repeat):
            names.append(element.field)
            spec = fields.get(element.field)
            yield from _uses(element.elements, fields, spec.columns if spec else ())
        for name in names:
            if name in BUILT_IN or (name not in fields and name not in columns):
                yield element.rule.line, name
