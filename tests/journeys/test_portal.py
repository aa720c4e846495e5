"""An office behind a sign-in page, then on a link that costs: said in words, and all is sent."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casework import filling, link
from casework.office import RESOURCES, Resources
from desktop import theme
from desktop.gui_thread import GuiThread
from desktop.hands import press
from desktop.local_office import LocalOffice
from desktop.office_desk import OfficeDesk
from desktop.settings import Settings
from desktop.translation import Interpreter
from desktop.windows.main import MainWindow
from printing.raster import pages
from store import outbox
from sync.network import NetworkView
from tests.casework.hall import PASSWORD, Hall, filled
from tests.casework.test_network import with_scan
from tests.journeys.shell import Shell
from tests.province.process import ProvinceProcess
from tests.sync.crossing import Issuer, Stand, forwarding, plain_answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Hotel:
    """A network that answers in everybody's place until somebody signed in at its page."""

    def __init__(self, folder: Path, province: ProvinceProcess) -> None:
        self._ours = Issuer(folder, "government")
        self.ca = self._ours.file
        self._theirs = Issuer(folder, "hotel").server("login.hotel.example")
        self.front = Stand(forwarding(province.port), self._ours.server())
        self.web = Stand(lambda _peer: None)
        self.web.answer = self.web.saying(plain_answer("204 No Content"))
        self.page = Stand(lambda _peer: None)

    def close_in(self) -> None:
        """From now on nothing gets out."""
        self.front.tls = self._theirs
        self.front.answer = self.front.saying(plain_answer("200 OK", "Content-Type: text/html"))
        there = f"Location: http://localhost:{self.page.port}/login"
        self.web.answer = self.web.saying(plain_answer("302 Found", there))
        self.page.answer = self.page.saying(
            plain_answer("200 OK", "Content-Type: text/html", body="<h1>欢迎</h1>".encode())
        )
        self.front.hang_up()

    def let_out(self, province: ProvinceProcess) -> None:
        """Somebody signed in."""
        self.front.tls, self.front.answer = self._ours.server(), forwarding(province.port)
        self.web.answer = self.web.saying(plain_answer("204 No Content"))


class Browser(QObject):
    """What opens when a program asks for a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.seen = ""

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())
        with urllib.request.urlopen(url.toString(), timeout=5) as page:
            self.seen = page.read().decode()


class Window(Shell):
    """The shell of an office whose loop runs, as `desktop.app` puts it together."""

    def __init__(self, qtbot: QtBot, office: LocalOffice, workers: ThreadPoolExecutor) -> None:
        self._qtbot = qtbot
        desk = office.open("li", PASSWORD).result()
        assert isinstance(desk, OfficeDesk)
        self.office = desk.office
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        self.window = MainWindow(desk, GuiThread(), workers, pages, Settings())
        qtbot.addWidget(self.window)
        self.window.show()

    def send_all_the_same(self) -> None:
        """Press the outbox's button, whenever there is one, until nothing waits."""

        def all_gone() -> bool:
            action = self.window.outbox.banner.action
            if action.isVisible():  # not while an exchange is under way
                press(action)
            return self.window.link.text() == "全部已上传"

        self.until(all_gone, "everything sent")
        assert self.office.store.read(outbox.waiting) == 0


@pytest.fixture
def hotel(tmp_path: Path, province: ProvinceProcess) -> Iterator[Hotel]:
    made = Hotel(tmp_path, province)
    with ExitStack() as open_all:
        for stand in (made.front, made.web, made.page):
            open_all.enter_context(stand)
        yield made


def furnished(tmp_path: Path, hotel: Hotel, province: ProvinceProcess) -> Hall:
    """An office enrolled over the safe link, with the issuer pinned, and two cases to send."""
    hall = Hall(tmp_path, Resources(RESOURCES))
    (hall.folder / "network.toml").write_text(
        f'ca = "{hotel.ca}"\npinned = true\nprobe = "http://127.0.0.1:{hotel.web.port}/"\n'
    )
    url = f"https://localhost:{hotel.front.port}"
    link.enrol_office(hall.enter("admin"), url, province.facts["enrol_code"], device_name="window")
    office = hall.enter("li")
    for _ in range(2):
        filling.accept(office, filled(office)).result()
    hall.leave()
    return hall


def over_a_link_that_costs(shell: Window, view: list[NetworkView]) -> None:
    """Files wait for a cheaper network until somebody sends them all the same."""
    window, page = shell.window, shell.window.outbox
    view[0] = NetworkView(metered=True)
    filling.accept(shell.office, with_scan(shell.office)).result()
    shell.until(page.send.isEnabled, "the end of the exchange before")
    press(page.send)
    shell.until(lambda: window.link.text() == "1 个附件待传", "the files that wait")
    assert shell.office.store.read(outbox.waiting) == 1
    shell.picture("portal-metered")
    shell.send_all_the_same()


def test_a_clerk_signs_in_to_the_network_and_everything_goes_out_by_itself(
    qtbot: QtBot, tmp_path: Path, hotel: Hotel, province: ProvinceProcess
) -> None:
    hall = furnished(tmp_path, hotel, province)
    words, browser, view = Interpreter(), Browser(), [NetworkView()]
    words.speak("zh_CN")
    QDesktopServices.setUrlHandler("http", browser, "open")  # type: ignore[arg-type]
    hotel.close_in()
    with ThreadPoolExecutor(2) as workers:
        office = LocalOffice(
            hall.folder,
            hall.resources,
            hall.box,
            workers,
            language=lambda: "zh",
            pause_s=lambda: 60.0,
            network=lambda: view[0],
        )
        try:
            shell = Window(qtbot, office, workers)
            window, page = shell.window, shell.window.outbox
            press(window.link)
            assert window.stack.currentWidget() is page
            shell.until(page.banner.action.isVisible, "the words and the button")
            assert "登录" in page.banner.text.text()
            assert "[S102]" in page.banner.text.text()
            assert "2" in window.link.text()
            page.for_it.click()
            shell.picture("portal")
            assert shell.office.store.read(outbox.waiting) == 2

            press(page.banner.action)
            assert browser.opened == [f"http://127.0.0.1:{hotel.web.port}/"]
            assert browser.seen == "<h1>欢迎</h1>"
            hotel.let_out(province)
            office.network_changed()  # as the system tells

            shell.until(lambda: window.link.text() == "全部已上传", "everything sent")
            assert shell.office.store.read(outbox.waiting) == 0
            assert not page.banner.action.isVisible()
            assert {row.state for row in page.model.rows} == {"acknowledged"}
            shell.picture("portal-drained")
            assert [line.code for line in window.desk.sync().rounds][-1] == "S102"

            over_a_link_that_costs(shell, view)
        finally:
            QDesktopServices.unsetUrlHandler("http")
            office.lock()
            words.speak("en")
    for stand in (hotel.web, hotel.page, hotel.front):
        assert not any(b"authorization" in head.lower() for head in stand.asked)
