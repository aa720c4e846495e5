"""A document as it will stand on paper, to look at, print and save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop import parts, printer, theme
from desktop.desk import Desk, Document
from desktop.gui_thread import GuiThread
from desktop.windows.base import Page

Rasterise = Callable[[bytes, int], Iterable[printer.Picture]]
SCREEN_DPI = 144


class Preview(Page):
    """Pages on the left, what can be done with them on the right.

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._gui, self._workers, self._rasterise = desk, gui, workers, rasterise
        self._document: Document | None = None
        self._pdf = b""
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
        self.print_it.setEnabled(False)
        self.save.setEnabled(False)
        for widget in (self.copies, self.reason_label, self.reason, self.print_it, self.save):
            side.body.addWidget(widget)
        side.body.addStretch(1)
        both = parts.row(self.area, side, space=theme.L)
        both.setStretch(0, 1)
        self.content.addLayout(both, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.back.setText(self.tr("Case"))
        self.back.setAccessibleName(self.tr("Back to the case"))
        self.side.set_title(self.tr("Print"))
        self.reason_label.setText(self.tr("Why is it printed again?"))
        self.reason.setAccessibleName(self.reason_label.text())
        self.print_it.setText(self.tr("Print ..."))
        self.print_it.setAccessibleName(self.tr("Print"))
        self.save.setText(self.tr("Save as PDF ..."))
        self.save.setAccessibleName(self.tr("Save as PDF"))
        self.area.setAccessibleName(self.tr("Pages"))

    def show_document(self, document: Document) -> None:
        """Render a document and show its pages; the window stays usable meanwhile."""
        self._document, self._pdf = document, b""
        self.print_it.setEnabled(False)
        self.save.setEnabled(False)
        self.reason.clear()
        parts.clear(self.pages)
        self.headline.setText(document.title)
        self.banner.say(self.tr("Making the pages ..."), "info")
        again = document.copies > 0
        self.reason.setVisible(again)
        self.reason_label.setVisible(again)
        self.copies.setText(
            self.tr("{n} copies have been printed.").format(n=document.copies)
            if again
            else self.tr("Not printed yet.")
        )
        self._gui.deliver(
            self._desk.pdf(document.id),
            to=self,
            done=lambda pdf: self._rendered(document, pdf),
            failed=self.explain,
        )

    def _rendered(self, document: Document, pdf: bytes) -> None:
        if document is not self._document:  # another one was asked for meanwhile
            return
        self._pdf = pdf
        future = self._workers.submit(
            lambda: [printer.image(page) for page in self._rasterise(pdf, SCREEN_DPI)]
        )
        self._gui.deliver(
            future,
            to=self,
            done=lambda images: self.show_pages(images) if document is self._document else None,
            failed=self.explain,
        )

    def show_pages(self, images: list[QImage]) -> None:
        """Lay out page pictures, each as wide as fits."""
        self.banner.say("")
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
        self.print_it.setEnabled(True)
        self.save.setEnabled(True)

    def _print(self) -> None:
        document = self._document
        if document is None:
            return
        if document.copies and not self.reason.text().strip():
            self.banner.say(self.tr("Say why it is printed again, then print."), "warning")
            self.reason.setFocus()
            return
        if not printer.names():
            self.explain(printer.NoPrinter())
            return
        target = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(target, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(
            lambda result: (
                self._count_then_print(document, target)
                if result == QDialog.DialogCode.Accepted
                else None
            )
        )
        dialog.setModal(True)
        dialog.show()

    def _count_then_print(self, document: Document, target: QPrinter) -> None:
        self.banner.say(self.tr("Printing ..."), "info")
        self._gui.deliver(
            self._desk.count_copy(document.id, self.reason.text().strip()),
            to=self,
            done=lambda pdf: self._put_on_paper(pdf, document.id, target),
            failed=self.explain,
        )

    def _put_on_paper(self, pdf: bytes, document_id: str, target: QPrinter) -> None:
        to_file, name = bool(target.outputFileName()), target.printerName()
        if printer.can_hand_over() and not to_file:
            job = self._workers.submit(printer.hand_over, pdf, name, pages=self.pages.count())
        else:
            pages = self._rasterise
            job = self._workers.submit(
                lambda: printer.paint(pages(pdf, min(target.resolution(), 600)), target)
            )
        self._gui.deliver(
            job,
            to=self,
            done=lambda result: self._printed(document_id, result),
            failed=lambda error: self._not_printed(document_id, error),
        )

    def _not_printed(self, document_id: str, error: Exception) -> None:
        self._desk.note_outcome(document_id, printed=False)
        self.explain(error)

    def _printed(self, document_id: str, result: printer.JobResult) -> None:
        self._desk.note_outcome(document_id, printed=True)
        self.banner.say(
            self.tr("Given to the printer {name}. Check the sheet before you hand it over.").format(
                name=result.printer
            ),
            "success",
        )

    def _save(self) -> None:
        dialog = QFileDialog(self, self.tr("Save as PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.fileSelected.connect(self.save_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()

    def save_to(self, path: str) -> None:
        """Write the PDF shown to a file."""
        try:
            printer.save(self._pdf, Path(path))
        except printer.NotWritten as error:
            self.explain(error)
            return
        self.banner.say(self.tr("Saved."), "success")
