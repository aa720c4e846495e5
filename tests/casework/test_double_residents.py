"""One person entered with one ID number at two offices: seen, joined by a supervisor, undone."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from casework import link, residents
from casework.errors import BadPerson, NoConflict, NotAllowed, ReasonNeeded
from casework.id_numbers import with_check
from casework.office import Resources
from store import residents as base
from sync.providers.province import ProvinceProvider
from tests.casework.residents_scene import Computer, Scene, township

NUMBER = with_check("51999919900307011")
WHY = "户口簿"


@pytest.fixture(scope="module")
def supervised(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> Iterator[Scene]:
    """Two offices of one township with their supervisors at the computers."""
    with township(tmp_path_factory.mktemp("town"), resources) as made:
        for each in made.computers:
            sit_down(each, "zhao")
        yield made


def sit_down(computer: Computer, login: str) -> None:
    computer.provider.close()
    computer.office = computer.hall.enter(login)
    provider = link.provider(computer.office.store)
    assert isinstance(provider, ProvinceProvider)
    computer.provider = provider


@pytest.fixture
def scene(supervised: Scene) -> Scene:
    supervised.begin_anew()
    return supervised


@pytest.fixture
def pair(scene: Scene) -> tuple[UUID, UUID]:
    """The same person, entered at both offices before either has a network; both know by now."""
    one, two = scene.computers
    first = residents.add(
        one.office, {"name": "重名示例", "id_no": NUMBER, "phone": "13900000001"}, WHY
    )
    second = residents.add(
        two.office, {"name": "重名示例", "id_no": NUMBER, "village": "核桃村"}, WHY
    )
    settle(scene)
    return first, second


def settle(scene: Scene) -> None:
    for _ in range(2):
        for each in scene.computers:
            each.round()


def found(computer: Computer) -> list[UUID]:
    return [each.id for each in residents.find(computer.office, NUMBER)]


def join(computer: Computer, one: UUID, other: UUID) -> None:
    """The telephone of `one`, and the village of whichever names one."""
    choices = {clash.field: one for clash in residents.look_double(computer.office, one, other)}
    wanted = residents.get(computer.office, other).resident
    if wanted.village:
        choices["village"] = other
    residents.join(computer.office, one, other, choices, WHY)


def test_a_supervisor_sees_two_records_of_one_number_and_nobody_else_does(
    scene: Scene, pair: tuple[UUID, UUID]
) -> None:
    for computer in scene.computers:
        [(first, second)] = residents.doubles(computer.office)
        assert (first.id, second.id) == pair
        assert NUMBER not in (first.id_no, second.id_no)
    one = scene.computers[0]
    clashes = residents.look_double(one.office, *pair)
    values = {clash.field: [choice.value for choice in clash.choices] for clash in clashes}
    assert values == {"phone": ["13900000001", ""], "village": ["", "核桃村"]}
    sit_down(one, "li")
    with pytest.raises(NotAllowed):
        residents.doubles(one.office)
    sit_down(one, "zhao")


def test_joined_they_are_one_person_everywhere_with_both_histories(
    scene: Scene, pair: tuple[UUID, UUID]
) -> None:
    here, there = scene.computers
    with pytest.raises(ReasonNeeded):
        residents.join(here.office, *pair, {}, " ")
    join(here, *pair)
    assert residents.doubles(here.office) == ()
    held = residents.count(here.office)
    settle(scene)
    for computer in scene.computers:
        assert computer.waiting() == 0
        assert found(computer) == [pair[0]]
        assert residents.doubles(computer.office) == ()
        assert residents.count(computer.office) == held
        person = residents.get(computer.office, pair[0])
        assert [each.id for each in person.records] == [pair[1]]
        assert person.resident.village == "核桃村"
        said = [(line.field, line.new) for line in person.history]
        assert said.count(("village", "核桃村")) == 2, "of the join, and of the other record"
        assert computer.values(pair[0])["phone"] == "13900000001"
    with pytest.raises(NoConflict):
        residents.join(there.office, *pair, {}, WHY)


def test_what_was_joined_is_separated_again(scene: Scene, pair: tuple[UUID, UUID]) -> None:
    here, there = scene.computers
    join(here, *pair)
    settle(scene)
    residents.separate(there.office, pair[1], "确为两人")
    settle(scene)
    for computer in scene.computers:
        assert sorted(found(computer)) == sorted(pair)
        assert residents.get(computer.office, pair[0]).records == ()


def test_two_supervisors_who_join_both_ways_at_once_leave_one_person(
    scene: Scene, pair: tuple[UUID, UUID]
) -> None:
    here, there = scene.computers
    join(here, *pair)
    join(there, pair[1], pair[0])
    settle(scene)
    stands = min(pair)
    for computer in scene.computers:
        assert found(computer) == [stands], "the record of the lower id"
        assert residents.doubles(computer.office) == ()
        assert computer.values(pair[0])["village"] == "核桃村"


def test_neither_an_edit_nor_the_register_undoes_it(scene: Scene, pair: tuple[UUID, UUID]) -> None:
    here, _there = scene.computers
    join(here, *pair)
    settle(scene)
    with pytest.raises(BadPerson):
        residents.edit(here.office, pair[1], {"same_as": ""}, WHY)
    scene.load([(str(pair[1]), {"name": "重名示例", "id_no": NUMBER, "village": "新村"})])
    settle(scene)
    for computer in scene.computers:
        assert found(computer) == [pair[0]]
        assert computer.values(pair[1])["village"] == "新村"


def test_a_record_said_to_be_one_that_is_not_here_stands_for_itself(
    scene: Scene, pair: tuple[UUID, UUID]
) -> None:
    here, _there = scene.computers
    join(here, *pair)
    settle(scene)
    scene.load([(str(pair[0]), None)])
    settle(scene)
    for computer in scene.computers:
        assert found(computer) == [pair[1]]
        assert computer.office.store.read(base.joined) == {}
