"""The first window: who works here now, and the password that opens the store."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from desktop import messages, parts, theme
from desktop.desk import Login
from desktop.windows.brand import centred, halves, language_box
from desktop.windows.new_password import NewPassword, secret_line


class SignIn(QWidget):
    """Asks for operator and password; says what the store answered.

    Signals:
        entered: (login, password). The owner opens the store and calls `refused` or closes.
        language_chosen: A language code.
        password_chosen: (password) in place of a first password; `given_up` if none was.
    """

    entered = Signal(str, str)
    language_chosen = Signal(str)
    password_chosen = Signal(str)
    given_up = Signal()

    def __init__(self, logins: Sequence[Login], *, demo_password: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self._demo_password = demo_password
        self._wait_s = 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self.setLayout(self._halves())
        self.show_logins(logins)
        self.retranslate()
        self.password.setFocus()

    def _halves(self) -> QHBoxLayout:
        self.stack = QStackedWidget()
        self.own = NewPassword()
        self.own.chosen.connect(self.password_chosen)
        self.own.given_up.connect(self.given_up)
        self.stack.addWidget(self._form())
        self.stack.addWidget(centred(self.own))
        return halves(self._languages(), self.stack)

    def _languages(self) -> QComboBox:
        self.language = language_box()
        self.language.activated.connect(
            lambda at: self.language_chosen.emit(self.language.itemData(at))
        )
        return self.language

    def _form(self) -> QWidget:
        self.card = parts.Card()
        self.card.setFixedWidth(420)
        self.card.body.setContentsMargins(*[theme.XXL] * 4)
        self.title = parts.label("", "headline")
        self.who, self.secret = parts.label("", "strong"), parts.label("", "strong")
        self.login = QComboBox()
        self.login.setEditable(False)
        self.password = secret_line()
        self.password.returnPressed.connect(self._enter)
        self.who.setBuddy(self.login)
        self.secret.setBuddy(self.password)
        self.banner = parts.Banner()
        self.demo = parts.label("", "caption", wrap=True)
        self.open = parts.button("", "primary", clicked=self._enter)
        for item in (self.title, 8, self.who, self.login, 4, self.secret, self.password):
            if isinstance(item, int):
                self.card.body.addSpacing(item)
            else:
                self.card.body.addWidget(item)
        for widget in (self.banner, self.demo):
            self.card.body.addWidget(widget)
        self.card.body.addSpacing(theme.S)
        self.card.body.addWidget(self.open)
        return centred(self.card)

    def show_logins(self, logins: Sequence[Login]) -> None:
        """Offer these operators, the last one used first."""
        self.login.clear()
        for each in logins:
            self.login.addItem(f"{each.name}  ({each.login})", each.login)

    def refused(self, error: Exception, *, wait_s: int = 0) -> None:
        """Say why the store stays shut; nothing can be typed for `wait_s` seconds."""
        self.busy(working=False)
        self.banner.say(messages.say(error), "danger")
        self.password.selectAll()
        self.password.setFocus()
        self._wait_s = wait_s
        if wait_s:
            self._clock.start()
            self._tick_words()

    def ask_for_own_password(self) -> None:
        """Ask who just signed in with a first password for one of their own."""
        self.busy(working=False)
        self.password.clear()
        self.banner.say("")
        self.own.forget()
        self.stack.setCurrentIndex(1)
        self.own.fresh.setFocus()

    def ask_again(self) -> None:
        """Back to the choice of the operator."""
        self.own.forget()
        self.stack.setCurrentIndex(0)
        self.password.setFocus()

    def busy(self, *, working: bool) -> None:
        """Show whether the store is being opened."""
        self.open.setEnabled(not working)
        self.password.setEnabled(not working)
        if working:
            self.banner.say(self.tr("Opening the store ..."), "info")

    def _enter(self) -> None:
        if self._wait_s or not self.open.isEnabled():
            return
        if not self.password.text():
            self.banner.say(self.tr("Type your password."), "warning")
            self.password.setFocus()
            return
        secret = self.password.text()
        self.busy(working=True)
        self.entered.emit(self.login.currentData() or self.login.currentText(), secret)

    def forget_password(self) -> None:
        """Let go of what was typed, once it is no longer needed."""
        self.password.clear()
        self.own.forget()

    def _tick(self) -> None:
        self._wait_s = max(0, self._wait_s - 1)
        self._tick_words()
        if not self._wait_s:
            self._clock.stop()

    def _tick_words(self) -> None:
        self.open.setEnabled(not self._wait_s)
        waiting = self.tr("Try again in {n} s").format(n=self._wait_s)
        self.open.setText(waiting if self._wait_s else self.tr("Sign in"))

    def retranslate(self) -> None:
        """Say all words in the language of the moment."""
        self.setWindowTitle(self.tr("Lastmile"))
        self.title.setText(self.tr("Sign in"))
        self.who.setText(self.tr("Operator"))
        self.secret.setText(self.tr("Password"))
        self.login.setAccessibleName(self.who.text())
        self.password.setAccessibleName(self.secret.text())
        self.language.setAccessibleName(self.tr("Language"))
        self.open.setAccessibleName(self.tr("Sign in"))
        self.demo.setText(
            self.tr("Demonstration: the password is {password}").format(
                password=self._demo_password
            )
        )
        self.demo.setVisible(bool(self._demo_password))
        self._tick_words()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def choose_language(self, code: str) -> None:
        """Show `code` as the chosen language, without announcing it."""
        self.language.setCurrentIndex(self.language.findData(code))
