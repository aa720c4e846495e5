"""An expression compiled by its shape means what it means compiled whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.errors import EvaluationError, InvalidExpression
from forms.nodes import Node, document
from forms.xpath import ANY_NAMESPACE, Bare, Context, Value, compile_expression, parse
from forms.xpath.compile import Compiler
from forms.xpath.reads import Read, Reads, reads_of
from forms.xpath.shapes import shape_of

XML = (
    b"<d><a>2</a><b>yes</b><r><k>x</k><a>3</a></r><r><k>y</k><a>4</a></r><x><y><a>9</a></y></x></d>"
)
TOP = document(XML)
AT = TOP.children[0].named("r")[1].named("a")[0]
NAMESPACES = {"": ANY_NAMESPACE}

paths = st.sampled_from(
    ["/d/a", "/d/b", "../k", "../../a", "current()/../k", "current()/.", ".", "./k", "/d/r/a",
     "//a", "/d//a", "/d/*/a", "/d/r[k = 'y']/a", "/d/r[./k = current()/../k]/a", "x/../a",
     "/d/x/ ../b", "/d/x /y/a", "..//a", "../@n", "/d/and/a", "/d/r[2]/a", "/d/a-/d/b", "k"]
)  # fmt: skip
atoms = st.one_of(paths, st.sampled_from(["3", "4.0", "'yes'", '"x"', "'/d/a'", "''", "0.5"]))
operators = st.sampled_from(
    [" = ", "=", " != ", "+", " - ", " div ", " and ", " or ", " mod ", " * ", "<", " >= ", "|"]
)
calls = st.sampled_from(
    ["count({})", "string({})", "selected({}, 'yes')", "not({})", "concat({}, 'x', 1)", "({})",
     "if({} = 'x', 'p', 3)", "round({}, 1)", "sum({})", "-{}", "starts-with({},'y')"]
)  # fmt: skip
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(lambda a, o, b: f"{a}{o}{b}", inner, operators, inner),
        st.builds(lambda c, a: c.format(a), calls, inner),
    ),
    max_leaves=5,
)


def value_of(closure: object) -> object:
    try:
        return repr(closure(Context(AT, Bare(), root=TOP)))  # type: ignore[operator]
    except EvaluationError as error:
        return error.code


def edges(reads: Reads) -> set[Read]:
    """All that is read; whether by a key is told of shapes alone, and narrows what they read."""
    return {replace(read, key=None) for read in reads.paths}


@given(expressions)
def test_a_shape_filled_again_is_the_expression(expression: str) -> None:
    try:
        whole = parse(expression)
    except InvalidExpression:
        with pytest.raises(InvalidExpression):
            compile_expression(expression, NAMESPACES)
        return
    compiled = compile_expression(expression, NAMESPACES)
    assert value_of(Compiler(NAMESPACES).value(whole)) == value_of(compiled.evaluate)
    assert edges(compiled.reads) == edges(reads_of(whole))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/d/q1 * 2 + 1", "/d/group/q17 * 3 + 15"),
        ("selected(/d/a, 'x') and ../b != 'y'", "selected(/d/z, 'q') and ../../b != \"w\""),
        ("instance('l')/root/item[n = /d/a]/label", "instance('l')/root/item[n = /d/b]/label"),
    ],
)
def test_binds_that_differ_in_paths_and_words_share_a_shape(first: str, second: str) -> None:
    assert shape_of(first)[0] == shape_of(second)[0] != first


def test_an_error_keeps_its_place_in_what_was_written() -> None:
    with pytest.raises(InvalidExpression) as caught:
        compile_expression("/d/question + nothing(/d/a) )", NAMESPACES)
    assert int(caught.value.fields["position"]) > 10


def test_a_slot_never_leaks_into_another_expression_of_the_shape() -> None:
    context = Context(AT, Bare(), root=TOP)
    one = compile_expression("/d/a + 1", NAMESPACES)
    two = compile_expression("/d/x/y/a + 100", NAMESPACES)
    values: list[Value] = [each.evaluate(context) for each in (one, two, one)]
    assert values == [3.0, 109.0, 3.0]


def test_the_document_is_as_the_paths_expect_it() -> None:
    assert isinstance(AT, Node)
    assert AT.value() == "4"
