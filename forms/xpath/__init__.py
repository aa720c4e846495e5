"""XPath 1.0 with the functions and the bends of ODK XForms.

`compile_expression` is for the engine, `evaluate` for anybody with a document at hand.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from forms.errors import EvaluationError, InvalidExpression
from forms.nodes import Node, document
from forms.xpath import (
    functions_date,
    functions_geo,
    functions_nodes,
    functions_number,
    functions_text,
)
from forms.xpath.compile import ANY_NAMESPACE, STATIC, Closure, Compiler
from forms.xpath.context import Bare, Context, Host
from forms.xpath.library import LIBRARY
from forms.xpath.parser import parse
from forms.xpath.reads import Read, Reads, reads_of
from forms.xpath.values import Value, to_number, to_text, to_truth

__all__ = [
    "ANY_NAMESPACE",
    "LIBRARY",
    "STATIC",
    "Bare",
    "Compiled",
    "Context",
    "Host",
    "Read",
    "Reads",
    "Value",
    "compile_expression",
    "evaluate",
    "parse",
    "to_number",
    "to_text",
    "to_truth",
]

_FUNCTIONS = (functions_date, functions_geo, functions_nodes, functions_number, functions_text)


class Compiled:
    """One expression, ready to be evaluated any number of times."""

    __slots__ = ("closure", "expression", "reads")

    def __init__(self, expression: str, closure: Closure, reads: Reads) -> None:
        self.expression = expression
        self.closure = closure
        self.reads = reads

    def evaluate(self, ctx: Context) -> Value:
        """The value, of whichever of the four kinds it is.

        Raises:
            EvaluationError: The data does not allow it.
        """
        try:
            return self.closure(ctx)
        except (RecursionError, MemoryError, ArithmeticError, ValueError):
            raise EvaluationError(reason="too much to compute") from None

    def text(self, ctx: Context) -> str:
        """The value as a string."""
        return to_text(self.evaluate(ctx))

    def number(self, ctx: Context) -> float:
        """The value as a number."""
        return to_number(self.evaluate(ctx))

    def truth(self, ctx: Context) -> bool:
        """The value as a boolean."""
        return to_truth(self.evaluate(ctx))

    def nodes(self, ctx: Context) -> list[Node]:
        """The nodes selected.

        Raises:
            EvaluationError: The value is no node-set.
        """
        value = self.evaluate(ctx)
        if isinstance(value, list):
            return value
        raise EvaluationError(reason="nodes are needed here")


def compile_expression(
    expression: str, namespaces: Mapping[str, str], *, late: bool = False
) -> Compiled:
    """`expression` under `namespaces` (URI by prefix; see `Compiler`), kept for the next time.

    With `late` an unknown function is refused when it is called, not before.

    Raises:
        InvalidExpression: It is not XPath, or calls what does not exist.
    """
    return _compiled(expression, tuple(sorted(namespaces.items())), late)


@lru_cache(maxsize=16384)
def _compiled(expression: str, namespaces: tuple[tuple[str, str], ...], late: bool) -> Compiled:  # noqa: FBT001
    try:
        shape = parse(expression)
        return Compiled(
            expression, Compiler(dict(namespaces), late=late).value(shape), reads_of(shape)
        )
    except RecursionError:
        raise InvalidExpression(position=0, reason="nested too deeply") from None


def evaluate(
    expression: str,
    xml: bytes | Node,
    context: Node | None = None,
    namespaces: Mapping[str, str] | None = None,
    *,
    host: Host | None = None,
    root: Node | None = None,
) -> Value:
    """Evaluate `expression` in a document.

    Args:
        expression: XPath 1.0 with ODK's functions.
        xml: The document, or its root node.
        context: A node of it; the root when None.
        namespaces: URI by prefix; "" for names without prefix.
        host: Answers what goes beyond the tree; by default a host without a form.
        root: Where absolute paths begin; the document's root when None.

    Raises:
        FormError: The document or the expression is refused.
    """
    top = xml if isinstance(xml, Node) else document(xml)
    ctx = Context(context or top, host or Bare(), root=root or top)
    return compile_expression(expression, namespaces or {}, late=True).evaluate(ctx)
