"""Keeping values and relevance true while answers change: each answer touches what depends on it.

Spec: https://getodk.github.io/xforms-spec/#bindings, https://getodk.github.io/xforms-spec/#actions
"""

from __future__ import annotations

import heapq
from datetime import datetime

from forms.codecs import encode
from forms.definition import Path, Place, Setter
from forms.depend import CALCULATE, SHOWN, Graph, Rule
from forms.errors import EvaluationError
from forms.instance import Instance
from forms.nodes import Node
from forms.parse import Definition
from forms.preloads import AT_END, first_value
from forms.showing import Showing
from forms.surroundings import Surroundings
from forms.xpath.functions_date import iso_moment

MAX_INSTANCES = 10_000
_MAX_ROUNDS = 100


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
        self._queue: list[tuple[int, int, Rule, Node | None]] = []
        self._queued: set[tuple[Path, str, int]] = set()
        self._changed: dict[int, Node] = {}
        self._structure = False
        self._serial = 0
        self._depth = 0  # of actions that set off others
        self._counted = [place for place in definition.places.values() if place.count]

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
            self._fire({"odk-instance-first-load", "odk-instance-load"}, ())
        else:
            self._fire({"odk-instance-load"}, ())
        for rule in self._graph.all_rules((self._instance.root.name,)):
            self._push(rule, None)
        self._settle()

    def finish(self, now: datetime) -> None:
        """Fill in what is known only at the end."""
        for place in self._definition.places.values():
            if (place.bind.preload, place.bind.preload_params) == AT_END:
                for node in self._instance.at(place.path):
                    self._set(node, iso_moment(now))
        self._settle()

    def put(self, node: Node, text: str) -> list[Node]:
        """Give `node` the value `text`; the nodes whose view may differ now."""
        self._changed = {id(node): node}
        if self._set(node, text):
            self._fire({"xforms-value-changed"}, node.info.path, node)
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
        self._structure = True
        for rule in self._graph.all_rules(place.path):
            self._push(rule, node)
        self._moved(place)
        self._fire({"odk-new-repeat"}, place.path, node)

    def _shrink(self, node: Node) -> None:
        place: Place = node.info
        if node.parent is not None:
            node.parent.remove(node)
        self._structure = True
        self._moved(place)

    def _moved(self, place: Place) -> None:
        for rule in self._graph.readers_within(place.path):
            self._push(rule, None)

    def _count(self) -> bool:
        moved = False
        for place in self._counted:
            for holder in list(self._instance.at(place.path[:-1])):
                moved = self._fit(holder, place) or moved
        return moved

    def _fit(self, holder: Node, place: Place) -> bool:
        if place.count is None or not holder.relevant:
            return False
        same = holder.named(place.path[-1])
        probe = same[0] if same else Node(1, place.path[-1], parent=holder)
        wanted = place.count.number(self.showing.context(probe))
        target = 0 if wanted != wanted else max(0, min(int(wanted), MAX_INSTANCES))  # noqa: PLR0124
        have = len(same)
        for _extra in range(have, target):
            self._grow(holder, place, None)
        for node in list(reversed(holder.named(place.path[-1])[target:])):
            self._shrink(node)
        return have != target

    # --- rules ---

    def _push(self, rule: Rule, scope: Node | None) -> None:
        key = (rule.path, rule.kind, id(scope))
        if key not in self._queued:
            self._queued.add(key)
            self._serial += 1
            heapq.heappush(self._queue, (rule.order, self._serial, rule, scope))

    def _settle(self) -> list[Node]:
        for _round in range(_MAX_ROUNDS):
            while self._queue:
                _order, _serial, rule, scope = heapq.heappop(self._queue)
                self._queued.discard((rule.path, rule.kind, id(scope)))
                for node in self._instance.at(rule.path, self._inside(rule, scope)):
                    self._apply(rule, node)
            if not self._count():
                break
        return list(self._changed.values())

    def _inside(self, rule: Rule, scope: Node | None) -> Node | None:
        if scope is None or scope.root() is not self._instance.top:
            return None
        path = scope.info.path
        return scope if rule.path[: len(path)] == path else None

    def _apply(self, rule: Rule, node: Node) -> None:
        if rule.kind == SHOWN:
            self._changed[id(node)] = node
        elif rule.kind == CALCULATE:
            if node.relevant:
                text = node.info.bind.calculate.text(self.showing.context(node))
                if self._set(node, text):
                    self._fire({"xforms-value-changed"}, rule.path, node)
        else:
            self._relevance(node)

    def _set(self, node: Node, text: str) -> bool:
        if node.text == text or node.children:
            return False
        node.text = text
        node.touched()
        self._notify(node)
        return True

    def _notify(self, node: Node) -> None:
        self._changed[id(node)] = node
        path = node.info.path
        for rule in self._graph.readers(path):
            self._push(rule, self._home(rule, node))

    def _home(self, rule: Rule, node: Node) -> Node | None:
        """The repeat instance that alone is touched when `node` changes; None for all."""
        size = len(rule.within)
        if not size or node.info.path[:size] != rule.within:
            return None
        each = node
        while len(each.info.path) > size and each.parent is not None:
            each = each.parent
        return each

    def _relevance(self, node: Node) -> None:
        above = node.parent.relevant if node.parent is not None else True
        own = node.info.bind.relevant
        relevant = above and (own is None or own.truth(self.showing.context(node)))
        if relevant == node.relevant:
            return
        node.relevant = relevant
        node.touched()
        self._notify(node)
        for rule in self._graph.all_rules(node.info.path):
            if rule.kind == CALCULATE and relevant:
                self._push(rule, None)
        bound = [a for a in node.attributes.values() if a.info is not None]
        for each in (*bound, *node.children):
            self._relevance(each)

    # --- events ---

    def _fire(self, events: set[str], source: Path, node: Node | None = None) -> None:
        if self._depth > _MAX_ROUNDS:
            raise EvaluationError(reason="actions set each other without end")
        for setter in self._definition.setters:
            if setter.events & events and (not source or setter.source == source):
                self._run(setter, node)

    def _run(self, setter: Setter, source: Node | None) -> None:
        inside = self._shared(setter.target, source)
        for node in list(self._instance.at(setter.target, inside)):
            if self._set(node, self._given(setter, node)):
                self._depth += 1
                try:
                    self._fire({"xforms-value-changed"}, setter.target, node)
                finally:
                    self._depth -= 1

    def _given(self, setter: Setter, node: Node) -> str:
        if setter.kind == "setgeopoint":
            where = self.around.location() if self.around.location else ""
            return encode(self._instance.ref(node), "geopoint", where)
        if setter.value is None:
            return setter.text
        return setter.value.text(self.showing.context(node))

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
            elif node.name == "instanceID" and not node.text and bind.calculate is None:
                node.text = f"uuid:{self.around.new_id()}"
