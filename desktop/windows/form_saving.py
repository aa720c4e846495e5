"""When a draft is saved, and what may be said about it.

A change is saved at the latest 2 s after it was made; further changes do not put that off. What
is shown is true: "saved" with its time only while nothing newer waits.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

DELAY_MS = 2000
RETRY_MS = 5000


class Deliver(Protocol):
    """Calls `done` or `failed` on the GUI thread, or neither if `to` is gone by then."""

    def __call__(
        self,
        future: Future[Any],
        *,
        to: QObject,
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Wait for `future` without blocking."""


class Saving(QObject):
    """Saves through `save` and says how it went.

    Signals:
        changed: State is "clean", "waiting", "saving", "saved" or "failed"; the words of the
            failure; and the time of the last save.
    """

    changed = Signal(str, str, object)
    due = Signal()

    def __init__(
        self,
        save: Callable[[], Future[Any]],
        deliver: Deliver,
        *,
        now: Callable[[], datetime],
        explain: Callable[[Exception], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._save = save
        self._deliver = deliver
        self._now = now
        self._explain = explain
        self._edits = 0  # changes noted so far
        self._kept = 0  # changes that are in the store for certain
        self.saved_at: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._due)

    @property
    def dirty(self) -> bool:
        """Whether something is not in the store yet."""
        return self._kept < self._edits

    def note(self) -> None:
        """Something changed."""
        self._edits += 1
        self.wait()
        self.changed.emit("waiting", "", self.saved_at)

    def wait(self) -> None:
        """Save in 2 s at the latest."""
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def now(self) -> None:
        """Save at once, if there is anything to save."""
        self._timer.stop()
        if not self.dirty:
            return
        upto = self._edits
        self.changed.emit("saving", "", self.saved_at)
        self._deliver(
            self._save(),
            to=self,
            done=lambda _result: self._done(upto),
            failed=self._failed,
        )

    def settle(self) -> None:
        """Nothing is to be saved any more: the draft has become a case."""
        self._timer.stop()
        self._kept = self._edits

    def _due(self) -> None:
        self.due.emit()
        self.now()

    def _done(self, upto: int) -> None:
        self._kept = max(self._kept, upto)
        self.saved_at = self._now()
        self.changed.emit("waiting" if self.dirty else "saved", "", self.saved_at)

    def _failed(self, error: Exception) -> None:
        self._timer.start(RETRY_MS)
        self.changed.emit("failed", self._explain(error), self.saved_at)
