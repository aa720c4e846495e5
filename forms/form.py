"""A loaded form, and the sessions that begin from it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from forms.audit import AuditLog
from forms.compute import Computer
from forms.delivery import ORX
from forms.depend import Graph
from forms.errors import UnsupportedFeature
from forms.instance import Instance, restored
from forms.lists import rooted
from forms.nodes import ELEMENT, Node, from_lxml, parse_xml
from forms.parse import read_form
from forms.session import Session
from forms.surroundings import Surroundings
from forms.views import Delivery

_NOTHING: Mapping[str, bytes] = {}
_NO_PROPERTIES: Mapping[str, str] = {}


def load_form(source: bytes, resources: Mapping[str, bytes] = _NOTHING) -> Form:
    """Load an XForm.

    Args:
        source: The XForm, XML.
        resources: Lists and media by `jr://` URL or file name.

    Raises:
        FormError: The form is refused, with the element, its line and the reason.
    """
    with _nothing_collected():
        return Form(source, resources)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without garbage collection: a form is much that stays, looked through again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Form:
    """A form, ready to be filled any number of times. Never changes."""

    def __init__(self, source: bytes, resources: Mapping[str, bytes]) -> None:
        self._definition = read_form(source, resources)
        self._graph = Graph(self._definition.places, self._definition.texts)
        self.resources = resources

    @property
    def form_id(self) -> str:
        """The id of the form, the same for all its versions."""
        return self._attribute("id")

    @property
    def version(self) -> str:
        """The version; "" when the form says none."""
        return self._attribute("version") or self._attribute(f"{{{ORX}}}version")

    def _attribute(self, name: str) -> str:
        written = self._definition.template.attributes.get(name)
        return written.text if written is not None else ""

    @property
    def title(self) -> str:
        """The title in the form's default language."""
        return self._definition.title

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages, as the form names them."""
        return tuple(self._definition.texts)

    @property
    def default_language(self) -> str | None:
        """The language shown first; None for a form without translations."""
        return self._definition.default_language

    @property
    def delivery(self) -> Delivery:
        """How its author wants submissions sent."""
        return self._definition.delivery

    @property
    def wants_audit(self) -> bool:
        """Whether a submission carries an audit log; then tell `Session.look` what is shown."""
        return self._definition.audit is not None

    @property
    def unsupported(self) -> tuple[tuple[str, str, int], ...]:
        """Feature, element and line of what an office cannot do, a position being one of them."""
        places = (each for each in self._definition.setters if each.kind == "setgeopoint")
        places_taken = tuple((each.kind, each.kind, each.line) for each in places)
        return (*self._definition.unsupported, *places_taken)

    def new_session(
        self,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
        new_id: Callable[[], str],
        random: Callable[[], float],
        language: str | None = None,
        properties: Mapping[str, str] = _NO_PROPERTIES,
        last_saved: bytes | None = None,
        location: Callable[[], str | None] | None = None,
    ) -> Session:
        """Begin to fill the form.

        Args:
            now: The moment, with a zone.
            today: The calendar day.
            new_id: A fresh UUID without prefix.
            random: A number in [0, 1).
            language: One of `languages`; the default language when None.
            properties: Values of `jr:preload="property"`.
            last_saved: XML of the submission saved last.
            location: The geopoint where the person is; "" when it cannot be found, None while it is
                not known: `Session.locate` brings it later. Asked by `setgeopoint`.

        Raises:
            UnsupportedFeature: The form takes a position, and `location` is None.
        """
        if location is None:
            self._refuse_setgeopoint()
        around = Surroundings(self._definition, now, today, new_id, random, language, properties)
        around.location = location
        return self._session(self._definition.template.copy(), around, last_saved, first=True)

    def resume(
        self,
        xml: bytes,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
        new_id: Callable[[], str],
        random: Callable[[], float],
        language: str | None = None,
        properties: Mapping[str, str] = _NO_PROPERTIES,
        last_saved: bytes | None = None,
        location: Callable[[], str | None] | None = None,
        audit: bytes | None = None,
    ) -> Session:
        """Go on with a draft, `Session.xml()` of an earlier session.

        Arguments as `new_session`; `audit` is `Session.audit_log()` of then.

        Raises:
            InvalidForm: The answers belong to another form.
        """
        around = Surroundings(self._definition, now, today, new_id, random, language, properties)
        around.location = location
        root = restored(xml, self._definition.template, self._definition.places)
        return self._session(root, around, last_saved, first=False, audit=audit)

    def edit(
        self,
        xml: bytes,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
        new_id: Callable[[], str],
        random: Callable[[], float],
        language: str | None = None,
        properties: Mapping[str, str] = _NO_PROPERTIES,
        last_saved: bytes | None = None,
        location: Callable[[], str | None] | None = None,
        audit: bytes | None = None,
    ) -> Session:
        """Correct a submission: its id becomes `deprecatedID`, and it gets a fresh one.

        Arguments as `resume`.
        """
        around = Surroundings(self._definition, now, today, new_id, random, language, properties)
        around.location = location
        root = restored(xml, self._definition.template, self._definition.places)
        self._renew_id(root, f"uuid:{new_id()}")
        return self._session(root, around, last_saved, first=False, audit=audit, edited=True)

    def _renew_id(self, root: Node, fresh: str) -> None:
        for meta in root.named("meta"):
            for node in meta.named("instanceID"):
                for old in meta.named("deprecatedID") or [self._deprecated(meta)]:
                    old.text = node.text
                node.text = fresh

    def _deprecated(self, meta: Node) -> Node:
        node = Node(ELEMENT, "deprecatedID", meta.namespace, meta.prefix)
        node.info = self._definition.places[(*meta.info.path, "deprecatedID")]
        return meta.append(node)

    def _refuse_setgeopoint(self) -> None:
        for feature, element, line in self.unsupported:
            if feature == "setgeopoint":
                raise UnsupportedFeature(feature=feature, element=element, line=line)

    def _session(
        self,
        root: Node,
        around: Surroundings,
        last_saved: bytes | None,
        *,
        first: bool,
        audit: bytes | None = None,
        edited: bool = False,
    ) -> Session:
        around.language = around.language or self.default_language
        if last_saved is not None:
            around.last_saved = rooted(from_lxml(parse_xml(last_saved)))
        instance = Instance(root)
        computer = Computer(self._definition, self._graph, instance, around)
        computer.begin(first=first)
        log: AuditLog | None = None
        if self._definition.audit is not None:
            user = around.properties.get("username", "")
            log = AuditLog(self._definition.audit, around.now, user, audit)
            log.note("form start" if first else "form resume")
        return Session(self._definition, instance, computer, log, edited=edited)
