"""A village without a network, a township with one, and a stick between them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework import filling, link, relay
from casework.errors import StickFailed
from casework.office import RESOURCES, Office, Resources
from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from store import audit, cases, held, numbers, outbox, settings
from store.cases import Wanted
from sync.errors import RelayUnknown
from sync.round import run_round
from tests.casework.hall import Hall, filled
from tests.casework.site import Site
from tests.province.process import ProvinceProcess


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("relay") / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()


@dataclass
class Road:
    """Both ends, and the stick."""

    village: Hall
    township: Hall
    stick: Path


@pytest.fixture
def road(tmp_path: Path, resources: Resources, province: ProvinceProcess) -> Iterator[Road]:
    halls: list[Hall] = []
    for name, office in (("village", "qingshan"), ("township", "hongqi")):
        opened = open_province(province.folder, services=Services({}))
        code = opened.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())
        opened.database.close()
        (tmp_path / name).mkdir()
        hall = Hall(tmp_path / name, resources)
        link.enrol_office(hall.enter("admin"), province.url, code, device_name=name)
        halls.append(hall)
    (tmp_path / "stick").mkdir()
    yield Road(halls[0], halls[1], tmp_path / "stick")
    for hall in halls:
        hall.leave()


def accept(office: Office) -> None:
    filling.accept(office, filled(office)).result()


def states(office: Office) -> list[bool]:
    return [row.unsent for row in office.store.read(cases.list_cases, Wanted())]


def test_a_villages_cases_reach_the_province_on_a_stick_and_come_back_acknowledged(
    road: Road,
) -> None:
    village = road.village.enter("li")
    accept(village)
    accept(village)
    made = relay.make(village)
    assert (made.cases, made.parts, made.copied) == (2, 1, 0)
    copied = relay.copy_to(village, road.stick)
    assert copied.left == 0
    (file,) = road.stick.iterdir()
    assert "张三" not in file.name
    assert states(village) == [True, True]

    township = road.township.enter("admin")
    carried = relay.carry(township, road.stick)
    assert (carried.carried, carried.failed) == ((file.name,), ())
    assert township.store.read(cases.list_cases, Wanted()) == ()
    assert relay.take_in(township, road.stick).foreign == 1

    taken = relay.take_in(village, road.stick)
    assert (taken.answers, taken.acknowledged, taken.refused) == (1, 2, 0)
    assert taken.events == 4  # both are under review, and both have their final numbers
    rows = village.store.read(cases.list_cases, Wanted())
    assert not [row.number for row in rows if row.number.startswith("L")]
    assert states(village) == [False, False]
    assert village.store.read(outbox.waiting) == 0
    assert village.store.read(numbers.left, "case") > 0
    assert relay.bundles(village)[0].answered == 1
    assert list((village.store.folder / "relay").iterdir()) == []
    assert village.store.read(audit.find_break) is None


def test_twice_changes_nothing_and_the_network_finds_nothing_left_to_do(
    road: Road, province: ProvinceProcess
) -> None:
    village = road.village.enter("li")
    accept(village)
    relay.make(village)
    relay.copy_to(village, road.stick)
    township = road.township.enter("li")
    assert len(relay.carry(township, road.stick).carried) == 1
    assert len(relay.carry(township, road.stick).carried) == 1
    assert relay.take_in(village, road.stick).acknowledged == 1
    again = relay.take_in(village, road.stick)
    assert (again.known, again.acknowledged, again.events) == (1, 0, 0)
    provider = link.provider(village.store)
    report = run_round(link.StoreLedger(village.store), provider, now=village.now)
    provider.close()
    assert (report.error, report.sent, report.events) == (None, 0, 0)


def test_a_full_stick_takes_what_fits_and_the_next_one_the_rest(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = road.village.enter("li")
    for _ in range(3):
        accept(village)
    made = relay.make(village, part_bytes=16_000)
    assert made.parts > 1
    room = [8 << 20, 0]
    monkeypatch.setattr("casework.stick.free", lambda _folder: room.pop(0) if room else 0)
    first = relay.copy_to(village, road.stick)
    assert (len(first.written), first.left) == (1, made.parts - 1)
    monkeypatch.undo()
    other = road.stick.with_name("other")
    other.mkdir()
    assert relay.copy_to(village, other).left == 0
    assert relay.bundles(village)[0].copied == made.parts

    township = road.township.enter("li")
    acknowledged = 0
    for stick in (other, road.stick):  # in the wrong order
        assert relay.carry(township, stick).failed == ()
        acknowledged += relay.take_in(village, stick).acknowledged
    assert acknowledged == 3
    assert village.store.read(outbox.waiting) == 0


def test_a_pulled_stick_loses_nothing(road: Road) -> None:
    village = road.village.enter("li")
    accept(village)
    relay.make(village)
    road.stick.rmdir()
    with pytest.raises(StickFailed):
        relay.copy_to(village, road.stick)
    assert relay.bundles(village)[0].copied == 0
    road.stick.mkdir()
    (name,) = relay.copy_to(village, road.stick).written
    whole = (road.stick / name).read_bytes()
    (road.stick / name).write_bytes(whole[: len(whole) // 2])
    township = road.township.enter("li")
    assert relay.carry(township, road.stick).failed == ((name, "S119"),)
    assert states(village) == [True]
    (road.stick / name).write_bytes(whole)
    assert relay.carry(township, road.stick).failed == ()
    answer = next(road.stick.glob("*.lmreply"))
    kept = answer.read_bytes()
    answer.write_bytes(kept[:-200])
    assert relay.take_in(village, road.stick).failed == ((answer.name, "S119"),)
    assert states(village) == [True]
    answer.write_bytes(kept)
    assert relay.take_in(village, road.stick).acknowledged == 1


def test_nothing_on_the_stick_tells_whose_case_it_is(road: Road) -> None:
    village = road.village.enter("li")
    accept(village)
    (row,) = village.store.read(cases.list_cases, Wanted())
    relay.make(village)
    relay.copy_to(village, road.stick)
    township = road.township.enter("li")
    relay.carry(township, road.stick)
    shutil.copytree(village.store.folder / "relay", road.stick / "spool")
    for path in road.stick.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert row.applicant.encode() not in data
        assert row.number.encode() not in data
    assert township.store.read(cases.list_cases, Wanted()) == ()


def test_without_the_provinces_key_a_bundle_is_refused_in_words(
    tmp_path: Path, resources: Resources, province: ProvinceProcess, road: Road
) -> None:
    village = road.village.enter("admin")
    village.store.writer.submit(_forget_key).result()
    village = road.village.enter("li")
    accept(village)
    with pytest.raises(RelayUnknown):
        relay.make(village)
    provider = link.provider(village.store)
    link.learn_relay_key(village, provider)
    provider.close()
    assert relay.make(village).cases == 1


def _forget_key(session: Session) -> None:
    kept = json.loads(settings.get(session, "device_identity") or b"{}")
    kept.pop("relay")
    settings.put(session, "device_identity", json.dumps(kept).encode())


def test_what_a_restored_province_lost_comes_to_light_and_goes_out_again_by_stick(
    site: Site, tmp_path: Path
) -> None:
    site.enrol(site.hall)
    village, stick = site.hall.enter("li"), tmp_path / "stick"
    township = site.another("township", "hongqi").enter("li")
    accept(village)

    def there_and_back() -> relay.TakenIn:
        shutil.rmtree(stick, ignore_errors=True)
        stick.mkdir()
        relay.make(village)
        relay.copy_to(village, stick)
        assert relay.carry(township, stick).failed == ()
        return relay.take_in(village, stick)

    assert there_and_back().acknowledged == 1
    there_and_back()
    assert village.store.read(held.unsure, 10) == ()
    site.forget_cases()
    there_and_back()  # the events begin again
    assert states(village) == [False]
    there_and_back()  # what is held was asked for
    assert states(village) == [True]
    assert there_and_back().acknowledged == 1
    assert states(village) == [False]
    there_and_back()
    assert village.store.read(held.unsure, 10) == ()
