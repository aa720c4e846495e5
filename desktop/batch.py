"""Many documents to one printer or folder: a few under way at a time, each followed to its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop import messages, print_queue, printer, spooler
from desktop.corrections import Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.paper_desk import COUNTED_FILES, Document
from desktop.print_errors import PrinterError, QueueSilent
from desktop.print_queue import Job, Sight, Ways
from desktop.print_watch import JobWatch
from printing.raster import moved, size_mm

UNDER_WAY = 6
LOOK_S = 0.3
Stage = Literal["waiting", "underway", "queued", "stuck", "printed", "failed", "unsure"]


@dataclass(frozen=True)
class Target:
    """Where a batch goes: a printer's tray, or a folder where `folder` is set."""

    printer: str = ""
    tray: str = ""
    folder: Path | None = None


@dataclass(frozen=True)
class Fate:
    """Where one document of a batch is, and the code of what keeps it; "" for nothing."""

    stage: Stage
    code: str = ""


@dataclass
class Tally:
    """How far a batch is, document by document, in the order in which they print.

    Attributes:
        total: How many were asked for.
        fates: By document id; none of those that were still waiting when it was cancelled.
    """

    total: int = 0
    fates: dict[str, Fate] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many came out."""
        return sum(fate.stage == "printed" for fate in self.fates.values())

    @property
    def failed(self) -> dict[str, str]:
        """Code by document id of those that did not, or of which nobody can say."""
        ended = ("failed", "unsure")
        return {key: fate.code for key, fate in self.fates.items() if fate.stage in ended}

    @property
    def stuck(self) -> dict[str, str]:
        """Code by document id of what keeps jobs waiting in their queue now."""
        return {key: fate.code for key, fate in self.fates.items() if fate.stage == "stuck"}


class Batch(QObject):
    """One run over documents. GUI thread only; the work is done by `workers`.

    Each copy is counted before it moves and noted when its job has ended. The next one is begun
    when the queue has the one before, so sheets come out in the order given. Cancelling sends
    nothing more; what the printer already has is still followed to its end.

    Signals:
        moved: (Tally) whenever the fate of a document changes, named by `latest`.
        ended: (Tally) once, when nothing is under way.
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
        self._target, self._reason = Target(), ""
        self._handing_over = False
        self._under_way = 0
        self._jobs: dict[str, tuple[Job, Document]] = {}  # in the order of the queue
        self._troubles: dict[str, str] = {}  # by job: the code of what keeps it waiting
        self.tally, self.latest = Tally(), ""
        self.watch = JobWatch(gui, workers, pause_s=LOOK_S, parent=self)
        self.watch.ended.connect(self._job_ended)
        self.watch.moved.connect(self._job_waits)

    @property
    def running(self) -> bool:
        """Whether anything is waiting or under way."""
        return bool(self._waiting) or self._under_way > 0

    @property
    def queued(self) -> int:
        """How many jobs the queue has now."""
        return len(self._jobs)

    def start(self, documents: Sequence[Document], target: Target, reason: str = "") -> None:
        """Begin; does nothing while a run is under way.

        Args:
            documents: In the order in which they are to come out.
            target: Where they go.
            reason: Why those are printed again that came out before.
        """
        if self.running or not documents:
            return
        self._waiting, self._target, self._reason = deque(documents), target, reason
        self.tally = Tally(len(documents), {each.id: Fate("waiting") for each in documents})
        self._go_on()

    def cancel(self) -> None:
        """Send nothing more."""
        for document in self._waiting:
            del self.tally.fates[document.id]
        self._waiting.clear()
        if not self._under_way:
            self.ended.emit(self.tally)

    def take_back(self) -> None:
        """Take the jobs that have not come out yet out of the queue, as far as it lets go."""
        take = spooler.take_back if spooler.here() else print_queue.take_back
        for job, _document in self._jobs.values():
            self._workers.submit(take, job)  # what became of it, the queue says

    def _go_on(self) -> None:
        if self._waiting and not self._handing_over and self._under_way < UNDER_WAY:
            self._handing_over = True
            self._under_way += 1
            self._begin(self._waiting.popleft())

    def _tell(self, document: Document, stage: Stage, code: str = "") -> None:
        self.tally.fates[document.id], self.latest = Fate(stage, code), document.id
        self.moved.emit(self.tally)

    def _begin(self, document: Document) -> None:
        self._tell(document, "queued" if self._jobs else "underway")
        self._gui.deliver(
            self._made(document),
            to=self,
            done=lambda pdf: self._send(document, pdf),
            failed=lambda error: self._finish(document, "failed", messages.code_of(error)),
        )

    def _made(self, document: Document) -> Future[bytes]:
        if not self._counts(document):
            return self._desk.pdf(document.id)
        reason = self._reason if document.copies else ""
        way: Literal["paper", "file"] = "file" if self._target.folder else "paper"
        return self._desk.count_copy(document.id, reason, way=way)

    def _counts(self, document: Document) -> bool:
        return self._target.folder is None or document.kind in COUNTED_FILES

    def _send(self, document: Document, pdf: bytes) -> None:
        self._gui.deliver(
            self._workers.submit(self._carry, document, pdf),
            to=self,
            done=lambda job: self._sent(document, job),
            failed=lambda error: self._not_sent(document, error),
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
        if job is None:  # a file
            self._settle(document, "")
            return
        self._jobs[job.id] = (job, document)
        self._desk.note_job(document.id, job.id)
        self.watch.follow(job)
        self._handing_over = False
        self._show_queue()
        self._go_on()

    def _not_sent(self, document: Document, error: Exception) -> None:
        if isinstance(error, QueueSilent):  # it may have taken the job or not
            self._finish(document, "unsure", messages.code_of(error))
        else:
            self._settle(document, messages.code_of(error))

    def _job_waits(self, job: Job, trouble: PrinterError | None) -> None:
        self._troubles[job.id] = messages.code_of(trouble) if trouble else ""
        self._show_queue()

    def _show_queue(self) -> None:
        # what stops a printer is the trouble of the first job; the others only stand behind it
        for at, (job, document) in enumerate(self._jobs.values()):
            code = self._troubles.get(job.id, "") if at == 0 else ""
            stage: Stage = "queued" if at else "stuck" if code else "underway"
            if self.tally.fates[document.id] != Fate(stage, code):
                self._tell(document, stage, code)

    def _job_ended(self, job: Job, sight: Sight) -> None:
        _job, document = self._jobs.pop(job.id)
        self._troubles.pop(job.id, None)
        self._show_queue()
        trouble = print_queue.verdict(sight)
        code = messages.code_of(trouble) if trouble else ""
        if sight.stage == "lost":  # stays open: only the clerk can tell, at its preview
            self._finish(document, "unsure", code, handed_over=True)
            return
        self._settle(document, code, handed_over=True)

    def _settle(self, document: Document, code: str, *, handed_over: bool = False) -> None:
        stage: Stage = "failed" if code else "printed"
        if not self._counts(document):
            self._finish(document, stage, code)
            return
        self._gui.deliver(
            self._desk.note_outcome(document.id, printed=not code, trouble=code),
            to=self,
            done=lambda _none: self._finish(document, stage, code, handed_over=handed_over),
            failed=lambda error: self._finish(
                document, "unsure", messages.code_of(error), handed_over=handed_over
            ),
        )

    def _finish(
        self, document: Document, stage: Stage, code: str, *, handed_over: bool = False
    ) -> None:
        self._under_way -= 1
        if not handed_over:
            self._handing_over = False
        self._tell(document, stage, code)
        self._go_on()
        if not self.running:
            self.ended.emit(self.tally)


def _file_name(document: Document) -> str:
    # the number and the kind alone: file names tell nothing about a person
    kind = "" if document.kind == "certificate" else f"-{document.kind}"
    kept = (c if c.isalnum() or c in "-_" else "-" for c in f"{document.number}{kind}")
    return "".join(kept) or "document"
