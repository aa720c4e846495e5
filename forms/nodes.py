"""The one tree behind expressions: form instances, secondary instances, any XML document.

Text of an element that has no element children stands in `Node.text`; text nodes are made only when
an axis asks for them, because forms never do.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#data-model
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from forms.errors import MalformedXml, XmlTooLarge

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200

ROOT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION, NAMESPACE = range(7)


class Node:
    """One node.

    Attributes:
        kind: ROOT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION or NAMESPACE.
        name: Local name; "" for roots, text and comments.
        namespace: URI; "" for none.
        prefix: As written; "" for none.
        children: Elements, and in documents with mixed content also text, comments and
            instructions, in order.
        attributes: By Clark name ("{uri}local" or "local").
        text: String value of a node without element children.
        relevant: False hides the node and all below it from expressions of a form.
        kept: What the node remembers about its children; None when nothing.
        number: The value as a number where somebody has asked, else None; see `touched`.
        info: The engine's own definition of the node; expressions never look at it.
    """

    __slots__ = (
        "_by_name",
        "attributes",
        "children",
        "info",
        "kept",
        "kind",
        "name",
        "namespace",
        "number",
        "parent",
        "prefix",
        "relevant",
        "text",
    )

    def __init__(
        self,
        kind: int,
        name: str = "",
        namespace: str = "",
        prefix: str = "",
        text: str = "",
        parent: Node | None = None,
    ) -> None:
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.prefix = prefix
        self.text = text
        self.parent = parent
        self.children: list[Node] = []
        self.attributes: dict[str, Node] = {}
        self.relevant = True
        self.number: float | None = None
        self.info: Any = None
        self._by_name: dict[str, list[Node]] | None = None
        self.kept: _Kept | None = None

    def __repr__(self) -> str:
        """Name and kind, never the value."""
        return f"<Node {self.kind} {self.name}>"

    @property
    def clark(self) -> str:
        """`{uri}local`, or the local name alone."""
        return f"{{{self.namespace}}}{self.name}" if self.namespace else self.name

    @property
    def qualified(self) -> str:
        """The name as written, with its prefix."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def named(self, name: str) -> list[Node]:
        """Child elements with the local name `name`, in order. Do not change the list."""
        index = self._by_name
        if index is None:
            index = {}
            for child in self.children:
                if child.kind == ELEMENT:
                    index.setdefault(child.name, []).append(child)
            self._by_name = index
        return index.get(name, _NONE)

    def at(self, step: str) -> list[Node]:
        """Child elements of a name, or for `@name` the attribute. Do not change the list."""
        if step[:1] != "@":
            return self.named(step)
        return [each for each in self.attributes.values() if each.name == step[1:]]

    def reach(self, names: tuple[str, ...]) -> list[Node]:
        """What `names` lead to from this root, in order. Do not change the list.

        Kept until a node comes or goes anywhere below, so it is for the top of a tree.
        """
        kept = self.kept or self.remember()
        lists = kept.lists
        found = lists.get(names)
        if found is None:
            found = [self]
            for name in names:
                found = [child for node in found for child in node.at(name)]
            lists[names] = found
        return found

    def position(self) -> int:
        """Position among the like-named element siblings, from 1."""
        parent = self.parent
        if parent is None:
            return 1
        kept = parent.remember()
        if kept.numbers is None:
            kept.numbers = {}
            for child in parent.children:
                same = parent.named(child.name)
                if len(same) > 1 and same[0] is child:
                    kept.numbers.update((id(each), at) for at, each in enumerate(same, 1))
        return kept.numbers.get(id(self), 1)

    def remember(self) -> _Kept:
        """What is remembered about the children until they come, go or change."""
        if self.kept is None:
            self.kept = _Kept()
        return self.kept

    def touched(self) -> None:
        """Say that the value has changed: its number and indexes over it are forgotten."""
        self.number = None
        row = self.parent
        holder = row.parent if row is not None else None
        kept = holder.kept if holder is not None else None
        if kept is not None and kept.indexes:
            for key in [key for key in kept.indexes if self.name in key[1]]:
                del kept.indexes[key]

    def append(self, child: Node) -> Node:
        """Put `child` last and return it."""
        child.parent = self
        self.children.append(child)
        self.changed()
        return child

    def insert(self, at: int, child: Node) -> Node:
        """Put `child` before position `at` and return it."""
        child.parent = self
        names, numbers = self._by_name, self.kept.numbers if self.kept else None
        same = names.get(child.name, _NONE) if names is not None else _NONE
        last = bool(same) and at > 0 and self.children[at - 1] is same[-1]
        self.children.insert(at, child)
        self.changed()
        if names is not None and last:  # the usual way that a repeat grows
            names[child.name] = [*same, child]
            self._by_name = names
            if numbers is not None:
                numbers[id(child)] = len(same) + 1
                self.remember().numbers = numbers
        return child

    def remove(self, child: Node) -> None:
        """Take `child` out."""
        self.children.remove(child)
        child.parent = None
        self.changed()

    def changed(self) -> None:
        """Forget what was remembered about the children."""
        self._by_name = self.kept = None
        top = self.root()
        if top.kept is not None:
            top.kept.lists.clear()

    def copy(self, parent: Node | None = None) -> Node:
        """A deep copy below `parent`, which does not know it yet."""
        twin = Node(self.kind, self.name, self.namespace, self.prefix, self.text, parent)
        twin.info = self.info
        for clark, attribute in self.attributes.items():
            twin.set_attribute(clark, attribute.text, attribute.prefix)
            twin.attributes[clark].info = attribute.info
        twin.children = [each.copy(twin) for each in self.children]
        return twin

    def set_attribute(self, clark: str, value: str, prefix: str = "") -> None:
        """Set the attribute with the Clark name `clark`."""
        namespace, _, local = clark[1:].rpartition("}") if clark[:1] == "{" else ("", "", clark)
        self.attributes[clark] = Node(ATTRIBUTE, local, namespace, prefix, value, self)

    def elements(self) -> Iterator[Node]:
        """Child elements, in order."""
        return (child for child in self.children if child.kind == ELEMENT)

    def walk(self) -> Iterator[Node]:
        """This node and everything below it in document order, attributes left out."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def value(self) -> str:
        """String value, https://www.w3.org/TR/1999/REC-xpath-19991116/#dt-string-value."""
        if not self.children:
            return self.text if self.relevant else ""
        return "".join(
            node.text
            for node in self.visible()
            if (not node.children) and node.kind in (ELEMENT, TEXT)
        )

    def visible(self) -> Iterator[Node]:
        """As `walk`, without what is not relevant."""
        stack = [self]
        while stack:
            node = stack.pop()
            if node.relevant:
                yield node
                stack.extend(reversed(node.children))

    def root(self) -> Node:
        """The topmost node above this one."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node


_NONE: list[Node] = []


class _Kept:
    """What a node remembers about its children.

    Attributes:
        numbers: Position among like-named siblings by id, where there are several.
        indexes: Of `forms.xpath.index`, by the rows' name, their columns and how these compare.
        lists: What names lead to from here.
    """

    __slots__ = ("indexes", "lists", "numbers")

    def __init__(self) -> None:
        self.numbers: dict[int, int] | None = None
        self.lists: dict[tuple[str, ...], list[Node]] = {}
        self.indexes: dict[tuple[str, tuple[str, ...], tuple[bool, ...]], Any] = {}


class Declaring(Node):
    """An element of a document, with the namespaces that are in scope there, used or not."""

    __slots__ = ("declared",)

    declared: dict[str, str]


def parse_xml(source: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Root element of `source`, parsed with entities, DTD and network switched off.

    Raises:
        XmlTooLarge: More than `max_bytes` bytes, or nested deeper than MAX_DEPTH.
        MalformedXml: Not well formed, or it declares entities.
    """
    if len(source) > max_bytes:
        raise XmlTooLarge(limit=max_bytes)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        line = getattr(cause, "lineno", None) or 0
        raise MalformedXml(line=line) from None
    if next(root.iter(etree.Entity), None) is not None:
        raise MalformedXml(line=0)
    if _TOO_DEEP(root):
        raise XmlTooLarge(limit=MAX_DEPTH)
    return root


_TOO_DEEP = etree.XPath("boolean(/" + "/".join("*" * (MAX_DEPTH + 1)) + ")")


def document(source: bytes) -> Node:
    """The whole document `source`, with text, comments and instructions, below a root node.

    Raises:
        XmlTooLarge, MalformedXml: As `parse_xml`.
    """
    top = parse_xml(source)
    root = Node(ROOT)
    before: list[etree._Element] = list(top.itersiblings(preceding=True))
    for sibling in [*reversed(before), top, *top.itersiblings()]:
        root.append(from_lxml(sibling, mixed=True))
    return root


def from_lxml(source: etree._Element, *, mixed: bool = False) -> Node:
    """A node, and all below it, from an lxml element.

    Args:
        source: An element, comment or processing instruction.
        mixed: Keep text between elements, comments and instructions, as plain XPath wants;
            forms leave white space between elements out.
    """
    tag: Any = source.tag
    if tag is etree.Comment:
        return Node(COMMENT, text=source.text or "")
    if tag is etree.PI:
        return Node(INSTRUCTION, name=str(getattr(source, "target", "")), text=source.text or "")
    namespace, _, name = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
    node = (Declaring if mixed else Node)(ELEMENT, name, namespace, source.prefix or "")
    if attributes := source.items():
        _attributes(node, attributes, source)
    if mixed:
        _mixed_content(node, source)
    elif len(source) == 0:
        node.text = source.text or ""
    else:
        for child in source:
            if isinstance(child.tag, str):
                below = from_lxml(child)
                below.parent = node
                node.children.append(below)
        if not node.children:
            node.text = "".join(str(part) for part in source.itertext())
    return node


def _attributes(node: Node, items: Sequence[tuple[Any, Any]], source: etree._Element) -> None:
    prefixes = {uri: prefix for prefix, uri in source.nsmap.items() if prefix}
    for clark, value in items:
        uri = clark[1:].partition("}")[0] if clark[0] == "{" else ""
        node.set_attribute(clark, value, prefixes.get(uri, "") if uri else "")


def _mixed_content(node: Node, source: etree._Element) -> None:
    if isinstance(node, Declaring):
        node.declared = {prefix or "": uri for prefix, uri in source.nsmap.items()}
    if source.text:
        node.append(Node(TEXT, text=source.text))
    for child in source:
        node.append(from_lxml(child, mixed=True))
        if child.tail:
            node.append(Node(TEXT, text=child.tail))
