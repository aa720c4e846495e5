"""For supervisors and auditors: drafts of others, the record, and a person's data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from desktop import parts, record_words, theme, words
from desktop.folder_dialog import ask_for_folder
from desktop.gui_thread import GuiThread
from desktop.lists.cases import RowModel
from desktop.oversight import OthersDraft, Oversight, PersonLine, RecordLine, RecordProof
from desktop.windows.base import Page
from desktop.windows.cases import table, widths
from desktop.windows.new_password import secret_line
from desktop.windows.second_person import ReasonAsked

T = TypeVar("T")
LEAST_PHRASE = 12


class OversightPage(Page):
    """Three views behind three buttons; only those that the role has."""

    def __init__(self, oversight: Oversight, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._oversight, self._gui = oversight, gui
        self._rights = oversight.rights()
        self.dialog: ReasonAsked | None = None
        self.views = QButtonGroup(self)
        self.stack = QStackedWidget()
        self.switch = [parts.button("", "quiet") for _ in range(3)]
        for at, (right, make) in enumerate(
            (
                ("take_over", self._drafts_view),
                ("read_audit", self._record_view),
                ("person", self._person_view),
            )
        ):
            button = self.switch[at]
            button.setCheckable(True)
            button.setVisible(right in self._rights)
            self.views.addButton(button, at)
            self.stack.addWidget(make())
        self.views.idClicked.connect(self.show_view)
        self.content.addLayout(parts.row(*self.switch, -1, space=theme.S))
        self.content.addWidget(self.stack, 1)
        first = next((at for at, b in enumerate(self.switch) if not b.isHidden()), 0)
        self.show_view(first)
        self.retranslate()

    def show_view(self, at: int) -> None:
        """Show one of the views."""
        self.switch[at].setChecked(True)
        for button in self.switch:
            theme.restyle(button, kind="secondary" if button.isChecked() else "quiet")
        self.stack.setCurrentIndex(at)
        self.banner.say("")
        self.refresh()

    # Drafts of others -------------------------------------------------------------------

    def _drafts_view(self) -> QWidget:
        self.drafts: RowModel[OthersDraft] = RowModel(
            (
                lambda row: (row.service, ""),
                lambda row: (row.applicant, ""),
                lambda row: (row.owner, ""),
                lambda row: (words.moment(row.saved_at), ""),
            )
        )
        self.draft_table = table(self.drafts)
        widths(self.draft_table, (260, 160, 160, 170), stretched=0)
        self.draft_table.activated.connect(lambda _index: self._ask_to_take_over())
        self.take = parts.button("", "primary", icon="person-add", clicked=self._ask_to_take_over)
        self.no_drafts = parts.label("", "muted", wrap=True)
        return _view(self.no_drafts, self.draft_table, parts.row(self.take, -1))

    def _ask_to_take_over(self) -> None:
        at = self.draft_table.currentIndex().row()
        if not 0 <= at < len(self.drafts.rows):
            return
        row = self.drafts.rows[at]
        act = self.tr("Take over the draft of {name}").format(name=row.owner)
        dialog = ReasonAsked(act, self.tr("Take over"), self)

        def done(_none: None) -> None:
            dialog.accept()
            self.refresh()
            said = self.tr("The draft of {name} is yours now; it is among your cases.")
            self.banner.say(said.format(name=row.owner), "success")

        dialog.given.connect(
            lambda reason: self._gui.deliver(
                self._oversight.take_over(row.id, reason),
                to=dialog,
                done=done,
                failed=dialog.refused,
            )
        )
        self._open(dialog)

    def _open(self, dialog: ReasonAsked) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # The record -------------------------------------------------------------------------

    def _record_view(self) -> QWidget:
        self.rows: RowModel[RecordLine] = RowModel(
            (
                lambda row: (str(row.seq), ""),
                lambda row: (words.moment(row.at), ""),
                lambda row: (self.tr("time doubtful"), "warning") if row.doubtful else ("", ""),
                lambda row: (row.operator, ""),
                lambda row: (record_words.act(row.action), ""),
                lambda row: (row.subject, ""),
                lambda row: (row.detail, ""),
            )
        )
        self.row_table = table(self.rows)
        widths(self.row_table, (60, 140, 110, 110, 150, 200, 220), stretched=6)
        self.prove = parts.button("", "primary", icon="shield", clicked=self._prove)
        self.export = parts.button("", icon="save", clicked=self._export)
        return _view(self.row_table, parts.row(self.prove, self.export, -1, space=theme.M))

    def _prove(self) -> None:
        self._follow(self.prove, self._oversight.prove(), self._proven)

    def _proven(self, proof: RecordProof) -> None:
        if proof.first_bad:
            what = {
                "altered": self.tr("altered"),
                "removed": self.tr("removed"),
                "moved": self.tr("moved"),
                "cut": self.tr("cut off"),
            }
            said = self.tr("The record is not whole. First bad row: {row}, {what}.")
            kind = what.get(proof.what, proof.what)
            self.banner.say(said.format(row=proof.first_bad, what=kind), "danger")
            return
        said = self.tr("The record is whole: {rows} rows, {seen} witnessed by the province.")
        text = said.format(rows=proof.rows, seen=proof.witnessed)
        if proof.clock_doubtful:
            text += " " + self.tr("The clock was moved back and is not yet confirmed.")
        self.banner.say(text, "warning" if proof.clock_doubtful else "success")

    def _export(self) -> None:
        ask_for_folder(self, self.tr("Choose a folder"), self.tr("Choose"), self.export_to)

    def export_to(self, folder: str) -> None:
        """Write the record with its verifier into `folder`."""
        self._follow(self.export, self._oversight.export_record(Path(folder)), self._written)

    # A person's data --------------------------------------------------------------------

    def _person_view(self) -> QWidget:
        self.whom, self.reason, self.phrase = QLineEdit(), QLineEdit(), secret_line()
        self.look = parts.button("", "primary", icon="search", clicked=self._find)
        self.copy = parts.button("", icon="save", clicked=self._copy)
        self.found: RowModel[PersonLine] = RowModel(
            (
                lambda row: (self._kind(row.kind), ""),
                lambda row: (row.number, ""),
                lambda row: (row.what, ""),
            )
        )
        self.found_table = table(self.found)
        widths(self.found_table, (180, 260, 300), stretched=2)
        asked = parts.row(self.whom, self.reason, self.look, space=theme.M)
        asked.setStretch(0, 1)
        asked.setStretch(1, 1)
        copied = parts.row(self.phrase, self.copy, -1, space=theme.M)
        self.phrase.setMinimumWidth(320)
        self.whom.returnPressed.connect(self.reason.setFocus)
        self.reason.returnPressed.connect(self._find)
        self.hint = parts.label("", "caption", wrap=True)
        return _view(self.hint, asked, self.found_table, copied)

    def _kind(self, kind: str) -> str:
        return {
            "case": self.tr("Applicant of a case"),
            "named": self.tr("Named in a case"),
            "draft": self.tr("Draft"),
            "certificate": self.tr("Certificate"),
            "consent": self.tr("Consent"),
        }[kind]

    def _find(self) -> None:
        whom, reason = self.whom.text().strip(), self.reason.text().strip()
        if whom and reason:
            self._follow(self.look, self._oversight.find(whom, reason), self._show_found)
        else:
            self.banner.say(self.tr("Type whom to look for, and why."), "warning")

    def _show_found(self, lines: Sequence[PersonLine]) -> None:
        self.found.show_rows(tuple(lines))
        self.banner.say(self.tr("{n} places found.").format(n=len(lines)), "info")

    def _copy(self) -> None:
        ask_for_folder(self, self.tr("Choose a folder"), self.tr("Choose"), self.copy_to)

    def copy_to(self, folder: str) -> None:
        """Write a sealed copy of everything about the person into `folder`."""
        future = self._oversight.copy_of(
            self.whom.text().strip(), self.reason.text().strip(), self.phrase.text(), Path(folder)
        )
        self.phrase.clear()
        self._follow(self.copy, future, self._written)

    # Shared -----------------------------------------------------------------------------

    def _written(self, path: Path) -> None:
        self.banner.say(self.tr("Written: {name}").format(name=path.name), "success")

    def _follow(self, button: QPushButton, future: Future[T], done: Callable[[T], None]) -> None:
        button.setEnabled(False)

        def finished(result: T) -> None:
            button.setEnabled(True)
            done(result)

        def failed(error: Exception) -> None:
            button.setEnabled(True)
            self.explain(error)

        self._gui.deliver(future, to=self, done=finished, failed=failed)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Oversight"))
        for button, text in (
            (self.switch[0], self.tr("Drafts of others")),
            (self.switch[1], self.tr("Record")),
            (self.switch[2], self.tr("A person's data")),
            (self.take, self.tr("Take over")),
            (self.prove, self.tr("Prove the record")),
            (self.export, self.tr("Export for auditors")),
            (self.look, self.tr("Find")),
            (self.copy, self.tr("Write a sealed copy")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
        self.draft_table.setAccessibleName(self.tr("Drafts of others"))
        self.row_table.setAccessibleName(self.tr("Record"))
        self.found_table.setAccessibleName(self.tr("Where the person appears"))
        self.no_drafts.setText(self.tr("Nobody else has a draft here."))
        self.hint.setText(
            self.tr("Finding and copying stand on record with the reason, never with the answers.")
        )
        for field, text in (
            (self.whom, self.tr("ID number, telephone number or whole name")),
            (self.reason, self.tr("Reason (stands on record)")),
            (self.phrase, self.tr("Pass-phrase of the copy, 12 characters or more")),
        ):
            field.setPlaceholderText(text)
            field.setAccessibleName(text)
        self.drafts.set_heads(
            self.tr("Service"), self.tr("Applicant"), self.tr("Whose"), self.tr("Saved")
        )
        self.rows.set_heads(
            self.tr("Row"),
            self.tr("Time"),
            "",
            self.tr("Operator"),
            self.tr("Act"),
            self.tr("On"),
            self.tr("Detail"),
        )
        self.found.set_heads(self.tr("As"), self.tr("Number"), self.tr("What"))

    def refresh(self) -> None:
        """Read the view of the moment again."""
        at = self.stack.currentIndex()
        if at == 0 and "take_over" in self._rights:
            chosen = max(0, self.draft_table.currentIndex().row())
            self.drafts.show_rows(tuple(self._oversight.drafts()))
            empty = not self.drafts.rows
            self.no_drafts.setVisible(empty)
            self.draft_table.setVisible(not empty)
            self.take.setEnabled(not empty)
            if not empty:
                self.draft_table.selectRow(min(chosen, len(self.drafts.rows) - 1))
        if at == 1 and "read_audit" in self._rights:
            self.rows.show_rows(tuple(self._oversight.rows()))


def _view(*items: object) -> QWidget:
    made = QWidget()
    made.setProperty("ground", "none")
    made.setLayout(parts.column(*items, space=theme.M))  # type: ignore[arg-type]
    return made
