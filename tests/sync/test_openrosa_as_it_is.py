"""OpenRosa against servers as their own source has them, where it is not the specification's."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sync.errors import SyncError
from sync.openrosa import OpenRosa, Progress
from sync.openrosa_address import secured
from sync.openrosa_code import Account, tidy_url
from sync.openrosa_errors import (
    IssuerUnknown,
    LoginRefused,
    NoOpenRosa,
    NoProjectHere,
    RequestRefused,
    SentElsewhere,
    ServerBusy,
    ServerClock,
    ServerFailed,
    ServerUnreachable,
    StillWorking,
    SubmissionRefused,
    UnsafeAddress,
    UnsafeServer,
)
from sync.openrosa_wire import FormEntry, Part
from sync.route import Route
from tests.sync.crossing import Issuer, Stand, plain_answer, read_head
from tests.sync.openrosa_answers import message
from tests.sync.openrosa_server import Offered, Server
from tests.sync.test_openrosa import document

JPG = "image/jpeg"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    form = Offered("census", "3", "人口登记", b"<h:html/>", {"villages.csv": b"name,label\n1,x\n"})
    with Server(kind="central", forms=[form], limit=100_000_000) as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def link(server: Server) -> Iterator[OpenRosa]:
    made = OpenRosa(Account(server.url, "walter", "geheim"), now)
    yield made
    made.close()


def refused(link: OpenRosa, xml: bytes, *files: Part) -> SyncError:
    with pytest.raises(SyncError) as caught:
        link.submit(xml, files)
    return caught.value


def statuses(receipt: bytes) -> list[int]:
    return [part["status"] for part in json.loads(receipt)["parts"]]


# --- Central ---


def test_a_correction_in_several_requests_is_one_correction(server: Server, link: OpenRosa) -> None:
    server.limit = 600_000
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 400_000) for n in range(3)]
    names = [each.name for each in files]
    link.submit(document("uuid:1", *names), files)
    edit = document("uuid:2", *names, deprecated="uuid:1")
    server.faults = [0, 503]
    assert isinstance(refused(link, edit, *files), ServerBusy)
    assert statuses(link.submit(edit, files)) == [201, 201]
    assert server.held["uuid:2"].files == {each.name: each.content for each in files}
    assert isinstance(refused(link, document("uuid:3", deprecated="uuid:1")), SubmissionRefused)


def test_a_submission_that_was_deleted_or_corrected_there_is_not_sent_for_ever(
    server: Server, link: OpenRosa
) -> None:
    for state in ("deleted", "deprecated"):
        link.submit(document(f"uuid:{state}"), [])
        setattr(server.held[f"uuid:{state}"], state, True)
        error = refused(link, document(f"uuid:{state}"))
        assert (type(error), error.retry) == (SubmissionRefused, False)


def test_a_version_that_was_never_published_is_refused_and_an_older_one_is_not(
    server: Server, link: OpenRosa
) -> None:
    server.forms[0].version = "4"
    assert "does not exist" in str(refused(link, document("uuid:1")).fields["reason"])
    server.forms[0].older = frozenset({"3"})
    assert statuses(link.submit(document("uuid:1"), [])) == [201]


@pytest.mark.parametrize("form_id", ["with blanks/and ü", "人口 登记"])
def test_a_form_is_had_whatever_its_id_and_without_a_version(
    server: Server, link: OpenRosa, form_id: str
) -> None:
    server.forms[0].form_id, server.forms[0].version = form_id, ""
    server.forms[0].xml = b"<h:html>" + b"x" * 5000 + b"</h:html>"  # comes as gzip
    (entry,) = link.form_list()
    assert link.download(entry.url, entry.hash) == server.forms[0].xml
    (media,) = link.manifest(entry)
    assert link.download(media.url, media.hash).startswith(b"name,label")


def test_a_draft_has_its_files_and_a_wrong_place_to_ask_what_is_gone(server: Server) -> None:
    server.key, server.draft = "d" * 64, "census"
    server.forms[0].entities = frozenset({"villages.csv"})
    link = OpenRosa(Account(server.url), now)
    (entry,) = link.form_list()
    (media,) = link.manifest(entry)
    assert link.download(entry.url, entry.hash) == b"<h:html/>"
    assert link.download(media.url, "").startswith(b"name,label")
    with pytest.raises(SentElsewhere):
        link.deleted(media.integrity_url, {"x"})
    link.close()


def test_a_key_that_was_withdrawn_stops_everything_and_a_published_draft_is_gone(
    server: Server,
) -> None:
    server.key = "k" * 64
    for spoilt, words in (("x" * 64, LoginRefused), ("short", LoginRefused)):
        link = OpenRosa(Account(server.url.replace(server.key, spoilt)), now)
        with pytest.raises(words):
            link.form_list()
        assert isinstance(refused(link, document("uuid:1")), words)
        link.close()
    server.draft = "census"
    link = OpenRosa(Account(server.url.replace(server.key, "x" * 64)), now)
    with pytest.raises(NoProjectHere):
        link.form_list()
    assert isinstance(refused(link, document("uuid:1")), SubmissionRefused)
    link.close()


@pytest.mark.parametrize("kind", ["central", "kobo", "ona", "plain"])
def test_a_password_in_chinese_lets_in(server: Server, kind: str) -> None:
    server.kind, server.password = kind, "密码é:1"  # type: ignore[assignment]
    link = OpenRosa(Account(server.url, "walter", "密码é:1"), now)
    assert len(link.form_list()) == 1
    assert statuses(link.submit(document("uuid:1"), [])) == [201]
    link.close()


@pytest.mark.parametrize("scheme", ["digest", "token", "auto"])
def test_what_no_header_can_carry_is_a_wrong_login(server: Server, scheme: str) -> None:
    server.kind = "ona"
    link = OpenRosa(Account(server.url, "张三", "密码", scheme), now)
    with pytest.raises(LoginRefused):
        link.form_list()
    link.close()


# --- Kobo, Ona ---


def test_a_submission_that_the_server_is_still_busy_with_is_sent_again(server: Server) -> None:
    server.kind, server.faults = "kobo", [423]
    link = OpenRosa(Account(server.url, "walter", "geheim"), now)
    error = refused(link, document("uuid:1"))
    assert (type(error), error.retry, error.ends_round) == (StillWorking, True, False)
    assert statuses(link.submit(document("uuid:1"), [])) == [201]
    assert statuses(link.submit(document("uuid:1"), [])) == [202]
    link.close()


def test_what_kobo_takes_no_submission_for_is_told_in_its_words(server: Server) -> None:
    server.kind, server.faults = "kobo", [402]
    link = OpenRosa(Account(server.url, "walter", "geheim"), now)
    assert refused(link, document("uuid:1")).fields == {"reason": "spoilt"}
    server.forms[0].allowed = False
    assert "rights" in str(refused(link, document("uuid:1")).fields["reason"])
    server.forms[0].closed = True
    assert "accepting" in str(refused(link, document("uuid:1")).fields["reason"])
    link.close()


def test_a_token_lets_into_ona_too(server: Server) -> None:
    server.kind = "ona"
    link = OpenRosa(Account(server.url, "", server.token, "token"), now)
    assert len(link.form_list()) == 1
    assert statuses(link.submit(document("uuid:1"), [])) == [201]
    link.close()


def test_a_proof_that_grows_old_between_two_requests_is_made_anew(server: Server) -> None:
    server.kind, server.limit, server.nonce_uses = "plain", 300_000, 2
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 250_000) for n in range(4)]
    link = OpenRosa(Account(server.url, "walter", "geheim"), now)
    link.submit(document("uuid:1", *(each.name for each in files)), files)
    assert server.held["uuid:1"].files == {each.name: each.content for each in files}
    link.close()


# --- what stands before a server ---


def test_a_firewall_that_lets_no_head_through_stops_no_submission(
    server: Server, link: OpenRosa
) -> None:
    server.heads = False
    assert statuses(link.submit(document("uuid:1"), [])) == [201]
    server.password = "another"
    assert isinstance(refused(link, document("uuid:2")), LoginRefused)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (406, RequestRefused),
        (408, ServerUnreachable),
        (421, NoProjectHere),
        (511, NoOpenRosa),
    ],
)
def test_an_answer_to_a_question_is_not_said_of_a_submission(
    server: Server, link: OpenRosa, status: int, error: type[SyncError]
) -> None:
    server.looks = [status]
    with pytest.raises(error):
        link.form_list()
    assert len(link.form_list()) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_a_submission_that_broke_on_its_way_is_sent_again(
    server: Server, link: OpenRosa, status: int
) -> None:
    server.faults = [status]
    assert refused(link, document("uuid:1")).retry
    assert statuses(link.submit(document("uuid:1"), [])) == [201]


@pytest.mark.parametrize(
    ("wait", "meant"),
    [("7", 7), ("9" * 30, 3600), ("9" * 5000, 30), ("Wed, 25 Nov 2026 08:00:00 GMT", 30)],
)
def test_patience_has_an_end(wait: str, meant: int) -> None:
    with Stand(lambda _peer: None) as stand:
        stand.answer = stand.saying(plain_answer("429 Too Many Requests", f"Retry-After: {wait}"))
        link = OpenRosa(Account(f"http://localhost:{stand.port}"), now)
        with pytest.raises(ServerBusy) as caught:
            link.form_list()
        assert caught.value.fields == {"wait_s": meant}
        link.close()


@pytest.mark.parametrize("url", ["http://[bad", "https://kc.example:port/x", "//[::1", "https://"])
def test_an_address_that_is_none_is_no_reason_to_break(link: OpenRosa, url: str) -> None:
    with pytest.raises(SyncError):
        link.manifest(FormEntry("x", "1", "x", "", "", manifest_url=url))
    with pytest.raises(SyncError):
        link.download(url, "")
    with pytest.raises(UnsafeAddress):
        OpenRosa(Account(tidy_url("https://[bad")), now)


def test_a_name_in_chinese_is_the_same_server_as_its_ascii_form() -> None:
    link = OpenRosa(Account(tidy_url("https://表单.Example/v1/projects/1")), now)
    assert secured("http://xn--4krz84j.example/x?a=1", link._base).startswith(
        "https://表单.example"
    )
    link.demand_ours("https://xn--4krz84j.example/v1/projects/1/submission")
    with pytest.raises(SentElsewhere):
        link.demand_ours("https://xn--4krz84k.example/v1/projects/1/submission")
    link.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "https://central.example/#/projects/7/form-access",
            "https://central.example/v1/projects/7",
        ),
        ("https://central.example/projects/7/app-users", "https://central.example/v1/projects/7"),
        ("https://odk.ona.io/projects/7/formList", "https://odk.ona.io/projects/7"),
        ("https://central.example:8443/", "https://central.example:8443"),
        (
            "http://localhost:8383/v1/key/abc/projects/1/",
            "http://localhost:8383/v1/key/abc/projects/1",
        ),
        ("https://gov.example/odk/v1/projects/1", "https://gov.example/odk/v1/projects/1"),
        ("HTTPS://KC.Example/", "https://kc.example"),
        ("https://li:geheim@kc.example/", "https://kc.example"),
    ],
)
def test_an_address_is_taken_as_a_browser_shows_it(typed: str, meant: str) -> None:
    assert tidy_url(typed) == meant


def test_a_server_that_calls_itself_by_another_name_is_no_wrong_login(
    server: Server, link: OpenRosa
) -> None:
    server.domain = f"http://localhost:{server.port}"
    (entry,) = link.form_list()
    for ask in (lambda: link.download(entry.url, entry.hash), lambda: link.manifest(entry)):
        with pytest.raises(SentElsewhere) as caught:
            ask()
        assert caught.value.fields == {"host": "localhost"}
    server.wrong.clear()  # what went to the other name bore nothing of OpenRosa
    server.domain, server.store, server.store_refuses = "", True, True
    (media,) = link.manifest(link.form_list()[0])
    with pytest.raises(RequestRefused):
        link.download(media.url, media.hash)


# --- safe connections ---


def over_tls(stand: Stand, ca: Path | None) -> SyncError:
    link = OpenRosa(Account(f"https://localhost:{stand.port}"), now, route=Route(ca=ca))
    with pytest.raises(SyncError) as caught:
        link.form_list()
    link.close()
    return caught.value


def test_why_a_connection_is_not_safe_is_told(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    with Stand(lambda _peer: None, issuer.server()) as stand:
        assert type(over_tls(stand, None)) is IssuerUnknown
        stand.tls = issuer.server("wifi.example")
        assert type(over_tls(stand, issuer.file)) is UnsafeServer
        stand.tls = issuer.server(days=(-40, -10))
        theirs = now().replace(microsecond=0) - timedelta(days=20)
        stand.answer = stand.saying(plain_answer("200 OK", f"Date: {format_datetime(theirs)}"))
        assert type(over_tls(stand, issuer.file)) is ServerClock
        stand.tls = issuer.server()
        assert type(over_tls(stand, issuer.file)) is NoOpenRosa


# --- poor lines ---


def test_a_line_that_takes_long_for_a_large_file_carries_it_all_the_same() -> None:
    photo = bytes(8_000_000)
    got = bytearray()

    def slowly(peer: socket.socket) -> None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        head = read_head(peer)
        if head.startswith(b"HEAD"):
            peer.sendall(plain_answer("404 Not Found"))
            return
        while len(got) < len(photo):
            got.extend(peer.recv(65_536))
            time.sleep(0.01)
        body = message("full submission upload was successful!")
        peer.sendall(plain_answer("201 Created", "X-OpenRosa-Version: 1.0", body=body))

    with Stand(slowly) as stand:
        account = Account(f"http://localhost:{stand.port}")
        link = OpenRosa(account, now, timeouts=(0.3, 5.0))  # 0.3 s for each piece, not for all
        link.submit(document("uuid:1", "file-1.jpg"), [Part("file-1.jpg", JPG, photo)])
        link.close()


def test_what_arrived_before_a_break_is_not_sent_again_by_the_next_connection(
    server: Server,
) -> None:
    server.limit = 600_000
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 500_000) for n in range(3)]
    xml, progress = document("uuid:1", *(each.name for each in files)), Progress()
    server.faults = [0, 0, 500]
    for _ in range(2):  # the loop makes a new connection after each failure
        link = OpenRosa(Account(server.url, "walter", "geheim"), now, progress=progress)
        with contextlib.suppress(ServerFailed):
            link.submit(xml, files)
        link.close()
    assert server.posts == 4
    assert server.held["uuid:1"].files == {each.name: each.content for each in files}


def test_what_a_proxy_does_not_take_is_tried_once_and_remembered(
    server: Server, link: OpenRosa
) -> None:
    server.proxy_limit = 500_000
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 200_000) for n in range(4)]
    names = [each.name for each in files]
    for instance, refused_once in (("uuid:1", 1), ("uuid:2", 0)):
        server.came = server.posts = 0
        link.submit(document(instance, *names), files)
        assert server.held[instance].files == {each.name: each.content for each in files}
        assert server.came - server.posts == refused_once


def test_a_proxy_that_takes_very_little_gets_each_file_by_itself(
    server: Server, link: OpenRosa
) -> None:
    server.proxy_limit = 60_000
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 40_000) for n in range(5)]
    link.submit(document("uuid:1", *(each.name for each in files)), files)
    assert server.held["uuid:1"].files == {each.name: each.content for each in files}
    assert server.posts == 5


def test_requests_are_no_larger_than_the_line_carries_in_its_time(
    server: Server, link: OpenRosa
) -> None:
    files = [Part(f"file-{n}.jpg", JPG, bytes([n]) * 300_000) for n in range(6)]
    names = [each.name for each in files]
    link.submit(document("uuid:1", *names), files)
    assert server.posts == 2  # nothing was known of the line yet
    link.submit(document("uuid:2", *names), files)
    assert server.posts == 3
    assert server.held["uuid:2"].files == {each.name: each.content for each in files}
