"""A disk that fails at byte n: nothing acknowledged is lost, and work goes on once there is room.

`LASTMILE_FULL_DISK=400` tries that many n for each kind of failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store import room
from store.errors import DiskLow
from store.room import Room
from tests.store.window import enter, make

MANY = int(os.environ.get("LASTMILE_FULL_DISK", "3"))
ROOT = Path(__file__).parents[2]
DEVICE_BYTES = 3 << 20


class Failing:
    """Runs `disk_child` over one fresh profile after another."""

    def __init__(self, kind: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.disk_child", kind],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, profile: Path, size: int) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{profile} {size}\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    profile = make(tmp_path / "template")
    enter(profile).close()
    (profile / "ballast").unlink(missing_ok=True)
    return profile


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "device"
    folder.mkdir()
    size = f"size={DEVICE_BYTES}"
    if shutil.which("mount") is None:
        pytest.skip("no mount command here")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("a small device can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fresh(template: Path, folder: Path) -> Path:
    for left in ("device", template.name):
        shutil.rmtree(folder / left, ignore_errors=True)
    shutil.copytree(template.parent / "device", folder / "device")
    shutil.copytree(template, folder / template.name)
    return folder / template.name


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file sizes are POSIX")
def test_no_file_may_grow_beyond_byte_n(tmp_path: Path, template: Path) -> None:
    failing, refused, accepted = Failing("limit"), Counter[str](), 0
    try:
        for n in range(MANY):
            limit = 4096 + n * (900_000 // MANY)
            said = failing.run(fresh(template, tmp_path), limit)
            assert "failed" not in said, (limit, said)
            assert (said["lost"], said["audit"]) == ([], None), (limit, said)
            refused.update(said["refused"] or ["none"])
            accepted += said["accepted"]
    finally:
        failing.close()
    sys.stdout.write(f"\n{MANY} limits, {accepted} accepted, 0 lost; refused: {dict(refused)}\n")
    assert accepted
    assert set(refused) <= {"D106", "D107", "none"}
    assert set(refused) & {"D106", "D107"}


def test_a_device_that_is_full_at_byte_n(device: Path, template: Path) -> None:
    failing, refused, accepted = Failing("device"), Counter[str](), 0
    room_left = (
        DEVICE_BYTES
        - 300_000
        - sum(path.stat().st_size for path in template.rglob("*") if path.is_file())
    )
    try:
        for n in range(MANY):
            filler = room_left // 3 + n * (room_left // 3 // MANY)
            said = failing.run(fresh(template, device), filler)
            assert "failed" not in said, (filler, said)
            assert (said["lost"], said["audit"]) == ([], None), (filler, said)
            assert not said["ballast_kept"]
            assert said["drafts_left"] == 0, "deleting works on a full disk"
            refused.update(said["refused"])
            accepted += said["accepted"]
    finally:
        failing.close()
    sys.stdout.write(f"\n{MANY} fillings, {accepted} accepted, 0 lost; {dict(refused)}\n")
    assert set(refused) == {"D106"}


def test_nothing_new_is_begun_while_there_is_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Room(tmp_path)
    for free, level in ((1 << 30, "plenty"), (400 << 20, "low"), (90 << 20, "stop")):
        monkeypatch.setattr(Room, "free", free)
        assert here.level == level
        if level == "stop":
            with pytest.raises(DiskLow) as refused:
                here.demand()
            assert refused.value.fields == {"free_mib": 90}
        else:
            here.demand()
    monkeypatch.setattr(Room, "free", 101 << 20)
    with pytest.raises(DiskLow):
        here.demand(2 << 20)


def test_the_ballast_is_laid_again_once_there_is_plenty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Room(tmp_path)
    monkeypatch.setattr(room, "BALLAST_BYTES", 1 << 20)
    monkeypatch.setattr(Room, "free", 1 << 30)
    assert here.lay_ballast()
    assert (tmp_path / room.NAME).stat().st_size == 1 << 20
    assert here.give_up_ballast()
    assert not here.give_up_ballast()
    monkeypatch.setattr(Room, "free", 200 << 20)
    assert not here.lay_ballast()
    monkeypatch.setattr(Room, "free", 1 << 30)
    assert here.lay_ballast()
