"""Two offices edit one resident without a network; through the windows, it comes to one again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from casework import residents
from casework.id_numbers import with_check
from casework.office import RESOURCES, Resources
from desktop.hands import press, write, write_anew
from desktop.translation import Interpreter
from desktop.windows.conflicts import ConflictsPage
from desktop.windows.main import RESIDENTS
from desktop.windows.residents import ResidentsPage
from tests.casework.residents_scene import PEOPLE, Scene, township
from tests.casework.test_double_residents import sit_down
from tests.journeys.shell import Shell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
WHO = PEOPLE[0]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with township(tmp_path, Resources(RESOURCES)) as made:
        yield made


def find(shell: Shell, text: str) -> ResidentsPage:
    window = shell.window
    window.go(RESIDENTS)
    page = window.stack.currentWidget()
    assert isinstance(page, ResidentsPage)
    write_anew(page.search, text)
    shell.until(lambda: page.model.rows, "somebody found")
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    shell.until(lambda: page.person is not None, "the person")
    return page


def edit(shell: Shell, **values: str) -> ResidentsPage:
    page = find(shell, "oysl")
    press(page.edit)
    dialog = page.dialog
    assert dialog is not None
    for name, value in values.items():
        line = dialog.lines[name]
        assert isinstance(line, QLineEdit)
        write_anew(line, value)
    shell.picture(f"resident-edit-{'-'.join(values)}", dialog)
    press(dialog.keep)
    assert dialog.isVisible(), "no material, no change"
    choose(dialog.material, 1)
    press(dialog.keep)
    shell.until(page.banner.isVisible, "saved")
    return page


def choose(box: QComboBox, at: int) -> None:
    box.setCurrentIndex(at)


def test_two_offices_change_one_resident_offline_and_agree_again(
    qtbot: QtBot, scene: Scene
) -> None:
    one, two = scene.computers
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        here, there = (Shell(qtbot, c.office, workers) for c in (one, two))
        page = edit(here, phone="13900000011", village="核桃村")
        assert "139****0011" in [line.new for line in page.person.history]  # type: ignore[union-attr]
        here.picture("resident-edited")
        here.window.go(3)
        assert here.window.outbox.model.rows[0].case_id.endswith(str(WHO))
        edit(there, phone="13900000022", address="示例路9号")
        for computer in (one, two, one):
            computer.round()
        for shell in (here, there):
            shell.window.go(0)
            assert "1" in shell.window.overview.banner.text.text()
        press(there.window.overview.banner.action)
        desk = there.window.stack.currentWidget()
        assert isinstance(desk, ConflictsPage)
        there.until(lambda: desk.findChildren(QRadioButton), "both values")
        choices = desk.findChildren(QRadioButton)
        assert [c.text() for c in choices] == ["13900000011", "13900000022"]
        assert "青山镇" in choices[0].accessibleDescription()
        assert "户口簿" in choices[0].accessibleDescription()
        press(choices[1])
        assert not desk.settle.isEnabled(), "what the decision rests on is asked"
        choose(desk.material, 3)
        there.picture("resident-conflict")
        press(desk.settle)
        there.until(desk.nothing.isVisible, "the empty desk")
        for computer in (two, one):
            computer.round()
        wanted = {"phone": "13900000022", "village": "核桃村", "address": "示例路9号"}
        for computer, shell in ((one, here), (two, there)):
            assert computer.values(WHO).items() >= wanted.items()
            page = find(shell, "13900000022")
            assert page.person is not None
            assert page.person.line.id == str(WHO)
            phones = [line.new for line in page.person.history if line.field == "phone"]
            assert phones == ["139****0022", "139****0022", "139****0011"]
            assert not page.settle.isVisible()
        here.picture("resident-settled")
    assert one.history(WHO) == two.history(WHO)
    words.speak("en")


def test_who_is_not_found_can_be_added_and_numbers_cost_a_reason(
    qtbot: QtBot, scene: Scene
) -> None:
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, scene.computers[0].office, workers)
        shell.window.go(RESIDENTS)
        page = shell.window.stack.currentWidget()
        assert isinstance(page, ResidentsPage)
        shell.picture("residents-empty")
        write(page.search, "查无此人")
        shell.until(page.nothing.isVisible, "nobody")
        shell.picture("residents-nobody")
        press(page.add)
        dialog = page.dialog
        assert dialog is not None
        name, number = dialog.lines["name"], dialog.lines["id_no"]
        assert isinstance(name, QLineEdit)
        assert isinstance(number, QLineEdit)
        write(name, "赵新样")
        write(number, "519999195003079999")
        choose(dialog.material, 0)
        press(dialog.keep)
        shell.until(dialog.banner.isVisible, "the wrong check digit")
        assert "[C160]" in dialog.banner.text.text()
        shell.picture("resident-add", dialog)
        write_anew(number, "")
        press(dialog.keep)
        shell.until(lambda: page.person is not None, "the person added")
        found = find(shell, "oysl")
        assert found is page
        assert page.person is not None
        assert page.person.shown["phone"] == "139****0000"
        press(page.reveal)
        assert page.why is not None
        write(page.why.reason, "电话核对")
        press(page.why.keep)
        shell.until(lambda: not page.reveal.isVisible(), "the whole number")
        shell.picture("resident-whole")
    words.speak("en")


def test_a_supervisor_joins_two_records_of_one_number_and_separates_them(
    qtbot: QtBot, scene: Scene
) -> None:
    one, two = scene.computers
    twice = {"name": "重名示例", "id_no": with_check("51999919900307011")}
    first = residents.add(one.office, {**twice, "phone": "13900000001"}, "户口簿")
    residents.add(two.office, {**twice, "village": "核桃村"}, "户口簿")
    sit_down(one, "zhao")
    for each in (one, two, one):
        each.round()
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, one.office, workers)
        window = shell.window
        window.go(0)
        assert "1" in window.overview.banner.text.text()
        press(window.overview.banner.action)
        desk = window.stack.currentWidget()
        assert isinstance(desk, ConflictsPage)
        shell.until(lambda: desk.findChildren(QRadioButton), "both records")
        assert "身份证号相同" in desk.explanation.text()
        right = {b.text(): b for b in desk.findChildren(QRadioButton)}
        assert right["13900000001"].isChecked()
        press(right["核桃村"])
        choose(desk.material, 1)
        shell.picture("residents-double")
        press(desk.settle)
        shell.until(desk.nothing.isVisible, "the empty desk")
        page = find(shell, "重名示例")
        assert [each.id for each in page.model.rows] == [str(first)]
        assert page.person is not None
        assert len(page.person.records) == 1
        shell.picture("residents-joined")
        undo = next(b for b in page.findChildren(QPushButton) if b.text() == "撤销合并")
        press(undo)
        assert page.why is not None
        write(page.why.reason, "确为两人")
        press(page.why.keep)
        shell.until(lambda: len(page.model.rows) == 2, "two records again")
