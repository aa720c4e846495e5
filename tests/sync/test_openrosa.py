"""OpenRosa against a server that takes the specification at its word."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sync.errors import (
    Busy,
    CaptivePortal,
    Conflict,
    DeviceRefused,
    Offline,
    RecordRefused,
    TooLarge,
    Unexpected,
)
from sync.openrosa import Account, FormEntry, OpenRosa, Part, read_project_code
from tests.sync.openrosa_server import Offered, Server

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
FORM = b"<h:html/>"


@pytest.fixture
def server() -> Iterator[Server]:
    form = Offered("census", "3", "人口登记", FORM, {"villages.csv": b"name,label\n1,x\n"})
    with Server(forms=[form]) as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def link(server: Server) -> Iterator[OpenRosa]:
    made = OpenRosa(Account(server.url, "walter", "geheim", "digest"), NOW)
    yield made
    made.close()


def document(instance: str, *names: str, deprecated: str = "") -> bytes:
    files = "".join(f"<file>{name}</file>" for name in names)
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    meta = f"<meta><instanceID>{instance}</instanceID>{old}</meta>"
    return f'<data id="census" version="3"><name>王伟</name>{files}{meta}</data>'.encode()


def test_forms_come_with_their_files_and_are_held_against_their_hash(
    server: Server, link: OpenRosa
) -> None:
    (form,) = link.form_list()
    assert (form.form_id, form.version, form.name) == ("census", "3", "人口登记")
    assert link.download(form.url, form.hash) == FORM
    (media,) = link.manifest(form)
    assert (media.name, media.entities) == ("villages.csv", False)
    assert link.download(media.url, media.hash).startswith(b"name,label")
    with pytest.raises(Offline):
        link.download(form.url, "md5:" + "0" * 32)


def test_entity_lists_are_told_apart_and_names_that_climb_are_left_out(
    server: Server, link: OpenRosa
) -> None:
    server.forms[0].media = {"people.csv": b"name\n", "..": b"x", "a\\b.csv": b"x", ".hidden": b""}
    server.forms[0].entities = frozenset({"people.csv"})
    (form,) = link.form_list()
    assert [(m.name, m.entities) for m in link.manifest(form)] == [("people.csv", True)]


def test_a_submission_with_its_files_goes_up_once(server: Server, link: OpenRosa) -> None:
    xml = document("uuid:1", "file-a.jpg")
    receipt = json.loads(link.submit(xml, [Part("file-a.jpg", "image/jpeg", b"\xff\xd8photo")]))
    assert receipt["parts"] == [{"said": "full submission upload was successful", "status": 201}]
    held = server.held["uuid:1"]
    assert (held.xml, held.complete) == (xml, True)
    assert held.files == {"file-a.jpg": b"\xff\xd8photo"}
    again = json.loads(link.submit(xml, [Part("file-a.jpg", "image/jpeg", b"\xff\xd8photo")]))
    assert again["parts"][0]["status"] == 202


def test_large_files_go_in_several_requests_of_the_size_that_the_server_takes(
    server: Server, link: OpenRosa
) -> None:
    draw = random.Random(1)
    files = [Part(f"file-{n}.jpg", "image/jpeg", draw.randbytes(120_000)) for n in range(5)]
    link.submit(document("uuid:2", *(f.name for f in files)), files)
    assert server.posts == 3
    assert server.held["uuid:2"].complete
    assert server.held["uuid:2"].files == {f.name: f.content for f in files}


def test_a_file_that_no_request_can_hold_is_said_before_anything_is_sent(
    server: Server, link: OpenRosa
) -> None:
    with pytest.raises(TooLarge):
        link.submit(document("uuid:3"), [Part("file-x.mp4", "video/mp4", bytes(400_000))])
    assert server.posts == 0


def test_a_break_between_parts_is_made_good_by_sending_again(
    server: Server, link: OpenRosa
) -> None:
    files = [Part(f"file-{n}.jpg", "image/jpeg", bytes(200_000)) for n in range(2)]
    xml = document("uuid:4", *(f.name for f in files))
    server.faults = [0, 503]
    with pytest.raises(Busy):
        link.submit(xml, files)
    assert not server.held["uuid:4"].complete
    link.submit(xml, files)
    assert server.held["uuid:4"].complete


def test_a_correction_names_what_it_replaces(server: Server, link: OpenRosa) -> None:
    link.submit(document("uuid:5"), [])
    link.submit(document("uuid:6", deprecated="uuid:5"), [])
    with pytest.raises(RecordRefused):
        link.submit(document("uuid:7", deprecated="uuid:unknown"), [])


def test_refusals_come_in_the_servers_words(server: Server, link: OpenRosa) -> None:
    link.submit(document("uuid:8"), [])
    with pytest.raises(Conflict):
        link.submit(document("uuid:8") + b"<!-- other -->", [])
    with pytest.raises(RecordRefused) as caught:
        link.submit(b'<data id="other"><meta><instanceID>uuid:9</instanceID></meta></data>', [])
    assert caught.value.fields == {"reason": "no such form"}


def test_a_wrong_password_stops_and_an_app_users_token_needs_none(server: Server) -> None:
    wrong = OpenRosa(Account(server.url, "walter", "falsch", "digest"), NOW)
    with pytest.raises(DeviceRefused):
        wrong.form_list()
    wrong.close()
    server.key = "t0ken"
    keyed = OpenRosa(Account(server.url), NOW)
    assert len(keyed.form_list()) == 1
    keyed.close()


def test_no_request_leaves_for_another_server(server: Server, link: OpenRosa) -> None:
    with pytest.raises(CaptivePortal):
        link.download("http://127.0.0.1:1/elsewhere", "")
    entry = FormEntry("x", "1", "x", "", "", manifest_url="http://example.invalid/manifest")
    with pytest.raises(CaptivePortal):
        link.manifest(entry)
    with pytest.raises(Unexpected):
        OpenRosa(Account("http://example.invalid"), NOW)


def test_a_list_that_is_no_list_is_a_captive_portal(server: Server, link: OpenRosa) -> None:
    server.forms[0].name = "<b"
    with pytest.raises(CaptivePortal):
        link.form_list()


def code(settings: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()


def test_a_projects_settings_code_is_read() -> None:
    url = "https://central.example/v1/key/abc/projects/7"
    got = read_project_code(
        code(
            {
                "general": {"server_url": url, "form_update_mode": "match_exactly"},
                "admin": {},
                "project": {"name": "人口"},
            }
        )
    )
    assert (got.url, got.login, got.name) == (url, "", "人口")
    assert "abc" not in repr(got)


@pytest.mark.parametrize(
    "text", ["", "?", code({}), code([]), code({"general": {}}), base64.b64encode(b"x").decode()]
)
def test_what_is_no_settings_code_is_refused(text: str) -> None:
    with pytest.raises(Unexpected):
        read_project_code(text)
