"""A plug that is pulled, or a disk that fills, while services, lists and the catalogue change.

They come over a line or on a stick. The office has the old version or the new one, whole; drafts
open; the next look brings the rest and leaves nothing lying about. `LASTMILE_INSTALLS=all` does it
at every file-system operation.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from casework import fetching, relay
from casework.office import Resources
from province.packages import read_folder
from tests.casework.install_child import metadata_versions
from tests.casework.packages_scene import OFFICES, SERVICE, Window, publishing
from tests.casework.struck import Struck, process
from tests.province.packages import write_package

MANY = os.environ.get("LASTMILE_INSTALLS", "2")


@dataclass
class Installing(Struck):
    """A profile as it stands before the look, and a process that looks from copies of it."""

    digests: dict[str, str]
    lists: tuple[str, str]
    metadata: dict[str, int]

    @cached_property
    def operations(self) -> list[int]:
        """At which operations of a look to strike."""
        return self.spread(MANY)

    def check(self, stands: dict[str, Any], *, at: int, ended: bool = False) -> None:
        """Nothing is a mixture, and nothing that was held is missing."""
        [(version, digest)] = stands["offered"].values()
        assert digest == self.digests[version], at
        assert stands["opens"] == [version], at
        assert version == "3" if ended else version in ("1", "2", "3"), at
        assert stands["drafts"] == ["2 样例甲", "1 样例甲"], at
        assert stands["lists"]["divisions.csv"] in self.lists[ended:], at
        known = stands["metadata"]
        assert all(known[role] >= version for role, version in self.metadata.items()), at
        if ended:
            assert (stands["freshness"], stands["files"], stands["orphans"]) == ("", [], 0), at


def few_divisions(window: Window) -> bytes:
    """Let the office begin with a short list of divisions; the list."""
    window.hall.leave()
    codes = window.hall.resources.folder / "codes"
    files = {path.name: path.read_bytes() for path in codes.iterdir() if path.is_file()}
    lines = files["divisions.csv"].splitlines(keepends=True)
    codes.unlink()
    codes.mkdir()
    files["divisions.csv"] = shipped = b"".join(lines[:200])
    for name, content in files.items():
        (codes / name).write_bytes(content)
    window.hall.resources = Resources(codes.parent)
    window.enter()
    return shipped


@pytest.fixture(scope="module", params=["line", "stick"])
def installing(
    tmp_path_factory: pytest.TempPathFactory, harm: Path, request: pytest.FixtureRequest
) -> Iterator[Installing]:
    """An office on version 2 with drafts on 1 and 2; 2 is called back, 3 and a list are new."""
    folder = tmp_path_factory.mktemp("installing")
    with publishing(folder) as scene:
        window = scene.window()
        shipped = few_divisions(window)
        window.begin()
        scene.publish("2", question="子女姓名")
        scene.release("2", OFFICES["qingshan"])
        assert window.look().error == ""
        window.begin()
        known = metadata_versions(window.office)
        if request.param == "stick":
            (stick := window.hall.folder.parent / "stick").mkdir()
            relay.make(window.office)
            assert relay.copy_to(window.office, stick).written
        window.hall.leave()
        scene.publish("3", question="儿媳姓名")
        scene.release("3", percent=100)
        scene.recall("2")
        newer = shipped + shipped.splitlines(keepends=True)[-1]
        scene.publisher.publish("codelist", "divisions.csv", "2027.2", {"divisions.csv": newer})
        if request.param == "stick":
            assert relay.carry(scene.window("hongqi").office, stick).carried
        digests = {}
        for version, question in (("1", ""), ("2", "子女姓名"), ("3", "儿媳姓名")):
            place = write_package(folder / "compare", version=version, question=question)
            digests[version] = fetching.digest(fetching.hashes(read_folder(place)))
        with process(harm) as child:
            yield Installing(
                window.hall.folder.parent,
                folder / "work",
                window.hall.resources.folder,
                child,
                digests,
                (sha256(shipped).hexdigest(), sha256(newer).hexdigest()),
                known,
            )


def test_a_plug_that_is_pulled_leaves_the_old_or_the_new_and_the_next_look_ends_it(
    installing: Installing,
) -> None:
    offered, operations = Counter[str](), installing.operations
    for at in operations:
        installing.afresh()
        assert installing.ask("kill", at) == {"killed": True}
        started = installing.ask("start")
        installing.check(started["before"], at=at)
        assert started["said"] == "", at
        installing.check(started["after"], at=at, ended=True)
        offered.update([started["before"]["offered"][SERVICE][0]])
    sys.stdout.write(f"\n{len(operations)} kills; offered when started again: {dict(offered)}\n")
    assert offered["3"] < len(operations)


def test_a_disk_that_fills_leaves_the_old_or_the_new_and_the_next_look_ends_it(
    installing: Installing,
) -> None:
    said, operations = Counter[str](), installing.operations
    for at in operations:
        installing.afresh()
        full = installing.ask("full", at)
        installing.check(full["after"], at=at)
        assert full["again"] == "", at
        said.update([full["said"]])
        started = installing.ask("start")
        assert started["said"] == "", at
        installing.check(started["after"], at=at, ended=True)
    sys.stdout.write(f"\n{len(operations)} full disks; the look said: {dict(said)}\n")
    assert set(said) <= {"D106", ""}
    assert said["D106"]
