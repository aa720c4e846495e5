"""Every member of every request takes every hostile value: documented answers only, on each engine.

Beside what schemathesis makes up from the schema: what no schema would say, such as halves of
characters, dates that no zone can hold, NUL, numbers beyond 64 bits, members that nobody asked for.
`LASTMILE_ATTACKS=1` sends all of them; else each value meets some members, chosen by chance.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateSigningRequestBuilder, Name

from province import demo
from province.app import Limits, open_province
from province.encoding import to_b64
from province.gate import Rate
from tests.province import packages, produce
from tests.province.produce import OfficeDevice, number_of
from tests.province.shapes import body
from tests.province.site import served

Json = dict[str, Any]
LONG = bool(os.environ.get("LASTMILE_ATTACKS"))
SHARE = 1.0 if LONG else 0.012
NEW = "fresh-id"  # each time another
DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
VALUES: tuple[object, ...] = (
    None, True, 0, -1, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400, 1.5, -0.0,
    float("nan"), float("inf"), 1e308, "1e400", "NaN",
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e\u2066", "\ufeff", "e\u0301",
    "A" * 70_000, "张" * 3_000, "\r\nX-A: b", "../../etc/passwd", "%00", "' OR 1=1 --", "\\",
    "<script>alert(1)</script>", "=", "=====", "0" * 64, "F" * 64,
    "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59Z", "0999-05-05T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T02:00:00",
    "2026-11-24T02:00:60Z", "2026-11-24T02:00:00+23:59", "2026-11-24", "9999-12-31", "0001-01-01",
    "0193A0C0-0000-4000-8000-0000000000AA", "{0193a0c0-0000-4000-8000-0000000000aa}",
    "urn:uuid:0193a0c0-0000-4000-8000-0000000000aa", "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    [], {}, [[]], [None], {"": ""}, {"\x00": "\x00"}, {"\ud800": "\ud800"}, ["\ud800"], [0] * 1001,
    {"__proto__": {"x": 1}}, [{}] * 201,
)  # fmt: skip
TEXTS = (
    b"", b"null", b"[]", b"1", b'"x"', b"{", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}",
    b'{"a":"\xff"}', b"[" * 30_000, b'{"a":' * 10_000, b"[" * 900 + b"]" * 900,
    b'{"device":"x","device":{}}', b"9" * 5_000, b"-", b"\x00", b'{"\\ud800":1}', b"{}" * 3, b"NaN",
)  # fmt: skip
NAMES = ("checkpoint", "event", "submission", "batch", "held", "certificate", "move", "challenge",
         "token", "enrolment", "block", "relay", "change", "events", "changes")  # fmt: skip


class Ground:
    """A served province and a device of an office that may do everything that there is."""

    def __init__(self, device: OfficeDevice) -> None:
        self.device = device
        self.requests = _of_cases(device) | _of_the_device(device)

    def send(self, method: str, path: str, content: bytes) -> httpx.Response:
        while NEW in path:
            path = path.replace(NEW, str(uuid4()), 1)
        headers = {"Content-Type": "application/json"}
        return self.device.call(method, path, content=content, headers=headers)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, module_url: str) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("hostile")
    limits = Limits(device=Rate(1e6, 1e6), stranger=Rate(1e6, 1e6), guesses=Rate(1e6, 1e6))
    small = packages.load(folder / "services").versions("old-age")
    services = produce.services().with_others(small)
    province = open_province(
        folder / "data", services=services, database_url=module_url, limits=limits
    )
    demo.fill(province)
    with served(province) as address, httpx.Client(base_url=address, timeout=30) as http:
        yield Ground(OfficeDevice(province, http))


def _of_cases(device: OfficeDevice) -> dict[str, tuple[str, str, Json]]:
    """By name: method, path and body of what an office says of its cases and residents."""
    case, submission = device.apply()
    certificate = device.certificate(number_of(device.lease()))
    event = {
        "kind": "decided_granted",
        "at": "2026-11-25T02:30:00Z",
        "by": "赵主任",
        "submission": submission,
        "data": {"reason": "可", "certificate": certificate},
    }
    change = {
        "fields": {"name": {"old": "", "new": "张三"}},
        "after": {"name": [NEW]},
        "adds": True,
        "at": "2026-11-24T02:00:00Z",
        "by": "李",
        "material": "证",
    }
    return {
        "events": (
            "POST",
            "/events:batch",
            {"events": [{"case": case, "event": NEW, "body": event}]},
        ),
        "changes": (
            "POST",
            "/changes:batch",
            {"changes": [{"resident": NEW, "change": NEW, "body": change}]},
        ),
        "event": ("PUT", f"/cases/{case}/events/{NEW}", event),
        "change": ("PUT", f"/residents/{NEW}/changes/{NEW}", change),
        "submission": (
            "PUT",
            f"/cases/{NEW}/submissions/{NEW}",
            body(1, [b"scan"]) | {"language": "zh", "replaces": NEW, "merges": [NEW]},
        ),
        "batch": (
            "POST",
            "/cases:batch",
            {"submissions": [body(2) | {"case": NEW, "submission": NEW}]},
        ),
    }


def _of_the_device(device: OfficeDevice) -> dict[str, tuple[str, str, Json]]:
    return {
        "checkpoint": (
            "POST",
            "/audit/checkpoints",
            {"checkpoint": "e30=", "signature": "AA=="},
        ),
        "held": ("POST", "/submissions:held", {"submissions": [NEW], "events": [NEW]}),
        "certificate": ("POST", "/device/certificate", {"request": _certificate_request()}),
        "move": ("POST", "/device/move", {"office": "hongqi"}),
        "challenge": ("POST", "/challenges", {"device": device.id}),
        "token": (
            "POST",
            "/tokens",
            {"device": device.id, "challenge": "x", "signature": to_b64(b"0" * 64)},
        ),
        "enrolment": ("POST", "/devices", device.enrolment(device.code)),
        "block": (
            "POST",
            "/number-blocks",
            {"id": NEW, "kind": "case", "size": 2, "epoch": 9},
        ),
        "relay": ("POST", "/relay", {"sha256": "0" * 64}),
    }


def _certificate_request() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    asked = CertificateSigningRequestBuilder().subject_name(Name([])).sign(key, SHA256())
    return to_b64(asked.public_bytes(Encoding.DER))


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a body, and one more member in each object."""
    if at:
        yield at
    if isinstance(value, Mapping):
        yield (*at, "nobody asked for this")
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    if isinstance(value, list):
        for position, inner in enumerate(value):
            yield from places(inner, (*at, position))


def altered(members: Json, at: tuple[str | int, ...], value: object) -> bytes:
    """The body with a value put in, under ids that were never seen."""
    copy: Any = json.loads(json.dumps(members).replace(NEW, str(uuid4())))
    inner = copy
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return json.dumps(copy).encode()  # ASCII: half a character goes as its escape


def undocumented(method: str, path: str, answer: httpx.Response) -> bool:
    """Whether the answer is none that the document names, or a refusal is no problem."""
    said = next(ways for pattern, ways in DOCUMENT["paths"].items() if _fits(pattern, path))
    if str(answer.status_code) not in said[method.lower()]["responses"]:
        return True
    if "Lastmile-Protocol" not in answer.headers:
        return True
    refused = answer.status_code >= 400 and method != "HEAD"
    return refused and not str(answer.json()["type"]).startswith("urn:lastmile:problem:")


def _fits(pattern: str, path: str) -> bool:
    mine, theirs = pattern.split("/")[3:], path.partition("?")[0].split("/")[1:]
    return len(mine) == len(theirs) and all(
        a == b or a.startswith("{") for a, b in zip(mine, theirs, strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_value_in_any_member_breaks_the_province(ground: Ground, name: str) -> None:
    method, path, members = ground.requests[name]
    draw = random.Random(name)
    found = []
    for at, value in product(places(members), VALUES):
        if draw.random() < SHARE:
            answer = ground.send(method, path, altered(members, at, value))
            if undocumented(method, path, answer):
                found.append((at, str(value)[:40], answer.status_code))
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_in_place_of_a_body_breaks_the_province(ground: Ground, name: str) -> None:
    method, path, _ = ground.requests[name]
    answers = [(text[:20], ground.send(method, path, text)) for text in TEXTS]
    assert [
        (text, said.status_code) for text, said in answers if undocumented(method, path, said)
    ] == []
