"""A small window that finds a rare character and puts it where the cursor was."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from casework import characters
from casework.characters import Found
from casework.office import Office
from desktop import parts, theme
from desktop.gui_thread import GuiThread

KEYS = "Ctrl+Shift+U"
PAUSE_MS = 250
GLYPH_PX = 30


class CharacterFinder(QDialog):
    """By code point, components or strokes, or from the names held here.

    Signals:
        chosen: (character).
    """

    chosen = Signal(str)

    def __init__(
        self, office: Office, gui: GuiThread, workers: Executor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._office, self._gui, self._workers = office, gui, workers
        self.setWindowTitle(self.tr("Find a character"))
        self.resize(560, 460)
        self.typed, self.strokes = QLineEdit(), QSpinBox()
        self.strokes.setRange(0, 64)
        self.strokes.setSpecialValueText(self.tr("any"))
        hint = self.tr(
            "Type its components, such as 原页, or its code point, such as U+2B5B8;"
            " empty shows rare characters of names held here."
        )
        self.typed.setAccessibleName(self.tr("Components or code point"))
        self.strokes.setAccessibleName(self.tr("Strokes"))
        self.list = QListWidget()
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setSpacing(theme.S)
        self.list.setAccessibleName(self.tr("Characters found"))
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.said = parts.label("", "caption", wrap=True)
        line = parts.row(self.typed, parts.label(self.tr("Strokes")), self.strokes)
        line.setStretch(0, 1)
        self.setLayout(
            parts.column(
                parts.label(hint, "muted", wrap=True),
                line,
                self.list,
                self.said,
                space=theme.M,
                margin=theme.L,
            )
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.typed.textChanged.connect(lambda _text: self._pause.start())
        self.strokes.valueChanged.connect(lambda _value: self._pause.start())
        self._look()

    def _look(self) -> None:
        text, strokes = self.typed.text(), self.strokes.value()
        if text.strip() or strokes:
            future = self._workers.submit(characters.find, self._office, text, strokes)
        else:
            future = self._workers.submit(characters.held, self._office)
        self._gui.deliver(
            future,
            to=self,
            done=lambda found: self._show(found) if text == self.typed.text() else None,
            failed=lambda _error: self._show(()),
        )

    def _show(self, found: Sequence[Found]) -> None:
        self.list.clear()
        for each in found:
            item = QListWidgetItem(each.character if each.printable else each.code_point)
            font = item.font()
            font.setPixelSize(GLYPH_PX if each.printable else theme.current().type.body)
            item.setFont(font)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setData(Qt.ItemDataRole.UserRole, each.character)
            strokes = self.tr("{n} strokes").format(n=each.strokes)
            item.setToolTip(f"{each.code_point}  ·  {strokes}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.character} {each.code_point}")
            self.list.addItem(item)
        none = [each for each in found if not each.printable]
        said = self.tr("{n} found.").format(n=len(found))
        if none:
            said += " " + self.tr("{n} of them no font can print here.").format(n=len(none))
        self.said.setText(said)

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
        self.accept()


def offer(window: QWidget, office: Office, gui: GuiThread, workers: Executor) -> None:
    """Let `KEYS` open the finder for whatever is being typed in `window`."""

    def find() -> None:
        target = QApplication.focusWidget()
        if not isinstance(target, QLineEdit | QPlainTextEdit) or target.isReadOnly():
            return
        finder = CharacterFinder(office, gui, workers, window)
        finder.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        finder.chosen.connect(lambda character: _insert(target, character))
        finder.open()
        finder.typed.setFocus()

    QShortcut(QKeySequence(KEYS), window, find)


def _insert(target: QLineEdit | QPlainTextEdit, character: str) -> None:
    if isinstance(target, QLineEdit):
        target.insert(character)
    else:
        target.insertPlainText(character)
    target.setFocus()
