"""Paper without CUPS: pages of a PDF as pictures at the printer's own resolution; and files.

The caller counts a copy before the first page moves. Where there is CUPS, `print_queue` hands it
the PDF itself and tells what became of the job; a print system reached through Qt does not tell.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop import spooler
from desktop.print_errors import JobRefused, NotWritten
from desktop.print_queue import JOB_NAME, PrinterLine, Ways

_DUPLEX = {
    "one-sided": QPrinter.DuplexMode.DuplexNone,
    "two-sided-long-edge": QPrinter.DuplexMode.DuplexLongSide,
    "two-sided-short-edge": QPrinter.DuplexMode.DuplexShortSide,
}


class Picture(Protocol):
    """A page as `printing.raster` hands it out: BGRA, 4 bytes a pixel, rows without gaps."""

    @property
    def width(self) -> int:
        """Pixels across."""
        ...

    @property
    def height(self) -> int:
        """Pixels down."""
        ...

    @property
    def bgra(self) -> bytes:
        """The pixels."""
        ...


def names() -> Sequence[str]:
    """Names of the printers of this computer, the default one first."""
    default = QPrinterInfo.defaultPrinterName()
    found = list(QPrinterInfo.availablePrinterNames())
    return sorted(found, key=lambda name: (name != default, name))


def image(picture: Picture) -> QImage:
    """A page picture as a QImage that owns its pixels."""
    shown = QImage(
        picture.bgra, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGB32
    )
    return shown.copy()


def full_page(printer: QPrinter) -> None:
    """Use the whole sheet: the template holds the margins."""
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)


def lines() -> tuple[PrinterLine, ...]:
    """The printers as the system's own dialogue has them; only Windows says how they are."""
    if spooler.here():
        told = {line.name: line for line in spooler.printers()}
        return tuple(told.get(name, PrinterLine(name)) for name in names())
    return tuple(PrinterLine(name) for name in names())


def target(name: str, ways: Ways) -> QPrinter:
    """A printer of the system, set to print in these ways; the pages are the caller's to choose."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setPrinterName(name)
    made.setDocName(JOB_NAME)
    made.setCopyCount(ways.copies)
    made.setCollateCopies(True)
    made.setDuplex(_DUPLEX[ways.sides])
    if ways.paper_mm:
        size = QPageSize(QSizeF(*ways.paper_mm), QPageSize.Unit.Millimeter)
        made.setPageSize(size)
    return made


def paint(pages: Iterable[Picture], printer: QPrinter) -> int:
    """Put pages on the printer, each filling one sheet, in their true size; how many there were.

    Raises:
        JobRefused: The printer did not start, broke off, or reports an error at the end.
    """
    full_page(printer)
    painter, count = QPainter(), 0
    if not painter.begin(printer):
        raise JobRefused
    try:
        for picture in pages:
            if count and not printer.newPage():
                raise JobRefused
            sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
            painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), image(picture))
            count += 1
    finally:
        painter.end()
    if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        raise JobRefused
    return count


def save(pdf: bytes, path: Path) -> None:
    """Write the PDF whole or not at all.

    Raises:
        NotWritten: The folder takes no file.
    """
    fresh = ""
    try:
        handle, fresh = tempfile.mkstemp(dir=path.parent, suffix=".pdf")
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
        Path(fresh).replace(path)
    except OSError:
        if fresh:
            Path(fresh).unlink(missing_ok=True)
        raise NotWritten from None
