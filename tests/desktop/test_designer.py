"""Office staff make a template at the window: place, drag, look, save, and find it again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from casework import designs
from casework.designs import Design, Placed, design_of, files_of
from casework.errors import BadDesign, NotAllowed
from casework.office import RESOURCES, Office, Resources
from desktop.gui_thread import GuiThread
from desktop.hands import press, write_anew
from desktop.office_desk import OfficeDesk
from desktop.windows.designer import Designer
from printing.raster import pages, texts
from printing.render import render
from sync.loop import SyncState
from tests.casework.hall import Hall
from tests.desktop.cups import paper


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    resources = Resources(RESOURCES)
    resources.site = tmp_path / "own"
    made = Hall(tmp_path, resources)
    yield made
    made.leave()


@pytest.fixture
def page(hall: Hall, qtbot: QtBot) -> Iterator[Designer]:
    workers = ThreadPoolExecutor(2)
    desk = OfficeDesk(
        hall.enter("zhao"), workers, language=lambda: "en", state=SyncState, send=lambda: None
    )
    made = Designer(desk, GuiThread(), workers, pages)
    made.resize(1300, 760)
    made.show()
    made.begin()
    yield made
    shiboken6.delete(made)
    workers.shutdown(wait=True)


def drawn(qtbot: QtBot, page: Designer) -> None:
    """Wait until the page on the right is that of the fields on the left."""
    before = page.sheet.pixmap().cacheKey()
    qtbot.waitUntil(lambda: page.sheet.pixmap().cacheKey() != before, timeout=30_000)


def test_a_form_is_made_by_hand_saved_and_printed(
    page: Designer, hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    office = hall.office
    assert office is not None
    ground = tmp_path / "form.pdf"
    ground.write_bytes(paper("Form", size_mm=(148.0, 210.0)))
    page.take_background(str(ground))
    qtbot.waitUntil(lambda: page.canvas.sceneRect().width() == 148.0, timeout=30_000)
    write_anew(page.id, "birth-form")
    write_anew(page.title_line, "出生登记表")
    press(page.add)
    write_anew(page.name, "holder_name")
    write_anew(page.sample, "李𠂇明")
    page.numbers["y"].setValue(60.0)
    drawn(qtbot, page)

    item = page.canvas.items_by_name["holder_name"]
    middle = page.canvas.mapFromScene(item.sceneBoundingRect().center())
    away = page.canvas.mapFromScene(item.sceneBoundingRect().center() + QPointF(20, 56))
    drag(page, middle, away)
    qtbot.waitUntil(lambda: page.numbers["y"].value() > 100)
    assert page.numbers["x"].value() == pytest.approx(40.0, abs=1.0)
    press(page.save)
    qtbot.waitUntil(lambda: "birth-form" in page.banner.text.text(), timeout=30_000)

    made = office.resources.template("birth-form")
    printed = render(
        made, {"holder_name": "欧阳𫖸"}, copy=None, fonts=office.resources.fonts, on_paper=True
    )
    assert "".join(texts(printed)[0].split()) == "欧阳𫖸", "the form itself is on the paper already"
    again = design_of(page._board.read(tmp_path / "own" / "birth-form"))
    assert again is not None
    assert [placed.name for placed in again.placed] == ["holder_name"]
    assert again.width == 148.0
    assert again.background


def drag(page: Designer, start: QPoint, end: QPoint) -> None:
    view = page.canvas.viewport()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=start)
    for step in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * step)
    QTest.mouseRelease(view, left, pos=end)


def test_faults_stand_beside_the_page(page: Designer, qtbot: QtBot) -> None:
    press(page.add)
    write_anew(page.sample, "村" * 500)
    QTest.keyClick(page.sample, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "overflow" in page.faults.text(), timeout=30_000)
    write_anew(page.name, "no name")
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "[C150]" in page.banner.text.text(), timeout=30_000)


def test_a_template_drawn_elsewhere_follows_each_save(
    page: Designer, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "drawn"
    folder.mkdir()
    for file in (RESOURCES / "templates" / "queue-slip").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    page.open(folder)
    assert not page.canvas.isVisible()
    qtbot.waitUntil(lambda: not page.sheet.pixmap().isNull(), timeout=30_000)
    svg = (folder / "template.svg").read_text()
    (folder / "template.svg").write_text(svg.replace("</svg>", "<text>{{ lost }}</text></svg>"))
    qtbot.waitUntil(lambda: "lost" in page.faults.text(), timeout=30_000)


def test_a_shipped_template_is_not_replaced_and_a_clerk_makes_none(hall: Hall) -> None:
    office: Office = hall.enter("zhao")
    mine = Design("receipt", "x", placed=(Placed("a", "甲"),))
    with pytest.raises(BadDesign):
        designs.save(office, files_of(mine))
    with pytest.raises(BadDesign):
        files_of(Design("../etc", "x"))
    with pytest.raises(NotAllowed):
        designs.save(hall.enter("li"), files_of(Design("own", "x")))


def test_a_scan_becomes_a_background_of_the_papers_size(hall: Hall) -> None:
    office = hall.enter("zhao")
    out = BytesIO()
    Image.new("L", (827, 1169), 250).save(out, "JPEG")
    png, size = designs.background(office, out.getvalue(), (210.0, 297.0))
    assert size == (210.0, 297.0)
    assert Image.open(BytesIO(png)).size == (1240, 1754)
