"""An office reads and changes nothing of another: every request of the document, with its ids.

A route that is new must be entered in `ATTEMPTS` with the way in which another office could misuse
it; the test fails until it is.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from province import demo, records
from province.app import Province, open_province
from province.encoding import canonical, to_b64
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
SECRET = "绝密张三"  # stands in everything that the owner has
PAPER = SECRET.encode()
RESIDENT = "0193a0c0-0000-4000-8000-0000000000aa"
FRESH = "0193a0c0-0000-4000-8000-0000000000ff"
Json = dict[str, Any]


@dataclass
class Owner:
    """Everything that an office has at the province, by the ids that another one could learn."""

    device: TestDevice
    case: str
    submission: str
    number: str
    digest: str
    unfinished: str
    block: str
    checkpoint: Json
    cursor: str
    slice_cursor: str

    @property
    def path(self) -> str:
        return f"/cases/{self.case}/submissions/{self.submission}"

    def sees(self) -> Json:
        """What the owner itself reads; nobody else may change a byte of it."""
        call = self.device.call
        return {
            "case": call("GET", self.path).json(),
            "events": call("GET", "/events").json()["events"],
            "upload": call("HEAD", f"/uploads/{self.unfinished}").headers["Upload-Offset"],
            "links": call("GET", "/audit/links").json(),
            "residents": call("GET", "/slices/residents").json()["records"],
            "device": call("GET", "/device").json(),
        }


@dataclass(frozen=True)
class Attempt:
    """One request of the other office, the statuses it may get, and what must hold besides."""

    method: str
    path: str
    allowed: tuple[int, ...]
    options: Json
    holds: Callable[[httpx.Response], bool] = lambda _answer: True


def attempt(
    method: str,
    path: str,
    *allowed: int,
    holds: Callable[[httpx.Response], bool] = lambda _answer: True,
    **options: Any,
) -> Attempt:
    return Attempt(method, path, allowed, options, holds)


def _chunk(content: bytes) -> Json:
    checksum = "sha256 " + to_b64(sha256(content).digest())
    return {
        "content": content,
        "headers": {
            "Upload-Offset": "0",
            "Upload-Checksum": checksum,
            "Content-Type": "application/offset+octet-stream",
        },
    }


def _refusal(owner: Owner) -> Json:
    return {
        "kind": "decided_refused",
        "submission": owner.submission,
        "at": "2026-11-24T02:00:00Z",
        "by": "别人",
        "data": {"reason": "不"},
    }


def _change() -> Json:
    return {"fields": {"phone": {"new": "13900000000"}}, "at": "2026-11-24T02:00:00Z", "by": "别人"}


ATTEMPTS: dict[str, Callable[[Owner], Attempt]] = {
    "POST /audit/checkpoints": lambda o: attempt(
        "POST", "/audit/checkpoints", 400, 403, 422, json=o.checkpoint
    ),
    "GET /audit/links": lambda _o: attempt(
        "GET", "/audit/links", 200, holds=lambda a: a.json()["held"] == 0
    ),
    "GET /cases": lambda o: attempt("GET", f"/cases?number={o.number}", 404),
    "PUT /cases/{case}/events/{event}": lambda o: attempt(
        "PUT",
        f"/cases/{o.case}/events/{FRESH}",
        403,
        404,
        json=_refusal(o),
    ),
    "GET /cases/{case}/submissions/{submission}": lambda o: attempt("GET", o.path, 404),
    "PUT /cases/{case}/submissions/{submission}": lambda o: attempt(
        "PUT", f"/cases/{o.case}/submissions/{FRESH}", 403, json=body(2)
    ),
    "POST /cases:batch": lambda o: attempt(
        "POST",
        "/cases:batch",
        200,
        json={"submissions": [{"case": o.case, "submission": FRESH, **body(2)}]},
        holds=lambda a: a.json()["results"][0]["status"] == 403,
    ),
    "POST /events:batch": lambda o: attempt(
        "POST",
        "/events:batch",
        200,
        json={"events": [{"case": o.case, "event": FRESH, "body": _refusal(o)}]},
        holds=lambda a: a.json()["results"][0]["status"] in (403, 404),
    ),
    "POST /changes:batch": lambda _o: attempt(
        "POST",
        "/changes:batch",
        200,
        json={"changes": [{"resident": RESIDENT, "change": FRESH, "body": _change()}]},
        holds=lambda a: a.json()["results"][0]["status"] == 404,
    ),
    "GET /catalogue": lambda _o: attempt("GET", "/catalogue", 200),
    "GET /delegations": lambda _o: attempt("GET", "/delegations", 200, 404),
    "GET /device": lambda o: attempt(
        "GET", "/device", 200, holds=lambda a: a.json()["device"] != o.device.id
    ),
    "POST /device/certificate": lambda _o: attempt(
        "POST", "/device/certificate", 404, 422, json={"request": b64encode(b"x").decode()}
    ),
    "POST /device/move": lambda _o: attempt(
        "POST", "/device/move", 409, json={"office": "qingshan"}
    ),
    "GET /events": lambda o: attempt("GET", f"/events?after={o.cursor}", 410),
    "POST /number-blocks": lambda o: attempt(
        "POST", "/number-blocks", 404, json={"id": o.block, "kind": "case", "size": 5}
    ),
    "POST /relay": lambda o: attempt("POST", "/relay", 404, json={"sha256": o.digest}),
    "PUT /residents/{resident}/changes/{change}": lambda _o: attempt(
        "PUT", f"/residents/{RESIDENT}/changes/{FRESH}", 404, json=_change()
    ),
    "GET /slices/{kind}": lambda o: attempt(
        "GET", f"/slices/residents?after={o.slice_cursor}", 410
    ),
    "POST /submissions:held": lambda o: attempt(
        "POST",
        "/submissions:held",
        200,
        json={"submissions": [o.submission]},
        holds=lambda a: a.json()["missing"] == [o.submission],
    ),
    "HEAD /uploads/{digest}": lambda o: attempt("HEAD", f"/uploads/{o.digest}", 404),
    "PATCH /uploads/{digest}": lambda o: attempt(
        "PATCH", f"/uploads/{o.unfinished}", 404, **_chunk(b"altered")
    ),
    "PUT /uploads/{digest}": lambda o: attempt(
        "PUT",
        f"/uploads/{o.digest}",
        201,
        headers={"Upload-Length": str(len(PAPER))},
        holds=lambda a: a.headers["Upload-Offset"] == "0",
    ),
}
PAGES = ("/events", "/slices/residents", "/slices/licences", "/catalogue", "/delegations")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Owner, TestDevice]]:
    folder = tmp_path_factory.mktemp("offices")
    province = open_province(folder / "province", services=load(folder / "services"))
    demo.fill(province)
    with served(province) as url, httpx.Client(base_url=url) as http:
        owner = _settle(province, TestDevice(province, http, "qingshan"))
        yield owner, TestDevice(province, http, "hongqi")


def _settle(province: Province, device: TestDevice) -> Owner:
    """Give the owner one of everything."""
    case, ident, _ = submission(1)
    members = body(1, [PAPER]) | {"applicant": {"name": SECRET, "id_no": ""}}
    path, digest = f"/cases/{case}/submissions/{ident}", sha256(PAPER).hexdigest()
    assert device.call("PUT", path, json=members).status_code == 202
    device.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": str(len(PAPER))})
    assert device.call("PATCH", f"/uploads/{digest}", **_chunk(PAPER)).status_code == 204
    assert device.call("PUT", path, json=members).status_code == 201
    unfinished = sha256(PAPER * 2).hexdigest()
    device.call("PUT", f"/uploads/{unfinished}", headers={"Upload-Length": str(2 * len(PAPER))})
    block = "0193a0c0-0000-4000-8000-0000000000bb"
    device.call("POST", "/number-blocks", json={"id": block, "kind": "case", "size": 5})
    resident = {"name": SECRET, "id_no": "53010219500307001X"}
    province.database.write(
        records.put_records,
        "residents",
        "530102101",
        [(RESIDENT, resident)],
        now_ms=province.now_ms(),
    )
    checkpoint = _checkpoint(device)
    assert device.call("POST", "/audit/checkpoints", json=checkpoint).status_code == 201
    return Owner(
        device=device,
        case=str(case),
        submission=str(ident),
        number=str(members["number"]),
        digest=digest,
        unfinished=unfinished,
        block=block,
        checkpoint=checkpoint,
        cursor=device.call("GET", "/events").json()["cursor"],
        slice_cursor=device.call("GET", "/slices/residents").json()["cursor"],
    )


def _checkpoint(device: TestDevice) -> Json:
    row = sha256(PAPER).digest()
    content = canonical(
        {
            "v": 1,
            "device": device.id,
            "first": 1,
            "last": 1,
            "prev": "00" * 32,
            "hash": row.hex(),
            "links": to_b64(row[:8]),
            "at": "2026-11-24T02:00:00Z",
        }
    )
    signature = device.key.sign(b"lastmile/1 checkpoint\n" + content)
    return {"checkpoint": to_b64(content), "signature": to_b64(signature)}


def _secured() -> list[str]:
    return [
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if operation.get("security")
    ]


def test_every_request_with_a_token_is_tried_by_another_office() -> None:
    assert set(_secured()) == set(ATTEMPTS), "say how another office could misuse the new request"


@pytest.mark.parametrize("label", sorted(ATTEMPTS))
def test_another_office_gets_nothing_and_changes_nothing(
    label: str, site: tuple[Owner, TestDevice]
) -> None:
    owner, other = site
    before, made = owner.sees(), ATTEMPTS[label](owner)
    answer = other.call(made.method, made.path, **made.options)
    assert answer.status_code in made.allowed, answer.text
    assert SECRET not in answer.text
    assert made.holds(answer)
    assert owner.sees() == before


@pytest.mark.parametrize("path", PAGES)
def test_what_another_office_reads_of_its_own_holds_nothing_of_the_owner(
    path: str, site: tuple[Owner, TestDevice]
) -> None:
    owner, other = site
    text = other.call("GET", path).text
    for secret in (SECRET, owner.case, owner.submission, RESIDENT, owner.digest):
        assert secret not in text
