"""Keys, clicks and composed text given to the windows, as a person at the computer gives them.

Nothing is set behind a window: a question that cannot be reached or answered by hand is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QWidget,
)

from desktop.questions.base import QuestionWidget
from desktop.questions.dates import DateTimeQuestion
from desktop.questions.geo import GeopointQuestion
from desktop.questions.notice import TriggerQuestion
from desktop.questions.select_multiple import CheckListQuestion, CheckQuestion
from desktop.questions.select_one import ListQuestion, RadioQuestion
from desktop.questions.signature import SignatureQuestion
from desktop.questions.sliding import RangeQuestion
from desktop.questions.text import LineQuestion, MultilineQuestion
from desktop.questions.upload import UploadQuestion
from desktop.windows.form import FormWindow
from forms.views import NodeView

Until = Callable[[Callable[[], object], str], object]
_LEFT = Qt.MouseButton.LeftButton


class OutOfReachError(Exception):
    """No key and no click leads to `ref`, or its question takes no such answer."""


def write(widget: QWidget, text: str) -> None:
    """Type `text`: keys for ASCII, composed text for the rest, as an input method gives it."""
    for run in re.findall(r"[ -~]+|[^ -~]+", text):
        if run.isascii():
            QTest.keyClicks(widget, run)
        else:
            composed = QInputMethodEvent()
            composed.setCommitString(run)
            QCoreApplication.sendEvent(widget, composed)


def write_anew(widget: QWidget, text: str) -> None:
    """Click into a line, mark what stands there and type over it."""
    area = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    QTest.mouseClick(area, _LEFT)
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    write(widget, text)


def press(button: QAbstractButton) -> None:
    """Click a button where its mark is."""
    middle = button.rect().center()
    mark = QPoint(min(10, middle.x()), middle.y())
    QTest.mouseClick(button, _LEFT, Qt.KeyboardModifier.NoModifier, mark)


def save_as(path: Path, until: Until) -> None:
    """Answer the file dialog that is open: type the path and press Save."""
    _answer_dialog(path, QDialogButtonBox.StandardButton.Save, until)


def choose_folder(path: Path, until: Until) -> None:
    """Answer the folder dialog that is open: type the path and press its button."""
    _answer_dialog(path, QDialogButtonBox.StandardButton.Open, until)


def _answer_dialog(path: Path, which: QDialogButtonBox.StandardButton, until: Until) -> None:
    until(_file_dialogs, "the file dialog")
    [dialog] = _file_dialogs()
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    box = dialog.findChild(QDialogButtonBox)
    save = box.button(which) if box else None
    if line is None or save is None:
        raise OutOfReachError("QFileDialog")

    def closed() -> bool:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            QTest.keyClick(popup, Qt.Key.Key_Escape)
        elif _file_dialogs() and (line.text() != str(path) or not save.isEnabled()):
            write_anew(line, str(path))  # again where the folder, read late, emptied the line
        elif _file_dialogs():
            press(save)
        return not _file_dialogs()

    until(closed, "the file dialog to close")


def _file_dialogs() -> list[QFileDialog]:
    every = QApplication.topLevelWidgets()
    return [w for w in every if isinstance(w, QFileDialog) and w.isVisible()]


class Hands:
    """Fills in one form window; `picture` is pasted wherever a file is asked for."""

    def __init__(self, form: FormWindow, until: Until, picture: QImage) -> None:
        self._form, self._until, self._picture = form, until, picture

    def give(self, ref: str, answer: str) -> None:
        """Go to the question of `ref` by keys and clicks and answer it.

        Args:
            ref: A node; `/data/member[2]/name` adds the members that are not there yet.
            answer: As the instance holds it; several choices separated by spaces.

        Raises:
            OutOfReachError: No page shows the question, or nothing takes this answer.
        """
        if member := re.match(r"(.*)\[(\d+)\]", ref):
            self._add_members(member[1], int(member[2]))
        self._form.activateWindow()
        self._turn_to(lambda: ref in self._form.page.questions, ref)
        question = self._form.page.questions[ref]
        if not question.isVisibleTo(self._form):
            raise OutOfReachError(ref)
        self._form.scroller.ensureWidgetVisible(question)
        QCoreApplication.processEvents()
        self._answer(question, question.view, answer)
        self._until(lambda: self._stands(ref), f"the answer to {ref}")

    def _stands(self, ref: str) -> bool:
        question = self._form.page.questions.get(ref)
        return question is not None and bool(question.view.answer)

    def _turn_to(self, there: Callable[[], bool], ref: str) -> None:
        form = self._form
        while not there() and form.next_button.isEnabled():
            press(form.next_button)
        while not there() and form.previous_button.isEnabled():
            press(form.previous_button)
        if not there():
            raise OutOfReachError(ref)

    def _add_members(self, ref: str, number: int) -> None:
        self._turn_to(lambda: ref in self._form.page.panels, ref)
        panel = self._form.page.panels[ref]
        while len(panel.instances) < number:
            before = len(panel.instances)
            self._form.scroller.ensureWidgetVisible(panel.add)
            QTest.mouseClick(panel.add, _LEFT)
            if len(panel.instances) == before:
                raise OutOfReachError(ref)
        QCoreApplication.processEvents()

    def _answer(self, question: QuestionWidget, view: NodeView, answer: str) -> None:
        if isinstance(question, ListQuestion):
            _choose_in_list(question, _label(view, answer))
        elif isinstance(question, RadioQuestion):
            press(question.buttons[_place(view, answer)])
        elif isinstance(question, CheckQuestion):
            for value in answer.split():
                press(question.boxes[_place(question.view, value)])
        elif isinstance(question, TriggerQuestion):
            press(question.box)
        elif isinstance(question, SignatureQuestion):
            _sign(question)
        elif isinstance(question, UploadQuestion):
            QGuiApplication.clipboard().setImage(self._picture)
            press(question.paste)
        elif isinstance(question, LineQuestion):
            write_anew(question.edit, answer)
            QTest.keyClick(question.edit, Qt.Key.Key_Return)
        elif isinstance(question, MultilineQuestion):
            write_anew(question.edit, answer)
            QTest.keyClick(question.edit, Qt.Key.Key_Tab)
        else:
            self._answer_rarer(question, view, answer)

    def _answer_rarer(self, question: QuestionWidget, view: NodeView, answer: str) -> None:
        if isinstance(question, CheckListQuestion):
            for value in answer.split():
                write_anew(question.search, _label(view, value))
                QTest.keyClick(question.list, Qt.Key.Key_Home)
                QTest.keyClick(question.list, Qt.Key.Key_Space)
        elif isinstance(question, RangeQuestion):
            write_anew(question.line, answer)
            QTest.keyClick(question.line, Qt.Key.Key_Return)
        elif isinstance(question, GeopointQuestion | DateTimeQuestion):
            for part, number in zip(question.fields(), answer.split(), strict=False):
                write_anew(part, number)
                QTest.keyClick(part, Qt.Key.Key_Return)
        else:
            raise OutOfReachError(view.ref)


def _choose_in_list(question: ListQuestion, label: str) -> None:
    write_anew(question.line, label)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        QTest.keyClick(popup, Qt.Key.Key_Escape)
    QTest.keyClick(question.line, Qt.Key.Key_Return)


def _sign(question: SignatureQuestion) -> None:
    pad = question.pad
    QTest.mousePress(pad, _LEFT, Qt.KeyboardModifier.NoModifier, QPoint(60, 100))
    for x in range(80, 400, 20):
        QTest.mouseMove(pad, QPoint(x, 70 + x % 60))
    QTest.mouseRelease(pad, _LEFT, Qt.KeyboardModifier.NoModifier, QPoint(400, 110))
    press(question.done)


def _place(view: NodeView, value: str) -> int:
    for at, choice in enumerate(view.choices):
        if choice.value == value:
            return at
    raise OutOfReachError(view.ref)


def _label(view: NodeView, value: str) -> str:
    return view.choices[_place(view, value)].label
