"""The resident base of two computers of one township, with a real province between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from casework import link, residents
from casework.errors import BadPerson, KnownAlready, NoConflict, NotAllowed, ReasonNeeded
from casework.office import local_now
from store import audit, offices, resident_changes, settings
from store import residents as base
from store.errors import ResidentGone
from store.resident_changes import Change
from sync.errors import Offline, ServerFault
from sync.ledger import Settled
from sync.round import run_round
from sync.slices import Record, RecordPage
from tests.casework.residents_scene import DIVISION, PEOPLE, Computer, Scene, data_of

WHO, OTHER, _THIRD = PEOPLE


@pytest.fixture
def scene(town: Scene) -> Scene:
    """The township as at the beginning: the same people, and nothing of what was changed."""
    town.begin_anew()
    return town


@pytest.fixture
def one(scene: Scene) -> Computer:
    return scene.computers[0]


@pytest.fixture
def two(scene: Scene) -> Computer:
    return scene.computers[1]


def edit(computer: Computer, **values: str) -> None:
    assert residents.edit(computer.office, WHO, values, "身份证")


def test_people_are_found_masked_by_whatever_they_are_known_by(one: Computer) -> None:
    number = data_of(0)["id_no"]
    for wanted in ("欧阳", "ouyangshili", "oysl", number, number[-6:], "13900000000"):
        [found] = residents.find(one.office, wanted)
        assert found.id == WHO, wanted
        assert (found.id_no, found.phone) == (f"519{'*' * 11}{number[-4:]}", "139****0000")
    assert {each.id for each in residents.find(one.office, "示例村")} == set(PEOPLE)
    assert {each.id for each in residents.find(one.office, "示例户1")} == set(PEOPLE)
    assert residents.find(one.office, " ") == ()
    person = residents.get(one.office, WHO)
    assert [each.name for each in person.household] == ["欧阳示例", "王小样", "李示范"]
    assert number not in repr(person)


def test_whole_numbers_are_shown_for_a_reason_on_record(one: Computer) -> None:
    with pytest.raises(ReasonNeeded):
        residents.reveal(one.office, WHO, " ")
    assert residents.reveal(one.office, WHO, "核对").phone == "13900000000"
    newest = one.office.store.read(audit.newest)[0]
    assert (newest.action, newest.subject) == ("revealed", str(WHO))


def test_an_edit_keeps_the_value_before_and_goes_out_with_a_receipt(
    scene: Scene, one: Computer, two: Computer
) -> None:
    edit(one, phone="13900000011")
    assert residents.find(one.office, "13900000011")[0].id == WHO
    [line] = residents.get(one.office, WHO).history
    assert (line.old, line.new, line.by) == ("139****0000", "139****0011", "li")
    assert (line.material, line.state) == ("身份证", "waiting")
    assert link.StoreLedger(one.office.store).waiting() == 1
    one.round()
    assert link.StoreLedger(one.office.store).waiting() == 0
    [line] = residents.get(one.office, WHO).history
    assert (line.state, line.office) == ("sent", "青山镇便民服务中心")
    two.round()
    assert two.values(WHO)["phone"] == "13900000011"
    assert residents.find(two.office, "13900000011")[0].id == WHO
    assert two.history(WHO) == one.history(WHO)
    one.round()
    assert len(scene.state(WHO)[1]) == 1


def test_nothing_is_changed_by_the_same_value_or_without_a_material(one: Computer) -> None:
    assert not residents.edit(one.office, WHO, {"phone": "13900000000"}, "身份证")
    with pytest.raises(ReasonNeeded):
        residents.edit(one.office, WHO, {"phone": "1"}, " ")
    for field, value in (("id_no", "519999195003070013"), ("name", ""), ("wages", "9")):
        with pytest.raises(BadPerson) as refused:
            residents.edit(one.office, WHO, {field: value}, "身份证")
        assert refused.value.fields == {"field": field}
    with pytest.raises(ResidentGone):
        residents.edit(one.office, uuid4(), {"phone": "1"}, "身份证")
    assert one.waiting() == 0


def test_different_fields_of_a_person_merge_without_a_question(
    scene: Scene, one: Computer, two: Computer
) -> None:
    edit(one, phone="13900000011")
    edit(two, address="示例路9号")
    for computer in (one, two, one):
        computer.round()
    wanted = data_of(0) | {"phone": "13900000011", "address": "示例路9号"}
    for computer in (one, two):
        assert {n: v for n, v in computer.values(WHO).items() if v} == wanted
        assert computer.clashing(WHO) == ()
        assert len(computer.history(WHO)) == 2
    assert scene.state(WHO)[0] == wanted


def test_the_same_field_waits_for_a_person_and_every_value_stays(
    scene: Scene, one: Computer, two: Computer
) -> None:
    edit(one, phone="13900000011", address="示例路9号")
    edit(two, phone="13900000022")
    for computer in (one, two, one):
        computer.round()
    for computer in (one, two):
        assert computer.clashing(WHO) == ("phone",)
        assert computer.values(WHO)["phone"] == "13900000011"
    [clash] = residents.look(two.office, WHO)
    assert (clash.field, clash.base) == ("phone", "13900000000")
    assert [c.value for c in clash.choices] == ["13900000011", "13900000022"]
    assert [c.office for c in clash.choices] == ["青山镇便民服务中心", "核桃村便民服务站"]
    with pytest.raises(NoConflict):
        residents.settle(two.office, WHO, {"phone": uuid4()}, "电话核实")
    residents.settle(two.office, WHO, {"phone": clash.choices[1].id}, "电话核实")
    for computer in (two, one):
        computer.round()
    for computer in (one, two):
        assert computer.clashing(WHO) == ()
        assert computer.values(WHO)["phone"] == "13900000022"
        phones = [f["phone"][1] for _, f in computer.history(WHO) if "phone" in f]
        assert phones == ["13900000011", "13900000022", "13900000022"]
    with pytest.raises(NoConflict):
        residents.look(one.office, WHO)
    assert scene.state(WHO)[0]["phone"] == "13900000022"


def test_settled_at_both_computers_alike_is_settled(one: Computer, two: Computer) -> None:
    edit(one, phone="13900000011")
    edit(two, phone="13900000022")
    for computer in (one, two, one):
        computer.round()
    for computer in (one, two):
        [clash] = residents.look(computer.office, WHO)
        residents.settle(computer.office, WHO, {"phone": clash.choices[0].id}, "电话核实")
    for computer in (one, two, one):
        computer.round()
    assert one.clashing(WHO) == two.clashing(WHO) == ()


def test_a_person_added_without_a_network_reaches_the_other_office(
    one: Computer, two: Computer
) -> None:
    number = data_of(1)["id_no"]
    with pytest.raises(KnownAlready):
        residents.add(one.office, {"name": "王小样", "id_no": number}, "身份证")
    born = {"name": "欧阳新样", "household": "示例户1", "relation": "20"}
    child = residents.add(one.office, born, "出生医学证明")
    residents.edit(one.office, child, {"phone": "13900000033"}, "口述")
    one.round()
    two.round()
    assert two.values(child) == one.values(child)
    assert [each.id for each in residents.find(two.office, "oyxy")] == [child]


def test_who_was_withdrawn_goes_and_an_unsent_change_says_why_it_stays(
    scene: Scene, one: Computer
) -> None:
    edit(one, phone="13900000011")
    scene.load([(str(WHO), None), (str(OTHER), None)])
    one.round()
    with pytest.raises(ResidentGone):
        residents.get(one.office, OTHER)
    assert residents.find(one.office, "王小样") == ()
    [sending] = residents.sendings(one.office)
    assert (sending.change.error_code, sending.due_at) == ("S150", None)
    assert link.StoreLedger(one.office.store).waiting() == 1, "never said to be sent"


def test_a_province_put_back_is_told_again_and_nothing_made_here_is_lost(
    scene: Scene, one: Computer, two: Computer
) -> None:
    edit(one, phone="13900000011")
    one.round()
    two.round()
    scene.forget_everything_since(WHO)
    edit(one, address="示例路9号")
    edit(two, village="核桃村")
    for computer in (one, two, one):
        computer.round()
        computer.round()
    assert one.waiting() == two.waiting() == 0
    assert len(scene.state(WHO)[1]) == 3
    assert one.values(WHO) == two.values(WHO)
    assert one.values(WHO)["phone"] == "13900000011"


def test_a_failure_there_never_ends_the_sending_of_cases(
    one: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise Offline

    edit(one, phone="13900000011")
    monkeypatch.setattr(one.provider, "send_changes", broken)
    report = run_round(link.StoreLedger(one.office.store), one.provider, now=one.office.now)
    assert report.error is None
    assert report.waiting == 1
    monkeypatch.undo()
    assert one.round().waiting == 0


def test_what_is_said_of_a_newcomer_waits_for_the_newcomer(
    scene: Scene, one: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    born = residents.add(one.office, {"name": "新生示例"}, "出生医学证明")
    residents.edit(one.office, born, {"phone": "13900000099"}, "身份证")
    asked: list[list[bool]] = []
    whole = one.provider.send_changes

    def stumbling(changes: Sequence[Change]) -> Iterator[Settled]:
        asked.append([each.adds for each in changes])
        fault = len(asked) == 1
        return iter([Settled(changes[0].id, error=ServerFault())] if fault else whole(changes))

    monkeypatch.setattr(one.provider, "send_changes", stumbling)
    one.round()
    one.round()  # the newcomer is tried again later, and nothing overtakes it
    assert asked == [[True]]
    one.office = replace(one.office, now=lambda: local_now() + timedelta(minutes=20))
    one.round()
    assert asked[1:] == [[True], [False]]
    assert one.waiting() == 0
    assert scene.state(born)[0]["phone"] == "13900000099"


def test_a_slice_is_read_on_where_it_broke_off_and_each_page_with_its_cursor(
    scene: Scene, one: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.load([(str(uuid4()), {"name": f"样例{n}"}) for n in range(30)])
    monkeypatch.setattr("sync.providers.province.RECORDS", 7)
    asked = []
    whole = one.provider.slice_page

    def cut(kind: str, cursor: str) -> object:
        asked.append(cursor)
        if len(asked) == 3:
            raise Offline
        return whole(kind, cursor)  # type: ignore[arg-type]

    monkeypatch.setattr(one.provider, "slice_page", cut)
    one.round()
    assert one.office.store.read(base.count) == 3 + 14
    one.round()
    assert one.office.store.read(base.count) == 3 + 30
    assert asked[3] == asked[2], "goes on at the page that broke off"


def test_a_move_of_the_office_swaps_the_slice_and_keeps_unsent_work(
    scene: Scene, one: Computer
) -> None:
    edit(one, phone="13900000011")
    ledger = link.StoreLedger(one.office.store)
    ledger.begin_slice_again("residents")
    one.office.store.writer.submit(settings.put, offices.DIVISION, b"530102201").result()
    page = RecordPage((Record(uuid4(), {"name": "邻镇样例"}),), "c", more=False)
    ledger.take_slice("residents", page, one.office.now())
    found = residents.find(one.office, "样例")
    assert [each.name for each in found] == ["邻镇样例"]
    with pytest.raises(ResidentGone):
        residents.get(one.office, OTHER)
    assert one.waiting() == 1
    one.office.store.writer.submit(settings.put, offices.DIVISION, DIVISION.encode()).result()


def test_no_role_outside_casework_reads_the_base(one: Computer) -> None:
    for login in ("admin",):
        office = one.hall.enter(login)
        with pytest.raises(NotAllowed):
            residents.find(office, "欧阳")
        with pytest.raises(NotAllowed):
            residents.edit(office, WHO, {"phone": "1"}, "x")
    one.office = one.hall.enter("li")
    assert one.office.store.read(resident_changes.waiting) == 0
