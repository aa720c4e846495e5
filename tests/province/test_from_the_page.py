"""A stranger's device, written from docs/protocol.md alone, against our province.

What goes over the wire is compared with the golden files in docs/golden, byte for byte but for the
seals of relay bundles, which no two are alike. `LASTMILE_GOLDEN=write` writes them anew.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from province import accounts, decisions, enrolment
from province.app import Limits, Province, open_province
from province.models import EnrolCode
from province.packages import Services
from province.room import Room
from tests.province.packages import load
from tests.province.site import served
from tests.province.stranger import Json, Stranger, b64, canonical

GOLDEN = Path(__file__).parents[2] / "docs" / "golden"
WRITE = os.environ.get("LASTMILE_GOLDEN") == "write"
NOW_MS, NOW = 1_763_949_600_000, "2025-11-24T02:00:00Z"
CODE = "7K3Q-X2MD-9WFA"
PROVINCE_KEY, DEVICE_KEY, RELAY_KEY, REPLY_KEY = (bytes([n]) * 32 for n in (1, 2, 3, 4))
DEVICE = "0193a0c0-0000-4000-8000-0000000000d1"
BUNDLE = "0193a0c0-0000-4000-8000-0000000000b1"
BLOCK = "0193a0c0-0000-4000-8000-0000000000e1"
RESIDENT = "0193a0c0-0000-4000-8000-0000000000f1"
CHANGE = "0193a0c0-0000-4000-8000-0000000000f2"
PAPER = b"the golden paper"
ROOM = 1_000_000  # bytes of files that no case names yet


NEWCOMER = {
    "fields": {"name": {"old": "", "new": "示例一"}},
    "after": {"name": []},
    "adds": True,
    "at": "2025-11-24T02:00:00Z",
    "by": "李示例",
    "material": "户口簿",
}


class Steady:
    """Randomness that is the same in each run, in the place of the module `secrets`."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def randbits(self, _bits: int) -> int:
        return next(self._numbers)

    def token_hex(self, size: int) -> str:
        return f"{next(self._numbers):0{2 * size}x}"

    def token_urlsafe(self, size: int) -> str:
        return f"golden-{next(self._numbers):0{size}d}"

    def choice(self, letters: str) -> str:
        return letters[next(self._numbers) % len(letters)]


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Province:
    """A province whose keys, clock and randomness are those of the golden files."""
    for module in ("accounts", "encoding", "feed", "decisions"):
        monkeypatch.setattr(f"province.{module}.secrets", Steady())
    folder = tmp_path / "province"
    folder.mkdir()
    for name, key in (
        ("province", PROVINCE_KEY),
        ("next", bytes([5]) * 32),
        ("relay", RELAY_KEY),
        ("cursor", bytes([6]) * 32),
    ):
        (folder / f"{name}.key").write_bytes(key)
    found = load(tmp_path / "s").find("old-age", "1")
    assert found is not None
    steady = replace(found, sha256=sha256(b"a workbook holds the time it was written").hexdigest())
    services = Services({("old-age", "1"): steady})
    limits = Limits(room=Room(device_bytes=ROOM))
    opened = open_province(folder, services=services, now_ms=lambda: NOW_MS, limits=limits)
    opened.database.write(lambda s: accounts.add_office(s, "qingshan", "青山镇", "530102101"))
    code = EnrolCode(
        code_hash=accounts.digest(CODE.replace("-", "")),
        office_id="qingshan",
        expires_ms=NOW_MS + 86_400_000,
    )
    opened.database.write(lambda session: session.add(code))
    return opened


@pytest.fixture
def stranger(province: Province) -> Iterator[Stranger]:
    with served(province) as url:
        yield Stranger(url, DEVICE, DEVICE_KEY)


BUNDLE = "0193a0c0-0000-4000-8000-0000000000b1"


def case(n: int) -> str:
    return f"0193a0c0-0000-4000-8000-0000000000c{n}"


def submission(n: int) -> str:
    return f"0193a0c0-0000-4000-8000-0000000000{n:02x}"


def body(n: int, *, name: str = "张三", replaces: str | None = None, paper: bytes = b"") -> Json:
    """The request of section 5."""
    xml = f"<data id='x' version='1'><name>{name}</name><why>试</why></data>".encode()
    attachments = [
        {
            "name": "paper.pdf",
            "media_type": "application/pdf",
            "size": len(paper),
            "sha256": sha256(paper).hexdigest(),
        }
    ]
    return {
        "number": f"53010210120251124-{n:06d}",
        "service": "old-age",
        "service_version": "1",
        "language": "zh",
        "accepted_at": NOW,
        "accepted_by": "李窗口",
        "replaces": replaces,
        "applicant": {"name": name, "id_no": "53010219500307001X"},
        "sha256": sha256(xml).hexdigest(),
        "xml": b64(xml),
        "attachments": attachments if paper else [],
    }


def golden(name: str, found: object) -> None:
    """Compare with a golden file."""
    path = GOLDEN / f"{name}.json"
    if WRITE:
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8")), name


def since(stranger: Stranger, name: str, mark: int) -> int:
    """Compare what went over the wire since `mark` with a golden file; the mark of now."""
    golden(name, stranger.exchanges[mark:])
    return len(stranger.exchanges)


def test_a_stranger_gets_along_with_the_province_and_both_say_the_golden_words(
    province: Province, stranger: Stranger
) -> None:
    got = stranger.enrol(CODE)
    assert got["office"] == {"id": "qingshan", "name": "青山镇", "division": "530102101"}
    mark = since(stranger, "enrolment", 0)
    stranger.sign_in()
    mark = since(stranger, "token", mark)
    receipt = stranger.submit(case(1), submission(1), body(1, paper=PAPER), [PAPER])
    assert receipt["files"] == [
        {"name": "paper.pdf", "size": len(PAPER), "sha256": sha256(PAPER).hexdigest()}
    ]
    mark = since(stranger, "submission", mark)
    batch = [
        {"case": case(n), "submission": submission(n), **body(n, name=f"样例{n}")} for n in (2, 3)
    ]
    results = stranger.ask("POST", "/cases:batch", {"submissions": batch}).json()["results"]
    assert [stranger.believe(each["body"])["case"] for each in results] == [case(2), case(3)]
    mark = since(stranger, "batch", mark)
    block = {"id": BLOCK, "kind": "case", "size": 200, "epoch": 0}
    assert stranger.ask("POST", "/number-blocks", block).json()["last"] == 200
    mark = since(stranger, "number-block", mark)
    page = stranger.ask("GET", "/events?limit=200&after=").json()
    assert [e["data"]["submission"] for e in page["events"]] == [submission(n) for n in (1, 2, 3)]
    mark = since(stranger, "events", mark)
    _conflict(province, stranger, page["cursor"])
    mark = since(stranger, "conflict", mark)
    _witness(stranger)
    mark = since(stranger, "checkpoint", mark)
    _ask_around(stranger)
    mark = since(stranger, "questions", mark)
    _many(stranger)
    mark = since(stranger, "many", mark)
    _what_is_offered(stranger)
    mark = since(stranger, "catalogue", mark)
    _together(stranger)
    mark = since(stranger, "together", mark)
    _stumble(stranger)
    since(stranger, "problems", mark)


def _conflict(province: Province, stranger: Stranger, cursor: str) -> None:
    """Section 17: two corrections of one submission, merged by a third."""
    province.database.write(
        decisions.request_supplement, case(1), "请补正", by="民政", now_ms=NOW_MS
    )
    for n, name in ((4, "张山"), (5, "张三明")):
        stranger.submit(case(1), submission(n), body(1, name=name, replaces=submission(1)))
    merge = {**body(1, name="张三明", replaces=submission(5)), "merges": [submission(4)]}
    stranger.submit(case(1), submission(6), merge)
    page = stranger.ask("GET", f"/events?limit=200&after={cursor}").json()
    kinds = [event["kind"] for event in page["events"]]
    assert kinds == [
        "supplement_requested",
        "under_review",
        "conflict",
        "received",
        "conflict_settled",
        "received",
    ]
    assert page["events"][2]["data"]["heads"] == [submission(4), submission(5)]


def _together(stranger: Stranger) -> None:
    """Section 5: two cases applied for in one go, and what they came with given back."""
    went = {
        "id": BUNDLE,
        "service": "one-thing",
        "service_version": "1",
        "cases": [case(8), case(9)],
    }
    for n in (8, 9):
        stranger.submit(case(n), submission(32 + n), body(n) | {"together": went})
    back = stranger.ask("GET", f"/cases/{case(9)}/submissions/{submission(41)}").json()
    assert back["together"] == went
    alone = body(1) | {"together": went}
    said = stranger.ask("PUT", f"/cases/{case(1)}/submissions/{submission(42)}", alone)
    assert (said.status_code, said.json()["errors"][0]["pointer"]) == (400, "/together/cases")


def _witness(stranger: Stranger) -> None:
    """Section 13: one row of the record."""
    row = sha256(b"a row").digest()
    checkpoint = canonical(
        {
            "v": 1,
            "device": DEVICE,
            "first": 1,
            "last": 1,
            "prev": "00" * 32,
            "hash": row.hex(),
            "links": b64(row[:8]),
            "at": NOW,
        }
    )
    signature = stranger.key.sign(b"lastmile/1 checkpoint\n" + checkpoint)
    said = {"checkpoint": b64(checkpoint), "signature": b64(signature)}
    got = stranger.ask("POST", "/audit/checkpoints", said).json()
    seen = stranger.believe(got["receipt"], b"lastmile/1 checkpoint-receipt\n")
    assert seen["sha256"] == sha256(checkpoint).hexdigest()


def _ask_around(stranger: Stranger) -> None:
    """What is held, a version given back, a number followed, and the list of keys."""
    asked = {"submissions": [submission(1), submission(9)]}
    assert stranger.ask("POST", "/submissions:held", asked).json() == {"missing": [submission(9)]}
    path = f"/cases/{case(1)}/submissions/{submission(6)}"
    assert stranger.ask("GET", path).json()["merges"] == [submission(4)]
    found = stranger.ask("GET", f"/cases?number={body(1)['number']}").json()
    assert found == {"case": case(1), "submission": submission(6)}
    signed = stranger.ask("GET", "/trust?held=0").json()
    data = base64.b64decode(signed["list"])
    mine = next(each for each in signed["signatures"] if each["kid"] in stranger.pinned)
    stranger.pinned[mine["kid"]].verify(
        base64.b64decode(mine["signature"]), b"lastmile/1 trust\n" + data
    )


def _many(stranger: Stranger) -> None:
    """Section 21: a newcomer and a change to nobody, and a withdrawal and one of no case."""
    changes = [
        {"resident": RESIDENT, "change": CHANGE, "body": NEWCOMER},
        {"resident": case(9), "change": submission(90), "body": {**NEWCOMER, "adds": False}},
    ]
    said = stranger.ask("POST", "/changes:batch", {"changes": changes}).json()["results"]
    assert [each["status"] for each in said] == [201, 404]
    receipt = stranger.believe(said[0]["body"], b"lastmile/1 change-receipt\n")
    assert (receipt["resident"], receipt["change"]) == (RESIDENT, CHANGE)
    whole = {"resident": RESIDENT, **NEWCOMER}
    assert receipt["sha256"] == sha256(canonical(whole)).hexdigest()
    events = [
        {"case": case(2), "event": submission(91), "body": _withdrawal(submission(2))},
        {"case": case(9), "event": submission(92), "body": _withdrawal(submission(9))},
    ]
    for status in (201, 200):
        said = stranger.ask("POST", "/events:batch", {"events": events}).json()["results"]
        assert [each["status"] for each in said] == [status, 404]
        receipt = stranger.believe(said[0]["body"], b"lastmile/1 event-receipt\n")
        assert receipt["event"] == submission(91)
        assert receipt["sha256"] == sha256(canonical(events[0]["body"])).hexdigest()


def _what_is_offered(stranger: Stranger) -> None:
    """Section 16: what to offer, and once more where nothing is new."""
    told = stranger.ask("GET", "/catalogue?held=0&holds=").json()
    first = stranger.believe_offer(told["offer"])
    content = {name: told[name] for name in ("services", "recalled")}
    assert first["sha256"] == sha256(canonical(content)).hexdigest()
    assert (first["office"], content["services"][0]["version"]) == ("qingshan", "1")
    path = f"/catalogue?held={first['sequence']}&holds={first['sha256']}"
    again = stranger.ask("GET", path).json()
    assert set(again) == {"offer"}
    second = stranger.believe_offer(again["offer"])
    assert second["sha256"] == first["sha256"]
    assert second["sequence"] > first["sequence"]


def _withdrawal(submission: str) -> Json:
    said = {"at": NOW, "by": "李示例", "submission": submission}
    return {"kind": "withdrawn", **said, "data": {"reason": "本人撤回"}}


def _stumble(stranger: Stranger) -> None:
    """Section 10: problem documents."""
    path = f"/cases/{case(1)}/submissions/{submission(1)}"
    wrong: list[tuple[str, str, Json | None, int]] = [
        ("PUT", path, body(1, name="别人"), 409),
        ("PUT", f"/cases/{case(8)}/submissions/{submission(8)}", _unknown_service(), 422),
        ("PUT", f"/cases/{case(8)}/submissions/{submission(8)}", _wrong_answer(), 422),
        ("PUT", f"/cases/{case(8)}/submissions/{submission(8)}", {"number": "1"}, 422),
        ("GET", f"/cases/{case(8)}/submissions/{submission(8)}", None, 404),
        ("GET", "/events?limit=200&after=forged", None, 410),
        ("POST", "/devices", _used_code(), 403),
    ]
    for method, path, sent, status in wrong:
        said = stranger.ask(method, path, sent)
        assert said.status_code == status
        assert said.json()["type"].startswith("urn:lastmile:problem:")
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": str(ROOM + 1)}
    full = stranger.ask("PUT", f"/uploads/{sha256(b'large').hexdigest()}", headers=tus)
    assert full.status_code == 507
    assert int(full.headers["Retry-After"]) > 0
    stranger.token = "over"
    assert stranger.ask("GET", "/events?limit=200&after=").status_code == 401


def _unknown_service() -> Json:
    return {**body(8), "service": "nobody-knows"}


def _wrong_answer() -> Json:
    xml = "<data id='x' version='1'><name>张三</name><why>错</why></data>".encode()
    return {**body(8), "sha256": sha256(xml).hexdigest(), "xml": b64(xml)}


def _used_code() -> Json:
    key = {"public_key": b64(bytes(32)), "name": "window 2", "proof": b64(bytes(64))}
    return {"code": "ZZZZZZZZZZZZ", "device": case(9), **key}


def test_a_file_goes_up_in_chunks_and_a_broken_one_goes_on(stranger: Stranger) -> None:
    stranger.enrol(CODE)
    stranger.sign_in()
    content = bytes(range(100))
    path = f"/uploads/{sha256(content).hexdigest()}"
    stranger.upload(content, chunk=30)
    steps = [each["request"]["method"] for each in stranger.exchanges if "uploads" in str(each)]
    assert steps == ["PUT", "PATCH", "PATCH", "PATCH", "PATCH"]
    wrong = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "30",
        "Upload-Checksum": "sha256 " + b64(sha256(b"x").digest()),
        "Content-Type": "application/offset+octet-stream",
    }
    assert stranger.ask("PATCH", path, data=b"x", headers=wrong).status_code == 409
    head = stranger.ask("HEAD", path, headers={"Tus-Resumable": "1.0.0"})
    assert head.headers["Upload-Offset"] == head.headers["Upload-Length"] == "100"


def test_the_golden_relay_bundle_is_read_and_answered(
    province: Province, stranger: Stranger
) -> None:
    stranger.enrol(CODE)
    stranger.sign_in()
    content: dict[str, Any] = {
        "cursor": "",
        "reply_key": bytes.fromhex(
            "ac01b2209e86354fb853237b5de0f4fab13c7fcbf433a61c019369617fecf10b"
        ),
        "submissions": [
            {"case": case(7), "submission": submission(7), "body": body(7, paper=PAPER)}
        ],
        "files": [PAPER],
        "blocks": [{"id": BLOCK, "kind": "case", "size": 20, "epoch": 0}],
        "changes": [{"resident": RESIDENT, "change": CHANGE, "body": NEWCOMER}],
        "slices": {"residents": "", "licences": "not a cursor"},
        "held": [submission(7), submission(99)],
        "packages": {
            "held": 7,
            "holds": "",
            "metadata": {},
            "whole": [],
            "files": [],
            "wanted": [],
            "lists": ["divisions.csv"],
            "program": "linux",
        },
    }
    path, reply = GOLDEN / "relay-request.lmrelay", GOLDEN / "relay-answer.lmreply"
    if WRITE:
        path.write_bytes(stranger.write_bundle(BUNDLE, content, NOW))
    for bundle in (path.read_bytes(), stranger.write_bundle(BUNDLE, content, NOW)):
        stranger.upload(bundle)
        said = stranger.ask("POST", "/relay", {"sha256": sha256(bundle).hexdigest()})
        assert said.status_code == 200
        if WRITE and bundle == path.read_bytes():
            reply.write_bytes(said.content)
        got = stranger.open_answer(said.content, REPLY_KEY)
        kept = stranger.open_answer(reply.read_bytes(), REPLY_KEY)
        [result] = got["results"]
        assert stranger.believe(result["body"])["submission"] == submission(7)
        assert result["body"] == kept["results"][0]["body"]
        [changed] = got["changed"]
        receipt = stranger.believe(changed["body"], b"lastmile/1 change-receipt\n")
        assert (receipt["resident"], receipt["change"]) == (RESIDENT, CHANGE)
        [newcomer] = got["slices"]["residents"]["records"]
        assert (newcomer["id"], newcomer["data"]["name"]) == (RESIDENT, "示例一")
        assert [each["id"] for each in newcomer["changes"]] == [CHANGE]
        assert got["slices"]["licences"]["restarted"]
        assert got["held"] == {submission(7): True, submission(99): False}
        assert got["office"] == "qingshan"
        offered = got["packages"]["catalogue"]
        assert stranger.believe_offer(offered["offer"])["office"] == "qingshan"
        assert [each["version"] for each in offered["services"]] == ["1"]
        told = ("events", "blocks", "slices", "packages")
        assert [got[each] for each in told] == [kept[each] for each in told]


def test_the_enrolment_file_is_the_golden_one(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "new_enrol_code", lambda *_a, **_k: CODE)
    written = enrolment.write_file(province, "qingshan", url="https://province.example", days=14)
    golden("enrolment-file", json.loads(written))
    province.database.close()
