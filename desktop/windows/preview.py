"""A document as it will stand on paper, to look at, print and save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop import messages, parts, print_queue, printer, spooler, theme
from desktop.corrections import IDENTITY, Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.paper_desk import COUNTED_FILES, Document, OpenCopy
from desktop.print_errors import (
    ClerkSaysNot,
    JobLost,
    NoPrinter,
    NotWritten,
    PrinterError,
    QueueSilent,
)
from desktop.print_queue import Job, PrinterLine, Sight, Ways
from desktop.print_watch import JobWatch
from desktop.windows.base import Page
from desktop.windows.print_panel import PrintPanel
from printing.art import Matrix
from printing.raster import moved

Rasterise = Callable[[bytes, int], Iterable[printer.Picture]]
SCREEN_DPI = 144


class Preview(Page):
    """Pages on the left, what can be done with them on the right.

    A copy is counted before its job is made; what became of it is noted when the job has ended,
    after a restart too. Until then its document cannot be printed again. Where nobody can know, the
    clerk is asked. A certificate saved as a file is counted and marked like one on paper.

    Signals:
        back_wanted: ().
    """

    back_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        rasterise: Rasterise,
        corrections: Corrections | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._corrections = corrections
        self._desk, self._gui, self._workers, self._rasterise = desk, gui, workers, rasterise
        self._document: Document | None = None
        self._pdf, self._sheets = b"", 0
        self._paper_mm: tuple[float, float] | None = None
        self._underway: set[str] = set()  # documents whose copy was asked for and has not ended
        self._unsure: set[str] = set()  # those of which only the clerk can tell
        self._jobs: dict[str, tuple[Job, str]] = {}  # by job: the document printed
        self._troubles: dict[str, PrinterError | None] = {}  # by document: what keeps its job
        self.watch = JobWatch(gui, workers, parent=self)
        self.watch.moved.connect(self._moved)
        self.watch.ended.connect(self._ended)
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        paper = QWidget()
        paper.setProperty("ground", "none")
        self.pages = QVBoxLayout(paper)
        self.pages.setSpacing(theme.L)
        self.pages.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(paper)
        side = parts.Card(" ")
        side.setFixedWidth(280)
        self.side = side
        self.copies, self.reason_label = (
            parts.label("", wrap=True),
            parts.label("", "strong", wrap=True),
        )
        self.reason = QLineEdit()
        self.reason_label.setBuddy(self.reason)
        self.print_it = parts.button("", "primary", icon="print", clicked=self._print)
        self.save = parts.button("", icon="save", clicked=self._save)
        self.choices = PrintPanel()
        self.take_back = parts.button("", clicked=self._take_back)
        self.came_out = parts.button("", "primary", clicked=lambda: self._clerk_says(printed=True))
        self.came_not = parts.button("", clicked=lambda: self._clerk_says(printed=False))
        for widget in (
            self.copies,
            self.reason_label,
            self.reason,
            self.choices,
            self.print_it,
            self.take_back,
            self.came_out,
            self.came_not,
            self.save,
        ):
            side.body.addWidget(widget)
        self._offer()
        side.body.addStretch(1)
        both = parts.row(self.area, side, space=theme.L)
        both.setStretch(0, 1)
        self.content.addLayout(both, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.back.setText(self.tr("Back"))
        self.back.setAccessibleName(self.tr("Back"))
        self.side.set_title(self.tr("Print"))
        self.reason_label.setText(self.tr("Why is it printed again?"))
        self.reason.setAccessibleName(self.reason_label.text())
        self.print_it.setText(self.tr("Print"))
        self.print_it.setAccessibleName(self.tr("Print"))
        self.choices.retranslate()
        self.take_back.setText(self.tr("Take the job back"))
        self.came_out.setText(self.tr("The sheet came out"))
        self.came_not.setText(self.tr("Nothing came out"))
        for each in (self.take_back, self.came_out, self.came_not):
            each.setAccessibleName(each.text())
        self._say_copies()
        self.save.setText(self.tr("Save as PDF ..."))
        self.save.setAccessibleName(self.tr("Save as PDF"))
        self.area.setAccessibleName(self.tr("Pages"))

    def show_document(self, document: Document) -> None:
        """Render a document and show its pages; the window stays usable meanwhile."""
        self._document, self._pdf, self._sheets = document, b"", 0
        self.reason.clear()
        parts.clear(self.pages)
        self.headline.setText(document.title)
        self.banner.say(self.tr("Making the pages ..."), "info")
        self.choices.begin(only_one=document.kind == "certificate")
        if document.underway and document.id not in self._underway:
            copies = [c for c in self._desk.open_copies() if c.document_id == document.id]
            self.follow(copies or [OpenCopy(document.id, "")])
        self._say_copies()
        self._offer()
        self.look_for_printers()
        self._gui.deliver(
            self._desk.pdf(document.id),
            to=self,
            done=lambda pdf: self._rendered(document, pdf),
            failed=self.explain,
        )

    def _rendered(self, document: Document, pdf: bytes) -> None:
        if not self._shows(document.id):  # another one was asked for meanwhile
            return
        self._pdf = pdf
        future = self._workers.submit(
            lambda: [printer.image(page) for page in self._rasterise(pdf, SCREEN_DPI)]
        )
        self._gui.deliver(
            future,
            to=self,
            done=lambda images: self.show_pages(images) if self._shows(document.id) else None,
            failed=self.explain,
        )

    def show_pages(self, images: list[QImage]) -> None:
        """Lay out page pictures, each as wide as fits."""
        self.banner.say("")
        self._sheets = len(images)
        self._paper_mm = _size_mm(images[0]) if images else None
        width = max(320, min(760, self.area.viewport().width() - 48))
        ratio = self.devicePixelRatioF()
        for number, page in enumerate(images, 1):
            sheet = parts.label()
            picture = QPixmap.fromImage(
                page.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
            )
            picture.setDevicePixelRatio(ratio)
            sheet.setPixmap(picture)
            sheet.setAccessibleName(self.tr("Page {n}").format(n=number))
            self.pages.addWidget(sheet)
        self._offer()
        self._say_underway()

    def look_for_printers(self) -> None:
        """Read the printers again; the window stays usable meanwhile."""
        if not print_queue.can_hand_over():
            self._take_printers(printer.lines())
            return
        self._gui.deliver(
            self._workers.submit(print_queue.printers),
            to=self,
            done=self._take_printers,
            failed=lambda _none: self._take_printers(()),
        )

    def _take_printers(self, lines: tuple[PrinterLine, ...]) -> None:
        self.choices.take(lines)
        self._offer()

    def _shows(self, document_id: str) -> bool:
        return self._document is not None and self._document.id == document_id

    def _offer(self) -> None:
        # the buttons that make sense for the document shown
        key = self._document.id if self._document else ""
        ready = bool(self._sheets) and self.choices.lines is not None
        self.print_it.setEnabled(ready and key not in self._underway)
        self.save.setEnabled(bool(self._sheets))
        self.take_back.setVisible(any(document == key for _, document in self._jobs.values()))
        for answer in (self.came_out, self.came_not):
            answer.setVisible(key in self._unsure)

    def _say_copies(self) -> None:
        copies = self._document.copies if self._document else 0
        self.reason.setVisible(copies > 0)
        self.reason_label.setVisible(copies > 0)
        self.copies.setText(
            self.tr("Printed {n} times so far.").format(n=copies)
            if copies
            else self.tr("Not printed yet.")
        )

    def _print(self) -> None:
        document = self._document
        if document is None or document.id in self._underway or not self._has_reason(paper=True):
            return
        name = self.choices.printer()
        if not name:
            self.explain(NoPrinter())
            self.look_for_printers()
            return
        try:
            ways = self.choices.ways(self._sheets, self._paper_mm)
        except PrinterError as error:
            self.explain(error)
            return
        self._count_then_print(document, name, ways)

    def _has_reason(self, *, paper: bool = False) -> bool:
        document = self._document
        if document is None or not document.copies or self.reason.text().strip():
            return True
        if not paper and document.kind not in COUNTED_FILES:
            return True
        self.banner.say(self.tr("Say why it is printed again, then print."), "warning")
        self.reason.setFocus()
        return False

    def _count_then_print(self, document: Document, name: str, ways: Ways) -> None:
        self._underway.add(document.id)  # before anything else: a second click finds it here
        self._offer()
        self._say_underway()
        self._gui.deliver(
            self._desk.count_copy(document.id, self.reason.text().strip()),
            to=self,
            done=lambda pdf: self._put_on_paper(pdf, document.id, name, ways),
            failed=lambda error: self._not_counted(document.id, error),
        )

    def _not_counted(self, document_id: str, error: Exception) -> None:
        self._underway.discard(document_id)
        self._tell(document_id, error)

    def _put_on_paper(self, pdf: bytes, document_id: str, name: str, ways: Ways) -> None:
        template = self._document.template if self._document else ""
        correction = IDENTITY
        if self._corrections is not None:
            correction = self._corrections.matrix(name, ways.tray, template)
        self._gui.deliver(
            self._workers.submit(self._send, pdf, name, ways, self._sheets, correction),
            to=self,
            done=lambda job: self._sent(document_id, name, job),
            failed=lambda error: self._not_sent(document_id, error),
        )

    def _send(
        self, pdf: bytes, name: str, ways: Ways, count: int, correction: Matrix
    ) -> Job | None:
        # on a worker; None where the print system takes pages and tells nothing afterwards
        if correction != IDENTITY:
            pdf = moved(pdf, correction)
        if print_queue.can_hand_over():
            return print_queue.hand_over(pdf, name, ways)
        target, numbers = printer.target(name, ways), print_queue.page_numbers(ways.pages, count)
        pages = self._rasterise(pdf, min(target.resolution(), 600))
        printer.paint((page for n, page in enumerate(pages, 1) if n in numbers), target)
        return spooler.newest(name) if spooler.here() else None

    def _sent(self, document_id: str, name: str, job: Job | None) -> None:
        if job is None:
            self._ask_clerk(document_id)
            if self._shows(document_id):
                self.banner.say(
                    self.tr("Given to the printer {name}. Say below what came out.").format(
                        name=name
                    ),
                    "info",
                )
            return
        self._desk.note_job(document_id, job.id)
        self._follow(job, document_id)

    def follow(self, copies: Sequence[OpenCopy]) -> None:
        """Go on with copies that were under way at an earlier sign-in."""
        for each in copies:
            if each.document_id in self._underway:
                continue
            self._underway.add(each.document_id)
            if each.job and (print_queue.can_hand_over() or spooler.here()):
                self._follow(Job(each.job, each.job.rpartition("-")[0]), each.document_id)
            else:
                self._ask_clerk(each.document_id)

    def _follow(self, job: Job, document_id: str) -> None:
        self._jobs[job.id] = (job, document_id)
        self._offer()
        self.watch.follow(job)

    def _not_sent(self, document_id: str, error: Exception) -> None:
        if isinstance(error, QueueSilent):  # it may have taken the job or not
            self._ask_clerk(document_id)
        else:
            self._settle(document_id, printed=False, trouble=messages.code_of(error))
        self._tell(document_id, error)

    def _moved(self, job: Job, trouble: PrinterError | None) -> None:
        document_id = self._jobs[job.id][1]
        self._troubles[document_id] = trouble
        if self._shows(document_id):
            self._say_underway()

    def _say_underway(self) -> None:
        key = self._document.id if self._document else ""
        trouble = self._troubles.get(key)
        last = self._document.trouble if self._document else ""
        if trouble is not None:
            self.banner.say(messages.say(trouble), "warning")
        elif last and key not in self._underway:
            said = messages.say_code(last)
            self.banner.say(self.tr("Not printed last time. {why}").format(why=said), "warning")
        elif key in self._unsure:
            self.banner.say(messages.say(JobLost()), "warning")
        elif key in self._underway:
            self.banner.say(self.tr("Printing ..."), "info")

    def _ended(self, job: Job, sight: Sight) -> None:
        _, document_id = self._jobs.pop(job.id)
        self._troubles.pop(document_id, None)
        trouble = print_queue.verdict(sight)
        if sight.stage == "lost":
            self._ask_clerk(document_id)
        else:
            code = messages.code_of(trouble) if trouble else ""
            self._settle(document_id, printed=trouble is None, trouble=code)
        if trouble is not None:
            self._tell(document_id, trouble)
        elif self._shows(document_id):
            self._say_printed(job.printer)

    def _say_printed(self, name: str) -> None:
        self.banner.say(
            self.tr("Printed on {name}. Check the sheet before you hand it over.").format(
                name=name
            ),
            "success",
        )

    def _settle(self, document_id: str, *, printed: bool, trouble: str = "") -> None:
        self._desk.note_outcome(document_id, printed=printed, trouble=trouble)
        self._underway.discard(document_id)
        self._unsure.discard(document_id)
        self._ended_for(document_id, printed=printed)
        self._offer()

    def _ended_for(self, document_id: str, *, printed: bool) -> None:
        if self._document is not None and self._shows(document_id):
            copies = self._document.copies + int(printed)
            self._document = replace(self._document, copies=copies, trouble="", underway=False)
            if printed:
                self.reason.clear()
            self._say_copies()

    def _ask_clerk(self, document_id: str) -> None:
        self._unsure.add(document_id)
        self._offer()

    def _clerk_says(self, *, printed: bool) -> None:
        if self._document is None:
            return
        nothing_came = "" if printed else ClerkSaysNot.code
        self._settle(self._document.id, printed=printed, trouble=nothing_came)
        said = self.tr("Noted as printed.") if printed else self.tr("Noted as not printed.")
        self.banner.say(said, "success" if printed else "info")

    def _take_back(self) -> None:
        for job, document_id in self._jobs.values():
            if self._shows(document_id):
                self._gui.deliver(
                    self._workers.submit(
                        spooler.take_back if spooler.here() else print_queue.take_back, job
                    ),
                    to=self,
                    done=lambda _none: None,  # what became of it, the queue says
                    failed=self.explain,
                )

    def _tell(self, document_id: str, error: Exception) -> None:
        if self._shows(document_id):
            self.explain(error)
        self._offer()

    def _save(self) -> None:
        if not self._has_reason():
            return
        dialog = QFileDialog(self, self.tr("Save as PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Save"))
        dialog.fileSelected.connect(self.save_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()

    def save_to(self, path: str) -> None:
        """Write the PDF to a file; a certificate is counted as a copy first."""
        document = self._document
        if document is None or document.kind not in COUNTED_FILES:
            self._write(self._pdf, path)
            return
        if document.id in self._underway:
            return
        self._underway.add(document.id)
        self._offer()
        self._gui.deliver(
            self._desk.count_copy(document.id, self.reason.text().strip(), way="file"),
            to=self,
            done=lambda pdf: self._write_copy(document.id, pdf, path),
            failed=lambda error: self._not_counted(document.id, error),
        )

    def _write_copy(self, document_id: str, pdf: bytes, path: str) -> None:
        written = self._write(pdf, path)
        self._settle(document_id, printed=written, trouble="" if written else NotWritten.code)

    def _write(self, pdf: bytes, path: str) -> bool:
        try:
            printer.save(pdf, Path(path))
        except NotWritten as error:
            self.explain(error)
            return False
        self.banner.say(self.tr("Saved."), "success")
        return True


def _size_mm(picture: QImage) -> tuple[float, float]:
    """Width and height of a page from its picture on the screen."""
    pixels = (picture.width(), picture.height())
    width, height = (round(side / SCREEN_DPI * 25.4, 1) for side in pixels)
    return width, height
