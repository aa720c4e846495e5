"""What an expression reads, found from its shape alone.

The answers are the edges of a form's dependency graph. They may name too much, never too little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from forms.xpath import tree
from forms.xpath.library import LIBRARY
from forms.xpath.shapes import (
    ABSOLUTE,
    CURRENT,
    RELATIVE,
    VALUES,
    Slot,
    filled,
    is_hole,
    kind_of,
)

_CONTEXT_DEFAULTS = frozenset(
    {"string", "number", "string-length", "normalize-space", "name", "local-name", "namespace-uri"}
)
_CHOOSING = frozenset({"coalesce", "if", "indexed-repeat", "once"})
_SHALLOW = frozenset({"count", "position", "name", "local-name", "namespace-uri"})


@dataclass(frozen=True, slots=True)
class Read:
    """One location path that may be read.

    Attributes:
        origin: "root", "near" (the root, but where a repeat instance around the expression lies on
            the way, from there), "context" (the node the expression belongs to) or
            "instance:<name>".
        steps: Names from there: a child's name, ".." for the parent, "*" for any child, "**" for
            anything below, "@name" for an attribute.
        whole: Its value is read, and so all that stands below it; else only whether and where it
            stands.
        key: Of a path through `[column = wanted]`: how many steps lead to those rows, the column,
            and the steps from the context to what is wanted.
        picked: A predicate, an axis or a function chooses on the way: not all nodes are read, or
            not always.
    """

    origin: str
    steps: tuple[str, ...]
    whole: bool = True
    key: tuple[int, str, tuple[str, ...]] | None = None
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Reads:
    """All that an expression depends on.

    Attributes:
        volatile, positional, texts: As `library.Function`, of any function called.
    """

    paths: tuple[Read, ...]
    functions: frozenset[str]
    volatile: bool
    positional: bool
    texts: bool

    def filled(self, slots: tuple[Slot, ...]) -> Reads:
        """The same of an expression of this shape."""
        if not slots:
            return self
        paths = [
            Read(
                read.origin,
                filled(read.steps, slots),
                read.whole,
                read.key and (*read.key[:2], filled(read.key[2], slots)),
                read.picked,
            )
            for read in self.paths
        ]
        return Reads(
            tuple(dict.fromkeys(paths)) if len(paths) > 1 else tuple(paths),
            self.functions,
            self.volatile,
            self.positional,
            self.texts,
        )


def reads_of(expr: tree.Expr) -> Reads:
    """What `expr` depends on."""
    collector = _Collector()
    collector.visit(expr, Read("context", ()))
    called = [LIBRARY[name] for name in collector.functions if name in LIBRARY]
    return Reads(
        tuple(dict.fromkeys(collector.paths)),
        frozenset(collector.functions),
        volatile=any(function.volatile for function in called),
        positional=any(function.positional for function in called),
        texts=any(function.texts for function in called),
    )


class _Collector:
    def __init__(self) -> None:
        self.paths: list[Read] = []
        self.functions: set[str] = set()
        self._root = "near"

    def visit(self, expr: tree.Expr, here: Read) -> Read | None:
        """Collect; answer where `expr` leads when it is a path."""
        match expr:
            case tree.Binary(left=left, right=right):
                self.visit(left, here)
                self.visit(right, here)
            case tree.Negate(operand=operand):
                self.visit(operand, here)
            case tree.Filter(primary=primary, predicates=predicates):
                found = self.visit(primary, here)
                for predicate in predicates:
                    self.visit(predicate, found or here)
                return found
            case tree.Call():
                return self._call(expr, here)
            case tree.Path():
                hole = hole_of(expr)
                return self._hole(hole, here) if hole else self._path(expr, here)
            case _:
                pass
        return None

    def _hole(self, name: str, here: Read) -> Read | None:
        kind = kind_of(name)
        if kind in VALUES:
            return None
        begin = {ABSOLUTE: Read(self._root, ()), CURRENT: Read("context", ()), RELATIVE: here}[kind]
        found = Read(begin.origin, (*begin.steps, name))
        self.paths.append(found)
        return found

    def _call(self, expr: tree.Call, here: Read) -> Read | None:
        self.functions.add(expr.name)
        if expr.name == "current":
            return Read("context", ())
        if expr.name == "instance" and expr.arguments:
            name = expr.arguments[0]
            self.visit(name, here)
            return Read(
                f"instance:{name.value}" if isinstance(name, tree.Text) else "instance:", ()
            )
        if expr.name in _CONTEXT_DEFAULTS and not expr.arguments:
            self.paths.append(here)
        root, self._root = self._root, "root" if expr.name == "indexed-repeat" else self._root
        before = len(self.paths)
        found = [self._argument(expr.name, argument, here) for argument in expr.arguments]
        self._root = root
        if expr.name in _CHOOSING:
            self.paths[before:] = [replace(each, picked=True) for each in self.paths[before:]]
        return found[0] if expr.name in {"randomize", "indexed-repeat"} and found else None

    def _argument(self, function: str, expr: tree.Expr, here: Read) -> Read | None:
        found = self.visit(expr, here)
        if isinstance(expr, tree.Path) and found and function in _SHALLOW:
            self.paths[-1] = replace(self.paths[-1], whole=False)
        return found

    def _path(self, expr: tree.Path, here: Read) -> Read:
        if expr.start is not None:
            at = self.visit(expr.start, here) or Read("root", ("**",))
        elif expr.absolute:
            plain = all(step.axis == "child" and not step.predicates for step in expr.steps)
            at = Read(self._root if plain else "root", ())
        else:
            at = here
        key: tuple[int, str, tuple[str, ...]] | None = None
        for step in expr.steps:
            at = _moved(at, step)
            for predicate in step.predicates:
                self.visit(predicate, at)
                for column, wanted in equalities(predicate) if at.origin == "root" else ():
                    found = hole_of(wanted)
                    if found and kind_of(found) == CURRENT:
                        key = (len(at.steps), column, (found,))
        picked = isinstance(expr.start, tree.Filter) or any(map(_picks, expr.steps[:-1]))
        self.paths.append(replace(at, key=key, picked=picked))
        return at


def _picks(step: tree.Step) -> bool:
    return bool(step.predicates) or step.axis not in {"child", "parent", "self"}


def _moved(at: Read, step: tree.Step) -> Read:
    if step.axis == "self":
        return at
    if step.axis == "parent":
        if at.steps and at.steps[-1] not in {"..", "**"}:
            return Read(at.origin, at.steps[:-1])
        return Read(at.origin, (*at.steps, ".."))
    if step.axis == "child" and step.test == "name":
        return Read(at.origin, (*at.steps, step.name))
    if step.axis == "child":
        return Read(at.origin, (*at.steps, "*"))
    if step.axis == "attribute":
        return Read(at.origin, (*at.steps, f"@{step.name}"))
    if step.axis in {"descendant", "descendant-or-self"}:
        return Read(at.origin, (*at.steps, "**"))
    if step.axis in {"following-sibling", "preceding-sibling"}:
        return Read(at.origin, (*at.steps, "..", step.name if step.test == "name" else "*"))
    return Read("root", ("**",))


def hole_of(expr: tree.Expr) -> str:
    """The name of the hole that `expr` is; "" when it is none."""
    if isinstance(expr, tree.Path) and len(expr.steps) == 1 and is_hole(expr.steps[0].name):
        return expr.steps[0].name
    return ""


def stands_alone(expr: tree.Expr) -> bool:
    """Whether `expr` has the same value for every node that a predicate goes through."""
    match expr:
        case tree.Number() | tree.Text():
            return True
        case tree.Negate(operand=operand):
            return stands_alone(operand)
        case tree.Binary(left=left, right=right):
            return stands_alone(left) and stands_alone(right)
        case tree.Filter(primary=primary):
            return stands_alone(primary)
        case tree.Path() if hole := hole_of(expr):
            return kind_of(hole) != RELATIVE
        case tree.Path(absolute=absolute, start=start):
            return absolute or (start is not None and stands_alone(start))
        case tree.Call(name=name, arguments=arguments):
            if name in {"position", "last"} or (name in _CONTEXT_DEFAULTS and not arguments):
                return False
            return all(stands_alone(argument) for argument in arguments)


def equalities(predicate: tree.Expr) -> list[tuple[str, tree.Expr]]:
    """Pairs (column, what it must equal) that `predicate` demands, joined by `and`."""
    if not isinstance(predicate, tree.Binary):
        return []
    if predicate.operator == "and":
        return equalities(predicate.left) + equalities(predicate.right)
    if predicate.operator != "=":
        return []
    for side, other in ((predicate.left, predicate.right), (predicate.right, predicate.left)):
        column = _column(side)
        if column and stands_alone(other):
            return [(column, other)]
    return []


def _column(expr: tree.Expr) -> str:
    if isinstance(expr, tree.Path) and not expr.absolute and expr.start is None:
        steps = [s for s in expr.steps if not (s.axis == "self" and s.test == "node")]
        if len(steps) == 1:
            step = steps[0]
            if step.axis == "child" and step.test == "name" and step.name != "*":
                return "" if step.predicates or step.prefix else step.name
    return ""
