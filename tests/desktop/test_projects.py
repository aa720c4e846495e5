"""Adding a project by hand, and what the windows say of a project's cases."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from casework import filling, openrosa, projects
from casework.office import RESOURCES, Office, Resources
from desktop.gui_thread import GuiThread
from desktop.hands import press, write
from desktop.local_projects import ProjectLinks
from desktop.office_desk import OfficeDesk
from desktop.office_projects import OfficeProjects
from desktop.windows.add_project import AddProject
from desktop.windows.projects import ProjectsPage
from forms.authoring import compile_xlsform
from sync.loop import SyncState
from sync.openrosa_code import Account
from sync.round import run_round
from tests.casework.hall import Hall
from tests.forms.workbook import workbook
from tests.sync.openrosa_server import Offered, Server


@pytest.fixture
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path, Resources(RESOURCES))
    yield made
    made.leave()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(kind="central", key="k" * 64) as made:
        yield made
        assert made.wrong == []


def dialog(qtbot: QtBot, office: Office, workers: Executor) -> AddProject:
    made = AddProject(OfficeProjects(office, workers, lambda: None), GuiThread())
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_code_is_taken_from_the_clipboard_which_is_emptied_then(
    qtbot: QtBot, hall: Hall, server: Server, workers: Executor
) -> None:
    made = dialog(qtbot, hall.enter("admin"), workers)
    general = {"server_url": server.url, "username": "", "password": ""}
    settings = {"general": general, "admin": {}, "project": {"name": "Walk"}}
    text = base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)
    press(made.paste)
    qtbot.waitUntil(lambda: made.found is not None)
    assert "Walk" in made.card.accessibleName()
    assert QGuiApplication.clipboard().text() == ""
    assert server.key not in made.card.accessibleName()


def test_what_is_no_code_and_an_address_where_nothing_is_are_said_in_words(
    qtbot: QtBot, hall: Hall, server: Server, workers: Executor, tmp_path: Path
) -> None:
    made = dialog(qtbot, hall.enter("admin"), workers)
    (tmp_path / "cat.png").write_bytes(b"no picture")
    made.take_file(tmp_path / "cat.png")
    qtbot.waitUntil(lambda: "[S208]" in made.banner.text.text())
    assert not made.keep.isEnabled()
    press(made.use)
    assert made.found is None
    write(made.url, f"{server.url}/nowhere")
    press(made.use)
    press(made.trial)
    qtbot.waitUntil(lambda: "[S201]" in made.banner.text.text())
    press(made.keep)
    qtbot.waitUntil(lambda: "[S201]" in made.banner.text.text())
    assert projects.everything(hall.enter("admin")) == ()


def test_the_list_says_why_a_projects_server_does_not_answer(
    qtbot: QtBot, hall: Hall, server: Server, workers: Executor
) -> None:
    office = hall.enter("admin")
    server.forms = [offered("1")]
    openrosa.connect(office, Account(server.url, name="Walks"))
    links = ProjectLinks(office, lambda: 30.0)
    links.follow()
    page = ProjectsPage(OfficeProjects(office, workers, lambda: links), GuiThread())
    qtbot.addWidget(page)

    def state() -> str:
        page.refresh()
        return str(page.model.index(0, 5).data())

    qtbot.waitUntil(lambda: state() == "Ready")
    server.looks = [421]
    links.poke()
    qtbot.waitUntil(lambda: state() == "Needs attention [S201]")
    assert "there is no project: 127.0.0.1" in page.why.text.text()
    links.poke()
    qtbot.waitUntil(lambda: state() == "Ready")
    assert page.why.isHidden()
    server.looks = [503]
    links.poke()
    qtbot.waitUntil(lambda: state() == "Waits for its server [S206]")
    links.stop()


SURVEY = "| type | name | label |\n| text | who | Who |"


def offered(version: str, *, key: str = "", editable: str = "") -> Offered:
    head = "| form_title | form_id | version | public_key | client_editable |"
    settings = f"{head}\n| Walk | walk | {version} | {key} | {editable} |"
    xform = compile_xlsform(workbook(survey=SURVEY, settings=settings)).xform
    if editable and b"client-editable" not in xform:  # a compiler older than the setting
        xform = xform.replace(b"<bind", b'<submission odk:client-editable="true"/><bind', 1)
    return Offered("walk", version, "Walk", xform)


def public_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    der = made.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def desk_of(office: Office, workers: Executor) -> OfficeDesk:
    return OfficeDesk(office, workers, language=lambda: "en", state=SyncState, send=lambda: None)


def accepted(office: Office) -> str:
    (package,) = office.catalogue.search("walk")
    made = filling.begin(office, package.id, office.catalogue.form(package.id), language="en")
    made.session.answer("/data/who", "Li")
    return str(filling.accept(office, made).result())


def send(office: Office) -> None:
    (project,) = projects.accounts(office.store)
    openrosa.fetch(office, project)
    provider = openrosa.provider(office, project)
    run_round(openrosa.ForeignLedger(office, project), provider, now=office.now)
    provider.close()


@pytest.fixture
def office(hall: Hall, server: Server) -> Office:
    server.forms = [offered("1", editable="yes")]
    openrosa.connect(hall.enter("admin"), Account(server.url, name="Walks"))
    return hall.enter("li")


def test_a_sent_case_can_be_corrected_and_says_where_it_goes(
    office: Office, workers: Executor
) -> None:
    desk, case = desk_of(office, workers), accepted(office)
    page = desk.case(case)
    assert "Walks" in page.note
    assert page.actions == ()
    assert desk.outbox()[0].project == "Walks"
    send(office)
    assert desk.case(case).actions == ("edit",)
    assert desk.outbox()[0].receipt.startswith("201 ")


def test_a_sealed_case_says_that_nobody_here_can_open_it(
    office: Office, server: Server, workers: Executor
) -> None:
    server.forms = [offered("2", key=public_key(), editable="yes")]
    send(office)
    case = accepted(office)
    send(office)
    page = desk_of(office, workers).case(case)
    assert "sealed" in page.note
    assert page.actions == ()


def test_a_refused_submission_says_the_servers_words_and_is_sent_again_by_hand(
    office: Office, server: Server, workers: Executor
) -> None:
    desk, case = desk_of(office, workers), accepted(office)
    server.forms[0].closed = True
    send(office)
    (row,) = desk.outbox()
    assert row.state == "failed"
    assert dict(row.error_fields) == {"reason": "This form is not currently accepting submissions."}
    server.forms[0].closed = False
    done: Future[None] = desk.act(case, "retry")
    done.result()
    send(office)
    assert [each.state for each in desk.outbox()] == ["acknowledged"]
