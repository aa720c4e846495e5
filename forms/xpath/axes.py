"""The thirteen axes, each a list in the axis's own direction.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#axes
"""

from __future__ import annotations

from collections.abc import Callable

from forms.nodes import ATTRIBUTE, ELEMENT, NAMESPACE, ROOT, TEXT, Declaring, Node

XML = "http://www.w3.org/XML/1998/namespace"


def children(node: Node) -> list[Node]:
    """Children, text made a node where an element keeps it itself."""
    if node.children or node.kind != ELEMENT or not node.text:
        return node.children
    text = Node(TEXT, text=node.text, parent=node)
    text.relevant = node.relevant
    return [text]


def descendants(node: Node) -> list[Node]:
    """Everything below, in document order."""
    found: list[Node] = []
    stack = list(reversed(children(node)))
    while stack:
        each = stack.pop()
        found.append(each)
        stack.extend(reversed(children(each)))
    return found


def ancestors(node: Node) -> list[Node]:
    """From the parent upwards."""
    found: list[Node] = []
    parent = node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found


def _siblings(node: Node) -> tuple[list[Node], int]:
    if node.parent is None or node.kind in {ATTRIBUTE, NAMESPACE}:
        return [node], 0
    siblings = node.parent.children
    at = next((at for at, each in enumerate(siblings) if each is node), 0)
    return siblings, at


def following_siblings(node: Node) -> list[Node]:
    """Later siblings, in document order."""
    siblings, at = _siblings(node)
    return siblings[at + 1 :]


def preceding_siblings(node: Node) -> list[Node]:
    """Earlier siblings, nearest first."""
    siblings, at = _siblings(node)
    return siblings[:at][::-1]


def following(node: Node) -> list[Node]:
    """Everything after the node's end, in document order."""
    found: list[Node] = []
    if node.kind == ATTRIBUTE and node.parent is not None:
        found.extend(descendants(node.parent))
        node = node.parent
    for each in [node, *ancestors(node)]:
        for sibling in following_siblings(each):
            found.append(sibling)
            found.extend(descendants(sibling))
    return found


def preceding(node: Node) -> list[Node]:
    """Everything before the node's start but its ancestors, in reverse document order."""
    found: list[Node] = []
    if node.kind == ATTRIBUTE and node.parent is not None:
        node = node.parent
    for each in [node, *ancestors(node)]:
        for sibling in preceding_siblings(each):
            found.extend(reversed(descendants(sibling)))
            found.append(sibling)
    return found


def namespaces(node: Node) -> list[Node]:
    """Namespace nodes in scope."""
    if node.kind != ELEMENT:
        return []
    scope: dict[str, str] = {}
    for each in reversed([node, *ancestors(node)]):
        if isinstance(each, Declaring):
            scope |= each.declared
        if each.namespace:
            scope[each.prefix] = each.namespace
        for attribute in each.attributes.values():
            if attribute.namespace:
                scope[attribute.prefix] = attribute.namespace
    named = sorted(scope.items(), key=lambda pair: pair[0] != "")  # without a prefix first
    names = [*((prefix, uri) for prefix, uri in named if prefix != "xml"), ("xml", XML)]
    return [Node(NAMESPACE, prefix, text=uri, parent=node) for prefix, uri in names]


def _itself(node: Node) -> list[Node]:
    return [node]


def _parent(node: Node) -> list[Node]:
    return [] if node.parent is None else [node.parent]


def _attributes(node: Node) -> list[Node]:
    return list(node.attributes.values())


AXIS: dict[str, Callable[[Node], list[Node]]] = {
    "ancestor": ancestors,
    "ancestor-or-self": lambda node: [node, *ancestors(node)],
    "attribute": _attributes,
    "child": children,
    "descendant": descendants,
    "descendant-or-self": lambda node: [node, *descendants(node)],
    "following": following,
    "following-sibling": following_siblings,
    "namespace": namespaces,
    "parent": _parent,
    "preceding": preceding,
    "preceding-sibling": preceding_siblings,
    "self": _itself,
}
REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
PRINCIPAL = {"attribute": ATTRIBUTE, "namespace": NAMESPACE}

__all__ = ["AXIS", "ELEMENT", "PRINCIPAL", "REVERSE", "ROOT", "children", "descendants"]
