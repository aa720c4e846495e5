"""From "start" to "accepted": opens form windows and carries their wishes to casework.

GUI thread only. Opening and attaching run on workers; saving and accepting on the writer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from casework import documents, filling, reading
from casework.catalogue import spell_all
from casework.errors import Incomplete
from casework.filling import Filling
from casework.office import Office
from desktop import messages
from desktop.gui_thread import GuiThread
from desktop.office_desk import DRAFT
from desktop.office_forms import version_note
from desktop.office_held import OfficeHeld
from desktop.questions.base import Surroundings
from desktop.settings import Settings
from desktop.windows.characters import offer as offer_characters
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors


class FormFlow(QObject):
    """The form windows of one signed-in operator.

    Signals:
        accepted: Id of the case that a draft became.
        failed: The error of something that could not be opened.
    """

    accepted = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        office: Office,
        gui: GuiThread,
        workers: Executor,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._office, self._gui, self._workers, self._settings = office, gui, workers, settings
        self.windows: dict[UUID, FormWindow] = {}
        self._fillings: dict[UUID, Filling] = {}
        self._stop_listening = office.store.on_change(lambda: gui.call(self, self._show_versions))

    def start(self, service_id: str) -> None:
        """Begin a new draft of a service."""
        office, language = self._office, self._settings().language

        def make() -> Filling:
            version = office.catalogue.get(service_id).version  # another may be offered meanwhile
            form = office.catalogue.whole_form(service_id, version)
            return filling.begin(office, service_id, form, language=language, version=version)

        self._open(make)

    def resume(self, case_id: str) -> None:
        """Go on with a draft, or correct a case that was returned."""
        office = self._office
        if case_id.startswith(DRAFT):
            draft_id = UUID(case_id.removeprefix(DRAFT))
            if draft_id in self.windows:
                self._raise(self.windows[draft_id])
                return

            def make() -> Filling:
                draft = reading.own_draft(office, draft_id)
                form = office.catalogue.whole_form(draft.service_id, draft.service_version)
                return filling.reopen(office, draft_id, form)
        else:

            def make() -> Filling:
                row = reading.get_case(office, UUID(case_id)).row
                form = office.catalogue.form(row.service_id, row.service_version)
                return filling.begin_supplement(office, row.id, form)

        self._open(make)

    def flush(self) -> None:
        """Put everything typed into the store and close all windows; before lock and end."""
        self._stop_listening()
        for window in tuple(self.windows.values()):
            window.save_now()
            window.close()
            window.hide()
            window.deleteLater()
        self.windows.clear()

    def _open(self, make: Callable[[], Filling]) -> None:
        self._gui.deliver(
            self._workers.submit(make), to=self, done=self._show, failed=self.failed.emit
        )

    def _show(self, made: Filling) -> None:
        if made.id in self.windows:
            self._raise(self.windows[made.id])
            return
        title = made.package.name.get(self._settings().language)
        window = FormWindow(made, self._doors(made), title=title)
        window.accept_requested.connect(lambda: self._accept(made, window))
        window.closed.connect(lambda: self._forget(made.id))
        self.windows[made.id] = window
        self._fillings[made.id] = made
        window.resize(1366, 768)
        window.notice.say(version_note(self._office, made.package))
        offer_characters(window, self._office, self._gui, self._workers)
        window.show()
        window.turn_to(0)

    def _show_versions(self) -> None:
        """Say in open windows that a newer version has come."""
        for draft, window in self.windows.items():
            window.notice.say(version_note(self._office, self._fillings[draft].package))

    def _doors(self, made: Filling) -> FormDoors:
        office, folder = self._office, self._settings().scan_folder

        def autosave() -> Future[datetime]:
            return filling.autosave(office, made)

        def attach(ref: str, name: str, media_type: str, data: bytes) -> Future[str]:
            def keep() -> str:
                return filling.attach(
                    office, made, ref, name=name, media_type=media_type, data=data
                )

            return self._workers.submit(keep)

        return FormDoors(
            autosave=autosave,
            attach=attach,
            deliver=self._gui.deliver,
            explain=messages.say,
            around=Surroundings(
                pinyin=spell_all,
                media=lambda name: made.package.files.get(name.rpartition("/")[2]),
                attachment=lambda name: filling.attachment(office, made, name),
                watch_folder=Path(folder) if folder else None,
                unprintable=lambda text: documents.unprintable(office, text),
            ),
            grades=made.package.grades,
            now=office.now,
            held=OfficeHeld(office, made, self._workers),
        )

    def _accept(self, made: Filling, window: FormWindow) -> None:
        window.set_busy(True)
        try:
            future = filling.accept(self._office, made)
        except Incomplete:
            window.set_busy(False)
            window.accept()
            return
        self._gui.deliver(
            future,
            to=window,
            done=lambda case_id: self._done(made, window, case_id),
            failed=lambda error: self._not_accepted(window, error),
        )

    def _done(self, made: Filling, window: FormWindow, case_id: Any) -> None:
        self.windows.pop(made.id, None)
        window.saving.settle()
        window.close()
        window.deleteLater()
        self.accepted.emit(str(case_id))

    def _not_accepted(self, window: FormWindow, error: Exception) -> None:
        window.set_busy(False)
        self.failed.emit(error)

    def _forget(self, draft_id: UUID) -> None:
        self._fillings.pop(draft_id, None)
        window = self.windows.pop(draft_id, None)
        if window is not None:
            window.deleteLater()

    @staticmethod
    def _raise(window: FormWindow) -> None:
        window.show()
        window.raise_()
        window.activateWindow()
