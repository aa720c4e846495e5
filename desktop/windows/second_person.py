"""A second person confirms: another login and password, typed by whoever they belong to."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from desktop import messages, parts, theme
from desktop.windows.new_password import secret_line


class SecondPerson(QDialog):
    """Asks for the login and password of whoever confirms.

    Signals:
        confirmed: (login, password). The owner calls `refused` or `accept`.
    """

    confirmed = Signal(str, str)

    def __init__(self, act: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(440)
        self.setWindowTitle(self.tr("A second person confirms"))
        self.login, self.secret = QLineEdit(), secret_line()
        self.banner = parts.Banner()
        self.keep = parts.button(self.tr("Confirm"), "danger", clicked=self._confirm)
        cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        why = self.tr("A supervisor or IT staff signs in here. Both names stand on record.")
        lines: list[QWidget] = [parts.label(act, "title", wrap=True), parts.label(why, wrap=True)]
        for name, field in (
            (self.tr("Login of the second person"), self.login),
            (self.tr("Password"), self.secret),
        ):
            label = parts.label(name, "strong")
            label.setBuddy(field)
            field.setAccessibleName(name)
            lines += [label, field]
        feet = parts.row(-1, cancel, self.keep, space=theme.M)
        self.setLayout(parts.column(*lines, self.banner, 8, feet, margin=theme.XL))
        self.secret.returnPressed.connect(self._confirm)
        self.login.setFocus()

    def _confirm(self) -> None:
        if self.keep.isEnabled() and self.login.text().strip() and self.secret.text():
            self.keep.setEnabled(False)
            self.confirmed.emit(self.login.text().strip(), self.secret.text())

    def refused(self, error: Exception) -> None:
        """Say why; the password is forgotten."""
        self.secret.clear()
        self.keep.setEnabled(True)
        self.banner.say(messages.say(error), "danger")


class ReasonAsked(QDialog):
    """Asks why; the reason stands on record. Where it is not `needed`, a remark may be given.

    Signals:
        given: (reason). The owner calls `refused` or `accept`.
    """

    given = Signal(str)

    def __init__(self, act: str, button: str, parent: QWidget, *, needed: bool = True) -> None:
        super().__init__(parent)
        self._needed = needed
        self.setMinimumWidth(440)
        self.setWindowTitle(act)
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        name = (
            self.tr("Reason (stands on record)") if needed else self.tr("Remark (may be left out)")
        )
        label = parts.label(name, "strong")
        label.setBuddy(self.reason)
        self.reason.setAccessibleName(name)
        self.banner = parts.Banner()
        self.keep = parts.button(button, "primary", clicked=self._give)
        cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        feet = parts.row(-1, cancel, self.keep, space=theme.M)
        title = parts.label(act, "title", wrap=True)
        self.setLayout(
            parts.column(title, label, self.reason, self.banner, 8, feet, margin=theme.XL)
        )
        self.reason.returnPressed.connect(self._give)
        self.reason.setFocus()

    def _give(self) -> None:
        if self.keep.isEnabled() and (self.reason.text().strip() or not self._needed):
            self.keep.setEnabled(False)
            self.given.emit(self.reason.text().strip())

    def refused(self, error: Exception) -> None:
        """Say why."""
        self.keep.setEnabled(True)
        self.banner.say(messages.say(error), "danger")
