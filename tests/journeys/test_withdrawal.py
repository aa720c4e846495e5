"""A clerk withdraws a case without a network; the office that decides it hears of it later."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from casework import filling, reading
from casework.office import RESOURCES, Office, Resources
from desktop.translation import Interpreter
from tests.casework.hall import filled
from tests.casework.site import open_site
from tests.journeys.test_office_certificate import Desk, connect

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_site(tmp_path, Resources(RESOURCES), services=True) as site:
        yield site.hall.enter("li")


def test_a_clerk_withdraws_a_case_and_the_page_says_so(qtbot: QtBot, office: Office) -> None:
    case = filling.accept(office, filled(office)).result()
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Desk(qtbot, office, workers)
        shell.case, shell.at = str(case), "withdraw"
        window = shell.window
        window.show_case(shell.case)
        shell.picture("withdraw-before")
        shell.press("撤回")
        shell.give("申请人改到户籍地办理")
        shell.until(lambda: window.case.state.text() == "已撤回", "the case withdrawn")
        shell.picture("withdraw-after")
        assert window.desk.case(shell.case).actions == ()
        assert connect(office).error is None
        assert reading.waiting(office) == 0
        window.show_case(shell.case)
        shell.picture("withdraw-sent")
        window.go(3)
        shell.picture("withdraw-outbox")
