"""XForm XML to a definition.

Spec: https://getodk.github.io/xforms-spec/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from lxml import etree

from forms.audit import AuditPlan, read_plan
from forms.codecs import fitted, what_is_wrong
from forms.definition import Bind, Control, FixedChoice, Itemset, Label, Path, Place, Setter
from forms.delivery import read_delivery
from forms.entities import NAMESPACE as ENTITIES
from forms.entities import EntityPlan, read_plans, save_to
from forms.errors import FormError, InvalidForm, MissingResource, UnsupportedFeature
from forms.lists import inline, read_list
from forms.nodes import Node, from_lxml, parse_xml
from forms.parse_texts import Texts, child, label_of, local, read_itext, text_reference
from forms.preloads import demand_known
from forms.search import Search, label_of_row, read_search
from forms.views import Delivery
from forms.xpath import ANY_NAMESPACE, Compiled, compile_within, scope_of

JR = "http://openrosa.org/javarosa"

_PRELOAD, _PRELOAD_PARAMS = f"{{{JR}}}preload", f"{{{JR}}}preloadParams"
_REQUIRED, _CONSTRAINT = f"{{{JR}}}requiredMsg", f"{{{JR}}}constraintMsg"
_PLAIN = re.compile(r"(?:/[\w\-]+)+")

CONTROLS = {
    "input": "input",
    "select1": "select-one",
    "select": "select-multiple",
    "rank": "rank",
    "range": "range",
    "trigger": "trigger",
    "upload": "upload",
}
_EVENTS = {"odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed"}
_IGNORED = {"label", "hint", "item", "itemset", "value", "copy", "alert", "help"}


@dataclass
class Definition:
    """Everything a session needs to know of a form.

    Attributes:
        template: The primary instance as the form has it.
        places: By path, in document order.
        unsupported: Feature, element and line of what this engine leaves out.
        last_saved: Ids of instances that stand for the submission saved last.
    """

    template: Node
    places: dict[Path, Place]
    texts: Texts
    default_language: str | None
    instances: dict[str, Node]
    setters: list[Setter]
    title: str = ""
    unsupported: list[tuple[str, str, int]] = field(default_factory=list)
    delivery: Delivery = field(default_factory=Delivery)
    entities: tuple[EntityPlan, ...] = ()
    audit: AuditPlan | None = None
    last_saved: frozenset[str] = frozenset()


def read_form(source: bytes, resources: Mapping[str, bytes]) -> Definition:
    """The definition in `source`.

    Raises:
        FormError: The form is refused; says what, the element and its line.
    """
    return _Reader(parse_xml(source), resources).read()


def path_of(ref: str, base: Path) -> Path:
    """`/data/a/b` as a path; a relative `a`, `./a`, `../a` or `current()/a` starts at `base`.

    Prefixes are dropped; an attribute is the last step, `@name`.
    """
    if _PLAIN.fullmatch(ref):
        return tuple(ref[1:].split("/"))
    ref = _PREDICATE.sub("", ref.strip())
    steps: list[str] = [] if ref.startswith("/") else list(base)
    for step in ref.strip("/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {".", "current()"}:
            mark, name = ("@", step[1:]) if step[:1] == "@" else ("", step)
            steps.append(mark + name.rpartition(":")[2])
    return tuple(steps)


class _Reader:
    def __init__(self, html: etree._Element, resources: Mapping[str, bytes]) -> None:
        self._html = html
        self._resources = resources
        head, body = child(html, "head"), child(html, "body")
        model = child(head, "model")
        if model is None or body is None:
            raise InvalidForm(element="model", line=_line(html), reason="no model or no body")
        second = [each for each in model.itersiblings() if local(each) == "model"]
        if second:
            raise InvalidForm(element="model", line=_line(second[0]), reason="a second model")
        self._model, self._body, self._head = model, body, head
        named = {prefix: uri for prefix, uri in html.nsmap.items() if prefix is not None}
        self._scope = scope_of(named | {"": ANY_NAMESPACE})
        self._unsupported: list[tuple[str, str, int]] = []
        self._setters: list[Setter] = []
        self._lists: dict[str, etree._Element] = {}  # CSV files that questions search
        self._last_saved: set[str] = set()

    def read(self) -> Definition:
        instances = [each for each in self._model if local(each) == "instance"]
        primary = next((each for each in instances if len(each)), None)
        if primary is None or primary is not instances[0]:
            raise InvalidForm(element="instance", line=_line(self._model), reason="no instance")
        template = from_lxml(primary[0])
        self._root: Path = (template.name,)
        self._places: dict[Path, Place] = {}
        self._plant(template, None, self._binds())
        texts, default = read_itext(child(self._model, "itext"), self._compile)
        self._read_controls(self._body, ())
        self._read_setters(self._model, ())
        for number, place in enumerate(self._places.values()):
            place.number = number
            own = (place.path,) if place.repeat else ()
            place.repeats = (*place.parent.repeats, *own) if place.parent else own
            place.around = place if own else place.parent.around if place.parent else None
            above = sum(len(name) + 1 for name in place.repeats[-1]) if place.repeats else 0
            place.tail = place.ref[above:]
        self._templates(template)
        self._fit_defaults(template)
        title = child(self._head, "title")
        binds = self._bind_elements()
        return Definition(
            template=template,
            places=self._places,
            texts=texts,
            default_language=default,
            instances=self._secondary(instances[1:]),
            setters=self._setters,
            last_saved=frozenset(self._last_saved),
            title=(title.text or "") if title is not None else "",
            unsupported=self._unsupported,
            delivery=read_delivery(self._model),
            entities=read_plans(
                self._model.get(f"{{{ENTITIES}}}entities-version"),
                self._places,
                template,
                filter(None, (save_to(element, path) for path, element in binds)),
            ),
            audit=read_plan(binds),
        )

    def _compile(self, expression: str, element: etree._Element) -> Compiled:
        try:
            return compile_within(expression, self._scope)
        except FormError as error:
            error.fields.setdefault("element", local(element))
            error.fields.setdefault("line", _line(element))
            raise

    # --- model ---

    def _secondary(self, elements: list[etree._Element]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for element in elements:
            name = element.get("id", "")
            source = element.get("src")
            if len(element):
                found[name] = inline(element[0])
            elif source and source.startswith("jr://instance/last-saved"):
                self._last_saved.add(name)
            elif source:
                found[name] = self._external(source, element)
        for name, element in self._lists.items():
            if name not in found:
                found[name] = self._external(f"jr://file-csv/{name}.csv", element)
        return found

    def _external(self, source: str, element: etree._Element) -> Node:
        file = source.rpartition("/")[2]
        content = self._resources.get(source, self._resources.get(file))
        if content is None:
            raise MissingResource(name=file, line=_line(element))
        return read_list(file, content)

    def _bind_elements(self) -> list[tuple[Path, etree._Element]]:
        found = [element for element in self._model if local(element) == "bind"]
        refs = [element.get("nodeset") or element.get("ref") or "" for element in found]
        return [(path_of(ref, self._root), each) for ref, each in zip(refs, found, strict=True)]

    def _binds(self) -> dict[Path, Bind]:
        return {path: self._bind(element) for path, element in self._bind_elements()}

    def _bind(self, element: etree._Element) -> Bind:
        given = cast("dict[str, str]", dict(element.items()))

        def rule(name: str) -> Compiled | None:
            written = given.get(name)
            return self._compile(written, element) if written and written.strip() else None

        preload = given.get(_PRELOAD, "")
        params = given.get(_PRELOAD_PARAMS, "")
        demand_known(preload, params, _line(element))
        return Bind(
            data_type=(given.get("type") or "string").rpartition(":")[2],
            relevant=rule("relevant"),
            calculate=rule("calculate"),
            readonly=rule("readonly"),
            required=rule("required"),
            constraint=rule("constraint"),
            required_message=self._message(element, given.get(_REQUIRED)),
            constraint_message=self._message(element, given.get(_CONSTRAINT)),
            preload=preload,
            preload_params=params,
            line=_line(element),
        )

    def _message(self, element: etree._Element, written: str | None) -> Label | None:
        if written is None:
            return None
        if written.strip().startswith("jr:itext("):
            return Label(text_id=text_reference(written, element, self._compile))
        return Label(parts=(written,))

    def _plant(self, node: Node, parent: Place | None, binds: dict[Path, Bind]) -> None:
        path = (*parent.path, node.name) if parent else (node.name,)
        place = self._places.get(path)
        if place is None:
            place = Place(path, binds.get(path, Bind()), parent)
            self._places[path] = place
            if parent:
                parent.children.append(place)
        node.info = place
        for attribute in node.attributes.values():
            if attribute.namespace != JR:
                self._plant_attribute(attribute, place, binds)
        for each in node.children:
            self._plant(each, place, binds)
        if path == (self._root[0], "meta"):
            self._plant_deprecated(place)

    def _plant_deprecated(self, meta: Place) -> None:
        # A correction names what it replaces, whether the form's author thought of it or not.
        path = (*meta.path, "deprecatedID")
        if path not in self._places:
            self._places[path] = Place(path, Bind(), meta)
            meta.children.append(self._places[path])

    def _plant_attribute(self, attribute: Node, parent: Place, binds: dict[Path, Bind]) -> None:
        path = (*parent.path, f"@{attribute.name}")
        if path not in self._places:
            self._places[path] = Place(path, binds.get(path, Bind()), parent)
            parent.attributes.append(self._places[path])
        attribute.info = self._places[path]

    # --- body ---

    def _read_controls(self, element: etree._Element, inside: Path) -> None:
        for each in element:
            name = local(each)
            if name in CONTROLS:
                self._read_control(each, name, inside)
            elif name == "group":
                self._read_group(each, inside)
            elif name == "repeat":
                self._read_repeat(each, inside)
            elif name in {"setvalue", "setgeopoint", "recordaudio"}:
                self._read_setter(each, inside)
            elif name and name not in _IGNORED:
                raise UnsupportedFeature(feature=name, element=name, line=_line(each))

    def _place(self, element: etree._Element, inside: Path) -> Place:
        ref = element.get("ref") or element.get("nodeset") or ""
        if not ref and element.get("bind"):
            ref = self._by_bind(element.get("bind", ""))
        place = self._places.get(path_of(ref, inside or self._root))
        if place is None:
            raise InvalidForm(element=local(element), line=_line(element), reason=f"no node {ref}")
        return place

    def _by_bind(self, bind_id: str) -> str:
        for element in self._model:
            if local(element) == "bind" and element.get("id") == bind_id:
                return element.get("nodeset", "")
        return ""

    def _read_control(self, element: etree._Element, name: str, inside: Path) -> None:
        place = self._place(element, inside)
        place.control = self._control(element, CONTROLS[name])
        if reason := what_is_wrong(place.control):
            raise InvalidForm(element=name, line=_line(element), reason=reason)
        self._read_setters(element, place.path)

    def _control(self, element: etree._Element, kind: str) -> Control:
        choices = tuple(self._choice(each) for each in element if local(each) == "item")
        itemset = self._itemset(child(element, "itemset"))
        appearance = element.get("appearance") or ""
        search = read_search(appearance, _line(element)) if choices else None
        if search is not None:
            itemset, choices = self._searched(search, choices, element)
            appearance = search.rest
        return Control(
            kind=kind,
            line=_line(element),
            label=label_of(child(element, "label"), self._compile),
            hint=label_of(child(element, "hint"), self._compile),
            appearance=tuple(appearance.split()),
            choices=choices,
            itemset=itemset,
            media_accept=_media_type(element),
            attributes={str(key): str(value) for key, value in element.attrib.items()},
        )

    def _searched(
        self, search: Search, choices: tuple[FixedChoice, ...], element: etree._Element
    ) -> tuple[Itemset, tuple[FixedChoice, ...]]:
        """The rows of a search, its first choice naming their columns; and what is always there."""
        self._lists.setdefault(search.list_name, element)
        dynamic = next((each for each in choices if not each.value.isdigit()), None)
        if dynamic is None:
            raise InvalidForm(element="item", line=_line(element), reason="no column to search")
        label = dynamic.label
        if label.text_id is None:
            written = "".join(part for part in label.parts if isinstance(part, str))
            shown = label_of_row(written, _line(element))
        else:  # a column for each language
            shown = f"*[local-name() = jr:itext('{label.text_id}')]"
        value = label_of_row(dynamic.value, _line(element))
        itemset = Itemset(
            nodes=self._compile(search.nodes, element),
            value=self._compile(value, element),
            label=self._compile(shown, element),
        )
        return itemset, tuple(each for each in choices if each is not dynamic)

    def _choice(self, item: etree._Element) -> FixedChoice:
        value, label = child(item, "value"), child(item, "label")
        text = (value.text or "").strip() if value is not None else ""
        return FixedChoice(text, label_of(label, self._compile) or Label(parts=(text,)))

    def _itemset(self, element: etree._Element | None) -> Itemset | None:
        if element is None:
            return None
        value, label = child(element, "value"), child(element, "label")
        nodeset = element.get("nodeset", "")
        if value is None or not nodeset:
            raise InvalidForm(element="itemset", line=_line(element), reason="no nodeset or value")
        ref = label.get("ref", "").strip() if label is not None else ""
        by_id = ref.startswith("jr:itext(")
        shown = ref[9:-1] if by_id else ref
        return Itemset(
            nodes=self._compile(nodeset, element),
            value=self._compile(value.get("ref", "."), value),
            label=self._compile(shown, element) if shown else None,
            label_is_text_id=by_id,
        )

    def _read_group(self, element: etree._Element, inside: Path) -> None:
        ref = element.get("ref") or element.get("nodeset")
        repeat = child(element, "repeat")
        path = inside
        if ref or element.get("bind"):
            place = self._place(element, inside)
            path = place.path
            if repeat is None:
                place.control = self._control(element, "group")
        if repeat is not None:
            target = self._place(repeat, path)
            target.repeat = self._control(element, "repeat-range")
        self._read_controls(element, path)

    def _read_repeat(self, element: etree._Element, inside: Path) -> None:
        place = self._place(element, inside)
        if place.repeat is None:
            place.repeat = replace(self._control(element, "repeat-range"), label=None)
        count = element.get(f"{{{JR}}}count")
        place.count = self._compile(count, element) if count else None
        place.fixed = (element.get(f"{{{JR}}}noAddRemove") or "").startswith("true")
        self._read_setters(element, place.path)
        self._read_controls(element, place.path)

    def _read_setters(self, element: etree._Element, source: Path) -> None:
        if element is self._model or local(element) in CONTROLS:
            for each in element:
                if local(each) in {"setvalue", "setgeopoint", "recordaudio"}:
                    self._read_setter(each, source)

    def _read_setter(self, element: etree._Element, source: Path) -> None:
        name = local(element)
        events = set((element.get("event") or element.get(_EV) or "").split())
        if name == "recordaudio":
            self._unsupported.append((name, name, _line(element)))
            return
        if not events or events - _EVENTS:
            raise InvalidForm(element=name, line=_line(element), reason="no such event")
        if element.getparent() is self._model and "odk-new-repeat" in events:
            reason = "odk-new-repeat belongs into a repeat of the body"
            raise InvalidForm(element=name, line=_line(element), reason=reason)
        target = self._place(element, source)
        ref = element.get("ref", "")
        value = element.get("value")
        self._setters.append(
            Setter(
                target=target.path,
                events=frozenset(events),
                value=self._compile(value, element) if value else None,
                text=element.text or "",
                source=source,
                kind=name,
                line=_line(element),
                chosen=self._compile(ref, element) if "[" in ref else None,
            )
        )

    # --- repeats ---

    def _templates(self, node: Node) -> None:
        """Take templates out of the primary instance and remember them at their repeats."""
        for each in list(node.children):
            place: Place = each.info
            self._templates(each)
            marked = f"{{{JR}}}template" in each.attributes
            if marked:
                del each.attributes[f"{{{JR}}}template"]
            if place.repeat and (marked or place.template is None):
                place.template = each.copy()
            alone = len(node.named(each.name)) == 1
            if marked and place.repeat and not (place.fixed and alone):
                node.remove(each)
            elif place.count is not None and len(place.repeats) == 1:
                place.defaults.append(each.copy())
        for place in [each.info for each in node.children]:
            if place.template is not None:
                self._templates_within(place.template)

    def _fit_defaults(self, template: Node) -> None:
        places = self._places.values()
        models = [place.template for place in places if place.template is not None]
        for root in (template, *models, *(each for place in places for each in place.defaults)):
            for node in root.walk():
                if node.text and not node.children:
                    node.text = fitted(node.info.bind.data_type, node.text)

    def _templates_within(self, node: Node) -> None:
        for each in node.walk():
            if each is not node and each.info.repeat and each.info.template is None:
                each.info.template = each.copy()


def _media_type(element: etree._Element) -> str:
    written = element.get("mediatype", "").strip()
    if any("/" not in each and each.strip() not in {"", "*"} for each in written.split(",")):
        reason = f"{written} is no media type"
        raise InvalidForm(element=local(element), line=_line(element), reason=reason)
    return written


_PREDICATE = re.compile(r"\[[^\[\]]*\]")
_EV = "{http://www.w3.org/2001/xml-events}event"


def _line(element: etree._Element) -> int:
    line: int | None = getattr(element, "sourceline", None)
    return line or 0
