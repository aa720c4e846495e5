"""What a clerk reads of the link, in the windows that say it; what IT staff read behind it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from desktop.desk import SyncLine
from desktop.examples import ExampleDesk
from desktop.gui_thread import GuiThread
from desktop.hands import press
from desktop.link_words import say_clock, say_link
from desktop.network import Network
from desktop.settings import Settings
from desktop.windows.main import MainWindow
from sync.loop import RoundLine
from sync.network import NetworkView

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
PORTAL = SyncLine("offline", AT, 3, "S102", (("page", "http://province.example/"),))
HELD = SyncLine("idle", AT, 12, held_cases=12, held_files=30, held_mb=45.21)

NO_ROOM = replace(HELD, no_room=True)


@pytest.fixture
def desk() -> ExampleDesk:
    return ExampleDesk()


@pytest.fixture
def window(qtbot: QtBot, desk: ExampleDesk) -> Iterator[MainWindow]:
    with ThreadPoolExecutor(1) as workers:
        made = MainWindow(desk, GuiThread(), workers, lambda *_: [], Settings())
        qtbot.addWidget(made)
        made.show()
        yield made


@pytest.mark.parametrize(
    ("sync", "short", "text", "action"),
    [
        (SyncLine(), "Not connected yet", "", ""),
        (SyncLine("idle", AT), "Everything sent", "confirmed by a receipt", ""),
        (SyncLine("idle", AT, 2), "2 to send", "2 have no receipt yet", ""),
        (HELD, "30 files wait", "12 cases are at the province; 30 files (45.2 MB)", "files"),
        (NO_ROOM, "30 files wait", "30 files (45.2 MB) wait until it has room", "files"),
        (SyncLine("working", AT, 4), "Sending  ·  4 to send", "", ""),
        (PORTAL, "Sign in to the network  ·  3 to send", "Open the sign-in page", "sign in"),
        (replace(PORTAL, kind="working"), "Sending  ·  3 to send", "sign-in page", "sign in"),
        (SyncLine("offline", AT, 1, "S143"), "Offline  ·  1 to send", "no network", ""),
        (SyncLine("offline", AT, 1, "S132"), "No way to the province", "who issued", ""),
        (SyncLine("refused", AT, 1, "S105"), "Refused", "new enrolment code", ""),
    ],
)
def test_each_state_says_what_hinders_and_what_to_do(
    sync: SyncLine, short: str, text: str, action: str
) -> None:
    said = say_link(sync)
    assert said.short.startswith(short)
    assert text in said.text
    assert said.action == action


def test_everything_counts_as_sent_only_when_nothing_waits_for_a_receipt() -> None:
    for kind in ("never", "working", "offline", "refused", "idle"):
        for waiting in (0, 1):
            sync = SyncLine(kind, AT, waiting, "S101" if kind == "offline" else "")
            sent = "Everything sent" in say_link(sync).short
            assert sent == (kind == "idle" and waiting == 0)


@pytest.mark.parametrize(
    ("skew_s", "said"),
    [
        (0, ""),
        (-119, ""),
        (430, "7 minutes behind"),
        (-430, "7 minutes ahead"),
        (2 * 3600 + 300, "2 hours 5 minutes behind"),
        (-3 * 86_400, "3 days ahead"),
    ],
)
def test_a_clock_that_differs_is_said_with_the_difference(skew_s: float, said: str) -> None:
    assert said in say_clock(skew_s)
    assert bool(say_clock(skew_s)) == bool(said)


class Browser(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


def test_the_button_opens_the_sign_in_page(window: MainWindow, desk: ExampleDesk) -> None:
    browser, desk.link = Browser(), PORTAL
    QDesktopServices.setUrlHandler("http", browser, "open")  # type: ignore[arg-type]
    try:
        press(window.link)
        assert window.stack.currentWidget() is window.outbox
        press(window.outbox.banner.action)
    finally:
        QDesktopServices.unsetUrlHandler("http")
    assert browser.opened == ["http://province.example/"]


def test_files_that_wait_go_when_a_person_says_so(window: MainWindow, desk: ExampleDesk) -> None:
    desk.link = HELD
    window.go(3)
    press(window.outbox.banner.action)
    assert desk.files_wanted
    desk.link = SyncLine("idle", AT)
    window.refresh()
    assert not window.outbox.banner.action.isVisible()


def test_a_wrong_clock_is_said_once(window: MainWindow, desk: ExampleDesk) -> None:
    desk.link = replace(PORTAL, skew_s=430.0)
    window.go(3)
    assert "7 minutes" in window.outbox.clock.text.text()
    both = (("ours", "2023-01-01 00:00"), ("theirs", "2026-11-24 10:00"))
    desk.link = SyncLine("offline", AT, 1, "S133", both, skew_s=430.0)
    window.refresh()
    assert not window.outbox.clock.isVisible()
    assert "2026-11-24 10:00" in window.outbox.banner.text.text()


def test_it_staff_see_the_last_exchanges(window: MainWindow, desk: ExampleDesk) -> None:
    line = RoundLine(AT, 5.3, "", 12, 0, 3, 842_112, 6_120, 7_900)
    desk.link = SyncLine("idle", AT, rounds=(replace(line, code="S101"), line))
    window.go(3)
    assert not window.outbox.rounds.isVisible()
    press(window.outbox.for_it)
    model = window.outbox.rounds.model
    shown = [model.index(1, at).data() for at in range(6)]
    assert shown[1:] == ["went through", "5.3 s", "12 / 0 / 3", "822 / 6.0 KiB", "7.7 KiB/s"]
    assert model.index(0, 1).data() == "S101"


def test_a_case_says_whether_it_has_its_receipt(window: MainWindow, desk: ExampleDesk) -> None:
    sent = next(line for line in desk.lines if not line.unsent and line.status != "draft")
    unsent = next(line for line in desk.lines if line.unsent)
    window.show_case(sent.id)
    assert window.case.receipt.text() == "Received"
    window.show_case(unsent.id)
    assert window.case.receipt.text() == "No receipt yet"


class System(QObject):
    """What Qt would tell of the network."""

    reachabilityChanged = Signal(object)  # noqa: N815 - Qt's names
    isMeteredChanged = Signal(bool)  # noqa: N815
    isBehindCaptivePortalChanged = Signal(bool)  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.reach = QNetworkInformation.Reachability.Online
        self.costs = self.portal = False

    def reachability(self) -> QNetworkInformation.Reachability:
        return self.reach

    def isMetered(self) -> bool:  # noqa: N802
        return self.costs

    def isBehindCaptivePortal(self) -> bool:  # noqa: N802
        return self.portal

    def supports(self, feature: QNetworkInformation.Feature) -> bool:
        return feature is not QNetworkInformation.Feature.CaptivePortal


def test_a_change_of_the_network_is_told_once_and_nothing_is_guessed(qtbot: QtBot) -> None:
    assert Network(find=lambda: None).view == NetworkView()
    system = System()
    network, told = Network(find=lambda: system), list[NetworkView]()
    network.changed.connect(told.append)
    assert network.view == NetworkView(online=True, metered=False, portal=None)
    system.isMeteredChanged.emit(False)
    assert told == []
    system.costs = True
    system.isMeteredChanged.emit(True)
    system.reach = QNetworkInformation.Reachability.Disconnected
    system.reachabilityChanged.emit(system.reach)
    system.reach = QNetworkInformation.Reachability.Unknown
    system.reachabilityChanged.emit(system.reach)
    assert [view.online for view in told] == [True, False, None]
    assert all(view.metered for view in told)
