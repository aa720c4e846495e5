"""Attacks on the way of packages: the repository as the province serves it, or a mirror that lies.

The keys that an attacker has stolen are said in each test; with what he has he signs properly.
"""

from __future__ import annotations

import json
import shutil
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets

from province.app import open_province
from province.packages import Services
from province.shelf import timestamp_signer
from sync.errors import (
    CaptivePortal,
    CatalogueStale,
    NotOnStick,
    Offline,
    PackageForged,
    PackageMissing,
    PackageUnfinished,
    SyncError,
)
from sync.http import Link
from sync.packages import Entry, PackageSource, read_manifest
from sync.stick import FOLDER
from tests.province.publisher import Publisher
from tests.province.site import served
from tests.sync.attacker import Attacker, Device
from tests.sync.mirror import Mirror, cut, drip, endless, instead, mirror_of

CONTENT = bytes(range(256)) * 2000


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    made = Publisher(tmp_path_factory.mktemp("first") / "province")
    made.publish("service", "x", "1", {"a": CONTENT})
    return made


@pytest.fixture
def publisher(first: Publisher, tmp_path: Path) -> Publisher:
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return first.moved(tmp_path / "province")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The real service: its folder, and its address."""
    folder = tmp_path_factory.mktemp("service")
    with served(open_province(folder, services=Services({}))) as url:
        yield folder, url


@pytest.fixture
def url(publisher: Publisher, service: tuple[Path, str]) -> Iterator[str]:
    """Where the real service serves the publisher's repository."""
    link = service[0] / "repository"
    link.symlink_to(publisher.folder / "repository")
    yield service[1]
    link.unlink()


@pytest.fixture(params=["line", "stick"])
def device(
    publisher: Publisher, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Device:
    """A device that has looked once, at the real service or at a stick."""
    stick = tmp_path / "stick" if request.param == "stick" else None
    if stick:
        stick.mkdir()
        (stick / FOLDER).symlink_to(publisher.folder / "repository")
    made = Device(url, publisher.repository.root_bytes(), tmp_path / "parts", stick=stick)
    assert made.look() == CONTENT
    return made


@pytest.fixture
def mirror(publisher: Publisher) -> Iterator[Mirror]:
    with mirror_of(publisher.folder / "repository") as made:
        yield made


@pytest.fixture
def attacker(publisher: Publisher) -> Attacker:
    return Attacker(publisher)


def test_an_older_timestamp_is_not_taken(publisher: Publisher, device: Device) -> None:
    path = publisher.repository.metadata / "timestamp.json"
    old = path.read_bytes()
    publisher.publish("service", "x", "2", {"a": b"2"})
    assert device.look(version="2") == b"2"
    known = dict(device.known)
    path.write_bytes(old)
    if device.stick:  # which may be an old one without anybody's ill will
        assert device.look(version="2") == b"2"
    else:
        with pytest.raises(PackageForged):
            device.look()
    assert device.known == known


def test_with_the_timestamp_s_key_nobody_goes_back_to_an_older_snapshot(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    publisher.publish("service", "x", "2", {"a": b"2"})
    device.look()
    attacker.stamp(2, "timestamp")
    with pytest.raises(PackageForged):
        device.look()


def test_with_snapshot_and_timestamp_nobody_goes_back_to_older_packages(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    publisher.publish("service", "x", "2", {"a": b"2"})
    device.look()
    made: Metadata[Snapshot] = publisher.repository.read("snapshot")
    made.signed.meta["services.json"].version -= 1
    made.signed.version += 1
    attacker.sign(made, f"{made.signed.version}.snapshot.json", "snapshot-0")
    attacker.stamp(made.signed.version, "timestamp")
    with pytest.raises(PackageForged):
        device.look()


def test_frozen_metadata_end_being_taken_and_everything_goes_on_once_they_are_renewed(
    publisher: Publisher, url: str, tmp_path: Path
) -> None:
    publisher.later = timedelta(days=-4)
    publisher.service("1", "y")
    (publisher.repository.metadata / "timestamp.json").unlink()
    publisher.stamp()
    device = Device(url, publisher.repository.root_bytes(), tmp_path / "parts")
    for _ in range(2):  # the same for ever
        with pytest.raises(CatalogueStale):
            device.look()
    publisher.later = timedelta(0)
    assert publisher.stamp()
    assert device.look() == CONTENT


def test_files_of_different_states_are_not_mixed(publisher: Publisher, device: Device) -> None:
    publisher.publish("service", "x", "2", {"a": b"2"})
    metadata = publisher.repository.metadata
    shutil.copy(metadata / "2.services.json", metadata / "3.services.json")
    with pytest.raises(PackageForged):
        device.look(version="2")


def test_one_manifest_does_not_pass_for_another(publisher: Publisher, device: Device) -> None:
    publisher.publish("service", "x", "2", {"a": b"2"})
    one, two = sorted((publisher.repository.targets / "services/x").iterdir(), key=_version)
    two.write_bytes(one.read_bytes())
    with pytest.raises(PackageForged):
        device.look(version="2")
    assert device.look(version="1") == CONTENT


def _version(path: Path) -> str:
    return path.name.split(".", 1)[1]


@pytest.mark.parametrize("change", [b"longer" + CONTENT, CONTENT[:-1], CONTENT[:-1] + b"!", b""])
def test_a_file_of_another_length_or_content_is_not_taken(
    publisher: Publisher, mirror: Mirror, tmp_path: Path, change: bytes
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    [blob] = (publisher.repository.targets / "files").iterdir()
    mirror.harms[blob.name] = instead(change)
    for _ in range(2):
        with pytest.raises(PackageForged):
            device.look()
    mirror.harms.clear()
    assert device.look() == CONTENT


def test_a_program_of_the_right_length_and_another_content_is_not_taken(
    publisher: Publisher, mirror: Mirror, tmp_path: Path
) -> None:
    program = tmp_path / "p.deb"
    program.write_bytes(CONTENT + b"genuine")
    publisher.publish("program", "linux", "9", {program.name: program})
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    mirror.harms[sha256(CONTENT + b"genuine").hexdigest()] = instead(CONTENT + b"forgery")
    with pytest.raises(PackageForged):
        device.look("program", "linux", "")
    mirror.harms.clear()
    assert device.look("program", "linux", "") == program.read_bytes()


@pytest.mark.parametrize("path", ["timestamp.json", "2.snapshot.json", "2.services.json", ""])
def test_data_without_end_are_left_after_their_limit(
    publisher: Publisher, mirror: Mirror, tmp_path: Path, path: str
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    [blob] = (publisher.repository.targets / "files").iterdir()
    mirror.harms[path or blob.name] = endless
    with pytest.raises(PackageForged):
        device.look()
    assert sum(part.stat().st_size for part in device.folder.iterdir()) == 0
    mirror.harms.clear()
    assert device.look() == CONTENT


def test_a_line_that_drips_holds_nobody_up_and_the_next_look_goes_on_where_it_stopped(
    publisher: Publisher, mirror: Mirror, tmp_path: Path
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    [blob] = (publisher.repository.targets / "files").iterdir()
    mirror.harms[blob.name] = drip
    end = time.monotonic() + 0.5
    device.until = lambda: time.monotonic() > end
    with pytest.raises(PackageUnfinished):
        device.look()
    assert time.monotonic() < end + 3
    mirror.harms.clear()
    device.until = lambda: False
    assert device.look() == CONTENT
    path, begin = mirror.asked[-1]
    assert path.endswith(blob.name)
    assert begin > 0


def test_a_download_that_breaks_off_again_and_again_comes_through(
    publisher: Publisher, mirror: Mirror, tmp_path: Path
) -> None:
    content = b"".join(sha256(bytes([n])).digest() for n in range(200)) * 40
    publisher.publish("codelist", "l", "9", {"l": content})
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    manifest = next((publisher.repository.targets / "codelists").iterdir()).read_bytes()
    entry = read_manifest(manifest, "codelist", "l").files[0]
    mirror.harms[entry.blob] = cut(entry.stored // 4)
    for _ in range(8):
        try:
            got = device.look("codelist", "l", "")
            break
        except Offline:
            continue
    assert got == content
    begins = [begin for path, begin in mirror.asked if path.endswith(entry.blob)]
    assert begins == sorted(begins)
    assert begins[-1] > 0


@pytest.mark.parametrize("damage", [b"", b"!", bytes(100), bytes(10**6)])
@pytest.mark.parametrize("path", ["", "2.snapshot.json", "2.services.json"])
def test_a_download_that_a_power_cut_damaged_on_the_disk_is_begun_anew_and_nobody_is_blamed(
    publisher: Publisher, mirror: Mirror, tmp_path: Path, path: str, damage: bytes
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    [blob] = (publisher.repository.targets / "files").iterdir()
    mirror.harms[path or blob.name] = cut(100)
    with pytest.raises(Offline):
        device.look()
    mirror.harms.clear()
    for part in device.folder.glob("*.part"):
        part.write_bytes(damage)
    assert device.look() == CONTENT
    assert not list(device.folder.iterdir())


def test_who_stole_the_timestamp_s_key_publishes_nothing(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    attacker.publish(
        "services",
        "services/x/9.json",
        "timestamp",
        snapshot="timestamp",
        stamp="timestamp",
    )
    with pytest.raises(PackageForged):
        device.look(version="9")


def test_who_stole_snapshot_and_timestamp_publishes_nothing(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    attacker.publish(
        "services",
        "services/x/9.json",
        "snapshot-0",
        snapshot="snapshot-0",
        stamp="timestamp",
    )
    with pytest.raises(PackageForged):
        device.look(version="9")


def test_who_may_publish_services_publishes_no_program_and_no_list(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    for path in ("program/linux.json", "codelists/divisions.csv.json"):
        attacker.publish("services", path, "services-0", snapshot="snapshot-0", stamp="timestamp")
    assert device.look("program", "linux", "") is None
    assert device.look("codelist", "divisions.csv", "") is None


def test_a_key_of_services_that_was_taken_out_signs_nothing_any_more(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    new = publisher.new_key("services", "services-new")
    publisher.repository.replace_key(
        "services", publisher.key_of("services"), new, publisher.ring()
    )
    publisher.stamp()
    assert device.look() == CONTENT
    attacker.publish(
        "services", "services/x/9.json", "services-0", snapshot="snapshot-0", stamp="timestamp"
    )
    with pytest.raises(PackageForged):
        device.look(version="9")


def test_a_targets_key_revoked_by_a_new_root_hands_out_no_rights_any_more(
    publisher: Publisher, device: Device, attacker: Attacker
) -> None:
    new = publisher.new_key("targets", "targets-new")
    publisher.repository.replace_key("targets", publisher.key_of("targets"), new, publisher.ring())
    publisher.stamp()
    attacker.publish(
        "targets", "services/x/9.json", "targets-0", snapshot="snapshot-0", stamp="timestamp"
    )
    with pytest.raises(PackageForged):
        device.look(version="9")


def test_a_device_that_was_away_for_years_follows_every_change_of_the_root(
    publisher: Publisher, device: Device
) -> None:
    for turn in range(3):
        for _ in range(3):  # so that no key of the first root is left
            old = publisher.key_of("root")
            new = publisher.new_key("root", f"root-{turn}-{old[:6]}")
            publisher.repository.replace_key("root", old, new, publisher.ring())
    publisher.repository.replace_key(
        "timestamp", publisher.key_of("timestamp"), _new_timestamp(publisher), publisher.ring()
    )
    publisher.stamp()
    publisher.publish("service", "x", "2", {"a": b"2"})
    assert publisher.repository.read("root").signed.version == 11
    assert device.look(version="2") == b"2"
    assert device.look() == CONTENT  # and again from what it remembers


def _new_timestamp(publisher: Publisher):  # type: ignore[no-untyped-def]
    (publisher.folder / "timestamp.key").unlink()
    return timestamp_signer(publisher.folder).public_key


@pytest.mark.parametrize("places", [("root-0",), ("own-0", "own-1"), ("root-0", "own-0")])
def test_a_root_that_too_few_former_keys_signed_is_not_followed(
    publisher: Publisher, device: Device, attacker: Attacker, places: tuple[str, ...]
) -> None:
    root: Metadata[Root] = publisher.repository.read("root")
    for key_id in list(root.signed.roles["root"].keyids):
        root.signed.revoke_key(key_id, "root")
    for number in range(2):
        root.signed.add_key(publisher.new_key("root", f"own-{number}"), "root")
    root.signed.version += 1
    attacker.sign(root, "2.root.json", *places)
    with pytest.raises(PackageForged):
        device.look()


def test_a_repository_of_a_stranger_is_not_taken(
    publisher: Publisher, device: Device, tmp_path: Path
) -> None:
    stranger = Publisher(tmp_path / "elsewhere" / "province")
    stranger.publish("service", "x", "9", {"a": b"evil"})
    shutil.rmtree(publisher.folder / "repository")
    shutil.copytree(stranger.folder / "repository", publisher.folder / "repository")
    with pytest.raises(PackageForged):
        device.look(version="9")


@pytest.mark.parametrize("said", [("y", "2"), ("x", "0"), ("x", "2\n")])
def test_a_manifest_of_another_package_or_version_is_not_taken_though_its_key_signed_it(
    publisher: Publisher, device: Device, said: tuple[str, str]
) -> None:
    repository = publisher.repository
    files = {"a": repository._put(b"old")}
    manifest = {"v": 1, "kind": "service", "id": said[0], "version": said[1], "files": files}
    data = json.dumps(manifest).encode()
    role: Metadata[Targets] = repository.read("services")
    target = TargetFile.from_data("services/x/2.json", data, ["sha256"])
    role.signed.targets["services/x/2.json"] = target
    place = repository.targets / "services/x" / f"{target.hashes['sha256']}.2.json"
    place.write_bytes(data)
    ring = publisher.ring()
    repository._save("services", role, ring, by=repository.read("targets").signed)
    repository._snapshot(ring)
    publisher.stamp()
    with pytest.raises(PackageForged):
        device.look(version="2")


ENTRY = {"sha256": "0" * 64, "size": 1, "blob": "0" * 64, "bytes": 1}


@pytest.mark.parametrize(
    "files",
    [
        {"../a": ENTRY},
        {"/a": ENTRY},
        {"a/../../b": ENTRY},
        {"c:a": ENTRY},
        {"a\\b": ENTRY},
        {"a\u202egnp": ENTRY},
        {"a": ENTRY | {"size": 1 << 40}},
        {"a": ENTRY | {"bytes": -1}},
        {"a": ENTRY | {"blob": "../../timestamp.key"}},
        {"a": ENTRY | {"sha256": "x"}},
        {"a": None},
        {str(n): ENTRY for n in range(501)},
        {str(n): ENTRY | {"size": 16 * 1024 * 1024} for n in range(5)},
        {},
    ],
)
def test_a_manifest_that_means_harm_is_refused(files: dict[str, object]) -> None:
    manifest = {"v": 1, "kind": "service", "id": "x", "version": "1", "files": files}
    with pytest.raises(PackageForged):
        read_manifest(json.dumps(manifest).encode(), "service", "x")
    read_manifest(json.dumps({**manifest, "files": {"a/b.csv": ENTRY}}).encode(), "service", "x")


def test_a_packed_file_unpacks_to_what_the_manifest_says_and_no_byte_more(
    publisher: Publisher, mirror: Mirror, tmp_path: Path
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")
    link = Link(device.url)
    source = PackageSource(link, device.root, {}, device.folder, device.until)
    entry = publisher.repository._put(b"0" * 50_000_000)
    assert entry["coding"] == "zlib"
    small = Entry("a", str(entry["sha256"]), 1000, str(entry["blob"]), int(entry["bytes"]), True)
    with source.look():
        tracemalloc.start()
        with pytest.raises(PackageForged):
            source.read(small)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()
    link.close()


def test_a_page_of_somebody_else_is_named_and_nothing_of_it_is_believed(
    publisher: Publisher, mirror: Mirror, tmp_path: Path
) -> None:
    device = Device(mirror.url, publisher.repository.root_bytes(), tmp_path / "parts")

    def sign_in(handler, _content):  # type: ignore[no-untyped-def]
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhtml")

    mirror.harms["timestamp.json"] = sign_in
    with pytest.raises(CaptivePortal):
        device.look()


def test_what_is_not_published_is_said_and_what_went_missing_too(
    publisher: Publisher, device: Device
) -> None:
    assert device.look(version="77") is None
    assert device.look(version="../../1") is None
    [blob] = (publisher.repository.targets / "files").iterdir()
    blob.unlink()
    with pytest.raises(NotOnStick if device.stick else PackageMissing):
        device.look()


def test_every_refusal_of_a_package_lets_the_round_go_on() -> None:
    kinds: list[type[SyncError]] = [CatalogueStale, PackageForged, PackageMissing]
    assert not any(kind.ends_round for kind in kinds)
