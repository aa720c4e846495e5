"""Enrolment files and new keys, on the real store and at the real province."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import enrolment, filling, link
from casework.cli import app
from casework.errors import AnotherProvince, NoEnrolmentFile, StillHanging
from casework.office import Office, Resources, local_now
from province import accounts
from province.app import open_province
from province.cli import app as province_app
from province.models import Case
from province.packages import Services
from store import audit, offices, outbox
from sync.errors import (
    DeviceRefused,
    EnrolmentFileForged,
    EnrolmentFileOver,
    EnrolmentRefused,
    WrongProvince,
)
from tests.casework.hall import PASSWORD, Hall, filled
from tests.casework.site import Site


@pytest.fixture
def fresh(site: Site, tmp_path: Path) -> Iterator[Office]:
    """The administrator at a computer that was never connected."""
    (tmp_path / "fresh").mkdir()
    hall = Hall(tmp_path / "fresh", site.resources)
    yield hall.enter("admin")
    hall.leave()


def altered(path: Path, old: bytes, new: bytes) -> Path:
    signed = json.loads(path.read_bytes())
    inner = base64.b64decode(signed["enrolment"]).replace(old, new)
    signed["enrolment"] = base64.b64encode(inner).decode()
    path.write_text(json.dumps(signed), encoding="utf-8")
    return path


def test_a_file_is_looked_at_then_used_then_deleted(site: Site, fresh: Office) -> None:
    path = site.file()
    offer = enrolment.look_at(fresh, path)
    assert (offer.office, offer.division) == ("青山镇便民服务中心", "530102101")
    assert offer.place == "云南省昆明市五华区"
    assert not offer.again
    assert not link.is_connected(fresh.store), "looking sends nothing"
    for _ in range(2):
        enrolment.enrol_by_file(fresh, path, device_name="window 2")
        assert fresh.name == offer.office
    enrolment.delete_file(fresh, path)
    assert not path.exists()


def test_the_fingerprint_is_what_the_province_prints(site: Site, fresh: Office) -> None:
    out = site.folder / "one.lmenrol"
    command = ["enrolment-file", "--folder", str(site.province.folder), "qingshan"]
    said = CliRunner().invoke(province_app, [*command, "--url", site.url, "--out", str(out)])
    offer = enrolment.look_at(fresh, out)
    assert said.output.strip() == offer.fingerprint
    assert out.stat().st_mode & 0o077 == 0
    enrolment.check_fingerprint(offer, offer.fingerprint.upper())
    with pytest.raises(WrongProvince):
        enrolment.check_fingerprint(offer, offer.fingerprint.replace(offer.fingerprint[0], "x"))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"qingshan", b"hongqiii"), (b"127.0.0.1", b"127.0.0.9"), (b'"v":1', b'"v":2')],
)
def test_an_altered_file_is_refused(site: Site, fresh: Office, old: bytes, new: bytes) -> None:
    path = altered(site.file(), old, new)
    for act in (enrolment.look_at, lambda o, p: enrolment.enrol_by_file(o, p, device_name="x")):
        with pytest.raises(EnrolmentFileForged):
            act(fresh, path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff" * 200, b"9" * 70_000])
def test_what_is_no_enrolment_file_is_refused(site: Site, fresh: Office, content: bytes) -> None:
    path = site.folder / "no.lmenrol"
    path.write_bytes(content)
    with pytest.raises(EnrolmentFileForged):
        enrolment.look_at(fresh, path)


def test_a_file_is_refused_once_it_is_over_or_used(
    site: Site, fresh: Office, resources: Resources
) -> None:
    path = site.file(days=2)
    later = Office(fresh.store, resources, now=lambda: local_now() + timedelta(days=2, minutes=1))
    with pytest.raises(EnrolmentFileOver):
        enrolment.look_at(later, path)
    enrolment.enrol_by_file(fresh, path, device_name="first")
    other = site.another("other")
    admin = other.enter("admin")
    with pytest.raises(EnrolmentRefused):
        enrolment.enrol_by_file(admin, path, device_name="second")
    assert link.is_connected(admin.store), "it stays as it was"


def test_a_forgers_own_file_shows_another_fingerprint_and_other_keys_are_refused(
    site: Site, fresh: Office, tmp_path: Path
) -> None:
    forger = open_province(tmp_path / "forger", services=Services({}))
    forger_site = replace(site, province=forger, folder=tmp_path / "forger")
    forger.database.write(accounts.add_office, "qingshan", "青山镇便民服务中心", "530102101")
    path = forger_site.file()
    mine, theirs = enrolment.look_at(fresh, site.file()), enrolment.look_at(fresh, path)
    assert mine.fingerprint != theirs.fingerprint
    forger.database.close()
    with pytest.raises(EnrolmentRefused):
        enrolment.enrol_by_file(fresh, path, device_name="x")
    assert not link.is_connected(fresh.store)
    code = site.code()
    wrong = {"0011223344556677": bytes(32)}
    with pytest.raises(WrongProvince):
        link.enrol_office(fresh, site.url, code, device_name="x", expected=wrong)
    assert not link.is_connected(fresh.store)
    connected = site.hall.enter("admin")
    with pytest.raises(AnotherProvince):
        enrolment.look_at(connected, path)


def test_a_revoked_computer_sends_what_waits_exactly_once_under_a_new_key(site: Site) -> None:
    office = site.hall.enter("li")
    filling.accept(office, filled(office)).result()
    assert site.round(office).acknowledged == 1
    filling.accept(office, filled(office)).result()
    site.revoke(office)
    report = site.round(office)
    assert isinstance(report.error, DeviceRefused)
    assert office.store.read(outbox.waiting) == 1
    first = link.identity(office.store).device
    admin = site.hall.enter("admin")
    path = site.file()
    assert enrolment.look_at(admin, path).again
    enrolment.enrol_by_file(admin, path, device_name="window")
    office = site.hall.enter("li")
    assert link.identity(office.store).device != first
    report = site.round(office)
    assert (report.error, report.acknowledged, report.waiting) == (None, 1, 0)
    assert site.round(office).sent == 0
    cases = site.province.database.read(lambda session: session.query(Case).count())
    assert cases == 2, "both, and each once"


def test_work_of_one_office_is_not_taken_to_another(site: Site) -> None:
    office = site.hall.enter("li")
    filling.accept(office, filled(office)).result()
    admin = site.hall.enter("admin")
    path = site.file("hongqi")
    with pytest.raises(StillHanging):
        enrolment.look_at(admin, path)
    with pytest.raises(StillHanging):
        link.enrol_office(admin, site.url, site.code("hongqi"), device_name="x")
    assert admin.store.read(offices.current).id == "qingshan"
    site.round(site.hall.enter("li"))
    admin = site.hall.enter("admin")
    enrolment.enrol_by_file(admin, path, device_name="x")
    assert admin.store.read(offices.current).id == "hongqi"
    assert "moved" in [row.action for row in admin.store.read(audit.newest, 0, 5)]


def test_many_computers_are_enrolled_by_script(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices_csv = tmp_path / "offices.csv"
    offices_csv.write_text(
        "office,devices,name,division\nqingshan,2,,\nnew,1,新设中心,530102102\n", encoding="utf-8"
    )
    out = tmp_path / "files"
    command = ["enrolment-files", "--folder", str(site.province.folder), str(offices_csv)]
    command += ["--url", site.url, "--out", str(out)]
    made = CliRunner().invoke(province_app, command)
    assert made.exit_code == 0, made.output
    lines = [json.loads(line) for line in made.output.splitlines()]
    assert [line["file"] for line in lines] == [
        "qingshan-01.lmenrol",
        "qingshan-02.lmenrol",
        "new-01.lmenrol",
    ]
    assert CliRunner().invoke(province_app, command).exit_code == 2, "none is written over"
    (tmp_path / "fresh").mkdir()
    hall = Hall(tmp_path / "fresh", site.resources)
    hall.leave()
    monkeypatch.setenv("LASTMILE_PASSWORD", PASSWORD)
    monkeypatch.setattr("casework.console.profile_box", lambda _profile: hall.box)

    def run(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["enrol", "--profile", str(hall.folder), *options])
        return done.exit_code, done.output

    file = out / "new-01.lmenrol"
    assert run("--beside", str(out))[0] == 3, "several: nobody knows which is meant"
    assert run("--file", str(file), "--fingerprint", "dead beef")[0] == 3
    code, said = run("--file", str(file), "--look", "--json")
    assert (code, json.loads(said)["connected"]) == (0, False)
    known = lines[0]["fingerprint"]
    code, said = run("--file", str(file), "--fingerprint", known, "--delete", "--json")
    facts = json.loads(said)
    assert (code, facts["office"], facts["connected"]) == (0, "新设中心", True)
    assert not file.exists()
    assert run("--file", str(file))[0] == 3
    assert run("https://province.example")[0] == 2


def test_the_one_file_beside_the_program_is_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(NoEnrolmentFile):
        enrolment.find_file([tmp_path / "a", tmp_path / "none"])
    one = tmp_path / "b" / "x.lmenrol"
    one.write_bytes(b"")
    assert enrolment.find_file([tmp_path / "a", tmp_path / "b"]) == one
    (tmp_path / "b" / "y.lmenrol").write_bytes(b"")
    with pytest.raises(NoEnrolmentFile):
        enrolment.find_file([tmp_path / "b"])
