"""Many documents to one printer or folder: a few under way at a time, each followed to its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import messages, print_queue, printer
from desktop.corrections import Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.paper_desk import Document
from desktop.print_errors import PrinterError
from desktop.print_queue import Job, Sight, Ways
from desktop.print_watch import JobWatch
from printing.raster import moved, size_mm

UNDER_WAY = 6
LOOK_S = 0.3


@dataclass(frozen=True)
class Target:
    """Where a batch goes: a printer's tray, or a folder where `folder` is set."""

    printer: str = ""
    tray: str = ""
    folder: Path | None = None


@dataclass
class Tally:
    """How far a batch is. `failed` has the code by document id."""

    total: int
    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Batch(QObject):
    """One run over documents. GUI thread only; the work is done by `workers`.

    Each copy is counted before it moves and noted when its job has ended. Cancelling sends
    nothing more; what the printer already has is still followed to its end.

    Signals:
        moved: (Tally) after each document. ended: (Tally) once, when nothing is under way.
    """

    moved = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        corrections: Corrections | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._gui, self._workers = desk, gui, workers
        self._corrections = corrections
        self._waiting: deque[Document] = deque()
        self._target = Target()
        self._under_way = 0
        self._jobs: dict[str, Document] = {}
        self.tally = Tally(0)
        self.watch = JobWatch(gui, workers, pause_s=LOOK_S, parent=self)
        self.watch.ended.connect(self._job_ended)

    @property
    def running(self) -> bool:
        """Whether anything is waiting or under way."""
        return bool(self._waiting) or self._under_way > 0

    def start(self, documents: Sequence[Document], target: Target) -> None:
        """Begin; does nothing while a run is under way."""
        if self.running or not documents:
            return
        self._waiting, self._target = deque(documents), target
        self.tally = Tally(len(documents))
        self._go_on()

    def cancel(self) -> None:
        """Send nothing more."""
        self._waiting.clear()
        if not self._under_way:
            self.ended.emit(self.tally)

    def _go_on(self) -> None:
        while self._waiting and self._under_way < UNDER_WAY:
            self._under_way += 1
            self._begin(self._waiting.popleft())

    def _begin(self, document: Document) -> None:
        way = "file" if self._target.folder else "paper"
        self._gui.deliver(
            self._desk.count_copy(document.id, "", way=way),  # type: ignore[arg-type]
            to=self,
            done=lambda pdf: self._send(document, pdf),
            failed=lambda error: self._finish(document, messages.code_of(error)),
        )

    def _send(self, document: Document, pdf: bytes) -> None:
        self._gui.deliver(
            self._workers.submit(self._carry, document, pdf),
            to=self,
            done=lambda job: self._sent(document, job),
            failed=lambda error: self._settle(document, messages.code_of(error)),
        )

    def _carry(self, document: Document, pdf: bytes) -> Job | None:
        # on a worker
        target = self._target
        if target.folder is not None:
            printer.save(pdf, target.folder / f"{_file_name(document)}.pdf")
            return None
        ways = Ways(paper_mm=size_mm(pdf), tray=target.tray)
        if self._corrections is not None:
            line = self._corrections.find(target.printer, target.tray, document.template)
            pdf = moved(pdf, line.matrix) if line else pdf
        return print_queue.hand_over(pdf, target.printer, ways)

    def _sent(self, document: Document, job: Job | None) -> None:
        if job is None:
            self._settle(document, "")
            return
        self._jobs[job.id] = document
        self._desk.note_job(document.id, job.id)
        self.watch.follow(job)

    def _job_ended(self, job: Job, sight: Sight) -> None:
        document = self._jobs.pop(job.id)
        trouble: PrinterError | None = print_queue.verdict(sight)
        if sight.stage == "lost":  # stays open: only the clerk can tell, at its preview
            self._finish(document, messages.code_of(trouble) if trouble else "")
            return
        self._settle(document, messages.code_of(trouble) if trouble else "")

    def _settle(self, document: Document, code: str) -> None:
        self._gui.deliver(
            self._desk.note_outcome(document.id, printed=not code, trouble=code),
            to=self,
            done=lambda _none: self._finish(document, code),
            failed=lambda error: self._finish(document, messages.code_of(error)),
        )

    def _finish(self, document: Document, code: str) -> None:
        self._under_way -= 1
        if code:
            self.tally.failed[document.id] = code
        else:
            self.tally.done += 1
        self.moved.emit(self.tally)
        self._go_on()
        if not self.running:
            self.ended.emit(self.tally)


def _file_name(document: Document) -> str:
    # the number alone: file names tell nothing about a person
    kept = (c if c.isalnum() or c in "-_" else "-" for c in document.number)
    return "".join(kept) or "document"
