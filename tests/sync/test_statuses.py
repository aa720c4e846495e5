"""Every status of docs/protocol.md section 10, over a real socket: what the outbox does then."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest

from sync.errors import CaptivePortal, SyncError
from sync.http import Link
from sync.loop import SyncLoop
from sync.providers.province import ProvinceProvider
from sync.providers.session import Identity
from sync.round import RoundReport, run_round
from tests.sync.memory import MemoryLedger, make_parcel

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SOON = timedelta(minutes=10)
DAY = timedelta(days=1)
NO_WORD = timedelta(minutes=15)


class Province:
    """Answers tokens and events as it should, and every submission with one problem.

    Attributes:
        tokens: How many were given out.
        asked: (method, path) of what came with a token.
    """

    def __init__(self) -> None:
        self.status, self.name, self.more = 200, "", dict[str, str]()
        self.errors: list[dict[str, str]] = []
        self.tokens, self.asked = 0, list[tuple[str, str]]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, body, more = outer.say(self.command, self.path)
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        for verb in ("GET", "POST", "PUT"):
            setattr(Handler, f"do_{verb}", Handler.answer)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def say(self, method: str, path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        own = {"Lastmile-Protocol": "1.1"}
        short = path.removeprefix("/api/v1").partition("?")[0]
        if short == "/challenges":
            return 201, {"challenge": "c"}, own
        if short == "/tokens":
            self.tokens += 1
            return 201, {"token": f"t{self.tokens}"}, own
        self.asked.append((method, short))
        if short == "/events":
            return 200, {"events": [], "cursor": "", "more": False}, own
        problem = {"type": f"urn:lastmile:problem:{self.name}", "errors": self.errors}
        return self.status, problem, {**own, **self.more}


@pytest.fixture
def province() -> Iterator[Province]:
    made = Province()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def go(province: Province, cases: int = 2) -> tuple[RoundReport, MemoryLedger]:
    ledger = MemoryLedger()
    for number in range(cases):
        ledger.add(make_parcel(number))
    identity = Identity(province.url, UUID(int=1), bytes(31) + b"\1", {})
    provider = ProvinceProvider(identity, Link(province.url))
    try:
        report = run_round(ledger, provider, now=lambda: NOW, jitter=lambda: 0.5)
    finally:
        provider.close()
    assert ledger.receipts == {}
    return report, ledger


# Status, name, code of the item, when it is tried again (None: a person looks at it first).
PARKED = [
    (400, "malformed", "S103"),
    (403, "not-your-case", "S106"),
    (404, "unknown", "S138"),
    (405, "method", "S138"),
    (409, "id-conflict", "S107"),
    (413, "too-large", "S108"),
    (418, "teapot", "S111"),
    (422, "submission-invalid", "S103"),
]


@pytest.mark.parametrize(("status", "name", "code"), PARKED)
def test_what_only_a_person_can_mend_waits_for_one_and_the_round_goes_on(
    province: Province, status: int, name: str, code: str
) -> None:
    province.status, province.name = status, name
    report, ledger = go(province)
    assert report.error is None
    assert province.asked[-1] == ("GET", "/events")
    assert [(e.code, again) for e, again in ledger.failures.values()] == [(code, None)] * 2


@pytest.mark.parametrize(
    ("status", "name", "code"), [(429, "too-many", "S109"), (503, "busy", "S109")]
)
def test_who_asks_for_patience_gets_it(
    province: Province, status: int, name: str, code: str
) -> None:
    province.status, province.name, province.more = status, name, {"Retry-After": "90"}
    report, ledger = go(province)
    assert report.error is not None
    assert (report.error.code, report.error.fields["wait_s"]) == (code, 90)
    assert {again for _, again in ledger.failures.values()} == {NOW + timedelta(seconds=90)}
    assert ("GET", "/events") not in province.asked
    loop = SyncLoop(ledger, lambda: None, now=lambda: NOW, jitter=lambda: 1.0)  # type: ignore[arg-type,return-value]
    assert 90 <= loop._pause(report) <= 113


@pytest.mark.parametrize(
    ("status", "name", "code", "kind"),
    [
        (403, "device-revoked", "S105", False),
        (408, "too-slow", "S137", True),
        (403, "certificate-needed", "S142", True),
    ],
)
def test_what_all_would_meet_ends_the_round_and_blames_no_case(
    province: Province, status: int, name: str, code: str, *, kind: bool
) -> None:
    province.status, province.name = status, name
    report, ledger = go(province)
    assert isinstance(report.error, SyncError)
    assert (report.error.code, report.error.retry) == (code, kind)
    assert {again for _, again in ledger.failures.values()} == {NOW}  # due as it was


def test_a_token_that_is_over_is_renewed_once(province: Province) -> None:
    province.status, province.name = 401, "token"
    report, _ = go(province, cases=1)
    assert report.error is not None
    assert report.error.code == "S105"
    assert province.tokens == 2


def test_a_fault_of_the_province_backs_off_alone(province: Province) -> None:
    for status in (500, 507):
        province.status, province.name = status, "fault"
        report, ledger = go(province)
        assert report.error is None
        for error, again in ledger.failures.values():
            assert error.code == "S110"
            assert again is not None
            assert NOW < again < NOW + SOON


@pytest.mark.parametrize(("name", "code"), [("room-used", "S151"), ("disk-full", "S152")])
def test_who_has_no_room_is_asked_again_when_it_says_and_the_round_goes_on(
    province: Province, name: str, code: str
) -> None:
    for asked, waits in (("1200", timedelta(seconds=1200)), ("9" * 40, DAY), ("soon", NO_WORD)):
        province.status, province.name, province.more = 507, name, {"Retry-After": asked}
        report, ledger = go(province)
        assert (report.error, province.asked[-1]) == (None, ("GET", "/events"))
        assert [(e.code, at) for e, at in ledger.failures.values()] == [(code, NOW + waits)] * 2


def test_a_service_that_is_not_there_yet_is_asked_for_every_day(province: Province) -> None:
    province.status, province.name = 422, "service-unknown"
    report, ledger = go(province)
    assert report.error is None
    assert [(e.code, again) for e, again in ledger.failures.values()] == [("S139", NOW + DAY)] * 2


def test_the_reasons_of_the_province_reach_the_clerk(province: Province) -> None:
    province.status, province.name = 422, "submission-invalid"
    province.errors = [{"pointer": "/xml", "code": "x", "message": "缺少附件"}]
    _, ledger = go(province, cases=1)
    [(error, _)] = ledger.failures.values()
    assert error.fields["reason"] == "缺少附件"


def test_a_page_in_the_provinces_place_is_no_answer(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: tuple[int, dict[str, str], dict[str, str]] = 200, {}, {"Content-Type": "text/html"}
    monkeypatch.setattr(province, "say", lambda _method, _path: page)
    report, ledger = go(province)
    assert isinstance(report.error, CaptivePortal)
    assert {again for _, again in ledger.failures.values()} == {NOW}
