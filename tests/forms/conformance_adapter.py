"""Our engine as the recorded corpus of a peer wants to talk to it.

Run from the top of the tree, with the corpus beside it:

    export CORPUS=../shared/conformance
    python $CORPUS/replay.py scenarios --adapter tests.forms.conformance_adapter:Adapter
    python $CORPUS/replay.py xpath --adapter tests.forms.conformance_adapter:Adapter

What differs in shape alone is bridged here, and nothing else: a refused value is recorded by the
peer as an emptied one, and a select is recorded with those of its values that can be seen.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from forms import Form, load_form
from forms import Session as Filled
from forms.errors import InvalidAnswer
from forms.nodes import NAMESPACE
from forms.views import NodeView, Problem, Submission
from forms.xpath import Value, to_number, to_text, to_truth
from tests.forms.xpath import vectors

_NODE_TYPES = {"select-one": "select", "select-multiple": "select", "value": "model-value"}
_LISTS = frozenset({"select-multiple", "rank"})
_EMPTY_LISTS = {"csv": b"name,label\n", "geojson": b'{"type":"FeatureCollection","features":[]}'}


class Session:
    """One recorded session, played on ours."""

    def __init__(self, filled: Filled, places: Sequence[str]) -> None:
        self._filled = filled
        self._places = iter(places)

    def answer(self, ref: str, value: object) -> None:
        """Give the answer `value`; one that the type refuses empties the node, as recorded."""
        try:
            self._filled.answer(ref, _given(value))
        except InvalidAnswer:
            self._filled.answer(ref, None)

    def add_repeat(self, ref: str, position: int, count: int = 1) -> None:
        """Insert instances so that the first stands at `position`, from 1."""
        for at in range(position, position + count):
            self._filled.add_repeat(ref, at)

    def remove_repeat(self, ref: str, position: int, count: int = 1) -> None:
        """Take instances out, the first at `position`."""
        for _ in range(count):
            self._filled.remove_repeat(f"{ref}[{position}]")

    def set_language(self, language: str) -> None:
        """Show another language."""
        self._filled.set_language(language)

    def settle(self) -> None:
        """Learn where the person is, which is all that happens later."""
        for place in itertools.islice(self._places, 1):
            self._filled.locate(place)

    def snapshot(self) -> list[dict[str, object]]:
        """All nodes as the recording has them."""
        problems = {problem.ref: problem for problem in self._filled.check()}
        views = (self._filled.view(ref) for ref in self._filled.nodes())
        return [_node(view, problems.get(view.ref)) for view in views]

    def xml(self) -> str:
        """The document without what is not relevant."""
        return self._filled.xml(only_relevant=True).decode()

    def finalize(self) -> dict[str, object]:
        """What is in the way of a submission."""
        done = self._filled.finalise()
        if isinstance(done, Submission):
            return {"status": "ready", "violations": []}
        found = [{"ref": problem.ref, "condition": problem.condition} for problem in done]
        return {"status": "pending", "violations": found}


class Adapter:
    """Opens recorded forms and evaluates recorded expressions."""

    def __init__(self) -> None:
        self._clock_ms = 0.0
        self._zone = ZoneInfo("UTC")

    def begin_record(self, record: Mapping[str, Any]) -> None:
        """Nothing is kept from one record to the next."""

    def begin_step(self, index: int, step: Mapping[str, Any]) -> None:
        """Set the clock to that of the step."""
        del index
        self._clock_ms = step.get("clock") or self._clock_ms

    def load(
        self, form_xml: str, resources: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Session:
        """A new instance."""
        form = _form(form_xml, resources, options)
        return _session(form.new_session(**self._around(options)), options)

    new_instance = load

    def restore(
        self,
        form_xml: str,
        resources: Mapping[str, Any],
        options: Mapping[str, Any],
        instance_xml: str,
        attachments: Sequence[object],
    ) -> Session:
        """Go on with a saved instance."""
        del attachments
        form = _form(form_xml, resources, options)
        return _session(
            form.resume(instance_xml.strip().encode(), **self._around(options)), options
        )

    def edit(
        self,
        form_xml: str,
        resources: Mapping[str, Any],
        options: Mapping[str, Any],
        instance_xml: str,
        attachments: Sequence[object],
    ) -> Session:
        """Correct a submission."""
        del attachments
        form = _form(form_xml, resources, options)
        sent = instance_xml.strip().encode()
        return _session(form.edit(sent, **self._around(options)), options)

    def xpath_eval(
        self,
        expression: str,
        xml: str,
        context_path: str,
        result_type: str,
        *,
        namespaces: Mapping[str, str] | None = None,
        xforms: bool = True,
        root_path: str | None = None,
        language: str | None = None,
        clock: float | None = None,
        tz: str | None = None,
    ) -> str | float | bool | list[str]:
        """The value of a recorded expression, as the type that was asked for."""
        del xforms
        value = vectors.xpath_eval(
            expression,
            xml,
            context_path,
            namespaces=namespaces,
            root_path=root_path,
            language=language,
            clock=clock,
            tz=tz,
        )
        return _as(result_type, value)

    def _around(self, options: Mapping[str, Any]) -> dict[str, Any]:
        self._zone = ZoneInfo(options.get("tz") or "UTC")
        self._clock_ms = options.get("clock") or self._clock_ms
        serial = itertools.count(1)
        known = options.get("preloadProperties") or {}
        return {
            "now": self._now,
            "today": self._today,
            "new_id": lambda: f"00000000-0000-4000-8000-{next(serial):012d}",
            "random": lambda: 0.5,
            "location": lambda: None,
            "properties": {name.lower(): str(value) for name, value in known.items()},
        }

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock_ms / 1000, UTC).astimezone(self._zone)

    def _today(self) -> date:
        return self._now().date()


def _session(filled: Filled, options: Mapping[str, Any]) -> Session:
    return Session(filled, options.get("geolocation") or [])


def _form(form_xml: str, resources: Mapping[str, Any], options: Mapping[str, Any]) -> Form:
    blank = options.get("missingResourceBehavior") == "BLANK"
    found: dict[str, bytes] = {}
    for url, reply in resources.items():
        if reply["status"] == 200:
            coded = reply.get("base64")
            found[url] = base64.b64decode(coded) if coded else reply["content"].encode()
        elif blank:
            found[url] = _EMPTY_LISTS.get(url.rpartition(".")[2], b"<root/>")
    return load_form(form_xml.strip().encode(), found)


def _given(value: object) -> str | float | list[str] | None:
    match value:
        case None | False:
            return None
        case True:
            return "OK"
        case str() | int() | float():
            return value
        case list():
            return [str(each) for each in value]
        case {"$file": {"name": name}}:
            return str(name)
        case {"$bigint": text} | {"$number": text}:
            return str(text)
        case {"latitude": latitude, "longitude": longitude, **rest}:
            return _position(latitude, longitude, rest.get("altitude"), rest.get("accuracy"))
    raise TypeError(type(value).__name__)


def _position(latitude: object, longitude: object, altitude: object, accuracy: object) -> str:
    parts = [latitude, longitude]
    if altitude is not None or accuracy is not None:
        parts.append(altitude or 0)
    if accuracy is not None:
        parts.append(accuracy)
    return " ".join(str(part) for part in parts)


def _node(view: NodeView, problem: Problem | None) -> dict[str, object]:
    shown: dict[str, object] = {
        "ref": view.ref,
        "nodeType": _NODE_TYPES.get(view.kind, view.kind),
        "relevant": view.relevant,
        "readonly": view.read_only,
        "required": view.required,
        "label": view.label or None,
        "hint": view.hint or None,
    }
    if view.kind == "repeat-range":
        return shown | {"count": view.count}
    if view.kind in {"root", "group", "repeat-instance"}:
        return shown
    violation = problem and {"condition": problem.condition, "message": problem.message or None}
    shown |= {"value": _value(view), "valid": problem is None, "violation": violation}
    if view.choices or view.kind.startswith("select") or view.kind == "rank":
        shown["choices"] = _choices(view)
    return shown


def _value(view: NodeView) -> str | list[str]:
    if view.kind == "select-one":
        return view.answer if any(c.value == view.answer for c in view.choices) else ""
    if view.kind in _LISTS:
        offered = {choice.value for choice in view.choices}
        return [each for each in view.answer.split() if each in offered]
    return view.answer


def _choices(view: NodeView) -> object:
    if len(view.choices) > 200:
        joined = "\n".join(choice.value for choice in view.choices).encode()
        return {"count": len(view.choices), "sha256": hashlib.sha256(joined).hexdigest()}
    return [{"value": choice.value, "label": choice.label or None} for choice in view.choices]


def _as(result_type: str, value: Value) -> str | float | bool | list[str]:
    match result_type:
        case "string":
            return to_text(value)
        case "number":
            return to_number(value)
        case "boolean":
            return to_truth(value)
        case "error" if value == []:
            raise LookupError("the recorded call wanted a node")
    if isinstance(value, list):  # the peer's documents do not hold the namespace `xml`
        listed = (node for node in value if node.kind != NAMESPACE or node.name != "xml")
        return [vectors.path_of(node) for node in listed]
    return value
