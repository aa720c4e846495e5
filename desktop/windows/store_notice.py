"""A line under the top bar: the store was made again, or the disk runs out of room."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from desktop import parts
from desktop.care import Care
from desktop.parts import Tone
from desktop.sentences import joined
from store.views import Recovery

SHOWN = 12  # case numbers named in the line; `lastmile-admin recoveries` names them all


class StoreNotice(QWidget):
    """Says what a person must know about the store; hidden while there is nothing."""

    def __init__(self, care: Care | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._care = care
        self._understood = False
        self.recovered, self.room = parts.Banner(), parts.Banner()
        self.recovered.action.clicked.connect(self._understand)
        self.setLayout(parts.column(self.recovered, self.room, space=4, margin=(24, 8, 24, 0)))
        self.refresh()

    def refresh(self) -> None:
        """Look again; called after each change of the store."""
        if self._care is None:
            self.hide()
            return
        state = self._care.store_state()
        made = None if self._understood else state.recovery
        tone: Tone = "success" if made is not None and made.complete else "danger"
        self.recovered.say(self._recovered(made) if made else "", tone)
        self.recovered.action.setText(self.tr("Understood"))
        self.recovered.action.setVisible(made is not None)
        self.room.say(
            {
                "plenty": "",
                "low": self.tr("The disk is getting full: {n} MB left. Free some space."),
                "stop": self.tr(
                    "The disk is almost full: {n} MB left. Nothing new is begun until there is"
                    " space; what is open can still be saved and sent."
                ),
            }[state.room].format(n=state.free_mib),
            "danger" if state.room == "stop" else "warning",
        )
        self.setVisible(made is not None or state.room != "plenty")

    def _recovered(self, made: Recovery) -> str:
        if made.snapshot is None:
            source = self.tr("The data file was damaged and was made anew from the journal.")
        else:
            source = self.tr(
                "The data file was damaged and was made anew from the backup of {when} and the"
                " journal."
            ).format(when=f"{made.snapshot.astimezone():%Y-%m-%d %H:%M}")
        if made.complete:
            back = self.tr("All {n} cases and everything that was saved are back.")
            said = [source, back.format(n=made.cases)]
        else:
            said = [source, self.tr("{n} cases are back.").format(n=made.cases), *self._lost(made)]
        kept = self.tr("The damaged files are kept in {folder}.").format(folder=made.aside)
        return joined(*said, kept)

    def _lost(self, made: Recovery) -> list[str]:
        said = []
        if made.cases_lost:
            named = self.tr(", ").join(made.cases_lost[:SHOWN])
            said.append(
                self.tr("Not back are {n} cases: {numbers}. Take them in again.").format(
                    n=len(made.cases_lost), numbers=named
                )
            )
        if made.changes_lost:
            said.append(
                self.tr("{n} saved steps are not back; look through the drafts.").format(
                    n=made.changes_lost
                )
            )
        if made.files_lost:
            named = self.tr(", ").join(sorted({n for n in made.files_lost if n})[:SHOWN])
            said.append(
                self.tr("{n} attachments are missing; cases: {numbers}.").format(
                    n=len(made.files_lost), numbers=named or "-"
                )
            )
        if not made.journal:
            said.append(self.tr("What was done after the backup is not known on this computer."))
        return said

    def _understand(self) -> None:
        self._understood = True
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)
