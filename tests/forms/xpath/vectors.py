"""Recorded expressions of a peer, and how ours are compared with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from forms.nodes import (
    ATTRIBUTE,
    COMMENT,
    ELEMENT,
    INSTRUCTION,
    NAMESPACE,
    ROOT,
    TEXT,
    Node,
    document,
)
from forms.xpath import Bare, Value, evaluate

_PART = re.compile(r"\*\[(\d+)\]|@(.+)|(text|comment|processing-instruction)\(\)\[(\d+)\]")
_KINDS = {"text": TEXT, "comment": COMMENT, "processing-instruction": INSTRUCTION}
_WORDS = {kind: word for word, kind in _KINDS.items()}


class Recorded(Bare):
    """A host with a frozen clock, and as random as the functions want."""

    def __init__(self, clock_ms: float, zone: str, language: str | None, top: Node) -> None:
        moment = datetime.fromtimestamp(clock_ms / 1000, UTC).astimezone(ZoneInfo(zone))
        super().__init__(moment, language)
        self._top = top

    def new_id(self) -> str:
        return "00000000-0000-4000-8000-000000000000"

    def random(self) -> float:
        return 0.123456789012345

    def instance(self, name: str) -> Node | None:
        for node in self._top.walk():
            written = node.attributes.get("id")
            if node.name == "instance" and written is not None and written.text == name:
                return node
        return None

    def itext(self, text_id: str) -> str | list[Node]:
        chosen: Node | None = None
        for node in self._top.walk():
            if node.name == "translation":
                lang = node.attributes.get("lang")
                if (lang is not None and lang.text == self.language) or (
                    chosen is None or ("default" in node.attributes and self.language is None)
                ):
                    chosen = node
        for text in chosen.named("text") if chosen else []:
            if text.attributes["id"].text == text_id:
                return text.named("value")
        return ""


def at_path(top: Node, path: str) -> Node:
    """The node at a positional path such as `/*[1]/*[2]/@a`."""
    node = top
    for part in filter(None, path.split("/")):
        match = _PART.fullmatch(part)
        assert match is not None, part
        if match[1]:
            node = [c for c in node.children if c.kind == ELEMENT][int(match[1]) - 1]
        elif match[2]:
            node = next(a for a in node.attributes.values() if a.qualified == match[2])
        else:
            node = [c for c in node.children if c.kind == _KINDS[match[3]]][int(match[4]) - 1]
    return node


def path_of(node: Node) -> str:
    """The positional path of `node`."""
    if node.kind == ROOT or node.parent is None:
        return "/"
    above = "" if node.parent.kind == ROOT else path_of(node.parent)
    if node.kind == ATTRIBUTE:
        if node.namespace:
            return f"{above}/@*[local-name()='{node.name}' and namespace-uri()='{node.namespace}']"
        return f"{above}/@{node.name}"
    if node.kind == NAMESPACE:
        return f"{above}/namespace::{node.name}"
    same = [c for c in node.parent.children if c.kind == node.kind]
    at = next((at for at, each in enumerate(same, 1) if each is node), 1)
    return f"{above}/{'*' if node.kind == ELEMENT else _WORDS[node.kind] + '()'}[{at}]"


def xpath_eval(
    expression: str,
    xml: str,
    context_path: str,
    *,
    namespaces: Mapping[str, str] | None = None,
    root_path: str | None = None,
    language: str | None = None,
    clock: float | None = None,
    tz: str | None = None,
) -> Value:
    """Evaluate as the recording did."""
    top = document(re.sub(r"^\s*(<\?xml[^>]*\?>)?", "", xml).encode())
    host = Recorded(clock or 0, tz or "America/Phoenix", language, top)
    root = at_path(top, root_path) if root_path else None
    return evaluate(
        expression, top, at_path(top, context_path), namespaces or {}, host=host, root=root
    )
