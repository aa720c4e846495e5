"""Two corrections of one submission brought together, question by question.

What only one of them changed is taken over. What both changed to different answers is a clash,
and a person decides. A repeat whose number of entries differs is one question as a whole: nobody
can say which entry of the one is which of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from forms import Form, Session
from forms.errors import FormError, NotAllowed, UnknownNode
from forms.views import NodeView

Side = Literal["mine", "theirs"]
_ASKED = frozenset({"input", "select-one", "select-multiple", "rank", "range", "trigger", "upload"})
_PASSES = 8  # answers that make other questions relevant come first, however they are nested


@dataclass(frozen=True)
class Clash:
    """A question that both changed, with each answer as a person reads it."""

    ref: str
    label: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class _Reading:
    """One version: answers by ref, and how many entries each outermost repeat has."""

    session: Session
    answers: Mapping[str, str]
    counts: Mapping[str, int]

    def unit(self, ref: str) -> tuple[str, ...]:
        """The answer of a question, or all answers of a repeat."""
        if ref not in self.counts:
            return (self.answers.get(ref, ""),)
        inside = f"{ref}["
        return tuple(f"{at}={v}" for at, v in self.answers.items() if at.startswith(inside))


class Merge:
    """The common predecessor and its two corrections, read with the form they belong to.

    Args:
        form: Their form.
        base: XML of what both replace.
        mine: XML of the one.
        theirs: XML of the other.
        around: Clock, ids and randomness, as `Form.edit` takes them.
        speak: Called with each session, to set the language of labels.

    Raises:
        FormError: One of them does not belong to the form.
    """

    def __init__(
        self,
        form: Form,
        base: bytes,
        mine: bytes,
        theirs: bytes,
        around: Mapping[str, Any],
        speak: Callable[[Session], None] = lambda _session: None,
    ) -> None:
        self._form, self._around, self._theirs_xml = form, around, theirs
        self._speak = speak
        self._base, self._mine, self._theirs = (
            self._read(form.resume(xml, **around)) for xml in (base, mine, theirs)
        )
        self._units = self._all_units()
        self._mine_only, clashing = [], []
        for ref in self._units:
            before, one, other = (r.unit(ref) for r in (self._base, self._mine, self._theirs))
            if one in (before, other):
                continue
            if other == before:
                self._mine_only.append(ref)
            else:
                clashing.append(ref)
        self.clashes = tuple(self._clash(ref) for ref in clashing)

    def merged(self, choices: Mapping[str, Side]) -> Session:
        """A session with both corrections in it, ready to be finalised.

        It begins as a correction of theirs and takes over what only mine changed, and of the
        clashes those that `choices` gives to mine.

        Raises:
            KeyError: A clash without a choice.
        """
        session = self._form.edit(self._theirs_xml, **self._around)
        self._speak(session)
        chosen = [clash.ref for clash in self.clashes if choices[clash.ref] == "mine"]
        wanted = {ref: "" for ref in self._units if ref in {*self._mine_only, *chosen}}
        for ref in list(wanted):
            if ref in self._mine.counts:
                self._resize(session, ref)
                del wanted[ref]
                wanted.update(dict.fromkeys(self._below(ref), ""))
        self._give(session, {ref: self._mine.answers.get(ref, "") for ref in wanted})
        return session

    # --- reading ---

    def _read(self, session: Session) -> _Reading:
        self._speak(session)
        answers, counts = {}, {}
        for ref in session.nodes():
            view = session.view(ref)
            if view.kind == "repeat-range" and "[" not in ref:
                counts[ref] = view.count
            elif view.kind in _ASKED and not view.read_only:
                answers[ref] = view.answer
        return _Reading(session, answers, counts)

    def _all_units(self) -> list[str]:
        readings = (self._base, self._mine, self._theirs)
        ranges = {
            ref
            for reading in readings
            for ref in reading.counts
            if len({r.counts.get(ref, 0) for r in readings}) > 1
        }
        found: dict[str, None] = {}
        for reading in (self._theirs, self._mine):
            for ref in reading.answers:
                whole = next((r for r in ranges if ref.startswith(f"{r}[")), ref)
                found[whole] = None
            for ref in ranges:
                found[ref] = None
        return list(found)

    def _below(self, ref: str) -> list[str]:
        return [each for each in self._mine.answers if each.startswith(f"{ref}[")]

    # --- writing ---

    def _resize(self, session: Session, ref: str) -> None:
        wanted, held = self._mine.counts.get(ref, 0), session.view(ref).count
        try:
            for _ in range(wanted - held):
                session.add_repeat(ref)
            for at in range(held, wanted, -1):
                session.remove_repeat(f"{ref}[{at}]")
        except NotAllowed:
            pass  # another answer fixes the number

    def _give(self, session: Session, wanted: dict[str, str]) -> None:
        for _ in range(_PASSES):
            left = {}
            for ref, answer in wanted.items():
                try:
                    session.answer(ref, answer)
                except (NotAllowed, UnknownNode):
                    left[ref] = answer
                except FormError:
                    continue  # an answer of an older list: the check names it
            if not left or len(left) == len(wanted):
                return
            wanted = left

    # --- showing ---

    def _clash(self, ref: str) -> Clash:
        if ref in self._mine.counts:
            label = self._mine.session.view(ref).label or ref
            sides = (f"{r.counts.get(ref, 0)}" for r in (self._base, self._mine, self._theirs))
        else:
            label = self._label(ref)
            sides = (_shown(r, ref) for r in (self._base, self._mine, self._theirs))
        return Clash(ref, label, *sides)

    def _label(self, ref: str) -> str:
        for reading in (self._mine, self._theirs):
            if ref in reading.answers:
                return reading.session.view(ref).label or ref.rpartition("/")[2]
        return ref.rpartition("/")[2]


def _shown(reading: _Reading, ref: str) -> str:
    if ref not in reading.answers:
        return ""
    view = reading.session.view(ref)
    return _in_words(view)


def _in_words(view: NodeView) -> str:
    labels = {choice.value: choice.label for choice in view.choices}
    if not labels:
        return view.answer
    if view.kind == "select-one":
        return labels.get(view.answer, view.answer)
    return "、".join(labels.get(each, each) for each in view.answer.split())
