"""The answers in large type, turned to the citizen, who checks them before acceptance."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop import parts, theme
from desktop.windows.form_outline import QUESTION_KINDS, Outline
from desktop.windows.form_table import answer_text
from forms.texts import to_plain

_ANSWER_PX = 24
_QUESTION_PX = 18
_MASKED_GRADES = frozenset(("sensitive", "core"))
_POSITION = re.compile(r"\[\d+\]")


def mask(text: str) -> str:
    """`text` with its middle hidden: first and last fifth stay, at least one sign."""
    if len(text) <= 2:
        return "＊" * len(text)
    keep = max(1, len(text) // 5)
    return text[:keep] + "＊" * (len(text) - 2 * keep) + text[-keep:]


class ReadBackWindow(QWidget):
    """A window of its own, to be moved to the citizen's screen. Escape closes it."""

    def __init__(
        self,
        outline: Outline,
        grades: Mapping[str, str],
        *,
        title: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "page")
        self.setWindowTitle(self.tr("Please check your answers"))
        self.resize(1024, 720)
        self._outline = outline
        self._grades = grades
        self._answers: list[tuple[QLabel, str]] = []
        heading = parts.label(self.tr("Please check your answers"), "display", wrap=True)
        service = parts.label(title, "headline", wrap=True)
        service.setVisible(bool(title))
        self.masked = QCheckBox(self.tr("Hide personal &numbers"))
        self.masked.setChecked(True)
        self.masked.toggled.connect(self._show_answers)
        close = parts.button(self.tr("&Close"), "secondary", clicked=self.close)
        close.setShortcut("Esc")
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        inside = QWidget()
        inside.setProperty("ground", "none")
        self._column = QVBoxLayout(inside)
        self._column.setSpacing(theme.L)
        scroll.setWidget(inside)
        column = parts.column(
            heading, service, parts.row(self.masked, -1, close), scroll, margin=theme.XL
        )
        column.setStretch(3, 1)
        self.setLayout(column)
        self._lay_out()
        self._show_answers()

    def _lay_out(self) -> None:
        grid: QGridLayout | None = None
        for ref in self._outline.refs:
            view = self._outline.view(ref)
            if not self._outline.shown(ref):
                continue
            if view.kind in ("group", "repeat-instance") and view.label:
                self._column.addSpacing(theme.S)
                self._column.addWidget(parts.label(to_plain(view.label), "headline", wrap=True))
                grid = None
            elif view.kind in QUESTION_KINDS and view.kind != "note" and view.answer:
                if grid is None:
                    grid = self._grid()
                self._add(grid, ref)
        self._column.addStretch(1)

    def _grid(self) -> QGridLayout:
        card = parts.Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.XL)
        grid.setVerticalSpacing(theme.L)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        card.body.addLayout(grid)
        self._column.addWidget(card)
        return grid

    def _add(self, grid: QGridLayout, ref: str) -> None:
        question = parts.label(to_plain(self._outline.view(ref).label), "muted", wrap=True)
        answer = parts.label("", wrap=True)
        for label, size in ((question, _QUESTION_PX), (answer, _ANSWER_PX)):
            label.setStyleSheet(f"font-size: {size}px;")
        weight = answer.font()
        weight.setWeight(QFont.Weight.DemiBold)
        answer.setFont(weight)
        row = grid.rowCount()
        grid.addWidget(question, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(answer, row, 1, Qt.AlignmentFlag.AlignTop)
        self._answers.append((answer, ref))

    def _show_answers(self) -> None:
        for label, ref in self._answers:
            text = answer_text(self._outline.view(ref))
            grade = self._grades.get(_POSITION.sub("", ref), "")
            hidden = grade in _MASKED_GRADES and self.masked.isChecked()
            label.setText(mask(text) if hidden else text)
