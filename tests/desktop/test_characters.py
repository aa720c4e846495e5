"""A rare character is found and typed, and one that cannot be printed is named at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework import characters
from casework.office import RESOURCES, Office, Resources
from desktop import theme
from desktop.gui_thread import GuiThread
from desktop.hands import write_anew
from desktop.windows.characters import CharacterFinder, offer
from store.models import Case
from tests.casework import papers
from tests.casework.hall import Hall


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    yield hall.enter("li")
    hall.leave()


def found(office: Office, typed: str, strokes: int = 0) -> list[str]:
    return [each.character for each in characters.find(office, typed, strokes)]


@pytest.mark.parametrize(
    ("typed", "strokes", "wanted"),
    [
        ("U+20087", 0, "𠂇"),
        ("2b5b8", 0, "𫖸"),
        ("原页", 0, "𫖸"),
        ("龙天", 0, "䶮"),
        ("斌贝", 0, "赟"),
        ("文武贝", 16, "赟"),
        ("吉", 12, "喆"),
    ],
)
def test_a_character_is_found_by_code_components_and_strokes(
    office: Office, typed: str, strokes: int, wanted: str
) -> None:
    assert wanted in found(office, typed, strokes)[:12]


def test_what_is_no_character_finds_nothing(office: Office) -> None:
    for typed in ("U+E001", "U+110000", "D800", "", "abc"):
        assert found(office, typed) == []


def test_names_held_offer_their_rare_characters(office: Office) -> None:
    papers.granted(office)
    office.store.writer.submit(_rename, "王𫖸䶮").result()
    assert [each.character for each in characters.held(office)] == ["𫖸", "䶮"]


def _rename(session: Session, name: str) -> None:
    session.execute(update(Case).values(applicant=name))


def test_the_finder_types_into_the_field_that_had_the_cursor(office: Office, qtbot: QtBot) -> None:
    window, line = QWidget(), QLineEdit("李")
    QVBoxLayout(window).addWidget(line)
    qtbot.addWidget(window)
    with ThreadPoolExecutor(1) as workers:
        offer(window, office, GuiThread(), workers)
        window.show()
        window.activateWindow()
        line.setFocus()
        qtbot.waitUntil(line.hasFocus)
        line.end(False)
        QTest.keyClick(
            line,
            Qt.Key.Key_U,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        finder = next(w for w in window.findChildren(CharacterFinder))
        write_anew(finder.typed, "原页")
        qtbot.waitUntil(lambda: finder.list.count() > 0, timeout=20_000)
        finder.list.itemActivated.emit(finder.list.item(0))
    assert line.text() == "李𫖸"


def test_the_screen_draws_a_rare_character_as_the_paper_does(qtbot: QtBot) -> None:
    theme.show_rare_characters(RESOURCES / "fonts")
    app = QApplication.instance()
    assert isinstance(app, QApplication)

    def drawn(text: str) -> bytes:
        image = QImage(60, 60, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = QPainter(image)
        font = app.font()
        font.setPixelSize(40)
        painter.setFont(font)
        painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return bytes(image.constBits())

    pictures = {drawn(c) for c in "𫖸𠮷𪚥𬭎"}
    assert len(pictures) == 4, "each has its own glyph, none the box of a missing one"
    assert drawn("𫖸") != drawn("\U000e0fff")
