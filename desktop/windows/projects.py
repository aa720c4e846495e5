"""The projects of ODK servers that forms come from: state, newer forms, adding, removing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop import messages, parts, theme, words
from desktop.folder_dialog import ask_for_file
from desktop.gui_thread import GuiThread
from desktop.lists.cases import Cell, RowModel
from desktop.project_desk import FetchedForms, ProjectDesk, ProjectLine
from desktop.sentences import joined
from desktop.windows.add_project import AddProject
from desktop.windows.base import Page
from desktop.windows.cases import table, widths

BY_ITSELF = ("S143", "S200", "S206", "S207")  # no network, no answer, busy, a fault: all pass


class ProjectsPage(Page):
    """All projects side by side.

    Signals:
        back_wanted: (). try_wanted: (path of a form that somebody is writing).
    """

    back_wanted = Signal()
    try_wanted = Signal(str)

    def __init__(self, desk: ProjectDesk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self.dialog: AddProject | None = None
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.add = parts.button("", "primary", icon="plus", clicked=self._add)
        self.add.setVisible(desk.may_add())
        self.try_it = parts.button("", icon="folder", clicked=self._try)
        self.head.insertWidget(0, self.back)
        self.head.addWidget(self.try_it)
        self.head.addWidget(self.add)
        self.model: RowModel[ProjectLine] = RowModel(
            (
                lambda row: (row.name, ""),
                lambda row: (row.host, ""),
                lambda row: (row.login or self.tr("by a key"), ""),
                lambda row: (str(row.forms), ""),
                lambda row: (words.moment(row.fetched_at) if row.fetched_at else "-", ""),
                self._state,
            )
        )
        self.table = table(self.model)
        widths(self.table, (210, 220, 130, 70, 150), stretched=5)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self.fetch = parts.button("", icon="sync", clicked=self._fetch)
        self.fetch.setVisible(desk.may_fetch())
        self.remove = parts.button("", "danger", icon="trash", clicked=self._remove)
        self.remove.setVisible(desk.may_add())
        self.nothing = parts.EmptyState("search")
        self.nothing.action.clicked.connect(self._add)
        self.why = parts.Banner()
        self.content.addWidget(self.table, 1)
        self.content.addWidget(self.why)
        self.content.addWidget(self.nothing, 1)
        self.content.addLayout(parts.row(self.fetch, -1, self.remove, space=theme.M))
        self.setFocusProxy(self.table)
        self.retranslate()

    def _state(self, row: ProjectLine) -> Cell:
        if row.trouble in BY_ITSELF:
            return self.tr("Waits for its server [{code}]").format(code=row.trouble), "warning"
        if row.trouble:
            return self.tr("Needs attention [{code}]").format(code=row.trouble), "danger"
        if row.by_hand:
            return self.tr("Sends when you press Send now"), ""
        return (self.tr("Ready"), "success") if row.fetched_at else (self.tr("Not fetched yet"), "")

    def _chosen(self) -> ProjectLine | None:
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _offer(self) -> None:
        row = self._chosen()
        said = messages.say_code(row.trouble, row.trouble_fields) if row and row.trouble else ""
        self.why.say(said, "warning" if row and row.trouble in BY_ITSELF else "danger")
        for button in (self.fetch, self.remove):
            button.setEnabled(self._chosen() is not None)

    def _add(self) -> None:
        dialog = AddProject(self._desk, self._gui, self)
        self.dialog = dialog
        dialog.added.connect(self._fetched)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _try(self) -> None:
        ask_for_file(
            self,
            self.tr("A form to try"),
            self.tr("Open"),
            f"{self.tr('Forms')} (*.xlsx *.xml)",
            self.try_wanted.emit,
        )

    def _fetch(self) -> None:
        row = self._chosen()
        if row is None:
            return
        self.fetch.setEnabled(False)
        self.banner.say(self.tr("Fetching the project's forms ..."))
        self._gui.deliver(
            self._desk.fetch(row.id), to=self, done=self._fetched, failed=self._failed
        )

    def _fetched(self, fetched: FetchedForms) -> None:
        self.refresh()
        said = self.tr("{n} forms are offered; new here: {names}.").format(
            n=fetched.offered, names="、".join(fetched.new) or self.tr("none")
        )
        lines = [said]
        lines += [
            self.tr("{name} cannot be used: {why}").format(
                name=name, why=messages.say_code(code, fields)
            )
            for name, code, fields in fetched.refused
        ]
        self.banner.say("\n".join(lines), "warning" if fetched.refused else "success")

    def _remove(self) -> None:
        row = self._chosen()
        if row is None:
            return
        if self.remove.property("asked") != row.id:
            self.remove.setProperty("asked", row.id)
            said = self.tr("Press Remove once more to offer the forms of {name} no longer.")
            self.banner.say(said.format(name=row.name), "warning")
            return
        self.remove.setProperty("asked", "")

        def done(_none: None) -> None:
            self.refresh()
            self.banner.say(self.tr("Removed. Cases already taken in stay here."), "success")

        self._gui.deliver(self._desk.remove(row.id), to=self, done=done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.refresh()
        self.explain(error)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("ODK projects"))
        for button, text, name in (
            (self.back, self.tr("Settings"), self.tr("Back to the settings")),
            (self.add, self.tr("Add a project"), self.tr("Add a project")),
            (self.try_it, self.tr("Try a form ..."), self.tr("Try a form that is being written")),
            (self.fetch, self.tr("Look for newer forms"), self.tr("Look for newer forms")),
            (self.remove, self.tr("Remove"), self.tr("Remove the project")),
        ):
            button.setText(text)
            button.setAccessibleName(name)
        self.table.setAccessibleName(self.tr("ODK projects"))
        self.model.set_heads(
            self.tr("Project"),
            self.tr("Server"),
            self.tr("User"),
            self.tr("Forms"),
            self.tr("Last looked"),
            self.tr("State"),
        )
        may = self._desk.may_add()
        text = self.tr("Forms of ODK Central, KoboToolbox and Ona can be filled in here as well.")
        ask = self.tr("IT staff add a project with its settings code.")
        self.nothing.say(
            self.tr("No project yet"),
            text if may else joined(text, ask),
            self.tr("Add a project") if may else "",
        )

    def refresh(self) -> None:
        """Read the projects again."""
        at = max(0, self.table.currentIndex().row())
        rows = tuple(self._desk.projects())
        if rows != self.model.rows:
            self.model.show_rows(rows)
            self.table.selectRow(min(at, len(rows) - 1))
        for widget in (self.table, self.fetch, self.remove):
            widget.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.fetch.setVisible(bool(rows) and self._desk.may_fetch())
        self.remove.setVisible(bool(rows) and self._desk.may_add())
        self._offer()
