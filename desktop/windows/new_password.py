"""Choosing a password: twice the same, said in words when it will not do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from desktop import messages, parts, theme


def secret_line() -> QLineEdit:
    """A line that shows dots."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


class NewPassword(parts.Card):
    """A card that asks for a password of one's own.

    Signals:
        chosen: (password). The owner changes it and calls `refused` or goes on.
        given_up: ().
    """

    chosen = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedWidth(420)
        self.body.setContentsMargins(*[theme.XXL] * 4)
        self.title = parts.label("", "headline")
        self.why = parts.label("", "muted", wrap=True)
        self.names = [parts.label("", "strong") for _ in range(2)]
        self.fresh, self.again = secret_line(), secret_line()
        self.banner = parts.Banner()
        self.keep = parts.button("", "primary", clicked=self._keep)
        self.back = parts.button("", clicked=self.given_up.emit)
        self.fresh.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self._keep)
        for name, field in zip(self.names, (self.fresh, self.again), strict=True):
            name.setBuddy(field)
        for widget in (
            self.title,
            self.why,
            self.names[0],
            self.fresh,
            self.names[1],
            self.again,
            self.banner,
        ):
            self.body.addWidget(widget)
        self.body.addSpacing(theme.S)
        line = parts.row(self.back, self.keep, space=theme.M)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.setFocusProxy(self.fresh)
        self.retranslate()

    def _keep(self) -> None:
        if not self.keep.isEnabled():
            return
        if self.fresh.text() != self.again.text():
            self.banner.say(self.tr("The two passwords differ. Type both again."), "warning")
            self.again.clear()
            self.again.setFocus()
            return
        self.busy(working=True)
        self.chosen.emit(self.fresh.text())

    def busy(self, *, working: bool) -> None:
        """Show whether the password is being changed."""
        for widget in (self.keep, self.back, self.fresh, self.again):
            widget.setEnabled(not working)
        self.banner.say(self.tr("Changing the password ...") if working else "")

    def refused(self, error: Exception) -> None:
        """Say why it will not do."""
        self.busy(working=False)
        self.banner.say(messages.say(error), "danger")
        self.fresh.selectAll()
        self.fresh.setFocus()

    def forget(self) -> None:
        """Let go of what was typed."""
        self.fresh.clear()
        self.again.clear()
        self.busy(working=False)

    def retranslate(self) -> None:
        """Say all words in the language of the moment."""
        self.title.setText(self.tr("Choose your password"))
        self.why.setText(
            self.tr("Only you should know it. At least 8 characters, and none that others guess.")
        )
        for name, field, text in zip(
            self.names,
            (self.fresh, self.again),
            (self.tr("New password"), self.tr("Once more")),
            strict=True,
        ):
            name.setText(text)
            field.setAccessibleName(text)
        self.keep.setText(self.tr("Keep this password"))
        self.keep.setAccessibleName(self.keep.text())
        self.back.setText(self.tr("Cancel"))
        self.back.setAccessibleName(self.back.text())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class PasswordDialog(QDialog):
    """The card over the desk, for a change wanted in between.

    Signals:
        chosen: (password).
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = NewPassword()
        self.card.chosen.connect(self.chosen)
        self.card.given_up.connect(self.reject)
        self.setWindowTitle(self.card.title.text())
        self.setLayout(parts.column(self.card, margin=theme.L))
        self.card.fresh.setFocus()
