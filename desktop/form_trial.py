"""Form windows on forms that somebody is writing: shown as they will be, nothing kept or sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from casework import trial
from casework.catalogue import spell_all
from casework.filling import Filling
from casework.office import Office
from desktop import messages
from desktop.gui_thread import GuiThread
from desktop.questions.base import Surroundings
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors

T = TypeVar("T")


class Trials(QObject):
    """The trials of one signed-in operator. GUI thread only.

    Signals:
        failed: The error of a form that cannot be shown.
    """

    failed = Signal(object)

    def __init__(
        self,
        office: Office,
        gui: GuiThread,
        workers: Executor,
        language: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._office, self._gui, self._workers, self._language = office, gui, workers, language
        self.windows: list[FormWindow] = []

    def begin(self, path: str) -> None:
        """Show the form in a file."""
        made = self._workers.submit(
            trial.begin, self._office, Path(path), language=self._language()
        )
        self._gui.deliver(made, to=self, done=self._show, failed=self.failed.emit)

    def close(self) -> None:
        """Close all; before lock and end."""
        for window in tuple(self.windows):
            window.close()

    def _show(self, made: Filling) -> None:
        name = made.package.name.zh
        window = FormWindow(
            made, self._doors(made), title=self.tr("Trial: {name}").format(name=name)
        )
        window.saved_label.hide()  # nothing is
        window.notice.say(self.tr("This is a trial. Nothing is kept and nothing is sent."))
        window.accept_requested.connect(
            lambda: window.notice.say(
                self.tr("The form would be accepted like this. Nothing was kept."), "success"
            )
        )
        window.closed.connect(lambda: self._forget(window))
        self.windows.append(window)
        window.resize(1366, 768)
        window.show()

    def _doors(self, made: Filling) -> FormDoors:
        files: dict[str, bytes] = {}

        def attach(_ref: str, name: str, _media_type: str, data: bytes) -> Future[str]:
            kept = f"trial-{len(files)}{Path(name).suffix}"
            files[kept] = data
            return _ready(kept)

        return FormDoors(
            autosave=lambda: _ready(None),
            attach=attach,
            deliver=self._gui.deliver,
            explain=messages.say,
            around=Surroundings(
                pinyin=spell_all,
                media=lambda name: made.package.files.get(name.rpartition("/")[2]),
                attachment=files.get,
            ),
            now=self._office.now,
        )

    def _forget(self, window: FormWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            window.deleteLater()


def _ready(value: T) -> Future[T]:
    made: Future[T] = Future()
    made.set_result(value)
    return made
