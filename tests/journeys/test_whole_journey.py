"""A clerk serves a citizen: real windows, real store, real province process, real browser."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By

from casework.office import Resources
from desktop import hands, journey
from desktop.demo import PASSWORD, Demo, start_province
from desktop.journey import Clerk
from printing import raster
from tests.browser import press
from tests.desktop.cups import Cups, cups, running_cups  # noqa: F401 - fixtures
from tests.journeys.shell import finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CANARY = "欧阳金丝雀"


@pytest.fixture
def printer(request: pytest.FixtureRequest) -> Cups | None:
    """A real print queue, where this machine can run one."""
    there = all(shutil.which(name) for name in ("cupsd", "lp", "lpadmin"))
    return request.getfixturevalue("cups") if there else None


def pull_the_plug(demo: Demo) -> None:
    demo.stop()


def plug_in(demo: Demo, folder: Path) -> None:
    port = int(demo.facts["url"].rpartition(":")[2])
    demo.process, demo.facts = start_province(folder / "demo" / "province", port)


def decode(pdf: bytes) -> str:
    """The QR code as it stands on the first page at 300 dpi."""
    page = next(iter(raster.pages(pdf, 300)))
    image = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX")
    [found] = zxingcpp.read_barcodes(image)
    return found.text


def grant_in(browser: webdriver.Chrome, demo: Demo) -> None:
    browser.get(demo.facts["desk_url"])
    browser.find_element(By.ID, "login").send_keys(demo.facts["desk_user"])
    browser.find_element(By.ID, "password").send_keys(demo.facts["desk_password"])
    press(browser, "button.primary")
    press(browser, "td a")
    press(browser, "button[value=grant]")


def test_a_clerk_serves_a_citizen_offline_and_prints_what_the_province_decides(
    clerk: Clerk,
    demo: Demo,
    printer: Cups | None,
    browser: webdriver.Chrome,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    clerk.prints = printer is not None
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("gljt")
    sample = dict(clerk.desk.office.catalogue.get("gaoling-jintie").sample)
    clerk.fill(form, sample | {"/data/applicant/name": CANARY})
    clerk.until(lambda: clerk.desk.figures().backup_on, "the day's backup")
    pull_the_plug(demo)
    case_id = clerk.accept(form)
    receipt = clerk.print_out(clerk.paper(case_id, "receipt"))
    assert CANARY in "".join(raster.texts(receipt))
    assert clerk.desk.case(case_id).line.number == decode(receipt)
    clerk.send()
    clerk.until(lambda: clerk.desk.sync().kind == "offline", "the missing network")
    assert clerk.desk.case(case_id).line.unsent
    plug_in(demo, tmp_path)
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(case_id).line.unsent, "the receipt")
    [item] = clerk.desk.outbox()
    assert item.state == "acknowledged"
    grant_in(browser, demo)
    clerk.send()
    clerk.until(lambda: clerk.status(case_id) == "decided_granted", "the decision")
    assert clerk.desk.figures().to_print == 1
    certificate = clerk.print_out(clerk.paper(case_id, "certificate"))
    assert clerk.desk.figures().to_print == (0 if printer else 1)
    browser.get(demo.facts["url"] + "/verify")
    browser.find_element(By.ID, "code").send_keys(decode(certificate))
    press(browser, "button.primary")
    assert browser.find_element(By.ID, "verdict").get_attribute("data-state") == "valid"
    assert CANARY in browser.find_element(By.ID, "verdict").text
    finish(clerk)
    left = [*demo.profile.rglob("*"), clerk.out / "journey.log"]
    for path in left:
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path.name
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("selenium"))
    assert CANARY not in ours
    assert sample["/data/applicant/id_no"] not in ours


def test_a_household_with_a_cascading_address_is_served_in_english(
    demo: Demo, resources: Resources, tmp_path: Path, qapp: object
) -> None:
    del qapp
    clerk = journey.set_up(demo, resources, tmp_path / "out", language="en")
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("minimum living")
    package = clerk.desk.office.catalogue.get("dibao")
    assert form.language.currentText().lower().startswith("english")
    clerk.fill(form, dict(package.sample))
    session = form.filling.session
    assert session.view("/data/member").count == 2
    assert session.view("/data/residence/live_township").choices
    clerk.look_through(form)
    case_id = clerk.accept(form)
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(case_id).line.unsent, "the receipt")
    journey.decide(demo.facts, case_id, "grant")
    clerk.send()
    clerk.until(lambda: clerk.status(case_id) == "decided_granted", "the decision")
    certificate = clerk.print_out(clerk.paper(case_id, "certificate"))
    assert decode(certificate).startswith("LM1:")
    finish(clerk)
    clerk.desktop.deleteLater()


def test_what_is_missing_is_shown_and_nothing_is_accepted(clerk: Clerk) -> None:
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("gljt")
    hands.press(form.accept_button)
    assert form.problem_refs()[0] == "/data/applicant/name"
    assert form.isVisible()
    assert clerk.desk.figures().accepted_today == 0
    form.close()
    clerk.until(lambda: not form.isVisible(), "the form to close")
    assert clerk.desk.figures().drafts == 1
