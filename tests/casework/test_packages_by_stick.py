"""Versions of services and code lists that reach a village without a network on a stick."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework import packages, relay, relay_packages
from casework.office import local_now
from province import relay_packages as packing
from province.app import system_now_ms
from province.packages import Services, read_folder
from store import cases
from store import packages as kept
from sync.carried import PackagesTold
from tests.casework.packages_scene import Scene, Window, publishing
from tests.province.packages import write_package

VILLAGE, TOWNSHIP = "qingshan", "hongqi"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with publishing(tmp_path) as made:
        yield made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def write(village: Window, stick: Path) -> None:
    """A stick leaves the village."""
    for old in stick.iterdir():
        old.unlink()
    relay.make(village.office)
    assert relay.copy_to(village.office, stick).left == 0


def carry(scene: Scene, stick: Path) -> None:
    """The township forwards it."""
    carried = relay.carry(scene.window(TOWNSHIP).office, stick)
    assert (len(carried.carried), carried.failed) == (1, ())


def there_and_back(scene: Scene, stick: Path) -> relay.TakenIn:
    village = scene.window(VILLAGE)
    write(village, stick)
    carry(scene, stick)
    return relay.take_in(village.office, stick)


def test_a_village_that_never_had_a_network_fills_in_a_form_published_after_its_enrolment(
    scene: Scene, stick: Path
) -> None:
    village = scene.window(VILLAGE)
    begun = village.begin()
    scene.publish("2", question="子女姓名")
    scene.release("2", "530102101")
    days = village.office.catalogue.lists["workdays.csv"]
    newer = days + "2031-01-01,off,published,国办发明电〔2030〕1号\n".encode()
    scene.publisher.publish("codelist", "workdays.csv", "2030.1", {"workdays.csv": newer})
    taken = there_and_back(scene, stick)
    assert (taken.services, taken.lists, taken.more, taken.failed) == (1, 1, False, ())
    assert village.offered == [("2", True)], "a pilot of this township"
    assert village.office.catalogue.lists["workdays.csv"] == newer
    village.enter()
    new = village.begin()
    assert "/data/more" in new.session.nodes()
    new.session.answer("/data/more", "样例乙")
    accepted = [village.finish(draft) for draft in (new.id, begun.id)]
    assert there_and_back(scene, stick).acknowledged == 2
    versions = {
        village.office.store.read(cases.get_case, each).row.service_version for each in accepted
    }
    assert versions == {"1", "2"}

    scene.recall("2")
    called_back = there_and_back(scene, stick)
    assert (called_back.services, village.offered) == (1, [("1", False)])
    state = packages.freshness(village.office)
    assert (state.error, state.unfinished) == ("", False)
    assert not list((village.office.store.folder / "packages").iterdir())


def test_twice_changes_nothing_half_an_answer_changes_nothing_and_nothing_is_sent_again(
    scene: Scene, stick: Path
) -> None:
    village = scene.window(VILLAGE)
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    write(village, stick)
    carry(scene, stick)
    [answer] = stick.glob("*.lmreply")
    whole = answer.read_bytes()
    answer.write_bytes(whole[: len(whole) // 2])
    before = packages.freshness(village.office)
    assert relay.take_in(village.office, stick).failed == ((answer.name, "S119"),)
    assert (village.offered, packages.freshness(village.office)) == ([("1", False)], before)
    answer.write_bytes(whole)
    assert relay.take_in(village.office, stick).services == 1
    again = relay.take_in(village.office, stick)
    assert (again.known, again.services) == (1, 0)
    held = village.office.store.read(kept.files_held)

    sent = _sent(scene, village, stick)
    assert set(sent) == {"metadata/timestamp.json"}
    assert village.office.store.read(kept.files_held) == held
    assert village.offered == [("2", False)]


def _sent(scene: Scene, village: Window, stick: Path) -> dict[str, bytes]:
    """What a stick brings of the repository now."""
    seen: list[dict[str, bytes]] = []
    take_in = relay_packages.take_in

    def watched(office: Any, told: PackagesTold, at: Any) -> relay_packages.Renewed:
        seen.append(dict(told.files))
        return take_in(office, told, at)

    with pytest.MonkeyPatch.context() as watching:
        watching.setattr(relay_packages, "take_in", watched)
        there_and_back(scene, stick)
    return seen[-1]


def test_what_does_not_fit_comes_with_the_next_stick(
    scene: Scene, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = scene.window(VILLAGE)
    for n in range(3):
        files = read_folder(
            write_package(scene.publisher.folder / "new", f"new-{n}", question=f"第{n}问")
        )
        files["picture.jpg"] = random.Random(n).randbytes(40_000)
        scene.publisher.publish("service", f"new-{n}", "1", files)
    scene.province.shelf.tend()
    for n in range(3):
        scene.release("1", percent=100, service=f"new-{n}")
    monkeypatch.setattr("sync.providers.province.MOST_ROOM", 64 * 1024)
    offered = [len(village.offered)]
    while there_and_back(scene, stick).more:
        offered.append(len(village.offered))
        assert len(offered) < 12
    assert offered == sorted(offered)
    assert 1 < offered[-1] < 4, "one after another"
    assert len(village.offered) == 4
    assert packages.freshness(village.office).seen_at is not None


def test_a_carrier_who_needs_three_weeks_brings_what_was_true_when_the_province_wrote_it(
    scene: Scene, stick: Path
) -> None:
    village, ago = scene.window(VILLAGE), timedelta(days=21)
    scene.window(TOWNSHIP)
    scene.publisher.later = -ago
    scene.province.now_ms = lambda: system_now_ms() - int(ago.total_seconds() * 1000)
    scene.publish("2")
    scene.release("2", percent=100)
    assert there_and_back(scene, stick).services == 1
    state = packages.freshness(village.office)
    assert (state.error, village.offered) == ("", [("2", False)])
    assert state.seen_at is not None
    assert (local_now() - state.seen_at).days == 21, "the page says how old it is"
    assert village.look().error == "S180", "over a line such signatures are stale"


def test_a_stick_that_was_overtaken_by_a_network_brings_nothing_back(
    scene: Scene, stick: Path
) -> None:
    village = scene.window(VILLAGE)
    scene.publish("2")
    scene.release("2", percent=100)
    write(village, stick)
    carry(scene, stick)
    scene.publish("3")
    scene.release("3", percent=100)
    assert village.look().error == ""
    taken = relay.take_in(village.office, stick)
    assert (taken.answers, taken.services, taken.failed) == (1, 0, ())
    assert village.offered == [("3", False)]
    assert packages.freshness(village.office).error == ""


def test_what_the_repository_s_keys_did_not_sign_is_not_taken_whoever_sealed_it(
    scene: Scene, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even from who holds the province's key of receipts."""
    village = scene.window(VILLAGE)
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    answer = packing.answer
    for part in (
        "metadata/timestamp.json",
        ".services.json",
        "targets/services/",
        "targets/files/",
    ):

        def altered(*given: Any, part: str = part) -> dict[str, Any]:
            told: dict[str, Any] = answer(*given)
            files = told["files"]
            for path in [path for path in files if part in path]:
                files[path] = files[path][:-9] + b"x" * 9
            return told

        with monkeypatch.context() as province:
            province.setattr("province.relay.relay_packages.answer", altered)
            taken = there_and_back(scene, stick)
        assert (taken.answers, taken.services) == (1, 0), part
        assert packages.freshness(village.office).error == "S181", part
        assert village.offered == [("1", False)], part
    assert there_and_back(scene, stick).services == 1
    assert village.offered == [("2", False)]


def test_an_answer_that_a_power_cut_ended_half_taken_in_is_taken_in_again(
    scene: Scene, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = scene.window(VILLAGE)
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    write(village, stick)
    carry(scene, stick)
    with monkeypatch.context() as plug:
        plug.setattr("casework.fetching.keep", _pulled)
        with pytest.raises(KeyboardInterrupt):
            relay.take_in(village.office, stick)
    village.enter()
    assert village.offered == [("1", False)]
    assert relay.take_in(village.office, stick).services == 1
    assert village.offered == [("2", False)]


def _pulled(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_repository_that_is_still_being_copied_is_asked_again_by_the_next_stick(
    scene: Scene, stick: Path
) -> None:
    village = scene.window(VILLAGE)
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    repository = scene.publisher.folder / "repository"
    for missing in ("metadata/*.services.json", "targets/files/*"):
        gone = {path: path.read_bytes() for path in repository.glob(missing)}
        for path in gone:
            path.unlink()
        taken = there_and_back(scene, stick)
        assert (taken.answers, taken.services, taken.more) == (1, 0, True), missing
        assert packages.freshness(village.office).error == "", missing
        for path, content in gone.items():
            path.write_bytes(content)
    assert there_and_back(scene, stick).services == 1


def test_a_village_without_a_repository_at_its_province_hears_what_is_offered(
    scene: Scene, stick: Path
) -> None:
    shutil.rmtree(scene.publisher.folder / "repository")
    village = scene.window(VILLAGE)
    scene.province.services = Services({})
    taken = there_and_back(scene, stick)
    assert (taken.services, taken.more, village.offered) == (1, False, [])
