"""A project's settings code, its forms, a network that comes and goes: through the real windows."""

from __future__ import annotations

import base64
import io
import json
import random
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
import segno
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from casework.office import RESOURCES, Resources
from desktop.app import Desktop
from desktop.hands import Hands, choose_folder, press
from desktop.journey import SIZE, Clerk
from desktop.local_office import LocalOffice
from desktop.settings import Settings
from desktop.windows.form import FormWindow
from desktop.windows.projects import ProjectsPage
from forms.authoring import compile_xlsform
from tests.casework.hall import PASSWORD, Hall
from tests.forms.workbook import workbook
from tests.sync.openrosa_server import Offered, Server

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
VILLAGES = "name,label\nv1,东风村\nv2,红旗村\n".encode()
SURVEY = """
| type                              | name    | label    | hint             |
| start-geopoint                    | where   |          |                  |
| text                              | name    | 户主姓名 | 以户口簿为准     |
| select_one_from_file villages.csv | village | 所在村   |                  |
| image                             | house   | 房屋照片 | 拍到门牌         |
| image                             | yard    | 院落照片 |                  |
"""


def offered(version: str) -> Offered:
    settings = f"| form_title | form_id | version |\n| 入户走访 | visit | {version} |"
    xform = compile_xlsform(workbook(survey=SURVEY, settings=settings)).xform
    return Offered("visit", version, "入户走访", xform, {"villages.csv": VILLAGES})


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(kind="central", key="k" * 64, forms=[offered("1")]) as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def clerk(tmp_path: Path, qapp: QApplication) -> Iterator[Clerk]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    hall.leave()
    out = tmp_path / "out"
    out.mkdir()
    workers = ThreadPoolExecutor(2)
    office = LocalOffice(
        hall.folder,
        hall.resources,
        hall.box,
        workers,
        language=lambda: "zh_CN",
        pause_s=lambda: 30.0,
    )
    settings = Settings().changed(language="zh_CN", appearance="light")
    desktop = Desktop(qapp, office, settings, profile=hall.folder, workers=workers)
    yield Clerk(desktop, out)
    desktop.interpreter.speak("en")
    QCoreApplication.processEvents()
    desktop.end()
    desktop.deleteLater()


def settings_code(server: Server, folder: Path) -> Path:
    settings = {
        "general": {
            "server_url": server.url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {"change_server": False},
        "project": {"name": "乡村走访", "icon": "走"},
    }
    text = base64.b64encode(zlib.compress(json.dumps(settings).encode()))
    made = io.BytesIO()
    segno.make(text, micro=False).save(made, kind="png", scale=4, border=4)
    path = folder / "project.png"
    path.write_bytes(made.getvalue())
    return path


def photo(seed: int) -> QImage:
    """A picture that no compression makes smaller: some 190 kB."""
    noise = random.Random(seed).randbytes(250 * 250 * 3)
    return QImage(noise, 250, 250, 750, QImage.Format.Format_RGB888).copy()


def add_project(clerk: Clerk, code: Path) -> ProjectsPage:
    clerk.sign_in(PASSWORD, "admin")
    clerk.turn_to(5)
    press(clerk.window.settings_page.projects)
    page = cast("ProjectsPage", clerk.window.projects)
    clerk.picture(clerk.window, "no-project")
    press(page.nothing.action)
    dialog = page.dialog
    assert dialog is not None
    assert not dialog.keep.isEnabled()
    press(dialog.picture)
    choose_folder(code, clerk.until)
    clerk.until(dialog.keep.isEnabled, "what the code says")
    assert "乡村走访" in dialog.card.accessibleName()
    assert "127.0.0.1" in dialog.card.accessibleName()
    press(dialog.trial)
    clerk.until(lambda: "入户走访" in dialog.banner.text.text(), "the server's answer")
    clerk.picture(dialog, "add-project")
    press(dialog.keep)
    clerk.until(lambda: page.model.rowCount() == 1, "the project")
    clerk.until(page.banner.text.text, "what it offers")
    clerk.picture(clerk.window, "projects")
    return page


def begin_and_fill(clerk: Clerk, name: str, *, photos: bool) -> FormWindow:
    form = clerk.begin("入户")
    clerk.picture(form, "form")
    Hands(form, clerk.until, photo(0)).give("/data/name", name)
    if photos:
        Hands(form, clerk.until, photo(0)).give("/data/village", "v2")
        for at, ref in enumerate(("/data/house", "/data/yard")):
            Hands(form, clerk.until, photo(at)).give(ref, "picture")
    return form


def test_a_project_is_added_by_its_code_filled_offline_sent_and_its_draft_keeps_its_version(
    clerk: Clerk, server: Server, tmp_path: Path
) -> None:
    add_project(clerk, settings_code(server, tmp_path))
    clerk.window.lock()
    clerk.sign_in(PASSWORD, "li")

    form = begin_and_fill(clerk, "欧阳金丝雀", photos=True)
    server.__exit__()
    case = clerk.accept(form)
    page = clerk.desk.case(case)
    assert (page.line.unsent, page.actions) == (True, ())
    clerk.send()
    clerk.until(lambda: clerk.desk.sync().kind == "offline", "the missing network")
    clerk.turn_to(3)
    clerk.picture(clerk.window, "outbox-offline")
    assert server.held == {}

    server.__enter__()
    press(clerk.window.outbox.send)
    clerk.until(lambda: not clerk.desk.case(case).line.unsent, "the server's answer")
    (held,) = server.held.values()
    assert held.complete
    assert "欧阳金丝雀".encode() in held.xml
    assert len(held.files) == 2
    assert server.posts >= 2  # together they are over the limit of one request
    clerk.turn_to(3)
    (row,) = clerk.window.outbox.model.rows
    assert (row.project, row.receipt[:4]) == ("乡村走访", "201 ")
    clerk.picture(clerk.window, "outbox-sent")

    draft = begin_and_fill(clerk, "张三", photos=False)
    server.forms = [offered("2")]
    clerk.send()
    clerk.until(lambda: "2" in draft.notice.text.text(), "word of the newer version")
    clerk.picture(draft, "newer-version")
    (line,) = clerk.desk.services("入户", "")
    assert line.origin is not None
    assert (line.origin.project, line.origin.version) == ("乡村走访", "2")
    server.forms = [offered("1"), offered("2")]
    second = clerk.accept(draft)
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(second).line.unsent, "the second answer")
    last = list(server.held.values())[-1]
    assert b'version="1"' in last.xml
    assert "张三".encode() in last.xml
    assert clerk.window.size() == SIZE
