"""Whatever answers in an OpenRosa server's place, the client says why in words and never breaks.

LASTMILE_ANSWERS: how many scripts of answers are tried, 80 if it is not set.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import SyncError
from sync.openrosa import OpenRosa, Progress
from sync.openrosa_code import Account
from sync.openrosa_wire import FormEntry, Part
from tests.sync.crossing import Stand, plain_answer, read_head
from tests.sync.openrosa_server import Kind, Offered, Server
from tests.sync.test_openrosa import document

STATUSES = (
    *(200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 400, 401, 401, 401, 402, 403, 404, 405),
    *(406, 408, 409, 410, 411, 413, 421, 422, 423, 425, 429, 431, 451, 500, 501, 502, 503, 504),
    *(507, 511, 520, 599),
)
LIST = b'<xforms xmlns="http://openrosa.org/xforms/xformsList"><xform><formID>a</formID>%s</xform></xforms>'
BODIES = (
    b"",
    b"<html><body>Log in</body></html>",
    b"<?xml version='1.0' encoding='nonsense'?><a/>",
    LIST % b"<downloadUrl>http://[</downloadUrl>",
    LIST % b"<downloadUrl>/a.xml</downloadUrl><manifestUrl>//[::1</manifestUrl>",
    b'<manifest xmlns="http://openrosa.org/xforms/xformsManifest"><mediaFile/></manifest>',
    b'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message/></OpenRosaResponse>',
    b"<data><entities><entity><deleted>true</deleted></entity></entities></data>",
    b"<a>" * 3000,
    b'{"message": 5, "detail": null, "error": ["x"]}',
    b"[]",
    b"null",
    b'{"message": "' + "说".encode() * 400 + b'"}',
    b"{" * 5000,
    b"\xff\xfe\x00\x01",
    gzip.compress(b"<a/>")[:-3],
)
HEADERS = (
    "X-OpenRosa-Version: 1.0",
    "X-OpenRosa-Accept-Content-Length: -1",
    "X-OpenRosa-Accept-Content-Length: " + "9" * 6000,
    "X-OpenRosa-Accept-Content-Length: ²",
    "Retry-After: soon",
    "Retry-After: " + "9" * 50,
    "WWW-Authenticate: Digest",
    "WWW-Authenticate: digest realm=x",
    'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth-int"',
    'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=ROT13, qop="auth"',
    'WWW-Authenticate: Digest realm="登记", nonce="n", qop="auth", opaque="Ω"',
    'WWW-Authenticate: Basic realm="digest"',
    "Location: ",
    "Location: http://[",
    "Location: //",
    "Location: /elsewhere",
    "Location: https://127.0.0.1:1/x",
    "Location: javascript:void(0)",
    "Content-Encoding: gzip",
    "Content-Encoding: zstd",
    "Content-Type: text/xml; charset=no-such",
    "Set-Cookie: a=b",
)
answers = st.lists(
    st.tuples(
        st.sampled_from(STATUSES),
        st.lists(st.sampled_from(HEADERS), max_size=4),
        st.sampled_from(BODIES),
    ),
    min_size=1,
    max_size=8,
)


class Scripted(Stand):
    """A server that says one answer after the other, and the last again and again."""

    def __init__(self) -> None:
        super().__init__(self._say)
        self.left: list[bytes] = []

    def _say(self, peer: socket.socket) -> None:
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", read_head(peer))
        left = int(length[1]) if length else 0
        while left > 0 and (came := peer.recv(65_536)):
            left -= len(came)
        answer = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        with contextlib.suppress(OSError):
            peer.sendall(answer)


@pytest.fixture(scope="module")
def stand() -> Iterator[Scripted]:
    made = Scripted()
    with made:
        yield made


@settings(max_examples=int(os.environ.get("LASTMILE_ANSWERS", "80")), deadline=None)
@given(answers=answers, scheme=st.sampled_from(("auto", "digest", "token")))
def test_no_answer_breaks_the_client(
    stand: Scripted, answers: list[tuple[int, list[str], bytes]], scheme: str
) -> None:
    stand.left = [plain_answer(f"{s} X", *heads, body=body) for s, heads, body in answers]
    base = f"http://localhost:{stand.port}/p"
    link = OpenRosa(
        Account(base, "walter", "geheim", scheme), lambda: datetime.now(UTC), timeouts=(1, 1)
    )
    entry = FormEntry("a", "1", "a", "md5:x", f"{base}/a.xml", f"{base}/manifest")
    for ask in (
        link.form_list,
        lambda: link.manifest(entry),
        lambda: link.download(entry.url, entry.hash),
        lambda: link.deleted(f"{base}/integrity", {"x"}),
        lambda: link.submit(document("uuid:1", "file-1.jpg"), [Part("file-1.jpg", "x/y", b"x")]),
    ):
        with contextlib.suppress(SyncError):
            ask()
    link.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(forms=[Offered("census", "3", "census", b"<h:html/>")]) as made:
        yield made
        assert made.wrong == []


@settings(max_examples=int(os.environ.get("LASTMILE_ANSWERS", "80")) // 4, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 60_000), max_size=9),
    spare=st.integers(0, 100_000),
    faults=st.lists(st.sampled_from((0, 408, 423, 500, 502, 503)), max_size=6),
    kind=st.sampled_from(("plain", "central", "kobo", "ona")),
    anew=st.booleans(),  # as after the program began again: nothing of before is known
)
def test_all_files_arrive_whatever_breaks_and_however_little_goes_through(
    server: Server, sizes: list[int], spare: int, faults: list[int], kind: Kind, anew: bool
) -> None:
    server.kind, server.held, server.faults = kind, {}, list(faults)
    server.proxy_limit = max(sizes, default=0) + 2000 + spare  # the largest goes through alone
    files = [Part(f"file-{n}.jpg", "image/jpeg", bytes([n]) * s) for n, s in enumerate(sizes)]
    xml = document("uuid:1", *(each.name for each in files))
    link, failed, sent = connection(server, Progress()), list[SyncError](), False
    while not sent and len(failed) <= len(faults):
        try:
            link.submit(xml, files)
            sent = True
        except SyncError as error:
            failed.append(error)
            link.close()
            link = connection(server, Progress() if anew else link.progress)
    link.close()
    assert sent
    assert all(error.retry for error in failed)
    held = server.held["uuid:1"]
    assert (held.xml, held.files) == (xml, {each.name: each.content for each in files})
    assert held.complete


def connection(server: Server, progress: Progress) -> OpenRosa:
    account = Account(server.url, "walter", "geheim")
    return OpenRosa(account, lambda: datetime.now(UTC), progress=progress)
