"""The forms of a bundle, filled in as one.

Each part stays a session of its own form, so what comes out of it is a valid submission of that
form. What several parts ask in common is shown once, by the first part that asks it now, and goes
into all of them. A ref is that of the part below the part's name, `/canji-butie/data/phone`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from lxml import etree

from forms.bundle import Bundle
from forms.errors import InvalidForm, NotAllowed, UnknownNode
from forms.form import Form
from forms.nodes import parse_xml
from forms.session import Session
from forms.views import Changes, Choice, NodeView, Problem, Submission

ROOT = "/bundle"
PARTS = f"{ROOT}/parts"  # which of the optional parts the applicant wants
_GROUP = f"{ROOT}/choice"
_ASKED = frozenset(("input", "select-one", "select-multiple", "rank", "range", "trigger", "upload"))
_WORDS = {  # of the one question that no part asks: Chinese, English
    "group": ("办理事项", "What to apply for"),
    "parts": ("还要一并办理哪些事项", "What else to apply for together"),
    "hint": ("必办：{names}。", "Always part of it: {names}."),
}
Member = tuple[str, str]  # service, ref in its own form
Names = Mapping[str, tuple[str, str]]  # what a service is called, Chinese and English


@dataclass(frozen=True)
class BundleSubmission:
    """Finalised answers of every part that was applied for, by service, in the parts' order."""

    parts: Mapping[str, Submission]

    @property
    def attachments(self) -> tuple[str, ...]:
        """Names of all files, each once."""
        return tuple(dict.fromkeys(n for each in self.parts.values() for n in each.attachments))


class BundleForm:
    """The forms of a bundle; `Form` for a window that fills them in as one.

    Args:
        bundle: What it is made of.
        forms: The form of each part, by service.
        names: What each part is called.
    """

    wants_audit = False

    def __init__(self, bundle: Bundle, forms: Mapping[str, Form], names: Names) -> None:
        self._bundle, self._forms, self._names = bundle, dict(forms), names

    def new_session(self, **around: Any) -> BundleSession:
        """Begin to fill it in; arguments as `Form.new_session`."""
        around.pop("last_saved", None)
        sessions = {name: form.new_session(**around) for name, form in self._forms.items()}
        chosen = [part.service for part in self._bundle.parts]
        return BundleSession(self._bundle, sessions, self._names, chosen)

    def resume(self, xml: bytes, **around: Any) -> BundleSession:
        """Go on with a draft, `BundleSession.xml()` of an earlier session.

        Raises:
            InvalidForm: The answers belong to another bundle.
        """
        for unused in ("last_saved", "audit"):
            around.pop(unused, None)
        root = parse_xml(xml)
        held = {str(part.get("service")): part for part in root.iterchildren("part")}
        whole = held.keys() == self._forms.keys() and all(len(part) == 1 for part in held.values())
        if root.tag != "bundle" or not whole:
            raise InvalidForm(element="bundle", line=0, reason="another bundle")
        sessions = {
            name: form.resume(etree.tostring(held[name][0]), **around)
            for name, form in self._forms.items()
        }
        chosen = str(root.get("chosen", "")).split()
        return BundleSession(self._bundle, sessions, self._names, chosen)


class BundleSession:
    """One filling of a bundle; what `Session` is to a single form.

    Args:
        bundle: What it is made of.
        sessions: Of each part, by service.
        names: What each part is called.
        chosen: The parts applied for.
    """

    edited = False

    def __init__(
        self,
        bundle: Bundle,
        sessions: Mapping[str, Session],
        names: Names,
        chosen: Iterable[str],
    ) -> None:
        self._bundle, self._sessions, self._names = bundle, dict(sessions), names
        self._optional = tuple(part.service for part in bundle.parts if part.optional)
        self._members: Callable[[str, str], tuple[Member, ...]] = lru_cache(4096)(bundle.members)
        self._choose(chosen)
        self._given: dict[tuple[Member, ...], str] = {}
        self._titles: dict[str | None, frozenset[str]] = {}
        self._in_hand: set[Member] = set()  # a part may put an answer into another form
        for ref in self.nodes():
            if not ref.startswith(ROOT):
                self._learn(self._members(*bundle.split(ref)))
        self._spread(list(self._given))

    # --- languages ---

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that every part has."""
        first, *others = self._sessions.values()
        return tuple(n for n in first.languages if all(n in each.languages for each in others))

    @property
    def language(self) -> str | None:
        """The language that labels are shown in."""
        return next(iter(self._sessions.values())).language

    def set_language(self, name: str) -> Changes:
        """Show labels in another language.

        Raises:
            NotAllowed: Not every part has it.
        """
        if name not in self.languages:
            raise NotAllowed(ref=name)
        for session in self._sessions.values():
            session.set_language(name)
        return Changes(self.nodes())

    def _say(self, word: tuple[str, str]) -> str:
        return (
            word[1]
            if (self.language or "").lower().rpartition("(")[2].startswith("en")
            else word[0]
        )

    # --- looking ---

    def nodes(self) -> tuple[str, ...]:
        """Refs of all nodes, part by part."""
        own = (_GROUP, PARTS) if self._optional else ()
        return (ROOT, *own, *self._of_parts())

    def _of_parts(self) -> Iterator[str]:
        for service, session in self._sessions.items():
            yield from (f"/{service}{ref}" for ref in session.nodes()[1:])  # without its root

    def view(self, ref: str) -> NodeView:
        """The node at `ref` as it stands now; not relevant where another part shows it.

        Raises:
            UnknownNode: There is none.
        """
        if ref.startswith(ROOT):
            return self._own_view(ref)
        service, own = self._split(ref)
        view = self._sessions[service].view(own)
        members = self._members(service, own)
        above = view.parent if view.parent.count("/") > 1 else ""
        parent = f"/{service}{above}" if above else ROOT
        if len(members) == 1:
            label = view.label
            if not above and label in self._repeated():
                label = f"{label}（{self._say(self._names[service])}）"
            return replace(
                view,
                ref=ref,
                parent=parent,
                label=label,
                relevant=view.relevant and service in self.chosen,
                problem=self._lifted(service, view.problem),
            )
        asking = self._asking(members)
        shown = (service, own) == self._leader(asking)
        if view.kind == "group" and not shown:
            shown = view.relevant and self._leads_below(service, own)
        views = [self._sessions[name].view(at) for name, at in asking]
        problem = next((v.problem for v in views if v.problem), None)
        return replace(
            view,
            ref=ref,
            parent=parent,
            relevant=shown,
            required=any(v.required for v in views),
            problem=replace(problem, ref=ref) if problem else None,
        )

    def _repeated(self) -> frozenset[str]:
        """Titles of parts of the form that several services have, each for itself."""
        language = self.language
        if language not in self._titles:
            titles = [
                view.label
                for service, session in self._sessions.items()
                for ref in session.nodes()
                if ref.count("/") == 2
                and len(self._members(service, ref)) == 1
                and (view := session.view(ref)).kind == "group"
            ]
            self._titles[language] = frozenset(each for each in titles if titles.count(each) > 1)
        return self._titles[language]

    def shown_at(self, ref: str) -> str:
        """Where a question is shown now: by itself, or by another part that asks it in common."""
        shown = self._leader(self._asking(self._members(*self._split(ref))))
        return f"/{shown[0]}{shown[1]}" if shown else ref

    def _own_view(self, ref: str) -> NodeView:
        blank = NodeView(ref, "root", "string", "", relevant=True, read_only=False, required=False)
        if ref == ROOT:
            return blank
        if ref == _GROUP:
            return replace(blank, kind="group", parent=ROOT, label=self._say(_WORDS["group"]))
        if ref != PARTS:
            raise UnknownNode(ref=ref)
        fixed = [name for name in self._sessions if name not in self._optional]
        return replace(
            blank,
            kind="select-multiple",
            parent=_GROUP,
            answer=" ".join(n for n in self.chosen if n in self._optional),
            label=self._say(_WORDS["parts"]),
            hint=self._say(_WORDS["hint"]).format(names="、".join(self._called(fixed))),
            choices=tuple(map(Choice, self._optional, self._called(self._optional))),
        )

    def _called(self, services: Iterable[str]) -> list[str]:
        return [self._say(self._names[each]) for each in services]

    def _split(self, ref: str) -> Member:
        try:
            service, own = self._bundle.split(ref)
        except ValueError:
            raise UnknownNode(ref=ref) from None
        if service not in self._sessions:
            raise UnknownNode(ref=ref)
        return service, own

    def _asking(self, members: Iterable[Member]) -> tuple[Member, ...]:
        """Those of the members that are applied for and ask it now."""
        return tuple(each for each in members if self._asks(*each))

    def _asks(self, service: str, ref: str) -> bool:
        if service not in self.chosen:
            return False
        try:
            return self._sessions[service].view(ref).relevant
        except UnknownNode:
            return False

    def _leader(self, asking: tuple[Member, ...]) -> Member | None:
        """Who shows it of those that ask."""
        if not asking:
            return None
        return asking[-1] if self._bundle.is_last(*asking[0]) else asking[0]

    def _leads_below(self, service: str, group: str) -> bool:
        """Whether a part asks something in a group that nobody else shows."""
        below = (ref for ref in self._sessions[service].nodes() if ref.startswith(f"{group}/"))
        return any(
            self._leader(self._asking(self._members(service, ref))) == (service, ref)
            for ref in below
            if self._sessions[service].view(ref).kind in _ASKED
        )

    def _lifted(self, service: str, problem: Problem | None) -> Problem | None:
        """A problem of a part, at the ref where the bundle shows it."""
        if problem is None:
            return None
        shown = self._leader(self._asking(self._members(service, problem.ref)))
        service, ref = shown or (service, problem.ref)
        return replace(problem, ref=f"/{service}{ref}")

    # --- answering ---

    def answer(self, ref: str, value: object) -> Changes:
        """Give a question its answer, in every part that asks it.

        Raises:
            UnknownNode, NotAllowed, InvalidAnswer: As `Session.answer`.
        """
        if ref == PARTS:
            return self._answer_parts(value)
        if ref.startswith(ROOT):
            raise NotAllowed(ref=ref)
        service, own = self._split(ref)
        if service not in self.chosen:
            raise NotAllowed(ref=ref)
        changes = self._sessions[service].answer(own, value)
        members = self._members(service, own)
        if len(members) > 1:
            self._given[members] = self._sessions[service].view(own).answer
        refs, structure = self._carry(service, changes)
        if len(members) > 1:
            more, grown = self._spread([members])
            refs, structure = refs | more, structure or grown
        return Changes(tuple(refs), structure, self._lifted(service, changes.problem))

    def _answer_parts(self, value: object) -> Changes:
        wanted = (
            value.split()
            if isinstance(value, str)
            else [str(v) for v in cast("Iterable[object]", value or ())]
        )
        if not set(wanted) <= set(self._optional):
            raise NotAllowed(ref=PARTS)
        self._choose(wanted)
        self._spread(list(self._given))
        return Changes(self.nodes())

    def _choose(self, wanted: Iterable[str]) -> None:
        """Apply for these, and for what cannot be left out."""
        left_out = {*self._optional} - {*wanted}
        self.chosen = tuple(name for name in self._sessions if name not in left_out)

    def _carry(self, service: str, changes: Changes) -> tuple[dict[str, None], bool]:
        """What a change in one part changes in the view of the bundle."""
        refs: dict[str, None] = {}
        touched = []
        for own in changes.refs:
            members = self._members(service, own)
            refs.update(dict.fromkeys(f"/{name}{at}" for name, at in members))
            if len(members) > 1:
                touched.append(members)
        more, grown = self._spread(touched) if touched else ({}, False)
        return refs | more, changes.structure or grown

    def _spread(self, groups: Iterable[tuple[Member, ...]]) -> tuple[dict[str, None], bool]:
        """Give every member that asks now what is known; follow what that changes."""
        refs: dict[str, None] = {}
        grown = False
        for members in groups:
            value = self._given.get(members)
            if value is None:
                continue
            for service, own in members:
                if not self._lacks(service, own, value):
                    continue
                self._in_hand.add((service, own))
                changes = self._sessions[service].answer(own, value)
                more, structure = self._carry(service, changes)
                self._in_hand.discard((service, own))
                refs |= more | dict.fromkeys(f"/{name}{at}" for name, at in members)
                grown = grown or structure
        return refs, grown

    def _lacks(self, service: str, ref: str, value: str) -> bool:
        if (service, ref) in self._in_hand:
            return False
        try:
            view = self._sessions[service].view(ref)
        except UnknownNode:
            return False
        asked = view.relevant and not view.read_only and view.kind in _ASKED
        return asked and view.answer != value

    def _learn(self, members: tuple[Member, ...]) -> None:
        """Where members of a draft or a new form have an answer, the first one's counts for all."""
        if len(members) == 1 or members in self._given:
            return
        for service, ref in members:
            try:
                view = self._sessions[service].view(ref)
            except UnknownNode:
                continue
            if view.kind in _ASKED and view.answer:
                self._given[members] = view.answer
                return

    def add_repeat(self, ref: str, at: int | None = None) -> Changes:
        """Add an instance to a repeat of a part; as `Session.add_repeat`."""
        service, own = self._split(ref)
        refs, structure = self._carry(service, self._sessions[service].add_repeat(own, at))
        return Changes(tuple(refs), structure)

    def remove_repeat(self, ref: str) -> Changes:
        """Remove an instance of a repeat of a part; as `Session.remove_repeat`."""
        service, own = self._split(ref)
        refs, structure = self._carry(service, self._sessions[service].remove_repeat(own))
        return Changes(tuple(refs), structure)

    # --- ending ---

    def check(self) -> tuple[Problem, ...]:
        """All that keeps a part that is applied for from being finalised, each once."""
        found: dict[str, Problem] = {}
        for service in self.chosen:
            for problem in self._sessions[service].check():
                lifted = self._lifted(service, problem)
                if lifted is not None:
                    found.setdefault(lifted.ref, lifted)
        places = {ref: at for at, ref in enumerate(self.nodes())}
        return tuple(sorted(found.values(), key=lambda problem: places[problem.ref]))

    def finalise(self, now: datetime | None = None) -> BundleSubmission | tuple[Problem, ...]:
        """A submission of each part that is applied for, or what is in the way of any."""
        problems = self.check()
        if problems:
            return problems
        made: dict[str, Submission] = {}
        for service in self.chosen:
            done = self._sessions[service].finalise(now)
            if not isinstance(done, Submission):
                return tuple(p for each in done if (p := self._lifted(service, each)))
            made[service] = done
        return BundleSubmission(made)

    def part(self, service: str) -> Session:
        """The session of one part, to read."""
        return self._sessions[service]

    def audit_log(self) -> None:
        """Bundles keep no audit log."""

    def look(self, refs: Iterable[str]) -> None:
        """Bundles keep no audit log."""

    def xml(self) -> bytes:
        """The whole state; `BundleForm.resume` takes it back."""
        root = etree.Element("bundle", chosen=" ".join(self.chosen))
        for service, session in self._sessions.items():
            part = etree.SubElement(root, "part", service=service)
            part.append(parse_xml(session.xml()))
        return etree.tostring(root, encoding="utf-8")
