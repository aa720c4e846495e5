"""Many papers printed or saved in one go: all that wait, or the results of one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QWidget

from desktop import messages, parts, print_queue, theme
from desktop.batch import Batch, Tally, Target
from desktop.corrections import Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.lists.papers import NUMBER, PART, TITLE, TickedPapers
from desktop.paper_desk import COUNTED_FILES, Document
from desktop.print_errors import NoPrinter
from desktop.print_queue import PrinterLine
from desktop.windows.base import Page
from desktop.windows.cases import table, widths
from desktop.windows.print_panel import PrintPanel


class BatchPage(Page):
    """A list with ticks, a printer, and where each paper is.

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
        *,
        case_id: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`case_id`: of one thing, whose results are printed; "": all that wait for paper."""
        super().__init__(parent)
        self._desk, self._gui, self._workers, self.case_id = desk, gui, workers, case_id
        self.papers = TickedPapers()
        self.papers.ticked.connect(self._offer)
        self.batch = Batch(desk, gui, workers, corrections, self)
        self.batch.moved.connect(self._moved)
        self.batch.ended.connect(self._ended)
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.list = table(self.papers)
        spare = (PART, NUMBER) if case_id else ()
        widths(self.list, (220, 200, 220, 155), stretched=TITLE, spare=spare)
        self.list.setColumnHidden(PART, not case_id)
        self.list.installEventFilter(self)
        self.note = parts.label("", "muted", wrap=True)
        self.every = parts.button("", small=True, clicked=lambda: self.papers.tick_all(on=True))
        self.none = parts.button("", small=True, clicked=lambda: self.papers.tick_all(on=False))
        self.count = parts.label("", "muted")
        self.empty = parts.EmptyState("certificate")
        self.side = parts.Card(" ")
        self.side.setFixedWidth(280)
        self.choices = PrintPanel()
        self.choices.only_printer()
        self.reason_label, self.reason = parts.label("", "strong", wrap=True), QLineEdit()
        self.reason_label.setBuddy(self.reason)
        self.print_them = parts.button("", "primary", icon="print", clicked=self._print)
        self.save_them = parts.button("", icon="save", clicked=self._choose_folder)
        self.stop = parts.button("", "danger", clicked=self._cancel)
        self.take_back = parts.button("", clicked=self._take_back)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._lay_out()
        self.retranslate()
        self._offer()

    def _lay_out(self) -> None:
        for widget in (
            self.choices,
            self.reason_label,
            self.reason,
            self.print_them,
            self.save_them,
            self.progress,
            self.stop,
            self.take_back,
        ):
            self.side.body.addWidget(widget)
        self.side.body.addStretch(1)
        left = QWidget()
        left.setProperty("ground", "none")
        left.setLayout(
            parts.column(
                self.note,
                parts.row(self.every, self.none, -1, self.count),
                self.list,
                self.empty,
            )
        )
        both = parts.row(left, self.side, space=theme.L)
        both.setStretch(0, 1)
        self.content.addLayout(both, 1)

    def retranslate(self) -> None:
        """Say all fixed words."""
        if self.case_id:
            self.headline.setText(self.tr("Print all results"))
            self.back.setText(self.tr("Case"))
            self.back.setAccessibleName(self.tr("Back to the case"))
            self.list.setAccessibleName(self.tr("Results of this application"))
            self.empty.say(
                self.tr("Nothing to print yet"),
                self.tr("What the departments decide stands here as soon as it has arrived."),
            )
        else:
            self.headline.setText(self.tr("Print many certificates"))
            self.back.setText(self.tr("Certificates"))
            self.back.setAccessibleName(self.tr("Back to the certificates"))
            self.list.setAccessibleName(self.tr("Certificates not printed yet"))
            self.empty.say(
                self.tr("Everything is printed"),
                self.tr("Certificates that decisions bring stand here until they are on paper."),
            )
        self.side.set_title(self.tr("Print"))
        self.papers.set_heads(
            self.tr("Paper"), self.tr("Service"), self.tr("Number"), self.tr("State")
        )
        self.every.setText(self.tr("Tick all"))
        self.none.setText(self.tr("Tick none"))
        self.reason_label.setText(self.tr("Why are they printed again?"))
        self.reason.setAccessibleName(self.reason_label.text())
        self.print_them.setText(self.tr("Print the ticked"))
        self.save_them.setText(self.tr("Save as PDFs ..."))
        self.stop.setText(self.tr("Stop"))
        self.take_back.setText(self.tr("Take the jobs back"))
        self.progress.setAccessibleName(self.tr("Progress"))
        buttons = (self.every, self.none, self.print_them, self.save_them, self.stop)
        for each in (*buttons, self.take_back):
            each.setAccessibleName(each.text().rstrip(" .…"))
        self.choices.retranslate()

    def open(self) -> None:
        """Read what waits and which printers there are; a run under way stays as it is."""
        if not self.batch.running:
            self.banner.say("")
            self.papers.show(())
            self._read()
        if print_queue.can_hand_over():
            self._gui.deliver(
                self._workers.submit(print_queue.printers),
                to=self,
                done=self._take_printers,
                failed=lambda _error: self._take_printers(()),
            )

    def refresh(self) -> None:
        """Read the results of one thing again: a department may have decided meanwhile."""
        if self.case_id and not self.batch.running:
            self._read()

    def _take_printers(self, lines: tuple[PrinterLine, ...]) -> None:
        self.choices.take(lines)
        self._offer()

    def _read(self) -> None:
        if not self.case_id:
            self._gui.deliver(
                self._desk.to_print(), to=self, done=self.papers.show, failed=self.explain
            )
            return
        together = self._desk.case(self.case_id).together
        if together is None:
            return
        said = [together.name]
        if together.pending:
            text = self.tr("Still being worked on: {services}")
            said.append(text.format(services="、".join(together.pending)))
        self.note.setText("  ·  ".join(said))
        if self.papers.documents != together.papers or self.papers.follows:
            self.papers.show(together.papers)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The space bar ticks a row, wherever in it the keyboard is."""
        row = self.list.currentIndex().row()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and row >= 0:
            if event.type() == QEvent.Type.KeyPress:
                self.papers.turn(row)
            return True
        return super().eventFilter(watched, event)

    def _again(self, *, filed: bool = False) -> bool:
        """Whether something ticked came out before; as a file only certificates are counted."""
        return any(
            each.copies and (not filed or each.kind in COUNTED_FILES)
            for each in self.papers.chosen()
        )

    def _offer(self) -> None:
        running, ticked = self.batch.running, len(self.papers.chosen())
        some = ticked > 0
        can_print = print_queue.can_hand_over() and bool(self.choices.lines)
        self.print_them.setEnabled(some and can_print and not running)
        self.save_them.setEnabled(some and not running)
        for widget in (self.every, self.none, self.choices, self.reason):
            widget.setEnabled(not running)
        self.papers.locked = running
        again = self._again()
        self.reason_label.setVisible(again)
        self.reason.setVisible(again)
        self.stop.setVisible(running)
        self.take_back.setVisible(bool(self.batch.tally.stuck) and running)
        self.progress.setVisible(running)
        count = self.papers.rowCount()
        for shown in (self.list, self.every, self.none, self.count):
            shown.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.note.setVisible(bool(self.case_id))
        self.count.setText(self.tr("{n} of {all} ticked").format(n=ticked, all=count))

    def _has_reason(self, *, filed: bool = False) -> bool:
        if not self._again(filed=filed) or self.reason.text().strip():
            return True
        self.banner.say(self.tr("Say why they are printed again, then print."), "warning")
        self.reason.setFocus()
        return False

    def _print(self) -> None:
        name = self.choices.printer()
        if not name:
            self.explain(NoPrinter())
            return
        if self._has_reason():
            self._start(Target(name, self.choices.tray()))

    def _choose_folder(self) -> None:
        if not self._has_reason(filed=True):
            return
        dialog = QFileDialog(self, self.tr("Folder for the PDFs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.save_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_to(self, folder: str) -> None:
        """Save what is ticked into a folder, each certificate counted as a copy."""
        self._start(Target(folder=Path(folder)))

    def _start(self, target: Target) -> None:
        documents: Sequence[Document] = self.papers.chosen()
        self.progress.setRange(0, len(documents))
        self.progress.setValue(0)
        self.banner.say(self.tr("Under way; other pages can be used meanwhile."), "info")
        self.batch.start(documents, target, self.reason.text().strip())
        self._offer()

    def _cancel(self) -> None:
        self.batch.cancel()
        if self.batch.running:
            self.banner.say(self.tr("Stopping; what the printer has already still ends."), "info")

    def _take_back(self) -> None:
        self.batch.cancel()
        self.batch.take_back()

    def _moved(self, tally: Tally) -> None:
        self.papers.follow(tally.fates, self.batch.latest)
        if tally.fates[self.batch.latest].stage in ("printed", "failed", "unsure"):
            self.progress.setValue(tally.done + len(tally.failed))
        if tally.stuck:
            self.banner.say(messages.say_code(next(iter(tally.stuck.values()))), "warning")
        elif self.take_back.isVisible():
            self.banner.say(self.tr("Under way; other pages can be used meanwhile."), "info")
        self.take_back.setVisible(bool(tally.stuck))

    def _ended(self, tally: Tally) -> None:
        said = self.tr("{n} of {all} done.").format(n=tally.done, all=tally.total)
        reasons = Counter(tally.failed.values())
        for code, count in reasons.most_common(3):
            why = messages.say_code(code)
            said += "\n" + self.tr("{n} not printed: {why}").format(n=count, why=why)
        whole = tally.done == tally.total
        self.reason.clear()
        self._read()
        self._offer()
        self.banner.say(said, "success" if whole else "warning")
