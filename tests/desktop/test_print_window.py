"""The preview prints on a real print system and says what became of the job, no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop import print_queue, printer
from desktop.examples import ExampleDesk
from desktop.gui_thread import GuiThread
from desktop.paper_desk import Document
from desktop.print_queue import PrinterLine
from desktop.print_watch import JobWatch
from desktop.windows.preview import Preview
from printing.raster import pages as rasterise
from tests.desktop import cups as private
from tests.desktop.cups import paper

RECEIPT = Document("receipt:1", "receipt", "受理通知书")
CERTIFICATE = Document("certificate:1", "certificate", "证明")


@pytest.fixture
def workers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
def preview(qtbot: QtBot, workers: ThreadPoolExecutor) -> Iterator[Preview]:
    """The window with a two-page document."""
    gui = GuiThread()
    desk = ExampleDesk(pdf=paper("one", "two"))
    made = Preview(desk, gui, workers, rasterise)
    made.watch = quick(made, gui, workers)
    qtbot.addWidget(made)
    yield made
    workers.shutdown(wait=True)


def quick(page: Preview, gui: GuiThread, workers: ThreadPoolExecutor) -> JobWatch:
    """A watch that looks often, so that tests need not wait."""
    watch = JobWatch(gui, workers, pause_s=0.1, late_s=0.5, slow_pause_s=0.2, parent=page)
    watch.moved.connect(page._moved)
    watch.ended.connect(page._ended)
    return watch


def press(qtbot: QtBot, preview: Preview, document: Document = RECEIPT) -> None:
    """Open a document and press Print."""
    preview.show_document(document)
    qtbot.waitUntil(preview.print_it.isEnabled, timeout=15_000)
    qtbot.waitUntil(lambda: preview.choices.lines is not None)
    preview.show()
    QTest.mouseClick(preview.print_it, Qt.MouseButton.LeftButton)


def desk_of(preview: Preview) -> ExampleDesk:
    """The example office behind the window."""
    desk = preview._desk
    assert isinstance(desk, ExampleDesk)
    return desk


def says(qtbot: QtBot, preview: Preview, words: str) -> None:
    """Wait until the banner says so."""
    qtbot.waitUntil(lambda: words in preview.banner.text.text(), timeout=15_000)


def test_printed_is_noted_only_when_the_job_has_ended(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.hold()
    press(qtbot, preview)
    qtbot.waitUntil(preview.take_back.isVisible)
    assert desk_of(preview).acted == [(RECEIPT.id, "copy:")], "nothing is known yet"
    assert not preview.print_it.isEnabled()
    says(qtbot, preview, "[W014]")
    cups.go_on()
    says(qtbot, preview, "Printed on Counter")
    assert desk_of(preview).acted == [(RECEIPT.id, "copy:"), (RECEIPT.id, "printed")]
    assert preview.print_it.isEnabled()
    assert preview.reason.isVisible(), "the next one needs a reason"


def test_a_double_click_prints_once(qtbot: QtBot, cups: private.Cups, preview: Preview) -> None:
    press(qtbot, preview)
    preview._print()
    QTest.mouseDClick(preview.print_it, Qt.MouseButton.LeftButton)
    says(qtbot, preview, "Printed on Counter")
    assert desk_of(preview).acted == [(RECEIPT.id, "copy:"), (RECEIPT.id, "printed")]
    assert len(list(cups.box.glob("*.pdf"))) == 1


def test_the_choices_of_the_window_reach_the_queue(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    preview.show_document(RECEIPT)
    qtbot.waitUntil(lambda: preview.choices.printers.count() == 2, timeout=15_000)
    assert preview.choices.printer() == "Counter"
    preview.choices.copies.setValue(2)
    preview.choices.pages.setText("2")
    preview.choices.both_sides.setChecked(True)
    qtbot.waitUntil(preview.print_it.isEnabled, timeout=15_000)
    preview._print()
    says(qtbot, preview, "Printed on Counter")
    (out,) = cups.box.glob("*.pdf")
    _title, copies, options = cups.told(f"Counter-{out.stem}")
    assert copies == "2"
    assert "page-ranges=2" in options
    assert "sides=two-sided-long-edge" in options
    assert "media=iso_a4_210x297mm" in options


def test_pages_that_are_not_there_count_nothing(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    preview.show_document(RECEIPT)
    qtbot.waitUntil(preview.print_it.isEnabled, timeout=15_000)
    qtbot.waitUntil(lambda: preview.choices.printer() != "", timeout=15_000)
    preview.choices.pages.setText("3")
    preview._print()
    assert "[W023]" in preview.banner.text.text()
    assert desk_of(preview).acted == []


def test_paper_out_is_said_while_the_job_waits_and_forgotten_after(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.hold("media-empty-error")
    press(qtbot, preview)
    says(qtbot, preview, "[W017]")
    preview.show_document(CERTIFICATE)
    qtbot.waitUntil(preview.print_it.isEnabled, timeout=15_000)
    preview.show_document(RECEIPT)
    says(qtbot, preview, "[W017]")
    assert not preview.print_it.isEnabled(), "coming back is no way to print twice"
    cups.go_on()
    says(qtbot, preview, "Printed on Counter")


def test_a_job_taken_back_is_noted_as_not_printed(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.hold()
    press(qtbot, preview, CERTIFICATE)
    qtbot.waitUntil(preview.take_back.isVisible)
    QTest.mouseClick(preview.take_back, Qt.MouseButton.LeftButton)
    says(qtbot, preview, "[W010]")
    assert desk_of(preview).acted == [(CERTIFICATE.id, "copy:"), (CERTIFICATE.id, "failed")]
    assert not preview.reason.isVisible(), "the original is still to be printed"
    assert preview.print_it.isEnabled()


def test_a_job_the_queue_forgot_is_for_the_clerk_to_tell(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.run("cupsdisable", "Counter")
    press(qtbot, preview)
    says(qtbot, preview, "[W016]")
    cups.run("cancel", "-a", "-x")  # as a server that keeps no history
    says(qtbot, preview, "[W012]")
    assert desk_of(preview).acted == [(RECEIPT.id, "copy:")]
    assert not preview.print_it.isEnabled()
    QTest.mouseClick(preview.came_out, Qt.MouseButton.LeftButton)
    assert desk_of(preview).acted[-1] == (RECEIPT.id, "printed")
    assert preview.print_it.isEnabled()
    assert not preview.came_out.isVisible()


def test_a_queue_that_refuses_is_noted_as_not_printed(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.run("cupsreject", "Counter")
    press(qtbot, preview)
    says(qtbot, preview, "[W002]")
    assert desk_of(preview).acted[-1] == (RECEIPT.id, "failed")
    assert preview.print_it.isEnabled()


def test_a_paused_printer_is_known_before_anything_is_printed(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    cups.run("cupsdisable", "Counter")
    preview.show_document(RECEIPT)
    qtbot.waitUntil(lambda: "[W016]" in preview.choices.trouble.text(), timeout=15_000)
    preview.choices.printers.setCurrentIndex(1)
    assert preview.choices.trouble.text() == ""


def test_the_printer_of_the_settings_is_offered_before_the_systems_own(
    qtbot: QtBot, cups: private.Cups, preview: Preview
) -> None:
    preview.choices.preferred = "Raw"
    preview.show_document(RECEIPT)
    qtbot.waitUntil(lambda: preview.choices.printers.count() == 2, timeout=15_000)
    assert preview.choices.printer() == "Raw"


def test_no_printer_says_what_to_do_and_counts_nothing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, preview: Preview
) -> None:
    private.skip_unless_there()
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "s"))
    preview.show_document(RECEIPT)
    qtbot.waitUntil(lambda: "[W001]" in preview.choices.trouble.text(), timeout=15_000)
    qtbot.waitUntil(preview.print_it.isEnabled, timeout=15_000)
    preview._print()
    assert "PDF" in preview.banner.text.text()
    assert desk_of(preview).acted == []


def test_each_copy_of_a_certificate_is_counted_on_its_own(preview: Preview) -> None:
    preview.show_document(CERTIFICATE)
    assert not preview.choices.copies.isEnabled()
    preview.show_document(RECEIPT)
    assert preview.choices.copies.isEnabled()


def test_where_nobody_tells_of_the_job_the_clerk_is_asked(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, preview: Preview
) -> None:
    painted: list[int] = []

    def paint(pages: Iterable[printer.Picture], target: object) -> int:
        del target
        painted.append(len(list(pages)))
        return painted[-1]

    monkeypatch.setattr(print_queue, "can_hand_over", lambda: False)
    monkeypatch.setattr(printer, "lines", lambda: (PrinterLine("Windows"),))
    monkeypatch.setattr(printer, "paint", paint)
    preview.choices.pages.setText("")
    press(qtbot, preview)
    qtbot.waitUntil(preview.came_not.isVisible, timeout=15_000)
    assert painted == [2]
    assert desk_of(preview).acted == [(RECEIPT.id, "copy:")]
    QTest.mouseClick(preview.came_not, Qt.MouseButton.LeftButton)
    assert desk_of(preview).acted[-1] == (RECEIPT.id, "failed")


def test_a_silent_queue_is_told_and_asked_on(
    qtbot: QtBot, cups: private.Cups, preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups.hold()
    press(qtbot, preview)
    qtbot.waitUntil(preview.take_back.isVisible)
    monkeypatch.setenv("CUPS_SERVER", "/nowhere/s")
    says(qtbot, preview, "[W013]")
    monkeypatch.setenv("CUPS_SERVER", cups.address)
    cups.go_on()
    says(qtbot, preview, "Printed on Counter")
