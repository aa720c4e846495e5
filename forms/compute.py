"""Keeping values and relevance true while answers change: each answer touches what depends on it.

Spec: https://getodk.github.io/xforms-spec/#bindings, https://getodk.github.io/xforms-spec/#actions
"""

from __future__ import annotations

import heapq
from collections import Counter
from datetime import datetime

from forms.codecs import fitted
from forms.definition import Path, Place, Setter
from forms.depend import CALCULATE, CHOICES, COUNT, RELEVANT, Graph, Key, Rule
from forms.errors import EvaluationError, TooMuchWork
from forms.instance import Instance
from forms.nodes import ELEMENT, Node
from forms.parse import Definition
from forms.preloads import AT_END, first_value
from forms.showing import Showing
from forms.surroundings import Surroundings
from forms.xpath import Context
from forms.xpath.functions_date import iso_moment
from forms.xpath.index import matching

MAX_INSTANCES = 10_000  # that counts make in one session
MAX_COUNTED = 1_000  # that one count makes; a number typed wrongly must not stop the window
_MAX_DEPTH = 100  # of actions that set off others
_MAX_STEPS = 200_000  # of one answer, over and above what the whole form takes
_CALM_STEPS = 3_000  # after so many, a rule that is applied again and again is looked for
_MAX_VISITS = 50  # of such a rule, over and above one for each of its nodes


class Computer:
    """Computes one session."""

    def __init__(
        self, definition: Definition, graph: Graph, instance: Instance, around: Surroundings
    ) -> None:
        self._definition = definition
        self._graph = graph
        self._instance = instance
        self.around = around
        self.showing = Showing(definition, around, instance.top)
        around.showing = self.showing
        around.main = instance.root
        self._context = self.showing.context(instance.root)
        self._queue: list[int] = []  # orders of rules
        self._waiting: dict[int, dict[int, Node] | None] = {}  # where, by id; None for everywhere
        self._fixed: dict[int, list[Node]] = {}  # where a rule outside of repeats applies, always
        self._changed: dict[int, Node] = {}
        self._hidden: dict[Node, str] = {}  # whole answers of which a part cannot be chosen now
        self._waiting_for_place: list[Node] = []
        self._structure = False
        self._grown = 0  # instances that counts have made
        self._swinging = False
        self._depth = 0
        self._overspent = False  # some values are not what they should be
        self._setters: dict[tuple[str, Path], list[Setter]] = {}
        for setter in definition.setters:
            for event in setter.events:
                self._setters.setdefault((event, setter.source), []).append(setter)

    def take_structure(self) -> bool:
        """Whether instances came or went since the last call."""
        grown, self._structure = self._structure, False
        return grown

    # --- whole ---

    def begin(self, *, first: bool) -> None:
        """Bring a new or reopened instance to life.

        Args:
            first: It is new: preloads and first-load events happen.
        """
        if first:
            self._preload(self._instance.root)
            self._start({"odk-instance-first-load", "odk-instance-load"})
        else:
            self._start({"odk-instance-load"})
        self._instance.survey()
        for rule in self._graph.rules_below(self._instance.root.info):
            self._push(rule, None)
        self._settle()

    def finish(self, now: datetime) -> None:
        """Fill in what is known only at the end.

        Raises:
            TooMuchWork: Now or since the form was opened; some values may be out of date.
        """
        if self._overspent:
            raise TooMuchWork(reason="too much to compute")
        for place in self._definition.places.values():
            if (place.bind.preload, place.bind.preload_params) == AT_END:
                for node in self._instance.at(place.path):
                    self._set(node, iso_moment(now))
        for meta in self._instance.root.named("meta"):
            for node in meta.named("instanceID"):
                if node.text == "":  # its author gave it neither a calculation nor a preload
                    self._set(node, f"uuid:{self.around.new_id()}")
        self._settle()

    def put(self, node: Node, text: str) -> list[Node]:
        """Give `node` the value `text`; the nodes whose view may differ now."""
        self._changed = {id(node): node}
        self._hidden.pop(node, None)
        if self._set(node, text):
            self._fire(_VALUE_CHANGED, node)
        return self._settle()

    def speak(self) -> list[Node]:
        """Compute again what depends on the language."""
        self._changed = {}
        for rule in self._graph.speaking:
            self._push(rule, None)
        return self._settle()

    def grow(self, holder: Node, place: Place, at: int | None) -> list[Node]:
        """Add an instance of a repeat."""
        self._changed = {}
        self._grow(holder, place, at)
        return self._settle()

    def shrink(self, node: Node) -> list[Node]:
        """Remove an instance of a repeat."""
        self._changed = {}
        self._shrink(node)
        return self._settle()

    # --- repeats ---

    def _grow(self, holder: Node, place: Place, at: int | None) -> None:
        node = self._instance.grow(holder, place, at)
        for each in node.walk():
            each.relevant = holder.relevant
            self._changed[id(each)] = each
        self._preload(node)
        for rule in self._graph.rules_below(place):
            self._push(rule, node)
        self._moved(place, holder, node.position() - 1)
        self._fire("odk-new-repeat", node)

    def _shrink(self, node: Node) -> None:
        holder, at = node.parent, node.position() - 1
        if holder is not None:
            holder.remove(node)
            self._moved(node.info, holder, at)

    def _moved(self, place: Place, holder: Node, at: int) -> None:
        """Tell those who count or number instances below `holder`; only from `at` on they moved."""
        self._structure = True
        size = len(place.path)
        for edge in self._graph.edges_into(place):
            if edge.depth == size:
                for instance in holder.named(place.path[-1])[at:]:
                    self._push(edge.rule, instance)
            else:
                self._push(edge.rule, _above(holder, edge.depth))

    def _fit(self, holder: Node, place: Place) -> None:
        """Give a repeat as many instances as `jr:count` says."""
        if place.count is None or not holder.relevant:
            return
        name = place.path[-1]
        same = holder.named(name)
        probe = same[0] if same else Node(ELEMENT, name, parent=holder)
        probe.info = place
        wanted = place.count.number(self._at(probe))
        target = 0 if wanted != wanted else max(0, min(int(wanted), MAX_COUNTED))  # noqa: PLR0124
        self._grown += max(0, target - len(same))
        if self._grown > MAX_INSTANCES:
            raise EvaluationError(reason="more instances of repeats than any form needs")
        for _extra in range(len(same), target):
            self._grow(holder, place, None)
        for node in reversed(holder.named(name)[target:]):
            self._shrink(node)

    # --- rules ---

    def _at(self, node: Node) -> Context:
        self._context.node = self._context.current = node
        return self._context

    def _push(self, rule: Rule, scope: Node | None) -> None:
        order, waiting = rule.order, self._waiting
        if order not in waiting:
            heapq.heappush(self._queue, order)
            waiting[order] = None if scope is None else {id(scope): scope}
        elif scope is None:
            waiting[order] = None
        elif (scopes := waiting[order]) is not None:
            scopes[id(scope)] = scope

    def _settle(self) -> list[Node]:
        try:
            self._work_off()
        except TooMuchWork:
            self._overspent = True
            raise
        changed = self._changed.values()
        if self._structure:
            return [node for node in changed if node.root() is self._instance.top]
        return list(changed)

    def _work_off(self) -> None:
        left = _MAX_STEPS + 10 * len(self._queue)
        watched = left - _CALM_STEPS
        visits: Counter[int] = Counter()
        self._grown = 0
        if self._graph.circling:
            self._show_all()
        queue, waiting = self._queue, self._waiting
        while queue:
            order = heapq.heappop(queue)
            scopes = waiting.pop(order)
            rule = self._graph.by_order[order]
            for scope in _EVERYWHERE if scopes is None else scopes.values():
                nodes = self._fixed.get(order) or self._nodes(rule, scope)
                left -= 1 + len(nodes)
                for node in nodes:
                    self._apply(rule, node)
            if left < watched or self._graph.circling.get(rule.place) is rule:
                visits[order] += 1  # far more than forms need: does one rule feed itself?
                if visits[order] > _MAX_VISITS + len(self._instance.all_at(rule.place)):
                    left = left if self._stop_swinging() else -1
                    visits.clear()
            if left < 0:
                queue.clear()
                waiting.clear()
                raise EvaluationError(reason="values set each other without end")

    def _show_all(self) -> None:
        """Let conditions that look at each other begin where they begin in a draft taken up.

        They may have come to rest in more than one way; which one must not depend on history.
        """
        self._swinging = False
        for node in self._instance.root.walk():
            for each in (node, *node.attributes.values()):
                if each.relevant or each.info is None:
                    continue
                each.relevant = True
                each.touched()
                self._notify(each)
                self._revive(each)
        for rule in self._graph.rules_below(self._instance.root.info):
            if rule.kind == RELEVANT:
                self._push(rule, None)

    def _stop_swinging(self) -> bool:
        """Show what would be shown just when it is hidden; False when that is done already."""
        if self._swinging or not self._graph.circling:
            return False
        self._swinging = True
        for rule in self._graph.circling.values():
            self._push(rule, None)
        return True

    def _nodes(self, rule: Rule, scope: Node | None) -> list[Node]:
        """Where `rule` is to be applied: the nodes themselves, the holders for a count."""
        place = rule.place.parent if rule.kind == COUNT else rule.place
        if place is None:
            return []
        if not place.repeats:
            self._fixed[rule.order] = self._instance.all_at(place)
        if scope is None:
            return self._instance.all_at(place)
        if scope.info is place:
            return [scope] if self._attached(scope) else []
        size = len(scope.info.path)
        if size >= len(place.path) or not self._attached(scope):
            return []
        return list(self._instance.at(place.path, scope))

    def _attached(self, node: Node) -> bool:
        return not self._structure or node.root() is self._instance.top

    def _apply(self, rule: Rule, node: Node) -> None:
        if rule.kind == CALCULATE:
            if node.relevant and rule.compiled is not None:
                kind = node.info.bind.data_type
                text = fitted(kind, rule.compiled.stored(self._at(node), kind))
                if text != node.text and self._set(node, text):
                    self._fire(_VALUE_CHANGED, node)
        elif rule.kind == RELEVANT:
            self._relevance(node)
        elif rule.kind == COUNT:
            self._fit(node, rule.place)
        elif rule.kind == CHOICES:
            self._offer(node)
        else:
            self._changed[id(node)] = node
            if node.children:  # it may be read-only now, and all in it
                self._changed.update((id(each), each) for each in node.walk())

    def _offer(self, node: Node) -> None:
        """Hide what cannot be chosen now; it comes back when it can again."""
        raw = self._hidden.get(node, node.text)
        control = node.info.control
        if raw == "" or not node.relevant:
            return
        text = _choosable(control.kind, raw, self.showing.offered(control, node))
        if text != node.text and self._set(node, text):
            self._hidden[node] = raw
            self._fire(_VALUE_CHANGED, node)

    def _set(self, node: Node, text: str) -> bool:
        if node.text == text or node.children:
            return False
        node.text = text
        node.touched()
        self._notify(node)
        return True

    def _notify(self, node: Node) -> None:
        self._changed[id(node)] = node
        edges = self._graph.edges(node.info)
        waiting = self._waiting
        for order in edges.everywhere:
            if order not in waiting:
                heapq.heappush(self._queue, order)
            waiting[order] = None
        for edge in edges.nearby:
            if edge.key is not None:
                self._push_by_key(edge.rule, edge.key, node)
            else:
                self._push(edge.rule, _above(node, edge.depth))

    def _push_by_key(self, rule: Rule, key: Key, node: Node) -> None:
        row = _above(node, key.depth)
        cells = row.named(key.column) if row is not None else []
        holders = self._instance.top.reach(key.repeat.path[:-1])
        wanting: list[Node] | None = None
        if len(holders) == len(cells) == 1:
            name, text = key.repeat.path[-1], cells[0].value()
            wanting = matching(holders[0], name, (key.wanted,), [text])
        if wanting is None:
            self._push(rule, None)
        else:
            for instance in wanting:
                self._push(rule, instance)

    def _relevance(self, node: Node) -> None:
        above = node.parent.relevant if node.parent is not None else True
        own = node.info.bind.relevant
        if self._swinging and node.info in self._graph.circling:
            own = None
        relevant = above and (own is None or own.truth(self._at(node)))
        if relevant == node.relevant:
            return
        node.relevant = relevant
        node.touched()
        self._notify(node)
        if relevant:
            self._revive(node)
        bound = [a for a in node.attributes.values() if a.info is not None]
        for each in (*bound, *node.children):
            self._relevance(each)

    def _revive(self, node: Node) -> None:
        """What was not computed while `node` was not relevant is computed now."""
        for rule in self._graph.rules(node.info):
            if rule.kind == CALCULATE:
                self._push(rule, node)
        for place in node.info.children:
            if place.count is not None:
                for rule in self._graph.rules(place):
                    if rule.kind == COUNT:
                        self._push(rule, node)

    # --- events ---

    def _start(self, events: set[str]) -> None:
        for setter in self._definition.setters:
            if setter.events & events:
                self._run(setter, None)

    def _fire(self, event: str, node: Node) -> None:
        setters = self._setters and self._setters.get((event, node.info.path))
        if not setters:
            return
        if self._depth > _MAX_DEPTH:
            raise EvaluationError(reason="actions set each other without end")
        try:
            for setter in setters:
                self._run(setter, node)
        except TooMuchWork:
            self._overspent = True
            raise

    def _run(self, setter: Setter, source: Node | None) -> None:
        for node in self._targets(setter, source):
            given = self._given(setter, node)
            if given is None:
                self._waiting_for_place.append(node)
            elif self._set(node, given):
                self._depth += 1
                try:
                    self._fire(_VALUE_CHANGED, node)
                finally:
                    self._depth -= 1

    def _targets(self, setter: Setter, source: Node | None) -> list[Node]:
        if setter.chosen is not None:
            ctx = self._at(source or self._instance.root)
            return [n for n in setter.chosen.nodes(ctx) if n.info and n.info.path == setter.target]
        return list(self._instance.at(setter.target, self._shared(setter.target, source)))

    def locate(self, where: str) -> list[Node]:
        """Give the place to all that wait for it."""
        self._changed = {}
        waiting, self._waiting_for_place = self._waiting_for_place, []
        for node in waiting:
            if node.root() is self._instance.top and self._set(node, fitted("geopoint", where)):
                self._fire(_VALUE_CHANGED, node)
        return self._settle()

    def _given(self, setter: Setter, node: Node) -> str | None:
        if setter.kind == "setgeopoint":
            where = self.around.location() if self.around.location else ""
            return None if where is None else fitted("geopoint", where)
        kind = node.info.bind.data_type
        value = setter.value
        return fitted(kind, setter.text if value is None else value.stored(self._at(node), kind))

    def _shared(self, target: Path, source: Node | None) -> Node | None:
        """The innermost repeat instance around `source` that can hold `target`."""
        each = source
        while each is not None and each.info is not None:
            path = each.info.path
            if each.info.repeat and target[: len(path)] == path:
                return each
            each = each.parent
        return None

    # --- preloads ---

    def _preload(self, root: Node) -> None:
        for node in root.walk():
            bind = node.info.bind
            if bind.preload:
                value = first_value(bind.preload, bind.preload_params, self.around)
                node.text = value if value is not None else node.text


_VALUE_CHANGED = "xforms-value-changed"
_EVERYWHERE: tuple[None] = (None,)


def _choosable(kind: str, raw: str, offered: list[str]) -> str:
    """What remains of the answer `raw` to a question of `kind` that offers `offered` now."""
    if kind == "select-one":
        return raw if raw in offered else ""
    chosen = raw.split()
    if kind == "rank":  # everything offered has a place in it
        kept = [value for value in chosen if value in offered]
        return " ".join([*kept, *(value for value in offered if value not in chosen)])
    return " ".join(value for value in dict.fromkeys(offered) if value in chosen)


def _above(node: Node, depth: int) -> Node | None:
    """The node at `depth` steps below the root on the way to `node`; None for depth 0."""
    if not depth:
        return None
    each = node
    for _up in range(len(node.info.path) - depth):
        if each.parent is not None:
            each = each.parent
    return each
