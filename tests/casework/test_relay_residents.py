"""A village that never has a network: its residents and its news travel on a stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework import relay, residents
from store import resident_changes
from tests.casework.residents_scene import PEOPLE, Computer, Scene

WHO, OTHER, _THIRD = PEOPLE


@pytest.fixture
def scene(town: Scene) -> Scene:
    town.begin_anew()
    return town


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def edit(computer: Computer, **values: str) -> None:
    assert residents.edit(computer.office, WHO, values, "身份证")


def bundle(computer: Computer, stick: Path) -> relay.Bundle:
    made = relay.make(computer.office)
    assert relay.copy_to(computer.office, stick).left == 0
    return made


def carried(computer: Computer, stick: Path) -> None:
    done = relay.carry(computer.office, stick)
    assert done.carried
    assert done.failed == ()


def test_changes_leave_on_a_stick_and_residents_come_back_on_it(scene: Scene, stick: Path) -> None:
    village, township = scene.computers
    edit(village, phone="13900000011")
    newcomer = residents.add(village.office, {"name": "赵新样", "village": "示例村"}, "户口簿")
    edit(township, address="示例路9号")
    township.round()
    made = bundle(village, stick)
    assert (made.cases, made.others) == (0, 2)
    carried(township, stick)
    assert village.waiting() == 2

    got = relay.take_in(village.office, stick)
    assert (got.answers, got.others, got.refused, got.failed) == (1, 2, 0, ())
    assert got.records >= 2
    assert village.waiting() == 0
    mine = village.values(WHO)
    assert (mine["phone"], mine["address"]) == ("13900000011", "示例路9号")
    assert {line.state for line in residents.get(village.office, WHO).history} == {"sent"}
    township.round()
    assert township.values(WHO) == mine
    assert township.values(newcomer)["name"] == "赵新样"
    assert relay.take_in(village.office, stick).known == 1
    village.round()
    assert (village.waiting(), village.history(WHO)) == (0, township.history(WHO))


def test_an_older_answer_undoes_nothing_that_was_read_since(scene: Scene, stick: Path) -> None:
    village, township = scene.computers
    edit(township, address="示例路9号")
    township.round()
    bundle(village, stick)
    carried(township, stick)
    edit(village, phone="13900000011")
    village.round()
    got = relay.take_in(village.office, stick)
    assert (got.answers, got.records) == (1, 0)
    assert village.values(WHO)["phone"] == "13900000011"
    assert village.waiting() == 0


def test_a_stick_after_a_province_was_put_back_brings_the_change_out_again(
    scene: Scene, stick: Path
) -> None:
    village, township = scene.computers
    edit(village, phone="13900000011")
    village.round()
    scene.forget_everything_since(WHO)
    bundle(village, stick)
    carried(township, stick)
    assert relay.take_in(village.office, stick).records >= len(PEOPLE)
    assert village.values(WHO)["phone"] == "13900000011"
    assert village.waiting() == 1
    bundle(village, stick)
    carried(township, stick)
    assert relay.take_in(village.office, stick).others == 1
    assert scene.state(WHO)[0]["phone"] == "13900000011"


def test_a_change_that_the_province_refuses_says_why_and_holds_up_no_other(
    scene: Scene, stick: Path
) -> None:
    village, township = scene.computers
    residents.edit(village.office, OTHER, {"phone": "13900000011"}, "身份证")
    edit(village, phone="13900000012")
    scene.load([(str(OTHER), None)])
    bundle(village, stick)
    carried(township, stick)
    assert relay.take_in(village.office, stick).others == 1
    assert village.waiting() == 1
    assert village.office.store.read(resident_changes.stuck) == 1
    assert village.values(WHO)["phone"] == "13900000012"


def test_with_nothing_to_send_a_stick_still_brings_the_news(scene: Scene, stick: Path) -> None:
    village, township = scene.computers
    edit(township, phone="13900000033")
    township.round()
    made = bundle(village, stick)
    assert (made.cases, made.others, made.parts) == (0, 0, 1)
    slip = relay.slip(village.office, made.id)
    assert (slip["cases"], slip["cases_count"]) == ([], "0 件")
    carried(township, stick)
    assert relay.take_in(village.office, stick).records == 1
    assert village.values(WHO)["phone"] == "13900000033"
