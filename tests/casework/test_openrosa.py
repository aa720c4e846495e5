"""Forms of an OpenRosa server in the office: fetched, filled, kept on their version, sent."""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from uuid import UUID

import pytest
import segno
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from casework import filling, link, openrosa, projects, reading
from casework.errors import ProjectUnfinished, SealedAnswers, UnknownService, WrongState
from casework.office import RESOURCES, Office, Resources
from forms.authoring import compile_xlsform
from store import attachments, cases, outbox, remote_projects
from sync.openrosa_code import Account
from sync.openrosa_errors import NoSettingsCode
from sync.round import RoundReport, run_round
from tests.casework.hall import PNG, Hall
from tests.forms.workbook import workbook
from tests.sync.openrosa_server import Offered, Server

ROOT = Path(__file__).parents[2]
SURVEY = """
| type                                | name    | label |
| text                                | name    | 姓名  |
| select_one_from_file villages.csv   | village | 村    |
| image                               | photo   | 照片  |
"""
VILLAGES = "name,label\nv1,东风村\nv2,红旗村\n".encode()


def form(version: str, key: str = "") -> bytes:
    settings = (
        f"| form_title | form_id | version | public_key |\n| 入户 | visit | {version} | {key} |"
    )
    return compile_xlsform(workbook(survey=SURVEY, settings=settings)).xform


@pytest.fixture
def server() -> Iterator[Server]:
    offered = Offered("visit", "1", "入户走访", form("1"), {"villages.csv": VILLAGES})
    with Server(forms=[offered]) as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def office(tmp_path: Path, server: Server) -> Iterator[Office]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    account = Account(server.url, "walter", "geheim", "digest")
    fetched = openrosa.connect(hall.enter("admin"), account)
    assert (fetched.new, fetched.refused, fetched.offered) == (("入户走访",), (), 1)
    yield hall.enter("li")
    hall.leave()


def begun(office: Office, service: str) -> filling.Filling:
    return filling.begin(office, service, office.catalogue.form(service), language="zh_CN")


def filled(office: Office, service: str, name: str = "张三") -> filling.Filling:
    made = begun(office, service)
    root = made.session.nodes()[0]
    made.session.answer(f"{root}/name", name)
    made.session.answer(f"{root}/village", "v2")
    photo = filling.attach(
        office, made, f"{root}/photo", name="a.bin", media_type="image/x-raw", data=b"photo" * 99
    )
    made.session.answer(f"{root}/photo", photo)
    return made


def project(office: Office) -> str:
    (found,) = projects.accounts(office.store)
    return found


def send(office: Office) -> RoundReport:
    provider = openrosa.provider(office, project(office))
    try:
        ledger = openrosa.ForeignLedger(office, project(office))
        return run_round(ledger, provider, now=office.now)
    finally:
        provider.close()


def fetch(office: Office) -> openrosa.Fetched:
    return openrosa.fetch(office, project(office))


def test_a_fetched_form_is_found_filled_and_sent_with_its_files(
    office: Office, server: Server
) -> None:
    (package,) = office.catalogue.search("入户")
    made = filled(office, package.id)
    root = made.session.nodes()[0]
    assert [c.label for c in made.session.view(f"{root}/village").choices] == ["东风村", "红旗村"]
    filling.accept(office, made).result()
    assert link.StoreLedger(office.store).due(office.now(), 10) == []
    report = send(office)
    assert (report.acknowledged, report.failed, report.error) == (1, 0, None)
    (held,) = server.held.values()
    assert held.complete
    assert "张三".encode() in held.xml
    assert list(held.files.values()) == [b"photo" * 99]
    assert office.store.read(outbox.waiting) == 0
    assert send(office).sent == 0


def test_a_newer_version_stands_beside_a_draft_on_the_old_one(
    office: Office, server: Server
) -> None:
    (old,) = office.catalogue.search("入户")
    draft = filled(office, old.id)
    filling.autosave(office, draft).result()
    server.forms = [
        Offered("visit", "2", "入户走访", form("2"), {"villages.csv": VILLAGES + b"v3,x\n"})
    ]
    assert fetch(office).offered == 1
    (new,) = office.catalogue.search("入户")
    assert (old.version, new.version) == ("1", "2")
    again = filling.reopen(office, draft.id, office.catalogue.form(old.id))
    assert again.package.version == "1"
    server.forms.append(Offered("visit", "1", "old", form("1"), {"villages.csv": VILLAGES}))
    filling.accept(office, again).result()
    assert send(office).acknowledged == 1


def test_a_form_that_cannot_be_used_is_named_and_not_offered(
    office: Office, server: Server
) -> None:
    server.forms.append(Offered("broken", "1", "坏表", b"<html>"))
    fetched = fetch(office)
    assert [each.name for each in fetched.refused] == ["坏表"]
    assert office.catalogue.search("坏表") == ()


def test_a_file_without_a_hash_is_looked_at_each_time(office: Office, server: Server) -> None:
    server.kind, server.hashless = "kobo", True
    fetch(office)

    def villages() -> list[str]:
        (package,) = office.catalogue.search("入户")
        session = begun(office, package.id).session
        return [c.label for c in session.view(f"{session.nodes()[0]}/village").choices]

    assert villages() == ["东风村", "红旗村"]
    assert fetch(office).new == ()
    server.forms[0].media = {"villages.csv": VILLAGES + "v3,前进村\n".encode()}
    fetch(office)
    assert villages() == ["东风村", "红旗村", "前进村"]


def test_a_withdrawn_form_is_not_offered_but_its_drafts_go_on(
    office: Office, server: Server
) -> None:
    (package,) = office.catalogue.search("入户")
    draft = filled(office, package.id)
    filling.autosave(office, draft).result()
    server.forms = []
    assert fetch(office).offered == 0
    assert office.catalogue.search("入户") == ()
    assert filling.reopen(office, draft.id, office.catalogue.form(package.id)).id == draft.id
    with pytest.raises(UnknownService):
        office.catalogue.get("odk:nothing@1")


def public_key() -> tuple[rsa.RSAPrivateKey, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, base64.b64encode(der).decode()


def everything_kept(office: Office) -> bytes:
    """All that the store still knows of any submission, whatever table it is in."""
    found = b""
    for row in office.store.read(outbox.list_items):
        got = office.store.read(cases.get_submission, row.submission_id)
        found += got.xml + b"".join(office.store.blobs.get(file.blob) for file in got.files)
    names = office.store.read(attachments.blob_names)
    on_disk = {path.name for path in (office.store.folder / "blobs").rglob("*") if path.is_file()}
    assert {name for name in on_disk if any(name in each for each in names)} == on_disk
    return found


def test_a_form_with_a_public_key_is_sealed_as_it_is_accepted_and_opens_nowhere_here(
    office: Office, server: Server
) -> None:
    _private, key = public_key()
    server.kind = "central"
    server.key = "k" * 64
    version = "9[encrypted:AZ/+x9Q=]"  # as Central marks versions that it encrypts by itself
    sealing = form(version, key)
    server.forms = [Offered("visit", version, "密表", sealing, {"villages.csv": VILLAGES})]
    reconnect(office, server)
    (package,) = office.catalogue.search("密表")
    case = filling.accept(office, filled(office, package.id, "欧阳金丝雀")).result()
    kept = everything_kept(office)
    assert "欧阳金丝雀".encode() not in kept
    assert b"photo" * 9 not in kept
    server.faults = [500]
    assert send(office).failed == 1
    (row,) = office.store.read(outbox.list_items)
    office.store.writer.submit(outbox.retry, row.submission_id, "li", office.now()).result()
    assert send(office).acknowledged == 1
    (held,) = server.held.values()
    assert held.complete
    assert "submission.xml.enc" in held.files
    assert all(name.endswith(".enc") for name in held.files)
    with pytest.raises(SealedAnswers):
        filling.begin_supplement(office, case, office.catalogue.form(package.id))
    assert reading.get_case(office, case).row.applicant == ""


def reconnect(office: Office, server: Server, login: str = "") -> None:
    """The same project by another address, as IT staff would change it."""
    held = projects.account(office.store, project(office))
    account = replace(held, url=server.url, login=login or held.login)
    written = json.dumps(asdict(account)).encode()
    office.store.writer.submit(
        remote_projects.put, project(office), "走访", written, office.now()
    ).result()
    fetch(office)


TREES = """
| type                               | name  | label | save_to |
| select_one_from_file trees.csv     | tree  | 树    |         |
| text                               | kind  | 树种  | kind    |
"""


def tree_form(*, update: bool) -> bytes:
    """A form that makes a tree, or one that changes the tree chosen."""
    entities = "| list_name | label | entity_id |\n| trees | ${kind} | "
    entities += "${tree} |" if update else "|"
    name = "update" if update else "create"
    return compile_xlsform(
        workbook(
            survey=TREES,
            entities=entities,
            settings=f"| form_title | form_id | version |\n| {name} | {name} | 1 |",
        )
    ).xform


@pytest.fixture
def trees(office: Office, server: Server) -> Office:
    lists = {"trees.csv": b"name,label,__version,kind\n"}
    server.kind, server.key = "central", "k" * 64
    server.forms = [
        Offered(name, "1", name, tree_form(update=name == "update"), lists, frozenset(lists))
        for name in ("create", "update")
    ]
    reconnect(office, server)
    return office


def answered(office: Office, name: str, **answers: str) -> bytes:
    (package,) = (p for p in office.catalogue.all() if p.name.zh == name)
    made = begun(office, package.id)
    for question, value in answers.items():
        assert made.session.answer(f"/data/{question}", value).problem is None
    filling.accept(office, made).result()
    return office.store.read(cases.get_submission, made.id).xml


def choices(office: Office, name: str) -> dict[str, str]:
    (package,) = (p for p in office.catalogue.all() if p.name.zh == name)
    session = begun(office, package.id).session
    return {c.label: c.value for c in session.view("/data/tree").choices}


def entity(xml: bytes) -> dict[str, str]:
    (found,) = etree.fromstring(xml).iter("{*}entity")
    return {str(name): str(value) for name, value in found.attrib.items()}


def test_what_an_offline_form_creates_is_there_for_the_next_before_anything_was_sent(
    trees: Office, server: Server
) -> None:
    made = entity(answered(trees, "create", kind="银杏"))
    assert UUID(made["id"]).version == 4  # servers take entities of no other
    assert choices(trees, "update") == {"银杏": made["id"]}
    first = entity(answered(trees, "update", tree=made["id"], kind="水杉"))
    second = entity(answered(trees, "update", tree=made["id"], kind="红松"))
    assert choices(trees, "update") == {"红松": made["id"]}
    assert [each["baseVersion"] for each in (first, second)] == ["1", "2"]
    assert first["trunkVersion"] == second["trunkVersion"] == ""
    assert first["branchId"] == second["branchId"]
    assert UUID(first["branchId"]).version == 4
    assert send(trees).acknowledged == 3
    fetch(trees)  # the server has not worked them in yet: they stay
    assert choices(trees, "update") == {"红松": made["id"]}
    rows = f"name,label,__version,kind\n{made['id']},红松,3,红松\n".encode()
    for offered in server.forms:
        offered.media = {"trees.csv": rows}
    fetch(trees)
    fresh = entity(answered(trees, "update", tree=made["id"], kind="雪松"))
    assert (fresh["baseVersion"], fresh["trunkVersion"]) == ("3", "3")
    assert fresh["branchId"] != first["branchId"]


def test_an_entity_that_was_deleted_at_the_server_goes_here_too(
    trees: Office, server: Server
) -> None:
    made = entity(answered(trees, "create", kind="银杏"))
    server.deleted = {made["id"]}
    for offered in server.forms:
        offered.media = {"trees.csv": b"name,label,__version,kind,more\n"}
    fetch(trees)
    assert choices(trees, "update") == {}


def test_a_draft_that_names_a_wrong_place_for_deleted_entities_is_used_all_the_same(
    trees: Office, server: Server
) -> None:
    server.draft, server.key = "create", "d" * 64
    server.forms = [form for form in server.forms if form.form_id == "create"]
    reconnect(trees, server)
    made = entity(answered(trees, "create", kind="银杏"))
    server.forms[0].media = {"trees.csv": b"name,label,__version,kind,more\n"}
    assert fetch(trees).refused == ()
    assert choices(trees, "create") == {"银杏": made["id"]}
    assert send(trees).acknowledged == 1


def test_the_last_answers_are_there_for_the_next_draft_also_offline(
    office: Office, server: Server
) -> None:
    settings = "| form_title | form_id | version |\n| 入户 | visit | 2 |"
    survey = "| type | name | label | default |\n| text | who | 谁 | ${last-saved#who} |"
    xform = compile_xlsform(workbook(survey=survey, settings=settings)).xform
    server.forms = [Offered("visit", "2", "入户走访", xform)]
    fetch(office)
    server.forms = []
    (package,) = office.catalogue.search("入户")
    made = begun(office, package.id)
    assert made.session.view("/data/who").answer == ""
    made.session.answer("/data/who", "张三")
    filling.accept(office, made).result()
    assert begun(office, package.id).session.view("/data/who").answer == "张三"


def test_a_sent_submission_is_corrected_where_its_author_allows_it(
    office: Office, server: Server
) -> None:
    xform = form("3").replace(b"<bind", b'<submission odk:client-editable="true"/><bind', 1)
    server.forms = [Offered("visit", "3", "可改", xform, {"villages.csv": VILLAGES})]
    fetch(office)
    (package,) = office.catalogue.search("可改")
    compiled = office.catalogue.form(package.id)
    case = filling.accept(office, filled(office, package.id)).result()
    with pytest.raises(WrongState):
        filling.begin_supplement(office, case, compiled)
    send(office)
    again = filling.begin_supplement(office, case, compiled)
    root = again.session.nodes()[0]
    again.session.answer(f"{root}/name", "张小三")
    assert filling.accept(office, again).result() == case
    assert send(office).acknowledged == 1
    first, second = server.held.values()
    assert first.deprecated
    assert "张小三".encode() in second.xml
    assert second.files == first.files


def test_a_form_whose_author_does_not_allow_it_is_not_corrected(
    office: Office, server: Server
) -> None:
    (package,) = office.catalogue.search("入户")
    case = filling.accept(office, filled(office, package.id)).result()
    send(office)
    with pytest.raises(WrongState):
        filling.begin_supplement(office, case, office.catalogue.form(package.id))


def test_projects_stand_side_by_side_and_one_that_is_unfinished_stays(
    tmp_path: Path, office: Office, server: Server
) -> None:
    other = Offered("visit", "1", "另一走访", form("1"), {"villages.csv": VILLAGES})
    with Server(kind="central", key="x" * 64, forms=[other]) as second:
        hall_as(office, "administrator")
        openrosa.connect(office, Account(second.url, name="另一项目"))
        hall_as(office, "clerk")
        assert [(p.name, p.forms) for p in projects.everything(office)] == [
            (f"127.0.0.1:{server.port}", 1),
            ("另一项目", 1),
        ]
        (package,) = office.catalogue.search("另一走访")
        filling.accept(office, filled(office, package.id)).result()
        hall_as(office, "administrator")
        with pytest.raises(ProjectUnfinished) as caught:
            projects.remove(office, projects.everything(office)[1].id)
        assert caught.value.fields == {"drafts": 0, "unsent": 1}
        report = openrosa.whole(office, openrosa.visits(office, sending=True))
        assert (report.acknowledged, report.error) == (1, None)
        assert (len(server.held), len(second.held)) == (0, 1)
        projects.remove(office, projects.everything(office)[1].id)
        assert office.catalogue.search("另一走访") == ()
        assert len(projects.everything(office)) == 1


def hall_as(office: Office, role: str) -> None:
    """The same open office in another role."""
    object.__setattr__(office.store.operator, "role", role)


def test_one_form_that_cannot_be_had_delays_no_other(office: Office, server: Server) -> None:
    missing = Offered("missing", "1", "缺", form("1"), {"villages.csv": VILLAGES})
    elsewhere = form("2").replace(
        b"<bind", b'<submission action="https://elsewhere.example/submission"/><bind', 1
    )
    server.forms += [missing, Offered("away", "2", "别处", elsewhere, {"villages.csv": VILLAGES})]
    server.gone = {"missing"}
    fetched = fetch(office)
    assert {(each.name, each.code, each.fields["host"]) for each in fetched.refused} == {
        ("缺", "S201", "127.0.0.1"),
        ("别处", "S209", "elsewhere.example"),
    }
    assert fetched.offered == 1


def test_settings_come_from_a_picture_of_the_code_and_the_password_stays_in_the_store(
    office: Office,
) -> None:
    settings = {
        "general": {"server_url": "https://kc.example", "username": "li", "password": "geh-eim"},
        "admin": {},
        "project": {"name": "人口", "icon": "P"},
    }
    text = base64.b64encode(zlib.compress(json.dumps(settings).encode()))
    picture = io.BytesIO()
    segno.make(text, micro=False).save(picture, kind="png", scale=4, light=None)
    for data in (picture.getvalue(), text, json.dumps(settings).encode()):
        account = projects.read_settings(data)
        assert (account.host, account.login, account.name) == ("kc.example", "li", "人口")
    for data in (PNG, b"x", b"", "没有".encode()):
        with pytest.raises(NoSettingsCode):
            projects.read_settings(data)
    hall_as(office, "administrator")
    projects.keep(office, projects.read_settings(text))
    office.store.writer.submit(lambda _session: None).result()
    for path in office.store.folder.rglob("*"):
        if path.is_file():
            assert b"geh-eim" not in path.read_bytes()
    assert "geh-eim" not in repr(projects.everything(office))
