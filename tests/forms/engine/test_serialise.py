"""Answers written to XML are read back as they were."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.nodes import ELEMENT, Node, from_lxml, parse_xml
from forms.serialise import XFORMS, to_xml

PREFIXES = {"": "", "orx": "http://openrosa.org/xforms", "e": "urn:e", "f": "urn:e"}
names = st.sampled_from(["a", "b", "名", "group-1"])
texts = st.one_of(
    st.sampled_from(["", "7", "<&>\"'", "]]>", "a\r\nb\tc", "e\u0301", "\u0338x", " s "]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6),
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 2) -> Node:
    prefix = draw(st.sampled_from(["", "", "", "orx", "e", "f"]))
    namespace = PREFIXES[prefix] if prefix else draw(st.sampled_from(["", XFORMS, "urn:default"]))
    node = Node(ELEMENT, draw(names), namespace, prefix)
    for clark in draw(st.lists(st.sampled_from(["id", "n", "{urn:e}id", "{urn:z}y"]), max_size=2)):
        node.set_attribute(clark, draw(texts), draw(st.sampled_from(["", "e", "orx", "q"])))
    children = draw(st.lists(trees(depth=depth - 1), max_size=3)) if depth else []
    for child in children:
        node.append(child)
    if not children:
        node.text = draw(texts)
    return node


def plain(node: Node) -> object:
    """What must not be lost; the form's own namespace is, and what XML cannot tell apart."""
    own = "" if node.namespace == XFORMS else node.namespace
    attributes = {clark: each.text for clark, each in node.attributes.items()}
    text = "".join(c for c in unicodedata.normalize("NFC", node.text) if c not in "\ufffe\uffff")
    return own, node.name, text, attributes, [plain(child) for child in node.children]


@settings(max_examples=40, deadline=None)
@given(trees())
def test_what_is_written_is_read_back(root: Node) -> None:
    assert plain(from_lxml(parse_xml(to_xml(root, only_relevant=False)))) == plain(root)


@settings(max_examples=40, deadline=None)
@given(trees())
def test_another_reader_and_writer_says_the_same(root: Node) -> None:
    written = to_xml(root, only_relevant=False)
    again = etree.tostring(etree.fromstring(written), encoding="UTF-8", xml_declaration=True)
    assert etree.canonicalize(again.decode()) == etree.canonicalize(written.decode())


def test_what_is_not_relevant_is_not_sent() -> None:
    root = Node(ELEMENT, "d")
    for name in ("a", "b"):
        root.append(Node(ELEMENT, name, text=name))
    root.set_attribute("x", "1")
    root.children[0].relevant = root.attributes["x"].relevant = False
    assert to_xml(root, only_relevant=True).endswith(b"<d><b>b</b></d>")
    assert to_xml(root, only_relevant=False).endswith(b'<d x="1"><a>a</a><b>b</b></d>')


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    root = Node(ELEMENT, "d", text="a\x00\x0b\ud800b")
    assert to_xml(root, only_relevant=False).endswith(b"<d>ab</d>")
