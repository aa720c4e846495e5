"""Several of several: check boxes for a few, a filtered list for many; and putting in order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from desktop.lists.choices import VALUE_ROLE, ChoiceModel
from desktop.questions.base import FIELD_WIDTH_PX, QuestionWidget, show_row
from desktop.questions.select_one import columns_for, put_picture
from forms.texts import to_plain
from forms.views import Choice, NodeView

_LIST_HEIGHT_PX = 208


def toggled(view: NodeView, value: str) -> list[str]:
    """The answer of `view` with `value` turned over, in the order of the choices."""
    chosen = set(view.answer.split()) ^ {value}
    known = [choice.value for choice in view.choices if choice.value in chosen]
    return known + [other for other in view.answer.split() if other in chosen - set(known)]


class CheckQuestion(QuestionWidget):
    """A few choices, all in sight."""

    def build(self) -> None:
        """Make the frame; the boxes come with the choices."""
        self._choices: tuple[Choice, ...] | None = None
        self._holder = QWidget(self)
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self.boxes: list[QCheckBox] = []
        self.add_field(self._holder)

    def fields(self) -> tuple[QWidget, ...]:
        """The boxes."""
        return tuple(self.boxes)

    def show_answer(self, view: NodeView) -> None:
        """Show which boxes are ticked."""
        if view.choices != self._choices:
            self._make_boxes(view.choices)
        chosen = set(view.answer.split())
        for box, choice in zip(self.boxes, view.choices, strict=True):
            with QSignalBlocker(box):
                box.setChecked(choice.value in chosen)

    def _make_boxes(self, choices: tuple[Choice, ...]) -> None:
        for box in self.boxes:
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = []
        self._choices = choices
        columns = columns_for(self.view.appearance, choices)
        for row, choice in enumerate(choices):
            box = QCheckBox(to_plain(choice.label) or choice.value, self._holder)
            put_picture(box, choice, self)
            box.clicked.connect(lambda _on, value=choice.value: self._turn(value))
            self.boxes.append(box)
            self._grid.addWidget(box, row // columns, row % columns)
            box.show()
        self._grid.setColumnStretch(columns, 1)

    def _turn(self, value: str) -> None:
        self.answered.emit(self.ref, toggled(self.view, value))


class CheckListQuestion(QuestionWidget):
    """Many choices: a filter line over a list of check marks. Space turns one over."""

    def build(self) -> None:
        """Make the filter and the list."""
        self.model = ChoiceModel(self.around.pinyin, on_check=self._turn, parent=self)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Type to search the list"))
        self.search.textChanged.connect(self.model.set_wanted)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(_LIST_HEIGHT_PX)
        self.list.activated.connect(self._turn_index)
        self.add_field(self.search)
        self.add_field(self.list)

    def fields(self) -> tuple[QWidget, ...]:
        """Filter and list."""
        return (self.search, self.list)

    def show_answer(self, view: NodeView) -> None:
        """Show which rows are ticked."""
        self.model.set_choices(view.choices)
        self.model.set_checked(view.answer.split(), enabled=not view.read_only)

    def _turn(self, value: str) -> None:
        self.answered.emit(self.ref, toggled(self.view, value))

    def _turn_index(self, index: QModelIndex) -> None:
        if not self.view.read_only:
            self._turn(str(index.data(VALUE_ROLE)))


class RankQuestion(QuestionWidget):
    """Choices to be put in order: Alt+Up and Alt+Down move the row in hand."""

    def build(self) -> None:
        """Make the list and its two buttons."""
        self.list = QListWidget(self)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setMaximumWidth(FIELD_WIDTH_PX)
        self.up = QPushButton(self.tr("Move up"), self)
        self.down = QPushButton(self.tr("Move down"), self)
        self.take = QPushButton(self.tr("Use this order"), self)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.take.clicked.connect(lambda: self._report(self._order()))
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda step=step: self._move(step))
        self.add_field(self.list)
        self.add_field(show_row(self.up, self.down, self.take), stretch=False)

    def fields(self) -> tuple[QWidget, ...]:
        """List and buttons."""
        return (self.list, self.up, self.down, self.take)

    def show_answer(self, view: NodeView) -> None:
        """Show the order; unranked choices follow in the form's order."""
        ranked = [value for value in view.answer.split() if value]
        by_value = {choice.value: choice for choice in view.choices}
        order = [value for value in ranked if value in by_value]
        order += [value for value in by_value if value not in order]
        if order == self._order() and self.list.count():
            labels_same = all(
                self.list.item(row).text() == _numbered(row, by_value[value])
                for row, value in enumerate(order)
            )
            if labels_same:
                self.take.setVisible(not view.answer)
                return
        current = self.list.currentItem()
        in_hand = current.data(VALUE_ROLE) if current else None
        self.list.clear()
        for row, value in enumerate(order):
            item = QListWidgetItem(_numbered(row, by_value[value]))
            item.setData(VALUE_ROLE, value)
            self.list.addItem(item)
            if value == in_hand:
                self.list.setCurrentRow(row)
        self.list.setFixedHeight(max(1, len(order)) * max(self.list.sizeHintForRow(0), 28) + 8)
        self.take.setVisible(not view.answer)

    def _order(self) -> list[str]:
        return [str(self.list.item(row).data(VALUE_ROLE)) for row in range(self.list.count())]

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        order = self._order()
        if self.view.read_only or not (0 <= row < len(order) and 0 <= row + step < len(order)):
            return
        order[row], order[row + step] = order[row + step], order[row]
        self._report(order)

    def _report(self, order: list[str]) -> None:
        if not self.view.read_only and order != self.view.answer.split():
            self.answered.emit(self.ref, order)


def _numbered(row: int, choice: Choice) -> str:
    return f"{row + 1}.  {to_plain(choice.label) or choice.value}"
