"""Changes to residents: taken once, merged field by field, no value ever gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from province import demo_people, records, residents
from province.accounts import Caller
from province.app import Province
from province.encoding import from_b64
from tests.province.shapes import TestDevice
from tests.province.site import served
from tests.province.test_credential import KEY

GOLDEN = Path(__file__).parents[2] / "docs" / "golden" / "change.json"
WANG = str(uuid4())
BEGINNING = {"name": "王示例", "phone": "13900000000", "address": "示例路1号"}


@pytest.fixture
def http(province: Province) -> Iterator[httpx.Client]:
    load(province, BEGINNING)
    with served(province) as url, httpx.Client(base_url=url) as client:
        yield client


def load(province: Province, data: dict[str, str] | None) -> None:
    now_ms = province.now_ms()
    province.database.write(
        records.put_records, "residents", "530102101", [(WANG, data)], now_ms=now_ms
    )


def a_change(after: dict[str, list[str]] | None = None, **fields: str) -> dict[str, Any]:
    values = {name: {"old": BEGINNING.get(name, ""), "new": new} for name, new in fields.items()}
    return {
        "fields": values,
        "after": after or {},
        "at": "2026-11-24T02:00:00Z",
        "by": "李窗口",
        "material": "身份证",
    }


def put(
    device: TestDevice, body: dict[str, Any], change: str = "", who: str = WANG
) -> tuple[httpx.Response, str]:
    change = change or str(uuid4())
    return device.call("PUT", f"/residents/{who}/changes/{change}", json=body), change


def held(device: TestDevice, who: str = WANG) -> dict[str, Any]:
    page = device.call("GET", "/slices/residents").json()
    [record] = [each for each in page["records"] if each["id"] == who]
    found: dict[str, Any] = record
    return found


def test_different_fields_merge_and_both_stand_in_the_history(
    province: Province, http: httpx.Client
) -> None:
    one, two = TestDevice(province, http), TestDevice(province, http)
    assert put(one, a_change(phone="13900000001"))[0].status_code == 201
    assert put(two, a_change(address="示例路2号"))[0].status_code == 201
    record = held(one)
    assert record["data"] == BEGINNING | {"phone": "13900000001", "address": "示例路2号"}
    assert [set(each["fields"]) for each in record["changes"]] == [{"phone"}, {"address"}]
    assert [each["device"] for each in record["changes"]] == [one.id, two.id]
    assert record["changes"][0]["by"] == "李窗口"


def test_the_same_field_keeps_both_until_a_change_comes_after_both(
    province: Province, http: httpx.Client
) -> None:
    one, two = TestDevice(province, http), TestDevice(province, http)
    _, first = put(one, a_change(phone="13900000001"))
    _, second = put(two, a_change(phone="13900000002"))
    assert held(two)["data"]["phone"] == "13900000001", "the first that came is shown"
    put(one, a_change({"phone": [first, second]}, phone="13900000002"))
    record = held(two)
    assert record["data"]["phone"] == "13900000002"
    values = [each["fields"]["phone"]["new"] for each in record["changes"]]
    assert values == ["13900000001", "13900000002", "13900000002"]


def test_a_change_repeated_has_one_effect_and_the_same_signed_receipt(
    province: Province, http: httpx.Client
) -> None:
    device = TestDevice(province, http)
    first, change = put(device, a_change(phone="13900000001"))
    again, _ = put(device, a_change(phone="13900000001"), change)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(held(device)["changes"]) == 1
    said = first.json()
    data = from_b64(said["receipt"])
    key = Ed25519PublicKey.from_public_bytes(province.ring.current.public)
    key.verify(from_b64(said["signature"]), b"lastmile/1 change-receipt\n" + data)
    assert json.loads(data)["change"] == change
    other, _ = put(device, a_change(phone="13900000009"), change)
    assert other.status_code == 409
    assert held(device)["data"]["phone"] == "13900000001"


def test_the_register_changes_a_person_like_anybody_else(
    province: Province, http: httpx.Client
) -> None:
    device = TestDevice(province, http)
    _, first = put(device, a_change(phone="13900000001"))
    load(province, BEGINNING | {"phone": "13900000003"})
    record = held(device)
    assert record["data"]["phone"] == "13900000003"
    assert record["changes"][1]["after"] == {"phone": [first]}
    put(device, a_change({"phone": [first]}, phone="13900000004"))
    assert len(held(device)["changes"]) == 3
    assert held(device)["data"]["phone"] == "13900000003", "made without knowing the register's"


def test_no_office_reaches_people_of_another_township(
    province: Province, http: httpx.Client
) -> None:
    near, far = TestDevice(province, http), TestDevice(province, http, "hongqi")
    answer, change = put(far, a_change(phone="13900000001"))
    assert answer.status_code == 404
    assert held(near)["data"] == BEGINNING
    assert put(near, a_change(phone="13900000001"), change)[0].status_code == 201
    assert put(far, a_change(phone="13900000001"), change)[0].status_code == 409
    assert far.call("GET", "/slices/residents").json()["records"] == []


def test_a_person_is_added_once_and_nobody_changes_who_was_withdrawn(
    province: Province, http: httpx.Client
) -> None:
    device, born = TestDevice(province, http), str(uuid4())
    new = a_change(name="王小样") | {"adds": True}
    answer, change = put(device, new, who=born)
    assert answer.status_code == 201
    assert put(device, new, change, who=born)[0].status_code == 200
    assert held(device, born)["data"] == {"name": "王小样"}
    load(province, None)
    assert put(device, a_change(phone="13900000001"))[0].status_code == 404
    assert held(device) == {"id": WANG, "data": None, "changes": []}


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"wages": "9"}, {}),
        ({"id_no": "530102195003070011"}, {}),
        ({"name": " "}, {}),
        ({"name": "王\u202e示例"}, {}),
        ({"phone": "1"}, {"address": []}),
    ],
)
def test_what_no_resident_can_have_is_refused_by_name(
    province: Province, http: httpx.Client, fields: dict[str, str], after: dict[str, list[str]]
) -> None:
    answer, _ = put(TestDevice(province, http), a_change(after, **fields))
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("change-invalid")


def test_the_demo_holds_invented_people_with_right_numbers_and_never_changes_them_back(
    province: Province, http: httpx.Client
) -> None:
    load(province, None)
    province.database.write(demo_people.fill, "530102201", 1)
    device = TestDevice(province, http, "hongqi")
    page = device.call("GET", "/slices/residents").json()["records"]
    assert len(page) == 24
    first = page[0]
    assert first["data"]["id_no"].startswith("519999")
    new = a_change(phone="13911111111")
    assert put(device, new, who=first["id"])[0].status_code == 201
    wrong = a_change(id_no=first["data"]["id_no"])
    assert put(device, wrong, who=first["id"])[0].status_code == 201, "the check digit is right"
    province.database.write(demo_people.fill, "530102201", 2)
    assert held(device, first["id"])["data"]["phone"] == "13911111111"
    assert len(device.call("GET", "/slices/licences").json()["records"]) == 8


def test_the_receipt_of_a_change_is_the_golden_one(province: Province, http: httpx.Client) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    ids = UUID(golden["resident"]), UUID(golden["change"])
    born = [(golden["resident"], {"name": "王示例", "phone": "13900000000"})]
    province.database.write(records.put_records, "residents", "530102101", born, now_ms=1)
    receipt, new = province.database.write(
        residents.take,
        Caller("0193a0c0-0000-4000-8000-00000000000d", "qingshan"),
        ids,
        residents.ChangeIn.model_validate(golden["request"]),
        KEY,
        1_795_485_600_000,
    )
    assert new
    assert receipt == golden["answer"]


def test_a_record_is_the_same_as_another_one_by_its_id_alone(
    province: Province, http: httpx.Client
) -> None:
    device, other = TestDevice(province, http), str(uuid4())
    assert put(device, a_change(same_as="王示例"))[0].status_code == 422
    assert put(device, a_change(same_as=other))[0].status_code == 201
    assert held(device)["data"]["same_as"] == other
    load(province, BEGINNING | {"phone": "13900000003"})
    assert held(device)["changes"][-1]["fields"].keys() == {"phone"}, "no word of the register's"
