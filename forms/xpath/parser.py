"""Tokens to the shape of an expression, by recursive descent with a depth limit.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#section-Expressions
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from forms.errors import InvalidExpression
from forms.xpath.lexer import Token, tokens
from forms.xpath.tree import (
    AXES,
    Axis,
    Binary,
    Call,
    Expr,
    Filter,
    Negate,
    Number,
    Path,
    Step,
    Text,
)

MAX_DEPTH = 60
MAX_STEPS = 1_000
NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
_OPERATORS = frozenset({"sign", "operator"})
_ANY_NODE = Step("descendant-or-self", "node", "", "")


@lru_cache(maxsize=4096)
def parse(expression: str) -> Expr:
    """The shape of `expression`.

    Raises:
        InvalidExpression: It is not XPath 1.0; says the position, from 1, and why.
    """
    return _Parser(tokens(expression)).whole()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def whole(self) -> Expr:
        expr = self._expression()
        if self._peek().kind != "end":
            raise self._wrong("something is left over")
        return expr

    # --- tokens ---

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _sign(self, value: str) -> bool:
        token = self._peek()
        if token.kind == "sign" and token.value == value:
            self._at += 1
            return True
        return False

    def _need(self, value: str) -> None:
        if not self._sign(value):
            raise self._wrong(f"{value} is missing")

    def _wrong(self, reason: str) -> InvalidExpression:
        return InvalidExpression(position=self._peek().position, reason=reason)

    # --- grammar ---

    def _expression(self) -> Expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._wrong("nested too deeply")
        expr = self._binary(0)
        self._depth -= 1
        return expr

    def _binary(self, level: int) -> Expr:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while (token := self._peek()).kind in {"sign", "operator"} and token.value in _LEVELS[
            level
        ]:
            self._at += 1
            left = Binary(token.value, left, self._binary(level + 1))
        return left

    def _unary(self) -> Expr:
        minuses = 0
        while self._sign("-"):
            minuses += 1
        expr = self._union()
        if minuses == 0:
            return expr
        return Negate(expr) if minuses % 2 else Negate(Negate(expr))

    def _union(self) -> Expr:
        left = self._path()
        while self._sign("|"):
            left = Binary("|", left, self._path())
        return left

    def _path(self) -> Expr:
        if not self._starts_primary():
            return self._location_path()
        primary = self._primary()
        predicates = self._predicates()
        if predicates:
            primary = Filter(primary, predicates)
        token = self._peek()
        if token.kind == "sign" and token.value in {"/", "//"}:
            return Path(absolute=False, steps=tuple(self._rest_of_path()), start=primary)
        return primary

    def _starts_primary(self) -> bool:
        token = self._peek()
        if token.kind in {"number", "text"}:
            return True
        if token.kind == "sign":
            return token.value in {"(", "$"}
        following = self._peek(1)
        return (
            token.kind == "name"
            and following.kind == "sign"
            and following.value == "("
            and token.value not in NODE_TYPES
        )

    def _primary(self) -> Expr:
        token = self._next()
        if token.kind == "number":
            return Number(float(token.value))
        if token.kind == "text":
            return Text(token.value[1:-1])
        if token.value == "$":
            self._at -= 1
            raise self._wrong("variables do not exist in forms")
        if token.value == "(":
            expr = self._expression()
            self._need(")")
            return expr
        self._need("(")
        arguments: list[Expr] = []
        if not self._sign(")"):
            arguments.append(self._expression())
            while self._sign(","):
                arguments.append(self._expression())
            self._need(")")
        return Call(token.value, tuple(arguments))

    def _predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self._sign("["):
            found.append(self._expression())
            self._need("]")
        return tuple(found)

    def _location_path(self) -> Path:
        if self._sign("/"):
            steps = self._relative_path() if self._starts_step() else []
            return Path(absolute=True, steps=tuple(steps))
        if self._peek().value == "//" and self._peek().kind == "sign":
            return Path(absolute=True, steps=tuple(self._rest_of_path()))
        return Path(absolute=False, steps=tuple(self._relative_path()))

    def _starts_step(self) -> bool:
        token = self._peek()
        return token.kind == "name" or (token.kind == "sign" and token.value in {".", "..", "@"})

    def _relative_path(self) -> list[Step]:
        return [self._step(), *self._rest_of_path()]

    def _rest_of_path(self) -> list[Step]:
        steps: list[Step] = []
        while True:
            if self._sign("//"):
                steps.append(_ANY_NODE)
            elif not self._sign("/"):
                return steps
            steps.append(self._step())
            if len(steps) > MAX_STEPS:
                raise self._wrong("too long a path")

    def _step(self) -> Step:
        if self._sign("."):
            return Step("self", "node", "", "", self._predicates())
        if self._sign(".."):
            return Step("parent", "node", "", "", self._predicates())
        axis = "child"
        if self._sign("@"):
            axis = "attribute"
        elif self._peek(1).kind == "sign" and self._peek(1).value == "::":
            axis = self._next().value
            self._at += 1
            if axis not in AXES:
                raise self._wrong("no such axis")
        test, prefix, name = self._node_test()
        return Step(cast("Axis", axis), test, prefix, name, self._predicates())

    def _node_test(self) -> tuple[str, str, str]:
        token = self._peek()
        if token.kind != "name":
            raise self._wrong("a name is missing")
        self._at += 1
        if token.value in NODE_TYPES and self._sign("("):
            target = ""
            if self._peek().kind == "text" and token.value == "processing-instruction":
                target = self._next().value[1:-1]
            self._need(")")
            return token.value, "", target
        prefix, colon, name = token.value.partition(":")
        return ("name", prefix, name) if colon else ("name", "", token.value)
