"""A code from a scanner that types like a keyboard: a fast burst ended by Enter."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from desktop.questions.text import LineQuestion

_BURST_GAP_MS = 50  # people type slower than this, scanners faster
_SHORTEST_CODE = 4


class BarcodeQuestion(LineQuestion):
    """A line that a scan replaces as a whole, so that scanning twice never joins two codes.

    Signals:
        scanned: Ref, after a burst was read.
    """

    scanned = Signal(str)

    def build(self) -> None:
        """Make the line."""
        super().build()
        self.edit.setPlaceholderText(self.tr("Scan, or type the code"))
        self._clock = QElapsedTimer()
        self._burst = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell a scanner's burst from typing."""
        if (
            watched is self.edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            self._hear(event)
        return super().eventFilter(watched, event)

    def _hear(self, event: QKeyEvent) -> None:
        fast = self._clock.isValid() and self._clock.elapsed() <= _BURST_GAP_MS
        self._clock.start()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if fast and len(self._burst) >= _SHORTEST_CODE:
                self.edit.setText(self._burst)
                self.scanned.emit(self.ref)
            self._burst = ""
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._burst = ""  # a shortcut is no part of a code
        elif event.text().isprintable() and event.text():
            self._burst = self._burst + event.text() if fast else event.text()
