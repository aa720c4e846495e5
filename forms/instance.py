"""The answer tree: finding nodes by ref, growing and shrinking repeats, XML in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forms.codecs import fitted
from forms.definition import Path, Place
from forms.errors import InvalidForm, UnknownNode
from forms.nodes import Node, from_lxml, parse_xml

_STEP = re.compile(r"([^\[\]/]+)(?:\[(\d{1,6})\])?\Z")


class Instance:
    """The primary instance of one session.

    Attributes:
        root: The document element.
        top: The root node above it, where absolute paths begin.
    """

    def __init__(self, root: Node) -> None:
        self.top = Node(0)
        self.top.append(root)
        self.root = root

    def ref(self, node: Node) -> str:
        """The ref of `node`, positions on repeat instances only."""
        place: Place = node.info
        if not place.repeats:
            return place.ref
        if place.repeat is not None and node.parent is not None:
            return f"{self.ref(node.parent)}/{node.name}[{node.position()}]"
        above = node.parent
        return f"{self.ref(above)}/{place.path[-1]}" if above is not None else place.ref

    def refs(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        """Refs of `nodes` in document order, each once."""
        instances: dict[Node | None, tuple[tuple[int, ...], str]] = {None: ((), "")}

        def around(node: Node | None) -> tuple[tuple[int, ...], str]:
            """Where the innermost repeat instance at or above `node` stands, and its ref."""
            while node is not None and (node.info is None or node.info.repeat is None):
                node = node.parent
            if node is not None and node not in instances:
                order, _ref = around(node.parent)
                at = (*order, node.info.number, node.position())
                instances[node] = at, self.ref(node)
            return instances[node]

        found: list[tuple[tuple[int, ...], str]] = []
        for node in nodes:
            place: Place = node.info
            if not place.repeats:
                found.append(((place.number,), place.ref))
            elif len(place.repeats) == 1 and place.around is not None:  # by far the most
                each: Node | None = node
                for _up in range(len(place.path) - len(place.repeats[0])):
                    each = each.parent if each is not None else None
                at = each.position() if each is not None else 0
                key = (place.around.number, at, place.number)
                found.append((key, f"{place.around.ref}[{at}]{place.tail}"))
            elif place.repeat is not None:
                found.append(around(node))
            else:
                order, ref = around(node.parent)
                found.append(((*order, place.number), ref + place.tail))
        found.sort()
        return tuple(dict.fromkeys(ref for _order, ref in found))

    def survey(self) -> None:
        """Note where everything outside of repeats stands, in one walk."""
        found: dict[Path, list[Node]] = {}
        for node in self.root.walk():
            place: Place = node.info
            if not place.repeats:
                found.setdefault(place.path, []).append(node)
        self.top.remember().lists.update(found)

    def all_at(self, place: Place) -> list[Node]:
        """All nodes of `place`, in order. Do not change the list."""
        return self.top.reach(place.path)

    def find(self, ref: str) -> Node:
        """The node at `ref`.

        Raises:
            UnknownNode: There is none now.
        """
        node = self.top
        for written in ref.strip("/").split("/"):
            match = _STEP.match(written)
            name = (match[1].partition(":")[2] or match[1]) if match else ""
            same = node.at(name)
            at = int(match[2]) - 1 if match and match[2] else 0
            if not 0 <= at < len(same):
                raise UnknownNode(ref=ref)
            node = same[at]
        return node

    def find_range(self, ref: str, places: dict[Path, Place]) -> tuple[Node, Place]:
        """The parent of a repeat's instances, and the repeat.

        Raises:
            UnknownNode: There is no such repeat.
        """
        above, _, name = ref.rpartition("/")
        holder = self.find(above) if above else self.top
        path = (*holder.info.path, name) if holder.info else (name,)
        place = places.get(path)
        if place is None or place.repeat is None:
            raise UnknownNode(ref=ref)
        return holder, place

    def at(self, path: Path, inside: Node | None = None) -> Iterator[Node]:
        """All nodes at `path`, those below `inside` alone when given."""
        if inside is None:
            found, rest = [self.top], path
        else:
            found, rest = [inside], path[len(inside.info.path) :]
        for name in rest:
            found = [each for node in found for each in node.at(name)]
        return iter(found)

    def grow(self, holder: Node, place: Place, at: int | None) -> Node:
        """A new instance of the repeat `place` before position `at` (at the end when None)."""
        if place.template is None:
            raise InvalidForm(element=place.path[-1], line=0, reason="a repeat without template")
        same = holder.named(place.path[-1])
        counted = place.count is not None and len(same) < len(place.defaults)
        twin = (place.defaults[len(same)] if counted else place.template).copy()
        if same and (at is None or at >= len(same)):
            position = _last_index(holder.children, same[-1]) + 1
        elif same and at is not None:
            position = holder.children.index(same[at])
        else:
            position = self._home(holder, place)
        return holder.insert(position, twin)

    def _home(self, holder: Node, place: Place) -> int:
        siblings = place.parent.children if place.parent else []
        later = {id(each) for each in siblings[siblings.index(place) + 1 :]} if siblings else set()
        for at, each in enumerate(holder.children):
            if id(each.info) in later:
                return at
        return len(holder.children)


def _last_index(children: list[Node], node: Node) -> int:
    # From the end, where a repeat that grows has its last instance.
    return next(at for at in range(len(children) - 1, -1, -1) if children[at] is node)


def restored(xml: bytes, template: Node, places: dict[Path, Place]) -> Node:
    """The instance in `xml`, fitted to the form: nodes it lacks come from `template`.

    Raises:
        InvalidForm: It belongs to another form.
    """
    root = from_lxml(parse_xml(xml))
    if root.name != template.name:
        raise InvalidForm(element=root.name, line=0, reason="answers of another form")
    _fit(root, template, places, (root.name,))
    return root


def _fit(node: Node, model: Node, places: dict[Path, Place], path: Path) -> None:
    node.info = places[path]
    node.text = fitted(node.info.bind.data_type, node.text)
    _fit_attributes(node, model, places, path)
    node.children = [each for each in node.children if (*path, each.name) in places]
    node.changed()
    order = {id(place): at for at, place in enumerate(node.info.children)}
    present = {each.name for each in node.children}
    for each in model.children:
        if each.name not in present and not places[(*path, each.name)].repeat:
            node.append(each.copy())
    for each in node.children:
        place = places[(*path, each.name)]
        like = place.template or next(iter(model.named(each.name)), each)
        _fit(each, like, places, place.path)
    node.children.sort(key=lambda each: order.get(id(each.info), 0))
    node.changed()


def _fit_attributes(node: Node, model: Node, places: dict[Path, Place], path: Path) -> None:
    for clark, own in model.attributes.items():
        if clark not in node.attributes and own.info is not None:
            node.set_attribute(clark, own.text, own.prefix)
    for attribute in node.attributes.values():
        attribute.info = places.get((*path, f"@{attribute.name}"))
