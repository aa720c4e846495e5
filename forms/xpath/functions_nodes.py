"""Functions on nodes and lists of them.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, section "Nodeset functions"
"""

from __future__ import annotations

import hashlib
import math

from forms.errors import EvaluationError
from forms.nodes import ATTRIBUTE, ELEMENT, Node
from forms.xpath.axes import XML, ancestors
from forms.xpath.context import Context
from forms.xpath.library import function
from forms.xpath.values import Value, to_number, to_text


def nodes_of(value: Value, name: str) -> list[Node]:
    """`value` as a node-set.

    Raises:
        EvaluationError: It is none.
    """
    if isinstance(value, list):
        return value
    raise EvaluationError(reason=f"{name}() needs nodes")


@function("count", 1, 1)
def count(_ctx: Context, nodes: Value) -> float:
    """#fn:count."""
    return float(len(nodes_of(nodes, "count")))


@function("count-non-empty", 1, 1)
def count_non_empty(_ctx: Context, nodes: Value) -> float:
    """#fn:count-non-empty."""
    return float(sum(1 for node in nodes_of(nodes, "count-non-empty") if node.value() != ""))


@function("position", 0, 1, positional=True)
def position(ctx: Context, nodes: Value | None = None) -> float:
    """#fn:position: in the list of a predicate, or of a node among its like-named siblings."""
    if nodes is None:
        return float(ctx.position)
    found = nodes_of(nodes, "position")
    if not found:
        return math.nan
    node = found[0]
    if node.parent is None:
        return 1.0
    same = node.parent.named(node.name)
    return float(next((at for at, each in enumerate(same, 1) if each is node), 1))


@function("last", 0, 0, positional=True)
def last(ctx: Context) -> float:
    """XPath 1.0 `last`."""
    return float(ctx.size)


@function("current", 0, 0)
def current(ctx: Context) -> list[Node]:
    """#fn:current."""
    return [ctx.current]


@function("instance", 1, 1)
def instance(ctx: Context, name: Value) -> list[Node]:
    """#fn:instance.

    Raises:
        EvaluationError: The form has no such instance.
    """
    root = ctx.host.instance(to_text(name))
    if root is None:
        raise EvaluationError(reason="no such instance")
    return [root]


@function("id", 1, 1)
def by_id(ctx: Context, value: Value) -> list[Node]:
    """#fn:id: elements whose attribute `id` is one of the words."""
    texts = [node.value() for node in value] if isinstance(value, list) else [to_text(value)]
    wanted = {word for text in texts for word in text.split()}
    return [
        node
        for node in ctx.root.root().walk()
        if node.kind == ELEMENT and "id" in node.attributes and node.attributes["id"].text in wanted
    ]


def _named(ctx: Context, value: Value | None, name: str) -> Node | None:
    if value is None:
        return ctx.node
    found = nodes_of(value, name)
    return found[0] if found else None


@function("name", 0, 1)
def name_of(ctx: Context, value: Value | None = None) -> str:
    """XPath 1.0 `name`."""
    node = _named(ctx, value, "name")
    return node.qualified if node else ""


@function("local-name", 0, 1)
def local_name(ctx: Context, value: Value | None = None) -> str:
    """XPath 1.0 `local-name`."""
    node = _named(ctx, value, "local-name")
    return node.name if node else ""


@function("namespace-uri", 0, 1)
def namespace_uri(ctx: Context, value: Value | None = None) -> str:
    """XPath 1.0 `namespace-uri`."""
    node = _named(ctx, value, "namespace-uri")
    return node.namespace if node and node.kind in {ELEMENT, ATTRIBUTE} else ""


@function("lang", 1, 1)
def lang(ctx: Context, value: Value) -> bool:
    """XPath 1.0 `lang`."""
    wanted = to_text(value).lower()
    for node in [ctx.node, *ancestors(ctx.node)]:
        written = node.attributes.get(f"{{{XML}}}lang")
        if written is not None:
            found = written.text.lower()
            return found == wanted or found.startswith(wanted + "-")
    return False


@function("indexed-repeat", 3, 9, positional=True)
def indexed_repeat(_ctx: Context, target: Value, *pairs: Value) -> list[Node]:
    """#fn:indexed-repeat: those of `target` that lie in the given instances of the repeats.

    Raises:
        EvaluationError: Repeats and positions do not come in pairs.
    """
    found = nodes_of(target, "indexed-repeat")
    if len(pairs) % 2:
        raise EvaluationError(reason="indexed-repeat() needs pairs")
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        wanted = to_number(index)
        inside: set[int] = set()
        seen: dict[int, int] = {}
        for each in nodes_of(repeat, "indexed-repeat"):
            key = id(each.parent)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] == wanted:
                inside.add(id(each))
        found = [n for n in found if any(id(a) in inside for a in (n, *ancestors(n)))]
    return found


class _ParkMiller:
    """The generator that the specification fixes, so that all clients shuffle alike."""

    def __init__(self, seed: int) -> None:
        self._state = seed % 2147483647 or 0
        if self._state <= 0:
            self._state += 2147483646

    def below(self) -> float:
        """The next number in [0, 1)."""
        self._state = self._state * 16807 % 2147483647
        return (self._state - 1) / 2147483646


def _seed(value: Value) -> int:
    number = to_number(value)
    if not math.isnan(number) and not math.isinf(number):
        return math.floor(number)
    text = to_text(value)
    if text == "":
        return 0
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


@function("randomize", 1, 2, volatile=True)
def randomize(ctx: Context, nodes: Value, seed: Value | None = None) -> list[Node]:
    """#fn:randomize: Fisher-Yates over a Park-Miller generator when a seed is given."""
    shuffled = list(nodes_of(nodes, "randomize"))
    draw = ctx.host.random if seed is None else _ParkMiller(_seed(seed)).below
    for at in range(len(shuffled) - 1, 0, -1):
        other = int(draw() * (at + 1))
        shuffled[at], shuffled[other] = shuffled[other], shuffled[at]
    return shuffled
