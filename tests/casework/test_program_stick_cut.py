"""A stick pulled, a plug pulled, or no room, while programs are laid on a stick.

It holds the program of before or the new one, whole, with all that proves it; the next time ends
it. `LASTMILE_INSTALLS=all` does it at every file-system operation.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from casework import link, program_stick
from sync.stick import FOLDER
from tests.casework.install_child import ask
from tests.casework.packages_scene import Scene, publishing
from tests.sync.attacker import Device

MANY = os.environ.get("LASTMILE_INSTALLS", "3")
ROOT = Path(__file__).parents[2]
BEFORE, NEWER = b"1" * 300_000, b"2" * 400_000


@dataclass
class Laying:
    """A profile and a stick as they stand before, and processes that write from copies of them."""

    template: Path
    folder: Path
    resources: Path
    child: subprocess.Popen[str]
    root: bytes

    def ask(self, kind: str, at: int = 0) -> dict[str, Any]:
        return ask(self.child, self.folder, self.resources, kind, at)

    def afresh(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        (self.folder / "tmp").mkdir()

    def operations(self) -> list[int]:
        self.afresh()
        done = int(self.ask("full")["done"])
        step = 1 if MANY == "all" else max(1, done // int(MANY))
        return list(range(1 + step // 2, done + 1, step))

    def found(self) -> bytes | None:
        """What a village would get of the stick; each file is what its name says."""
        stick, parts = self.folder / "programs", self.folder / "parts"
        for path in (stick / FOLDER / "targets" / "files").iterdir():
            if path.suffix != ".part":
                assert sha256(path.read_bytes()).hexdigest() == path.name
        village = Device("http://127.0.0.1:9", self.root, parts, stick=stick)
        return village.look("program", "linux", "")

    def ends(self, at: int) -> None:
        """The next time all is there, and nothing else."""
        assert self.ask("full")["said"] == "", at
        assert self.found() == NEWER, at
        place = self.folder / "programs" / FOLDER
        assert not list(place.rglob("*.part")), at
        assert len(list((place / "targets" / "files").iterdir())) == 1, at


def _publish(scene: Scene, version: str, content: bytes) -> None:
    path = scene.publisher.folder / f"{version}.bin"
    path.write_bytes(content)
    scene.publisher.publish("program", "linux", version, {path.name: path})


@pytest.fixture(scope="module")
def laying(tmp_path_factory: pytest.TempPathFactory, harm: Path) -> Iterator[Laying]:
    folder = tmp_path_factory.mktemp("laying")
    with publishing(folder) as scene:
        window = scene.window()
        (stick := window.hall.folder.parent / "programs").mkdir()
        _publish(scene, "98", BEFORE)
        home = link.provider(window.office.store)
        assert program_stick.put(window.office, home, stick)
        home.close()
        window.hall.leave()
        _publish(scene, "99", NEWER)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.casework.install_child"],
            cwd=ROOT,
            env={**os.environ, "LD_PRELOAD": str(harm)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            yield Laying(
                window.hall.folder.parent,
                folder / "work",
                window.hall.resources.folder,
                child,
                scene.publisher.repository.root_bytes(),
            )
            assert child.stdin is not None
            child.stdin.close()
            child.wait(20)


def test_a_plug_that_is_pulled_leaves_the_old_program_or_the_new_one_and_the_next_time_ends_it(
    laying: Laying,
) -> None:
    found, kills, operations = Counter[bytes | None](), 0, laying.operations()
    for at in operations:
        laying.afresh()
        ended = laying.ask("kill", at)  # not each run takes the same number of operations
        assert ended == {"killed": True} or (ended["said"] == "" and at > operations[-1] - 9), at
        kills += "killed" in ended
        found.update([laying.found()])
        laying.ends(at)
    sys.stdout.write(f"\n{kills} kills; old and new: {sorted(found.values())}\n")
    assert set(found) <= {BEFORE, NEWER}
    assert found[BEFORE]


def test_a_stick_that_fills_leaves_the_old_program_or_the_new_one_and_room_ends_it(
    laying: Laying,
) -> None:
    said, operations = Counter[str](), laying.operations()
    for at in operations:
        laying.afresh()
        said.update([laying.ask("full", at)["said"]])
        assert laying.found() == NEWER, "with room again, in the same process"
        laying.ends(at)
    sys.stdout.write(f"\n{len(operations)} times full; it said: {dict(said)}\n")
    assert set(said) <= {"D106", "C134", ""}
    assert said["D106"] + said["C134"]
