"""What has to be computed again when a value changes, and in which order.

The graph is one of definitions, built once for a form: an edge from A to B says that a rule of B
reads A. It also says how far a change of A reaches: where rule and value share an instance of a
repeat, it stays inside that instance.

Spec: https://www.w3.org/TR/xforms11/#recalc
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from forms.definition import Control, Label, Path, Place, TextValue
from forms.errors import DependencyCycle
from forms.xpath import Compiled, Read

CALCULATE, RELEVANT, COUNT, CHOICES, SHOWN = "calculate", "relevant", "count", "choices", "shown"

Texts = Mapping[str, Mapping[str, TextValue]]


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """One rule of one place.

    Attributes:
        kind: CALCULATE, RELEVANT, COUNT and CHOICES are computed; SHOWN only means that a view may
            differ.
        order: Rules are computed in this order; no two are equal.
        compiled: The expression; None for SHOWN.
        positional: It depends on where nodes stand.
    """

    place: Place
    kind: str
    order: int
    compiled: Compiled | None = None
    positional: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """That a rule reads, of all rows, those whose `column` equals what stands beside the rule.

    Attributes:
        depth: Length of the path of the rows.
        repeat: The repeat that the rule stands in; none is around it.
        wanted: Name of the child of its instances that says which rows.
    """

    depth: int
    column: str
    repeat: Place
    wanted: str


class Target(NamedTuple):
    """What a rule reads.

    Attributes:
        reach: How much of the rule's path is never left on the way.
        picked: Not every node there is read.
    """

    place: Place
    reach: int
    key: Key | None = None
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """That `rule` reads a value.

    Attributes:
        depth: Length of the path of the repeat whose instance holds both rule and value, so that
            a change stays inside; 0 when it touches the rule everywhere.
        itself: It reads the instance of that repeat, not what is in it (`position(..)`).
        key: It reads rows by a key, so that a change touches only those who want that key.
    """

    rule: Rule
    depth: int
    itself: bool = False
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads one value.

    Attributes:
        everywhere: Orders of the rules that a change touches at all their nodes.
        nearby: The other edges.
    """

    everywhere: tuple[int, ...] = ()
    nearby: tuple[Edge, ...] = ()


class Graph:
    """The dependency graph of a form.

    Attributes:
        by_order: All rules by their order.
        speaking: Rules that depend on the language.
        circling: By place, conditions that look at others which come after them, or at their own
            in other instances; each circle of conditions has one of these.

    Raises:
        DependencyCycle: Calculations wait for each other, or something for itself.
    """

    def __init__(self, places: dict[Path, Place], texts: Texts | None = None) -> None:
        self._places = places
        self._texts = texts or {}
        self._edges: dict[Place, list[Edge]] = {}
        self._own: dict[Place, list[Rule]] = {}
        self._below: dict[Place, list[Rule]] = {}
        self._into: dict[Place, list[Edge]] = {}
        self.by_order: dict[int, Rule] = {}
        self.speaking: list[Rule] = []
        computed = {
            (place, kind): (compiled, list(self._read(place, compiled)))
            for place in places.values()
            for kind, compiled in _computed(place)
        }
        order, circling = _order({key: targets for key, (_, targets) in computed.items()})
        for (place, kind), (compiled, targets) in computed.items():
            reads = compiled.reads
            rule = Rule(place, kind, order[place, kind], compiled, reads.positional)
            self.by_order[rule.order] = rule
            self._own.setdefault(place, []).append(rule)
            if reads.texts:
                self.speaking.append(rule)
            self._connect(rule, targets)
        self.circling = {place: self.by_order[order[place, kind]] for place, kind in circling}
        for place in places.values():
            self._show(place, len(order))
        self._readers = {place: _sort_out(edges) for place, edges in self._edges.items()}

    def edges(self, place: Place) -> Readers:
        """Who reads the value at `place`."""
        return self._readers.get(place, _NOBODY)

    def rules(self, place: Place) -> list[Rule]:
        """Computed rules of `place` itself."""
        return self._own.get(place, _NOTHING)

    def rules_below(self, place: Place) -> list[Rule]:
        """Computed rules of `place` and all below it."""
        if place not in self._below:
            self._below[place] = [rule for each in place.walk() for rule in self.rules(each)]
        return self._below[place]

    def edges_into(self, repeat: Place) -> list[Edge]:
        """Who sees instances of `repeat` come, go or move."""
        if repeat not in self._into:
            size = len(repeat.path)
            found = {
                (edge.rule, edge.depth): edge
                for each in repeat.walk()
                for edge in self._edges.get(each, ())
                if edge.depth < size or (edge.itself and edge.depth == size)
            }
            self._into[repeat] = list(found.values())
        return self._into[repeat]

    # --- building ---

    def _connect(self, rule: Rule, targets: Iterable[Target]) -> None:
        place = rule.place.parent if rule.kind == COUNT else rule.place
        sizes = sizes_of(place)
        for target, reach, key, _picked in targets:
            depth = _shared(sizes, reach)
            if target is place and sizes[-1:] in {(), (depth,)}:
                continue  # a rule that looks at its own node keeps what stands there
            edge = Edge(rule, depth, rule.positional and len(target.path) == depth, key)
            edges = self._edges.setdefault(target, [])
            if edges and edges[-1].rule is rule:
                edge = _wider(edges.pop(), edge)
            edges.append(edge)

    def _read(self, place: Place, compiled: Compiled) -> Iterator[Target]:
        """What `compiled` reads at `place`, and how much of the path there is never left."""
        for read in compiled.reads.paths:
            key = self._key(place, read) if read.key else None
            for target, reach in self._resolve(place, read):
                yield Target(target, reach, key, read.picked)

    def _key(self, place: Place, read: Read) -> Key | None:
        if read.key is None or len(place.repeats) != 1:
            return None
        depth, column, steps = read.key
        repeat = self._places[place.repeats[0]]
        wanted = [each for each, _reach in self._resolve(place, Read("context", steps))]
        if len(wanted) != 1 or wanted[0].parent is not repeat or wanted[0].children:
            return None
        return Key(depth, column, repeat, wanted[0].path[-1])

    def _resolve(self, at: Place, read: Read) -> Iterator[tuple[Place, int]]:
        if read.origin.startswith("instance:"):
            return
        path: Path = at.path if read.origin == "context" else ()
        reach = len(path)
        for n, step in enumerate(read.steps):
            if step == "..":
                path = path[:-1]
                reach = min(reach, len(path))
            elif step in {"*", "**"}:
                for each in self._wild(path, read.steps[n + 1 :], deep=step == "**"):
                    yield each, reach
                return
            elif step[:1] == "@" and (*path, step) not in self._places:
                break
            else:
                path = (*path, step)
        target = self._places.get(path)
        if target is not None:
            reach = _near(at, path) if read.origin == "near" else reach
            yield target, reach
            if target.children and read.whole:
                for each in target.walk():
                    yield each, reach

    def _wild(self, path: Path, rest: tuple[str, ...], *, deep: bool) -> Iterator[Place]:
        top = self._places.get(path)
        places = self._places.values() if top is None and not path else top.walk() if top else ()
        size = len(path)
        names = tuple(step for step in rest if step[:1] not in "*.@")
        for each in places:
            if len(each.path) > size and (deep or each.path[size + 1 :] == names):
                yield each

    # --- what is shown ---

    def _show(self, place: Place, order: int) -> None:
        targets = [t for each in _shown(place) for t in self._read(place, each)]
        for control in (place.control, place.repeat):
            if control is not None:
                words = [part for label in _labels(control) for part in self._parts(label)]
                targets += (t for part in words for t in self._read(place, part))
                targets += self._choices(place, control)
        if targets:
            rule = self.by_order[order + place.number] = Rule(place, SHOWN, order + place.number)
            self._connect(rule, targets)

    def _parts(self, label: Label) -> Iterator[Compiled]:
        yield from (part for part in label.parts if isinstance(part, Compiled))
        if isinstance(label.text_id, Compiled):
            yield label.text_id
        elif label.text_id is not None:
            for language in self._texts.values():
                text = language.get(label.text_id, _EMPTY)
                for part in (*text.parts, *text.guidance, *text.short):
                    if isinstance(part, Compiled):
                        yield part

    def _choices(self, place: Place, control: Control) -> Iterator[Target]:
        if control.itemset is None:
            return
        for target, *_how in list(self._read(place, control.itemset.nodes)):
            yield Target(target, 0)
            for cell in (control.itemset.value, control.itemset.label):
                for found, *_where in self._read(target, cell) if cell else ():
                    yield Target(found, 0)


_NOBODY = Readers()
_NOTHING: list[Rule] = []
_EMPTY = TextValue()


def _sort_out(edges: list[Edge]) -> Readers:
    wide = [edge.rule.order for edge in edges if not edge.depth and edge.key is None]
    return Readers(tuple(wide), tuple(edge for edge in edges if edge.depth or edge.key is not None))


def _near(at: Place, path: Path) -> int:
    """How much of an absolute path a rule at `at` never leaves."""
    for repeat in reversed(at.repeats):
        size = len(repeat)
        if size < len(path) and path[:size] == repeat:
            return size
    return 0


def _wider(one: Edge, other: Edge) -> Edge:
    """The edge that says no less than both, of one rule and one value."""
    depth = min(one.depth, other.depth)
    itself = (one.itself and one.depth == depth) or (other.itself and other.depth == depth)
    key = one.key if one.key == other.key else None
    return Edge(one.rule, depth, itself, key)


def sizes_of(place: Place | None) -> tuple[int, ...]:
    """Lengths of the paths of the repeats around `place`, from outside in."""
    return tuple(map(len, place.repeats)) if place is not None else ()


def _shared(sizes: tuple[int, ...], reach: int) -> int:
    """Length of the path of the innermost repeat that is not left."""
    for size in reversed(sizes):
        if size <= reach:
            return size
    return 0


def _computed(place: Place) -> list[tuple[str, Compiled]]:
    bind = place.bind
    rules = (CALCULATE, bind.calculate), (RELEVANT, bind.relevant), (COUNT, place.count)
    found = [(kind, compiled) for kind, compiled in rules if compiled is not None]
    control = place.control
    if control is not None and control.itemset is not None:
        found.append((CHOICES, control.itemset.nodes))
    return found


def _shown(place: Place) -> list[Compiled]:
    bind = place.bind
    return [rule for rule in (bind.readonly, bind.required, bind.constraint) if rule is not None]


def _labels(control: Control) -> Iterator[Label]:
    labels = [control.label, control.hint, *(choice.label for choice in control.choices)]
    return (label for label in labels if label is not None)


Named = tuple[Place, str]


def _order(reads: dict[Named, list[Target]]) -> tuple[dict[Named, int], set[Named]]:
    """Position of each rule, after all that it waits for, and the conditions that circle."""
    waits: dict[Named, dict[Named, None]] = {}
    circling: set[Named] = set()
    conditions: dict[Place, tuple[Named, ...]] = {}
    for key, targets in reads.items():
        place, kind = key
        before = waits[key] = {}
        for target, _reach, _key, picked in targets:
            if target not in conditions:
                conditions[target] = _conditions(target, reads)
            if target is place or key in conditions[target]:
                if not picked:
                    _refuse_own(place, kind, target)
                if kind == RELEVANT:
                    circling.add(key)
            if target is place:
                continue
            if (target, CALCULATE) in reads:
                before[target, CALCULATE] = None
            before.update(dict.fromkeys(conditions[target]))
        before.pop(key, None)
    return {key: at for at, key in enumerate(_sorted(waits, circling))}, circling


def _sorted(waits: dict[Named, dict[Named, None]], circling: set[Named]) -> list[Named]:
    """All keys, each after those that it waits for, conditions as early as they can be.

    What is not relevant is not computed: so a draft taken up again is the one that was left.
    """
    done: dict[Named, bool] = {}  # False while we stand in it
    found: list[Named] = []
    for first in sorted(waits, key=lambda key: key[1] != RELEVANT):
        if first in done:
            continue
        done[first] = False
        way = [(first, iter(waits[first]))]
        while way:
            key, rest = way[-1]
            for each in rest:
                state = done.get(each)
                if state is None:
                    done[each] = False
                    way.append((each, iter(waits[each])))
                    break
                if state is False:
                    _refuse_circle([k for k, _rest in way], each)
                    circling.add(key)
            else:
                done[key] = True
                found.append(key)
                way.pop()
    return found


def _refuse_circle(way: list[Named], back: Named) -> None:
    """Conditions may look at each other's answers, as none of them makes a value; no more."""
    circle = way[way.index(back) :]
    first = min(range(len(circle)), key=lambda at: circle[at][0].number)
    circle = [*circle[first:], *circle[: first + 1]]
    if any(kind != RELEVANT for _place, kind in circle):
        raise DependencyCycle(path=" -> ".join(place.ref for place, _kind in circle))


def _conditions(place: Place | None, reads: Mapping[Named, object]) -> tuple[Named, ...]:
    """The rules that decide whether `place` is relevant."""
    found: list[Named] = []
    while place is not None:
        if (place, RELEVANT) in reads:
            found.append((place, RELEVANT))
        place = place.parent
    return tuple(found)


def _refuse_own(place: Place, kind: str, target: Place) -> None:
    """Nothing hangs on itself or on what it hides; it may be kept, or follow other instances."""
    if kind in {CALCULATE, RELEVANT}:
        way = [place, *([] if target is place else [target]), place]
        raise DependencyCycle(path=" -> ".join(each.ref for each in way))
