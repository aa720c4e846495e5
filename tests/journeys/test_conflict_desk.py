"""The conflict desk as a clerk uses it: said on the overview, both answers shown, one chosen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from casework import conflicts
from desktop.hands import press
from desktop.translation import Interpreter
from desktop.windows.conflicts import ConflictsPage
from tests.casework import conftest, test_conflicts
from tests.casework.test_conflicts import (
    LANDLORD,
    PHONE,
    Scene,
    brought_together,
    settled_twice,
)
from tests.journeys.shell import Shell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
resources, scene = conftest.resources, test_conflicts.scene


def test_a_clerk_settles_a_case_that_two_windows_corrected(qtbot: QtBot, scene: Scene) -> None:
    scene.one.correct(scene.case_id, {PHONE: "13900000001", LANDLORD: "房东甲"})
    scene.two.correct(scene.case_id, {PHONE: "13900000002", LANDLORD: "房东乙"})
    scene.one.round()
    scene.two.round()
    scene.one.round()
    scene.one.merge()
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, scene.one.office, workers)
        window = shell.window
        window.go(0)
        assert "1" in window.overview.banner.text.text()
        shell.picture("conflict-overview")
        press(window.overview.banner.action)
        page = window.stack.currentWidget()
        assert isinstance(page, ConflictsPage)
        shell.until(lambda: page.findChildren(QRadioButton), "both answers")
        assert not page.settle.isEnabled()
        choices = page.findChildren(QRadioButton)
        assert [c.text() for c in choices] == ["13900000001", "13900000002", "房东甲", "房东乙"]
        shell.picture("conflict-desk")
        press(choices[1])
        press(choices[2])
        press(page.settle)
        shell.until(page.nothing.isVisible, "the empty desk")
        shell.picture("conflict-settled")
    assert conflicts.waiting(scene.one.office) == ()
    scene.one.round()
    assert len(scene.heads()) == 1
    assert scene.one.answer(scene.case_id, PHONE) == "13900000002"
    assert scene.one.answer(scene.case_id, LANDLORD) == "房东甲"


def test_a_clerk_who_settled_second_is_told_and_chooses_anew(qtbot: QtBot, scene: Scene) -> None:
    settled_twice(scene)
    brought_together(scene)
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, scene.two.office, workers)
        window = shell.window
        window.go(0)
        press(window.overview.banner.action)
        page = window.stack.currentWidget()
        assert isinstance(page, ConflictsPage)
        shell.until(lambda: page.findChildren(QRadioButton), "both choices")
        assert "另一窗口" in page.explanation.text()
        choices = page.findChildren(QRadioButton)
        assert [(c.text(), c.isChecked()) for c in choices] == [
            ("13900000002", False),
            ("13900000001", True),
        ]
        assert page.settle.text() == "维持不变"
        shell.picture("conflict-twice")
        press(choices[0])
        press(page.settle)
        shell.until(page.nothing.isVisible, "the empty desk")
    scene.two.round()
    assert len(scene.heads()) == 1
    assert scene.two.answer(scene.case_id, PHONE) == "13900000002"
