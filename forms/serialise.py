"""Answers to XML: written directly, because a draft is saved again and again while it grows.

Spec: https://getodk.github.io/xforms-spec/#instance
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from forms.nodes import Node
from forms.xpath.axes import XML

# A form's own elements belong to no namespace once they have left it, as all clients have it.
XFORMS = "http://www.w3.org/2002/xforms"

_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_SPECIAL = re.compile("[&<>\r]")
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_SPECIAL_IN_ATTRIBUTE = re.compile('[&<>\r"\n\t]')

Scope = Mapping[str, str]  # URI by prefix; "" is the namespace of names without prefix


def to_xml(root: Node, *, only_relevant: bool) -> bytes:
    """UTF-8 XML of `root`, with or without what is not relevant.

    Letters and their marks become one character each where Unicode has it (NFC). Characters that
    XML cannot carry are left out. Prefixes are declared at the root where that is possible.
    """
    parts = [_HEAD]
    shown: dict[str, str] = {}
    for each in root.walk():
        if each.prefix or each.attributes:
            for named in (each, *each.attributes.values()):
                if named.prefix and _own(named) and named.namespace != XML:
                    shown[named.prefix] = named.namespace
    _write(root, parts, {"": "", "xml": XML}, shown, only_relevant=only_relevant)
    text = "".join(parts)
    if _NO_XML.search(text):
        text = _NO_XML.sub("", text)
    return text.encode()


def _own(node: Node) -> str:
    """The namespace of `node`; that of the form's own markup is none."""
    return "" if node.namespace == XFORMS else node.namespace


def _write(
    node: Node, parts: list[str], scope: Scope, declared: Mapping[str, str], *, only_relevant: bool
) -> None:
    inner = {**scope, **declared} if declared else dict(scope)
    own = _own(node)
    name = f"{node.prefix}:{node.name}" if own and node.prefix else node.name
    inner[node.prefix if own else ""] = own
    written = [
        f' {_attribute_name(attribute, inner)}="{_quoted(attribute.text)}"'
        for attribute in node.attributes.values()
        if attribute.relevant or not only_relevant
    ]
    spaces = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{_quoted(uri)}"'
        for prefix, uri in inner.items()
        if scope.get(prefix) != uri
    )
    if not node.children:
        parts.append(_leaf(f"{name}{spaces}{''.join(written)}", name, node.text))
        return
    parts.append(f"<{name}{spaces}{''.join(written)}>")
    plain = not inner[""]
    for each in node.children:
        if only_relevant and not each.relevant:
            continue
        if plain and not each.children and not each.attributes and not _own(each):
            parts.append(_leaf(each.name, each.name, each.text))  # by far the most
        else:
            _write(each, parts, inner, {}, only_relevant=only_relevant)
    parts.append(f"</{name}>")


def _attribute_name(attribute: Node, scope: dict[str, str]) -> str:
    uri = attribute.namespace
    if not uri:
        return attribute.name
    prefix = attribute.prefix or next((p for p, known in scope.items() if p and known == uri), "")
    if not prefix or scope.get(prefix, uri) != uri:
        prefix = next(f"ns{n}" for n in range(len(scope) + 1) if f"ns{n}" not in scope)
    scope[prefix] = uri
    return f"{prefix}:{attribute.name}"


def _leaf(begin: str, name: str, text: str) -> str:
    if not text:
        return f"<{begin}/>"
    if not text.isalnum() or not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(lambda match: _IN_TEXT[match[0]], text)
    return f"<{begin}>{text}</{name}>"


def _quoted(text: str) -> str:
    return _SPECIAL_IN_ATTRIBUTE.sub(lambda match: _IN_ATTRIBUTE[match[0]], text)
