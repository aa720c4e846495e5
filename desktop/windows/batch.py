"""All certificates that wait for paper, printed or saved in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QListView, QProgressBar, QWidget

from desktop import messages, parts, print_queue, theme
from desktop.batch import Batch, Tally, Target
from desktop.corrections import Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.lists.papers import TickedPapers
from desktop.paper_desk import Document
from desktop.print_errors import NoPrinter
from desktop.print_queue import PrinterLine
from desktop.windows.base import Page
from desktop.windows.print_panel import PrintPanel


class BatchPage(Page):
    """A list with ticks, a printer, and how far it is.

    Signals:
        back_wanted: ().
    """

    back_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        corrections: Corrections | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._gui, self._workers = desk, gui, workers
        self.papers = TickedPapers()
        self.papers.ticked.connect(self._offer)
        self.batch = Batch(desk, gui, workers, corrections, self)
        self.batch.moved.connect(self._moved)
        self.batch.ended.connect(self._ended)
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.list = QListView()
        self.list.setUniformItemSizes(True)
        self.list.setModel(self.papers)
        self.every = parts.button("", small=True, clicked=lambda: self.papers.tick_all(on=True))
        self.none = parts.button("", small=True, clicked=lambda: self.papers.tick_all(on=False))
        self.count = parts.label("", "muted")
        self.empty = parts.EmptyState("certificate")
        side = parts.Card(" ")
        side.setFixedWidth(280)
        self.side = side
        self.choices = PrintPanel()
        self.choices.only_printer()
        self.print_them = parts.button("", "primary", icon="print", clicked=self._print)
        self.save_them = parts.button("", icon="save", clicked=self._choose_folder)
        self.stop = parts.button("", "danger", clicked=self._cancel)
        self.progress = QProgressBar()
        self.progress.setTextVisible(True)
        for widget in (
            self.choices,
            self.print_them,
            self.save_them,
            self.progress,
            self.stop,
        ):
            side.body.addWidget(widget)
        side.body.addStretch(1)
        left = QWidget()
        left.setProperty("ground", "none")
        left.setLayout(
            parts.column(parts.row(self.every, self.none, -1, self.count), self.list, self.empty)
        )
        both = parts.row(left, side, space=theme.L)
        both.setStretch(0, 1)
        self.content.addLayout(both, 1)
        self.retranslate()
        self._offer()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Print many certificates"))
        self.back.setText(self.tr("Certificates"))
        self.back.setAccessibleName(self.tr("Back to the certificates"))
        self.side.set_title(self.tr("Print"))
        self.list.setAccessibleName(self.tr("Certificates not printed yet"))
        self.every.setText(self.tr("Tick all"))
        self.none.setText(self.tr("Tick none"))
        self.print_them.setText(self.tr("Print the ticked"))
        self.save_them.setText(self.tr("Save as PDFs ..."))
        self.stop.setText(self.tr("Stop"))
        self.progress.setAccessibleName(self.tr("Progress"))
        for each in (self.every, self.none, self.print_them, self.save_them, self.stop):
            each.setAccessibleName(each.text().removesuffix(" ..."))
        self.empty.say(
            self.tr("Everything is printed"),
            self.tr("Certificates that decisions bring stand here until they are on paper."),
        )
        self.choices.retranslate()

    def open(self) -> None:
        """Read what waits and which printers there are."""
        self.banner.say("")
        self._read()
        if print_queue.can_hand_over():
            self._gui.deliver(
                self._workers.submit(print_queue.printers),
                to=self,
                done=self._take_printers,
                failed=lambda _error: self._take_printers(()),
            )

    def _take_printers(self, lines: tuple[PrinterLine, ...]) -> None:
        self.choices.take(lines)
        self._offer()

    def _read(self) -> None:
        self._gui.deliver(self._desk.to_print(), to=self, done=self._fill, failed=self.explain)

    def _fill(self, documents: Sequence[Document]) -> None:
        self.papers.show(documents)

    def _offer(self) -> None:
        running, ticked = self.batch.running, len(self.papers.chosen())
        some = ticked > 0
        can_print = print_queue.can_hand_over() and bool(self.choices.lines)
        self.print_them.setEnabled(some and can_print and not running)
        self.save_them.setEnabled(some and not running)
        for widget in (self.list, self.every, self.none, self.choices):
            widget.setEnabled(not running)
        self.stop.setVisible(running)
        self.progress.setVisible(running)
        count = self.papers.rowCount()
        self.list.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.count.setText(self.tr("{n} of {all} ticked").format(n=ticked, all=count))

    def _print(self) -> None:
        name = self.choices.printer()
        if not name:
            self.explain(NoPrinter())
            return
        self._start(Target(name, self.choices.tray()))

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder for the PDFs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.save_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_to(self, folder: str) -> None:
        """Save the ticked certificates into a folder, each counted as a copy."""
        self._start(Target(folder=Path(folder)))

    def _start(self, target: Target) -> None:
        documents = self.papers.chosen()
        self.progress.setRange(0, len(documents))
        self.progress.setValue(0)
        self.banner.say(self.tr("Under way; other pages can be used meanwhile."), "info")
        self.batch.start(documents, target)
        self._offer()

    def _cancel(self) -> None:
        self.batch.cancel()
        if self.batch.running:
            self.banner.say(self.tr("Stopping; what the printer has already still ends."), "info")

    def _moved(self, tally: Tally) -> None:
        self.progress.setValue(tally.done + len(tally.failed))

    def _ended(self, tally: Tally) -> None:
        said = self.tr("{n} of {all} done.").format(n=tally.done, all=tally.total)
        reasons = Counter(tally.failed.values())
        for code, count in reasons.most_common(3):
            why = messages.say_code(code)
            said += "\n" + self.tr("{n} not printed: {why}").format(n=count, why=why)
        whole = tally.done == tally.total
        self._read()
        self._offer()
        self.banner.say(said, "success" if whole else "warning")
