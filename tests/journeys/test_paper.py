"""A certificate on its way to paper: real office, real windows, a real queue, its troubles."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from casework.office import RESOURCES, Office, Resources
from desktop.corrections import Correction, Corrections
from desktop.gui_thread import GuiThread
from desktop.hands import press, write_anew
from desktop.office_desk import OfficeDesk
from desktop.settings import Settings
from desktop.windows.main import MainWindow
from printing import raster
from store import audit
from sync.loop import SyncState
from tests.casework import papers
from tests.casework.hall import Hall
from tests.desktop.cups import Cups, cups, running_cups  # noqa: F401 - fixtures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Counter:
    """A clerk at a window with a printer."""

    def __init__(self, office: Office, qtbot: QtBot, folder: Path) -> None:
        self.office, self.qtbot, self.folder = office, qtbot, folder
        self.workers = ThreadPoolExecutor(2)
        self.gui = GuiThread()
        self.corrections = Corrections(folder / "printers.json")
        self.window = self._sit_down()

    def _sit_down(self) -> MainWindow:
        desk = OfficeDesk(
            self.office,
            self.workers,
            language=lambda: "zh_CN",
            state=SyncState,
            send=lambda: None,
        )
        window = MainWindow(
            desk,
            self.gui,
            self.workers,
            raster.pages,
            Settings(idle_lock_minutes=0),
            corrections=self.corrections,
        )
        window.show()
        return window

    def leave_and_come_back(self) -> None:
        """The window is closed while a job is under way, and opened again."""
        self.leave()
        self.window = self._sit_down()

    def leave(self) -> None:
        self.window.close()
        shiboken6.delete(self.window)

    def until(self, words: str) -> None:
        banner = self.window.preview.banner
        self.qtbot.waitUntil(lambda: words in banner.text.text(), timeout=20_000)

    def open(self, case: str) -> None:
        """Open the certificate of a case and wait for its pages and the printers."""
        self.window.show_case(case)
        paper = next(d for d in self.window.desk.case(case).documents if d.kind == "certificate")
        self.window.show_document(paper)
        page = self.window.preview
        self.qtbot.waitUntil(page.save.isEnabled, timeout=30_000)
        self.qtbot.waitUntil(lambda: bool(page.choices.lines), timeout=20_000)

    def case_says(self, case: str, words: str) -> None:
        """Go back to the case and wait until it says so about the certificate."""

        def said() -> bool:
            self.window.show_case(case)
            lines = self.window.case._document_lines
            texts = [
                widget.text() for at in range(lines.count()) for widget in _labels(lines.itemAt(at))
            ]
            return any(words in text for text in texts)

        self.qtbot.waitUntil(said, timeout=20_000)


def _labels(item: object) -> Iterator[QLabel]:
    layout = getattr(item, "layout", lambda: None)()
    widget = getattr(item, "widget", lambda: None)()
    if isinstance(widget, QLabel):
        yield widget
    if layout is not None:
        for at in range(layout.count()):
            yield from _labels(layout.itemAt(at))


@pytest.fixture
def counter(tmp_path: Path, qtbot: QtBot) -> Iterator[Counter]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    office = hall.enter("li")
    papers.believe(office)
    made = Counter(office, qtbot, tmp_path)
    yield made
    made.leave()
    made.workers.shutdown(wait=True)
    hall.leave()


def words_of(pdf: bytes) -> str:
    return "".join("".join(raster.texts(pdf)).split())


@pytest.fixture
def print_system(request: pytest.FixtureRequest) -> Cups:
    """The private print system of the tests."""
    found = request.getfixturevalue("cups")
    assert isinstance(found, Cups)
    return found


def test_the_case_tells_the_truth_about_every_sheet(
    counter: Counter, print_system: Cups, tmp_path: Path
) -> None:
    case = str(papers.granted(counter.office))
    counter.open(case)
    page = counter.window.preview

    print_system.hold()  # somebody cancels it in the queue
    press(page.print_it)
    counter.qtbot.waitUntil(lambda: bool(page._jobs), timeout=20_000)
    print_system.run("cancel", "-a", "Counter")
    print_system.go_on()
    counter.until("[W010]")
    counter.case_says(case, "[W010]")
    assert counter.window.desk.figures().to_print == 1

    print_system.run("cupsdisable", "Counter")  # a stopped queue, and the program ends meanwhile
    counter.open(case)
    press(counter.window.preview.print_it)
    counter.until("[W016]")
    counter.case_says(case, "not confirmed yet")
    counter.leave_and_come_back()
    counter.open(case)
    counter.until("[W016]")
    assert not counter.window.preview.print_it.isEnabled(), "a restart is no way to print twice"
    print_system.run("cupsenable", "Counter")
    counter.until("Printed on Counter")
    counter.case_says(case, "printed 1 times")
    assert counter.window.desk.figures().to_print == 0
    [first] = print_system.box.glob("*.pdf")
    assert "李𠂇明" in words_of(first.read_bytes())
    assert "补打" not in words_of(first.read_bytes()), "two failures made no copy"

    counter.open(case)  # the second sheet wants a reason and says that it is the second
    page = counter.window.preview
    press(page.print_it)
    assert len(list(print_system.box.glob("*.pdf"))) == 1
    write_anew(page.reason, "原件污损")
    press(page.print_it)
    counter.until("Printed on Counter")
    second = max(print_system.box.glob("*.pdf"), key=lambda path: int(path.stem))
    assert "第1次补打" in words_of(second.read_bytes())

    counter.open(case)  # a file is a copy like any other
    write_anew(page.reason, "申请人要电子件")
    counter.window.preview.save_to(str(tmp_path / "copy.pdf"))
    counter.until("Saved.")
    assert "第2次补打" in words_of((tmp_path / "copy.pdf").read_bytes())
    counter.case_says(case, "printed 3 times")
    assert counter.office.store.read(audit.find_break) is None


def test_what_the_printer_does_is_undone_on_its_way(counter: Counter, print_system: Cups) -> None:
    moved = Correction(
        "Raw", "", "residence-proof", (1, 0, 0, 1, 10.0, 0), 0.02, "2026-11-25", "li"
    )
    counter.corrections.keep(moved)
    case = str(papers.granted(counter.office))
    counter.open(case)
    page = counter.window.preview
    page.choices.printers.setCurrentIndex(page.choices.printers.findData("Raw"))
    press(page.print_it)
    counter.until("Printed on Raw")
    [out] = print_system.box.glob("*.pdf")
    counter.corrections.forget("Raw", "", "residence-proof")
    counter.open(case)
    write_anew(page.reason, "核对位置")
    page.choices.printers.setCurrentIndex(page.choices.printers.findData("Raw"))
    press(page.print_it)
    counter.until("Printed on Raw")
    plain = max(print_system.box.glob("*.pdf"), key=lambda path: int(path.stem))
    left = [_left_edge(sheet.read_bytes()) for sheet in (plain, out)]
    assert (left[1] - left[0]) / 200 * 25.4 == pytest.approx(10.0, abs=0.15)
    assert words_of(out.read_bytes()) in words_of(plain.read_bytes()).replace("第1次补打", "")


def _left_edge(pdf: bytes) -> int:
    sheet = next(iter(raster.pages(pdf, 200)))
    rows = [sheet.bgra[y * sheet.width * 4 :][: sheet.width * 4 : 4] for y in range(sheet.height)]
    return min((row.find(b"\x00") for row in rows if b"\x00" in row), default=0)
