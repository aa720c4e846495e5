"""What has to be computed again when a value changes, and in which order.

The graph is one of definitions, built once for a form: an edge from A to B says that a rule of B
reads A.

Spec: https://www.w3.org/TR/xforms11/#recalc
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from forms.definition import Path, Place
from forms.errors import DependencyCycle
from forms.xpath import Compiled, Read

CALCULATE, RELEVANT, SHOWN = "calculate", "relevant", "shown"


@dataclass(frozen=True)
class Rule:
    """One rule of one place.

    Attributes:
        kind: CALCULATE or RELEVANT are computed; SHOWN only means that the view may differ.
        order: Rules are computed in this order.
        within: The repeat whose instance holds all that the rule reads of it; () when it looks
            further, so that a change touches every instance.
    """

    path: Path
    kind: str
    order: int
    within: Path = ()


class Graph:
    """The dependency graph of a form.

    Raises:
        DependencyCycle: Calculations or conditions wait for each other.
    """

    def __init__(self, places: dict[Path, Place]) -> None:
        self._places = places
        self._readers: dict[Path, list[Rule]] = {}
        self.volatile: list[Rule] = []
        self.texts: list[Rule] = []
        edges = self._edges()
        order = _sorted(edges)
        position = {key: at for at, key in enumerate(order)}
        for path, place in places.items():
            for kind, compiled in _rules(place):
                at = position.get((path, kind), len(position))
                rule = Rule(path, kind, at, self._within(place, compiled))
                self._enter(rule, compiled)

    def readers(self, path: Path) -> list[Rule]:
        """Rules that read the value at `path`."""
        return self._readers.get(path, [])

    def readers_within(self, path: Path) -> list[Rule]:
        """Rules that read anything at or below `path`."""
        size = len(path)
        return [r for p, rules in self._readers.items() if p[:size] == path for r in rules]

    def all_rules(self, path: Path) -> list[Rule]:
        """Every computed rule at or below `path`."""
        size = len(path)
        return [rule for rule in self._computed if rule.path[:size] == path]

    def _enter(self, rule: Rule, compiled: Compiled) -> None:
        if rule.kind != SHOWN:
            self._computed.append(rule)
        if compiled.reads.volatile:
            self.volatile.append(rule)
        for path in self._targets(rule.path, compiled):
            readers = self._readers.setdefault(path, [])
            if rule not in readers:
                readers.append(rule)

    def _within(self, place: Place, compiled: Compiled) -> Path:
        if not place.repeats or compiled.reads.positional:
            return ()
        repeat = place.repeats[-1]
        for read in compiled.reads.paths:
            if read.origin == "root":
                return ()
            targets = self._resolve(place.path, read)
            if any(target[: len(repeat)] != repeat or target == repeat for target in targets):
                return ()
        return repeat

    def _edges(self) -> dict[tuple[Path, str], set[tuple[Path, str]]]:
        self._computed: list[Rule] = []
        edges: dict[tuple[Path, str], set[tuple[Path, str]]] = {}
        for path, place in self._places.items():
            for kind, compiled in _rules(place):
                if kind == SHOWN:
                    continue
                before = edges.setdefault((path, kind), set())
                for target in self._targets(path, compiled):
                    if target == path:
                        continue  # a rule may look at its own node: it keeps what stands there
                    before.add((target, CALCULATE))
                    before.update((target[:n], RELEVANT) for n in range(1, len(target) + 1))
            edges.setdefault((path, CALCULATE), set())
        own = edges.items()
        return {
            key: {each for each in before if each in edges and each != key} for key, before in own
        }

    def _targets(self, at: Path, compiled: Compiled) -> list[Path]:
        found: list[Path] = []
        for read in compiled.reads.paths:
            found.extend(self._resolve(at, read))
        return found

    def _resolve(self, at: Path, read: Read) -> list[Path]:
        if read.origin.startswith("instance:"):
            return []
        path: Path = () if read.origin == "root" else at
        for n, step in enumerate(read.steps):
            if step == "..":
                path = path[:-1]
            elif step in {"*", "**"}:
                return self._wild(path, read.steps[n + 1 :], deep=step == "**")
            elif step.startswith("@"):
                path = (*path, step) if (*path, step) in self._places else path
                break
            else:
                path = (*path, step)
        return [path] if path in self._places else []

    def _wild(self, path: Path, rest: tuple[str, ...], *, deep: bool) -> list[Path]:
        size = len(path)
        below = [p for p in self._places if p[:size] == path and len(p) > size]
        if deep:
            return below
        return [p for p in below if p[size + 1 :] == tuple(s for s in rest if s[:1] not in "*.@")]


def _rules(place: Place) -> list[tuple[str, Compiled]]:
    bind = place.bind
    found: list[tuple[str, Compiled]] = []
    if bind.calculate:
        found.append((CALCULATE, bind.calculate))
    if bind.relevant:
        found.append((RELEVANT, bind.relevant))
    shown = [bind.readonly, bind.required, bind.constraint, place.count]
    for control in (place.control, place.repeat):
        if control is None:
            continue
        if control.itemset:
            shown.append(control.itemset.nodes)
        for label in (control.label, control.hint):
            if label:
                shown.extend(p for p in label.parts if isinstance(p, Compiled))
    found.extend((SHOWN, each) for each in shown if each)
    return found


def _sorted(edges: dict[tuple[Path, str], set[tuple[Path, str]]]) -> list[tuple[Path, str]]:
    try:
        return list(TopologicalSorter(edges).static_order())
    except CycleError as cause:
        circle = [key[0] for key in cause.args[1]]
        names = " -> ".join("/" + "/".join(path) for path in reversed(circle))
        raise DependencyCycle(path=names) from None
