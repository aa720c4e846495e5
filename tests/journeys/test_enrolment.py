"""From an empty computer to a first case at the province: by a file, and by a code."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from casework.office import RESOURCES, Resources
from desktop.app import Desktop
from desktop.hands import choose_folder as choose_file
from desktop.hands import press, write_anew
from desktop.journey import SIZE, Clerk
from desktop.local_office import LocalOffice
from desktop.parts import Banner
from desktop.settings import Settings
from desktop.windows.enrol_form import EnrolForm
from desktop.windows.first_run import FirstRun, PersonStep
from province import accounts, enrolment
from province.app import open_province, system_now_ms
from province.packages import Services
from store.keys import Cost
from store.secrets import FileBox
from tests.province.process import ProvinceProcess

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
ADMIN, FIRST, OWN = "richtig-pferd-5", "erste-karte-3", "eigenes-wort-9"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("enrol") / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()


@pytest.fixture
def clerk(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    monkeypatch.setattr("store.keys.calibrate", lambda **_: Cost(64, 1))
    settings = Settings(language="zh_CN", idle_lock_minutes=0)
    workers = ThreadPoolExecutor(2, thread_name_prefix="worker")
    office = LocalOffice(
        tmp_path / "office",
        Resources(RESOURCES),
        FileBox(tmp_path / "device"),
        workers,
        language=lambda: settings.language,
        pause_s=lambda: 2.0,
    )
    desktop = Desktop(qapp, office, settings, profile=tmp_path, workers=workers)
    (tmp_path / "out").mkdir()
    made = Clerk(desktop, Path(os.environ.get("LASTMILE_PICTURES") or tmp_path / "out"))
    made.name = lambda n, what: made.out / f"enrol-{n:02d}-{what}.png"
    desktop.ask()
    yield made
    desktop.interpreter.speak("en")
    QCoreApplication.processEvents()
    desktop.end()
    for window in (desktop.first_run, desktop.sign_in, desktop.window):
        if window is not None:
            window.close()
    desktop.deleteLater()


def file_of(province: ProvinceProcess, path: Path, days: int = 14) -> Path:
    opened = open_province(province.folder, services=Services({}))
    path.write_bytes(enrolment.write_file(opened, "qingshan", url=province.url, days=days))
    opened.database.close()
    return path


def devices(province: ProvinceProcess) -> int:
    opened = open_province(province.folder, services=Services({}))
    found = len(opened.database.read(accounts.devices, "qingshan"))
    opened.database.close()
    return found


def tell(step: PersonStep, login: str, secret: str) -> None:
    for field, text in (
        (step.person, login.title()),
        (step.login, login),
        (step.secret, secret),
        (step.again, secret),
    ):
        write_anew(field, text)
    QTest.keyClick(step.again, Qt.Key.Key_Return)


def to_the_link(clerk: Clerk) -> FirstRun:
    window = clerk.desktop.first_run
    assert window is not None
    window.resize(SIZE)
    tell(window.admin, "admin", ADMIN)
    tell(window.first, "li", FIRST)
    clerk.until(lambda: window.stack.currentIndex() == 2, "the office code")
    press(window.kept)
    press(window.code_step.next)
    return window


def choose(clerk: Clerk, form: EnrolForm, path: Path) -> None:
    press(form.place.choose)
    choose_file(path, clerk.until)


def sign_in(clerk: Clerk) -> None:
    asked = clerk.desktop.sign_in
    assert asked is not None
    asked.resize(SIZE)
    asked.login.setCurrentIndex(asked.login.findData("li"))
    write_anew(asked.password, FIRST)
    QTest.keyClick(asked.password, Qt.Key.Key_Return)
    clerk.until(lambda: asked.stack.currentIndex() == 1, "the question for an own password")
    write_anew(asked.own.fresh, OWN)
    write_anew(asked.own.again, OWN)
    QTest.keyClick(asked.own.again, Qt.Key.Key_Return)
    clerk.until(lambda: clerk.desktop.window, "the shell")
    clerk.window.resize(SIZE)


def says(banner: Banner, text: str) -> bool:
    return text in banner.text.text()


def test_a_computer_is_connected_by_a_file_and_sends_its_first_case(
    clerk: Clerk, province: ProvinceProcess, tmp_path: Path
) -> None:
    before = devices(province)
    good = file_of(province, tmp_path / "qingshan.lmenrol")
    over = file_of(province, tmp_path / "over.lmenrol", days=-1)
    forged = tmp_path / "forged.lmenrol"
    signed = json.loads(good.read_bytes())
    inner = base64.b64decode(signed["enrolment"]).replace(b"127.0.0.1", b"127.0.0.9")
    forged.write_text(json.dumps(signed | {"enrolment": base64.b64encode(inner).decode()}))
    window = to_the_link(clerk)
    form, banner = window.enrol, window.link_step.banner
    clerk.picture(window, "ask")
    for path, wanted in ((forged, "S221"), (over, "S222")):
        choose(clerk, form, path)
        clerk.until(partial(says, banner, wanted), wanted)
        assert "接入文件" in banner.text.text()
        clerk.picture(window, f"refused-{path.stem}")
    choose(clerk, form, good)
    clerk.until(lambda: form.offers, "what the file says")
    said = " ".join(fact.text() for fact in form.facts)
    opened = open_province(province.folder, services=Services({}))
    print_of_key = enrolment.fingerprint(opened.key.public)
    opened.database.close()
    for each in ("青山镇便民服务中心", "云南省昆明市五华区", province.url, print_of_key):
        assert each in said
    assert devices(province) == before, "nothing is sent before a person has agreed"
    clerk.picture(window, "offer")
    press(window.link_step.next)
    clerk.until(lambda: "青山镇" in banner.text.text(), "the connection")
    clerk.picture(window, "connected")
    assert devices(province) == before + 1
    assert good.exists()
    press(form.delete)
    clerk.until(partial(says, banner, "已删除"), "the file to be gone")
    assert not good.exists()
    press(window.link_step.next)
    sign_in(clerk)
    filling = clerk.begin("gljt")
    sample = dict(clerk.desk.office.catalogue.get("gaoling-jintie").sample)
    clerk.fill(filling, sample)
    case = clerk.accept(filling)
    assert clerk.desk.case(case).line.number.startswith("530102101-"), "a leased number"
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(case).line.unsent, "the province's receipt")


def test_a_used_file_is_refused_and_a_code_connects(
    clerk: Clerk, province: ProvinceProcess, tmp_path: Path
) -> None:
    opened = open_province(province.folder, services=Services({}))
    spent, fresh = (
        opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
        for _ in range(2)
    )
    opened.database.close()
    window = to_the_link(clerk)
    form, banner = window.enrol, window.link_step.banner
    write_anew(form.url, province.url)
    write_anew(form.once, spent[:-1] + ("2" if spent[-1] != "2" else "3"))
    QTest.keyClick(form.once, Qt.Key.Key_Return)
    clerk.until(lambda: "S113" in banner.text.text(), "the refusal")
    clerk.picture(window, "code-refused")
    write_anew(form.once, fresh.lower())
    QTest.keyClick(form.once, Qt.Key.Key_Return)
    clerk.until(lambda: "青山镇" in banner.text.text(), "the connection")
    clerk.picture(window, "code-connected")
    press(window.link_step.next)
    sign_in(clerk)
    clerk.picture(clerk.window, "overview")
