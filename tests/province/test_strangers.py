"""Who has no token: guesses, floods, slow lines, odd requests, and what pages and logs say."""

from __future__ import annotations

import gzip
import io
import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from province import accounts, demo, gate, serving, telemetry
from province.app import Limits, Province, open_province
from province.encoding import to_b64, to_base45
from province.gate import Rate
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served

CANARY = "金丝雀·绝密"
SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
CANARY_METHOD = "GEHEIM"
POST = b"POST /api/v1/challenges HTTP/1.1\r\nHost: x\r\n"
MANY = Rate(1e6, 1e6)


@dataclass
class Site:
    province: Province
    url: str
    http: httpx.Client

    def raw(self, text: bytes, patience_s: float = 4.0) -> bytes:
        """What comes back for bytes that no HTTP library would send."""
        parts = urlsplit(self.url)
        found = b""
        with socket.create_connection((parts.hostname, parts.port), patience_s) as line:
            line.sendall(text)
            with suppress(TimeoutError):
                while piece := line.recv(65_536):
                    found += piece
        return found

    def sign_in(self) -> str:
        """Open the desk; the token of its forms."""
        self.http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
        page = self.http.get("/desk").text
        return page.split('name="csrf" value="')[1].split('"')[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, module_url: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("strangers")
    yield from _serve(folder, module_url, Limits(MANY, MANY, MANY))


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For what ends before any database is asked."""
    yield from _serve(tmp_path_factory.mktemp("lines"), "", Limits(MANY, MANY, MANY))


def _serve(folder: Path, url: str, limits: Limits, proxies: str = "") -> Iterator[Site]:
    services = load(folder / "s")
    province = open_province(folder / "p", services=services, database_url=url, limits=limits)
    demo.fill(province, password="geheim")
    with (
        served(province, proxies=proxies) as address,
        httpx.Client(base_url=address, timeout=30) as http,
    ):
        yield Site(province, address, http)


def small(
    folder: Path, proxies: str = "", *, stranger: Rate = MANY, guesses: Rate = MANY
) -> Iterator[Site]:
    yield from _serve(folder, "", Limits(MANY, stranger, guesses), proxies)


@pytest.mark.parametrize(
    "path",
    [
        "/verify?number=%00&name=%00",
        "/verify?number=LM-1&name=%00",
        "/verify?code=%00",
        "/verify?code=LM1%3A" + "%F0%9F%92%A9" * 50,
        "/verify?number=%FF%FE&name=%FF",
        "/desk/cases/%00",
        "/desk/cases/%2e%2e%2f%2e%2e",
        "/desk/cases/x/files/99999999999999999999",
        "/desk/cases/x/files/-1",
        "/desk?q=%00",
        "/desk?status=%00&department=%00",
        "/repository/targets/" + "a" * 300,
        "/repository/targets/" + "a/" * 3000 + "a",
        "/repository/metadata/" + "1" * 400 + ".root.json",
        "/repository/targets/%2e%2e/%2e%2e/province.key",
        "/repository/targets/..%2f..%2fprovince.key",
        "/static/..%2f..%2fprovince.key",
        "/api/v1/verify?code=%00",
        "/api/v1/trust?held=1e9",
        "/api/v1/trust?held=" + "9" * 5000,
        "/verify/",
        "//verify",
        "/desk/sign-in/../cases/x",
    ],
)
def test_no_address_of_a_page_breaks_it(path: str, site: Site) -> None:
    if not site.http.cookies:
        site.sign_in()
    answer = site.http.get(path)
    assert answer.status_code < 500
    assert "province.key" not in answer.headers.get("Location", "")
    assert "Host" not in answer.headers.get("Location", "")


def test_no_form_field_breaks_the_desk(site: Site) -> None:
    csrf = site.sign_in()
    odd = ("\x00", "é", "", "x" * 3000)
    for value in odd:
        for path in ("/desk/sign-out", "/desk/next", "/desk/cases/x/decision"):
            for field in ("csrf", "action", "reason", "seen"):
                data = {"csrf": csrf, "action": "refuse", "reason": "x", "seen": "x"} | {
                    field: value
                }
                if (path, data["csrf"]) != ("/desk/sign-out", csrf):
                    assert site.http.post(path, data=data).status_code < 500
    for value in odd:
        answer = site.http.post("/desk/sign-in", data={"login": value, "password": "x"})
        assert answer.status_code in (403, 422)
    files = {"login": ("x", b"x" * 100), "password": ("y", b"y")}
    assert site.http.post("/desk/sign-in", files=files).status_code == 422


@pytest.mark.parametrize("host", ["[", "evil.example", "a b", "[::1", "x:99999", "\xff"])
def test_whatever_host_is_named_pages_lead_to_this_one(host: str, lines: Site) -> None:
    for path in ("/verify?number=LM-1&name=x", "/verify/", "/desk/cases/x"):
        text = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        answer = lines.raw(text.encode("latin-1"))
        assert int(answer.split()[1]) < 500
        assert b"evil.example" not in answer


def test_a_problem_is_told_whatever_host_is_named(lines: Site) -> None:
    device = TestDevice(lines.province, lines.http)
    text = "GET /api/v1/cases?number=x HTTP/1.1\r\nHost: [\r\nConnection: close\r\n"
    text += f"Authorization: {device.headers['Authorization']}\r\n\r\n"
    assert b" 404 " in lines.raw(text.encode()).split(b"\r\n")[0]


def test_methods_that_nobody_knows_are_refused_and_fill_no_memory(lines: Site) -> None:
    for number in range(3):
        text = f"{CANARY_METHOD}{number} /verify HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert int(lines.raw(text.encode()).split()[1]) in (400, 405)
    assert CANARY_METHOD not in telemetry.metrics().decode()


@pytest.mark.parametrize(
    "text",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 20_000 + b"\r\n",
        b"GET /verify?code=" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        POST + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\x00/ HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(
    text: bytes, lines: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "BODY_S", 0.1)
    try:
        answer = lines.raw(text, 0.3)
    except ConnectionError:  # closed while it was still being sent
        return
    assert answer == b"" or 400 <= int(answer.split()[1]) < 500


def test_a_line_that_tells_no_request_is_closed(
    lines: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_S", 0.3)
    full, parts = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", urlsplit(lines.url)
    for begun in (b"", full[:20]):
        with socket.create_connection((parts.hostname, parts.port), 4) as line:
            line.sendall(begun)
            assert line.recv(1) == b""
    with socket.create_connection((parts.hostname, parts.port), 4) as line:
        line.sendall(full)
        first = b""
        while not first.endswith(b"}"):
            first += line.recv(65_536)
        assert first.startswith(b"HTTP/1.1 200")
        line.sendall(full[:20])
        assert line.recv(1) == b"", "a second request is waited for no longer than the first"


def test_a_stranger_s_body_is_held_to_what_he_could_have_to_say(lines: Site) -> None:
    site = lines
    large = b'{"device":"' + b"x" * gate.MAX_STRANGER_BYTES + b'"}'
    headers = {"Content-Type": "application/json"}
    sent = site.http.post("/api/v1/challenges", content=large, headers=headers)
    assert sent.status_code == 413
    packed = {**headers, "Content-Encoding": "gzip"}
    sent = site.http.post("/api/v1/challenges", content=gzip.compress(large), headers=packed)
    assert sent.status_code == 413
    assert site.http.post("/desk/sign-in", data={"login": "x" * 70_000}).status_code == 413


def test_codes_passwords_and_numbers_are_guessed_a_few_times_only(tmp_path: Path) -> None:
    for site in small(tmp_path, guesses=Rate(0.01, 3)):
        device = TestDevice(site.province, site.http)
        fresh = site.province.database.write(accounts.new_enrol_code, "qingshan", now_ms=1)
        guess = [site.http.post("/api/v1/devices", json=device.enrolment("ABC")) for _ in range(4)]
        assert [each.status_code for each in guess] == [403] * 3 + [429]
        assert int(guess[-1].headers["Retry-After"]) >= 1
        assert site.http.post("/api/v1/devices", json=device.enrolment(fresh)).status_code == 429
        right = {"login": "reviewer", "password": "geheim"}
        assert site.http.post("/desk/sign-in", data=right).status_code == 429
        assert site.http.get("/verify?number=LM-1&name=x").status_code == 429
        assert device.call("GET", "/events").status_code == 200, "who has a token is not held up"
        assert site.http.get("/api/v1/meta").status_code == 200


def test_numbers_and_passwords_that_are_wrong_count_and_right_ones_do_not(tmp_path: Path) -> None:
    for site in small(tmp_path, guesses=Rate(0.01, 2)):
        right = {"login": "reviewer", "password": "geheim"}
        for _ in range(2):
            assert site.http.post("/desk/sign-in", data=right).status_code == 303
            assert site.http.get("/verify").status_code == 200
        assert site.http.get("/verify?number=LM-1&name=x").status_code == 200
        assert site.http.post("/desk/sign-in", data={**right, "password": "x"}).status_code == 403
        assert site.http.get("/verify?number=LM-1&name=x").status_code == 429


LET_IN, HELD = [200] * 6, [200] * 3 + [429] * 3
SAID = {
    "": [("203.0.113.{n}", HELD)],
    "127.0.0.1": [
        ("203.0.113.{n}", LET_IN),
        ("203.0.113.{n}, 198.51.100.7", HELD),  # the balancer's own word stands last
        ("2001:db8:1:2::{n}", HELD),  # one line of one subscriber
        ("2001:db8:2:{n}::1", LET_IN),
    ],
}


@pytest.mark.parametrize("proxies", SAID, ids=["nobody is believed", "a balancer is"])
def test_limits_count_where_a_request_comes_from_not_what_it_says(
    proxies: str, tmp_path: Path
) -> None:
    for site in small(tmp_path, proxies, stranger=Rate(0.01, 3)):
        for text, statuses in SAID[proxies]:
            said = [{"X-Forwarded-For": text.format(n=n)} for n in range(1, 7)]
            seen = [site.http.get("/api/v1/meta", headers=each).status_code for each in said]
            assert seen == statuses, text


def test_guessing_a_password_holds_up_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for site in small(tmp_path):
        device, stretching, go_on = (
            TestDevice(site.province, site.http),
            threading.Event(),
            threading.Event(),
        )

        def slowly(_password: str, _salt: bytes) -> bytes:
            stretching.set()  # noqa: B023
            go_on.wait(20)  # noqa: B023
            return b""

        with monkeypatch.context() as patched:
            patched.setattr(accounts, "_stretch", slowly)
            form = {"login": "reviewer", "password": "x"}
            guess = threading.Thread(
                target=httpx.post, args=(f"{site.url}/desk/sign-in",), kwargs={"data": form}
            )
            guess.start()
            assert stretching.wait(10)
            case, ident, _ = submission(1)
            sent = device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(1))
            go_on.set()
            guess.join()
        assert sent.status_code == 201


def test_nothing_that_anybody_typed_becomes_part_of_a_page(site: Site) -> None:
    site.province.database.write(accounts.add_office, "script", SCRIPT, "530102101")
    device = TestDevice(site.province, site.http, "script")
    case, ident, _ = submission(77)
    content = SCRIPT.encode()
    members = body(77, [content])
    xml = f"<data id='x'><name>{'张'}</name><why><![CDATA[{SCRIPT}]]></why></data>".encode()
    members |= {
        "number": SCRIPT[:60],
        "accepted_by": SCRIPT,
        "applicant": {"name": SCRIPT, "id_no": SCRIPT[:40]},
        "xml": to_b64(xml),
        "sha256": sha256(xml).hexdigest(),
        "attachments": [
            {
                "name": SCRIPT,
                "media_type": "text/html",
                "size": len(content),
                "sha256": sha256(content).hexdigest(),
            }
        ],
    }
    path = f"/cases/{case}/submissions/{ident}"
    assert device.call("PUT", path, json=members).status_code == 202
    window = accounts.Caller(device.id, "script")
    site.province.uploads.create(window, sha256(content).hexdigest(), len(content))
    site.province.uploads.append(
        "script",
        sha256(content).hexdigest(),
        offset=0,
        chunk=content,
        checksum=sha256(content).digest(),
    )
    assert device.call("PUT", path, json=members).status_code == 201
    csrf = site.sign_in()
    form = {"csrf": csrf, "action": "supplement", "reason": SCRIPT, "seen": str(ident)}
    assert site.http.post(f"/desk/cases/{case}/decision", data=form).status_code == 303
    pages = [
        site.http.get(f"/desk/cases/{case}"),
        site.http.get("/desk", params={"status": "all", "q": SCRIPT[:50]}),
        site.http.get("/desk", params={"status": SCRIPT[:30], "department": SCRIPT[:60]}),
        site.http.get("/verify", params={"code": SCRIPT, "lang": SCRIPT}),
        site.http.get("/verify", params={"number": SCRIPT[:60], "name": SCRIPT}),
        site.http.post("/desk/sign-in", data={"login": SCRIPT, "password": "x"}),
    ]
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "script-src" in page.headers["Content-Security-Policy"] or (
            "default-src 'none'" in page.headers["Content-Security-Policy"]
        )
    assert "&lt;script" in pages[0].text
    file = site.http.get(f"/desk/cases/{case}/files/0")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in file.headers["Content-Disposition"]


def test_the_desk_s_cookie_is_for_the_desk_alone_and_its_forms_need_their_token(
    lines: Site,
) -> None:
    site = lines
    site.http.cookies.clear()
    answer = site.http.post("/desk/sign-in", data={"login": "reviewer", "password": "geheim"})
    cookie = answer.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/desk" in cookie
    for path in ("/desk/next", "/desk/sign-out", "/desk/cases/0193a0c0/decision"):
        refused = site.http.post(path, data={"csrf": "x", "action": "grant"})
        assert refused.headers.get("Location") == "/desk/sign-in"
    assert site.http.get("/desk").status_code == 200, "and it did not sign anybody out"


def test_no_made_up_code_breaks_the_check(lines: Site) -> None:
    odd = [
        b"",
        b"\x84",
        b"\x81" * 1200,
        b"\x84\x40\xa0\x40\x40",
        b"\xd8\x1c\x84\xd8\x1d\x00\xa0\x40\x40",
        b"\xc5\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x84\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x84\x43\xa1\x01\x27\xa0\x40\x58\x40" + bytes(64),
    ]
    for data in odd:
        for text in ("LM1:" + to_base45(data), to_base45(data) + " ", "lm1:" + to_base45(data)):
            said = lines.http.get("/api/v1/verify", params={"code": text})
            assert said.status_code in (200, 422)
            if said.status_code == 200:
                assert said.json()["state"] == "forged"


def test_neither_log_nor_numbers_nor_health_tell_of_anybody(lines: Site) -> None:
    site = lines
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(telemetry.JsonLines())
    logging.getLogger().addHandler(handler)
    telemetry.log.setLevel("INFO")
    try:
        device = TestDevice(site.province, site.http)
        case, ident, _ = submission(5)
        members = body(5) | {"applicant": {"name": CANARY, "id_no": CANARY}}
        for broken in (members, members | {"accepted_at": CANARY}, members | {"xml": CANARY}):
            device.call("PUT", f"/cases/{case}/submissions/{ident}", json=broken)
        change = {"fields": {CANARY: {"new": CANARY}}, "at": CANARY, "by": CANARY}
        device.call("PUT", f"/residents/{case}/changes/{ident}", json=change)
        site.http.get("/verify", params={"number": CANARY, "name": CANARY})
        site.http.post("/desk/sign-in", data={"login": CANARY, "password": CANARY})
        site.http.get(f"/desk/cases/{CANARY}")
        site.http.get(f"/{CANARY}", headers={"User-Agent": "canary", "Referer": "/canary"})
        site.raw(f"GET /{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\nX\r\n\r\n".encode())
        told = out.getvalue() + telemetry.metrics().decode()
        told += "".join(site.http.get(f"/health{end}").text for end in ("", "/live", "/ready"))
    finally:
        logging.getLogger().removeHandler(handler)
    assert CANARY not in told
    assert json.dumps(CANARY)[1:-1] not in told
    assert "canary" not in told
    assert device.headers["Authorization"].partition(" ")[2] not in told
    assert re.search(r'"route": ?"/verify"', told), "and it did write a log"
