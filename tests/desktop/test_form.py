"""The form window, used as a clerk uses it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui_thread import GuiThread
from desktop.questions.select_one import RadioQuestion
from desktop.questions.text import LineQuestion
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors
from tests.desktop.form_session import SmallSession

NAME, AGE, SEX, REASON = (f"/d/person/{n}" for n in ("name", "age", "sex", "reason"))


@dataclass
class Case:
    session: SmallSession = field(default_factory=SmallSession)
    saves: list[dict[str, str]] = field(default_factory=list)

    def save(self) -> Future[None]:
        self.saves.append(dict(self.session.answers))
        done: Future[None] = Future()
        done.set_result(None)
        return done


def keep(_ref: str, name: str, _media_type: str, _data: bytes) -> Future[str]:
    done: Future[str] = Future()
    done.set_result(name)
    return done


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def window(qtbot: QtBot, case: Case) -> FormWindow:
    gui = GuiThread()
    made = FormWindow(case, FormDoors(case.save, keep, gui.deliver), title="Service")
    gui.setParent(made)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    return made


def line(window: FormWindow, ref: str) -> QLineEdit:
    question = window.page.questions[ref]
    assert isinstance(question, LineQuestion)
    return question.edit


def test_enter_answers_and_goes_to_the_next_question(
    qtbot: QtBot, window: FormWindow, case: Case
) -> None:
    window.go_to(NAME)
    QTest.keyClicks(line(window, NAME), "Li Lei")
    QTest.keyClick(line(window, NAME), Qt.Key.Key_Return)
    assert case.session.answers[NAME] == "Li Lei"
    assert window.focusWidget() is line(window, AGE)


def test_a_choice_shows_the_question_that_depends_on_it(qtbot: QtBot, window: FormWindow) -> None:
    sex = window.page.questions[SEX]
    assert isinstance(sex, RadioQuestion)
    assert window.page.questions[REASON].isHidden()
    sex.buttons[1].click()
    assert not window.page.questions[REASON].isHidden()


def test_accepting_names_what_is_missing_and_goes_there(window: FormWindow) -> None:
    asked: list[bool] = []
    window.accept_requested.connect(lambda: asked.append(True))
    window.accept()
    assert not asked
    assert window.problem_refs() == [NAME]
    assert window.focusWidget() is line(window, NAME)
    assert "needs an answer" in window.page.questions[NAME].problem_text()


def test_accepting_a_complete_form_saves_it_and_asks_once(
    qtbot: QtBot, window: FormWindow, case: Case
) -> None:
    window.go_to(NAME)
    QTest.keyClicks(line(window, NAME), "Li Lei")
    with qtbot.waitSignal(window.accept_requested):
        window.accept()
    assert case.saves[-1] == {NAME: "Li Lei"}


def test_what_cannot_be_read_is_said_and_stays_on_the_line(
    qtbot: QtBot, window: FormWindow, case: Case
) -> None:
    window.go_to(AGE)
    QTest.keyClicks(line(window, AGE), "12a")
    QTest.keyClick(line(window, AGE), Qt.Key.Key_Return)
    assert AGE not in case.session.answers
    assert line(window, AGE).text() == "12a"
    assert window.problem_refs() == [AGE]


def test_f8_goes_to_the_next_problem(qtbot: QtBot, window: FormWindow) -> None:
    window.accept()
    window.go_to(AGE)
    QTest.keyClicks(line(window, AGE), "200")
    window.go_to(NAME)
    QTest.keyClick(line(window, NAME), Qt.Key.Key_F8)
    assert window.focusWidget() is line(window, AGE)


def test_typing_is_saved_within_two_seconds_without_leaving_the_line(
    qtbot: QtBot, window: FormWindow, case: Case
) -> None:
    window.go_to(NAME)
    QTest.keyClicks(line(window, NAME), "Han")
    qtbot.waitUntil(lambda: bool(case.saves), timeout=3000)
    assert case.saves[-1] == {NAME: "Han"}
    qtbot.waitUntil(lambda: window.saved_label.text().startswith("Saved"))


def test_members_are_added_and_removed(qtbot: QtBot, window: FormWindow, case: Case) -> None:
    window.go_to_page(1)
    panel = window.page.panels["/d/member"]
    QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    second = "/d/member[2]/name"
    assert window.focusWidget() is line(window, second)
    QTest.keyClicks(line(window, second), "Wei")
    QTest.keyClick(line(window, second), Qt.Key.Key_Return)
    panel.remove_asked.emit("/d/member[1]")
    assert line(window, "/d/member[1]/name").text() == "Wei"
    panel.turn()
    assert panel.table is not None
    assert panel.table.instances_model.index(0, 0).data() == "Wei"


def test_the_language_of_the_form_changes_at_once(window: FormWindow) -> None:
    window.language.setCurrentIndex(1)
    window.language.activated.emit(1)
    assert "姓名" in window.page.questions[NAME].label.text()


def test_closing_saves_first(qtbot: QtBot, window: FormWindow, case: Case) -> None:
    window.go_to(NAME)
    QTest.keyClicks(line(window, NAME), "Han")
    with qtbot.waitSignal(window.closed):
        window.close()
    assert case.saves[-1] == {NAME: "Han"}


def test_the_read_back_page_opens(qtbot: QtBot, window: FormWindow, case: Case) -> None:
    case.session.answers[NAME] = "Li Lei"
    window.read_back()
