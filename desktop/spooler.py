"""The spooler of Windows: which printers there are, and what became of a job.

Not run on Windows yet: what the bits mean is tested, the calls into `winspool.drv` were written
from their documentation. Spec: Win32 Print Spooler API: EnumJobs, EnumPrinters, SetJob.

A job that Windows no longer knows may have been printed or deleted, unless it was seen as one of
these before: then the clerk is asked, as everywhere where nobody can know.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from desktop.print_errors import (
    CoverOpen,
    InkOut,
    JobRefused,
    NotTakenBack,
    PaperJam,
    PaperOut,
    PrinterError,
    PrinterOffline,
    PrinterPaused,
    PrinterStopped,
    QueueSilent,
)
from desktop.print_queue import JOB_NAME, Job, PrinterLine, Sight, State

# JOB_STATUS_*
_DELETED, _PRINTED, _COMPLETE = 0x0104, 0x0080, 0x1000
_JOB_TROUBLES: tuple[tuple[int, type[PrinterStopped]], ...] = (
    (0x0040, PaperOut),
    (0x0020, PrinterOffline),
    (0x0001, PrinterPaused),
    (0x0602, PrinterStopped),  # error, blocked, somebody must see to it
)
# PRINTER_STATUS_*
_PRINTER_TROUBLES: tuple[tuple[int, type[PrinterStopped]], ...] = (
    (0x00000008, PaperJam),
    (0x00000010, PaperOut),
    (0x00000040, PaperOut),
    (0x00400000, CoverOpen),
    (0x00040000, InkOut),
    (0x00001080, PrinterOffline),  # offline, not available
    (0x00000001, PrinterPaused),
    (0x00100002, PrinterStopped),  # error, somebody must see to it
)
_BUSY = 0x0400 | 0x4000 | 0x0200 | 0x10000  # printing, processing, busy, warming up
_ENUM_LOCAL_AND_CONNECTED = 0x2 | 0x4
_CANCEL = 5  # JOB_CONTROL_DELETE
_MOST_JOBS = 200


class _Time(ctypes.Structure):
    _fields_ = tuple((f"w{n}", ctypes.c_uint16) for n in range(8))


class JobInfo(ctypes.Structure):
    """JOB_INFO_1W."""

    _fields_ = (
        ("id", ctypes.c_uint32),
        ("printer", ctypes.c_wchar_p),
        ("machine", ctypes.c_wchar_p),
        ("user", ctypes.c_wchar_p),
        ("document", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
        ("words", ctypes.c_wchar_p),
        ("status", ctypes.c_uint32),
        ("priority", ctypes.c_uint32),
        ("position", ctypes.c_uint32),
        ("total_pages", ctypes.c_uint32),
        ("pages_printed", ctypes.c_uint32),
        ("submitted", _Time),
    )


class PrinterInfo(ctypes.Structure):
    """PRINTER_INFO_2W."""

    _fields_ = (
        ("server", ctypes.c_wchar_p),
        ("name", ctypes.c_wchar_p),
        ("share", ctypes.c_wchar_p),
        ("port", ctypes.c_wchar_p),
        ("driver", ctypes.c_wchar_p),
        ("comment", ctypes.c_wchar_p),
        ("location", ctypes.c_wchar_p),
        ("mode", ctypes.c_void_p),
        ("separator", ctypes.c_wchar_p),
        ("processor", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
        ("parameters", ctypes.c_wchar_p),
        ("security", ctypes.c_void_p),
        ("attributes", ctypes.c_uint32),
        ("priority", ctypes.c_uint32),
        ("default_priority", ctypes.c_uint32),
        ("start", ctypes.c_uint32),
        ("until", ctypes.c_uint32),
        ("status", ctypes.c_uint32),
        ("jobs", ctypes.c_uint32),
        ("ppm", ctypes.c_uint32),
    )


def here() -> bool:
    """Whether this computer has the spooler."""
    return sys.platform == "win32"


def printers() -> tuple[PrinterLine, ...]:
    """The printers with their state, in the system's order.

    Raises:
        QueueSilent: The spooler does not answer.
    """
    return tuple(_line(info) for info in _listed("EnumPrinters", PrinterInfo))


def newest(printer: str) -> Job | None:
    """The job that this program gave to a printer last; None if it is gone already."""
    with _opened(printer) as handle:
        found = [i for i in _listed("EnumJobs", JobInfo, handle) if i.document == JOB_NAME]
    return Job(f"{printer}-{max(i.id for i in found)}", printer) if found else None


def look(job: Job) -> Sight:
    """What the spooler says about a job now.

    Raises:
        QueueSilent: It does not answer.
    """
    number = int(job.id.rpartition("-")[2])
    with _opened(job.printer) as handle:
        jobs = {info.id: info.status for info in _listed("EnumJobs", JobInfo, handle)}
    status = {i.name: i.status for i in _listed("EnumPrinters", PrinterInfo)}.get(job.printer, 0)
    return sight(jobs.get(number), status)


def take_back(job: Job) -> None:
    """Take a job out of the queue.

    Raises:
        NotTakenBack: It had ended already, or Windows did not want to.
    """
    number = int(job.id.rpartition("-")[2])
    with _opened(job.printer) as handle:
        if not _spool().SetJobW(handle, number, 0, None, _CANCEL):
            raise NotTakenBack


def sight(job_status: int | None, printer_status: int) -> Sight:
    """What the bits mean; `job_status` None for a job that the spooler no longer knows."""
    if job_status is None:
        return Sight("lost")
    if job_status & (_PRINTED | _COMPLETE):
        return Sight("printed")
    if job_status & _DELETED:
        return Sight("cancelled")
    return Sight("open", _first(job_status, _JOB_TROUBLES) or trouble(printer_status))


def trouble(printer_status: int) -> PrinterError | None:
    """What keeps a printer from printing; None for nothing."""
    return _first(printer_status, _PRINTER_TROUBLES)


def _first(status: int, table: Sequence[tuple[int, type[PrinterStopped]]]) -> PrinterError | None:
    return next((kind() for bits, kind in table if status & bits), None)


def _line(info: Any) -> PrinterLine:
    stopped = trouble(info.status)
    state: State = "stopped" if stopped else "busy" if info.status & _BUSY else "ready"
    return PrinterLine(str(info.name), state, stopped)


def _spool() -> Any:
    return ctypes.WinDLL("winspool.drv", use_last_error=True)  # type: ignore[attr-defined]


@contextmanager
def _opened(printer: str) -> Iterator[Any]:
    handle = ctypes.c_void_p()
    if not _spool().OpenPrinterW(ctypes.c_wchar_p(printer), ctypes.byref(handle), None):
        raise JobRefused
    try:
        yield handle
    finally:
        _spool().ClosePrinter(handle)


def _listed(what: str, kind: type[Any], handle: Any = None) -> list[Any]:
    needed, count = ctypes.c_uint32(), ctypes.c_uint32()

    def ask(room: Any, size: int) -> bool:
        back = (ctypes.byref(needed), ctypes.byref(count))
        if what == "EnumJobs":
            return bool(_spool().EnumJobsW(handle, 0, _MOST_JOBS, 1, room, size, *back))
        flags = _ENUM_LOCAL_AND_CONNECTED
        return bool(_spool().EnumPrintersW(flags, None, 2, room, size, *back))

    if ask(None, 0) and not needed.value:
        return []
    room = ctypes.create_string_buffer(needed.value)
    if not ask(room, needed.value):
        raise QueueSilent
    listed = ctypes.cast(room, ctypes.POINTER(kind * count.value)).contents
    return [_copied(each, kind) for each in listed]


def _copied(info: Any, kind: type[Any]) -> Any:
    # the strings lie in the buffer, which goes with this call
    made = kind()
    for name, _ in kind._fields_:
        setattr(made, name, getattr(info, name))
    return made
