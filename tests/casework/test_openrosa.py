"""Forms of an OpenRosa server in the office: fetched, filled, kept on their version, sent."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from casework import filling, link, openrosa
from casework.errors import UnknownService
from casework.office import RESOURCES, Office, Resources
from forms.authoring import compile_xlsform
from store import outbox
from sync.openrosa_code import Account
from sync.round import RoundReport, run_round
from sync.wire import Parcel
from tests.casework.hall import PASSWORD, Hall
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


def filled(office: Office, service: str, name: str = "王伟") -> filling.Filling:
    made = begun(office, service)
    root = made.session.nodes()[0]
    made.session.answer(f"{root}/name", name)
    made.session.answer(f"{root}/village", "v2")
    photo = filling.attach(
        office, made, f"{root}/photo", name="a.bin", media_type="image/x-raw", data=b"photo" * 99
    )
    made.session.answer(f"{root}/photo", photo)
    return made


def send(office: Office) -> RoundReport:
    provider = openrosa.provider(office)
    try:
        return run_round(openrosa.ForeignLedger(office), provider, now=office.now)
    finally:
        provider.close()


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
    assert "王伟".encode() in held.xml
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
    assert openrosa.fetch(office).offered == 1
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
    fetched = openrosa.fetch(office)
    assert [name for name, _code in fetched.refused] == ["坏表"]
    assert office.catalogue.search("坏表") == ()


def test_a_withdrawn_form_is_not_offered_but_its_drafts_go_on(
    office: Office, server: Server
) -> None:
    (package,) = office.catalogue.search("入户")
    draft = filled(office, package.id)
    filling.autosave(office, draft).result()
    server.forms = []
    assert openrosa.fetch(office).offered == 0
    assert office.catalogue.search("入户") == ()
    assert filling.reopen(office, draft.id, office.catalogue.form(package.id)).id == draft.id
    with pytest.raises(UnknownService):
        office.catalogue.get("odk:nothing@1")


def test_a_form_with_a_public_key_leaves_only_sealed_and_the_same_at_each_try(
    office: Office, server: Server
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = base64.b64encode(der).decode()
    server.forms = [Offered("visit", "9", "密表", form("9", key), {"villages.csv": VILLAGES})]
    openrosa.fetch(office)
    (package,) = office.catalogue.search("密表")
    filling.accept(office, filled(office, package.id, "欧阳金丝雀")).result()
    server.faults = [500]
    assert send(office).failed == 1
    (row,) = office.store.read(outbox.list_items)
    (first,) = openrosa.ForeignLedger(office).parcels([row.submission_id]).values()
    (again,) = openrosa.ForeignLedger(office).parcels([row.submission_id]).values()
    assert isinstance(first, Parcel)
    assert first == again
    office.store.writer.submit(outbox.retry, row.submission_id, "li", office.now()).result()
    assert send(office).acknowledged == 1
    (held,) = server.held.values()
    assert sorted(held.files) == sorted(f.name for f in first.files)
    for content in (held.xml, *held.files.values()):
        assert "欧阳金丝雀".encode() not in content
        assert b"photo" not in content.replace(b"photo-", b"")


def test_the_command_line_connects_fetches_and_sends(tmp_path: Path, server: Server) -> None:
    env = {
        **os.environ,
        "LASTMILE_PASSWORD": PASSWORD,
        "LASTMILE_OPENROSA_PASSWORD": "geheim",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }

    def run(*arguments: str) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "-m", "casework.cli", *arguments, "--profile", str(tmp_path / "p")],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
        assert "geheim" not in done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    run("init", "--json")
    connected = run("openrosa", "connect", server.url, "--user", "walter", "--digest", "--json")
    assert connected["offered"] == 1
    synced = run("sync", "--once", "--provider", "openrosa", "--json")
    assert (synced["error"], synced["waiting"]) == ("", 0)
