"""Two offices, two windows, one stick: from the village's outbox to the province and back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from casework import filling, link, residents
from casework.office import RESOURCES, Office, Resources
from desktop.hands import choose_folder, press
from desktop.translation import Interpreter
from desktop.windows.stick import StickPage
from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from store import outbox, resident_changes
from store import residents as base
from tests.casework.hall import Hall, filled
from tests.journeys.shell import Shell
from tests.province.process import ProvinceProcess

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("stick") / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()


@pytest.fixture
def halls(tmp_path: Path, province: ProvinceProcess) -> Iterator[dict[str, Hall]]:
    made, resources = {}, Resources(RESOURCES)
    for name, office in (("village", "qingshan"), ("township", "hongqi")):
        opened = open_province(province.folder, services=Services({}))
        code = opened.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())
        opened.database.close()
        (tmp_path / name).mkdir()
        made[name] = Hall(tmp_path / name, resources)
        link.enrol_office(made[name].enter("admin"), province.url, code, device_name=name)
        made[name].enter("li")
    yield made
    for hall in made.values():
        hall.leave()


class Desktop(Shell):
    """A shell that turns to the page of the stick."""

    def page(self) -> StickPage:
        self.window.go(3)
        press(self.window.outbox.stick)
        page = self.window.stack.currentWidget()
        assert isinstance(page, StickPage)
        return page

    def use(self, act: str, folder: Path) -> str:
        page = self.page()
        press(getattr(page, act).button)
        choose_folder(folder, self.until)
        self.until(page.take.button.isEnabled, "the stick")
        self.picture(f"stick-{act}")
        return page.banner.text.text()


def opened(hall: Hall) -> Office:
    assert hall.office is not None
    return hall.office


def test_a_stick_goes_from_the_village_to_the_township_and_home(
    qtbot: QtBot, halls: dict[str, Hall], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        village = Desktop(qtbot, opened(halls["village"]), workers)
        for _ in range(2):
            filling.accept(village.office, filled(village.office)).result()
        newcomer = residents.add(village.office, {"name": "赵新样", "village": "示例村"}, "户口簿")
        said = village.use("write", stick)
        assert "2 件办件" in said
        assert "1 条变更" in said
        assert len(list(stick.iterdir())) == 1

        slip = village.page()
        lines = slip.made.findChildren(type(slip.more))
        press(lines[0])
        preview = village.window.preview
        village.until(preview.save.isEnabled, "the slip")
        village.picture("stick-slip")
        press(preview.back)
        assert village.window.stack.currentWidget() is slip

        township = Desktop(qtbot, opened(halls["township"]), workers)
        assert "1" in township.use("carry", stick)
        assert len(list(stick.glob("*.lmreply"))) == 1

        taken = village.use("take", stick)
        assert "2 件办件已有回执" in taken
        assert "1 条变更和决定已有回执" in taken
        assert village.office.store.read(outbox.waiting) == 0
        assert village.office.store.read(resident_changes.waiting) == 0
        assert village.office.store.read(base.get, newcomer).name == "赵新样"
        assert "件" not in village.use("take", stick)
        assert "最新动态" in village.use("write", stick)
        village.window.go(3)
        village.picture("stick-outbox")
