"""One of several: radio buttons for a few, a list with type-ahead for many."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QCompleter,
    QGridLayout,
    QRadioButton,
    QWidget,
)

from desktop.lists.choices import ChoiceModel
from desktop.questions.base import QuestionWidget
from desktop.questions.pictures import thumbnail
from forms.texts import to_plain
from forms.views import Choice, NodeView

_PICTURE_PX = 96


class RadioQuestion(QuestionWidget):
    """A few choices, all in sight. Delete or Backspace takes the choice back."""

    def build(self) -> None:
        """Make the frame; the buttons come with the choices."""
        self._choices: tuple[Choice, ...] | None = None
        self._holder = QWidget(self)
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self.group = QButtonGroup(self)
        self.group.idClicked.connect(self._choose)
        self.buttons: list[QRadioButton] = []
        self.add_field(self._holder)

    def fields(self) -> tuple[QWidget, ...]:
        """The chosen button first, so that Tab and jumps land on it."""
        chosen = [button for button in self.buttons if button.isChecked()]
        return (*chosen, *(button for button in self.buttons if not button.isChecked()))

    def show_answer(self, view: NodeView) -> None:
        """Show which choice is taken."""
        if view.choices != self._choices:
            self._make_buttons(view.choices)
        self.group.setExclusive(False)
        for button, choice in zip(self.buttons, view.choices, strict=True):
            button.setChecked(choice.value == view.answer)
        self.group.setExclusive(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the choice back by keyboard."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            and self.view.answer
            and not self.view.read_only
        ):
            self.answered.emit(self.ref, "")
            return True
        return super().eventFilter(watched, event)

    def _make_buttons(self, choices: tuple[Choice, ...]) -> None:
        focused = any(button.hasFocus() for button in self.buttons)
        for button in self.buttons:
            self.group.removeButton(button)
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        self._choices = choices
        columns = columns_for(self.view.appearance, choices)
        for row, choice in enumerate(choices):
            button = QRadioButton(to_plain(choice.label) or choice.value, self._holder)
            put_picture(button, choice, self)
            button.installEventFilter(self)
            self.group.addButton(button, row)
            self.buttons.append(button)
            self._grid.addWidget(button, row // columns, row % columns)
            button.show()
        self._grid.setColumnStretch(columns, 1)
        if focused and self.buttons:
            self.buttons[0].setFocus()

    def _choose(self, row: int) -> None:
        value = self.view.choices[row].value
        if value != self.view.answer:
            self.answered.emit(self.ref, value)
        if "quick" in self.view.appearance:
            self.left.emit(self.ref)


class ListQuestion(QuestionWidget):
    """Many choices: a line with type-ahead by text, pinyin or initials, and a drop-down."""

    def build(self) -> None:
        """Make the line, its list and its filter."""
        self.model = ChoiceModel(parent=self)
        self.found = ChoiceModel(self.around.pinyin, parent=self)
        self.box = QComboBox(self)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setModel(self.model)
        self.box.setMaxVisibleItems(12)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(24)
        completer = QCompleter(self.found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self.box.setCompleter(completer)
        line = self.box.lineEdit()
        assert line is not None
        self.line = line
        line.setPlaceholderText(self.tr("Type to search, or open the list"))
        line.textEdited.connect(self._search)
        line.editingFinished.connect(self.commit)
        self.box.activated.connect(self._take_row)
        completer.activated.connect(lambda _text: QTimer.singleShot(0, self, self.commit))
        self.box.installEventFilter(self)
        self.add_field(self.box)

    def fields(self) -> tuple[QWidget, ...]:
        """The line with its list."""
        return (self.box,)

    def show_answer(self, view: NodeView) -> None:
        """Show the label of the choice taken."""
        with QSignalBlocker(self.box):
            self.model.set_choices(view.choices)
            self.found.set_choices(view.choices)
            if self.complaint and not view.answer:
                return
            row = self.model.row_of(view.answer)
            self.box.setCurrentIndex(row)
            self.line.setText(self.label_of(row) if row >= 0 else view.answer)

    def label_of(self, row: int) -> str:
        """What the list shows in `row`."""
        return str(self.model.index(row, 0).data())

    def commit(self) -> None:
        """Take the choice that is typed: exactly, or the only one that fits."""
        if not shiboken6.isValid(self.line):  # its window is being taken apart
            return
        typed = self.line.text().strip()
        row = self.model.row_of(self.view.answer)
        if typed == (self.label_of(row) if row >= 0 else self.view.answer) and not self.complaint:
            return
        value = self._find(typed) if typed else ""
        if value is None:
            self.complain(self.tr("This is not in the list. Choose one of the list."))
            value = ""
        else:
            self.complain("")
        if value != self.view.answer:
            self.answered.emit(self.ref, value)
        elif not self.complaint:
            self.show_answer(self.view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A wheel over a list that has no focus scrolls the page, not the answer."""
        if watched is self.box and event.type() == QEvent.Type.Wheel and not self.box.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        self.found.set_wanted(text)

    def _take_row(self, row: int) -> None:
        self.line.setText(self.label_of(row))
        self.commit()

    def _find(self, typed: str) -> str | None:
        for choice in self.view.choices:
            if typed in (to_plain(choice.label), choice.value):
                return choice.value
        self.found.set_wanted(typed)
        fits = self.found.choices
        self.found.set_wanted("")
        return fits[0].value if len(fits) == 1 else None


def columns_for(appearance: tuple[str, ...], choices: tuple[Choice, ...]) -> int:
    """How many choices stand beside each other."""
    for word in appearance:
        if word.startswith("columns-") and word[8:].isdigit():
            return max(1, min(int(word[8:]), 8))
    if {"columns", "columns-pack", "horizontal", "likert", "quickcompact"} & set(appearance):
        return 4
    longest = max((len(choice.label.encode("gb18030")) for choice in choices), default=0)
    return 4 if longest <= 10 and len(choices) <= 4 else 1


def put_picture(button: QAbstractButton, choice: Choice, question: QuestionWidget) -> None:
    """Show the picture of `choice` on its button, if the form has one."""
    name = choice.media.image
    data = question.around.media(name) if name else None
    picture = thumbnail(data, _PICTURE_PX) if data else None
    if picture is not None:
        button.setIcon(picture)
        button.setIconSize(picture.size())
