"""The gate: how often, how much, what the log may say, and an end without haste."""

from __future__ import annotations

import gzip
import io
import json
import logging
import re
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard

from province import demo, telemetry
from province.app import Limits, Province, create_app, open_province
from province.encoding import to_b64
from province.gate import MAX_JSON_BYTES, Rate
from tests.province.packages import load
from tests.province.process import ProvinceProcess
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served


@pytest.fixture
def quiet(tmp_path: Path) -> Province:
    limits = Limits(device=Rate(0.1, 6), stranger=Rate(1000, 1000))
    opened = open_province(tmp_path / "p", services=load(tmp_path / "s"), limits=limits)
    demo.fill(opened)
    return opened


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process would write to standard error."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(telemetry.JsonLines())
    telemetry.log.addHandler(handler)
    telemetry.log.setLevel("INFO")
    yield out
    telemetry.log.removeHandler(handler)


def test_a_device_that_asks_too_often_waits_and_the_others_do_not(quiet: Province) -> None:
    with served(quiet) as url, httpx.Client(base_url=url) as http:
        busy, calm = TestDevice(quiet, http), TestDevice(quiet, http, "hongqi")
        answers = [busy.call("GET", "/device") for _ in range(8)]
        assert [a.status_code for a in answers] == [200] * 6 + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert answers[-1].json()["type"] == "urn:lastmile:problem:too-many"
        assert calm.call("GET", "/device").status_code == 200


def test_a_device_has_so_many_hands_and_no_more(tmp_path: Path) -> None:
    limits = Limits(at_once=2)
    province = open_province(tmp_path / "p", services=load(tmp_path / "s"), limits=limits)
    demo.fill(province)
    go_on, inside = threading.Event(), threading.Semaphore(0)
    events = province.events

    def slowly(*arguments: Any) -> Any:
        inside.release()
        go_on.wait(20)
        return events(*arguments)

    province.events = slowly  # type: ignore[method-assign, assignment]
    with served(province) as url, httpx.Client(base_url=url) as http:
        device, other = TestDevice(province, http), TestDevice(province, http)
        hands = [threading.Thread(target=device.call, args=("GET", "/events")) for _ in range(2)]
        for hand in hands:
            hand.start()
            inside.acquire(timeout=10)
        third = device.call("GET", "/device")
        assert (third.status_code, third.headers["Retry-After"]) == (429, "1")
        assert other.call("GET", "/device").status_code == 200
        go_on.set()
        for hand in hands:
            hand.join()
        assert device.call("GET", "/device").status_code == 200


def test_bodies_may_be_compressed_and_bombs_are_refused(quiet: Province) -> None:
    case, ident, _ = submission(1)
    path = f"/cases/{case}/submissions/{ident}"
    plain = json.dumps(body(1)).encode()
    bomb = b" " * (MAX_JSON_BYTES + 1)
    sent = [
        ("gzip", gzip.compress(plain), 201),
        ("zstd", zstandard.compress(plain), 200),
        ("gzip", gzip.compress(bomb), 413),
        ("zstd", zstandard.compress(bomb), 413),
        ("gzip", zlib.compress(plain), 400),
        ("br", plain, 400),
    ]
    with served(quiet) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(quiet, http)
        for coding, content, status in sent:
            headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
            answer = device.call("PUT", path, headers=headers, content=content)
            assert answer.status_code == status, coding


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_long_answers_come_compressed(quiet: Province, coding: str) -> None:
    with served(quiet) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(quiet, http)
        for seed in range(3):
            case, ident, _ = submission(seed)
            device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(seed))
        asked = device.call("GET", "/events", headers={"Accept-Encoding": coding})
        assert len(asked.json()["events"]) == 3
    said = asked.headers.get("Content-Encoding")
    assert said == (coding if len(asked.content) >= 1024 else None)


def test_the_log_names_routes_and_devices_but_no_person(quiet: Province, log: io.StringIO) -> None:
    case, ident, _ = submission(1)
    with served(quiet) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(quiet, http)
        device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(1))
        device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(1, why="错"))
        http.get("/verify", params={"number": "LM-1", "name": "张三1"})
        numbers = http.get("/metrics").text
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["route"] for line in lines} >= {
        "/cases/{case}/submissions/{submission}",
        "/verify",
    }
    assert any(line.get("device") == device.id for line in lines)
    for told in ("张三", "LM-1", str(case), "53010219500307001X", device.code):
        assert told not in log.getvalue()
        assert told not in numbers
    assert re.search(r'lastmile_answers_total\{method="PUT",route="[^"]+",status="201"\} ', numbers)


def test_an_unforeseen_error_tells_its_place_and_none_of_its_words(
    quiet: Province, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_arguments: object) -> None:
        raise RuntimeError("张三")

    monkeypatch.setattr(quiet, "events", break_down)
    with served(quiet) as url, httpx.Client(base_url=url) as http:
        answer = TestDevice(quiet, http).call("GET", "/events")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:lastmile:problem:fault"
    assert "break_down" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert "张三" not in log.getvalue() + answer.text


def test_a_province_that_drains_says_so_and_finishes_what_runs(tmp_path: Path) -> None:
    process = ProvinceProcess(tmp_path / "p", options=("--drain", "1.5"))
    process.start()
    content = b"x" * 60_000
    digest = sha256(content).hexdigest()
    ended = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield content[:30_000]
        process_signal()
        ended.wait(10)
        yield content[30_000:]

    def process_signal() -> None:
        assert process._process is not None
        process._process.send_signal(signal.SIGTERM)

    def watch(http: httpx.Client, seen: list[int]) -> None:
        for _ in range(100):
            seen.append(http.get("/health/ready").status_code)
            if seen[-1] == 503:
                break
            time.sleep(0.05)
        time.sleep(1.8)  # beyond the drain time: only what runs is still served
        ended.set()

    opened = open_province(tmp_path / "p", services=load(tmp_path / "s"))
    seen: list[int] = []
    with (
        httpx.Client(base_url=process.url, timeout=20) as http,
        httpx.Client(base_url=process.url) as other,
    ):
        device = TestDevice(opened, http)
        device.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": "60000"})
        watcher = threading.Thread(target=watch, args=(other, seen))
        watcher.start()
        headers = {"Upload-Offset": "0", "Content-Length": "60000"}
        headers["Upload-Checksum"] = "sha256 " + to_b64(sha256(content).digest())
        sent = device.call("PATCH", f"/uploads/{digest}", headers=headers, content=slowly())
        watcher.join()
    assert sent.status_code == 204
    assert seen[-1] == 503
    assert process._process is not None
    assert process._process.wait(15) == 0
    process.close()
    opened.database.close()


def test_every_route_of_the_protocol_asks_for_a_token_or_is_meant_to_be_open(
    quiet: Province,
) -> None:
    said = create_app(quiet).openapi()["paths"]
    open_paths = {p for p, ways in said.items() for way in ways.values() if "security" not in way}
    names = {path.rpartition("/")[2] for path in open_paths}
    assert names == {"meta", "devices", "challenges", "tokens", "trust", "verify"}
