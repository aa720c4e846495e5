"""One page of a form: its questions in groups, on one grid."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop import parts, theme
from desktop.questions.base import QuestionWidget, Surroundings
from desktop.questions.table import make_widget
from desktop.windows.form_outline import QUESTION_KINDS, Outline, Page
from desktop.windows.form_repeat import RepeatPanel
from forms.texts import to_plain
from forms.views import NodeView


class PageView(QWidget):
    """The questions of a page. Hidden ones are there but not shown.

    Signals:
        answered, offered, left, typing, complained: As `QuestionWidget`.
        add_asked: Ref of a range that shall get one more instance.
        remove_asked: Ref of the instance that shall go.
    """

    answered = Signal(str, object)
    offered = Signal(str, str, str, bytes)
    left = Signal(str)
    typing = Signal(str)
    complained = Signal(str, str)
    add_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(
        self, outline: Outline, page: Page, around: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("ground", "none")
        if outline.right_to_left:
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.outline = outline
        self.page = page
        self.around = around
        self.questions: dict[str, QuestionWidget] = {}
        self.groups: dict[str, parts.Card] = {}
        self.panels: dict[str, RepeatPanel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.XL, theme.L, theme.XL, theme.XL)
        column.setSpacing(theme.L)
        self._lay_heads(column)
        self.nothing = parts.label(self.tr("No question of this page applies now."), "muted")
        self.nothing.setVisible(not outline.applies(page))
        column.addWidget(self.nothing)
        column.addStretch(1)

    def lay_out(self, refs: list[str], into: QBoxLayout) -> None:
        """Add the nodes `refs`, with all inside, to a column."""
        for ref in refs:
            view = self.outline.view(ref)
            if view.kind in QUESTION_KINDS:
                into.addWidget(self._question(view))
            elif view.kind == "group":
                self._group(view, into)
            elif view.kind == "repeat-range":
                self._panel(view, into)

    def forget(self, prefix: str) -> None:
        """Let go of what stands under `prefix`; its widgets are about to be deleted."""
        for held in (self.questions, self.groups, self.panels):
            for ref in [ref for ref in held if ref.startswith(prefix)]:
                del held[ref]

    def repaint_node(self, view: NodeView) -> None:
        """Show the fresh view of one node, if it stands on this page."""
        ref = view.ref
        if ref in self.questions:
            self.questions[ref].show_view(view)
            self.questions[ref].setVisible(view.relevant)
        elif ref in self.groups:
            self.groups[ref].setVisible(view.relevant)
            if view.kind == "group":
                self.groups[ref].set_title(to_plain(view.label))
        elif ref in self.panels:
            self.panels[ref].setVisible(view.relevant)
            self.panels[ref].show_range()
        for panel in self.panels.values():
            panel.repaint_cell(ref)
        if not view.relevant or not self.nothing.isHidden():
            self.nothing.setVisible(not self.outline.applies(self.page))

    def restructure(self) -> None:
        """Rebuild the ranges whose instances are not those shown."""
        for ref in list(self.panels):
            if ref in self.panels and ref in self.outline:
                self.panels[ref].sync()

    def order(self) -> list[str]:
        """Refs of the questions that can be answered now, in order."""
        refs = [ref for head in self.page.heads for ref in self.outline.questions(head)]
        return [ref for ref in refs if ref in self.questions and self._answerable(ref)]

    def panel_of(self, ref: str) -> RepeatPanel | None:
        """The innermost range on this page that holds `ref`."""
        holding = [panel for at, panel in self.panels.items() if ref.startswith(at)]
        return max(holding, key=lambda panel: len(panel.ref), default=None)

    def _answerable(self, ref: str) -> bool:
        view = self.outline.view(ref)
        return view.kind != "note" and not view.read_only and self.outline.shown(ref)

    def _lay_heads(self, column: QVBoxLayout) -> None:
        card: parts.Card | None = None
        for ref in self.page.heads:
            view = self.outline.view(ref)
            if view.kind in QUESTION_KINDS:
                if card is None:
                    card = _card("")
                    column.addWidget(card)
                self.lay_out([ref], card.body)
                continue
            card = None
            self.lay_out([ref], column)

    def _question(self, view: NodeView) -> QuestionWidget:
        question = make_widget(view, self.around)
        question.answered.connect(self.answered)
        question.offered.connect(self.offered)
        question.left.connect(self.left)
        question.typing.connect(self.typing)
        question.complained.connect(self.complained)
        self.questions[view.ref] = question
        if not view.relevant:
            question.hide()
        return question

    def _group(self, view: NodeView, into: QBoxLayout) -> None:
        card = _card(to_plain(view.label))
        if view.parent != self.outline.root:
            card.setProperty("part", "inner")
            card.body.setContentsMargins(0, theme.S, 0, 0)
            card.heading.setProperty("role", "strong")
        self.groups[view.ref] = card
        self.lay_out(self.outline.children[view.ref], card.body)
        card.setVisible(view.relevant)
        into.addWidget(card)

    def _panel(self, view: NodeView, into: QBoxLayout) -> None:
        panel = RepeatPanel(self, view.ref)
        panel.answered.connect(self.answered)
        panel.add_asked.connect(self.add_asked)
        panel.remove_asked.connect(self.remove_asked)
        self.panels[view.ref] = panel
        panel.sync()
        panel.setVisible(view.relevant)
        into.addWidget(panel)


def _card(title: str) -> parts.Card:
    card = parts.Card(title)
    card.body.setSpacing(theme.M)
    card.body.setContentsMargins(theme.XL, theme.L, theme.XL, theme.XL)
    return card
