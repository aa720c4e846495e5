"""What the page of the stick hears of a program that lies on one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from casework import link, program_stick
from desktop.office_stick import OfficeStick
from desktop.stick_desk import StickTakenIn
from sync.stick import FOLDER
from tests.casework.packages_scene import Scene, publishing


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr("sys.platform", "linux")
    with publishing(tmp_path) as made:
        yield made


def _put(scene: Scene, stick: Path, version: str) -> None:
    installer = stick.parent / f"{version}.bin"
    installer.write_bytes(version.encode() * 1000)
    scene.publisher.publish("program", "linux", version, {installer.name: installer})
    stick.mkdir(exist_ok=True)
    office = scene.window("hongqi").office
    home = link.provider(office.store)
    assert program_stick.put(office, home, stick)
    home.close()


def _taken_in(scene: Scene, stick: Path) -> StickTakenIn:
    with ThreadPoolExecutor(1) as workers:
        return OfficeStick(scene.window().office, workers).take_in(stick).result()


def test_a_newer_program_is_named_an_older_one_is_not_and_a_forged_one_is_told(
    scene: Scene, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    _put(scene, old, "98.0")
    _put(scene, new, "99.0")
    assert _taken_in(scene, old) == StickTakenIn(program="98.0")
    assert _taken_in(scene, new) == StickTakenIn(program="99.0")
    assert _taken_in(scene, old) == StickTakenIn()
    assert _taken_in(scene, tmp_path) == StickTakenIn()
    _put(scene, new, "99.1")
    for path in (new / FOLDER / "metadata").glob("*.program.json"):
        path.write_bytes(path.read_bytes().replace(b"linux", b"Linux"))
    assert _taken_in(scene, new) == StickTakenIn(failed=((FOLDER, "S181"),))


def test_a_program_that_is_too_old_to_be_judged_alarms_nobody(scene: Scene, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    _put(scene, stick, "99.0")
    scene.publisher.later = timedelta(days=-200)
    (scene.publisher.repository.metadata / "timestamp.json").unlink()
    scene.publisher.stamp()
    stamp = (scene.publisher.repository.metadata / "timestamp.json").read_bytes()
    (stick / FOLDER / "metadata" / "timestamp.json").write_bytes(stamp)
    assert _taken_in(scene, stick) == StickTakenIn()
