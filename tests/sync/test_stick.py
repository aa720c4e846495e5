"""Attacks on what a stick carries of the repository, and ages that a stick may reach."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from province.app import open_province
from province.packages import Services
from sync.carried import STAMP
from sync.errors import (
    CatalogueStale,
    NotOnStick,
    PackageForged,
    StickUnreadable,
    SyncError,
)
from sync.stick import FIRST_ROOT, FOLDER, CarriedRepository
from tests.province.publisher import Publisher
from tests.province.site import served
from tests.sync.attacker import Device

PROGRAM = bytes(range(256)) * 5000
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    made = Publisher(tmp_path_factory.mktemp("first") / "province")
    _publish(made, "1", PROGRAM)
    return made


@pytest.fixture
def publisher(first: Publisher, tmp_path: Path) -> Publisher:
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return first.moved(tmp_path / "province")


@pytest.fixture
def village(publisher: Publisher, tmp_path: Path) -> Device:
    """A device without a network that has read one stick."""
    made = Device(
        NOBODY, publisher.repository.root_bytes(), tmp_path / "parts", stick=_stick(publisher)
    )
    assert _program(made) == PROGRAM
    return made


def _publish(publisher: Publisher, version: str, content: bytes) -> None:
    path = publisher.folder / "program.bin"
    path.write_bytes(content)
    publisher.publish("program", "linux", version, {path.name: path})


def _stick(publisher: Publisher, name: str = "stick") -> Path:
    """A stick as it is written now."""
    made = publisher.folder.parent / name
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(publisher.folder / "repository", made / FOLDER)
    return made


def _program(device: Device) -> bytes | None:
    return device.look("program", "linux", "")


def _blob(stick: Path) -> Path:
    [blob] = (stick / FOLDER / "targets/files").iterdir()
    return blob


def _endless(path: Path) -> None:
    """As large as a file on FAT32 may be, without filling this disk."""
    with path.open("r+b") as file:
        file.truncate((1 << 32) - 1)


def _a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _another(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


HARMS: dict[str, tuple[Callable[[Path], object], type[SyncError]]] = {
    "swapped": (_another(PROGRAM[::-1]), PackageForged),
    "shorter": (_another(PROGRAM[:-1]), PackageForged),
    "empty": (_another(b""), PackageForged),
    "endless": (_endless, PackageForged),
    "missing": (Path.unlink, NotOnStick),
    "a pipe": (_a_pipe, StickUnreadable),
    "a link": (_a_link, StickUnreadable),
    "a folder": (_a_folder, StickUnreadable),
}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("where", [STAMP, "snapshot.json", "program.json", "linux.json", "blob"])
def test_no_file_of_a_stick_is_taken_for_what_it_is_not(
    publisher: Publisher, village: Device, where: str, harm: str
) -> None:
    if sys.platform == "win32" and harm in ("a pipe", "a link"):
        pytest.skip("Windows has neither pipes in folders nor links for everybody")
    _publish(publisher, "2", b"2" * 300_000)
    village.stick = stick = _stick(publisher)
    for old in (stick / FOLDER / "targets/files").iterdir():
        if old.stat().st_size == len(PROGRAM):
            old.unlink()
    harmed = _newest(stick, where)
    do, error = HARMS[harm]
    do(harmed)
    with pytest.raises(error):
        _program(village)
    assert sum(part.stat().st_size for part in village.folder.iterdir()) < 2_000_000
    village.stick = _stick(publisher)
    assert _program(village) == b"2" * 300_000


def _newest(stick: Path, where: str) -> Path:
    if where == "blob":
        return _blob(stick)
    found = [path for path in (stick / FOLDER).rglob("*.json") if path.as_posix().endswith(where)]
    return max(found, key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize(("days", "error"), [(40, None), (92, None), (95, CatalogueStale)])
def test_a_stick_may_be_on_its_way_for_three_months_and_no_longer(
    publisher: Publisher, tmp_path: Path, days: int, error: type[SyncError] | None
) -> None:
    publisher.later = timedelta(days=-days)  # its timestamp lives three days
    _publish(publisher, "2", b"2")
    _restamp(publisher)
    root = publisher.repository.root_bytes()
    village = Device(NOBODY, root, tmp_path / "parts", stick=_stick(publisher))
    if error is None:
        assert _program(village) == b"2"
    else:
        with pytest.raises(error):
            _program(village)
    publisher.later = timedelta(0)
    assert publisher.stamp()
    village.stick = _stick(publisher)
    assert _program(village) == b"2"


def _restamp(publisher: Publisher) -> None:
    (publisher.repository.metadata / "timestamp.json").unlink()
    publisher.stamp()


@pytest.mark.parametrize("said", ["", "1", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_what_a_timestamp_says_of_its_age_counts_only_as_it_was_signed(
    publisher: Publisher, tmp_path: Path, said: str
) -> None:
    publisher.later = timedelta(days=-200)
    _publish(publisher, "2", b"2")
    _restamp(publisher)
    stick = _stick(publisher)
    village = Device(NOBODY, publisher.repository.root_bytes(), tmp_path / "parts", stick=stick)
    path = stick / FOLDER / STAMP
    signed = json.loads(path.read_text())
    signed["signed"]["expires"] = said
    path.write_text(json.dumps(signed))
    with pytest.raises(PackageForged):
        _program(village)


def test_an_old_stick_brings_nothing_back_whether_a_line_or_a_stick_was_quicker(
    publisher: Publisher, village: Device, tmp_path: Path
) -> None:
    old = _stick(publisher, "old")
    _publish(publisher, "2", b"2")
    service = tmp_path / "service"
    with served(open_province(service, services=Services({}))) as url:
        (service / "repository").symlink_to(publisher.folder / "repository")
        village.url, village.stick = url, None
        assert _program(village) == b"2"
    by_line = dict(village.known)
    village.url, village.stick = NOBODY, old
    with pytest.raises(NotOnStick):
        _program(village)
    assert village.known == by_line
    _publish(publisher, "3", b"3")
    village.stick = _stick(publisher)
    assert _program(village) == b"3"
    by_stick = dict(village.known)
    village.stick = old
    with pytest.raises(NotOnStick):
        _program(village)
    assert village.known == by_stick


def test_after_a_stick_nobody_on_the_line_goes_back(
    publisher: Publisher, village: Device, tmp_path: Path
) -> None:
    shutil.copytree(publisher.folder / "repository", tmp_path / "old")
    _publish(publisher, "2", b"2")
    village.stick = _stick(publisher)
    assert _program(village) == b"2"
    service = tmp_path / "service"
    with served(open_province(service, services=Services({}))) as url:
        (service / "repository").symlink_to(tmp_path / "old")
        village.url, village.stick = url, None
        with pytest.raises(PackageForged):
            _program(village)


def test_a_first_root_is_believed_from_a_stick_only_if_the_province_s_keys_signed_it(
    publisher: Publisher,
) -> None:
    stick = _stick(publisher)
    carried = CarriedRepository(stick, {}, datetime.now(UTC))
    with pytest.raises(NotOnStick):
        carried.repository_root()
    for said in (b"", b"null", b"[" * 100_000, b'{"root":"","signed_by":"x","signature":""}'):
        (stick / FOLDER / FIRST_ROOT).write_bytes(said)
        with pytest.raises(PackageForged):
            carried.repository_root()


def test_a_folder_without_a_stick_says_so(village: Device, tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        village.stick = folder
        with pytest.raises(NotOnStick):
            _program(village)
