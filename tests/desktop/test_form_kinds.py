"""Kinds of question and label beyond the everyday, in the real form window over the real engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from pyxform.xls2xform import convert

from desktop.gui_thread import GuiThread
from desktop.journey import sample_picture
from desktop.questions.base import Surroundings
from desktop.questions.dates import MonthQuestion, YearQuestion
from desktop.questions.geo import GeoRowsQuestion
from desktop.questions.label_media import LabelMedia
from desktop.questions.pictures import to_png
from desktop.questions.select_multiple import CheckQuestion, RankQuestion
from desktop.questions.select_one import RadioQuestion
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors
from forms import Session, load_form
from forms.geo import parse_line
from forms.views import Media
from tests.forms.kit import around

T = TypeVar("T")
Open = Callable[..., FormWindow]
HEAD = (
    "| survey |\n| | type | name | label | appearance | relevant | media::image | media::audio |\n"
)
CHOICES = """
| choices |
| | list_name | name | label | media::image |
| | few | a | Apple | p.png |
| | few | b | Banana | |
| | few | c | Cherry | |
| | fruits | key | name | |
"""
FILES: dict[str, bytes] = {
    "p.png": to_png(sample_picture()),
    "a.mp3": b"ID3",
    "fruits.csv": b"key,name\n1,Mango\n2,Plum\n",
}


@dataclass
class Case:
    session: Session


def done(result: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(result)
    return future


@pytest.fixture
def open_form(qtbot: QtBot) -> Open:
    def opened(
        rows: str, *, head: str = HEAD, choices: str = CHOICES, language: str | None = None
    ) -> FormWindow:
        xform = str(convert(head + rows + choices, file_type=".md").xform).encode()
        session = load_form(xform, FILES).new_session(**around(), language=language)
        gui = GuiThread()
        found = Surroundings(media=lambda name: FILES.get(name.rpartition("/")[2]))
        doors = FormDoors(
            lambda: done(None), lambda _r, name, _t, _d: done(name), gui.deliver, around=found
        )
        window = FormWindow(Case(session), doors, title="Kinds")
        gui.setParent(window)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        return window

    return opened


def answer(window: FormWindow, ref: str) -> str:
    return window.filling.session.view(ref).answer


def test_a_rank_is_put_in_order(open_form: Open) -> None:
    window = open_form("| | rank few | r | R | | | | |")
    question = window.page.questions["/data/r"]
    assert isinstance(question, RankQuestion)
    question.list.setCurrentRow(2)
    QTest.mouseClick(question.up, Qt.MouseButton.LeftButton)
    assert answer(window, "/data/r") == "a c b"
    assert question.list.item(1).text().endswith("Cherry")


def test_a_line_and_an_area_are_rows_of_points_and_an_area_closes(open_form: Open) -> None:
    window = open_form("| | geotrace | l | L | | | | |\n| | geoshape | a | A | | | | |")
    for ref, typed, expected in (
        ("/data/l", "30 104\n31 105", [(30, 104), (31, 105)]),
        ("/data/a", "30 104\n31 105\n30 105", [(30, 104), (31, 105), (30, 105), (30, 104)]),
    ):
        question = window.page.questions[ref]
        assert isinstance(question, GeoRowsQuestion)
        question.edit.setPlainText(typed)
        question.commit()
        points = parse_line(answer(window, ref)) or []
        assert [(point.lat, point.lon) for point in points] == expected
        question.edit.setPlainText("30 104")
        question.commit()
        assert answer(window, ref) == ""
        assert question.complaint


def test_a_month_and_a_year_stand_for_their_first_day(open_form: Open) -> None:
    window = open_form("| | date | m | M | month-year | | | |\n| | date | y | Y | year | | | |")
    month, year = window.page.questions["/data/m"], window.page.questions["/data/y"]
    assert isinstance(month, MonthQuestion)
    assert isinstance(year, YearQuestion)
    QTest.keyClicks(month.edit, "2026-11")
    QTest.keyClick(month.edit, Qt.Key.Key_Return)
    QTest.keyClicks(year.edit, "1949")
    QTest.keyClick(year.edit, Qt.Key.Key_Return)
    assert (answer(window, "/data/m"), answer(window, "/data/y")) == ("2026-11-01", "1949-01-01")


def test_a_searched_list_shows_its_rows(open_form: Open) -> None:
    window = open_form("| | select_one fruits | s | S | search('fruits') | | | |")
    question = window.page.questions["/data/s"]
    assert isinstance(question, RadioQuestion)
    assert [button.text() for button in question.buttons] == ["Mango", "Plum"]
    QTest.mouseClick(question.buttons[1], Qt.MouseButton.LeftButton)
    assert answer(window, "/data/s") == "2"


def test_choices_to_tick_show_their_pictures(open_form: Open) -> None:
    window = open_form("| | select_multiple few | m | M | | | | |")
    question = window.page.questions["/data/m"]
    assert isinstance(question, CheckQuestion)
    assert [box.icon().isNull() for box in question.boxes] == [False, True, True]


def test_any_label_brings_its_picture_and_its_sound(open_form: Open) -> None:
    window = open_form("| | text | t | T | | | p.png | a.mp3 |\n| | text | u | U | | | | |")
    media = window.page.questions["/data/t"].findChild(LabelMedia)
    assert media is not None
    assert not media.picture.isHidden()
    assert not media.sound.isHidden()
    assert media.film.isHidden()
    assert window.page.questions["/data/u"].findChild(LabelMedia) is None


def test_a_sound_is_played_by_its_program_and_nothing_else_is(qtbot: QtBot) -> None:
    played: list[bytes] = []

    def play(url: QUrl) -> bool:
        played.append(Path(url.toLocalFile()).read_bytes())
        return True

    files = {"jr://audio/a.mp3": b"ID3", "jr://audio/evil.exe": b"MZ"}
    media = LabelMedia(files.get, play=play)
    qtbot.addWidget(media)
    media.show_media(Media(audio="jr://audio/evil.exe"))
    assert media.isHidden()
    media.show_media(Media(audio="jr://audio/gone.mp3"))
    assert media.isHidden()
    media.show_media(Media(audio="jr://audio/a.mp3"))
    QTest.mouseClick(media.sound, Qt.MouseButton.LeftButton)
    assert played == [b"ID3"]


def test_markup_of_a_label_is_shown_and_hostile_markup_is_text(open_form: Open) -> None:
    window = open_form("| | note | n | **b** <img src='x'> [l](https://e.org) | | | | |")
    label = window.page.questions["/data/n"].label
    assert "<b>b</b>" in label.text()
    assert "<img" not in label.text()
    assert not label.openExternalLinks()


@pytest.mark.parametrize("hidden", ["one", "two", "three"])
def test_no_page_is_shown_of_which_nothing_applies(open_form: Open, hidden: str) -> None:
    rows = "".join(
        f"| | begin_group | {name} | {name} | | {'false()' if name == hidden else ''} | | |\n"
        f"| | text | t{name} | T | | | | |\n| | end_group | | | | | | |\n"
        for name in ("one", "two", "three")
    )
    window = open_form(rows)
    seen = []
    for _ in range(4):
        seen.append(window.pages[window.at].title)
        if window.next_button.isEnabled():
            window.go_to_page(window.at + 1)
    assert hidden not in seen
    assert len(set(seen)) == 2
    assert window.page_label.text() == "Page 2 of 2"


def test_a_form_of_which_nothing_applies_says_so(open_form: Open) -> None:
    window = open_form("| | text | t | T | | false() | | |")
    assert not window.page.nothing.isHidden()


def test_a_page_that_only_asks_for_a_first_member_is_no_empty_page(open_form: Open) -> None:
    window = open_form(
        "| | begin_group | g | G | | | | |\n| | begin_repeat | m | M | | | | |\n"
        "| | text | t | T | | | | |\n| | end_repeat | | | | | | |\n| | end_group | | | | | | |"
    )
    window.filling.session.remove_repeat("/data/g/m[1]")
    window.outline.rebuild()
    assert window.outline.questions("/data/g") == []
    assert window.outline.applies(window.pages[0])


def test_a_language_from_right_to_left_mirrors_its_pages(open_form: Open) -> None:
    head = "| survey |\n| | type | name | label::English (en) | label::ئۇيغۇرچە (ug) |\n"
    window = open_form(
        "| | text | t | Name | ئىسمى |", head=head, choices="", language="ئۇيغۇرچە (ug)"
    )
    question = window.page.questions["/data/t"]
    field = question.fields()[0]
    label: QLabel = question.label
    assert (
        label.mapTo(window, label.rect().center()).x()
        > field.mapTo(window, field.rect().center()).x()
    )
    window.language.setCurrentIndex(0)
    window.language.activated.emit(0)
    question = window.page.questions["/data/t"]
    field = question.fields()[0]
    assert (
        question.label.mapTo(window, question.label.rect().center()).x()
        < field.mapTo(window, field.rect().center()).x()
    )


def test_an_audited_form_hears_which_page_was_open_for_how_long(open_form: Open) -> None:
    rows = "".join(
        f"| | begin_group | {name} | {name} | | | | |\n| | text | t{name} | T | | | | |\n"
        "| | end_group | | | | | | |\n"
        for name in ("one", "two")
    )
    window = open_form(rows + "| | audit | audit | | | | | |")
    session = window.filling.session
    assert isinstance(session, Session)
    session.answer("/data/one/tone", "x")
    window.go_to_page(1)
    log = session.audit_log() or b""
    assert b"question,/data/one/tone," in log
    assert b"/data/two/ttwo" not in log  # still open
