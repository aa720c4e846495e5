"""The reviewer's desk and the public page in a real browser."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By
from sqlalchemy import select

from forms.answers import give_sample
from forms.views import Submission
from province import accounts, decisions, demo, intake, versions
from province.accounts import Caller
from province.app import Province, create_app, open_province
from province.encoding import to_b64
from province.errors import CaseChanged
from province.models import Certificate
from province.packages import Services, load_service
from tests.browser import press

CASE = "0193a0c0-0000-4000-8000-000000000001"
SUBMISSION = "0193a0c0-0000-4000-8000-000000000002"
ROOT = Path(__file__).parents[2]
RESIDENCE = load_service(ROOT / "resources/services/juzhu-zhengming")


def document() -> bytes:
    """The sample's answers under the name this test knows, finalised."""
    lists = {"divisions.csv": (ROOT / "resources/codes/divisions.csv").read_bytes()}
    session = RESIDENCE.package.open_form(lists).new_session(
        now=lambda: datetime.now(UTC),
        today=lambda: datetime.now(UTC).date(),
        new_id=lambda: "0193a0c0-0000-4000-8000-000000000002",
        random=lambda: 0.5,
    )
    give_sample(RESIDENCE.package, session)
    session.answer("/data/applicant/name", "张三")
    done = session.finalise(datetime.now(UTC))
    assert isinstance(done, Submission)
    return done.xml


XML = document()


@dataclass
class Site:
    url: str
    province: Province


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    province = open_province(
        tmp_path, services=Services({(RESIDENCE.id, RESIDENCE.version): RESIDENCE})
    )
    demo.fill(province, password="geheim")
    take(province)
    server = uvicorn.Server(uvicorn.Config(create_app(province), log_level="warning"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", province)
    server.should_exit = True
    thread.join(20)


def take(province: Province) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    digest = sha256(picture).hexdigest()
    province.uploads.create(Caller("window", "qingshan"), digest, len(picture))
    province.uploads.append(
        "qingshan", digest, offset=0, chunk=picture, checksum=sha256(picture).digest()
    )
    body = intake.SubmissionIn.model_validate(
        {
            "number": "530102101-20261124-0001",
            "service": RESIDENCE.id,
            "service_version": RESIDENCE.version,
            "accepted_at": "2026-11-24T02:00:00Z",
            "accepted_by": "李窗口",
            "applicant": {"name": "张三", "id_no": "53010219500307001X"},
            "sha256": sha256(XML).hexdigest(),
            "xml": to_b64(XML),
            "attachments": [
                {"name": "id.png", "media_type": "image/png", "size": 8, "sha256": digest}
            ],
        }
    )
    submission = UUID(SUBMISSION)
    caller = Caller("device", "qingshan")
    written = intake.submit_all(province, caller, [(UUID(CASE), submission, body)])
    assert [status for status, _ in written] == [201]


def correct(province: Province, submission: UUID, name: str) -> None:
    """The office brings a newer version of the case."""
    caller = Caller("device", "qingshan")
    held = province.database.read(versions.written, "qingshan", CASE, SUBMISSION)
    held |= {"replaces": SUBMISSION, "applicant": {"name": name, "id_no": ""}}
    body = intake.SubmissionIn.model_validate(held)
    written = intake.submit_all(province, caller, [(UUID(CASE), submission, body)])
    assert [status for status, _ in written] == [201]


def picture(browser: webdriver.Chrome, name: str) -> None:
    """Keep a screenshot where LASTMILE_PICTURES points to, if set."""
    folder = os.environ.get("LASTMILE_PICTURES")
    if folder:
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


def sign_in(browser: webdriver.Chrome, site: Site) -> None:
    browser.get(f"{site.url}/desk")
    picture(browser, "sign-in")
    browser.find_element(By.ID, "login").send_keys("reviewer")
    browser.find_element(By.ID, "password").send_keys("geheim")
    press(browser, "button.primary")


def test_a_reviewer_grants_and_everybody_can_check_the_certificate(
    site: Site, browser: webdriver.Chrome
) -> None:
    sign_in(browser, site)
    picture(browser, "queue")
    press(browser, "td a")
    picture(browser, "case")
    shown = browser.find_element(By.TAG_NAME, "main").text
    assert "证明用途" in shown
    assert "子女入学" in shown
    assert "id.png" in shown
    press(browser, "button[value=grant]")
    picture(browser, "granted")
    assert browser.find_element(By.CSS_SELECTOR, ".headline .chip").text == "准予"
    credential = province_credential(site)
    browser.get(f"{site.url}/verify")
    picture(browser, "verify")
    browser.find_element(By.ID, "code").send_keys(credential)
    press(browser, "button.primary")
    picture(browser, "valid")
    verdict = browser.find_element(By.ID, "verdict")
    assert verdict.get_attribute("data-state") == "valid"
    assert "张三" in verdict.text
    browser.get(f"{site.url}/verify?lang=en&code=LM1:ABC")
    picture(browser, "forged")
    assert "Not genuine" in browser.find_element(By.ID, "verdict").text


def test_a_refusal_needs_its_reason(site: Site, browser: webdriver.Chrome) -> None:
    sign_in(browser, site)
    browser.get(f"{site.url}/desk/cases/{CASE}?lang=en")
    press(browser, "button[value=refuse]")
    assert "Please give the reason." in browser.find_element(By.TAG_NAME, "main").text
    browser.find_element(By.ID, "reason").send_keys("材料不符")
    press(browser, "button[value=refuse]")
    assert "材料不符" in browser.find_element(By.CSS_SELECTOR, ".history").text
    assert browser.find_elements(By.ID, "reason") == []


def province_credential(site: Site) -> str:
    return site.province.database.read(
        lambda session: str(session.scalars(select(Certificate.credential)).one())
    )


def test_a_void_or_wrongly_named_certificate_is_not_valid(site: Site) -> None:
    with httpx.Client(base_url=site.url, follow_redirects=True) as http:
        http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        csrf = http.get("/desk").text.split('name="csrf" value="')[1].split('"')[0]
        path = f"/desk/cases/{CASE}/decision"
        granting = {"csrf": csrf, "action": "grant", "seen": SUBMISSION}
        http.post(path, data=granting)
        again = http.post(path, data=granting)
        assert again.status_code == 409
        code = province_credential(site)
        assert http.get("/api/v1/verify", params={"code": code}).json()["state"] == "valid"
        number = http.get("/api/v1/verify", params={"code": code}).json()["number"]
        page = http.get("/verify", params={"number": number, "name": "张三"}).text
        assert 'data-state="valid"' in page
        page = http.get("/verify", params={"number": number, "name": "李四"}).text
        assert 'data-state="unknown"' in page
        http.post(path, data={"csrf": csrf, "action": "void", "reason": "发错"})
        assert http.get("/api/v1/verify", params={"code": code}).json()["state"] == "void"


def test_nothing_is_decided_that_the_reviewer_has_not_seen(site: Site) -> None:
    newer = UUID("0193a0c0-0000-4000-8000-000000000003")
    with httpx.Client(base_url=site.url, follow_redirects=True) as http:
        http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        page = http.get(f"/desk/cases/{CASE}").text
        csrf, seen = (page.split(f'name="{n}" value="')[1].split('"')[0] for n in ("csrf", "seen"))
        correct(site.province, newer, "李四")
        form = {"csrf": csrf, "seen": seen, "action": "grant"}
        answer = http.post(f"/desk/cases/{CASE}/decision", data=form)
        assert "尚未作出决定" in answer.text
        assert "李四" in answer.text
        assert (
            http.post(f"/desk/cases/{CASE}/decision", data={**form, "seen": ""}).status_code == 200
        )
        assert site.province.database.read(decisions.find_case, CASE).status == "under_review"
        http.post(f"/desk/cases/{CASE}/decision", data=form | {"seen": str(newer)})
        assert site.province.database.read(decisions.find_case, CASE).status == "decided_granted"


def test_a_certificate_names_whom_the_form_names_not_what_stands_beside_it(site: Site) -> None:
    newer = UUID("0193a0c0-0000-4000-8000-000000000003")
    correct(site.province, newer, "李四")
    with httpx.Client(base_url=site.url, follow_redirects=True) as http:
        http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        csrf = http.get("/desk").text.split('name="csrf" value="')[1].split('"')[0]
        form = {"csrf": csrf, "seen": str(newer), "action": "grant"}
        http.post(f"/desk/cases/{CASE}/decision", data=form)
        said = http.get("/api/v1/verify", params={"code": province_credential(site)}).json()
    assert (said["state"], said["holder"]) == ("valid", "张三")


def test_a_version_that_arrives_while_the_decision_is_written_stops_it(site: Site) -> None:
    newer = UUID("0193a0c0-0000-4000-8000-000000000003")
    correct(site.province, newer, "李四")
    with pytest.raises(CaseChanged):
        site.province.database.write(
            decisions.refuse, CASE, "不符", by="民政", now_ms=1, seen=SUBMISSION
        )


def test_a_reviewer_sees_what_was_applied_for_in_one_go(site: Site) -> None:
    cases = [CASE.replace("4000", f"400{n}") for n in (1, 2)]
    went = {"id": CASE, "service": "one-thing", "service_version": "1", "cases": cases}
    for n, case in enumerate(cases, 1):
        body = intake.SubmissionIn.model_validate(
            {
                "number": f"530102101-20261124-100{n}",
                "service": RESIDENCE.id,
                "service_version": RESIDENCE.version,
                "accepted_at": "2026-11-24T02:00:00Z",
                "applicant": {"name": "张三", "id_no": ""},
                "sha256": sha256(XML).hexdigest(),
                "xml": to_b64(XML),
                "together": went,
            }
        )
        submission = UUID(SUBMISSION.replace("4000", f"400{n}"))
        [(status, _)] = intake.submit_all(
            site.province, Caller("device", "qingshan"), [(UUID(case), submission, body)]
        )
        assert status == 201
    with httpx.Client(base_url=site.url, follow_redirects=True) as http:
        http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        page = http.get(f"/desk/cases/{cases[1]}").text
        assert "一件事" in page
        assert f'href="/desk/cases/{cases[0]}"' in page
        assert f'href="/desk/cases/{cases[1]}"' not in page
        assert '<a href="#together">one-thing</a>' in page, "said above the fold"
        assert "一件事" not in http.get(f"/desk/cases/{CASE}").text


def test_the_desk_stays_shut_without_password_and_without_token(site: Site) -> None:
    with httpx.Client(base_url=site.url) as http:
        assert http.get("/desk").headers["location"] == "/desk/sign-in"
        assert http.get(f"/desk/cases/{CASE}").status_code == 303
        wrong = http.post("/desk/sign-in", data={"login": "reviewer", "password": "x"})
        assert wrong.status_code == 403
        assert "set-cookie" not in wrong.headers
        http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        forged = http.post(
            f"/desk/cases/{CASE}/decision",
            data={"csrf": "é", "action": "grant", "seen": SUBMISSION},
        )
        assert forged.headers["location"] == "/desk/sign-in"
        assert "准予" not in http.get(f"/desk/cases/{CASE}").text.split("<aside>")[0]


def test_a_reviewer_sees_the_own_department_only(site: Site) -> None:
    site.province.database.write(accounts.add_reviewer, "min", "民政员", "民政", "geheim")
    with httpx.Client(base_url=site.url, follow_redirects=True) as http:
        http.post("/desk/sign-in", data={"login": "min", "password": "geheim"})
        assert "530102101-20261124-0001" not in http.get("/desk?status=all").text
        assert http.get(f"/desk/cases/{CASE}").status_code == 404
        assert http.get(f"/desk/cases/{CASE}/files/0").status_code == 404
