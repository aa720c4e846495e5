"""Where a peer is known to be wrong or lacking, we do what the specification says."""

from __future__ import annotations

import pytest

from forms.errors import FormError, NotAllowed, UnknownNode
from forms.session import Session
from forms.xpath import ANY_NAMESPACE, evaluate
from tests.forms.conformance.peers import CASES, REFUSED, Case
from tests.forms.kit import around, form


def play(case: Case) -> Session:
    made = form(case.instance, binds=case.binds, body=case.body, model=case.model)
    filled = made.new_session(**around())
    for op, ref, *rest in case.do:
        if op == "add":
            filled.add_repeat(ref)
        elif op == "remove":
            filled.remove_repeat(ref)
        elif op == "answer":
            filled.answer(ref, rest[0])
        elif op == "choices":
            assert [c.value for c in filled.view(ref).choices] == rest[0].split()
        elif op == "reopen":
            filled = made.resume(ref.encode(), **around())
        else:
            with pytest.raises(NotAllowed):
                filled.add_repeat(ref) if filled.view(ref).kind == "repeat-range" else (
                    filled.answer(ref, "x")
                )
    return filled


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.refused], ids=lambda case: case.peer[0]
)
def test_we_do_what_the_specification_says(case: Case) -> None:
    filled = play(case)
    for ref, expected in case.then.items():
        view = filled.view(ref)
        assert (view.answer if view.relevant else None) == expected, ref
    for ref in case.absent:
        with pytest.raises(UnknownNode):
            filled.view(ref)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.refused], ids=lambda case: case.peer[0]
)
def test_we_refuse_a_form_that_the_specification_does_not_allow(case: Case) -> None:
    with pytest.raises(FormError) as refused:
        play(case)
    assert refused.value.code == case.refused


@pytest.mark.parametrize("expression", REFUSED)
def test_a_call_that_breaks_a_signature_is_refused(expression: str) -> None:
    with pytest.raises(FormError):
        evaluate(expression, b"<root><a>x</a></root>", None, {"": ANY_NAMESPACE})
