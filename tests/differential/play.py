"""One form on both engines."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from forms import Session, load_form
from forms.errors import EvaluationError, FormError
from forms.views import NodeView
from forms.xpath import values
from tests.differential.sketches import ANSWERS, REPEAT, Question, Sketch
from tests.forms.kit import around

DRIVER = Path(__file__).with_name("peer.mjs")
_KINDS = {
    "select-one": "select",
    "select-multiple": "select",
    "value": "model-value",
    "note": "input",  # what the peer calls a note depends on how an expression is spelled
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?\Z")
_WHOLE = re.compile(r"(?<=\d)\.0\b")  # the peer stores decimals so, and shows them in labels
Step = tuple[str, str, str | int]
State = list[dict[str, Any]]


class Difference(AssertionError):
    """The engines disagree; the text tells the form, the steps and where.

    Attributes:
        kind: Differences of one kind differ in the same fields.
    """

    def __init__(self, told: str, kind: str) -> None:
        super().__init__(told)
        self.kind = kind


class Peer:
    """The other engine, in a process of its own; used as a context."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(DRIVER), self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def play(self, form: str, steps: Sequence[Step]) -> dict[str, Any]:
        """What the peer shows after loading and after each step, or its error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"form": form, "steps": steps}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def compare(peer: Peer, sketch: Sketch, picks: Sequence[tuple[int, int]]) -> None:
    """Play `sketch` with the steps that `picks` choose.

    Raises:
        Difference: A node differs, or one engine refuses what the other takes.
    """
    form = sketch.xform()
    try:
        with mock.patch.object(values, "number_text", _no_nan):
            steps, ours = play_ours(form, sketch, picks)
    except (EvaluationError, _NaNToText):
        return  # no state to compare, or one that is known to differ
    except FormError as refused:
        answer = peer.play(form, [])
        if "error" not in answer:
            told = f"{form}\nwe refuse: {refused.code} {refused.fields}"
            raise Difference(told, refused.code) from None
        return
    answer = peer.play(form, steps)
    if "error" in answer:
        told = f"{form}\n{steps}\nthe peer refuses: {answer['error']}"
        raise Difference(told, str(answer["error"])[:40])
    for at, (one, other) in enumerate(zip(ours, answer["states"], strict=True)):
        found = differences(one, other)
        if found:
            told = "\n".join(found)
            kind = " ".join(sorted({line.partition(": ")[0].rpartition(" ")[2] for line in found}))
            raise Difference(f"{form}\n{steps[:at]}\nours / the peer's:\n{told}", kind)


class _NaNToText(Exception):
    """NaN became text, which is "NaN" here and "" there; see `explained.py`."""


def _no_nan(number: float) -> str:
    if number != number:
        raise _NaNToText
    return _NUMBER_TEXT(number)


def play_ours(
    form: str, sketch: Sketch, picks: Sequence[tuple[int, int]]
) -> tuple[list[Step], list[State]]:
    """The steps that were possible, and our state before and after each."""
    session = load_form(form.encode()).new_session(**around())
    steps: list[Step] = []
    states = [state_of(session)]
    for which, what in picks:
        step = choose(session, sketch, which, what)
        if step is None:
            continue
        op, ref, value = step
        if op == "add":
            session.add_repeat(ref, int(value) + 1)
        elif op == "remove":
            session.remove_repeat(f"{ref}[{value}]")
        else:
            session.answer(ref, value)
        steps.append(step)
        states.append(state_of(session))
    return steps, states


def choose(session: Session, sketch: Sketch, which: int, what: int) -> Step | None:
    """The step that two numbers stand for now."""
    by_name = {question.name: question for question in sketch.questions}
    views = [view for ref in session.nodes() if (view := session.view(ref)).relevant]
    options = [view for view in views if _offers(view, by_name)]
    if not options:
        return None
    view = options[which % len(options)]
    if view.kind == "repeat-range":
        if what % 3 == 0 and view.count:
            return "remove", view.ref, what % view.count + 1
        return "add", view.ref, view.count
    question = by_name[view.ref.rpartition("/")[2]]
    return "answer", view.ref, _value(question, what, view)


def _offers(view: NodeView, by_name: dict[str, Question]) -> bool:
    if view.kind == "repeat-range":
        return view.can_add
    name = view.ref.rpartition("/")[2]
    if view.kind in {"note", "value"} or view.read_only or name not in by_name:
        return False
    return not any(rule == "calculate" for rule, _text in by_name[name].rules)


def _value(question: Question, what: int, view: NodeView) -> str:
    if question.kind in {"one", "filtered"}:
        offered = ["", *(choice.value for choice in view.choices)]
        return offered[what % len(offered)]
    pool = _POOLS[question.kind]
    return pool[what % len(pool)]


_NUMBER_TEXT = values.number_text
_POOLS = {
    "string": ["", "a", "b", "ab", "a b", "x1", "10", " a ", "true", "2024-02-29"],
    "int": ["", "0", "1", "2", "-3", "7", "10"],
    "decimal": ["", "0", "1", "0.5", "-1.25", "3.10", "100"],
    "date": ["", "2024-02-29", "1999-12-31", "2026-01-01"],
    "many": ["", "a", "b", "a b", "ab c", "a b ab c"],
}
assert set(_POOLS) | {"one", "filtered"} == set(ANSWERS)


def state_of(session: Session) -> State:
    """All nodes as the peer's driver tells them."""
    broken = {problem.ref for problem in session.check()}
    return [_shown(session.view(ref), valid=ref not in broken) for ref in session.nodes()]


def _shown(view: NodeView, *, valid: bool) -> dict[str, Any]:
    return {
        "ref": view.ref,
        "kind": _KINDS.get(view.kind, view.kind),
        "relevant": view.relevant,
        "readonly": view.read_only,
        "required": view.required,
        "label": view.label,
        "value": view.answer,
        "valid": valid,
        "choices": [choice.value for choice in view.choices],
    }


def differences(ours: State, theirs: State) -> list[str]:
    """What differs, a line for each; what is not relevant is compared no further."""
    one, other = ({_ref(node): node for node in state} for state in (ours, theirs))
    found = [f"{ref}: only ours" for ref in one if ref not in other]
    found += [f"{ref}: only the peer's" for ref in other if ref not in one]
    for ref in one.keys() & other.keys():
        fields = list(one[ref]) if one[ref]["relevant"] or other[ref]["relevant"] else ["kind"]
        for name in fields:
            if name != "ref" and _same(one[ref][name]) != _same(other[ref][name]):
                found.append(f"{ref} {name}: {one[ref][name]!r} / {other[ref][name]!r}")
    return found


def _ref(node: dict[str, Any]) -> str:
    return str(node["ref"])


def _same(value: object) -> object:
    if isinstance(value, str):
        text = _WHOLE.sub("", " ".join(value.split()))
        return repr(round(float(text), 9) + 0.0) if _NUMBER.match(text) else text
    return value


__all__ = ["REPEAT", "Difference", "Peer", "compare"]
