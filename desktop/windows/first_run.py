"""Before there is an office: who looks after it, who serves first, the office code, the link."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QStackedWidget, QWidget

from casework.people import NewOperator, check
from desktop import messages, parts, theme, words
from desktop.care import Care
from desktop.gui_thread import GuiThread
from desktop.project_desk import FetchedForms
from desktop.windows.add_project import AddProject
from desktop.windows.brand import centred, halves, language_box
from desktop.windows.enrol_form import EnrolForm
from desktop.windows.new_password import secret_line

SERVING = ("clerk", "village_officer", "supervisor")


class Step(parts.Card):
    """One card of the way: a title, why, fields, and where it goes from here."""

    def __init__(self, go_on: Callable[[], None]) -> None:
        super().__init__()
        self.setFixedWidth(480)
        self.body.setContentsMargins(*[theme.XXL] * 4)
        self.where = parts.label("", "caption")
        self.title = parts.label("", "headline")
        self.why = parts.label("", "muted", wrap=True)
        self.banner = parts.Banner()
        self.back = parts.button()
        self.next = parts.button("", "primary", clicked=go_on)
        self.feet = parts.row(self.back, self.next, space=theme.M)
        self.feet.setStretch(1, 1)
        for widget in (self.where, self.title, self.why):
            self.body.addWidget(widget)
        self.body.addSpacing(theme.S)

    def end(self) -> None:
        """Put the feet under the fields."""
        self.body.addWidget(self.banner)
        self.body.addSpacing(theme.S)
        self.body.addLayout(self.feet)

    def ask(self, name: QWidget, field: QWidget) -> None:
        """Put a field below its name."""
        self.body.addWidget(name)
        self.body.addWidget(field)


class PersonStep(Step):
    """Asks for somebody who gets a login; `roles` beyond one are offered."""

    def __init__(self, roles: tuple[str, ...], go_on: Callable[[], None]) -> None:
        super().__init__(go_on)
        self._roles = roles
        self.names = [parts.label("", "strong") for _ in range(5)]
        self.person, self.login = QLineEdit(), QLineEdit()
        self.login.setMaxLength(32)
        self.role = QComboBox()
        self.secret, self.again = secret_line(), secret_line()
        self.fields = (self.person, self.login, self.role, self.secret, self.again)
        for name, field in zip(self.names, self.fields, strict=True):
            name.setBuddy(field)
            self.ask(name, field)
        several = len(roles) > 1
        self.role.setVisible(several)
        self.names[2].setVisible(several)
        self.again.returnPressed.connect(go_on)
        self.end()

    def given(self) -> NewOperator | None:
        """What was typed, or None after saying what is wrong with it."""
        if self.secret.text() != self.again.text():
            self.banner.say(self.tr("The two passwords differ. Type both again."), "warning")
            self.again.clear()
            self.again.setFocus()
            return None
        made = NewOperator(
            self.login.text().strip(),
            self.person.text().strip(),
            str(self.role.currentData()),
            self.secret.text(),
        )
        try:
            check(made)
        except Exception as error:  # noqa: BLE001 - said in words
            self.banner.say(messages.say(error), "warning")
            return None
        self.banner.say("")
        return made

    def forget(self) -> None:
        """Let go of the passwords."""
        self.secret.clear()
        self.again.clear()

    def retranslate(self) -> None:
        """Say the fields' names."""
        texts = (
            self.tr("Name"),
            self.tr("Login (small letters and digits)"),
            self.tr("Role"),
            self.tr("Password"),
            self.tr("Password once more"),
        )
        for name, field, text in zip(self.names, self.fields, texts, strict=True):
            name.setText(text)
            field.setAccessibleName(text)
        at = max(0, self.role.currentIndex())
        self.role.clear()
        for role in self._roles:
            self.role.addItem(words.role(role), role)
        self.role.setCurrentIndex(at)


class FirstRun(QWidget):
    """Leads from an empty computer to the sign-in window in four steps.

    Signals:
        make_wanted: (administrator, first operator). The owner calls `made` or `refused`.
        finished: (). The office stands.
        language_chosen: A language code.
    """

    make_wanted = Signal(object, object)
    finished = Signal()
    language_chosen = Signal(str)

    def __init__(self, care: Callable[[], Care | None], gui: GuiThread) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.admin = PersonStep(("administrator",), self._to_first)
        self.first = PersonStep(SERVING, self._make)
        self.code_step = Step(lambda: self._show(3))
        self.link_step = Step(self._connect)
        self._admin: NewOperator | None = None
        self._linked = False
        self._care, self._gui = care, gui
        self.dialog: AddProject | None = None
        self.enrol = EnrolForm(care, gui)
        self._fill_code_step()
        self._fill_link_step()
        self.steps: tuple[Step, ...] = (self.admin, self.first, self.code_step, self.link_step)
        self.stack = QStackedWidget()
        for step in self.steps:
            self.stack.addWidget(centred(step))
        self.admin.back.hide()
        self.code_step.back.hide()
        self.first.back.clicked.connect(lambda: self._show(0))
        self.link_step.back.clicked.connect(self._later)
        self.language = language_box()
        self.language.activated.connect(
            lambda at: self.language_chosen.emit(self.language.itemData(at))
        )
        self.setLayout(halves(self.language, self.stack))
        self.retranslate()
        self._show(0)

    def _fill_code_step(self) -> None:
        self.code = parts.label("", "title")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(round(20 * theme.current().scale))
        self.code.setFont(font)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setWordWrap(True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.kept = QCheckBox()
        self.kept.toggled.connect(self.code_step.next.setEnabled)
        self.code_step.next.setEnabled(False)
        self.code_step.body.addWidget(self.code)
        self.code_step.body.addSpacing(theme.M)
        self.code_step.body.addWidget(self.kept)
        self.code_step.end()

    def _fill_link_step(self) -> None:
        form = self.enrol
        self.link_step.body.addWidget(form)
        self.project = parts.button("", "quiet", clicked=self._add_project)
        self.link_step.body.addLayout(parts.row(self.project, -1))
        self.link_step.end()
        form.busy.connect(self._busy)
        form.said.connect(self.link_step.banner.say)
        form.connected.connect(self._connected)
        form.turned.connect(self.retranslate)

    def _show(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        (self.admin.person, self.first.person, self.kept, self.enrol.place.choose)[at].setFocus()
        if at == 3:
            self.enrol.begin()

    def _to_first(self) -> None:
        self._admin = self.admin.given()
        if self._admin is not None:
            self._show(1)

    def _make(self) -> None:
        first = self.first.given()
        if first is None or self._admin is None or not self.first.next.isEnabled():
            return
        self._busy(self.tr("Making the encrypted store ..."))
        self.make_wanted.emit(self._admin, first)

    def made(self, code: str) -> None:
        """The office stands; show its code once."""
        self._busy("")
        self._admin = None
        self.admin.forget()
        self.first.forget()
        self.code.setText(code)
        self._show(2)

    def _connect(self) -> None:
        if self._linked:
            self.finished.emit()
        else:
            self.enrol.go_on()

    def _add_project(self) -> None:
        care = self._care()
        if care is None:
            return
        dialog = AddProject(care.project_desk(), self._gui, self)
        self.dialog = dialog
        dialog.added.connect(self._added)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _added(self, fetched: FetchedForms) -> None:
        said = self.tr("The project is added; {n} of its forms can be filled in here.")
        self.link_step.banner.say(said.format(n=fetched.offered), "success")

    def _later(self) -> None:
        if self.enrol.offers:
            self.enrol.go_back()
        else:
            self.finished.emit()

    def _connected(self) -> None:
        self._linked = True
        self.code.clear()
        self.link_step.back.hide()
        self.retranslate()
        self.link_step.next.setFocus()

    def refused(self, error: Exception) -> None:
        """Say why a step was not done; nothing typed is lost."""
        self._busy("")
        self._step.banner.say(messages.say(error), "danger")

    @property
    def _step(self) -> Step:
        return self.steps[self.stack.currentIndex()]

    def _busy(self, text: str) -> None:
        step = self._step
        step.next.setEnabled(not text)
        step.back.setEnabled(not text)
        step.banner.say(text)

    def choose_language(self, code: str) -> None:
        """Show `code` as the chosen language, without announcing it."""
        self.language.setCurrentIndex(self.language.findData(code))

    def retranslate(self) -> None:
        """Say all words in the language of the moment."""
        self.setWindowTitle(self.tr("Lastmile"))
        self.language.setAccessibleName(self.tr("Language"))
        for step, (title, why, back, go_on) in zip(self.steps, self._words(), strict=True):
            at = self.steps.index(step) + 1
            step.where.setText(
                self.tr("Set-up, step {at} of {all}").format(at=at, all=len(self.steps))
            )
            step.title.setText(title)
            step.why.setText(why)
            step.back.setText(back)
            step.back.setAccessibleName(back)
            step.next.setText(go_on)
            step.next.setAccessibleName(go_on)
        self.admin.retranslate()
        self.first.retranslate()
        self.code.setAccessibleName(self.tr("Office code"))
        self.kept.setText(self.tr("It is written down and lies in the safe"))
        self.enrol.retranslate()
        self.project.setText(self.tr("Add an ODK project ..."))
        self.project.setAccessibleName(self.tr("Add an ODK project"))

    def _words(self) -> tuple[tuple[str, str, str, str], ...]:
        return (
            (
                self.tr("Who looks after this computer"),
                self.tr("IT staff manage logins and the link, and see no citizens' data."),
                "",
                self.tr("Go on"),
            ),
            (
                self.tr("Who serves here first"),
                self.tr(
                    "Give a first password; it is changed at the first sign-in. "
                    "More people can be added later."
                ),
                self.tr("Back"),
                self.tr("Make the office"),
            ),
            (
                self.tr("The office code"),
                self.tr(
                    "It opens the data when all passwords or this computer are lost. "
                    "It is shown only now."
                ),
                "",
                self.tr("Go on"),
            ),
            (
                self.tr("Connect to the province"),
                self.tr("The province's staff give a file or a one-time code for each computer."),
                self.tr("Back") if self.enrol.offers else self.tr("Later"),
                self.tr("To sign-in") if self._linked else self.tr("Connect"),
            ),
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
