"""What keeps a document from paper or disk, each with its own words in `message_table`."""

from __future__ import annotations

from typing import ClassVar


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


class JobCancelled(PrinterError):
    """Somebody took the job out of the queue."""

    code = "W010"


class JobFailed(PrinterError):
    """The print system gave the job up."""

    code = "W011"


class JobLost(PrinterError):
    """The print system no longer knows the job, so nobody can say what became of it."""

    code = "W012"


class QueueSilent(PrinterError):
    """The print system does not answer."""

    code = "W013"


class JobWaiting(PrinterError):
    """The job is still in the queue after the time it should take."""

    code = "W014"


class PrinterStopped(PrinterError):
    """The printer stopped, and gives no reason that we know."""

    code = "W015"


class PrinterPaused(PrinterStopped):
    """Somebody paused the printer, or the print system did after a fault."""

    code = "W016"


class PaperOut(PrinterStopped):
    """The printer has no paper of this kind."""

    code = "W017"


class PaperJam(PrinterStopped):
    """Paper is stuck."""

    code = "W018"


class CoverOpen(PrinterStopped):
    """A cover or a tray is open."""

    code = "W019"


class InkOut(PrinterStopped):
    """Toner or ink is used up."""

    code = "W020"


class PrinterOffline(PrinterStopped):
    """The printer cannot be reached: off, or the cable is out."""

    code = "W021"


class NoSuchPaper(PrinterError):
    """The printer has no paper of the document's size; it would shrink or cut the page."""

    code = "W022"


class BadPages(PrinterError):
    """The pages asked for are not in the document, or are no page numbers."""

    code = "W023"


class ClerkSaysNot(PrinterError):
    """Nothing came out, as the clerk saw."""

    code = "W025"


class NotReadable(PrinterError):
    """The file cannot be read, or is far too large."""

    code = "W026"


class NotTakenBack(PrinterError):
    """The print system did not take the job out of the queue."""

    code = "W024"
