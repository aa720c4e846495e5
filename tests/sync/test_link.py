"""Every way a link can fail has its own name, and what it was given stays with whom it is for."""

from __future__ import annotations

import base64
import contextlib
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sync import content, tls
from sync.errors import (
    CaptivePortal,
    CaUnreadable,
    CertificateExpired,
    ClockWrong,
    DeviceCertificateRefused,
    NotAProvince,
    Offline,
    ProxyFailed,
    ProxySignIn,
    SyncError,
    TlsUnlike,
    UnknownIssuer,
    WrongName,
)
from sync.http import Link
from sync.pace import Pace
from sync.portal import page_to_sign_in
from sync.providers.sending import _grouped
from sync.route import NO_PROXY, Route
from tests.sync.crossing import Issuer, Stand, plain_answer, proxy, read_head
from tests.sync.memory import make_parcel

META = plain_answer(
    "200 OK", "Lastmile-Protocol: 1.1", "Content-Type: application/json", body=b'{"name":"p"}'
)
PAGE = plain_answer("200 OK", "Content-Type: text/html", body=b"<h1>WiFi</h1>")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand(lambda _peer: None)
    made.answer = made.saying(META)
    with made:
        yield made


def ask(stand: Stand, **route: object) -> dict[str, object]:
    link = Link(f"https://localhost:{stand.port}", Route(**route))  # type: ignore[arg-type]
    try:
        return link.send("GET", "/meta", token="secret-token").json()
    finally:
        link.close()


def refused(stand: Stand, **route: object) -> SyncError:
    with pytest.raises(SyncError) as caught:
        ask(stand, **route)
    error = caught.value
    assert error.__suppress_context__ or error.__context__ is None  # a log quotes no request
    return error


def test_a_pinned_issuer_is_believed_and_no_other(issuer: Issuer, stand: Stand) -> None:
    stand.tls = issuer.server()
    assert ask(stand, ca=issuer.file, pinned=True) == {"name": "p"}
    assert ask(stand, ca=issuer.file) == {"name": "p"}
    assert type(refused(stand)) is UnknownIssuer
    stand.tls = Issuer(issuer.file.parent, "another").server()
    assert type(refused(stand, ca=issuer.file, pinned=True)) is UnknownIssuer


def test_a_certificate_that_is_over_is_told_from_a_clock_that_is_wrong(
    issuer: Issuer, stand: Stand
) -> None:
    stand.tls = issuer.server(days=(-40, -10))
    over = refused(stand, ca=issuer.file)
    assert type(over) is CertificateExpired
    until = datetime.now(UTC).date() - timedelta(days=10)
    assert over.fields["until"] == until.isoformat()
    theirs = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
    stand.answer = stand.saying(plain_answer("200 OK", f"Date: {format_datetime(theirs)}"))
    clock = refused(stand, ca=issuer.file)
    assert type(clock) is ClockWrong
    assert clock.fields["theirs"] == theirs.astimezone().strftime("%Y-%m-%d %H:%M")
    assert not any(b"secret-token" in head for head in stand.asked)


def test_a_certificate_for_another_name_says_so(issuer: Issuer, stand: Stand) -> None:
    stand.tls = issuer.server("wifi.example")
    wrong = refused(stand, ca=issuer.file)
    assert type(wrong) is WrongName
    assert wrong.fields["host"] == "localhost"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_mutual_tls_lets_in_who_shows_a_certificate(
    issuer: Issuer, stand: Stand, version: ssl.TLSVersion
) -> None:
    stand.tls = issuer.server()
    stand.tls.verify_mode = ssl.CERT_REQUIRED
    stand.tls.minimum_version = stand.tls.maximum_version = version
    stand.tls.load_verify_locations(issuer.file)
    mine = issuer.device()
    assert ask(stand, ca=issuer.file, certificate=mine) == {"name": "p"}
    foreign = Issuer(issuer.file.parent, "foreign").device()
    over = issuer.device(days=(-9, -1))
    for shown in (foreign, over):
        assert type(refused(stand, ca=issuer.file, certificate=shown)) is DeviceCertificateRefused
    none = type(refused(stand, ca=issuer.file))
    # TLS 1.2 has no alert of its own for it: a failed handshake is all that is said.
    assert none is (TlsUnlike if version is ssl.TLSVersion.TLSv1_2 else DeviceCertificateRefused)


def test_the_key_of_the_device_never_lies_in_a_file_in_clear(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    load: Callable[..., None] = ssl.SSLContext.load_cert_chain

    def watch(self: ssl.SSLContext, file: str, **more: object) -> None:
        seen.append(Path(file).read_bytes())
        load(self, file, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watch)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = issuer.device()
    Route(certificate=mine).trust()
    assert b"ENCRYPTED" in seen[0]
    assert b"BEGIN PRIVATE KEY" not in seen[0]
    assert list(tmp_path.iterdir()) == []
    assert "PRIVATE" not in repr(Route(certificate=mine, proxy_password="geheim"))
    assert "geheim" not in repr(Route(proxy_password="geheim"))


def test_who_speaks_no_tls_is_told_apart(stand: Stand) -> None:

    def speak_plainly(peer: socket.socket) -> None:
        peer.recv(65_536)
        peer.sendall(PAGE)

    stand.answer = speak_plainly
    assert type(refused(stand)) is TlsUnlike


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (plain_answer("404 Not Found", "Content-Type: text/html"), NotAProvince),
        (plain_answer("302 Found", "Location: https://sso.example/"), NotAProvince),
        (plain_answer("511 Network Authentication Required"), CaptivePortal),
        (plain_answer("502 Bad Gateway"), Offline),
        (b"HTTP/1.1 200 OK\r\nLastmile-Protocol: 1.1\r\nContent-Length: 9\r\n\r\nhalf", Offline),
        (b"", Offline),
    ],
)
def test_an_answer_that_is_not_the_provinces_is_not_believed(
    issuer: Issuer, stand: Stand, answer: bytes, wanted: type[SyncError]
) -> None:
    stand.tls, stand.answer = issuer.server(), stand.saying(answer)
    assert type(refused(stand, ca=issuer.file)) is wanted


def test_an_answer_that_drips_holds_nobody_up(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.http.DRIP_S", 0.2)
    ended = threading.Event()

    def drip(peer: socket.socket) -> None:
        read_head(peer)
        peer.sendall(b"HTTP/1.1 200 OK\r\nLastmile-Protocol: 1.1\r\nContent-Length: 4000\r\n\r\n")
        with contextlib.suppress(OSError):
            while not ended.wait(0.02):
                peer.sendall(b" ")

    stand.answer = drip
    link = Link(f"http://127.0.0.1:{stand.port}")
    try:
        with pytest.raises(Offline):
            link.send("GET", "/meta")
    finally:
        ended.set()
        link.close()


def test_a_file_of_issuers_that_is_none_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(CaUnreadable):
        Link("https://localhost:1", Route(ca=tmp_path / "missing.pem"))
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(CaUnreadable):
        Link("https://localhost:1", Route(ca=tmp_path / "empty.pem"))


def test_a_proxy_with_a_password_is_told_it_and_the_province_is_not(
    issuer: Issuer, stand: Stand
) -> None:
    stand.tls = issuer.server()
    with proxy("office", "geheim") as between:
        route = {"ca": issuer.file, "proxy": f"http://127.0.0.1:{between.port}"}
        assert ask(stand, **route, proxy_user="office", proxy_password="geheim") == {"name": "p"}
        assert base64.b64encode(b"office:geheim") in between.asked[0]
        assert not any(b"Proxy-Authorization" in head for head in stand.asked)
        assert not any(b"secret-token" in head for head in between.asked)
        assert type(refused(stand, **route)) is ProxySignIn
        assert type(refused(stand, **route, proxy_user="o", proxy_password="x")) is ProxySignIn
    assert type(refused(stand, **route)) is ProxyFailed


def test_the_systems_proxy_is_used_unless_told_otherwise(
    issuer: Issuer, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert Route().proxy_for("https://province.example") == "http://proxy.example:3128"
    assert Route().proxy_for("https://inside.example") == ""
    assert Route().proxy_for("http://127.0.0.1:80") == ""
    assert Route(proxy=NO_PROXY).proxy_for("https://province.example") == ""


def test_no_netrc_of_this_computer_speaks_for_the_device(
    issuer: Issuer, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine localhost login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    stand.tls = issuer.server()
    ask(stand, ca=issuer.file)
    assert b"Bearer secret-token" in stand.asked[0]


@pytest.mark.parametrize(
    ("answer", "portal"),
    [
        (plain_answer("302 Found", "Location: http://login.wifi.example/?x=1"), True),
        (plain_answer("307 Temporary Redirect", "Location: https://login.wifi.example/"), True),
        (PAGE, True),
        (plain_answer("511 Network Authentication Required", body=b"<a href=x>"), True),
        (plain_answer("301 Moved Permanently", "Location: https://127.0.0.1/"), False),
        (plain_answer("404 Not Found", "Content-Type: text/html"), False),
        (plain_answer("204 No Content"), False),
        (META, False),
        (b"", False),
    ],
)
def test_a_network_that_wants_a_sign_in_is_recognised_without_a_credential(
    stand: Stand, answer: bytes, portal: bool
) -> None:
    stand.answer = stand.saying(answer)
    asked = f"http://127.0.0.1:{stand.port}/"
    assert page_to_sign_in("https://province.example", asked) == (asked if portal else "")
    assert len(stand.asked) == 1
    head = stand.asked[0].lower()
    assert b"authorization" not in head
    assert b"cookie" not in head


def test_a_portal_is_asked_for_at_the_provinces_own_name() -> None:
    assert page_to_sign_in("https://province.invalid:8443") == ""
    assert tls.named(ValueError()) is None


def test_patience_grows_with_what_is_sent_and_shrinks_with_the_speed() -> None:
    pace, megabyte = Pace(), 1024 * 1024
    assert pace.patience_s(megabyte) >= 16 * megabyte / 64_000 * 2  # 64 kbit/s, twice over
    pace.learn(megabyte, 0, 1.0)
    assert pace.patience_s(megabyte) < 60
    for _ in range(20):
        pace.learn(4000, 4000, 1.0)
    assert 7000 < pace.goes_through(1.0) < 9000
    assert pace.patience_s(megabyte) > megabyte / 8000 * 2
    pace.learn(10, 0, 100.0)  # a small exchange tells of distance alone
    assert pace.goes_through(1.0) > 7000


def test_a_slow_line_is_waited_for_as_long_as_its_bytes_need(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The proportions of a chunk of 1 MB over 64 kbit/s, sixty times quicker.
    monkeypatch.setattr("sync.pace.ANSWER_S", 0.4)
    monkeypatch.setattr("sync.pace.SLOWEST", 64_000.0)
    chunk = random.Random(1).randbytes(800_000)

    def read_slowly(peer: socket.socket) -> None:
        read_head(peer)
        left = len(chunk)
        while left > 0:
            left -= len(peer.recv(min(left, 20_000)))
            time.sleep(0.04)
        peer.sendall(META)

    stand.answer = read_slowly
    url = f"http://127.0.0.1:{stand.port}"
    assert Link(url).send("PATCH", "/uploads/x", data=chunk).status == 200
    with pytest.raises(Offline):
        Link(url, timeouts=(5, 0.4)).send("PATCH", "/uploads/x", data=chunk)


def test_large_json_goes_packed_and_proven(stand: Stand) -> None:
    bodies: list[bytes] = []

    def keep(peer: socket.socket) -> None:
        head = read_head(peer)
        stand.asked.append(head)
        length = int(head.lower().split(b"content-length:")[1].split()[0])
        while len(b"".join(bodies)) < length:
            bodies.append(peer.recv(65_536))
        peer.sendall(META)

    stand.answer = keep
    text = "居住证明" * 5000
    Link(f"http://127.0.0.1:{stand.port}").send("POST", "/cases:batch", body={"x": text})
    packed = b"".join(bodies)
    assert len(packed) < 2000
    assert b"Content-Encoding: zstd" in stand.asked[0]
    assert content.digest(packed).encode() in stand.asked[0]
    assert text in content.unpack(packed, "zstd", 10**6).decode()


def test_requests_hold_what_the_line_carries_in_time() -> None:
    parcels, pace = [make_parcel(n, xml=bytes(6000)) for n in range(40)], Pace()
    slow = list(_grouped(parcels, lambda: pace.goes_through(15)))
    assert [len(group) for group in slow] == [13, 13, 13, 1]  # 64 kbit/s while nothing is known
    pace.learn(10**6, 0, 1.0)
    assert [len(group) for group in _grouped(parcels, lambda: pace.goes_through(15))] == [40]
    for _ in range(9):
        pace.broke()
    assert [len(group) for group in _grouped(parcels[:3], lambda: pace.goes_through(1))] == [1] * 3
