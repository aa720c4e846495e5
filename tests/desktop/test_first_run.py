"""From an empty computer to people who may sign in, by keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casework.office import Resources, local_now
from desktop.app import Desktop
from desktop.local_office import LocalOffice
from desktop.settings import Settings
from desktop.windows.first_run import FirstRun, PersonStep
from desktop.windows.main import OFFICE, MainWindow
from desktop.windows.office import OfficePage
from desktop.windows.sign_in import SignIn
from forms.authoring import compile_xlsform
from store import tries
from store.keys import Cost
from store.open import list_logins
from store.secrets import FileBox
from tests.forms.workbook import workbook
from tests.sync.openrosa_server import Offered, Server

RESOURCES = Path(__file__).parents[2] / "resources"
ADMIN, FIRST, OWN = "richtig-pferd-5", "erste-karte-3", "eigenes-wort-9"


@pytest.fixture
def desktop(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desktop]:
    monkeypatch.setattr("store.keys.calibrate", lambda **_: Cost(64, 1))
    settings = Settings(language="zh_CN", idle_lock_minutes=0)
    office = LocalOffice(
        tmp_path / "office",
        Resources(RESOURCES),
        FileBox(tmp_path / "device"),
        ThreadPoolExecutor(1),
        language=lambda: settings.language,
        pause_s=lambda: 60.0,
    )
    made = Desktop(qapp, office, settings, profile=tmp_path)
    made.ask()
    yield made
    made.end()
    for window in (made.first_run, made.sign_in, made.window):
        if window is not None:
            window.close()
    made.interpreter.speak("en")


def write(field: QWidget, text: str) -> None:
    """Replace what a line holds, by keys."""
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def tell(step: PersonStep, login: str, secret: str, again: str = "") -> None:
    write(step.person, login.title())
    write(step.login, login)
    write(step.secret, secret)
    write(step.again, again or secret)
    QTest.keyClick(step.again, Qt.Key.Key_Return)


def first_run(desktop: Desktop) -> FirstRun:
    assert desktop.first_run is not None
    return desktop.first_run


def make_office(qtbot: QtBot, desktop: Desktop) -> str:
    window = first_run(desktop)
    tell(window.admin, "admin", ADMIN)
    tell(window.first, "li", FIRST)
    qtbot.waitUntil(lambda: window.stack.currentIndex() == 2, timeout=20_000)
    code = window.code.text()
    QTest.keyClick(window.kept, Qt.Key.Key_Space)
    assert window.code_step.next.isEnabled()
    press(window.code_step.next)
    press(window.link_step.back)
    return code


def enter(qtbot: QtBot, desktop: Desktop, login: str, password: str) -> SignIn:
    window = desktop.sign_in
    assert window is not None
    window.login.setCurrentIndex(window.login.findData(login))
    write(window.password, password)
    QTest.keyClick(window.password, Qt.Key.Key_Return)
    return window


def desk(qtbot: QtBot, desktop: Desktop) -> MainWindow:
    qtbot.waitUntil(lambda: desktop.window is not None, timeout=20_000)
    assert desktop.window is not None
    return desktop.window


def test_an_office_is_made_and_its_first_operator_chooses_a_password(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path
) -> None:
    code = make_office(qtbot, desktop)
    assert len(code.replace("-", "")) >= 20
    assert [view.login for view in list_logins(tmp_path / "office")] == ["admin", "li"]
    asked = enter(qtbot, desktop, "li", FIRST)
    qtbot.waitUntil(lambda: asked.stack.currentIndex() == 1, timeout=20_000)
    write(asked.own.fresh, "12345678")
    write(asked.own.again, "12345678")
    QTest.keyClick(asked.own.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "D116" in asked.own.banner.text.text(), timeout=20_000)
    write(asked.own.fresh, OWN)
    write(asked.own.again, OWN)
    QTest.keyClick(asked.own.again, Qt.Key.Key_Return)
    window = desk(qtbot, desktop)
    window.lock()
    enter(qtbot, desktop, "li", OWN)
    assert not desk(qtbot, desktop).desk.operator.must_change


def test_an_odk_project_is_added_in_the_last_step(qtbot: QtBot, desktop: Desktop) -> None:
    window = first_run(desktop)
    tell(window.admin, "admin", ADMIN)
    tell(window.first, "li", FIRST)
    qtbot.waitUntil(lambda: window.stack.currentIndex() == 2, timeout=20_000)
    QTest.keyClick(window.kept, Qt.Key.Key_Space)
    press(window.code_step.next)
    xform = compile_xlsform(workbook(survey="| type | name | label |\n| text | a | A |")).xform
    with Server(kind="central", key="k" * 64, forms=[Offered("a", "1", "A", xform)]) as server:
        press(window.project)
        dialog = window.dialog
        assert dialog is not None
        write(dialog.url, server.url)
        press(dialog.use)
        press(dialog.keep)
        qtbot.waitUntil(lambda: "1" in window.link_step.banner.text.text(), timeout=20_000)
        assert server.wrong == []


def test_passwords_that_differ_or_that_everybody_tries_are_said_at_once(desktop: Desktop) -> None:
    window = first_run(desktop)
    tell(window.admin, "admin", ADMIN, "other")
    assert window.stack.currentIndex() == 0
    assert "不一样" in window.admin.banner.text.text()
    tell(window.admin, "admin", "password")
    assert "D116" in window.admin.banner.text.text()
    tell(window.admin, "zhang san", ADMIN)
    assert "C108" in window.admin.banner.text.text()
    assert window.stack.currentIndex() == 0


def test_a_province_that_does_not_answer_stops_nobody(qtbot: QtBot, desktop: Desktop) -> None:
    window = first_run(desktop)
    tell(window.admin, "admin", ADMIN)
    tell(window.first, "li", FIRST)
    qtbot.waitUntil(lambda: window.stack.currentIndex() == 2, timeout=20_000)
    QTest.keyClick(window.kept, Qt.Key.Key_Space)
    assert window.code_step.next.isEnabled()
    press(window.code_step.next)
    write(window.enrol.url, "http://127.0.0.1:9")
    write(window.enrol.once, "ABCD-EFGH")
    QTest.keyClick(window.enrol.once, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "S1" in window.link_step.banner.text.text(), timeout=20_000)
    press(window.link_step.back)
    assert desktop.sign_in is not None


def test_it_staff_see_no_cases_and_open_a_locked_login(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path
) -> None:
    make_office(qtbot, desktop)
    for _ in range(10):
        tries.note_wrong(tmp_path / "office", "li", local_now())
    locked = enter(qtbot, desktop, "li", FIRST)
    qtbot.waitUntil(lambda: "D112" in locked.banner.text.text(), timeout=20_000)
    enter(qtbot, desktop, "admin", ADMIN)
    window = desk(qtbot, desktop)
    page = window.pages[OFFICE]
    assert isinstance(page, OfficePage)
    assert window.stack.currentWidget() is page
    assert not any(window.buttons.button(at).isVisible() for at in (1, 2, 4))
    page.table.selectRow(1)
    press(page.unlock)
    qtbot.waitUntil(lambda: not page.model.rows[1].locked, timeout=20_000)
    press(page.add)
    assert page.dialog is not None
    dialog = page.dialog
    write(dialog.person, "Wang")
    write(dialog.login, "wang")
    write(dialog.secret, FIRST)
    press(dialog.keep)
    qtbot.waitUntil(lambda: len(page.model.rows) == 3, timeout=20_000)
    page.table.selectRow(2)
    press(page.remove)
    assert len(page.model.rows) == 3
    press(page.remove)
    qtbot.waitUntil(lambda: len(page.model.rows) == 2, timeout=20_000)
    window.lock()
    again = enter(qtbot, desktop, "li", FIRST)
    qtbot.waitUntil(lambda: again.stack.currentIndex() == 1, timeout=20_000)
