"""What the windows say of a computer that is shut out, or on its way to another office."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from casework import filling, link, moving
from casework.office import RESOURCES, Resources
from desktop.gui_thread import GuiThread
from desktop.hands import choose_folder as choose_file
from desktop.hands import press
from desktop.office_care import OfficeCare
from desktop.translation import Interpreter
from desktop.windows.office import OfficePage
from province import accounts
from store import outbox
from tests.casework.hall import filled
from tests.casework.site import Site, open_site
from tests.journeys.shell import Shell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    words = Interpreter()
    words.speak("zh_CN")
    with open_site(tmp_path, Resources(RESOURCES), services=True) as made:
        yield made
    words.speak("en")


def texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_a_shut_out_computer_says_so_and_is_connected_anew_with_its_work(
    qtbot: QtBot, site: Site, tmp_path: Path
) -> None:
    office = site.hall.enter("li")
    filling.accept(office, filled(office)).result()
    site.revoke(office)
    error = site.round(office).error
    assert error is not None
    moving.note_answer(office, error.code)
    with ThreadPoolExecutor(1) as workers:
        clerk = Shell(qtbot, office, workers)
        clerk.window.go(0)
        assert "停用" in texts(clerk.window.overview.health)
        clerk.picture("place-shut-out")
        clerk.window.close()
        admin = site.hall.enter("admin")
        care = OfficeCare(admin, workers, lambda: None, lambda: None)
        page = OfficePage(care, GuiThread())
        qtbot.addWidget(page)
        page.resize(1178, 712)
        page.refresh()
        page.show()
        assert "停用" in texts(page.link_card)
        clerk.picture("place-office-shut-out", page)
        file = site.file()
        press(page.anew)
        press(page.enrol.place.choose)
        choose_file(file, clerk.until)
        clerk.until(lambda: page.enrol.offers, "what the file says")
        clerk.picture("place-office-offer", page)
        before = link.identity(admin.store).device
        press(page.connect_it)
        clerk.until(lambda: page.enrol.finishing, "the connection")
        assert "停用" not in texts(page.link_card)
        clerk.picture("place-office-connected", page)
        assert link.identity(admin.store).device != before
    office = site.hall.enter("li")
    assert site.round(office).acknowledged == 1
    assert office.store.read(outbox.waiting) == 0


def test_a_move_is_said_with_what_still_hangs_and_old_cases_name_their_office(
    qtbot: QtBot, site: Site
) -> None:
    office = site.hall.enter("zhao")
    case = filling.accept(office, filled(office)).result()
    site.round(office)
    site.ask_for_more(case)
    site.round(office)
    filling.begin_supplement(office, case, office.catalogue.form("juzhu-zhengming"))
    device = str(link.identity(office.store).device)
    site.province.database.write(accounts.send_to, device, "hongqi")
    site.round(office)
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, office, workers)
        shell.window.go(0)
        said = texts(shell.window.overview.health)
        assert "红旗" in said
        assert "1 件补正" in said
        shell.picture("place-moving")
        draft = filling.begin_supplement(office, case, office.catalogue.form("juzhu-zhengming"))
        filling.accept(office, draft).result()
        site.round(office)
        shell.window.go(0)
        assert "迁往" not in texts(shell.window.overview.health)
        shell.window.show_case(str(case))
        assert "青山镇" in shell.window.case.note.text()
        shell.picture("place-moved-case")
