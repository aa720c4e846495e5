"""All results of one thing in one go: in order, each its own job, and the truth about each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from casework.office import RESOURCES, Office, Resources
from desktop.gui_thread import GuiThread
from desktop.hands import press, write_anew
from desktop.office_desk import OfficeDesk
from desktop.settings import Settings
from desktop.windows.batch import BatchPage
from desktop.windows.main import MainWindow
from desktop.windows.together_card import TogetherCard
from printing import raster
from printing.raster import texts
from store import audit, certificates
from sync.loop import SyncState
from tests.casework import papers
from tests.casework.hall import Hall
from tests.casework.test_outcomes import grant, parts_of, tell
from tests.desktop.cups import Cups


class Window:
    """A clerk's window on a hall, with the cases of one application; two of three are granted."""

    def __init__(self, office: Office, qtbot: QtBot) -> None:
        self.office, self.qtbot = office, qtbot
        self.cases = parts_of(self.office)
        self.ids = [str(each) for each in self.cases]
        last = grant(office, self.cases[2])
        self.numbers = [grant(office, self.cases[0]), last]
        self.workers, self.gui = ThreadPoolExecutor(2), GuiThread()
        self.main = self.sit_down()

    def sit_down(self) -> MainWindow:
        desk = OfficeDesk(
            self.office, self.workers, language=lambda: "en", state=SyncState, send=lambda: None
        )
        made = MainWindow(desk, self.gui, self.workers, raster.pages, Settings(idle_lock_minutes=0))
        made.show()
        made.show_case(self.ids[0])
        return made

    def leave(self) -> None:
        self.main.close()
        shiboken6.delete(self.main)

    def refuse(self, part: int) -> None:
        tell(self.office, self.cases[part], "decided_refused", reason="示例：未满八十周岁。")

    def card(self) -> str:
        """What the card of the one thing says."""
        self.main.case.refresh()
        return "\n".join(each.text() for each in self.main.case.together.findChildren(QLabel))

    def button(self, name: str) -> QPushButton:
        found = self.main.case.together.findChildren(QPushButton)
        return next(each for each in found if each.accessibleName() == name)

    def open(self, name: str = "Print all results") -> BatchPage:
        """Press the card's button and wait for the printers."""
        self.main.show_case(self.ids[0])
        press(self.button(name))
        page = self.main.stack.currentWidget()
        assert isinstance(page, BatchPage)
        self.qtbot.waitUntil(lambda: bool(page.choices.lines), timeout=20_000)
        page.choices.printers.setCurrentIndex(page.choices.printers.findData("Raw"))
        return page

    def states(self, page: BatchPage) -> list[str]:
        return [str(page.papers.index(n, 3).data()) for n in range(page.papers.rowCount())]

    def until(self, page: BatchPage, *states: str) -> None:
        self.qtbot.waitUntil(lambda: self.states(page) == list(states), timeout=20_000)

    def ended(self, page: BatchPage) -> None:
        self.qtbot.waitUntil(lambda: not page.batch.running, timeout=20_000)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    hall = Hall(tmp_path_factory.mktemp("hall"), Resources(RESOURCES))
    made = hall.enter("li")
    papers.believe(made)
    yield made
    hall.leave()


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> Iterator[Window]:
    made = Window(office, qtbot)
    yield made
    made.leave()
    made.workers.shutdown(wait=True)


def sheets(cups: Cups) -> list[str]:
    """What came out, in the order of the jobs."""
    found = sorted(cups.box.glob("*.pdf"), key=lambda path: int(path.stem))
    return ["".join("".join(texts(each.read_bytes())).split()) for each in found]


def test_the_card_says_what_is_ready_and_what_is_not(window: Window) -> None:
    said = window.card()
    assert "2 papers ready to print" in said
    assert "Still being worked on: Resident pension enrolment" in said
    assert "next deadline: " in said
    assert "2 Granted  ·  1 Accepted" in said
    assert window.main.case.together.heading.text().endswith("2 of 3 decided")


def test_all_come_out_in_order_and_none_twice_unsaid(window: Window, cups: Cups) -> None:
    window.refuse(1)
    page = window.open()
    assert window.states(page) == ["Ready"] * 3
    press(page.print_them)
    press(page.print_them)
    window.ended(page)
    assert window.states(page) == ["Printed 1 times"] * 3
    first, second, slip = sheets(cups)
    assert window.numbers[0] in first
    assert window.numbers[1] in second
    assert "办结清单" in slip
    assert all(number in slip for number in window.numbers)
    assert page.papers.chosen() == []
    assert not page.print_them.isEnabled()
    press(page.back)
    assert "3 printed" in window.card()
    page = window.open("Print again")
    page.papers.tick_all(on=True)
    press(page.print_them)
    assert "printed again" in page.banner.text.text()
    assert len(sheets(cups)) == 3
    write_anew(page.reason, "原件污损")
    press(page.print_them)
    window.ended(page)
    assert all("第1次补打" in sheet for sheet in sheets(cups)[3:])
    assert window.states(page) == ["Printed 2 times"] * 3
    assert window.office.store.read(audit.find_break) is None


def test_a_jam_is_seen_and_only_what_did_not_come_out_is_printed_again(
    window: Window, cups: Cups
) -> None:
    window.refuse(1)
    page = window.open()
    cups.hold("media-jam-error")
    press(page.print_them)
    window.until(page, "Stuck at the printer", "In the queue", "In the queue")
    assert "[W018]" in page.banner.text.text()
    second = list(page.batch._jobs)[1]
    cups.run("cancel", second)
    cups.go_on()
    window.ended(page)
    assert window.states(page) == ["Printed 1 times", "Not printed", "Printed 1 times"]
    assert "[W010]" in page.banner.text.text()
    assert [each.number for each in page.papers.chosen()] == [window.numbers[1]]
    assert "1 papers ready to print  ·  1 of them did not come out last time" in window.card()
    press(page.print_them)
    window.ended(page)
    assert window.states(page) == ["Printed 1 times"] * 3
    assert window.numbers[1] in sheets(cups)[-1]
    assert not any("补打" in sheet for sheet in sheets(cups)), "what never came out is no copy"


def test_a_printer_that_goes_in_the_middle_leaves_the_rest_ready(
    window: Window, cups: Cups
) -> None:
    page = window.open()
    cups.hold("offline-report")
    press(page.print_them)
    window.until(page, "Stuck at the printer", "In the queue")
    assert "[W021]" in page.banner.text.text()
    press(page.take_back)
    window.ended(page)
    cups.go_on()
    assert "2 not printed" in page.banner.text.text()
    assert "[W010]" in page.banner.text.text()
    cups.run("cupsreject", "Raw")
    press(page.print_them)
    window.ended(page)
    assert "[W002]" in page.banner.text.text()
    assert "2 papers ready to print  ·  2 of them did not come out last time" in window.card()
    cups.run("cupsaccept", "Raw")
    press(page.print_them)
    window.ended(page)
    assert len(sheets(cups)) == 2
    assert not any("补打" in sheet for sheet in sheets(cups))


def test_a_program_that_ends_in_the_middle_knows_afterwards_what_came_out(
    window: Window, cups: Cups
) -> None:
    window.refuse(1)
    page = window.open()
    cups.run("cupsdisable", "Raw")
    press(page.print_them)
    window.qtbot.waitUntil(lambda: page.batch.queued == 3, timeout=20_000)
    window.leave()
    window.main = window.sit_down()
    assert "3 at the printer, not confirmed yet" in window.card()
    page = window.open("See where they are")
    assert window.states(page) == ["Not confirmed"] * 3
    page.papers.tick_all(on=True)
    assert page.papers.chosen() == [], "nobody knows yet whether they came out"
    cups.run("cupsenable", "Raw")
    window.until(page, *["Printed 1 times"] * 3)
    assert len(sheets(cups)) == 3
    assert window.office.store.read(certificates.open_copies) == ()


def test_a_paper_looked_at_while_it_prints_is_asked_about_by_nobody_and_noted_once(
    window: Window, cups: Cups
) -> None:
    page = window.open()
    cups.hold("media-jam-error")
    press(page.print_them)
    window.until(page, "Stuck at the printer", "In the queue")
    paper = window.main.desk.case(window.ids[0]).documents[0]
    assert paper.underway
    window.main.show_document(paper)
    preview = window.main.preview
    window.qtbot.waitUntil(lambda: "[W018]" in preview.banner.text.text(), timeout=20_000)
    assert not preview.came_out.isVisible()
    assert preview.take_back.isVisible()
    cups.go_on()
    window.qtbot.waitUntil(lambda: "Printed on Raw" in preview.banner.text.text(), timeout=20_000)
    window.ended(page)
    told = [row for row in window.office.store.read(audit.newest) if row.action == "copy_printed"]
    assert [row.subject for row in told].count(paper.id) == 1


def test_what_another_office_voids_meanwhile_leaves_the_list(window: Window, cups: Cups) -> None:
    page = window.open()
    papers.void(window.office, window.cases[0], window.numbers[0])
    window.qtbot.waitUntil(
        lambda: [each.number for each in page.papers.chosen()] == [window.numbers[1]],
        timeout=5_000,
    )
    press(page.print_them)
    window.ended(page)
    [sheet] = sheets(cups)
    assert window.numbers[1] in sheet


def test_all_are_handed_over_at_once_each_on_record(window: Window) -> None:
    window.refuse(1)
    assert "3 results are not noted as handed over yet." in window.card()
    press(window.button("Hand over all"))
    window.qtbot.waitUntil(lambda: "3 Delivered" in window.card(), timeout=10_000)
    acts = [row.action for row in window.office.store.read(audit.newest)]
    assert acts.count("delivered") == 3


def test_who_does_not_print_is_offered_nothing(window: Window) -> None:
    card = TogetherCard()
    window.qtbot.addWidget(card)
    together = window.main.desk.case(window.ids[0]).together
    for prints in (True, False):
        card.show_together(together, window.ids[0], prints=prints)
        window.qtbot.wait(1)
        names = [button.accessibleName() for button in card.findChildren(QPushButton)]
        assert ("Print all results" in names) == prints


def test_ticks_are_set_by_keys(window: Window, cups: Cups) -> None:
    page = window.open()
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    assert [each.number for each in page.papers.chosen()] == [window.numbers[0]]
    QTest.keyClick(page.list, Qt.Key.Key_Right)
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    assert len(page.papers.chosen()) == 2, "wherever in the row the keyboard is"


def test_files_are_saved_as_from_the_preview(window: Window, tmp_path: Path, cups: Cups) -> None:
    window.refuse(1)
    page = window.open()
    folder = tmp_path / "out"
    folder.mkdir()
    page.save_to(str(folder))
    window.ended(page)
    names = sorted(path.name for path in folder.iterdir())
    number = window.main.desk.case(window.ids[0]).line.number
    assert names == sorted([*(f"{n}.pdf" for n in window.numbers), f"{number}-onething-result.pdf"])
    assert window.states(page) == ["Printed 1 times"] * 2 + ["Ready"], "as singly"
