"""What offices decide by themselves: taken once, checked, told to all, and no more than allowed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from printing import delegation
from printing.errors import DeviceShutOut, Voided
from printing.trust import Trust, check, pinned, read_list
from province import accounts, demo
from province.app import Province, open_province
from tests.province.produce import OfficeDevice, number_of, services, state_of
from tests.province.site import served

Site = tuple[Province, httpx.Client]


@contextmanager
def opened(folder: Path, database_url: str = "") -> Iterator[Site]:
    province = open_province(folder, services=services(), database_url=database_url)
    demo.fill(province, password="geheim")
    with served(province) as url, httpx.Client(base_url=url) as http:
        yield province, http


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with opened(tmp_path / "p") as made:
        yield made


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """On each engine."""
    with opened(tmp_path / "p", database_url) as made:
        yield made


def trust(province: Province, http: httpx.Client) -> Trust:
    """What a device believes that holds the newest list."""
    keys = {province.key.kid: province.key.public}
    return read_list(http.get("/api/v1/trust").content, pinned(keys))


def test_an_office_s_grant_is_taken_once_and_known_to_everybody(either: Site) -> None:
    province, http = either
    window, other = OfficeDevice(province, http), OfficeDevice(province, http)
    case, submission = window.apply()
    certificate = window.certificate(number_of(window.lease()))
    shown = http.get("/verify", params={"code": str(certificate["credential"])}).text
    assert 'data-state="pending"' in shown
    assert "青山镇便民服务中心" in shown
    event = str(uuid4())
    said = window.say(case, submission, "decided_granted", event=event, certificate=certificate)
    assert said.status_code == 201, said.text
    again = window.say(case, submission, "decided_granted", event=event, certificate=certificate)
    assert (again.status_code, again.json()) == (200, said.json())
    receipt = base64.b64decode(said.json()["receipt"])
    Ed25519PublicKey.from_public_bytes(province.key.public).verify(
        base64.b64decode(said.json()["signature"]), b"lastmile/1 event-receipt\n" + receipt
    )
    assert json.loads(receipt)["event"] == event
    assert state_of(http, certificate["credential"]) == "valid"
    check(str(certificate["credential"]), trust(province, http))
    events = other.call("GET", "/events").json()["events"]
    (granted,) = [each for each in events if each["kind"] == "decided_granted"]
    assert granted["id"] == event
    assert granted["data"]["certificate"] == certificate
    second = other.say(case, submission, "decided_refused", reason="不符合")
    assert (second.status_code, second.json()["type"]) == (
        409,
        "urn:lastmile:problem:already-decided",
    )
    changed = window.say(case, submission, "decided_refused", event=event, reason="改判")
    assert changed.json()["type"] == "urn:lastmile:problem:id-conflict"


def test_a_void_certificate_is_void_everywhere_and_its_replacement_names_it(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    case, submission = window.apply()
    block = window.lease()
    old = window.certificate(number_of(block))
    window.say(case, submission, "decided_granted", certificate=old)
    fresh = window.certificate(number_of(block, 1), replaces=str(old["number"]))
    why = {"number": number_of(block), "reason": "破损", "confirmed_by": "钱运维"}
    said = window.say(case, submission, "certificate_replaced", certificate=fresh, **why)
    assert said.status_code == 201, said.text
    assert state_of(http, old["credential"]) == "void"
    assert state_of(http, fresh["credential"]) == "valid"
    with pytest.raises(Voided):
        check(str(old["credential"]), trust(province, http))
    why = {"number": number_of(block, 1), "reason": "误发", "confirmed_by": "钱运维"}
    assert window.say(case, submission, "certificate_voided", **why).status_code == 201
    assert state_of(http, fresh["credential"]) == "void"


def test_a_number_that_never_arrived_can_be_voided_and_never_counts(
    site: Site,
) -> None:
    province, http = site
    one, two = OfficeDevice(province, http), OfficeDevice(province, http)
    case, submission = one.apply()
    late = two.certificate(number_of(two.lease()))
    first = one.certificate(number_of(one.lease()))
    one.say(case, submission, "decided_granted", certificate=first)
    refused = two.say(case, submission, "decided_granted", certificate=late)
    assert refused.status_code == 409, "another window of the office was first"
    why = {"number": str(late["number"]), "reason": "重复决定", "confirmed_by": "钱运维"}
    assert two.say(case, submission, "certificate_voided", **why).status_code == 201
    assert state_of(http, late["credential"]) == "void"
    assert state_of(http, first["credential"]) == "valid"


def test_what_an_office_may_not_decide_is_refused(site: Site) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    case, submission = window.apply("juzhu-zhengming")
    said = window.say(case, submission, "decided_refused", reason="不符合")
    assert (said.status_code, said.json()["type"]) == (
        403,
        "urn:lastmile:problem:not-yours-to-decide",
    )
    case, submission = window.apply()
    stranger = OfficeDevice(province, http, "hongqi")
    other = stranger.say(case, submission, "decided_refused", reason="不符合")
    assert other.json()["type"] == "urn:lastmile:problem:not-your-case"
    void = {"number": "LM2026-530102101-000001", "reason": "x", "confirmed_by": "y"}
    assert window.say(case, submission, "certificate_voided", **void).status_code == 422
    assert window.say(case, submission, "decided_refused", reason=" ").status_code == 422
    unknown = window.say(str(uuid4()), submission, "decided_refused", reason="x")
    assert unknown.status_code == 404


FALSE: dict[str, Callable[[OfficeDevice, dict[str, object]], dict[str, object]]] = {
    "number": lambda w, block: w.certificate(number_of(block, 50)),
    "a number for cases": lambda w, _: w.certificate(
        number_of((w.lease("case"), w.lease("case"))[1])
    ),
    "holder": lambda w, block: w.certificate(number_of(block), name="别人"),
    "fields": lambda w, block: w.certificate(number_of(block), body="兹证明一切。"),
    "credential": lambda w, block: {**w.certificate(number_of(block)), "credential": "LM1:X"},
}


@pytest.mark.parametrize("what", FALSE)
def test_a_certificate_that_does_not_hold_is_refused(site: Site, what: str) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    case, submission = window.apply()
    certificate = FALSE[what](window, window.lease())
    said = window.say(case, submission, "decided_granted", certificate=certificate)
    assert said.status_code == 422, said.text
    assert said.json()["type"] == "urn:lastmile:problem:certificate-refused"
    member = {"a number for cases": "number", "holder": "credential"}.get(what, what)
    assert said.json()["errors"][0]["code"] == member
    assert state_of(http, certificate["credential"]) in ("pending", "forged")


def test_a_number_is_registered_once_whatever_a_store_that_was_put_back_says(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    number = number_of(window.lease())
    first, second = window.apply(), window.apply()
    paper = window.certificate(number)
    assert window.say(*first, "decided_granted", certificate=paper).status_code == 201
    twice = window.say(*second, "decided_granted", certificate=window.certificate(number))
    assert twice.json()["errors"][0]["code"] == "number"


def test_what_a_computer_signs_after_it_was_shut_out_is_refused_everywhere(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    block, word = window.lease(), window.word()
    today = datetime.now(UTC).astimezone().date()
    before = window.certificate(number_of(block), word=word)
    after = window.certificate(
        number_of(block, 1), word=word, day=(today + timedelta(days=1)).isoformat()
    )
    province.database.write(accounts.revoke, window.id, province.now_ms())
    held = trust(province, http)
    check(str(before["credential"]), held)
    with pytest.raises(DeviceShutOut):
        check(str(after["credential"]), held)
    assert state_of(http, before["credential"]) == "pending"
    assert state_of(http, after["credential"]) == "forged"


def test_the_word_names_device_office_and_template_and_ends(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    found = delegation.read(window.word(), {province.key.kid: province.key.public})
    assert found.public == window.key.public_key().public_bytes_raw()
    assert found.device_id == sha256(found.public).digest()[:8]
    assert (found.office, found.division) == ("青山镇便民服务中心", "530102101")
    first, last = (datetime.fromisoformat(day) for day in (found.first, found.last))
    assert last - first == timedelta(days=90)


def test_after_a_restore_the_office_hears_which_events_are_lost(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    case, submission = window.apply()
    event, lost = str(uuid4()), str(uuid4())
    window.say(case, submission, "decided_refused", event=event, reason="不符合")
    asked = {"submissions": [submission], "events": [event, lost]}
    assert window.call("POST", "/submissions:held", json=asked).json() == {"missing": [lost]}
