"""Follows jobs in the queue to their end, without ever holding up a window or a worker."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from desktop import print_queue, spooler
from desktop.gui_thread import GuiThread
from desktop.print_errors import JobWaiting, PrinterError, QueueSilent
from desktop.print_queue import Job, Sight

PAUSE_S = 1.0
SLOW_PAUSE_S = 5.0
LATE_S = 60.0
SILENT_LOOKS = 3


@dataclass
class _Followed:
    job: Job
    waited_s: float = 0.0
    silent: int = 0
    said: str = ""


def _look(job: Job) -> Sight:
    return spooler.look(job) if spooler.here() else print_queue.look(job)


class JobWatch(QObject):
    """Looks after each job every second, and every five once it is late. GUI thread only.

    Each look is a short task of a worker, so a printer without paper occupies nobody.

    Signals:
        moved: (Job, PrinterError or None): what keeps the job waiting now; None: it goes on.
        ended: (Job, Sight): it is printed, cancelled, failed or lost; said once.
    """

    moved = Signal(object, object)
    ended = Signal(object, object)

    def __init__(
        self,
        gui: GuiThread,
        workers: Executor,
        *,
        pause_s: float = PAUSE_S,
        slow_pause_s: float = SLOW_PAUSE_S,
        late_s: float = LATE_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._gui, self._workers = gui, workers
        self._pause_s, self._slow_pause_s, self._late_s = pause_s, slow_pause_s, late_s
        self._followed: dict[str, _Followed] = {}

    def follow(self, job: Job) -> None:
        """Follow a job until it ends."""
        self._followed[job.id] = _Followed(job)
        self._later(self._followed[job.id])

    def _later(self, followed: _Followed) -> None:
        late = followed.waited_s >= self._late_s
        pause_s = self._slow_pause_s if late else self._pause_s
        followed.waited_s += pause_s
        QTimer.singleShot(round(pause_s * 1000), self, lambda: self._look(followed))

    def _look(self, followed: _Followed) -> None:
        self._gui.deliver(
            self._workers.submit(_look, followed.job),
            to=self,
            done=lambda sight: self._seen(followed, sight),
            failed=lambda _error: self._heard_nothing(followed),
        )

    def _seen(self, followed: _Followed, sight: Sight) -> None:
        followed.silent = 0
        if sight.stage != "open":
            del self._followed[followed.job.id]
            self.ended.emit(followed.job, sight)
            return
        late = followed.waited_s >= self._late_s
        self._say(followed, sight.trouble or (JobWaiting() if late else None))
        self._later(followed)

    def _heard_nothing(self, followed: _Followed) -> None:
        followed.silent += 1
        if followed.silent >= SILENT_LOOKS:
            self._say(followed, QueueSilent())
        self._later(followed)

    def _say(self, followed: _Followed, trouble: PrinterError | None) -> None:
        code = trouble.code if trouble else ""
        if code != followed.said:  # once, not every second
            followed.said = code
            self.moved.emit(followed.job, trouble)
