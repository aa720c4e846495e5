from __future__ import annotations

import math
from base64 import b64encode
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forms.errors import EvaluationError, FormError, InvalidExpression, UnknownFunction
from forms.nodes import Node, document
from forms.xpath import (
    ANY_NAMESPACE,
    STATIC,
    Bare,
    Context,
    Read,
    Value,
    compile_expression,
    evaluate,
)
from tests.forms.xpath import fuzz

XML = b"<data><a>1</a><b>x y</b><c/><r><n>2</n></r><r><n>3</n></r></data>"
FORM = {"": ANY_NAMESPACE}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("8 - 2 - 1", 5.0),
        ("1mod1", 0.0),
        ("1or1", True),
        ("-7 mod 2", -1.0),
        ("count(/data/r)", 2.0),
        ("/data/r[2]/n = 3", True),
        ("/data/r[n = '2']/n = 3", False),
        ("sum(/data/r/n)", 5.0),
        ("selected(/data/b, 'y')", True),
        ("coalesce(/data/c, 'z')", "z"),
        ("if(/data/a = 1, 'yes', 'no')", "yes"),
        ("substr('hello', 1, -1)", "ell"),
        ("concat(/data/r/n, '!')", "23!"),
        ("/data/c = ''", True),
        ("string(1 div 0)", "Infinity"),
        ("position(/data/r[2])", 2.0),
        ("decimal-time('12:00:00.000+00:00')", 0.5),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Value) -> None:
    assert evaluate(expression, XML) == value


@pytest.mark.parametrize("expression", ["", "1 +", "$a", "a b", "'x", "(" * 50_000, "count()"])
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        compile_expression(expression, {})


def test_an_unknown_function_is_refused_when_a_form_is_loaded() -> None:
    with pytest.raises(UnknownFunction):
        compile_expression("nosuch(1)", {})


def test_a_branch_not_taken_may_hold_anything() -> None:
    assert evaluate("if(true(), 'a', nosuch())", XML) == "a"


@pytest.mark.parametrize("pattern", ["(a+)+$", "((a+))+$", "(a|a)*$", "(.|b)+c", "(a*){9,}"])
def test_a_pattern_that_could_run_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate(f"regex('{'a' * 60}!', '{pattern}')", XML)


@pytest.mark.parametrize("pattern", ["^[0-9]{11}$", "^[^@ ]+@[^@ ]+$", "(yes|no)", "^(a|b)+$"])
def test_an_ordinary_pattern_is_searched(pattern: str) -> None:
    assert isinstance(evaluate(f"regex('12345678901', '{pattern}')", XML), bool)


def test_what_is_not_relevant_reads_as_nothing() -> None:
    top = document(XML)
    top.children[0].named("a")[0].relevant = False
    assert evaluate("string(/data/a)", top) == ""


def test_a_list_that_never_changes_is_looked_up_by_its_index() -> None:
    rows = "".join(f"<item><name>{i}</name><label>L{i}</label></item>" for i in range(50))
    top = document(f"<root>{rows}</root>".encode())
    top.info = STATIC
    found = compile_expression("/root/item[name = /root/item[3]/name]/label", FORM)
    assert found.text(Context(top, Bare())) == "L2"


def test_reads_name_each_path() -> None:
    reads = compile_expression("/data/a = 'x' and ../b > 3", FORM).reads
    assert set(reads.paths) == {Read("near", ("data", "a")), Read("context", ("..", "b"))}


def test_a_clock_makes_an_expression_volatile() -> None:
    assert compile_expression("today() > /data/a", FORM).reads.volatile


@pytest.mark.parametrize(("change", "text"), [(0, "村委会"), (1, "")])
def test_signed_text_is_given_only_when_it_is_genuine(change: int, text: str) -> None:
    key = Ed25519PrivateKey.generate()
    signed = bytearray(key.sign("村委会".encode()) + "村委会".encode())
    signed[-1] ^= change
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    packed = b64encode(signed).decode()
    assert evaluate(f"extract-signed('{packed}', '{public}')", XML) == text


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_survives_being_text(number: float) -> None:
    node = Node(1, "a", text="")
    text = evaluate(f"string({abs(number):.6f})", node)
    assert isinstance(text, str)
    assert math.isclose(float(text), float(f"{abs(number):.6f}"))


@given(st.text(max_size=40))
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    with suppress(FormError):
        assert isinstance(evaluate(text, XML), str | float | bool | list)


def test_random_expressions_raise_nothing_but_our_errors() -> None:
    valued, slowest = fuzz.run(2_000, 7)
    assert valued > 300
    assert slowest[0] < 1.0, slowest
