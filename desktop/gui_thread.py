"""The one door from plain Python threads back to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class GuiThread(QObject):
    """Hands results of other threads to windows.

    Made on the GUI thread. `deliver` and `call` may be used from any thread; whatever they are
    given runs on the GUI thread, or not at all if the receiver is gone by then.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(
        self,
        future: Future[T],
        *,
        to: QObject,
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Call `done(result)` or `failed(error)` once, later, on the GUI thread.

        Args:
            future: What is awaited; a cancelled one calls neither.
            to: The window that wants to hear; once it is gone, nothing is called.
            done: Gets the result.
            failed: Gets the error.
        """

        def report(finished: Future[T]) -> None:
            self._post(to, lambda: _hand_over(finished, done, failed))

        future.add_done_callback(report)

    def call(self, to: QObject, action: Callable[[], object]) -> None:
        """Call `action()` on the GUI thread unless `to` is gone by then."""
        self._post(to, action)

    def _post(self, to: QObject, action: Callable[[], object]) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit((to, action))

    @Slot(object)
    def _run(self, parcel: tuple[QObject, Callable[[], object]]) -> None:
        to, action = parcel
        if shiboken6.isValid(to):
            action()


def _hand_over(
    finished: Future[T], done: Callable[[T], object], failed: Callable[[Exception], object]
) -> None:
    if finished.cancelled():
        return
    error: Any = finished.exception()
    if error is None:
        done(finished.result())
    elif isinstance(error, CancelledError):
        return
    elif isinstance(error, Exception):
        failed(error)
    else:
        raise error
