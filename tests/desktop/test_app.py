"""Starting, locking, going on after an error, and a log without answers."""

import logging
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Desktop, arguments
from desktop.examples import PASSWORD, ExampleOffice
from desktop.settings import Settings, load
from desktop.unforeseen import WithoutAnswers
from desktop.windows.sign_in import SignIn


@pytest.fixture
def desktop(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Desktop:
    made = Desktop(qapp, ExampleOffice(), Settings(language="en"), profile=tmp_path)
    made.ask()
    return made


def sign_in(qtbot: QtBot, desktop: Desktop, password: str) -> None:
    window = desktop.sign_in
    assert window is not None
    window.password.clear()
    QTest.keyClicks(window.password, password)
    QTest.keyClick(window.password, Qt.Key.Key_Return)


def top(desktop: Desktop) -> SignIn:
    assert desktop.window is None
    assert desktop.sign_in is not None
    return desktop.sign_in


def test_from_sign_in_to_the_desk_and_back_by_lock(qtbot: QtBot, desktop: Desktop) -> None:
    sign_in(qtbot, desktop, "wrong")
    first = desktop.sign_in
    assert first is not None
    qtbot.waitUntil(lambda: "W005" in first.banner.text.text())
    sign_in(qtbot, desktop, PASSWORD)
    qtbot.waitUntil(lambda: desktop.window is not None)
    assert desktop.window is not None
    desktop.window.lock()
    again = top(desktop)
    assert again.password.text() == ""
    again.close()
    desktop.end()


def test_an_unforeseen_error_is_said_and_work_goes_on(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.tell(ValueError("510104194001010014"))
    first = desktop.sign_in
    assert first is not None
    qtbot.waitUntil(lambda: "W999" in first.banner.text.text())
    assert "510104194001010014" not in first.banner.text.text()
    first.close()
    desktop.end()


def test_a_language_chosen_at_sign_in_is_kept(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path
) -> None:
    first = desktop.sign_in
    assert first is not None
    first.language_chosen.emit("zh_CN")
    qtbot.waitUntil(lambda: first.title.text() == "登录")
    assert load([tmp_path / "desktop.toml"])[0].language == "zh_CN"
    first.close()
    desktop.interpreter.speak("en")
    desktop.end()


def test_the_log_names_type_and_place_and_not_the_text() -> None:
    try:
        int("510104194001010014x")
    except ValueError:
        record = logging.LogRecord("x", 40, "f", 1, "unforeseen", (), sys.exc_info())
    said = WithoutAnswers("%(message)s").format(record)
    assert "ValueError [W999]" in said
    assert "test_app.py" in said
    assert "510104194001010014" not in said


def test_help_names_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments(["--help"])
    assert ended.value.code == 0
    assert "--profile" in capsys.readouterr().out
