"""Checking papers and measuring printers at a window, on a real office and a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from casework.office import RESOURCES, Office, Resources
from desktop.corrections import Corrections
from desktop.gui_thread import GuiThread
from desktop.hands import press
from desktop.office_desk import OfficeDesk
from desktop.windows.base import Page
from desktop.windows.calibrate import CalibratePage
from desktop.windows.verify import Certificates
from printing.calibrate import inverse
from printing.raster import pages
from printing.trust import Trust, pinned
from sync.loop import SyncState
from tests.casework import papers
from tests.casework.hall import Hall
from tests.desktop.cups import Cups
from tests.printing.credentials import KEY, KID, NUMBER, PUBLIC, credential, page_with, signed
from tests.printing.test_calibrate import STRAYS, on_paper, scanned


@pytest.fixture(scope="module")
def resources() -> Resources:
    return Resources(RESOURCES)


@pytest.fixture
def office(tmp_path: Path, resources: Resources) -> Iterator[Office]:
    hall = Hall(tmp_path, resources)
    made = hall.enter("li")
    papers.believe(made)
    yield made
    hall.leave()


@pytest.fixture
def workers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
def desk(office: Office, workers: ThreadPoolExecutor) -> OfficeDesk:
    return OfficeDesk(office, workers, language=lambda: "en", state=SyncState, send=lambda: None)


def says(qtbot: QtBot, page: Page, words: str) -> None:
    qtbot.waitUntil(lambda: words in page.banner.text.text(), timeout=30_000)


def test_a_paper_is_checked_from_a_pdf_a_pasted_photo_and_a_scanner(
    desk: OfficeDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    page = Certificates(desk, GuiThread())
    qtbot.addWidget(page)
    page.show()
    assert "not known here yet" in page.known.text()
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(page_with(credential()))
    page.take_file(str(paper))
    says(qtbot, page, "Genuine and unchanged.")
    assert page.result.isVisible()

    sheet = next(iter(pages(paper.read_bytes(), 200)))
    photo = QImage(
        sheet.bgra, sheet.width, sheet.height, sheet.width * 4, QImage.Format.Format_RGB32
    )
    QGuiApplication.clipboard().setImage(photo)
    page.banner.say("")
    press(page.paste)
    says(qtbot, page, "Genuine and unchanged.")

    fresh = tmp_path / "trust.json"
    known = pinned({KID: PUBLIC})
    fresh.write_bytes(
        signed(Trust(9, "2026-11-25T01:00:00+00:00", known.keys, {NUMBER: "2026-11-20"}), KEY)
    )
    page.take_list(str(fresh))
    says(qtbot, page, "The list was taken over.")
    assert "1 void certificates" in page.known.text()
    page.code.setText(credential())  # as a scanner types it
    press(page.check)
    says(qtbot, page, "[P115]")
    assert "2026-11-20" in page.banner.text.text()
    assert not page.result.isVisible()

    page.code.setText(credential(sign=lambda _data: bytes(64)))
    press(page.check)
    says(qtbot, page, "[P111]")
    paper.write_bytes(b"no paper")
    page.take_file(str(paper))
    says(qtbot, page, "[P118]")
    page.take_file(str(tmp_path / "nothing"))
    says(qtbot, page, "[W026]")


def test_a_printer_is_measured_from_the_sheet_that_it_printed(
    desk: OfficeDesk, workers: ThreadPoolExecutor, cups: Cups, qtbot: QtBot, tmp_path: Path
) -> None:
    corrections = Corrections(tmp_path / "printers.json")
    page = CalibratePage(desk, GuiThread(), workers, corrections)
    qtbot.addWidget(page)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: page.printers.count() == 2, timeout=20_000)
    page.printers.setCurrentIndex(page.printers.findText("Raw"))
    press(page.print_sheet)
    says(qtbot, page, "Given to Raw")
    qtbot.waitUntil(lambda: any(cups.box.glob("*.pdf")), timeout=20_000)
    [sheet] = cups.box.glob("*.pdf")

    scan = tmp_path / "scan.jpg"
    scan.write_bytes(scanned(on_paper(sheet.read_bytes(), dpi=300)))
    page.take_scan(str(scan))
    qtbot.waitUntil(lambda: page.values[0].value() > 20.5, timeout=30_000)
    press(page.keep)
    kept = Corrections(tmp_path / "printers.json").find("Raw", "", "receipt")
    assert kept is not None
    assert kept.made_by == "li"
    wanted = inverse(STRAYS)
    assert all(abs(a - b) < 0.001 for a, b in zip(kept.matrix[:4], wanted[:4], strict=True))
    assert all(abs(a - b) < 0.1 for a, b in zip(kept.matrix[4:], wanted[4:], strict=True))

    page.values[0].setValue(29.0)  # a slip of the ruler
    assert "do not fit each other" in page.banner.text.text()
    page.values[0].setValue(120.0)
    assert "[P122]" in page.banner.text.text()
    assert not page.keep.isEnabled()

    blank = BytesIO()
    Image.new("L", (1240, 1754), 255).save(blank, "PNG")
    scan.write_bytes(blank.getvalue())
    page.take_scan(str(scan))
    says(qtbot, page, "[P120]")
