"""A form author drops a workbook on the window and sees it as a clerk will."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from pytestqt.qtbot import QtBot

from casework import reading
from casework.office import RESOURCES, Office, Resources
from desktop.form_trial import Trials
from desktop.gui_thread import GuiThread
from desktop.hands import Hands, press
from tests.casework.hall import Hall
from tests.forms.workbook import workbook
from tests.journeys.shell import Shell

SURVEY = """
| type                              | name    | label | required |
| start-geopoint                    | where   |       |          |
| text                              | name    | Name  | yes      |
| select_one_from_file villages.csv | village | Where |          |
| image                             | photo   | Photo |          |
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    yield hall.enter("li")
    hall.leave()


@pytest.fixture
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def test_a_workbook_dropped_on_the_window_is_tried_with_its_lists_and_nothing_is_kept(
    qtbot: QtBot, office: Office, workers: ThreadPoolExecutor, tmp_path: Path
) -> None:
    settings = "| form_title | form_id | version |\n| Walk | walk | 1 |"
    book = tmp_path / "walk.xlsx"
    book.write_bytes(workbook(survey=SURVEY, settings=settings))
    (tmp_path / "villages.csv").write_text("name,label\nv1,East\nv2,West\n")
    shell = Shell(qtbot, office, workers)
    trials = Trials(office, GuiThread(), workers, lambda: "en")
    shell.window.try_wanted.connect(trials.begin)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(book)), QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    shell.window.dropEvent(QDropEvent(QPointF(9, 9), action, mime, button, none))
    shell.until(lambda: trials.windows, "the trial")
    (window,) = trials.windows
    assert "trial" in window.notice.text.text()
    press(window.accept_button)
    assert window.problem_refs() == ["/data/name"]
    image = QImage(9, 9, QImage.Format.Format_RGB32)
    image.fill(0)
    for ref, answer in (("/data/name", "Li"), ("/data/village", "v2"), ("/data/photo", "x")):
        Hands(window, shell.until, image).give(ref, answer)
    press(window.accept_button)
    assert "Nothing was kept" in window.notice.text.text()
    trials.close()
    assert reading.own_drafts(office) == ()
    assert (
        office.store.read(
            lambda session: (
                session.connection()
                .exec_driver_sql(
                    "SELECT (SELECT count(*) FROM draft) + (SELECT count(*) FROM attachment)"
                )
                .scalar()
            )
        )
        == 0
    )
    assert list((office.store.folder / "blobs").rglob("*.*")) == []


def test_a_workbook_that_is_none_is_said_in_words(
    qtbot: QtBot, office: Office, workers: ThreadPoolExecutor, tmp_path: Path
) -> None:
    book = tmp_path / "walk.xlsx"
    book.write_bytes(b"PK nothing")
    trials = Trials(office, GuiThread(), workers, lambda: "en")
    with qtbot.waitSignal(trials.failed, timeout=20_000) as caught:
        trials.begin(str(book))
    assert caught.args[0].code.startswith("F")
