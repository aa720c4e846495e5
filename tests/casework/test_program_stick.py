"""A newer program that reaches a village without a network on a stick, and is then only laid down.

A real province process, an office with a network, a village; commands as IT staff type them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import fetching, link, packages, program_stick, relay, stick
from casework.cli import app
from casework.errors import StickFailed, StickFull
from casework.office import Resources
from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from store import settings
from sync.carried import STAMP
from sync.errors import PackageForged
from sync.stick import FIRST_ROOT, FOLDER
from tests.casework.hall import PASSWORD, Hall
from tests.casework.packages_scene import OFFICES, Scene, Window, publishing
from tests.province.packages import small_resources, write_package
from tests.province.process import ProvinceProcess
from tests.province.publisher import Publisher

VILLAGE, TOWNSHIP = "qingshan", "hongqi"
CONTENT = {
    "linux": b"\x7fELF" + bytes(range(256)) * 9000,
    "win32": b"MZ" + bytes(range(256)) * 7000,
}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr("sys.platform", "linux")
    with publishing(tmp_path) as made:
        publish(made.publisher, "99.0")
        yield made


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def publish(publisher: Publisher, version: str, *systems: str) -> None:
    for system in systems or CONTENT:
        path = publisher.folder / f"lastmile-{version}-{system}.bin"
        path.write_bytes(version.encode() + CONTENT[system])
        publisher.publish("program", system, version, {path.name: path})


def put(scene: Scene, usb: Path, *systems: str) -> tuple[program_stick.Program, ...]:
    office = scene.window(TOWNSHIP).office
    home = link.provider(office.store)
    try:
        return program_stick.put(office, home, usb, systems or program_stick.SYSTEMS)
    finally:
        home.close()


def lay_down(village: Window, usb: Path, to: Path) -> Path | None:
    administrator = village.hall.enter("admin")
    with program_stick.looking(administrator, usb) as source:
        assert source is not None
        return fetching.download_program(administrator, source, to)


def files(usb: Path) -> dict[str, bytes]:
    return {
        path.relative_to(usb).as_posix(): path.read_bytes()
        for path in usb.rglob("*")
        if path.is_file()
    }


def test_a_stick_holds_nothing_but_what_its_page_says_and_what_fat32_takes(
    scene: Scene, usb: Path
) -> None:
    scene.window(VILLAGE)
    done = put(scene, usb)
    assert [(each.system, each.version) for each in done] == [("win32", "99.0"), ("linux", "99.0")]
    for each in done:
        assert each.sha256 == sha256(b"99.0" + CONTENT[each.system]).hexdigest()
        assert (usb / FOLDER / "targets/files" / each.sha256).stat().st_size == each.bytes
    names = {path.relative_to(usb / FOLDER).as_posix() for path in (usb / FOLDER).rglob("*.json")}
    served = scene.publisher.folder / "repository"
    assert {name for name in names if (served / name).is_file()} == names - {"root.json"}
    assert all(
        name.isascii() and not set(name) & set('"*:<>?\\|') and len(name) < 255
        for name in map(str, (path.relative_to(usb) for path in usb.rglob("*")))
    )
    assert not [path for path in usb.rglob("*") if path.is_symlink() or path.suffix == ".part"]


def test_a_newer_stick_replaces_the_older_one_and_an_unchanged_one_is_not_written_again(
    scene: Scene, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(scene, usb)
    (usb / "other.txt").write_text("kept")
    with monkeypatch.context() as whole:
        whole.setattr("casework.stick.copy", lambda *_: pytest.fail("it lies there already"))
        put(scene, usb)
    publish(scene.publisher, "99.1", "linux")
    done = put(scene, usb, "linux")
    blobs = [path.name for path in (usb / FOLDER / "targets/files").iterdir()]
    assert blobs == [done[0].sha256]
    assert (usb / "other.txt").read_text() == "kept"


def test_a_stick_without_room_is_refused_before_anything_is_written(
    scene: Scene, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(len(content) + 4 for content in CONTENT.values())
    scene.window(TOWNSHIP)
    monkeypatch.setattr("casework.stick.free", lambda _folder: size + stick.SPARE - 1)
    with pytest.raises(StickFull) as refused:
        put(scene, usb)
    assert refused.value.fields == {"mb": 9, "free": 8}
    assert files(usb) == {}
    monkeypatch.setattr("casework.stick.free", lambda _folder: size + stick.SPARE)
    put(scene, usb)


def test_a_copy_that_was_pulled_out_goes_on_and_one_that_was_damaged_begins_again(
    scene: Scene, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(scene, usb)
    place = usb / FOLDER / "targets/files"
    whole = {path.name: path.read_bytes() for path in place.iterdir()}
    for name, content in whole.items():
        (place / name).rename(place / f"{name}.part")
        half = content[: len(content) // 2]
        (place / f"{name}.part").write_bytes(half if content[4:].startswith(b"MZ") else half[::-1])
    began = {name: (place / f"{name}.part").stat().st_size for name in whole}
    room = sum(map(len, whole.values())) - sum(began.values()) + stick.SPARE
    monkeypatch.setattr("casework.stick.free", lambda _folder: room)
    put(scene, usb)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == whole
    (place / next(iter(whole))).write_bytes(b"rotten")
    monkeypatch.undo()
    put(scene, usb)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == whole


def test_links_on_a_stick_lead_a_carrier_s_computer_to_no_other_file(
    scene: Scene, usb: Path, tmp_path: Path
) -> None:
    put(scene, usb)
    own = tmp_path / "elsewhere"
    own.mkdir()
    (own / "letter").write_text("mine")
    blob = next((usb / FOLDER / "targets/files").iterdir())
    for path in (blob, usb / FOLDER / STAMP):
        path.unlink()
        for link_ in (path, path.with_name(f"{path.name}.part")):
            link_.symlink_to(own / "letter")
    put(scene, usb)
    assert (own / "letter").read_text() == "mine"
    assert not [path for path in usb.rglob("*") if path.is_symlink()]
    shutil.rmtree(usb / FOLDER)
    (usb / FOLDER).symlink_to(own)
    with pytest.raises(StickFailed):
        put(scene, usb)
    assert [path.name for path in own.iterdir()] == ["letter"]


def test_a_village_that_never_had_a_network_follows_every_change_of_the_root_since(
    scene: Scene, usb: Path, tmp_path: Path
) -> None:
    """Its root is older than the one with which the office that writes the stick began."""
    village = scene.window(VILLAGE)
    put_root(scene, usb, village)
    publisher = scene.publisher
    for turn in range(4):
        old = publisher.key_of("root")
        publisher.repository.replace_key(
            "root", old, publisher.new_key("root", f"root-new-{turn}"), publisher.ring()
        )
    publisher.stamp()
    publish(scene.publisher, "99.1")
    scene.province.shelf.tend()
    put(scene, usb)
    assert {f"{n}.root.json" for n in range(1, 6)} <= {
        path.name for path in (usb / FOLDER / "metadata").iterdir()
    }
    made = lay_down(village, usb, tmp_path / "to")
    assert made is not None
    assert made.read_bytes() == b"99.1" + CONTENT["linux"]


def put_root(scene: Scene, usb: Path, village: Window) -> None:
    """Let a village learn its first root from a stick, and remember its metadata."""
    other = scene.window(TOWNSHIP)
    put(scene, usb)
    with program_stick.looking(village.hall.enter("admin"), usb) as source:
        assert source is not None
    writer = other.office.store.writer
    for name, content in fetching.UNTRUSTED.items():
        writer.submit(settings.put, name, content).result()


def test_a_stick_of_another_province_is_not_taken(scene: Scene, usb: Path, tmp_path: Path) -> None:
    village = scene.window(VILLAGE)
    put(scene, usb)
    stranger = Publisher(tmp_path / "elsewhere" / "province")
    evil = tmp_path / "evil.bin"
    evil.write_bytes(b"evil")
    stranger.publish("program", "linux", "100", {"evil.bin": evil})
    shutil.copytree(stranger.folder / "repository", strange := tmp_path / "strange" / FOLDER)
    there = open_province(stranger.folder, services=Services({}))
    theirs = there.shelf.announced()
    there.database.close()
    for first_root in (json.dumps(theirs).encode(), (usb / FOLDER / FIRST_ROOT).read_bytes()):
        (strange / FIRST_ROOT).write_bytes(first_root)
        with pytest.raises(PackageForged):
            lay_down(village, strange.parent, tmp_path / "to")
    assert not (tmp_path / "to").exists()
    assert lay_down(village, usb, tmp_path / "to") is not None


def test_answers_that_were_on_their_way_meanwhile_still_bring_their_services(
    scene: Scene, usb: Path, tmp_path: Path
) -> None:
    """A program's stick brings newer metadata than an answer that was written before it."""
    village = scene.window(VILLAGE)
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    relay.make(village.office)
    assert relay.copy_to(village.office, usb).left == 0
    assert relay.carry(scene.window(TOWNSHIP).office, usb).failed == ()
    scene.publish("3")
    publish(scene.publisher, "99.1")
    put(scene, usb)
    assert lay_down(village, usb, tmp_path / "to") is not None
    village.enter()
    assert relay.take_in(village.office, usb).services == 1
    assert (village.offered, packages.freshness(village.office).error) == ([("2", False)], "")


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "province")
    publish(made, "0.0.1", "linux")
    return made


@pytest.fixture
def process(publisher: Publisher, tmp_path: Path) -> Iterator[ProvinceProcess]:
    """A province in a process of its own."""
    write_package(tmp_path / "services")
    made = ProvinceProcess(publisher.folder, tmp_path / "services")
    made.start()
    yield made
    made.close()


def test_it_staff_bring_a_newer_program_from_a_township_to_a_village_with_three_commands(
    process: ProvinceProcess,
    publisher: Publisher,
    tmp_path: Path,
    usb: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two offices; the village's computer reaches nobody."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("LASTMILE_PASSWORD", PASSWORD)
    halls = {name: _enrolled(process, name, tmp_path / name) for name in OFFICES}
    unplugged = halls[VILLAGE]
    assert unplugged.office is not None
    identity = json.loads(unplugged.office.store.read(settings.get, "device_identity") or b"")
    nobody = json.dumps({**identity, "url": "http://127.0.0.1:9"}).encode()
    unplugged.office.store.writer.submit(settings.put, "device_identity", nobody).result()
    for hall in halls.values():
        hall.leave()

    def admin(office: str, *words: str, code: int = 0) -> dict[str, object]:
        hall = halls[office]
        monkeypatch.setattr("casework.console.profile_box", lambda _profile: hall.box)
        done = CliRunner().invoke(app, ["update", *words, "--profile", str(hall.folder), "--json"])
        assert done.exit_code == code, done.output
        said: dict[str, object] = json.loads(done.output) if code < 3 else {"said": done.output}
        return said

    there = str(usb)
    assert "S186" in str(admin(VILLAGE, "check", "--from", there, code=3)["said"])
    assert admin(TOWNSHIP, "carry", "--to", there, "--system", "win32", code=1) == {"programs": []}
    assert files(usb) == {}
    admin(TOWNSHIP, "carry", "--to", there)
    assert admin(VILLAGE, "check", "--from", there) == {"newer": ""}
    publish(publisher, "99.0")
    carried = admin(TOWNSHIP, "carry", "--to", there)["programs"]
    assert isinstance(carried, list)
    assert [each["system"] for each in carried] == ["win32", "linux"]
    process.close()
    content = b"99.0" + CONTENT["linux"]
    found = admin(VILLAGE, "check", "--from", there, code=1)
    assert datetime.now(UTC) - datetime.fromisoformat(str(found.pop("as_of"))) < timedelta(hours=1)
    assert found == {
        "newer": "99.0",
        "file": "lastmile-99.0-linux.bin",
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    to = tmp_path / "installers"
    got = Path(str(admin(VILLAGE, "download", "--from", there, "--to", str(to))["file"]))
    assert got.read_bytes() == content
    assert [(path.name, path.stat().st_mode & 0o111) for path in to.iterdir()] == [(got.name, 0)]


def _enrolled(process: ProvinceProcess, office: str, folder: Path) -> Hall:
    folder.mkdir()
    opened = open_province(process.folder, services=Services({}))
    code = opened.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())
    opened.database.close()
    hall = Hall(folder, Resources(small_resources(folder / "resources")))
    link.enrol_office(hall.enter("admin"), process.url, code, device_name="window")
    return hall
