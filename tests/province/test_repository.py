"""The publisher's side of signed packages: keys, versions, and what the service does by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from tuf.api.metadata import Metadata, Timestamp
from typer.testing import CliRunner

from province import accounts, releases
from province.app import Province, open_province
from province.cli import app
from province.errors import KeyMissing, NameRefused, PasswordRefused, VersionTaken
from province.packages import Services
from province.repository import Repository
from province.repository_keys import KeyRing, new_key
from tests.province.packages import load, write_package
from tests.province.publisher import FEW_KIB, PASSWORD, Publisher
from tests.province.site import served


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "province")


@pytest.fixture
def province(publisher: Publisher, tmp_path: Path) -> Iterator[Province]:
    opened = open_province(publisher.folder, services=load(tmp_path / "own"))
    yield opened
    opened.database.close()


def test_what_the_publisher_lays_down_is_offered_without_a_restart(
    publisher: Publisher, province: Province
) -> None:
    province.database.write(accounts.add_office, "qingshan", "青山镇", "530102101")
    publisher.service("2")
    province.shelf.tend()
    fresh = province.services.find("old-age", "2")
    assert fresh is not None

    def offered() -> list[tuple[str, str, str]]:
        found = province.database.read(releases.catalogue, province.services, "qingshan").services
        return [(each.version, each.offer, each.sha256) for each in found]

    assert [each[:2] for each in offered()] == [("1", "current")]  # published, not yet released

    def pilot(session: object) -> None:
        releases.release(session, fresh, divisions=["5301"])  # type: ignore[arg-type]

    province.database.write(pilot)
    assert offered() == [("2", "pilot", fresh.sha256)]


def test_a_version_of_a_service_is_never_changed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.service("1")
    assert publisher.publish("service", "x", "1", {"a": b"a"})
    assert publisher.publish("service", "x", "1", {"a": b"a"}) is False
    with pytest.raises(VersionTaken):
        publisher.publish("service", "x", "1", {"a": b"b"})


def test_a_list_is_followed_by_newer_ones_only(publisher: Publisher) -> None:
    assert publisher.publish("codelist", "d.csv", "2027.2", {"d.csv": b"2"})
    for older in ("2027.2", "2027.1", "2026.12"):
        with pytest.raises(VersionTaken):
            publisher.publish("codelist", "d.csv", older, {"d.csv": older.encode()})
    assert publisher.publish("codelist", "d.csv", "2027.10", {"d.csv": b"10"})


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../b", "a\\b", "c:x", "a//b", "", "x\n"])
def test_no_name_is_published_that_leads_out_of_a_folder(publisher: Publisher, path: str) -> None:
    with pytest.raises(NameRefused):
        publisher.publish("service", "x", "1", {path: b""})


def test_no_single_holder_of_a_root_key_changes_the_root(publisher: Publisher) -> None:
    old = publisher.key_of("services")
    new = publisher.new_key("targets", "new-targets")
    few = publisher.ring("root-0", "targets-0", "new-targets", "snapshot-0")
    before = publisher.repository.root_bytes()
    with pytest.raises(KeyMissing):
        publisher.repository.replace_key("targets", publisher.key_of("targets"), new, few)
    assert publisher.repository.root_bytes() == before
    two = publisher.ring("root-0", "root-2", "targets-0", "new-targets", "snapshot-0")
    publisher.repository.replace_key("targets", publisher.key_of("targets"), new, two)
    assert publisher.key_of("targets") == new.keyid
    assert publisher.key_of("services") == old
    assert publisher.stamp()


def test_a_new_root_key_does_not_vouch_for_itself(publisher: Publisher) -> None:
    old, new = publisher.key_of("root"), publisher.new_key("root", "root-new")
    holders = {p.name: next(p.iterdir()).name for p in publisher.keys.glob("root-?")}
    [mine, other] = [name for name, file in holders.items() if old[:8] not in file]
    with pytest.raises(KeyMissing):
        publisher.repository.replace_key("root", old, new, publisher.ring(mine, "root-new"))
    both = publisher.ring(mine, other, "root-new")
    publisher.repository.replace_key("root", old, new, both)
    assert publisher.repository.read("root").signed.version == 2


def test_a_key_file_opens_by_its_password_alone(tmp_path: Path) -> None:
    with pytest.raises(PasswordRefused):
        new_key(tmp_path, "root", "kurz", memory_kib=FEW_KIB)
    key = new_key(tmp_path, "root", PASSWORD, memory_kib=FEW_KIB)
    wrong = iter(("", "falsches-passwort"))
    ring = KeyRing([tmp_path], lambda _name: next(wrong))
    for _ in range(2):
        with pytest.raises(PasswordRefused):
            ring.signers([key.keyid])
    [signer] = KeyRing([tmp_path], lambda _name: PASSWORD).signers([key.keyid])
    assert signer.public_key == key
    [path] = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_the_service_renews_the_timestamp_at_half_its_life_and_for_each_newer_snapshot(
    publisher: Publisher,
) -> None:
    def stamp() -> Timestamp:
        path = publisher.repository.metadata / "timestamp.json"
        return Metadata[Timestamp].from_file(str(path)).signed

    first = stamp()
    assert not publisher.stamp()
    publisher.later = timedelta(hours=37)
    assert publisher.stamp()
    second = stamp()
    assert (second.version, second.snapshot_meta) == (first.version + 1, first.snapshot_meta)
    assert second.expires > first.expires
    publisher.service("1")
    assert stamp().snapshot_meta.version == first.snapshot_meta.version + 1


def test_a_publisher_without_a_network_needs_no_key_of_the_service(
    publisher: Publisher, tmp_path: Path
) -> None:
    far = tmp_path / "far"
    shutil.copytree(publisher.folder / "repository", far / "repository")
    publisher.folder, service = far, publisher.folder
    publisher.repository = Repository(far / "repository", publisher.now)
    files = {"a": b"a"}
    publisher.repository.publish(publisher.ring(), "codelist", "l", "1", files)
    assert not (far / "timestamp.key").exists()
    shutil.copytree(far / "repository", service / "repository", dirs_exist_ok=True)
    opened = open_province(service, services=Services({}))
    opened.database.close()
    newest = Metadata[Timestamp].from_file(str(service / "repository/metadata/timestamp.json"))
    assert newest.signed.snapshot_meta.version == 2


def test_files_are_served_from_any_offset_and_nothing_else_of_the_folder_is(
    publisher: Publisher, province: Province
) -> None:
    content = bytes(range(256)) * 40
    publisher.publish("program", "linux", "9", {"p.deb": content})
    [blob] = (publisher.repository.targets / "files").iterdir()
    with served(province) as url:
        base = f"{url}/repository"
        whole = requests.get(f"{base}/targets/files/{blob.name}", timeout=10)
        rest = requests.get(whole.url, headers={"Range": "bytes=20-"}, timeout=10)
        assert (whole.content, rest.status_code) == (blob.read_bytes(), 206)
        assert rest.content == whole.content[20:]
        stamp = requests.get(f"{base}/metadata/timestamp.json", timeout=10)
        assert stamp.headers["Cache-Control"] == "no-cache"
        for path in ("metadata/%2e%2e/%2e%2e/timestamp.key", "targets/%2e%2e/metadata/1.root.json"):
            assert requests.get(f"{base}/{path}", timeout=10).status_code == 404
        told = requests.get(f"{url}/api/v1/meta", timeout=10).json()["repository"]
        assert told["signed_by"] == province.key.kid.hex()


def test_it_staff_make_publish_replace_and_renew_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("province.repository_keys.MEMORY_KIB", FEW_KIB)
    monkeypatch.setenv("LASTMILE_KEYS_PASSWORD", PASSWORD)
    folder, keys = tmp_path / "province", tmp_path / "keys"
    here = ("--folder", str(folder), "--keys", str(keys))

    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["repository", *words])
        assert result.exit_code == code, result.output
        return result.output

    run("make", *here)
    run("make", *here, code=3)
    package = write_package(tmp_path / "packages", version="7")
    assert run("service", *here, str(package)).strip() == "old-age 7"
    (package / "form.xlsx").write_bytes(b"no workbook")
    assert "F" in run("service", *here, str(package), code=3)
    shown = dict(line.split(" ", 1) for line in run("show", "--folder", str(folder)).splitlines())
    old = shown["services"].rpartition(" ")[2]
    new = run("replace-key", "services", old, *here, "--new-keys", str(keys)).strip()
    assert f"services 3 until {shown['services'].split()[2]} 1 of {new[:8]}" in run(
        "show", "--folder", str(folder)
    )
    assert run("renew", *here).split() == []
    assert set(run("renew", *here, "--days", "400").split()) >= {"targets", "snapshot", "services"}
