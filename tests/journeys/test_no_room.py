"""Files find no room at the province: the window says so, cases go on, and all goes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from casework.office import RESOURCES, Resources
from desktop.hands import press
from desktop.local_office import LocalOffice
from desktop.translation import Interpreter
from province.room import UNFINISHED_MS
from tests.casework.site import Site, open_site
from tests.casework.test_room import LARGE, ROOM, accept, assert_held_there, crowd
from tests.journeys.test_portal import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    words = Interpreter()
    words.speak("zh_CN")
    with open_site(tmp_path, Resources(RESOURCES), services=True, room=ROOM) as made:
        yield made
    words.speak("en")


def test_files_wait_for_room_in_sight_and_go_when_there_is_some(
    qtbot: QtBot, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = site.hall.enter("li")
    accept(office, b"large", LARGE)
    accept(office, b"small")
    crowd(site, office)
    site.hall.leave()
    with ThreadPoolExecutor(2) as workers:
        local = LocalOffice(
            site.hall.folder,
            site.hall.resources,
            site.hall.box,
            workers,
            language=lambda: "zh",
            pause_s=lambda: 60.0,
        )
        try:
            shell = Window(qtbot, local, workers)
            window, page = shell.window, shell.window.outbox
            press(window.link)
            shell.until(lambda: window.link.text() == "2 个附件待传", "the files that wait")
            assert "等待省级平台腾出空间" in page.banner.text.text()
            [row] = [row for row in page.model.rows if row.state == "sent"]
            assert "暂存附件的空间已用完" in page._more(row)
            assert {row.state for row in page.model.rows} == {"sent", "acknowledged"}
            page.table.selectRow(page.model.rows.index(row))
            shell.picture("no-room")

            later = site.province.now_ms() + UNFINISHED_MS + 1
            monkeypatch.setattr(site.province.uploads, "_now_ms", lambda: later)
            assert site.province.uploads.sweep() == 1
            shell.send_all_the_same()
            assert_held_there(site, shell.office)
            shell.picture("no-room-any-more")
        finally:
            local.lock()
