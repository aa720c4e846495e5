"""Calibrate a printer for pre-printed paper: print a sheet, measure it, keep what undoes it."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QScrollArea,
    QWidget,
)

from desktop import parts, print_queue, printer, theme
from desktop.corrections import Correction, Corrections
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.print_errors import NoPrinter, NotReadable
from desktop.print_queue import Job, PrinterLine, Ways
from desktop.windows.base import Page
from printing.calibrate import Fit, crosses, fit
from printing.errors import MeasuredWrong

A4 = (210.0, 297.0)
GOOD_MM = 0.15  # a larger misfit says that a value is wrong
MOST_BYTES = 256 * 1024 * 1024


class CalibratePage(Page):
    """Three steps on one page.

    Signals:
        back_wanted: ().
    """

    back_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        corrections: Corrections,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._gui, self._workers = desk, gui, workers
        self._corrections = corrections
        self._lines: tuple[PrinterLine, ...] = ()
        self._fit: Fit | None = None
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.first, self.second, self.third = (parts.Card(" ") for _ in range(3))
        self.printers, self.trays, self.forms = QComboBox(), QComboBox(), QComboBox()
        self.names = [parts.label("") for _ in range(3)]
        chosen = QFormLayout()
        chosen.setHorizontalSpacing(theme.XL)
        chosen.setVerticalSpacing(theme.S)
        for name, box in zip(self.names, (self.printers, self.trays, self.forms), strict=True):
            name.setBuddy(box)
            chosen.addRow(name, box)
        self.print_sheet = parts.button("", "primary", icon="print", clicked=self._print)
        self.save_sheet = parts.button("", icon="save", clicked=self._choose_file)
        self.first.body.addLayout(chosen)
        self.first.body.addLayout(parts.row(self.print_sheet, self.save_sheet, -1))
        self.hint = parts.label("", "muted", wrap=True)
        self.scan = parts.button("", icon="scan", clicked=self._choose_scan)
        self.values = [self._spin() for _ in range(8)]
        self.heads = [parts.label("", "caption") for _ in range(3)]
        self.second.body.addWidget(self.hint)
        self.second.body.addLayout(self._grid())
        self.second.body.addLayout(parts.row(self.scan, -1))
        self.found = parts.label("", wrap=True)
        self.keep = parts.button("", "primary", icon="check-circle", clicked=self._keep)
        self.forget = parts.button("", clicked=self._forget)
        self.third.body.addWidget(self.found)
        self.third.body.addLayout(parts.row(self.keep, self.forget, -1))
        steps = QWidget()
        steps.setProperty("ground", "none")
        steps.setMaximumWidth(760)
        steps.setLayout(parts.column(self.first, self.second, self.third, -1, space=theme.L))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(steps)
        self.content.addWidget(area, 1)
        self.printers.currentIndexChanged.connect(lambda _at: self._offer_trays())
        self.trays.currentIndexChanged.connect(lambda _at: self._begin())
        self.forms.currentIndexChanged.connect(lambda _at: self._begin())
        self.retranslate()

    def _spin(self) -> QDoubleSpinBox:
        made = QDoubleSpinBox()
        made.setRange(0.0, 500.0)
        made.setDecimals(2)
        made.setSingleStep(0.1)
        made.setSuffix(" mm")
        made.valueChanged.connect(lambda _value: self._measure())
        return made

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.L)
        grid.setVerticalSpacing(theme.S)
        for column, head in enumerate(self.heads):
            grid.addWidget(head, 0, column)
        for row in range(4):
            grid.addWidget(parts.label(str(row + 1), "strong"), row + 1, 0)
            grid.addWidget(self.values[2 * row], row + 1, 1)
            grid.addWidget(self.values[2 * row + 1], row + 1, 2)
        grid.setColumnStretch(3, 1)
        return grid

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Calibrate a printer"))
        self.back.setText(self.tr("Settings"))
        self.back.setAccessibleName(self.tr("Back to the settings"))
        self.first.set_title(self.tr("1  Print the sheet on blank paper"))
        self.second.set_title(self.tr("2  Measure the crosses"))
        self.third.set_title(self.tr("3  Keep the correction"))
        words = (self.tr("Printer"), self.tr("Paper tray"), self.tr("Template"))
        boxes = (self.printers, self.trays, self.forms)
        for name, text, box in zip(self.names, words, boxes, strict=True):
            name.setText(text)
            box.setAccessibleName(text)
        self.print_sheet.setText(self.tr("Print the sheet"))
        self.save_sheet.setText(self.tr("Save the sheet ..."))
        self.hint.setText(
            self.tr(
                "Scan the sheet at 300 dpi or more, with something dark behind it, and let the"
                " crosses be found. Or measure each cross with a ruler from the left and the upper"
                " edge of the paper, to a tenth of a millimetre."
            )
        )
        self.scan.setText(self.tr("Read from a scan ..."))
        heads = (self.tr("Cross"), self.tr("From the left"), self.tr("From above"))
        for head, text in zip(self.heads, heads, strict=True):
            head.setText(text)
        for at, value in enumerate(self.values):
            side = heads[1 + at % 2]
            value.setAccessibleName(
                self.tr("Cross {n}, {side}").format(n=at // 2 + 1, side=side.lower())
            )
        self.keep.setText(self.tr("Keep"))
        self.forget.setText(self.tr("Print uncorrected again"))
        for each in (self.print_sheet, self.save_sheet, self.scan, self.keep, self.forget):
            each.setAccessibleName(each.text().rstrip(" .…"))

    def open(self) -> None:
        """Read printers and templates."""
        self.banner.say("")
        at = self.forms.currentIndex()
        self.forms.clear()
        self.forms.addItem(self.tr("All templates of A4"), ("", *A4))
        for form in self._desk.forms():
            self.forms.addItem(form.title, (form.name, form.width, form.height))
        self.forms.setCurrentIndex(max(0, at))
        if print_queue.can_hand_over():
            self._gui.deliver(
                self._workers.submit(print_queue.printers),
                to=self,
                done=self.take_printers,
                failed=self.explain,
            )
        else:
            self.take_printers(printer.lines())

    def take_printers(self, lines: tuple[PrinterLine, ...]) -> None:
        """Offer these printers."""
        self._lines = lines
        self.printers.clear()
        for line in lines:
            self.printers.addItem(line.name)
        self._offer_trays()

    def _offer_trays(self) -> None:
        at = self.printers.currentIndex()
        self.trays.clear()
        self.trays.addItem(self.tr("As the printer chooses"), "")
        for tray in self._lines[at].trays if 0 <= at < len(self._lines) else ():
            self.trays.addItem(tray, tray)
        self._begin()

    def _size(self) -> tuple[float, float]:
        data = self.forms.currentData()
        return (float(data[1]), float(data[2])) if data else A4

    def _key(self) -> tuple[str, str, str]:
        data = self.forms.currentData()
        template = str(data[0]) if data else ""
        return self.printers.currentText(), str(self.trays.currentData() or ""), template

    def _begin(self) -> None:
        self._show([value for cross in crosses(*self._size()) for value in cross])
        kept = self._corrections.find(*self._key())
        self.forget.setEnabled(kept is not None)
        if kept is not None:
            self.found.setText(
                self.tr("Kept since {day}, misfit {worst} mm. Measure again to replace it.").format(
                    day=QDate.fromString(kept.made_on, "yyyy-MM-dd").toString("yyyy-MM-dd"),
                    worst=f"{kept.worst:.2f}",
                )
            )

    def _show(self, values: list[float]) -> None:
        for spin, value in zip(self.values, values, strict=True):
            spin.blockSignals(True)  # noqa: FBT003 - Qt's own switch
            spin.setValue(value)
            spin.blockSignals(False)  # noqa: FBT003
        self._measure()

    def _measure(self) -> None:
        read = [spin.value() for spin in self.values]
        points = list(zip(read[::2], read[1::2], strict=True))
        try:
            self._fit = fit(crosses(*self._size()), points)
        except MeasuredWrong as error:
            self._fit = None
            self.keep.setEnabled(False)
            self.found.setText("")
            self.explain(error)
            return
        self.banner.say("")
        self._say(self._fit)

    def _say(self, what: Fit) -> None:
        a, b, _c, d, _e, _f = what.matrix
        width, height = self._size()
        x = what.matrix[0] * width / 2 + what.matrix[2] * height / 2 + what.matrix[4] - width / 2
        y = what.matrix[1] * width / 2 + what.matrix[3] * height / 2 + what.matrix[5] - height / 2
        self.found.setText(
            self.tr(
                "The printer shifts by {x} mm and {y} mm, stretches by {sx} % and {sy} %, tilts by"
                " {tilt} degrees. Misfit of the worst cross: {worst} mm."
            ).format(
                x=f"{x:+.2f}",
                y=f"{y:+.2f}",
                sx=f"{(a - 1) * 100:+.2f}",
                sy=f"{(d - 1) * 100:+.2f}",
                tilt=f"{math.degrees(b):+.2f}",
                worst=f"{what.worst:.2f}",
            )
        )
        self.keep.setEnabled(bool(self.printers.currentText()))
        if what.worst > GOOD_MM:
            self.banner.say(
                self.tr("The values do not fit each other: measure the crosses once more."),
                "warning",
            )

    def _print(self) -> None:
        name = self.printers.currentText()
        if not name:
            self.explain(NoPrinter())
            return
        self.banner.say(self.tr("Printing ..."), "info")
        self._gui.deliver(
            self._desk.calibration_sheet(*self._size()),
            to=self,
            done=lambda pdf: self._send(pdf, name),
            failed=self.explain,
        )

    def _send(self, pdf: bytes, name: str) -> None:
        ways = Ways(paper_mm=self._size(), tray=str(self.trays.currentData() or ""))
        self._gui.deliver(
            self._workers.submit(print_queue.hand_over, pdf, name, ways),
            to=self,
            done=self._sent,
            failed=self.explain,
        )

    def _sent(self, job: Job) -> None:
        self.banner.say(
            self.tr("Given to {name}. Take the sheet, then measure.").format(name=job.printer),
            "success",
        )

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the calibration sheet"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.fileSelected.connect(self.save_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Save the sheet, to be printed elsewhere."""
        self._gui.deliver(
            self._desk.calibration_sheet(*self._size()),
            to=self,
            done=lambda pdf: printer.save(pdf, Path(path)),
            failed=self.explain,
        )

    def _choose_scan(self) -> None:
        dialog = QFileDialog(self, self.tr("Scan of the calibration sheet"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = self.tr("Pictures ({kinds})").format(kinds="*.png *.jpg *.jpeg *.tif *.tiff")
        dialog.setNameFilter(kinds)
        dialog.fileSelected.connect(self.take_scan)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_scan(self, path: str) -> None:
        """Find the crosses in a scan."""
        try:
            data = _read(Path(path))
        except NotReadable as error:
            self.explain(error)
            return
        self.banner.say(self.tr("Looking for the crosses ..."), "info")
        self._gui.deliver(
            self._desk.read_sheet(data, *self._size()),
            to=self,
            done=lambda points: self._show([value for point in points for value in point]),
            failed=self.explain,
        )

    def _keep(self) -> None:
        if self._fit is None:
            return
        printer_name, tray, template = self._key()
        day = QDate.currentDate().toString("yyyy-MM-dd")
        login = self._desk.operator.login
        self._corrections.keep(
            Correction(
                printer_name, tray, template, self._fit.correction, self._fit.worst, day, login
            )
        )
        self.forget.setEnabled(True)
        self.banner.say(self.tr("Kept. From now on this printer is corrected."), "success")

    def _forget(self) -> None:
        self._corrections.forget(*self._key())
        self._begin()
        self.banner.say(self.tr("This printer prints uncorrected again."), "info")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotReadable
        return path.read_bytes()
    except OSError:
        raise NotReadable from None
