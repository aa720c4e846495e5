"""What the bits of the Windows spooler mean. The calls themselves need Windows."""

from __future__ import annotations

import ctypes

import pytest

from desktop import print_queue, spooler
from desktop.spooler import sight, trouble


@pytest.mark.parametrize(
    ("job", "printer", "stage", "code"),
    [
        (0x0010, 0x0400, "open", None),  # printing
        (0x0008, 0x0000, "open", None),  # spooling
        (0x0090, 0x0000, "printed", None),
        (0x1000, 0x0000, "printed", None),  # kept in the queue after printing
        (0x0104, 0x0000, "cancelled", None),
        (0x0050, 0x0000, "open", "W017"),
        (0x0010, 0x0008, "open", "W018"),  # the printer says what the job does not
        (0x0020, 0x0000, "open", "W021"),
        (0x0001, 0x0000, "open", "W016"),
        (0x0002, 0x0000, "open", "W015"),
        (None, 0x0000, "lost", None),
    ],
)
def test_a_job_is_what_its_bits_say(
    job: int | None, printer: int, stage: str, code: str | None
) -> None:
    seen = sight(job, printer)
    assert seen.stage == stage
    assert (seen.trouble.code if seen.trouble else None) == code


def test_a_job_that_vanished_is_for_the_clerk_to_tell() -> None:
    told = print_queue.verdict(sight(None, 0))
    assert told is not None
    assert told.code == "W012"


@pytest.mark.parametrize(
    ("status", "code"),
    [(0, None), (0x00400000, "W019"), (0x00040000, "W020"), (0x00020000, None), (0x1000, "W021")],
)
def test_a_printer_is_what_its_bits_say(status: int, code: str | None) -> None:
    found = trouble(status)
    assert (found.code if found else None) == code


def test_the_structures_are_as_large_as_windows_wants_them() -> None:
    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert ctypes.sizeof(spooler.JobInfo) == 96
        assert ctypes.sizeof(spooler.PrinterInfo) == 136
