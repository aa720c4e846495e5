"""The one tree behind expressions: form instances, secondary instances, any XML document.

Text of an element that has no element children stands in `Node.text`; text nodes are made only when
an axis asks for them, because forms never do.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#data-model
"""

from __future__ import annotations

from collections.abc import Iterator
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
        info: The engine's own definition of the node; expressions never look at it.
        version: Grows when children come or go; indexes are kept by it.
    """

    __slots__ = (
        "_by_name",
        "attributes",
        "children",
        "info",
        "kind",
        "name",
        "namespace",
        "parent",
        "prefix",
        "relevant",
        "text",
        "version",
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
        self.info: Any = None
        self.version = 0
        self._by_name: dict[str, list[Node]] | None = None

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

    def append(self, child: Node) -> Node:
        """Put `child` last and return it."""
        return self.insert(len(self.children), child)

    def insert(self, at: int, child: Node) -> Node:
        """Put `child` before position `at` and return it."""
        child.parent = self
        self.children.insert(at, child)
        self.changed()
        return child

    def remove(self, child: Node) -> None:
        """Take `child` out."""
        self.children.remove(child)
        child.parent = None
        self.changed()

    def changed(self) -> None:
        """Forget what was remembered about the children."""
        self._by_name = None
        self.version += 1

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
    tags: list[object] = [node.tag for node in root.iter()]
    if any(tag is etree.Entity for tag in tags):
        raise MalformedXml(line=0)
    _limit_depth(root)
    return root


def _limit_depth(root: etree._Element) -> None:
    level = [root]
    for _depth in range(MAX_DEPTH):
        level = [child for node in level for child in node]
        if not level:
            return
    raise XmlTooLarge(limit=MAX_DEPTH)


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
    kind: object = source.tag
    if kind is etree.Comment:
        return Node(COMMENT, text=source.text or "")
    if kind is etree.PI:
        return Node(INSTRUCTION, name=str(getattr(source, "target", "")), text=source.text or "")
    qname = etree.QName(source)
    node = Node(ELEMENT, qname.localname, qname.namespace or "", source.prefix or "")
    prefixes = {uri: prefix for prefix, uri in source.nsmap.items() if prefix}
    for clark, value in source.attrib.items():
        uri = etree.QName(str(clark)).namespace
        node.set_attribute(str(clark), str(value), prefixes.get(uri, "") if uri else "")
    if mixed:
        _mixed_content(node, source)
    else:
        children = [child for child in source if isinstance(child.tag, str)]
        for child in children:
            node.append(from_lxml(child))
        if not children:
            node.text = "".join(str(part) for part in source.itertext())
    return node


def _mixed_content(node: Node, source: etree._Element) -> None:
    if source.text:
        node.append(Node(TEXT, text=source.text))
    for child in source:
        node.append(from_lxml(child, mixed=True))
        if child.tail:
            node.append(Node(TEXT, text=child.tail))
