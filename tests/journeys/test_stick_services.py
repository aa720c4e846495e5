"""A village without a network gets a new version of a form on the stick that brings its answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from sqlalchemy.orm import Session

from casework import link, program_stick, relay
from casework.office import Resources
from desktop import journey
from desktop.demo import Demo
from desktop.hands import choose_folder, press
from desktop.journey import Clerk
from desktop.windows.stick import StickPage
from province import accounts
from province.app import system_now_ms
from store import settings
from tests.casework.hall import PASSWORD, Hall
from tests.journeys.test_pilot import NEW_QUESTION, Province, offers_pilot
from tests.province.packages import small_resources

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    made = Province(tmp_path)
    yield made
    made.process.close()


def enrolled(province: Province, office: str, folder: Path) -> Hall:
    folder.mkdir()
    code = province.do(accounts.new_enrol_code, office, now_ms=system_now_ms())
    hall = Hall(folder, Resources(small_resources(folder / "resources")))
    link.enrol_office(hall.enter("admin"), province.process.url, str(code), device_name="window")
    return hall


def unplug(session: Session) -> None:
    """From its enrolment on this computer reaches nobody."""
    identity = json.loads(settings.get(session, "device_identity") or b"")
    settings.put(session, "device_identity", json.dumps({**identity, "url": NOBODY}).encode())


@pytest.fixture
def village(province: Province, tmp_path: Path) -> Iterator[Clerk]:
    hall = enrolled(province, "qingshan", tmp_path / "village")
    assert hall.office is not None
    hall.office.store.writer.submit(unplug).result()
    hall.leave()
    process = province.process
    assert process._process is not None
    demo = Demo(hall.folder, hall.box, process.facts, process._process)
    clerk = journey.set_up(demo, hall.resources, tmp_path / "out")
    clerk.sign_in(PASSWORD, "li")
    yield clerk
    clerk.desktop.interpreter.speak("en")
    QCoreApplication.processEvents()
    clerk.desktop.end()
    clerk.desktop.deleteLater()


def use(clerk: Clerk, act: str, stick: Path) -> str:
    """What the page of the stick says after one of its three steps."""
    clerk.turn_to(3)
    press(clerk.window.outbox.stick)
    page = clerk.window.stack.currentWidget()
    assert isinstance(page, StickPage)
    press(getattr(page, act).button)
    choose_folder(stick, lambda look, what: clerk.until(lambda: look() or None, what))
    clerk.until(lambda: page.take.button.isEnabled() or None, "the stick")
    clerk.picture(clerk.window, f"services-by-stick-{act}")
    return page.banner.text.text()


def test_a_form_published_after_the_enrolment_is_filled_in_where_no_network_ever_was(
    province: Province, village: Clerk, tmp_path: Path
) -> None:
    (stick := tmp_path / "stick").mkdir()
    assert not offers_pilot(village)
    province.release()
    assert "优盘" in use(village, "write", stick)
    township = enrolled(province, "hongqi", tmp_path / "township")
    assert township.office is not None
    assert relay.carry(township.office, stick).failed == ()
    installer = tmp_path / "lastmile-99.0.bin"
    installer.write_bytes(bytes(9999))
    province.publisher.publish("program", sys.platform, "99.0", {installer.name: installer})
    home = link.provider(township.office.store)
    assert program_stick.put(township.office, home, stick)
    home.close()
    township.leave()
    said = use(village, "take", stick)
    assert "1 项事项已更新" in said
    assert "优盘里有 99.0 版程序" in said
    assert offers_pilot(village)
    form = village.begin("gljt")
    village.fill(form, {"/data/name": "样例乙", "/data/why": "年满", NEW_QUESTION: "样例丙"})
    accepted = village.accept(form)
    assert village.desk.case(accepted).line.unsent
