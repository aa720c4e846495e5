"""Paper: a real print system gets the very document, and says what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import ipp, messages, print_queue, printer
from desktop.message_table import TABLE
from desktop.print_errors import (
    BadPages,
    JobRefused,
    JobWaiting,
    NoPrinter,
    NoSuchPaper,
    NotTakenBack,
    NotWritten,
    PrinterError,
    QueueSilent,
)
from desktop.print_queue import Job, PrinterLine, Sight, Ways
from printing.raster import pages as rasterise
from printing.raster import texts
from tests.desktop import cups as private
from tests.desktop.cups import A4_MM, paper

CANARY = "510104194001010014"


def until(condition: Callable[[], object], limit_s: float = 15) -> None:
    """Wait for the print system."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the print system took too long"
        time.sleep(0.05)


def end_of(job: Job) -> Sight:
    """The job's end, awaited."""
    until(lambda: print_queue.look(job).stage != "open")
    return print_queue.look(job)


# The queue -------------------------------------------------------------------------------


def test_the_queue_gets_the_very_bytes(cups: private.Cups) -> None:
    pdf = paper("one")
    job = print_queue.hand_over(pdf, "Raw", Ways(paper_mm=A4_MM))
    assert job.id.startswith("Raw-")
    assert end_of(job) == Sight("printed")
    assert cups.paper(job.id) == pdf


def test_two_copies_of_the_first_page_are_two_sheets_of_it(cups: private.Cups) -> None:
    job = print_queue.hand_over(
        paper("one", "two"), "Counter", Ways(copies=2, pages="1-1", paper_mm=A4_MM)
    )
    assert end_of(job) == Sight("printed")
    _title, copies, options = cups.told(job.id)
    assert copies == "2"
    assert "page-ranges=1 " in options
    assert "print-scaling=none" in options
    assert "media=iso_a4_210x297mm" in options
    # the filter repeats the page itself, or leaves that to a printer that can
    assert {each.strip() for each in texts(cups.paper(job.id))} == {"one"}


def test_both_sides_are_asked_for_and_one_side_too(cups: private.Cups) -> None:
    both = print_queue.hand_over(paper("1", "2"), "Counter", Ways(sides="two-sided-long-edge"))
    one = print_queue.hand_over(paper("1", "2"), "Counter")
    assert end_of(both).stage == end_of(one).stage == "printed"
    assert "sides=two-sided-long-edge" in cups.told(both.id)[2]
    assert "sides=one-sided" in cups.told(one.id)[2]


def test_a_job_says_nothing_about_a_person(cups: private.Cups) -> None:
    job = print_queue.hand_over(paper(CANARY), "Counter")
    assert end_of(job).stage == "printed"
    title, _copies, options = cups.told(job.id)
    assert title == print_queue.JOB_NAME
    assert CANARY not in options
    assert not any((cups.home / "spool").rglob("d0*")), "a printed document stays in the spool"


def test_a_page_the_printer_has_no_paper_for_is_not_sent(cups: private.Cups) -> None:
    with pytest.raises(NoSuchPaper):
        print_queue.hand_over(paper("x"), "Counter", Ways(paper_mm=(241.0, 139.7)))
    assert cups.run("lpstat", "-o") == ""


def test_a_cancelled_job_is_no_printed_one(cups: private.Cups) -> None:
    cups.hold()
    job = print_queue.hand_over(paper("x"), "Counter")
    until((cups.box / f"{job.id.rpartition('-')[2]}.part").exists)
    assert print_queue.look(job) == Sight("open")
    print_queue.take_back(job)
    sight = end_of(job)
    assert messages.code_of(print_queue.verdict(sight) or ValueError()) == "W010"
    with pytest.raises(NotTakenBack):
        print_queue.take_back(job)
    assert cups.paper(job.id) == b""


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("media-empty-error", "W017"),
        ("media-jam", "W018"),
        ("cover-open-error", "W019"),
        ("toner-empty", "W020"),
        ("offline-report", "W021"),
        ("toner-low-warning", None),
    ],
)
def test_what_stops_a_printer_is_told_while_the_job_waits(
    cups: private.Cups, reason: str, code: str | None
) -> None:
    cups.hold(reason)
    job = print_queue.hand_over(paper("x"), "Counter")
    until(lambda: reason in cups.run("lpstat", "-l", "-p", "Counter"))
    sight = print_queue.look(job)
    assert sight.stage == "open"
    assert (sight.trouble.code if sight.trouble else None) == code
    cups.go_on()
    assert end_of(job) == Sight("printed"), "paper was put in, the job goes on"


def test_a_paused_printer_keeps_the_job_and_says_so(cups: private.Cups) -> None:
    cups.run("cupsdisable", "Counter")
    job = print_queue.hand_over(paper("x"), "Counter")
    sight = print_queue.look(job)
    assert sight.stage == "open"
    assert sight.trouble is not None
    assert sight.trouble.code == "W016"
    cups.run("cupsenable", "Counter")
    assert end_of(job) == Sight("printed")


def test_a_backend_that_stops_the_queue_leaves_the_job_waiting(cups: private.Cups) -> None:
    (cups.box / "break").touch()
    job = print_queue.hand_over(paper("x"), "Counter")
    until(lambda: print_queue.look(job).trouble)
    assert print_queue.look(job).stage == "open"
    assert cups.paper(job.id) == b""


def test_a_job_without_trouble_is_just_waiting() -> None:
    assert isinstance(print_queue.verdict(Sight("open")), JobWaiting)
    assert print_queue.verdict(Sight("printed")) is None


def test_a_job_the_queue_never_heard_of_is_lost(cups: private.Cups) -> None:
    sight = print_queue.look(Job("Counter-99999", "Counter"))
    assert sight == Sight("lost")
    assert messages.code_of(print_queue.verdict(sight) or ValueError()) == "W012"


def test_a_queue_that_takes_no_jobs_refuses(cups: private.Cups) -> None:
    cups.run("cupsreject", "Counter")
    with pytest.raises(JobRefused):
        print_queue.hand_over(paper("x"), "Counter")
    line = next(line for line in print_queue.printers() if line.name == "Counter")
    assert isinstance(line.trouble, JobRefused)


def test_an_unknown_printer_refuses_and_an_empty_name_is_none(cups: private.Cups) -> None:
    with pytest.raises(JobRefused):
        print_queue.hand_over(paper("x"), "Nowhere")
    with pytest.raises(NoPrinter):
        print_queue.hand_over(paper("x"), "")


def test_the_default_printer_comes_first_each_with_its_state(cups: private.Cups) -> None:
    assert print_queue.printers() == (PrinterLine("Counter", "ready"), PrinterLine("Raw", "ready"))
    cups.run("lpadmin", "-d", "Raw")
    cups.run("cupsdisable", "Raw")
    try:
        first, second = print_queue.printers()
    finally:
        cups.run("lpadmin", "-d", "Counter")
    assert (first.name, first.state, second.name) == ("Raw", "stopped", "Counter")
    assert first.trouble is not None
    assert first.trouble.code == "W016"


def test_without_a_print_system_there_is_no_printer_and_no_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    private.skip_unless_there()
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "s"))
    with pytest.raises(NoPrinter):
        print_queue.printers()
    with pytest.raises(QueueSilent):
        print_queue.look(Job("Counter-1", "Counter"))
    with pytest.raises(JobRefused):
        print_queue.hand_over(paper("x"), "Counter")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("", ""), ("1", "1-1"), ("1-2, 3", "1-2,3-3"), ("1,3", "1-1,3-3"), ("2、3", "2-2,3-3")],
)
def test_pages_are_read_as_clerks_type_them(typed: str, meant: str) -> None:
    assert print_queue.pages_within(typed, 3) == meant


@pytest.mark.parametrize("typed", ["0", "4", "2-1", "a", "1-", "1;rm", ",", "-o raw"])
def test_pages_that_are_not_there_are_refused(typed: str) -> None:
    with pytest.raises(BadPages):
        print_queue.pages_within(typed, 3)


@given(st.binary(max_size=200))
def test_any_answer_is_read_or_called_garbled(answer: bytes) -> None:
    try:
        status, groups = ipp.read(answer)
    except ipp.Garbled:
        return
    assert status >= 0
    assert all(isinstance(group, dict) for group in groups)


def test_every_word_of_the_printer_has_its_sentence() -> None:
    def kinds(base: type[PrinterError]) -> Iterator[type[PrinterError]]:
        for kind in base.__subclasses__():
            yield kind
            yield from kinds(kind)

    codes = [kind.code for kind in kinds(PrinterError)]
    assert set(codes) <= TABLE.keys()
    assert len(codes) == len(set(codes))


# Files -----------------------------------------------------------------------------------


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    printer.save(b"%PDF", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"
    with pytest.raises(NotWritten):
        printer.save(b"%PDF", tmp_path / "no such folder" / "a.pdf")
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_pages_are_painted_one_a_sheet_in_their_true_size(tmp_path: Path, qapp: object) -> None:
    target = printer.target("", Ways(copies=1, paper_mm=A4_MM))
    out = tmp_path / "out.pdf"
    target.setOutputFileName(str(out))
    assert printer.paint(rasterise(paper("one", "two"), 100), target) == 2
    sizes = {(each.width, each.height) for each in rasterise(out.read_bytes(), 72)}
    assert sizes == {(595, 842)}
