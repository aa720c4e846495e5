"""A line to search in, with its sign, cleared by Escape."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop import theme


class SearchLine(QLineEdit):
    """As you type; Down goes to what was found, Escape clears."""

    down_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sign = QAction(self)
        self._sign.setIcon(theme.icon("search", "muted"))
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Down and Escape have meanings of their own here."""
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tint the sign anew when the theme changes."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self._sign.setIcon(theme.icon("search", "muted"))
        super().changeEvent(event)
