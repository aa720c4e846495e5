"""The shell as a clerk uses it: keys, figures, lists, languages."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop import parts
from desktop.desk import CaseFilter, ServicesState
from desktop.examples import LOGINS, ExampleDesk
from desktop.gui_thread import GuiThread
from desktop.print_errors import JobRefused
from desktop.settings import Settings, layered, load, save_user
from desktop.translation import Interpreter
from desktop.windows.main import MainWindow
from desktop.windows.sign_in import SignIn


@pytest.fixture
def desk() -> ExampleDesk:
    return ExampleDesk()


@pytest.fixture
def window(qtbot: QtBot, desk: ExampleDesk) -> Iterator[MainWindow]:
    with ThreadPoolExecutor(1) as workers:
        made = MainWindow(desk, GuiThread(), workers, lambda _pdf, _dpi: (), Settings())
        qtbot.addWidget(made)
        made.show()
        yield made


def test_initials_find_a_service_and_enter_starts_it(qtbot: QtBot, window: MainWindow) -> None:
    window.go(1)
    QTest.keyClicks(window.catalogue.search, "gljt")
    assert [line.name for line in window.catalogue.model.lines] == ["高龄津贴"]
    with qtbot.waitSignal(window.start_wanted) as started:
        window.catalogue.begin.click()
    assert started.args == ["old-age-allowance"]


def test_a_search_without_result_says_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    window.go(1)
    QTest.keyClicks(window.catalogue.search, "xyz")
    assert not window.catalogue.nothing.isHidden()
    assert window.catalogue.nothing.text.text()
    QTest.keyClick(window.catalogue.search, Qt.Key.Key_Escape)
    assert len(window.catalogue.model.lines) == 8


def test_a_figure_opens_its_list(qtbot: QtBot, window: MainWindow) -> None:
    QTest.mouseClick(window.overview.tiles["supplements"], Qt.MouseButton.LeftButton)
    assert window.stack.currentWidget() is window.cases
    assert {row.status for row in window.cases.model.rows} == {"supplement_requested"}


def test_a_change_of_the_store_leaves_the_pressed_button_in_place(
    qtbot: QtBot, window: MainWindow, desk: ExampleDesk
) -> None:
    def opening() -> list[QPushButton]:
        found = window.overview.urgent.findChildren(QPushButton)
        return [button for button in found if button.isVisible()]

    qtbot.waitUntil(lambda: bool(opening()))
    before = opening()
    before[1].setFocus()
    window.refresh()
    assert opening() == before
    named = before[1].accessibleName()
    desk.lines = tuple(c for c in desk.lines if c.number not in before[0].accessibleName())
    window.refresh()
    qtbot.waitUntil(lambda: before[0] not in opening())
    held = window.focusWidget()
    assert held is not None
    assert held.accessibleName() == named


def test_enter_in_the_list_opens_the_case(qtbot: QtBot, window: MainWindow) -> None:
    window.go(2)
    QTest.keyClick(window.cases.search, Qt.Key.Key_Down)
    QTest.keyClick(window.cases.table, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.case
    assert window.case.headline.text() == "SL-20260318-0001"


def test_send_now_asks_for_a_round(window: MainWindow, desk: ExampleDesk) -> None:
    window.go(3)
    window.outbox.send.click()
    assert desk.sent == 1


def test_a_failure_says_what_happened_and_what_to_do(window: MainWindow) -> None:
    window.go(3)
    window.outbox.table.selectRow(2)
    assert "lower resolution" in window.outbox.detail_text.text()


def test_a_reprint_without_a_reason_does_not_count(window: MainWindow, desk: ExampleDesk) -> None:
    window.show_case("3")
    window.show_document(desk.case("3").documents[0])
    window.preview.print_it.setEnabled(True)
    window.preview.print_it.click()
    assert desk.acted == []
    assert "again" in window.preview.banner.text.text()


def test_locking_forgets_what_was_copied(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.clipboard().setText("510104194001010014")
    with qtbot.waitSignal(window.locked):
        window.lock_button.click()
    assert QApplication.clipboard().text() == ""


def test_the_language_changes_while_the_window_is_open(qtbot: QtBot, window: MainWindow) -> None:
    interpreter = Interpreter()
    interpreter.speak("zh_CN")
    qtbot.waitUntil(lambda: window.overview.headline.text() == "总览")
    assert window.overview.tiles["overdue"].name.text() == "已超期"
    interpreter.speak("en")
    qtbot.waitUntil(lambda: window.overview.headline.text() == "Overview")


def test_every_control_has_a_name(window: MainWindow) -> None:
    for at in range(6):
        window.go(at)
    window.show_case("3")
    nameless = [
        each
        for each in window.findChildren(QWidget)
        if isinstance(each, QAbstractButton | QLineEdit | QComboBox | QTableView)
        and not each.isHidden()
        and not each.accessibleName()
        and not (isinstance(each, QAbstractButton) and each.text())
        and not each.objectName().startswith("qt_")
        and not isinstance(each.parentWidget(), QLineEdit | QTableView)
    ]
    assert nameless == []


def test_an_empty_office_is_told_how_to_begin(qtbot: QtBot) -> None:
    with ThreadPoolExecutor(1) as workers:
        made = MainWindow(
            ExampleDesk(empty=True), GuiThread(), workers, lambda _pdf, _dpi: (), Settings()
        )
        qtbot.addWidget(made)
        made.show()
        made.go(2)
        made.cases.nothing.action.click()
        assert made.stack.currentWidget() is made.catalogue


def test_a_wrong_password_is_explained_and_can_be_typed_again(qtbot: QtBot) -> None:
    made = SignIn(LOGINS)
    qtbot.addWidget(made)
    made.show()
    QTest.keyClicks(made.password, "wrong")
    with qtbot.waitSignal(made.entered) as entered:
        QTest.keyClick(made.password, Qt.Key.Key_Return)
    assert entered.args == ["zhangsan", "wrong"]
    made.refused(JobRefused(), wait_s=3)
    assert "3" in made.open.text()
    assert not made.open.isEnabled()
    assert made.password.isEnabled()


def test_pressing_enter_twice_signs_in_once(qtbot: QtBot) -> None:
    made = SignIn(LOGINS)
    qtbot.addWidget(made)
    made.show()
    heard: list[str] = []
    made.entered.connect(lambda login, _password: heard.append(login))
    QTest.keyClicks(made.password, "secret")
    QTest.keyClick(made.password, Qt.Key.Key_Return)
    made.open.click()
    assert heard == ["zhangsan"]


def test_a_closed_window_hears_nothing(qtbot: QtBot) -> None:
    gui, to, heard = GuiThread(), QObject(), list[int]()
    late: Future[int] = Future()
    gui.deliver(late, to=to, done=heard.append, failed=lambda _error: None)
    to.deleteLater()
    with qtbot.waitSignal(to.destroyed):
        pass
    late.set_result(1)
    qtbot.wait(20)
    assert heard == []


def test_a_result_of_another_thread_arrives(qtbot: QtBot) -> None:
    gui, to, heard = GuiThread(), QObject(), list[int]()
    with ThreadPoolExecutor(1) as workers:
        gui.deliver(workers.submit(lambda: 7), to=to, done=heard.append, failed=lambda _error: None)
    qtbot.waitUntil(lambda: heard == [7])


def test_a_stronger_layer_wins_and_nonsense_is_left_aside() -> None:
    settings, left_aside = layered([{"language": "en", "colour": 1}, {"idle_lock_minutes": 5}])
    assert (settings.language, settings.idle_lock_minutes) == ("en", 5)
    assert left_aside == ("colour",)


def test_the_settings_name_a_newer_program_while_one_is_announced(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.go(5)
    assert window.settings_page.newer.isHidden()
    monkeypatch.setattr(ExampleDesk, "services_state", lambda _desk: ServicesState(program="99.0"))
    window.go(0)
    window.go(5)
    assert not window.settings_page.newer.isHidden()
    assert "99.0" in window.settings_page.newer.text()


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    saved = Settings(language="en", scan_folder="C:\\扫描", large_type=True)
    save_user(tmp_path / "desktop.toml", saved)
    assert load([tmp_path / "missing.toml", tmp_path / "desktop.toml"]) == (saved, ())


def test_a_name_without_room_is_cut_with_a_sign_and_told_whole(qtbot: QtBot) -> None:
    name = parts.Elided("阿卜杜热合曼·买买提吐尔逊", "strong")
    qtbot.addWidget(name)
    name.resize(80, 24)
    name.show()
    assert name.shown().endswith("…")
    assert name.toolTip() == name.text()
    cut = name.grab().toImage()
    name.resize(400, 24)
    assert (name.shown(), name.toolTip()) == (name.text(), "")
    assert name.grab().toImage().copy(0, 0, 80, 24) != cut


def test_what_matters_keeps_its_room_in_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    def hidden() -> list[int]:
        table = window.cases.table
        return [at for at in range(window.cases.model.columnCount()) if table.isColumnHidden(at)]

    window.show_list(CaseFilter())
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: hidden() == [], timeout=5_000)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: hidden() == [5, 6], timeout=5_000)
    assert window.cases.table.columnWidth(2) >= 160
    window.go(0)
    numbers = [case.number for case in window.desk.next_due(6)]
    lines = window.overview.urgent.findChildren(parts.Elided)
    assert not any(line.isVisible() for line in lines if line.text() in numbers)
    window.resize(1366, 768)
    qtbot.waitUntil(
        lambda: all(
            any(
                line.isVisible() and line.text() == number
                for line in window.overview.urgent.findChildren(parts.Elided)
            )
            for number in numbers
        ),
        timeout=5_000,
    )
