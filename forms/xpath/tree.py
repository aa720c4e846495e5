"""The shape of an expression.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#section-Expressions
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axis = Literal[
    "ancestor",
    "ancestor-or-self",
    "attribute",
    "child",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "namespace",
    "parent",
    "preceding",
    "preceding-sibling",
    "self",
]
AXES: frozenset[str] = frozenset(Axis.__args__)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Number:
    """A number literal."""

    value: float


@dataclass(frozen=True)
class Text:
    """A string literal."""

    value: str


@dataclass(frozen=True)
class Call:
    """A function call; `name` as written, with its prefix."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Binary:
    """`left operator right`, the operator one of or and = != < <= > >= + - * div mod |."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Negate:
    """Unary minus."""

    operand: Expr


@dataclass(frozen=True)
class Step:
    """One location step.

    Attributes:
        test: "name" (a name test, `name` may be "*" and `prefix` ""), or a node type: "node",
            "text", "comment", "processing-instruction" (`name` its target or "").
    """

    axis: Axis
    test: str
    prefix: str
    name: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Path:
    """A location path.

    Attributes:
        start: An expression to begin from (`instance('a')/...`), or None.
        absolute: Begins at the root of the tree; never together with `start`.
    """

    absolute: bool
    steps: tuple[Step, ...]
    start: Expr | None = None


@dataclass(frozen=True)
class Filter:
    """`primary[predicate]...`."""

    primary: Expr
    predicates: tuple[Expr, ...]


Expr = Number | Text | Call | Binary | Negate | Path | Filter
