"""Characters to tokens.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#exprlex
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.errors import InvalidExpression

MAX_CHARACTERS = 100_000

_NCNAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<name>{_NCNAME}(?::(?!:)(?:{_NCNAME}|\*))?)
    | (?P<sign>::|//|\.\.|!=|<=|>=|[()\[\]@,.|+\-=<>/*$])
    )""",
    re.VERBOSE,
)
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
_OPERATOR_BEGINS = re.compile("and|or|mod|div")
_BEFORE_OPERAND = frozenset(
    {"@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "$"}
)


@dataclass(frozen=True)
class Token:
    """One token.

    Attributes:
        kind: "number", "text", "name", "operator", "sign" or "end".
        position: Of its first character, from 1.
    """

    kind: str
    value: str
    position: int


def tokens(expression: str) -> list[Token]:
    """All tokens of `expression`, ended by one of kind "end".

    Raises:
        InvalidExpression: A character does not belong, or the expression is too long.
    """
    if len(expression) > MAX_CHARACTERS:
        raise InvalidExpression(position=MAX_CHARACTERS, reason="too long")
    found: list[Token] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            raise InvalidExpression(position=at + 1, reason="unexpected character")
        kind = match.lastgroup
        value = match.group(kind)
        position = match.start(kind) + 1
        at = match.end()
        begun = _OPERATOR_BEGINS.match(value) if kind == "name" else None
        if begun and _after_operand(found) and value not in _OPERATOR_NAMES:
            value = begun.group()  # 1mod1: after an operand only an operator can follow
            at = match.start(kind) + len(value)
        if _after_operand(found) and (value in _OPERATOR_NAMES or value == "*"):
            kind = "operator"
        elif kind == "name" and _after_operand(found) and "-" not in value:
            raise InvalidExpression(position=position, reason="an operator is missing")
        elif value == "*":
            kind = "name"
        found.append(Token(kind, value, position))
    found.append(Token("end", "", end + 1))
    return found


def _after_operand(found: list[Token]) -> bool:
    # XPath 1.0, 3.7: a name or * after anything that can end an operand is an operator.
    if not found:
        return False
    last = found[-1]
    return last.kind != "operator" and not (last.kind == "sign" and last.value in _BEFORE_OPERAND)
