"""A new version of a service on trial: one office has it, the other does not, nobody loses work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy.orm import Session

from casework import link
from casework.office import Resources
from desktop import hands, journey
from desktop.demo import Demo
from desktop.journey import Clerk
from desktop.windows.form import FormWindow
from province import accounts, releases
from province.app import open_province, system_now_ms
from province.packages import Services, read_folder
from tests.casework.hall import PASSWORD, Hall
from tests.province.packages import load, small_resources, write_package
from tests.province.process import ProvinceProcess
from tests.province.publisher import Publisher

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SERVICE, NEW_QUESTION = "old-age", "/data/more"
QINGSHAN = "530102101"


class Province:
    """A province process that has published version 2; what its staff decide."""

    def __init__(self, folder: Path) -> None:
        self._packages = folder / "packages"
        self.publisher = publisher = Publisher(folder / "province")
        place = write_package(self._packages, SERVICE, "2", question="子女姓名")
        publisher.publish("service", SERVICE, "2", read_folder(place))
        write_package(folder / "services")
        self.process = ProvinceProcess(publisher.folder, folder / "services")
        self.process.start()

    def do(self, command: Callable[..., object], *given: object, **named: object) -> object:
        """Run a command on the province's database, as `lastmile-province` does."""
        opened = open_province(self.process.folder, services=Services({}))
        try:
            return opened.database.write(command, *given, **named)
        finally:
            opened.database.close()

    def release(self) -> None:
        """Put version 2 on trial in one township."""
        fresh = load(self._packages, "2").find(SERVICE, "2")

        def pilot(session: Session) -> None:
            assert fresh is not None
            releases.release(session, fresh, divisions=[QINGSHAN])

        self.do(pilot)

    def recall(self) -> None:
        """Call version 2 back."""
        self.do(releases.recall, SERVICE, "2")


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    made = Province(tmp_path)
    yield made
    made.process.close()


@contextmanager
def signed_in(province: Province, office: str, folder: Path) -> Iterator[Clerk]:
    """A clerk of an office before the real windows."""
    folder.mkdir()
    code = province.do(accounts.new_enrol_code, office, now_ms=system_now_ms())
    resources = Resources(small_resources(folder / "resources"))
    hall = Hall(folder, resources)
    link.enrol_office(hall.enter("admin"), province.process.url, str(code), device_name="window")
    hall.leave()
    process = province.process
    assert process._process is not None
    demo = Demo(hall.folder, hall.box, process.facts, process._process)
    clerk = journey.set_up(demo, resources, folder / "out")
    clerk.sign_in(PASSWORD, "li")
    yield clerk
    clerk.desktop.interpreter.speak("en")
    QCoreApplication.processEvents()
    clerk.desktop.end()
    clerk.desktop.deleteLater()


def offers_pilot(clerk: Clerk) -> bool:
    """Whether the catalogue page says that its service is on trial."""
    clerk.turn_to(1)
    return not clerk.window.catalogue.pilot.isHidden()


def resume(clerk: Clerk) -> FormWindow:
    """Open the first line of the case list, the draft, and go on with it."""
    clerk.turn_to(2)
    table = clerk.window.cases.table
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)

    def going_on() -> QPushButton | None:
        buttons = clerk.window.case.findChildren(QPushButton)
        return next((each for each in buttons if each.text() == "继续填写"), None)

    hands.press(clerk.until(going_on, "the draft's page"))
    flow = clerk.desktop.flow
    assert flow is not None
    return clerk.until(lambda: next(iter(flow.windows.values()), None), "the draft")


def test_a_pilot_is_tried_in_one_office_and_called_back(
    province: Province, tmp_path: Path, qapp: object
) -> None:
    del qapp
    with signed_in(province, "qingshan", tmp_path / "one") as one:
        old = one.begin("gljt")
        one.fill(old, {"/data/name": "样例甲"})
        old.close()
        province.release()
        one.send()
        one.until(lambda: offers_pilot(one), "the pilot")
        assert "试点" in one.window.catalogue.pilot.text()
        assert "20" in one.window.catalogue.state.text()
        new = one.begin("gljt")
        assert NEW_QUESTION in new.filling.session.nodes()
        one.fill(new, {"/data/name": "样例乙", "/data/why": "年满", NEW_QUESTION: "样例丙"})
        first = one.accept(new)
        old = resume(one)
        assert NEW_QUESTION not in old.filling.session.nodes()
        one.fill(old, {"/data/why": "年满"})
        second = one.accept(old)
        one.send()
        one.until(lambda: not one.desk.case(first).line.unsent, "the receipt of the new one")
        one.until(lambda: not one.desk.case(second).line.unsent, "the receipt of the old one")
        with signed_in(province, "hongqi", tmp_path / "two") as two:
            two.until(lambda: two.desk.services_state().as_of, "the province's word")
            assert not offers_pilot(two)
            assert NEW_QUESTION not in two.begin("gljt").filling.session.nodes()
            two.picture(two.window, "no-pilot")
        province.recall()
        one.send()
        one.until(lambda: not offers_pilot(one), "the recall")
        assert NEW_QUESTION not in one.begin("gljt").filling.session.nodes()
