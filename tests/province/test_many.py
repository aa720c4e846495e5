"""Events and changes that come many at once: each judged by itself, on each engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from province import demo
from province.app import Province, open_province
from tests.province.produce import OfficeDevice, number_of, services, state_of
from tests.province.site import served

Site = tuple[Province, httpx.Client]
Json = dict[str, Any]


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    province = open_province(tmp_path / "p", services=services(), database_url=database_url)
    demo.fill(province, password="geheim")
    with served(province) as url, httpx.Client(base_url=url) as http:
        yield province, http


def event(case: str, submission: str, kind: str, **data: object) -> Json:
    body = {"kind": kind, "at": "2026-11-25T02:30:00Z", "by": "赵主任", "submission": submission}
    return {"case": case, "event": str(uuid4()), "body": {**body, "data": data}}


def change(resident: str, after: str = "", *, adds: bool = False, **fields: str) -> Json:
    body = {
        "fields": {name: {"old": "", "new": new} for name, new in fields.items()},
        "after": {name: [after] for name in fields if after},
        "adds": adds,
        "at": "2026-11-25T02:00:00Z",
        "by": "李窗口",
    }
    return {"resident": resident, "change": str(uuid4()), "body": body}


def send(device: OfficeDevice, what: str, members: list[Json]) -> list[Json]:
    written = json.dumps({what: members}).encode()  # escapes what is no character
    kind = {"Content-Type": "application/json"}
    answer = device.call("POST", f"/{what}:batch", content=written, headers=kind)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["results"]
    name = what.removesuffix("s")
    assert [each[name] for each in found] == [each[name] for each in members]
    return found


def test_each_event_is_judged_by_itself_and_answered_as_its_own_request_would_be(
    site: Site,
) -> None:
    province, http = site
    window = OfficeDevice(province, http)
    granted, refused, withdrawn = (window.apply() for _ in range(3))
    paper = window.certificate(number_of(window.lease()))
    members = [
        event(*granted, "decided_granted", certificate=paper),
        event(*refused, "decided_refused", reason="不符合"),
        event(str(uuid4()), granted[1], "decided_refused", reason="不符合"),  # of no case
        event(*refused, "decided_refused", reason="不符合"),
        event(*withdrawn, "withdrawn", reason="本人撤回"),
        event(*withdrawn, "decided_refused", reason="不符合"),  # too late
    ]
    members[1]["body"]["more"] = "\ud800"  # no character
    first = send(window, "events", members)
    assert [each["status"] for each in first] == [201, 422, 404, 201, 201, 409]
    assert first[5]["body"]["type"] == "urn:lastmile:problem:already-decided"
    again = send(window, "events", members)
    assert [each["status"] for each in again] == [200, 422, 404, 200, 200, 409]
    assert [each["body"] for each in again] == [each["body"] for each in first]
    alone = window.call(
        "PUT",
        f"/cases/{members[0]['case']}/events/{members[0]['event']}",
        json=members[0]["body"],
    )
    assert (alone.status_code, alone.json()) == (200, first[0]["body"])
    assert state_of(http, paper["credential"]) == "valid"
    told = [each["id"] for each in window.call("GET", "/events").json()["events"]]
    taken = [each["event"] for each in (members[0], members[3], members[4])]
    assert [each for each in told if each in taken] == taken, "once each, in their order"


def test_a_newcomer_and_what_follows_arrive_in_one_request(site: Site) -> None:
    province, http = site
    window, far = OfficeDevice(province, http), OfficeDevice(province, http, "hongqi")
    who, nobody = str(uuid4()), str(uuid4())
    born = change(who, adds=True, name="示例一", phone="13900000001")
    moved = change(who, born["change"], phone="13900000002")
    members = [
        born,
        change(nobody, phone="13900000003"),
        change(who, wages="9"),
        moved,
        {**moved, "body": change(who, phone="13900000009")["body"]},
    ]
    found = send(window, "changes", members)
    assert [each["status"] for each in found] == [201, 404, 422, 201, 409]
    assert [each["status"] for each in send(window, "changes", members)] == [
        200, 404, 422, 200, 409,
    ]  # fmt: skip
    page = window.call("GET", "/slices/residents").json()["records"]
    [record] = [each for each in page if each["id"] == who]
    assert record["data"] == {"name": "示例一", "phone": "13900000002"}
    assert [each["id"] for each in record["changes"]] == [born["change"], moved["change"]]
    assert [each["status"] for each in send(far, "changes", [born])] == [409]


def test_a_batch_that_is_none_is_refused_whole(site: Site) -> None:
    window = OfficeDevice(*site)
    case, submission = window.apply()
    good = event(case, submission, "withdrawn", reason="本人撤回")
    for wrong in ([], [good, {**good, "event": "x"}], [good] * 201, [good, {**good, "body": []}]):
        said = window.call("POST", "/events:batch", json={"events": wrong})
        assert said.status_code == 422, "nothing of it was taken"
    kinds = [each["kind"] for each in window.call("GET", "/events").json()["events"]]
    assert "withdrawn" not in kinds
