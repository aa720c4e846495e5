"""Typed answers: one line, several lines, masked, whole and decimal numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from desktop.questions.base import QuestionWidget
from forms.views import NodeView

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋：／", "0123456789.-+:/")


class UnreadableError(ValueError):
    """What is typed is no value of this kind; its text says why, in words."""


class LineQuestion(QuestionWidget):
    """One typed line; subclasses say how it is read."""

    width_px = 0  # 0: as wide as the column

    def build(self) -> None:
        """Make the line."""
        self._shown = ""
        self.edit = QLineEdit(self)
        if self.width_px:
            self.edit.setFixedWidth(self.width_px)
        self.edit.editingFinished.connect(self.commit)
        self.edit.textEdited.connect(lambda _text: self.typing.emit(self.ref))
        self.add_field(self.edit, stretch=not self.width_px)

    def read(self, typed: str) -> str:
        """`typed` as the engine takes it.

        Raises:
            UnreadableError: It is no such value.
        """
        return typed

    def written(self, answer: str) -> str:
        """The engine's `answer` as a person writes it."""
        return answer

    def fields(self) -> tuple[QWidget, ...]:
        """The line."""
        return (self.edit,)

    def show_answer(self, view: NodeView) -> None:
        """Show the answer, unless a line that cannot be read still stands there."""
        if self.complaint and view.answer in (self._shown, ""):
            self._shown = view.answer
            return
        self._shown = view.answer
        if not (self.edit.hasFocus() and self._reads_as(view.answer)):
            self._write(view.answer)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's own manner
        """Let the text still be selected and copied."""
        self.edit.setReadOnly(read_only)
        policy = Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus
        self.edit.setFocusPolicy(policy)

    def commit(self) -> None:
        """Report what is typed, once."""
        typed = self.edit.text().strip()
        if self.edit.isReadOnly() or (not self.complaint and typed == self.written(self._shown)):
            return
        try:
            answer = self.read(typed) if typed else ""
        except UnreadableError as unreadable:
            self._take_back(str(unreadable))
            return
        self.complain("")
        self._write(answer)
        self._report(answer)

    def commit_typing(self) -> None:
        """Report what can be read already; the line stays as it is typed."""
        typed = self.edit.text().strip()
        if self.edit.isReadOnly() or self.complaint:
            return
        try:
            answer = self.read(typed) if typed else ""
        except UnreadableError:
            return
        self._report(answer)

    def _report(self, answer: str) -> None:
        if answer != self._shown:
            self._shown = answer
            self.answered.emit(self.ref, answer)

    def _write(self, answer: str) -> None:
        text = self.written(answer)
        if self.edit.text() != text:
            self.edit.setText(text)

    def _reads_as(self, answer: str) -> bool:
        typed = self.edit.text().strip()
        try:
            return (self.read(typed) if typed else "") == answer
        except UnreadableError:
            return False

    def _take_back(self, words: str) -> None:
        # The old answer must not stand behind a line that shows something else.
        self.complain(words)
        if self._shown:
            self._shown = ""
            self.answered.emit(self.ref, "")


class TextQuestion(LineQuestion):
    """Free text on one line; a mask where the appearance asks for one."""

    def build(self) -> None:
        """Make the line, masked if asked."""
        super().build()
        self.edit.setToolTip(self.tr("Rare character: Ctrl+Shift+U"))
        appearance = self.view.appearance
        if "masked" in appearance:
            self.edit.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        if "numbers" in appearance:
            self.edit.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def problem_text(self) -> str:
        """What is wrong, or else what no printer could print."""
        return super().problem_text() or self.unprintable_text()


class MultilineQuestion(QuestionWidget):
    """Free text on several lines. Tab leaves the box; Ctrl+Enter ends the page."""

    def build(self) -> None:
        """Make the box."""
        self._shown = ""
        self.edit = QPlainTextEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(96)
        self.edit.textChanged.connect(lambda: self.typing.emit(self.ref))
        self.add_field(self.edit)

    def problem_text(self) -> str:
        """What is wrong, or else what no printer could print."""
        return super().problem_text() or self.unprintable_text()

    def fields(self) -> tuple[QWidget, ...]:
        """The box."""
        return (self.edit,)

    def show_answer(self, view: NodeView) -> None:
        """Show the answer."""
        self._shown = view.answer
        if self.edit.toPlainText().strip() != view.answer.strip():
            self.edit.setPlainText(view.answer)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's own manner
        """Let the text still be selected and copied."""
        self.edit.setReadOnly(read_only)

    def commit(self) -> None:
        """Report what is typed, once."""
        typed = self.edit.toPlainText().strip()
        if typed != self._shown and not self.edit.isReadOnly():
            self._shown = typed
            self.answered.emit(self.ref, typed)

    def commit_typing(self) -> None:
        """Report what is typed so far."""
        self.commit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Report when the box is left."""
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)


class IntegerQuestion(LineQuestion):
    """A whole number; blank, not 0, while unanswered."""

    width_px = 200

    def build(self) -> None:
        """Make the line."""
        super().build()
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)

    def read(self, typed: str) -> str:
        """Digits with a sign; thousands may be parted by commas."""
        plain = _digits(typed)
        try:
            return str(int(plain))
        except ValueError:
            raise UnreadableError(self.tr("Write a whole number, such as 12.")) from None


class DecimalQuestion(LineQuestion):
    """A number with decimals; blank, not 0, while unanswered."""

    width_px = 200

    def read(self, typed: str) -> str:
        """Digits with a sign and a point."""
        plain = _digits(typed)
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise UnreadableError(self.tr("Write a number, such as 12.5."))
        return format(number, "f")


def _digits(typed: str) -> str:
    plain = typed.translate(_FULL_WIDTH).replace(",", "").replace("，", "").replace(" ", "")
    if "_" in plain:  # Python reads 1_000 as a number; nobody at a counter means that
        raise UnreadableError(typed)
    return plain
