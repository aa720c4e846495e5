"""The office itself: who may sign in here, and where this computer sends to."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop import messages, parts, theme, words
from desktop.care import Care, PersonLine
from desktop.gui_thread import GuiThread
from desktop.lists.cases import RowModel
from desktop.place import say_place
from desktop.windows.base import Page
from desktop.windows.cases import table, widths
from desktop.windows.enrol_form import EnrolForm
from desktop.windows.new_password import secret_line

T = TypeVar("T")


class PersonDialog(QDialog):
    """Asks for a new operator, or for a new first password of one that is there.

    Signals:
        wanted: (login, name, role, password). The owner calls `refused` or `accept`.
    """

    wanted = Signal(str, str, str, str)

    def __init__(self, roles: tuple[str, ...], person: PersonLine | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(420)
        title = self.tr("New operator") if person is None else self.tr("New first password")
        self.setWindowTitle(title)
        self.person, self.login, self.secret = QLineEdit(), QLineEdit(), secret_line()
        self.role = QComboBox()
        for role in roles:
            self.role.addItem(words.role(role), role)
        if person is not None:
            self.person.setText(person.name)
            self.login.setText(person.login)
        self.banner = parts.Banner()
        self.keep = parts.button(self.tr("Keep"), "primary", clicked=self._keep)
        cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        hint = parts.label(
            self.tr("The first password is changed at the next sign-in."), "caption", wrap=True
        )
        lines: list[QWidget] = [parts.label(title, "title")]
        for name, field, asked in (
            (self.tr("Name"), self.person, person is None),
            (self.tr("Login (small letters and digits)"), self.login, person is None),
            (self.tr("Role"), self.role, person is None),
            (self.tr("First password"), self.secret, True),
        ):
            label = parts.label(name, "strong")
            label.setBuddy(field)
            field.setAccessibleName(name)
            label.setVisible(asked)
            field.setVisible(asked)
            lines += [label, field]
        feet = parts.row(-1, cancel, self.keep, space=theme.M)
        self.setLayout(parts.column(*lines, hint, self.banner, 8, feet, margin=theme.XL))
        self.secret.returnPressed.connect(self._keep)
        (self.person if person is None else self.secret).setFocus()

    def _keep(self) -> None:
        if not self.keep.isEnabled():
            return
        self.keep.setEnabled(False)
        self.wanted.emit(
            self.login.text().strip(),
            self.person.text().strip(),
            str(self.role.currentData()),
            self.secret.text(),
        )

    def refused(self, error: Exception) -> None:
        """Say why; what was typed stays."""
        self.keep.setEnabled(True)
        self.banner.say(messages.say(error), "danger")


class OfficePage(Page):
    """Operators and the link, for supervisors and IT staff."""

    def __init__(self, care: Care, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._care, self._gui = care, gui
        self.dialog: PersonDialog | None = None
        self._asking = False
        self.add = parts.button("", "primary", icon="person-add", clicked=self._add)
        self.head.addWidget(self.add)
        self.model: RowModel[PersonLine] = RowModel(
            (
                lambda row: (row.name, ""),
                lambda row: (row.login, ""),
                lambda row: (words.role(row.role), ""),
                lambda row: (self._state(row), "danger" if row.locked else ""),
            )
        )
        self.table = table(self.model)
        widths(self.table, (200, 170, 150), stretched=3)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self.unlock = parts.button("", icon="lock", clicked=self._unlock)
        self.reset = parts.button("", icon="edit", clicked=self._reset)
        self.remove = parts.button("", "danger", icon="trash", clicked=self._remove)
        feet = parts.row(self.unlock, self.reset, -1, self.remove, space=theme.M)
        self.content.addWidget(self.table, 1)
        self.content.addLayout(feet)
        self.link_card = parts.Card(" ")
        self.link_text = parts.label("", wrap=True)
        self.enrol = EnrolForm(lambda: care, gui)
        self.enrol.busy.connect(self._busy)
        self.enrol.said.connect(self.banner.say)
        self.enrol.connected.connect(self._linked)
        self.enrol.turned.connect(self._name_connect)
        self.connect_it = parts.button("", "primary", clicked=self.enrol.go_on)
        self.not_now = parts.button("", clicked=self._not_now)
        self.anew = parts.button("", clicked=self._anew)
        self.place = QVBoxLayout()
        self.link_card.body.addWidget(self.link_text)
        self.link_card.body.addLayout(self.place)
        self.link_card.body.addWidget(self.enrol)
        self.link_card.body.addLayout(
            parts.row(self.anew, -1, self.not_now, self.connect_it, space=theme.M)
        )
        self.content.addWidget(self.link_card)
        self.setFocusProxy(self.table)
        self.retranslate()

    def _state(self, row: PersonLine) -> str:
        if row.locked:
            return self.tr("Locked after too many wrong passwords")
        return self.tr("You") if row.me else self.tr("May sign in")

    def _chosen(self) -> PersonLine | None:
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _offer(self) -> None:
        row = self._chosen()
        roles = self._care.roles()
        mine = row is not None and row.role in roles
        self.unlock.setEnabled(row is not None and row.locked)
        self.reset.setEnabled(mine and row is not None and not row.me)
        self.remove.setEnabled(mine and row is not None and not row.me)

    def _add(self) -> None:
        dialog = PersonDialog(tuple(self._care.roles()), None, self)
        dialog.wanted.connect(
            lambda login, name, role, password: self._follow(
                self._care.add(login, name, role, password), dialog
            )
        )
        self._open(dialog)

    def _reset(self) -> None:
        row = self._chosen()
        if row is None:
            return
        dialog = PersonDialog((), row, self)
        dialog.wanted.connect(
            lambda login, _name, _role, password: self._follow(
                self._care.reset(login, password), dialog
            )
        )
        self._open(dialog)

    def _open(self, dialog: PersonDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _follow(self, future: Future[None], dialog: PersonDialog) -> None:
        def done(_none: None) -> None:
            dialog.accept()
            self._done(self.tr("Done. The first password is changed at the next sign-in."))

        self._gui.deliver(future, to=dialog, done=done, failed=dialog.refused)

    def _unlock(self) -> None:
        row = self._chosen()
        if row is not None:
            self._await(self._care.unlock(row.login), self.tr("{name} may try again."), row)

    def _remove(self) -> None:
        row = self._chosen()
        if row is None:
            return
        if self.remove.property("asked") != row.login:
            self.remove.setProperty("asked", row.login)
            said = self.tr("Press Remove once more to take the login of {name} away.")
            self.banner.say(said.format(name=row.name), "warning")
            return
        self.remove.setProperty("asked", "")
        self._await(self._care.remove(row.login), self.tr("{name} can no longer sign in."), row)

    def _await(self, future: Future[None], said: str, row: PersonLine) -> None:
        self._gui.deliver(
            future,
            to=self,
            done=lambda _none: self._done(said.format(name=row.name)),
            failed=self.explain,
        )

    def _done(self, said: str) -> None:
        self.refresh()
        self.banner.say(said, "success")

    def _anew(self) -> None:
        self._asking = True
        self.enrol.begin()
        self._show_link()
        self.enrol.place.choose.setFocus()

    def _not_now(self) -> None:
        if self.enrol.offers:
            self.enrol.go_back()
            return
        self._asking = False
        self._show_link()

    def _busy(self, what: str) -> None:
        for button in (self.connect_it, self.not_now):
            button.setEnabled(not what)
        self.banner.say(what)

    def _linked(self) -> None:
        self._asking = False
        self._show_link()

    def _name_connect(self) -> None:
        self.connect_it.setText(self.tr("Connect"))
        self.connect_it.setAccessibleName(self.connect_it.text())
        self.not_now.setText(self.tr("Back") if self.enrol.offers else self.tr("Not now"))
        self.not_now.setAccessibleName(self.not_now.text())

    def _show_link(self) -> None:
        link = self._care.link()
        text = self.tr("Connected to {province} as {office}, {url}").format(
            province=link.province, office=link.office, url=link.url
        )
        self.link_text.setText(
            text if link.url else self.tr("Not connected. Cases wait on this computer.")
        )
        asking = self._care.connects() and (self._asking or not link.url)
        parts.clear(self.place)
        for said, tone, more in () if asking else say_place(link.place):
            banner = parts.Banner()
            banner.say(f"{said}\n{more}" if more else said, tone)
            self.place.addWidget(banner)
        self.connect_it.setVisible(asking)
        self.not_now.setVisible(asking and bool(link.url))
        self.anew.setVisible(self._care.connects() and not asking)
        if asking or not self.enrol.finishing:
            self.enrol.setVisible(asking)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Office"))
        for button, text in (
            (self.add, self.tr("New operator")),
            (self.unlock, self.tr("Unlock")),
            (self.reset, self.tr("New first password")),
            (self.remove, self.tr("Remove")),
            (self.anew, self.tr("Connect anew ...")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
        self.table.setAccessibleName(self.tr("Operators of this computer"))
        self.model.set_heads(self.tr("Name"), self.tr("Login"), self.tr("Role"), self.tr("State"))
        self.link_card.set_title(self.tr("Link to the province"))
        self.enrol.retranslate()
        self._name_connect()

    def refresh(self) -> None:
        """Read people and link again."""
        if not self._care.roles():
            return
        at = max(0, self.table.currentIndex().row())
        self.model.show_rows(tuple(self._care.people()))
        self.table.selectRow(min(at, len(self.model.rows) - 1))
        self._offer()
        self._show_link()
