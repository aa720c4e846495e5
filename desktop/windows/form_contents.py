"""The table of contents at the left of a form: pages, progress, and where problems are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHeaderView,
    QProgressBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop import parts, theme

WIDTH_PX = 240


@dataclass(frozen=True)
class PageState:
    """How far a page is.

    Attributes:
        answered: Questions with an answer, of `all`.
        problems: Questions whose answer cannot stand.
    """

    title: str
    answered: int
    all: int
    problems: int
    shown: bool = True


class Contents(QWidget):
    """Pages with "answered of all" beside them.

    Signals:
        picked: Number of the page, from 0.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH_PX)
        self.summary = parts.label("", "caption")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.tree = QTreeWidget(self)
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setStyleSheet("QTreeView::item { min-height: 36px; padding: 0 6px; }")
        self.tree.currentItemChanged.connect(self._pick)
        self.tree.setAccessibleName(self.tr("Table of contents"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.L, theme.L, 0, theme.L)
        column.setSpacing(theme.S)
        column.addWidget(self.summary)
        column.addWidget(self.bar)
        column.addWidget(self.tree, 1)

    def show_states(self, states: Sequence[PageState], current: int) -> None:
        """Show all pages and which one is open. Emits nothing."""
        with QSignalBlocker(self.tree):
            while self.tree.topLevelItemCount() > len(states):
                self.tree.takeTopLevelItem(self.tree.topLevelItemCount() - 1)
            while self.tree.topLevelItemCount() < len(states):
                self.tree.addTopLevelItem(QTreeWidgetItem())
            for number, state in enumerate(states):
                self._show_state(number, state)
            item = self.tree.topLevelItem(current)
            if item is not None:
                self.tree.setCurrentItem(item)
        answered, every = sum(s.answered for s in states), sum(s.all for s in states)
        words = self.tr("{answered} of {all} questions answered")
        self.summary.setText(words.format(answered=answered, all=every))
        self.bar.setRange(0, max(1, every))
        self.bar.setValue(answered)
        self.bar.setAccessibleName(self.summary.text())

    def _show_state(self, number: int, state: PageState) -> None:
        item = self.tree.topLevelItem(number)
        if item is None:
            return
        item.setText(0, state.title)
        item.setToolTip(0, state.title)
        if state.problems:
            item.setText(1, f"⚠ {state.problems}")
            words = self.tr("{number} to correct").format(number=state.problems)
            item.setForeground(1, QColor(theme.current().colours.danger))
        else:
            item.setText(1, f"{state.answered}/{state.all}" if state.all else "")
            words = self.tr("{answered} of {all} answered").format(
                answered=state.answered, all=state.all
            )
            done = state.answered == state.all
            role = theme.current().colours.success if done else theme.current().colours.muted
            item.setForeground(1, QColor(role))
        item.setToolTip(1, words)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{state.title}, {words}")
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setHidden(not state.shown)

    def _pick(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(self.tree.indexOfTopLevelItem(item))
