"""Questions that are read rather than filled: notes, acknowledgements, what is not supported."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from desktop.questions.base import QuestionWidget
from forms.views import NodeView


class NoteQuestion(QuestionWidget):
    """A text to read; shows a value where the note has one."""

    wide = True

    def build(self) -> None:
        """Make the line."""
        self._value = QLabel(self)
        self._value.setWordWrap(True)
        self._value.setTextFormat(Qt.TextFormat.PlainText)  # an answer is no markup
        self._value.setProperty("role", "strong")
        self.add_field(self._value)

    def show_answer(self, view: NodeView) -> None:
        """Show the value, where there is one."""
        self._value.setText(view.answer)
        self._value.setVisible(bool(view.answer))


class TriggerQuestion(QuestionWidget):
    """A tick that something was read or done; the instance holds "OK"."""

    def build(self) -> None:
        """Make the tick box."""
        self.box = QCheckBox(self.tr("Confirmed"), self)
        self.box.clicked.connect(self._tick)
        self.add_field(self.box, stretch=False)

    def fields(self) -> tuple[QWidget, ...]:
        """The tick box."""
        return (self.box,)

    def show_answer(self, view: NodeView) -> None:
        """Show whether it is ticked."""
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(view.answer))

    def _tick(self, on: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self.answered.emit(self.ref, "OK" if on else "")


class UnsupportedQuestion(QuestionWidget):
    """Says plainly which kind of question this program cannot show yet; keeps its answer."""

    def build(self) -> None:
        """Make the notice."""
        self._notice = QLabel(self)
        self._notice.setWordWrap(True)
        self._notice.setProperty("role", "muted")
        self.add_field(self._notice)

    def show_answer(self, view: NodeView) -> None:
        """Name the feature."""
        feature = " ".join((view.kind, view.data_type, *view.appearance))
        words = self.tr(
            "This kind of question is not supported yet: {feature}. "
            "An answer that is already there is kept."
        )
        self._notice.setText(words.format(feature=feature))
