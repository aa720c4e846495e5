"""An enrolled device that means harm, or that is broken: what it sends is refused in words.

Values that no member can have stand in `test_hostile_values.py`, other offices' ids in
`test_other_office.py`.
"""

from __future__ import annotations

import random
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    CertificateSigningRequestBuilder,
    Name,
    load_der_x509_certificate,
    load_der_x509_csr,
    load_pem_x509_certificate,
)
from sqlalchemy import event

from printing import base45
from province import accounts, audits, demo, relay
from province.app import Province, open_province
from province.device_ca import load_device_ca
from province.encoding import canonical, to_b64, to_base45
from province.errors import CertificateNeeded, Malformed, RelayRefused
from province.keys import to_sign
from province.models import AuditCheckpoint
from tests.province import packages
from tests.province.produce import OfficeDevice, number_of, services, state_of
from tests.province.shapes import body
from tests.province.site import served
from tests.province.stranger import Stranger

Json = dict[str, Any]
REPLY = bytes(X25519PrivateKey.generate().public_key().public_bytes_raw())


@dataclass
class Site:
    province: Province
    http: httpx.Client

    def device(self, office: str = "qingshan") -> OfficeDevice:
        return OfficeDevice(self.province, self.http, office)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, module_url: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    held = services().with_others(packages.load(folder / "services").versions("old-age"))
    province = open_province(folder / "p", services=held, database_url=module_url)
    demo.fill(province)
    with served(province) as url, httpx.Client(base_url=url, timeout=30) as http:
        yield Site(province, http)


def reason(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, name of the problem, and what it points at."""
    said = answer.json()
    pointers = [each["pointer"] for each in said.get("errors", ())]
    return answer.status_code, said["type"].rpartition(":")[2], pointers


def submit(device: OfficeDevice, case: str, members: Json) -> httpx.Response:
    return device.call("PUT", f"/cases/{case}/submissions/{uuid4()}", json=members)


def upload(device: OfficeDevice, content: bytes) -> str:
    digest = sha256(content).hexdigest()
    announce(device, digest, len(content))
    assert patch(device, digest, 0, content).status_code == 204
    return digest


def announce(device: OfficeDevice, digest: str, length: int) -> httpx.Response:
    return device.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": str(length)})


def patch(device: OfficeDevice, digest: str, offset: int, chunk: bytes) -> httpx.Response:
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Checksum": "sha256 " + to_b64(sha256(chunk).digest()),
    }
    return device.call("PATCH", f"/uploads/{digest}", headers=headers, content=chunk)


def test_a_correction_cannot_make_another_service_of_a_case(site: Site) -> None:
    device = site.device()
    case, _ = device.apply()
    other = submit(device, case, body(1))
    assert reason(other) == (422, "submission-invalid", ["/service"])


DOCUMENTS = {
    "of another form": b"<a/>",
    "with an entity": b"<!DOCTYPE a [<!ENTITY b 'c'>]><data>&b;</data>",
    "deeper than any form": b"<data>" * 300 + b"</data>" * 300,
    "with an encoding that does not hold": b"<?xml version='1.0' encoding='utf-16'?><data/>",
    "with NUL": b"<data>&#0;</data>",
    "empty": b"",
    "that asks for endless work": b"<data id='x'><name>x</name><why>" + b"x" * 10**6 + b"</why>",
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_that_is_none_is_returned_and_holds_up_no_other_case(
    what: str, site: Site
) -> None:
    device, xml = site.device(), DOCUMENTS[what]
    broken = body(1) | {"xml": to_b64(xml), "sha256": sha256(xml).hexdigest()}
    status, name, pointers = reason(submit(device, str(uuid4()), broken))
    assert (status, name) == (422, "submission-invalid")
    assert pointers == ["/xml"]
    ids = [{"case": str(uuid4()), "submission": str(uuid4())} for _ in range(3)]
    batch = [ids[0] | body(2), ids[1] | broken, ids[2] | body(3)]
    answer = device.call("POST", "/cases:batch", json={"submissions": batch})
    assert [each["status"] for each in answer.json()["results"]] == [201, 422, 201]


def test_no_receipt_says_another_size_than_the_file_has(site: Site) -> None:
    device, content = site.device(), b"a scan"
    upload(device, content)
    members = body(1, [content])
    members["attachments"][0]["size"] = 10**9  # type: ignore[index]
    answer = submit(device, str(uuid4()), members)
    assert reason(answer) == (422, "submission-invalid", ["/attachments/0/size"])


def test_a_length_announced_wrongly_stands_in_nobody_s_way(site: Site) -> None:
    device, content = site.device(), random.Random(1).randbytes(9_000)
    digest = sha256(content).hexdigest()
    assert announce(device, digest, 0).status_code == 460, "it is not empty"
    assert announce(device, digest, 4_000).headers["Upload-Offset"] == "0"
    assert patch(device, digest, 0, content[:3_000]).status_code == 204
    assert announce(device, digest, 9_000).headers["Upload-Offset"] == "0"
    assert patch(device, digest, 0, content).status_code == 204
    assert announce(device, digest, 4_000).status_code == 409, "now it is known which is right"
    assert announce(device, digest, 9_000).headers["Upload-Offset"] == "9000"
    assert patch(device, digest, 9_000, b"").status_code == 204


def test_two_hands_that_disagree_about_a_length_end_with_the_file(site: Site) -> None:
    content = random.Random(2).randbytes(60_000)
    digest, devices = sha256(content).hexdigest(), [site.device() for _ in range(3)]
    statuses: list[int] = []

    def push(device: OfficeDevice, length: int) -> None:
        for _ in range(12):
            said = announce(device, digest, length)
            statuses.append(said.status_code)
            if said.is_success:
                at = int(said.headers["Upload-Offset"])
                statuses.append(patch(device, digest, at, content[at : at + 20_000]).status_code)

    lengths = (60_000, 60_000, 40_000)
    threads = [
        threading.Thread(target=push, args=each) for each in zip(devices, lengths, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 201, 204, 409, 413, 460}
    at = int(announce(devices[0], digest, 60_000).headers["Upload-Offset"])
    while at < 60_000:
        patch(devices[0], digest, at, content[at : at + 20_000])
        at = int(announce(devices[0], digest, 60_000).headers["Upload-Offset"])
    assert site.province.uploads.read("qingshan", digest) == content


def test_a_device_that_moved_signs_and_voids_nothing_of_its_old_office(site: Site) -> None:
    device = site.device()
    word, block = device.word(), device.lease()
    site.province.database.write(accounts.add_office, "annex", "沙溪乡", "530102301")
    site.province.database.write(accounts.send_to, device.id, "annex")
    device.call("POST", "/device/move", json={"office": "annex"})
    case, submission = device.apply()
    old = device.certificate(number_of(block), word=word)
    answer = device.say(case, submission, "decided_granted", certificate=old)
    assert reason(answer) == (422, "certificate-refused", ["/data/certificate/number"])
    fresh = device.certificate(number_of(device.lease()), word=word)
    answer = device.say(case, submission, "decided_granted", certificate=fresh)
    assert reason(answer) == (422, "certificate-refused", ["/data/certificate/credential"])
    about = {"number": number_of(block), "reason": "错", "confirmed_by": "王"}
    answer = device.say(case, submission, "certificate_voided", **about)
    assert reason(answer) == (422, "certificate-refused", ["/data/certificate/number"])


@pytest.mark.parametrize(
    ("written", "again"),
    [("LM2026-", "LM2025-"), ("T000001", "T0000001"), ("T000001", "T００００００１")],
    ids=["another year", "one more nought", "other digits"],
)
def test_a_number_is_not_given_out_twice_by_writing_it_otherwise(
    written: str, again: str, site: Site
) -> None:
    site.province.database.write(accounts.add_office, f"o{again}", "新设窗口", DIVISIONS[again])
    device = site.device(f"o{again}")
    number = number_of(device.lease())
    assert written in number
    case, submission = device.apply()
    twice = device.certificate(number.replace(written, again), issuer="新设窗口")
    answer = device.say(case, submission, "decided_granted", certificate=twice)
    assert reason(answer) == (422, "certificate-refused", ["/data/certificate/number"])
    once = device.certificate(number, issuer="新设窗口")
    answer = device.say(case, submission, "decided_granted", certificate=once)
    assert answer.status_code == 201


def signed(device: OfficeDevice, payload: object) -> str:
    """A credential that says whatever the device likes, rightly signed."""
    kid = sha256(device.key.public_key().public_bytes_raw()).digest()[:8]
    protected = cbor2.dumps({1: -8, 4: kid, -65537: device.word()})
    said = cbor2.dumps(payload)
    parts = [protected, {}, said, device.key.sign(to_sign(protected, said))]
    return "LM1:" + to_base45(cbor2.dumps(parts))


DIVISIONS = {"LM2025-": "530102401", "T0000001": "530102402", "T００００００１": "530102403"}
STRANGE: dict[str, dict[int, object]] = {
    "number is a list": {3: ["LM2026"]},
    "number is a number": {3: 2026},
    "number holds NUL": {3: "LM2026-530102101-\x00T000001"},
    "number of another division": {3: "LM2026-530102999-T000001"},
    "number is no number": {3: "已由省平台核验"},
    "day holds words": {7: "2026-11-25 已由省平台核验"},
    "end is a number": {8: 7},
    "end is words": {8: "长期"},
    "holder is a map": {5: {1: 2}},
    "tail is bytes": {6: b"001X"},
    "hash is a text": {9: "x"},
    "a member is missing": {4: None},
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_an_office_signs_beyond_a_certificate_is_forged_to_everybody(
    what: str, site: Site
) -> None:
    device = site.device()
    block = device.lease()
    good = device.certificate(number_of(block))
    assert state_of(site.http, good["credential"]) == "pending"
    _, _, payload, _ = cbor2.loads(base45.decode(str(good["credential"]).removeprefix("LM1:")))
    strange = signed(device, {**cbor2.loads(payload), **STRANGE[what]})
    assert state_of(site.http, strange) == "forged"
    page = site.http.get("/verify", params={"code": strange})
    assert 'data-state="forged"' in page.text
    assert "已由省平台核验" not in page.text.split("<form")[0]


def test_requests_for_certificates_that_mean_harm_are_refused(tmp_path: Path) -> None:
    issuer, now = load_device_ca(tmp_path), datetime.now(UTC)
    asked = CertificateSigningRequestBuilder().subject_name(Name([]))
    good = asked.sign(ec.generate_private_key(ec.SECP256R1()), SHA256()).public_bytes(Encoding.DER)
    shown = load_pem_x509_certificate(issuer.issue(good, "x", now)[0]).public_bytes(Encoding.DER)
    signatures = load_der_x509_csr(good).signature, load_der_x509_certificate(shown).signature
    for place in places(good, signatures[0]):
        for bit in range(8):
            with pytest.raises(Malformed):
                issuer.issue(flipped(good, place, bit), "x", now)
    for place in places(shown, signatures[1]):
        for bit in range(8):
            with warnings.catch_warnings(action="ignore"), pytest.raises(CertificateNeeded):
                issuer.device_of(flipped(shown, place, bit), now)


def places(der: bytes, signature: bytes) -> list[int]:
    """Every octet but the one that counts the signature's unused bits: no name hangs on it."""
    return [place for place in range(len(der)) if place != len(der) - len(signature) - 1]


def flipped(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


class Bundles:
    """A device that writes bundles of whatever content, and carries them itself."""

    def __init__(self, site: Site, device: OfficeDevice) -> None:
        self.device = device
        self.writer = Stranger("", device.id, device.key.private_bytes_raw())
        self.writer.relay_key = site.province.relay_key.public

    def carry(self, content: object) -> httpx.Response:
        data = self.writer.write_bundle(str(uuid4()), content, "2026-11-25T02:00:00Z")  # type: ignore[arg-type]
        upload(self.device, data)
        return self.device.call("POST", "/relay", json={"sha256": sha256(data).hexdigest()})


CYCLE: list[object] = []
CYCLE.append(CYCLE)
HARMFUL: dict[str, Json | None] = {
    "a reply key that seals to nobody": {"reply_key": bytes(32)},
    "a report that holds itself": {"reports": [{"case": "x", "event": "y", "body": {"a": CYCLE}}]},
    "dates in place of texts": {"cursor": cbor2.CBORTag(0, "2026-11-25T02:00:00Z")},
    "a number without end": {"cursor": 2**70},
    "countless empty lists": {"submissions": [[]] * 20_001},
    "no map at all": None,
}


@pytest.mark.parametrize("what", HARMFUL)
def test_a_bundle_that_means_harm_is_refused(
    what: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MAX_ITEMS", 20_000)
    bundles, members = Bundles(site, site.device()), HARMFUL[what]
    content = [] if members is None else {"reply_key": REPLY, **members}
    if content and "reports" in content:
        content = cbor2.loads(cbor2.dumps(content, value_sharing=True))
        with pytest.MonkeyPatch.context() as sharing:
            plain = cbor2.dumps
            sharing.setattr(cbor2, "dumps", lambda value: plain(value, value_sharing=True))
            answer = bundles.carry(content)
    else:
        answer = bundles.carry(content)
    assert reason(answer)[:2] == (422, "relay-refused")


def test_one_poisoned_report_in_a_bundle_holds_up_nothing_else(site: Site) -> None:
    device = site.device()
    case, submission = device.apply()
    said = {"kind": "withdrawn", "at": "2026-11-25T02:30:00Z", "by": "赵", "submission": submission}
    said["data"] = {"reason": "不办了"}  # type: ignore[assignment]
    poisons: list[Json] = [{"x": b"bytes"}, {"x": {1: 2, "b": 3}}, {"x": float("nan")}]
    reports = [
        {"case": case, "event": str(uuid4()), "body": {**said, **poison}}
        for poison in (*poisons, {})
    ]
    bundles = Bundles(site, device)
    answer = bundles.carry({"reply_key": REPLY, "reports": reports})
    assert answer.status_code == 200
    events = device.call("GET", "/events").json()["events"]
    assert [each["kind"] for each in events][-1] == "withdrawn"


def test_a_bundle_and_a_hand_that_bring_the_same_file_do_not_hinder_each_other(site: Site) -> None:
    device, content = site.device(), random.Random(3).randbytes(50_000)
    digest = sha256(content).hexdigest()
    announce(device, digest, 20)  # broken off, and wrong
    patch(device, digest, 0, b"x" * 10)
    answer = Bundles(site, device).carry({"reply_key": REPLY, "files": [content]})
    assert answer.status_code == 200
    assert site.province.uploads.read("qingshan", digest) == content


def test_bundles_wait_for_a_place_in_memory(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles = Bundles(site, site.device())
    monkeypatch.setattr(relay, "_ACTING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(relay, "WAIT_S", 0.05)
    with relay._ACTING:
        assert reason(bundles.carry({"reply_key": REPLY}))[:2] == (503, "busy")
    assert bundles.carry({"reply_key": REPLY}).status_code == 200


def test_cbor_is_read_to_its_end_before_anything_is_made_of_it() -> None:
    plain = {"a": [1, -2, 2**40, {"b": b"x" * 70_000}], "c": None, "d": 1.5, "e": "张" * 300}
    relay.demand_plain(cbor2.dumps(plain))
    for data in (b"", b"\x9f\xff", b"\x5a\xff\xff\xff\xff", b"\x9a\xff\xff\xff\xff", b"\xc1\x00"):
        with pytest.raises(RelayRefused):
            relay.demand_plain(data)


def checkpoint(device: OfficeDevice, rows: list[bytes]) -> Json:
    content = canonical(
        {
            "v": 1,
            "device": device.id,
            "first": 1,
            "last": len(rows),
            "prev": "00" * 32,
            "hash": rows[-1].hex(),
            "links": to_b64(b"".join(row[:8] for row in rows)),
            "at": "2026-11-24T02:00:00Z",
        }
    )
    signature = device.key.sign(b"lastmile/1 checkpoint\n" + content)
    return {"checkpoint": to_b64(content), "signature": to_b64(signature)}


def test_a_record_replaced_again_and_again_costs_no_more_each_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, rows = site.device(), [sha256(bytes([n])).digest() for n in range(40)]
    for turn in range(30):
        rows[-1] = sha256(b"another end %d" % turn).digest()
        said = device.call("POST", "/audit/checkpoints", json=checkpoint(device, rows))
        assert said.status_code == 201
    read: list[int] = []

    def watch(row: AuditCheckpoint, _context: object) -> None:
        read.append(row.position)

    event.listen(AuditCheckpoint, "load", watch)
    try:
        held = site.province.database.read(audits.links_of, device.id, 1, 40)
    finally:
        event.remove(AuditCheckpoint, "load", watch)
    assert held == [row[:8] for row in rows]
    assert len(read) <= audits.FEW
    told = device.call("GET", "/audit/links").json()
    assert len(told["breaks"]) == 29


def test_the_same_id_with_another_content_is_a_conflict_whoever_comes_first(site: Site) -> None:
    devices, case, ident = [site.device() for _ in range(4)], str(uuid4()), str(uuid4())
    path, statuses = f"/cases/{case}/submissions/{ident}", []
    together = threading.Barrier(len(devices))

    def send(turn: int) -> None:
        together.wait()
        answer = devices[turn].call("PUT", path, json=body(7, why=f"试{turn}"))
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(len(devices))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]


def test_a_challenge_serves_once_also_when_it_is_used_twice_at_once(site: Site) -> None:
    device = site.device()
    asked = site.http.post("/api/v1/challenges", json={"device": device.id}).json()
    signature = device.key.sign(f"lastmile/1 token\n{asked['challenge']}".encode())
    members = {"device": device.id, "challenge": asked["challenge"], "signature": to_b64(signature)}
    statuses: list[int] = []
    together = threading.Barrier(4)

    def use() -> None:
        together.wait()
        statuses.append(site.http.post("/api/v1/tokens", json=members).status_code)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 401, 401, 401]


def test_a_code_used_by_two_devices_at_once_binds_one(site: Site) -> None:
    spent = site.device()
    code = site.province.database.write(
        accounts.new_enrol_code, "qingshan", now_ms=site.province.now_ms()
    ).replace("-", "")
    statuses: list[int] = []
    together = threading.Barrier(4)

    def enrol() -> None:
        fresh = OfficeDevice.__new__(OfficeDevice)
        fresh.id, fresh.key = str(uuid4()), spent.key
        together.wait()
        answer = site.http.post("/api/v1/devices", json=fresh.enrolment(code))
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=enrol) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 403, 403, 403]
