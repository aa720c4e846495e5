"""The shape of an expression to Python closures, each fitted to what it reads.

A closure takes a `Context` and returns a value. Paths of plain child names, by far the most
common in forms, walk the children by name; an equality predicate over a list that never changes is
answered from an index that is built once.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from forms.errors import EvaluationError, InvalidExpression, UnknownFunction
from forms.nodes import COMMENT, ELEMENT, INSTRUCTION, TEXT, Node
from forms.xpath import tree, values
from forms.xpath.anchor import anchor
from forms.xpath.axes import AXIS, PRINCIPAL, REVERSE
from forms.xpath.context import Context, spend
from forms.xpath.index import matching, size
from forms.xpath.library import LIBRARY
from forms.xpath.reads import equalities, hole_of, reads_of
from forms.xpath.shapes import ABOVE_ALL, ABSOLUTE, CURRENT, VALUES, Slot, index_of, kind_of
from forms.xpath.values import Atom, Value, node_number, to_number, to_truth

Closure = Callable[[Context], Value]
Walk = Callable[[Node], list[Node]]
NodesOf = Callable[[Context], list[Node]]
Indexed = Callable[[Context, Node], list[Node] | None]
Test = Callable[[Node], bool]
Move = Callable[[Context, list[Node]], list[Node]]

ANY_NAMESPACE = "*"
JR = "http://openrosa.org/javarosa"
STATIC = "static"  # `Node.info` of the root of a list that never changes
_APART = {"child", "self", "attribute"}  # axes that never lead to one node twice
_KINDS = {"text": TEXT, "comment": COMMENT}
_UP = tree.Step("parent", "node", "", "")
_FEW = 7  # found by names alone: not worth counting
_INDEX_FROM = 12  # shorter lists are quicker to walk


class Compiler:
    """Compiles expressions under one set of namespace prefixes.

    Args:
        namespaces: URI by prefix; "" is the namespace of names without prefix, ANY_NAMESPACE there
            lets them match in any namespace.
        late: Refuse an unknown function only when it is called.
    """

    def __init__(self, namespaces: Mapping[str, str], *, late: bool = False) -> None:
        self._namespaces = namespaces
        self._late = late

    def value(self, expr: tree.Expr) -> Closure:
        """A closure that evaluates `expr`.

        Raises:
            UnknownFunction: It calls what does not exist.
            InvalidExpression: A prefix is not declared, or arguments are too few or too many.
        """
        match expr:
            case tree.Number(value=number):
                return lambda _ctx: number
            case tree.Text(value=text):
                return lambda _ctx: text
            case tree.Negate(operand=operand):
                inner = self.value(operand)
                return lambda ctx: -to_number(inner(ctx))
            case tree.Binary():
                return self._binary(expr)
            case tree.Call():
                return self._call(expr)
            case tree.Filter():
                return self._filter(expr)
            case tree.Path():
                return self._path(expr)

    # --- operators ---

    def _binary(self, expr: tree.Binary) -> Closure:
        operator = expr.operator
        left, right = self.value(expr.left), self.value(expr.right)
        if operator == "and":
            return lambda ctx: to_truth(left(ctx)) and to_truth(right(ctx))
        if operator == "or":
            return lambda ctx: to_truth(left(ctx)) or to_truth(right(ctx))
        if operator == "|":
            return lambda ctx: values.document_order(
                _nodes(left(ctx)) + _nodes(right(ctx)), ctx.meter
            )
        if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](left, right)
        return _comparison(operator, left, right)

    # --- calls ---

    def _call(self, expr: tree.Call) -> Closure:
        name = expr.name
        if name == "if":
            return self._if(expr)
        if name == "once":
            return self._once(expr)
        function = LIBRARY.get(name)
        if function is None or self._namespaces.get(name.partition(":")[0], JR) != JR:
            return self._unknown(name)
        given = len(expr.arguments)
        if given < function.fewest or (function.most is not None and given > function.most):
            raise InvalidExpression(position=0, reason=f"{name}() has {given} arguments")
        body = function.body
        arguments = [self.value(argument) for argument in expr.arguments]
        if name == "indexed-repeat":  # it says itself which instances are meant
            arguments = [a if at and not at % 2 else _afar(a) for at, a in enumerate(arguments)]
        if name == "jr:choice-name" and isinstance(expr.arguments[1], tree.Path):
            raise InvalidExpression(position=0, reason="jr:choice-name() needs a quoted path")
        if not arguments:
            return body
        if given == 1:
            only = arguments[0]
            return lambda ctx: body(ctx, only(ctx))
        if given == 2:
            first, second = arguments
            return lambda ctx: body(ctx, first(ctx), second(ctx))
        return lambda ctx: body(ctx, *[argument(ctx) for argument in arguments])

    def _unknown(self, name: str) -> Closure:
        error = UnknownFunction(name=name, position=0, reason="no such function")
        if not self._late:
            raise error

        def refuse(_ctx: Context) -> Value:
            raise error

        return refuse

    def _if(self, expr: tree.Call) -> Closure:
        if len(expr.arguments) != 3:
            raise InvalidExpression(position=0, reason="if() takes three arguments")
        test, yes, no = (self.value(argument) for argument in expr.arguments)
        return lambda ctx: yes(ctx) if to_truth(test(ctx)) else no(ctx)

    def _once(self, expr: tree.Call) -> Closure:
        if len(expr.arguments) != 1:
            raise InvalidExpression(position=0, reason="once() takes one argument")
        inner = self.value(expr.arguments[0])

        def once(ctx: Context) -> Value:
            held = ctx.current.value()
            return held if held != "" else inner(ctx)

        return once

    # --- nodes ---

    def _filter(self, expr: tree.Filter) -> Closure:
        primary = self.value(expr.primary)
        tests = [self.value(predicate) for predicate in expr.predicates]

        def filtered(ctx: Context) -> Value:
            found = _nodes(primary(ctx))
            for test in tests:
                found = _keep(ctx, found, test)
            return found

        return filtered

    def _path(self, expr: tree.Path) -> Closure:
        if hole := hole_of(expr):
            return _hole(hole)
        begin = self._begin(expr)
        steps = expr.steps
        ups = 0
        while ups < len(steps) and steps[ups] == _UP and expr.start is None:
            ups += 1
        names = tuple(step.name for step in steps[ups:])
        if names and all(self._plain(step) for step in steps[ups:]):
            if expr.start is None and not expr.absolute:
                way = _way(ups, names)
                return lambda ctx: _met(ctx, way(ctx.node))
            if not ups:
                return _anchored(names) if expr.absolute else _down(begin, names)
        if expr.absolute:
            return self._from_anchor(expr, begin)
        moves, ordered = self._moves(steps)

        def follow(ctx: Context) -> Value:
            found = begin(ctx)
            for move in moves:
                found = move(ctx, found)
            return values.document_order(found, ctx.meter) if ordered else found

        return follow

    def _moves(self, steps: tuple[tree.Step, ...]) -> tuple[list[Move], bool]:
        """One move for each step, and whether they may leave document order."""
        ordered = any(step.axis not in _APART for step in steps)
        return [self._step(step) for step in steps], ordered

    def _from_anchor(self, expr: tree.Path, begin: NodesOf) -> Closure:
        steps = expr.steps
        plain = next((at for at, step in enumerate(steps) if not self._plain(step)), len(steps))
        names = tuple(step.name for step in steps)
        moves, ordered = self._moves(steps)

        def follow(ctx: Context) -> Value:
            start, passed = anchor(ctx.current, names, plain)
            found = begin(ctx) if start is None else [start]
            for move in moves[passed:]:
                found = move(ctx, found)
            return values.document_order(found, ctx.meter) if ordered else found

        return follow

    def _begin(self, expr: tree.Path) -> NodesOf:
        if expr.start is not None:
            start = self.value(expr.start)
            return lambda ctx: _nodes(start(ctx))
        if expr.absolute:
            return lambda ctx: [ctx.root]
        return lambda ctx: [ctx.node]

    def _plain(self, step: tree.Step) -> bool:
        return (
            step.axis == "child"
            and step.test == "name"
            and step.name != "*"
            and not step.prefix
            and not step.predicates
            and self._namespaces.get("") == ANY_NAMESPACE
        )

    def _step(self, step: tree.Step) -> Move:
        tests = [self.value(predicate) for predicate in step.predicates]
        if step.axis == "parent" and step.test == "node" and not tests:
            return _parents
        if self._plain(step):
            return _named(step.name)
        reach, fits = self._pick(step)
        indexed = self._indexed(step) if tests else None

        def move(ctx: Context, nodes: list[Node]) -> list[Node]:
            found: list[Node] = []
            for node in nodes:
                here = indexed(ctx, node) if indexed else None
                if here is None:
                    here = reach(node)
                    spend(ctx.meter, 1 if tests and fits is None else 1 + len(here))
                    if fits is not None:
                        here = [each for each in here if fits(each)]
                    for test in tests:
                        here = _keep(ctx, here, test)
                found.extend(here)
            if step.axis in REVERSE and len(nodes) == 1:
                return found[::-1]
            return found if apart else list({id(node): node for node in found}.values())

        apart = step.axis in _APART
        return move

    def _pick(self, step: tree.Step) -> tuple[Walk, Test | None]:
        """What to go through, and which of it is meant where not all is."""
        if self._plain(tree.Step(step.axis, step.test, step.prefix, step.name)):
            name = step.name
            return lambda node: node.named(name), None
        return AXIS[step.axis], None if step.test == "node" else self._test(step)

    def _test(self, step: tree.Step) -> Test:
        if step.test == "processing-instruction":
            target = step.name
            return lambda node: node.kind == INSTRUCTION and target in {"", node.name}
        if step.test in _KINDS:
            kind = _KINDS[step.test]
            return lambda node: node.kind == kind
        principal = PRINCIPAL.get(step.axis, ELEMENT)
        uri = self._uri(step, principal)
        name = step.name
        if uri == ANY_NAMESPACE:
            return lambda node: node.kind == principal and name in {"*", node.name}
        return lambda node: (
            node.kind == principal and node.namespace == uri and name in {"*", node.name}
        )

    def _uri(self, step: tree.Step, principal: int) -> str:
        if step.prefix:
            if step.prefix not in self._namespaces:
                raise InvalidExpression(position=0, reason=f"prefix {step.prefix} is not declared")
            return self._namespaces[step.prefix]
        if step.name == "*":
            return ANY_NAMESPACE
        return self._namespaces.get("", "") if principal == ELEMENT else ""

    def _indexed(self, step: tree.Step) -> Indexed | None:
        if not self._plain(tree.Step(step.axis, step.test, step.prefix, step.name)):
            return None
        pairs, covered = _demands(step.predicates)
        if not pairs:
            return None
        columns = tuple(column for column, _other in pairs)
        wanted = [self.value(other) for _column, other in pairs]
        rest = [self.value(predicate) for predicate in step.predicates[covered:]]
        name = step.name

        def look_up(ctx: Context, parent: Node) -> list[Node] | None:
            if size(parent, name) < _INDEX_FROM or not _watched(parent):
                return None
            found = matching(parent, name, columns, [value(ctx) for value in wanted])
            if found is not None:
                for test in rest:
                    found = _keep(ctx, found, test)
            return found

        return look_up


def _watched(parent: Node) -> bool:
    """Whether we hear of changes below `parent`: of a session's answers, or of what never does."""
    return parent.info is not None or parent.root().info == STATIC


def _demands(predicates: tuple[tree.Expr, ...]) -> tuple[list[tuple[str, tree.Expr]], int]:
    """Equalities that the first predicates demand, and how many predicates say nothing else."""
    pairs: list[tuple[str, tree.Expr]] = []
    for covered, predicate in enumerate(predicates):
        found = equalities(predicate)
        if len(found) == _terms(predicate):
            pairs += found
            continue
        if not reads_of(predicate).functions & {"position", "last"}:
            pairs += found
        return pairs, covered
    return pairs, len(predicates)


def _terms(predicate: tree.Expr) -> int:
    if isinstance(predicate, tree.Binary) and predicate.operator == "and":
        return _terms(predicate.left) + _terms(predicate.right)
    return 1


def slot_value(slot: Slot) -> Atom | Walk | NodesOf:
    """What a shape finds in the slot: a value, or the way from a node to others."""
    if not isinstance(slot, tuple):
        return slot
    return _anchored(slot[1]) if slot[0] == ABOVE_ALL else _way(*slot)


@lru_cache(maxsize=16384)
def _anchored(names: tuple[str, ...]) -> NodesOf:
    """The way of an absolute path, from the repeat instance around the current node if it can."""
    whole = _way(0, names)
    plain = len(names)

    def walk(ctx: Context) -> list[Node]:
        top = ctx.root
        if top.parent is None and not getattr(ctx.current.info, "repeats", None):
            found = top.kept.lists.get(names) if top.kept is not None else None
            found = top.reach(names) if found is None else found
            return found if len(found) <= _FEW else _met(ctx, found)
        start, passed = anchor(ctx.current, names, plain)
        return _met(ctx, whole(top) if start is None else _way(0, names[passed:])(start))

    return walk


def _hole(name: str) -> Closure:
    kind, at = kind_of(name), index_of(name)
    if kind in VALUES:
        return lambda ctx: ctx.slots[at]
    if kind == ABSOLUTE:
        return lambda ctx: ctx.slots[at](ctx)
    if kind == CURRENT:
        return lambda ctx: _met(ctx, ctx.slots[at](ctx.current))

    def near(ctx: Context) -> Value:
        found: list[Node] = ctx.slots[at](ctx.node)
        return found if len(found) <= _FEW else _met(ctx, found)

    return near


def _met(ctx: Context, found: list[Node]) -> list[Node]:
    """`found` by names alone, which is eight times quicker than step by step, and counted so."""
    spend(ctx.meter, len(found) >> 3)
    return found


@lru_cache(maxsize=16384)
def _way(ups: int, names: tuple[str, ...]) -> Walk:
    """From a node `ups` parents up, then down by `names`."""

    def walk(node: Node) -> list[Node]:
        if node.parent is None and not ups:
            return node.reach(names)
        for _up in range(ups):
            if node.parent is None:
                return []
            node = node.parent
        found = node.named(names[0])
        for name in names[1:]:
            if len(found) == 1:
                found = found[0].named(name)
            else:
                found = [child for each in found for child in each.named(name)]
        return found

    return walk


def _down(begin: NodesOf, names: tuple[str, ...]) -> Closure:
    way = _way(0, names)

    def down(ctx: Context) -> Value:
        found = begin(ctx)
        return _met(ctx, [n for each in found for n in way(each)])

    return down


def _afar(inner: Closure) -> Closure:
    """`inner` with absolute paths that begin at the root, wherever the current node stands."""

    def afar(ctx: Context) -> Value:
        outside = ctx.at(ctx.node, ctx.position, ctx.size)
        outside.current = ctx.root
        return inner(outside)

    return afar


def _named(name: str) -> Move:
    return lambda ctx, nodes: _met(ctx, [child for node in nodes for child in node.named(name)])


def _parents(_ctx: Context, nodes: list[Node]) -> list[Node]:
    if len(nodes) == 1:
        parent = nodes[0].parent
        return [] if parent is None else [parent]
    seen: dict[int, Node] = {id(n.parent): n.parent for n in nodes if n.parent is not None}
    return list(seen.values())


def _keep(ctx: Context, nodes: list[Node], test: Closure) -> list[Node]:
    size = len(nodes)
    kept: list[Node] = []
    spend(ctx.meter, size)
    for at, node in enumerate(nodes, 1):
        answer = test(ctx.at(node, at, size))
        if isinstance(answer, float):
            if answer == at:
                kept.append(node)
        elif to_truth(answer):
            kept.append(node)
    return kept


def _nodes(value: Value) -> list[Node]:
    if isinstance(value, list):
        return value
    raise EvaluationError(reason="nodes are needed here")


_ARITHMETIC: dict[str, Callable[[Closure, Closure], Closure]] = {
    "+": lambda left, right: lambda ctx: to_number(left(ctx)) + to_number(right(ctx)),
    "-": lambda left, right: lambda ctx: to_number(left(ctx)) - to_number(right(ctx)),
    "*": lambda left, right: lambda ctx: to_number(left(ctx)) * to_number(right(ctx)),
    "div": lambda left, right: lambda c: values.divide(to_number(left(c)), to_number(right(c))),
    "mod": lambda left, right: lambda c: values.modulo(to_number(left(c)), to_number(right(c))),
}


def _comparison(operator: str, left: Closure, right: Closure) -> Closure:
    """Fast for what is commonest in forms, a path on the left and a value on the right."""
    compare = values.compare
    if operator in {"=", "!="}:
        equal = operator == "="

        def same(ctx: Context) -> Value:
            one, other = left(ctx), right(ctx)
            if type(one) is list:
                if type(other) is str:
                    return any((node.value() == other) is equal for node in one)
                if type(other) is float:
                    return any((node_number(node) == other) is equal for node in one)
            return compare(operator, one, other)

        return same
    rule = values.ORDER[operator]

    def ordered(ctx: Context) -> Value:
        one, other = left(ctx), right(ctx)
        if type(other) is float and type(one) is list:
            return any(rule(node_number(node), other) for node in one)
        return compare(operator, one, other)

    return ordered
