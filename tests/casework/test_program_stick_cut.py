"""A stick pulled, a plug pulled, or no room, while programs are laid on a stick.

It holds the program of before or the new one, whole, with all that proves it; the next time ends
it. `LASTMILE_INSTALLS=all` does it at every file-system operation.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from casework import link, program_stick
from sync.stick import FOLDER
from tests.casework.packages_scene import Scene, publishing
from tests.casework.struck import Struck, process
from tests.sync.attacker import Device

MANY = os.environ.get("LASTMILE_INSTALLS", "3")
BEFORE, NEWER = b"1" * 300_000, b"2" * 400_000


@dataclass
class Laying(Struck):
    """A profile and a stick as they stand before, and a process that writes from copies of them."""

    root: bytes

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
        with process(harm) as child:
            yield Laying(
                window.hall.folder.parent,
                folder / "work",
                window.hall.resources.folder,
                child,
                scene.publisher.repository.root_bytes(),
            )


def test_a_plug_that_is_pulled_leaves_the_old_program_or_the_new_one_and_the_next_time_ends_it(
    laying: Laying,
) -> None:
    found, kills, operations = Counter[bytes | None](), 0, laying.spread(MANY)
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
    said, operations = Counter[str](), laying.spread(MANY)
    for at in operations:
        laying.afresh()
        said.update([laying.ask("full", at)["said"]])
        assert laying.found() == NEWER, "with room again, in the same process"
        laying.ends(at)
    sys.stdout.write(f"\n{len(operations)} times full; it said: {dict(said)}\n")
    assert set(said) <= {"D106", "C134", ""}
    assert said["D106"] + said["C134"]
