"""One form being filled: the object that a window, a script or a test talks to.

A state machine without callbacks: an operation answers with `Changes`, the refs whose views may
differ now. Each has one budget of work; a form that asks for more is refused with `TooMuchWork`.
No answer is lost by that, but what was not computed in full is not finalised: `Form.resume`
computes it anew. Not safe for use from several threads at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from forms.audit import FILE, AuditLog
from forms.codecs import encode, in_order, in_range
from forms.compute import Computer
from forms.definition import Place
from forms.entities import entities_of
from forms.errors import InvalidAnswer, NotAllowed, UnknownNode
from forms.instance import Instance
from forms.nodes import ELEMENT, Node
from forms.parse import Definition
from forms.serialise import to_xml
from forms.surroundings import Surroundings
from forms.views import Changes, NodeView, Problem, Submission
from forms.xpath import to_text

# Not in XML 1.0, section 2.2
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Session:
    """One instance of a form. Made by `Form.new_session`, `resume` or `edit`.

    Attributes:
        edited: It corrects a submission.
    """

    def __init__(
        self,
        definition: Definition,
        instance: Instance,
        computer: Computer,
        audit: AuditLog | None = None,
        *,
        edited: bool = False,
    ) -> None:
        self._definition = definition
        self._instance = instance
        self._computer = computer
        self._showing = computer.showing
        self._audit = audit
        self.edited = edited

    # --- languages ---

    @property
    def _around(self) -> Surroundings:
        return self._computer.around

    @property
    def language(self) -> str | None:
        """The language that labels are shown in; None for a form without translations."""
        return self._around.language

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the form."""
        return tuple(self._definition.texts)

    def set_language(self, name: str) -> Changes:
        """Show labels in the language `name`.

        Raises:
            NotAllowed: The form does not have it.
        """
        if name not in self._definition.texts:
            raise NotAllowed(ref=name)
        self._around.meter[0] = 0
        self._around.language = name
        self._computer.speak()
        return Changes(self.nodes())

    # --- looking ---

    def nodes(self) -> tuple[str, ...]:
        """Refs of all nodes in document order, repeat ranges and what is not relevant included."""
        return tuple(ref for ref, _node, _place in self._walk())

    def _walk(self) -> Iterator[tuple[str, Node, Place | None]]:
        yield from self._below(self._instance.root, f"/{self._instance.root.name}")

    def _below(self, node: Node, ref: str) -> Iterator[tuple[str, Node, Place | None]]:
        yield ref, node, None
        for place in node.info.children:
            name = place.path[-1]
            if place.repeat is None:
                for each in node.named(name):
                    yield from self._below(each, f"{ref}/{name}")
                continue
            yield f"{ref}/{name}", node, place
            for at, each in enumerate(node.named(name), 1):
                yield from self._below(each, f"{ref}/{name}[{at}]")

    def view(self, ref: str) -> NodeView:
        """The node at `ref` as it stands now.

        Raises:
            UnknownNode: There is none.
        """
        self._around.meter[0] = 0
        above, _, last = ref.rpartition("/")
        if "[" not in last:
            try:
                holder, place = self._instance.find_range(ref, self._definition.places)
            except UnknownNode:
                pass
            else:
                count = len(holder.named(last))
                return self._showing.range_view(place, holder, ref, above, count)
        node = self._instance.find(ref)
        parent = ref[: ref.rindex("[")] if ref.endswith("]") else above
        return self._showing.view(node, ref, parent)

    # --- answering ---

    def answer(self, ref: str, value: object) -> Changes:
        """Give the question at `ref` the answer `value`; "" or None takes it away.

        Several choices are a list, or text divided by spaces; they are kept in the order in which
        they are offered. A number may be given as one.
        Characters that XML cannot hold, as a scanner may send them, are left out.

        Raises:
            UnknownNode: There is no such question.
            NotAllowed: It is read-only or not relevant now.
            InvalidAnswer: The text is no value of its type.
        """
        self._around.meter[0] = 0
        node = self._instance.find(ref)
        if node.children or not node.relevant or self._showing.read_only(node):
            raise NotAllowed(ref=ref)
        encoded = self._encoded(node, ref, value)
        before = node.text
        changed = self._computer.put(node, encoded)
        if self._audit is not None and before != encoded:
            self._audit.changed(ref, before, encoded)
        problem = self._showing.problem(node, ref) if encoded else None
        return self._changes(changed, problem)

    def locate(self, where: str) -> Changes:
        """Say where the person is, once it is known: `setgeopoint` has been waiting for it.

        Args:
            where: A geopoint; "" when it could not be found.
        """
        self._around.meter[0] = 0
        return self._changes(self._computer.locate(where))

    def _encoded(self, node: Node, ref: str, value: object) -> str:
        place: Place = node.info
        encoded = encode(ref, place.bind.data_type, _NO_XML.sub("", _as_text(ref, value)))
        control = place.control
        if control is None or encoded == "":
            return encoded
        if control.kind == "range" and not in_range(control, encoded):
            raise InvalidAnswer(ref=ref, data_type="range")
        if control.kind == "select-multiple" and " " in encoded:
            return in_order(self._showing.offered(control, node), encoded)
        return encoded

    def add_repeat(self, ref: str, at: int | None = None) -> Changes:
        """Add an instance to the repeat `ref`, before position `at` (from 1) or at the end.

        Raises:
            UnknownNode: There is no such repeat.
            NotAllowed: The form fixes the number.
        """
        self._around.meter[0] = 0
        holder, place = self._instance.find_range(ref, self._definition.places)
        if not self._showing.can_grow(place, holder):
            raise NotAllowed(ref=ref)
        changed = self._computer.grow(holder, place, None if at is None else at - 1)
        self._log("add repeat", ref)
        return self._changes(changed, structure=True)

    def remove_repeat(self, ref: str) -> Changes:
        """Remove the repeat instance at `ref`.

        Raises:
            UnknownNode: There is none.
            NotAllowed: The form fixes the number.
        """
        self._around.meter[0] = 0
        node = self._instance.find(ref)
        place: Place = node.info
        if place.repeat is None or place.count is not None or place.fixed:
            raise NotAllowed(ref=ref)
        self._log("delete repeat", ref)
        return self._changes(self._computer.shrink(node), structure=True)

    def _changes(
        self, nodes: list[Node], problem: Problem | None = None, *, structure: bool = False
    ) -> Changes:
        grown = self._computer.take_structure()
        refs = self._instance.refs(node for node in nodes if node.kind == ELEMENT)
        return Changes(refs, structure or grown, problem)

    # --- ending ---

    def check(self) -> tuple[Problem, ...]:
        """All that keeps the form from being finalised, in document order.

        Raises:
            TooMuchWork: The form asks for more than any form needs; nothing was changed.
        """
        self._around.meter[0] = 0
        return self._problems()

    def _problems(self) -> tuple[Problem, ...]:
        problems: list[Problem] = []
        missing: set[int] = set()
        for ref, node, place in self._walk():
            if place is None and (problem := self._showing.problem(node, ref)):
                problems.append(problem)
                missing.add(id(node))
        self._showing.missing = missing
        return tuple(problems)

    def finalise(
        self, now: datetime | None = None, *, reason: str = ""
    ) -> Submission | tuple[Problem, ...]:
        """The submission, or what is in its way.

        Args:
            now: The moment of finalising, for the time of the end; the session's clock by default.
            reason: Why a submission is corrected, for the audit log.

        Raises:
            NotAllowed: The form wants a reason for a correction, and there is none.
            TooMuchWork: The form asks for too much, or has done so since it was opened.
        """
        self._around.meter[0] = 0
        self._demand_reason(reason)
        self._computer.finish(now or self._around.now())
        problems = self._problems()
        if problems:
            self._log("constraint error")
            return problems
        made = self._end_log(reason)
        files = [n.text for _r, n, p in self._walk() if p is None and _is_file(n)]
        return Submission(
            xml=to_xml(self._instance.root, only_relevant=True),
            attachments=tuple(dict.fromkeys(files)),
            instance_id=self._meta("instanceID"),
            instance_name=self._meta("instanceName"),
            made=made,
            delivery=self._definition.delivery,
            entities=entities_of(self._instance.at, self._definition.entities),
        )

    # --- the audit log ---

    def audit_log(self) -> bytes | None:
        """The audit log so far, CSV, for `Form.resume`; None when the form wants none."""
        return self._audit.csv() if self._audit else None

    def look(self, refs: Iterable[str]) -> None:
        """Say which questions the person has in front of them, for the audit log."""
        if self._audit is None:
            return
        looked = set(refs)
        for ref in self._audit.open_refs():
            if ref not in looked:
                self._audit.close(ref, self._answer_at(ref))
        self._audit.look({ref: self._answer_at(ref) for ref in looked})

    def _answer_at(self, ref: str) -> str:
        try:
            return self._instance.find(ref).text
        except UnknownNode:
            return ""

    def _log(self, event: str, node: str = "") -> None:
        if self._audit is not None:
            self._audit.note(event, node)

    def _demand_reason(self, reason: str) -> None:
        if self._audit is None or not (self._audit.plan.reasons and self.edited):
            return
        if not reason.strip():
            raise NotAllowed(ref=self._instance.ref(self._instance.root))

    def _end_log(self, reason: str) -> dict[str, bytes]:
        log = self._audit
        if log is None:
            return {}
        self.look(())
        if reason.strip():
            log.note("change reason", reason=reason.strip())
        for event in ("form save", "form exit", "form finalize"):
            log.note(event)
        named = [node for node in self._instance.at(log.plan.path) if node.relevant]
        for node in named:
            self._computer.put(node, FILE)
        return {FILE: log.csv()} if named else {}

    def _meta(self, name: str) -> str:
        for meta in self._instance.root.named("meta"):
            for node in meta.named(name):
                return node.text
        return ""

    def xml(self, *, only_relevant: bool = False) -> bytes:
        """The whole state, what is not relevant included; `Form.resume` takes it back.

        Args:
            only_relevant: Leave out what is not relevant, as a submission does.
        """
        return to_xml(self._instance.root, only_relevant=only_relevant)


def _as_text(ref: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return to_text(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, Sequence):
        return " ".join(str(each) for each in value)
    raise InvalidAnswer(ref=ref, data_type=type(value).__name__)


def _is_file(node: Node) -> bool:
    return bool(node.relevant and node.text and node.info.bind.data_type == "binary")
