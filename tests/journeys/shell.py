"""A window over an office, as `desktop.app` puts it together, without a network of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casework.office import Office
from desktop import theme
from desktop.gui_thread import GuiThread
from desktop.journey import Clerk
from desktop.office_desk import OfficeDesk
from desktop.settings import Settings
from desktop.windows.main import MainWindow
from printing.raster import pages
from sync.loop import SyncState


class Shell:
    """The shell of one office; pictures go to the folder LASTMILE_PICTURES, if it is set."""

    def __init__(self, qtbot: QtBot, office: Office, workers: ThreadPoolExecutor) -> None:
        self._qtbot, self.office = qtbot, office
        desk = OfficeDesk(
            office,
            workers,
            language=lambda: "zh",
            state=lambda: SyncState("offline", error_code="S101"),
            send=lambda: None,
        )
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        self.window = MainWindow(desk, GuiThread(), workers, pages, Settings())
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()

    def until(self, look: Callable[[], object], _what: str) -> object:
        self._qtbot.waitUntil(lambda: bool(look()), timeout=20_000)
        return look()

    def picture(self, name: str, of: QWidget | None = None) -> None:
        if folder := os.environ.get("LASTMILE_PICTURES"):
            QApplication.processEvents()
            (of or self.window).grab().save(f"{folder}/{name}.png")


def finish(clerk: Clerk) -> None:
    """End the desktop, and its language with it: other tests read their windows in English."""
    clerk.desktop.interpreter.speak("en")
    QCoreApplication.processEvents()  # the windows hear of it while their office is open
    clerk.desktop.end()
