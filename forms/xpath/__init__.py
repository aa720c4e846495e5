"""XPath 1.0 with the functions and the bends of ODK XForms.

`compile_expression` is for the engine, `evaluate` for anybody with a document at hand.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from weakref import ref

from forms.errors import EvaluationError, InvalidExpression
from forms.nodes import Node, document
from forms.xpath import (
    functions_date,
    functions_geo,
    functions_nodes,
    functions_number,
    functions_text,
)
from forms.xpath.compile import ANY_NAMESPACE, STATIC, Closure, Compiler, slot_value
from forms.xpath.context import Bare, Context, Host
from forms.xpath.days import HERE, Days
from forms.xpath.functions_text import MAX_TEXT
from forms.xpath.library import LIBRARY
from forms.xpath.parser import parse
from forms.xpath.reads import Read, Reads, reads_of
from forms.xpath.shapes import Slot, shape_of
from forms.xpath.values import NO_DATE, Value, to_number, to_text, to_truth

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
    "Scope",
    "Value",
    "compile_expression",
    "compile_within",
    "evaluate",
    "parse",
    "scope_of",
    "to_number",
    "to_text",
    "to_truth",
]

_NUMBERS = frozenset({"int", "integer", "long", "decimal"})
_FUNCTIONS = (functions_date, functions_geo, functions_nodes, functions_number, functions_text)


class Compiled:
    """One expression, ready to be evaluated any number of times."""

    __slots__ = ("_reads", "_shape", "_slots", "closure", "expression", "slots")

    def __init__(
        self, expression: str, closure: Closure, shape: Reads, slots: tuple[Slot, ...]
    ) -> None:
        self.expression = expression
        self.closure = closure
        self.slots = tuple(slot_value(slot) for slot in slots)
        self._shape = shape
        self._slots = slots
        self._reads: Reads | None = None

    @property
    def reads(self) -> Reads:
        """What the expression depends on."""
        if self._reads is None:
            self._reads = self._shape.filled(self._slots)
        return self._reads

    def evaluate(self, ctx: Context) -> Value:
        """The value, of whichever of the four kinds it is.

        Raises:
            EvaluationError: The data does not allow it.
        """
        ctx.slots = self.slots
        HERE.clock = ref(ctx.host)
        try:
            return self.closure(ctx)
        except (RecursionError, MemoryError, ArithmeticError, ValueError):
            raise EvaluationError(reason="too much to compute") from None

    def text(self, ctx: Context) -> str:
        """The value as a string."""
        value = self.evaluate(ctx)
        return value if isinstance(value, str) else to_text(value)

    def stored(self, ctx: Context, data_type: str = "string") -> str:
        """The value as a node of `data_type` keeps it.

        That is its string, but for what is no number or no date, which is "", for truth in a node
        of numbers, which is 1 or 0, and for a number of days in a node of dates, which is that day.

        Raises:
            EvaluationError: It is longer than MAX_TEXT, or the data does not allow it.
        """
        value = self.evaluate(ctx)
        if value is NO_DATE or (isinstance(value, float) and value != value):  # noqa: PLR0124
            return ""
        if isinstance(value, bool) and data_type in _NUMBERS:
            return "1" if value else "0"
        if isinstance(value, Days) and data_type == "date":
            return value.day()
        text = to_text(value)
        if len(text) > MAX_TEXT:  # of nodes that hold each other's texts, it doubles each time
            raise EvaluationError(reason="too long a text")
        return text

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


Scope = tuple[tuple[str, str], ...]


def scope_of(namespaces: Mapping[str, str]) -> Scope:
    """`namespaces` as `compile_within` wants them: one object for many expressions."""
    return tuple(sorted(namespaces.items()))


def compile_expression(
    expression: str, namespaces: Mapping[str, str], *, late: bool = False
) -> Compiled:
    """`expression` under `namespaces` (URI by prefix; see `Compiler`), kept for the next time.

    With `late` an unknown function is refused when it is called, not before.

    Raises:
        InvalidExpression: It is not XPath, or calls what does not exist.
    """
    return compile_within(expression, scope_of(namespaces), late)


@lru_cache(maxsize=16384)
def compile_within(expression: str, scope: Scope, late: bool = False) -> Compiled:  # noqa: FBT001, FBT002
    """As `compile_expression`, the namespaces from `scope_of`."""
    free = scope[:1] == (("", ANY_NAMESPACE),)
    shape, slots = shape_of(expression) if free else (expression, ())
    if slots:
        try:
            return Compiled(expression, *_shape(shape, scope, late), slots)
        except InvalidExpression:
            pass  # refused again below, with the position in what was written
    return Compiled(expression, *_shape(expression, scope, late), ())


@lru_cache(maxsize=4096)
def _shape(shape: str, scope: Scope, late: bool) -> tuple[Closure, Reads]:  # noqa: FBT001
    try:
        expr = parse(shape)
        return Compiler(dict(scope), late=late).value(expr), reads_of(expr)
    except RecursionError:
        raise InvalidExpression(position=0, reason="nested too deeply") from None


def evaluate(
    expression: str,
    xml: bytes | Node,
    context: Node | str | None = None,
    namespaces: Mapping[str, str] | None = None,
    *,
    host: Host | None = None,
    root: Node | None = None,
) -> Value:
    """Evaluate `expression` in a document.

    Args:
        expression: XPath 1.0 with ODK's functions.
        xml: The document, or its root node.
        context: A node of it, or an expression that leads to one; the root when None.
        namespaces: URI by prefix; "" for names without prefix.
        host: Answers what goes beyond the tree; by default a host without a form.
        root: Where absolute paths begin; the document's root when None.

    Raises:
        FormError: The document or the expression is refused.
    """
    top = xml if isinstance(xml, Node) else document(xml)
    ctx = Context(top, host or Bare(), root=root or top)
    if isinstance(context, str):
        found = compile_expression(context, namespaces or {}, late=True).nodes(ctx)
        if not found:
            raise EvaluationError(reason="the context leads nowhere")
        context = found[0]
    ctx.node = ctx.current = context or top
    return compile_expression(expression, namespaces or {}, late=True).evaluate(ctx)
