"""What stands where on a form: its nodes as a tree, and the pages they are shown on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from forms.languages import right_to_left
from forms.texts import to_plain
from forms.views import Changes, NodeView, Problem

PAGE_LENGTH = 40  # questions on a page at most, so that a page is laid out within a frame or two
QUESTION_KINDS = frozenset(
    ("input", "select-one", "select-multiple", "rank", "range", "trigger", "upload", "note")
)


class FormSession(Protocol):
    """What the window asks of `forms.Session`."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of the form's languages."""

    @property
    def language(self) -> str | None:
        """The language of the texts."""

    def nodes(self) -> tuple[str, ...]:
        """All refs in document order."""

    def view(self, ref: str) -> NodeView:
        """One node as it stands."""

    def answer(self, ref: str, value: object) -> Changes:
        """Put an answer."""

    def add_repeat(self, ref: str, at: int | None = None) -> Changes:
        """Add an instance to a range."""

    def remove_repeat(self, ref: str) -> Changes:
        """Remove an instance."""

    def look(self, refs: Iterable[str]) -> None:
        """Say which questions are shown, for the audit log of forms that want one."""

    def set_language(self, name: str) -> Changes:
        """Show the texts in another language."""

    def check(self) -> tuple[Problem, ...]:
        """Everything that stands in the way of finalising."""


@dataclass(frozen=True)
class Page:
    """One page of the window.

    Attributes:
        title: Shown in the table of contents; "" for loose questions of a form.
        heads: Refs laid out on the page, in order; groups and ranges with all inside.
        part: Number among the pages of one group, from 1; 0 when it has one page.
    """

    title: str
    heads: tuple[str, ...]
    part: int = 0


class Outline:
    """The tree of a session's nodes with their views, kept fresh by `refresh`."""

    def __init__(self, session: FormSession) -> None:
        self._session = session
        self._views: dict[str, NodeView] = {}
        self.children: dict[str, list[str]] = {}
        self.parents: dict[str, str] = {}
        self.refs: tuple[str, ...] = ()
        self.rebuild()

    def rebuild(self) -> None:
        """Read all nodes anew: repeats came or went, or the language changed."""
        self.refs = self._session.nodes()
        self._views = {ref: self._session.view(ref) for ref in self.refs}
        self.children = {ref: [] for ref in self.refs}
        self.parents = {}
        for ref in self.refs:
            parent = self._views[ref].parent
            self.parents[ref] = parent
            if parent in self.children:
                self.children[parent].append(ref)

    def refresh(self, ref: str) -> NodeView | None:
        """The view of `ref` read anew; None when the node is gone or looks the same."""
        if ref not in self._views:
            return None
        new = self._session.view(ref)
        if new == self._views[ref]:
            return None
        self._views[ref] = new
        return new

    def view(self, ref: str) -> NodeView:
        """The view of `ref` as last read."""
        return self._views[ref]

    def __contains__(self, ref: str) -> bool:
        return ref in self._views

    @property
    def right_to_left(self) -> bool:
        """Whether the language shown is written from right to left."""
        return right_to_left(self._session.language)

    @property
    def root(self) -> str:
        """The ref of the root; "" for a form without nodes."""
        return next((ref for ref in self.refs if self._views[ref].kind == "root"), "")

    def shown(self, ref: str) -> bool:
        """Whether `ref` and all around it are relevant."""
        while ref in self._views:
            if not self._views[ref].relevant:
                return False
            ref = self.parents[ref]
        return True

    def questions(self, head: str) -> list[str]:
        """Refs of the questions in and under `head`, in order."""
        return self._inside(head, QUESTION_KINDS)

    def _inside(self, head: str, kinds: frozenset[str]) -> list[str]:
        found: list[str] = []
        stack = [head]
        while stack:
            ref = stack.pop()
            if self._views[ref].kind in kinds:
                found.append(ref)
            stack.extend(reversed(self.children[ref]))
        return found

    def top(self) -> list[str]:
        """What stands directly under the root, or the root's own top where it has none."""
        root = self.root
        return self.children[root] if root else [r for r in self.refs if not self.parents[r]]

    def pages(self) -> tuple[Page, ...]:
        """The pages of the form, by its top-level groups; long ones in parts."""
        pages: list[Page] = []
        loose: list[str] = []
        for ref in self.top():
            view = self._views[ref]
            if view.kind in QUESTION_KINDS:
                loose.append(ref)
            elif view.kind in ("group", "repeat-range"):
                pages += _cut("", loose)
                loose = []
                pages += self._group_pages(view)
        return tuple(pages + _cut("", loose))

    def page_of(self, pages: tuple[Page, ...], ref: str) -> int | None:
        """Number of the page that has `ref`, whatever groups are around it; None for none."""
        around = {ref}
        while ref := self.parents.get(ref, ""):
            around.add(ref)
        return next((n for n, page in enumerate(pages) if around.intersection(page.heads)), None)

    def nearest(self, pages: tuple[Page, ...], number: int, step: int) -> int:
        """The page at `number`, else the next in the direction `step` of which something applies.

        Behind the last one it is the nearest in the other direction; `number` where none is.
        """
        shown = [at for at, page in enumerate(pages) if self.applies(page)]
        ahead = [at for at in shown if (at - number) * step >= 0]
        behind = [at for at in shown if (at - number) * step < 0]
        found = sorted(ahead, key=lambda at: abs(at - number)) or sorted(
            behind, key=lambda at: abs(at - number)
        )
        return found[0] if found else number

    def applies(self, page: Page) -> bool:
        """Whether a question of `page` is relevant, or a list of it."""
        kinds = QUESTION_KINDS | {"repeat-range"}
        return any(self.shown(ref) for head in page.heads for ref in self._inside(head, kinds))

    def _group_pages(self, view: NodeView) -> list[Page]:
        title = to_plain(view.label)
        questions = self.questions(view.ref)
        inner = [
            ref
            for ref in self.children[view.ref]
            if self._views[ref].kind in (*QUESTION_KINDS, "group", "repeat-range")
        ]
        if not inner and view.kind == "group":
            return []
        if view.kind == "repeat-range" or len(questions) <= PAGE_LENGTH:
            return [Page(title, (view.ref,))]
        return _cut(title, inner)


def _cut(title: str, heads: list[str]) -> list[Page]:
    if not heads:
        return []
    parts = [heads[at : at + PAGE_LENGTH] for at in range(0, len(heads), PAGE_LENGTH)]
    if len(parts) == 1:
        return [Page(title, tuple(parts[0]))]
    return [Page(title, tuple(part), number) for number, part in enumerate(parts, 1)]
