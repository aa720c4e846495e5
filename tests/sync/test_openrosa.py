"""OpenRosa against a server that takes the specification at its word."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sync.errors import Busy, CaptivePortal, DeviceRefused, Offline, RecordRefused, TooLarge
from sync.openrosa import OpenRosa
from sync.openrosa_address import secured
from sync.openrosa_code import Account, read_project_code, tidy_url
from sync.openrosa_errors import NoProjectHere, NoSettingsCode, SentElsewhere, UnsafeAddress
from sync.openrosa_wire import FormEntry, Part, read_list
from tests.sync.openrosa_intake import Held
from tests.sync.openrosa_server import Offered, Server


def now() -> datetime:
    return datetime.now(UTC)


FORM = b"<h:html/>"


@pytest.fixture
def server() -> Iterator[Server]:
    form = Offered("census", "3", "人口登记", FORM, {"villages.csv": b"name,label\n1,x\n"})
    with Server(forms=[form]) as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def link(server: Server) -> Iterator[OpenRosa]:
    made = OpenRosa(Account(server.url, "walter", "geheim", "digest"), now)
    yield made
    made.close()


def document(instance: str, *names: str, deprecated: str = "") -> bytes:
    files = "".join(f"<file>{name}</file>" for name in names)
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    meta = f"<meta><instanceID>{instance}</instanceID>{old}</meta>"
    return f'<data id="census" version="3"><name>张三</name>{files}{meta}</data>'.encode()


def test_forms_come_with_their_files_and_are_held_against_their_hash(
    server: Server, link: OpenRosa
) -> None:
    (form,) = link.form_list()
    assert (form.form_id, form.version, form.name) == ("census", "3", "人口登记")
    assert link.download(form.url, form.hash) == FORM
    (media,) = link.manifest(form)
    assert (media.name, media.entities) == ("villages.csv", False)
    assert link.download(media.url, media.hash).startswith(b"name,label")
    assert link.download(form.url, "md5:" + "0" * 32) == FORM  # what comes twice is what there is
    server.forms[0].xml = random.Random(2).randbytes(9)
    server.spoilt = 1
    with pytest.raises(Offline):
        link.download(form.url, form.hash)


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


def test_a_file_over_the_limit_goes_alone_since_the_limit_is_only_advice(
    server: Server, link: OpenRosa
) -> None:
    files = [
        Part("file-1.jpg", "image/jpeg", bytes(100_000)),
        Part("file-2.mp4", "video/mp4", bytes(400_000)),
        Part("file-3.jpg", "image/jpeg", bytes(100_000)),
    ]
    link.submit(document("uuid:3", *(f.name for f in files)), files)
    assert server.posts == 3
    assert server.held["uuid:3"].complete


def test_a_break_between_parts_is_made_good_without_sending_again_what_arrived(
    server: Server, link: OpenRosa
) -> None:
    files = [Part(f"file-{n}.jpg", "image/jpeg", bytes(200_000)) for n in range(2)]
    xml = document("uuid:4", *(f.name for f in files))
    server.faults = [0, 503]
    with pytest.raises(Busy):
        link.submit(xml, files)
    assert [held.complete for held in server.held.values()] == [False]
    link.submit(xml, files)
    assert [held.complete for held in server.held.values()] == [True]
    assert server.posts == 3


def test_a_break_after_the_last_part_is_made_good_by_the_document_alone(
    server: Server, link: OpenRosa
) -> None:
    xml, photo = document("uuid:5a", "file-1.jpg"), Part("file-1.jpg", "image/jpeg", b"x")
    link.submit(xml, [photo])
    link.progress.there[hashlib.sha256(xml).digest()] = {photo.name}
    assert json.loads(link.submit(xml, [photo]))["parts"][0]["status"] == 202


def test_a_correction_names_what_it_replaces(server: Server, link: OpenRosa) -> None:
    link.submit(document("uuid:5"), [])
    link.submit(document("uuid:6", deprecated="uuid:5"), [])
    with pytest.raises(RecordRefused):
        link.submit(document("uuid:7", deprecated="uuid:unknown"), [])


def test_refusals_come_in_the_servers_words(server: Server, link: OpenRosa) -> None:
    link.submit(document("uuid:8"), [])
    with pytest.raises(RecordRefused) as other:
        link.submit(document("uuid:8") + b"<!-- other -->", [])
    assert other.value.fields == {"reason": "another document is held under this instance id"}
    with pytest.raises(RecordRefused) as caught:
        link.submit(b'<data id="other"><meta><instanceID>uuid:9</instanceID></meta></data>', [])
    assert caught.value.fields == {"reason": "no such form"}


def test_a_wrong_password_stops_and_an_app_users_token_needs_none(server: Server) -> None:
    wrong = OpenRosa(Account(server.url, "walter", "falsch", "digest"), now)
    with pytest.raises(DeviceRefused):
        wrong.form_list()
    wrong.close()
    server.key = "t0ken"
    keyed = OpenRosa(Account(server.url), now)
    assert len(keyed.form_list()) == 1
    keyed.close()


def test_no_list_comes_from_another_server_and_nothing_in_the_clear(
    server: Server, link: OpenRosa
) -> None:
    entry = FormEntry("x", "1", "x", "", "", manifest_url="https://example.invalid/manifest")
    with pytest.raises(SentElsewhere) as caught:
        link.manifest(entry)
    assert caught.value.fields == {"host": "example.invalid"}
    with pytest.raises(SentElsewhere):
        link.download("http://example.invalid/form.xml", "")
    with pytest.raises(UnsafeAddress):
        OpenRosa(Account("http://example.invalid"), now)


def test_a_list_that_is_no_list_is_a_captive_portal(server: Server, link: OpenRosa) -> None:
    for name in ("<b", "</name></xform></xforms><!--"):
        server.forms[0].name = name
        with pytest.raises(CaptivePortal):
            link.form_list()
    server.forms[0].name = "x"
    with pytest.raises(CaptivePortal):
        read_list(b'<html xmlns="http://www.w3.org/1999/xhtml"><body>Log in</body></html>')


# --- servers as they are ---


@pytest.fixture
def central(server: Server) -> Server:
    server.kind, server.limit = "central", 100_000_000
    return server


def account(server: Server) -> Account:
    return Account(server.url, "walter", "geheim")


def test_a_login_finds_out_by_itself_whether_the_server_wants_basic_or_digest(
    server: Server,
) -> None:
    for kind in ("central", "kobo", "ona", "plain"):
        server.kind = kind
        link = OpenRosa(account(server), now)
        assert [form.form_id for form in link.form_list()] == ["census"]
        receipt = json.loads(link.submit(document(f"uuid:{kind}"), []))
        assert receipt["parts"][0]["status"] == 201
        link.close()
        wrong = OpenRosa(Account(server.url, "walter", "falsch"), now)
        with pytest.raises(DeviceRefused):
            wrong.form_list()
        wrong.close()


def test_kobos_token_goes_as_a_token(server: Server) -> None:
    server.kind = "kobo"
    link = OpenRosa(Account(server.url, "", server.token, "token"), now)
    assert len(link.form_list()) == 1
    link.submit(document("uuid:token"), [])
    link.close()


def test_a_drafts_test_token_reaches_the_draft_alone(central: Server) -> None:
    central.key, central.draft = "d" * 64, "census"
    link = OpenRosa(Account(central.url), now)
    link.submit(document("uuid:draft"), [])
    assert central.held["uuid:draft"].complete
    link.close()
    wrong = OpenRosa(Account(central.url.replace("dddd", "eeee")), now)
    with pytest.raises(NoProjectHere):
        wrong.form_list()
    wrong.close()


def test_an_entity_list_comes_though_its_hash_is_none_of_its_content(central: Server) -> None:
    central.forms[0].media = {"people.csv": b"name,label,__version\n"}
    central.forms[0].entities = frozenset({"people.csv"})
    link = OpenRosa(account(central), now)
    (media,) = link.manifest(link.form_list()[0])
    assert (media.entities, media.approval) == (True, False)
    assert link.download(media.url, media.hash) == b"name,label,__version\n"
    link.close()


def test_files_come_from_a_store_that_is_never_told_who_asks(server: Server) -> None:
    server.store = True
    for kind in ("central", "kobo", "ona"):
        server.kind = kind
        link = OpenRosa(account(server), now)
        (media,) = link.manifest(link.form_list()[0])
        assert link.download(media.url, media.hash).startswith(b"name,label")
        link.close()


def test_a_proxy_that_takes_less_than_the_server_says_gets_smaller_requests(
    central: Server,
) -> None:
    central.proxy_limit = 1_000_000
    files = [Part(f"file-{n}.jpg", "image/jpeg", bytes([n]) * 450_000) for n in range(5)]
    link = OpenRosa(account(central), now)
    link.submit(document("uuid:small", *(f.name for f in files)), files)
    assert central.held["uuid:small"].files == {f.name: f.content for f in files}
    with pytest.raises(TooLarge) as caught:
        link.submit(document("uuid:big"), [Part("file-x.mp4", "video/mp4", bytes(2_200_000))])
    assert caught.value.fields == {"size_mb": 2}
    link.close()


def test_a_server_behind_a_proxy_that_forgets_https_is_read_by_https_all_the_same() -> None:
    base = "https://kc.example:8443/li"
    assert secured("http://kc.example/li/form.xml?a=1", base) == (
        "https://kc.example:8443/li/form.xml?a=1"
    )
    assert secured("http://other.example/x", base) == "http://other.example/x"


def test_one_submission_that_may_not_be_sent_does_not_look_like_a_wrong_login(
    central: Server,
) -> None:
    central.forms[0].allowed = False
    link = OpenRosa(account(central), now)
    with pytest.raises(RecordRefused) as caught:
        link.submit(document("uuid:1"), [])
    assert not caught.value.ends_round
    assert "does not have rights" in str(caught.value.fields["reason"])
    central.password = "another"
    with pytest.raises(DeviceRefused):
        link.submit(document("uuid:1"), [])
    link.close()


def test_each_refusal_of_central_comes_in_its_words(central: Server) -> None:
    link = OpenRosa(account(central), now)
    central.held["uuid:old"] = Held(b"", deprecated=True)
    for spoil, words in (
        ({"deprecated": "uuid:old"}, "corrected already"),
        ({"closed": True}, "not currently accepting"),
    ):
        central.forms[0].closed = bool(spoil.pop("closed", False))
        with pytest.raises(RecordRefused) as caught:
            link.submit(document("uuid:9", **{k: str(v) for k, v in spoil.items()}), [])
        assert words in str(caught.value.fields["reason"])
    link.close()


def test_an_address_where_nothing_is_says_so(central: Server) -> None:
    link = OpenRosa(Account(f"{central.url}/nowhere", "walter", "geheim"), now)
    with pytest.raises(NoProjectHere) as caught:
        link.form_list()
    assert caught.value.fields == {"host": "127.0.0.1"}
    link.close()


def test_entities_that_were_deleted_are_asked_for(central: Server) -> None:
    gone = {f"00000000-0000-4000-8000-{n:012}" for n in range(60)}
    central.deleted = gone
    central.forms[0].media = {"people.csv": b"name,label\n"}
    central.forms[0].entities = frozenset({"people.csv"})
    link = OpenRosa(account(central), now)
    (media,) = link.manifest(link.form_list()[0])
    assert link.deleted(media.integrity_url, gone | {"kept"}) == gone
    link.close()


def test_a_form_that_wants_its_submissions_elsewhere_is_not_followed(server: Server) -> None:
    link = OpenRosa(account(server), now)
    with pytest.raises(SentElsewhere):
        link.submit(document("uuid:1"), [], "https://elsewhere.example/submission")
    link.submit(document("uuid:1"), [], f"{server.url}/submission")
    assert server.devices == {"lastmile"}
    link.close()


# --- settings codes ---


def code(settings: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()


def test_a_projects_settings_code_is_read() -> None:
    url = "https://central.example/v1/key/abc/projects/7"
    settings = {
        "general": {
            "server_url": url,
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_one_hour",
            "autosend": "off",
            "metadata_email": "li@example.org",
        },
        "admin": {"admin_pw": "x"},
        "project": {"name": "人口", "icon": "🏘", "color": "#ffeb3b"},
    }
    for text in (code(settings), json.dumps(settings), code(settings) + "\n"):
        got = read_project_code(text)
        assert (got.url, got.login, got.name, got.icon) == (url, "", "人口", "🏘")
        assert (got.update, got.every_min, got.autosend) == ("match_exactly", 60, False)
        assert (got.email, got.host) == ("li@example.org", "central.example")
        assert "abc" not in repr(got) + got.host


def test_who_signs_in_is_who_fills_where_the_code_names_nobody_else() -> None:
    general = {"server_url": "https://kc.example", "username": "walter", "password": "geheim"}
    got = read_project_code(code({"general": general, "admin": {}}))
    assert (got.login, got.username, got.scheme, got.autosend) == ("walter", "walter", "auto", True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "{",
        "[" * 9999,
        code({}),
        code([]),
        code({"general": {}}),
        code({"general": {"server_url": "https://x", "protocol": "google_sheets"}}),
        base64.b64encode(b"x").decode(),
        base64.b64encode(zlib.compress(b" " * 9_000_000)).decode(),
    ],
)
def test_what_is_no_settings_code_is_refused(text: str) -> None:
    with pytest.raises(NoSettingsCode):
        read_project_code(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" central.example/v1/projects/1/ ", "https://central.example/v1/projects/1"),
        ("https://kc.example/walter/formList?x=1", "https://kc.example/walter"),
        ("https://kc.example/submission", "https://kc.example"),
        ("http://127.0.0.1:8383", "http://127.0.0.1:8383"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, meant: str) -> None:
    assert tidy_url(typed) == meant
