"""Paper: pages of a PDF as pictures at the printer's own resolution, or the PDF itself to CUPS.

The caller counts a copy before the first page moves. What is reported is what the print system
said about the job, no more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo


class PrinterError(Exception):
    """Base of what keeps a document from paper or disk."""

    code: ClassVar[str] = "W002"

    def __init__(self) -> None:
        super().__init__(self.code)
        self.fields: dict[str, str] = {}


class NoPrinter(PrinterError):
    """No printer is set up."""

    code = "W001"


class JobRefused(PrinterError):
    """The print system did not take the job."""

    code = "W002"


class NotWritten(PrinterError):
    """The file could not be written."""

    code = "W003"


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


@dataclass(frozen=True)
class JobResult:
    """What the print system said; `job` is its own name for the job, "" if it gave none."""

    printer: str
    pages: int
    job: str = ""


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


def paint(pages: Iterable[Picture], printer: QPrinter) -> JobResult:
    """Put pages on the printer, each filling one sheet, in their true size.

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
    return JobResult(printer.printerName(), count)


def can_hand_over() -> bool:
    """Whether the print system takes PDFs as they are."""
    return sys.platform.startswith("linux") and shutil.which("lp") is not None


def hand_over(pdf: bytes, printer: str, *, pages: int, timeout_s: float = 30) -> JobResult:
    """Give the PDF itself to CUPS, unscaled; on no account leave it in a file in clear.

    Raises:
        NoPrinter: `printer` is empty.
        JobRefused: CUPS did not take it within `timeout_s`.
    """
    if not printer:
        raise NoPrinter
    command = ["lp", "-s", "-d", printer, "-o", "print-scaling=none", "-t", "Lastmile", "-"]
    try:
        answer = subprocess.run(  # noqa: S603 - no shell; the name comes from the system's own list
            command, input=pdf, capture_output=True, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise JobRefused from None
    if answer.returncode:
        raise JobRefused
    return JobResult(printer, pages, answer.stdout.decode("utf-8", "replace").strip())


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
