"""The one table of functions that expressions may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forms.xpath.context import Context
from forms.xpath.values import Value

Body = Callable[..., Value]


@dataclass(frozen=True)
class Function:
    """One function.

    Attributes:
        body: Called with the context and the values of the arguments.
        fewest, most: Number of arguments; `most` is None for any number.
        volatile: Answers differently without any answer having changed (now, random).
        positional: Depends on where nodes stand, not only on their values.
        texts: Depends on the language.
    """

    name: str
    body: Body
    fewest: int
    most: int | None
    volatile: bool = False
    positional: bool = False
    texts: bool = False


LIBRARY: dict[str, Function] = {}


def function(
    name: str,
    fewest: int,
    most: int | None,
    *,
    volatile: bool = False,
    positional: bool = False,
    texts: bool = False,
) -> Callable[[Body], Body]:
    """Enter the decorated function into the table as `name`."""

    def enter(body: Body) -> Body:
        LIBRARY[name] = Function(name, body, fewest, most, volatile, positional, texts)
        return body

    return enter


__all__ = ["LIBRARY", "Context", "Function", "function"]
