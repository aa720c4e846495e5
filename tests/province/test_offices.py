"""Enrolment files, moves, revocation, numbers, pilots and slices."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner

from province import accounts, demo, records, releases
from province.app import Province, open_province
from province.cli import app
from province.models import Office
from province.packages import Services
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Province, httpx.Client]]:
    services = load(tmp_path / "services", "1", "2")
    opened = open_province(tmp_path / "p", services=services)
    demo.fill(opened)
    with served(opened) as url, httpx.Client(base_url=url) as http:
        yield opened, http


def read_file(content: bytes) -> dict[str, object]:
    """An enrolment file as a device reads it, from docs/protocol.md section 3 alone."""
    signed = json.loads(content)
    data = base64.b64decode(signed["enrolment"])
    said: dict[str, object] = json.loads(data)
    keys = {k["kid"]: k["public_key"] for k in said["keys"]}  # type: ignore[attr-defined]
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[signed["kid"]]))
    public.verify(base64.b64decode(signed["signature"]), b"lastmile/1 enrolment\n" + data)
    return said


def test_an_enrolment_file_binds_one_device_and_cannot_be_altered(
    site: tuple[Province, httpx.Client], tmp_path: Path
) -> None:
    province, http = site
    out = tmp_path / "office.lmenrol"
    command = ["enrolment-file", "--folder", str(province.folder), "qingshan"]
    made = CliRunner().invoke(app, [*command, "--url", str(http.base_url), "--out", str(out)])
    assert made.exit_code == 0, made.output
    said = read_file(out.read_bytes())
    assert said["office"] == {
        "id": "qingshan",
        "name": "青山镇便民服务中心",
        "division": "530102101",
    }
    device = TestDevice(province, http)
    another = TestDevice(province, http)
    code = str(said["code"])
    first = http.post("/api/v1/devices", json=device.enrolment(code))
    assert first.status_code == 403, "a device that is bound already is not bound again"
    fresh = TestDevice.__new__(TestDevice)
    fresh.id, fresh.key = str(uuid4()), another.key
    assert http.post("/api/v1/devices", json=fresh.enrolment(code)).status_code == 201
    again = TestDevice.__new__(TestDevice)
    again.id, again.key = str(uuid4()), another.key
    assert http.post("/api/v1/devices", json=again.enrolment(code)).status_code == 403
    altered = json.loads(out.read_bytes())
    inner = base64.b64decode(altered["enrolment"]).replace(b"qingshan", b"hongqiii")
    altered["enrolment"] = base64.b64encode(inner).decode()
    with pytest.raises(InvalidSignature):
        read_file(json.dumps(altered).encode())


def test_a_revoked_device_is_out_with_its_next_request(
    site: tuple[Province, httpx.Client],
) -> None:
    province, http = site
    device = TestDevice(province, http)
    assert device.call("GET", "/device").status_code == 200
    done = CliRunner().invoke(app, ["revoke", "--folder", str(province.folder), device.id])
    assert done.exit_code == 0
    assert device.call("GET", "/device").json()["type"].endswith("device-revoked")
    assert device.sign_in().status_code == 403


def test_a_device_moves_when_it_says_that_it_has_sent_everything(
    site: tuple[Province, httpx.Client],
) -> None:
    province, http = site
    device = TestDevice(province, http)
    refused = device.call("POST", "/device/move", json={"office": "hongqi"})
    assert refused.status_code == 409
    moved = ["move", "--folder", str(province.folder), device.id, "hongqi"]
    assert CliRunner().invoke(app, moved).exit_code == 0
    told = device.call("GET", "/device").json()
    assert (told["office"]["id"], told["moving_to"]["id"]) == ("qingshan", "hongqi")
    case, ident, _ = submission(1)
    path = f"/cases/{case}/submissions/{ident}"
    assert device.call("PUT", path, json=body(1)).status_code == 201, "what waits still goes up"
    cursor = device.call("GET", "/events").json()["cursor"]
    for _ in range(2):
        answer = device.call("POST", "/device/move", json={"office": "hongqi"})
        assert answer.json()["office"]["id"] == "hongqi"
    assert device.call("GET", "/events", params={"after": cursor}).status_code == 410
    assert device.call("PUT", path, json=body(1)).status_code == 403


def test_numbers_are_leased_once_and_a_store_put_back_is_noticed(
    site: tuple[Province, httpx.Client],
) -> None:
    province, http = site
    one, two = TestDevice(province, http), TestDevice(province, http)
    province.database.write(accounts.add_office, "annex", "分点", "530102101")
    annex = TestDevice(province, http, "annex")

    def lease(device: TestDevice, epoch: int | None, block: str = "") -> httpx.Response:
        members = {"id": block or str(uuid4()), "size": 50, "epoch": epoch}
        return device.call("POST", "/number-blocks", json=members)

    block = str(uuid4())
    first = lease(one, 0, block).json()
    assert lease(one, 0, block).json() == first
    assert lease(two, None, block).status_code == 404
    taken = [first, lease(two, 0).json(), lease(one, 1).json(), lease(annex, 0).json()]
    numbers = [(b["prefix"], n) for b in taken for n in range(b["first"], b["last"] + 1)]
    assert len(numbers) == len(set(numbers)) == 200, "also where two offices share a division"
    put_back = lease(one, 1)
    assert put_back.json()["type"].endswith("lease-epoch")
    assert lease(one, int(put_back.json()["errors"][0]["message"])).status_code == 201


def test_a_pilot_reaches_its_divisions_then_a_share_then_all_or_is_called_back(
    site: tuple[Province, httpx.Client],
) -> None:
    province, http = site
    near, far = TestDevice(province, http), TestDevice(province, http, "hongqi")

    def offered(device: TestDevice) -> tuple[str, str]:
        (found,) = device.call("GET", "/catalogue").json()["services"]
        return found["version"], found["offer"]

    def release(*options: str) -> None:
        command = ["release", "--folder", str(province.folder), "old-age", "2", *options]
        services = str(province.folder.parent / "services")
        done = CliRunner().invoke(app, [*command, "--services", services])
        assert done.exit_code == 0, done.output

    assert offered(near) == ("2", "current"), "without a release the newest is everybody's"
    release("--divisions", "5301021")
    assert (offered(near), offered(far)) == (("2", "pilot"), ("1", "current"))
    case, ident, _ = submission(1)
    old = near.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(1, version="1"))
    assert old.status_code == 201, "a draft of the old version is taken beside the new one"
    release("--percent", "100")
    assert offered(far) == ("2", "current")
    tag = far.call("GET", "/catalogue").headers["ETag"]
    assert far.call("GET", "/catalogue", headers={"If-None-Match": tag}).status_code == 304
    recall = ["recall", "--folder", str(province.folder), "old-age", "2"]
    assert CliRunner().invoke(app, recall).exit_code == 0
    answer = far.call("GET", "/catalogue", headers={"If-None-Match": tag})
    assert answer.json()["recalled"] == [{"id": "old-age", "version": "2"}]
    assert offered(near) == ("1", "current")


def test_a_share_of_offices_grows_and_never_leaves_one_behind(tmp_path: Path) -> None:
    services = load(tmp_path / "services", "1", "2")
    province = open_province(tmp_path / "p", services=services)
    pilot = services.find("old-age", "2")
    assert pilot is not None
    ids = [f"office-{n}" for n in range(300)]
    offices = [Office(id=office, name=office, division="530102101") for office in ids]
    province.database.write(lambda session: session.add_all(offices))
    before: set[str] = set()
    for percent in (10, 40):
        province.database.write(releases.release, pilot, percent=percent)
        chosen = {
            office
            for office in ids
            if province.database.read(releases.catalogue, services, office).services[0].version
            == "2"
        }
        assert before < chosen
        assert abs(len(chosen) / len(ids) - percent / 100) < 0.08
        before = chosen


def test_an_office_pulls_the_residents_of_its_own_township(
    tmp_path: Path, site: tuple[Province, httpx.Client]
) -> None:
    province, http = site
    near, far = TestDevice(province, http), TestDevice(province, http, "hongqi")
    lines = [
        {"division": "530102101001", "id": f"r{n}", "data": {"name": f"居民{n}"}} for n in range(7)
    ]
    lines.append({"division": "530102201001", "id": "x", "data": {"name": "邻镇"}})
    file = tmp_path / "residents.ndjson"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    load_them = ["load", "--folder", str(province.folder), "residents", str(file)]
    assert CliRunner().invoke(app, load_them).output.strip() == "8"
    assert CliRunner().invoke(app, load_them).output.strip() == "0", "nothing changed"

    def pull(device: TestDevice, cursor: str = "") -> tuple[dict[str, object], str]:
        found: dict[str, object] = {}
        more = True
        while more:
            asked = {"after": cursor, "limit": "3"}
            page = device.call("GET", "/slices/residents", params=asked).json()
            found |= {record["id"]: record["data"] for record in page["records"]}
            cursor, more = page["cursor"], page["more"]
        return found, cursor

    mine, cursor = pull(near)
    assert set(mine) == {f"r{n}" for n in range(7)}
    changed = [("r3", None), ("r5", {"name": "改名"}), ("r1", {"name": "居民1"})]
    province.database.write(
        records.put_records, "residents", "530102101", changed, now_ms=province.now_ms()
    )
    assert pull(near, cursor)[0] == {"r3": None, "r5": {"name": "改名"}}
    assert set(pull(far)[0]) == {"x"}
    assert far.call("GET", "/slices/residents", params={"after": cursor}).status_code == 410
    assert pull(near, "")[0]["r3"] is None


def test_a_service_the_province_does_not_hold_is_not_taken(tmp_path: Path) -> None:
    province = open_province(tmp_path / "p", services=Services({}))
    demo.fill(province)
    with served(province) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(province, http)
        case, ident, _ = submission(1)
        answer = device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(1))
        assert answer.status_code == 422
        assert answer.json()["type"].endswith("service-unknown")
        held = device.call("POST", "/submissions:held", json={"submissions": [str(ident)]})
        assert held.json() == {"missing": [str(ident)]}


def test_staff_see_how_much_each_device_holds(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    province = open_province(folder, services=Services({}))
    demo.fill(province)
    with served(province) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(province, http)
        TestDevice(province, http)
        path = f"/uploads/{'0' * 64}"
        assert device.call("PUT", path, headers={"Upload-Length": "900000"}).status_code == 201
    told = CliRunner().invoke(app, ["devices", "--folder", str(folder)]).stdout.splitlines()
    held = {line["device"]: line["unnamed"] for line in map(json.loads, told)}
    assert held.pop(device.id) == 900_000
    assert set(held.values()) == {0}
