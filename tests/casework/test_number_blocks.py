"""Case numbers on the real store and at the real province: none is ever given out twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casework import filling, link, number_blocks
from casework.office import Office, Resources, local_now
from store import backup, cases, numbering, numbers
from store.cases import Wanted
from sync.errors import LeaseBehind, Offline
from sync.provider import HomeProvince
from sync.wire import NumberBlock
from tests.casework.hall import PASSWORD, Hall, filled
from tests.casework.site import Site, open_site


@pytest.fixture
def site(tmp_path: Path, resources: Resources) -> Iterator[Site]:
    with open_site(tmp_path, resources) as made:
        yield made


def issue(office: Office, times: int) -> list[str]:
    """Numbers as acceptance takes them, without a case behind each."""
    day = office.today
    return [
        office.store.writer.submit(
            numbering.case_number, office.new_id(), office.division, day
        ).result()
        for _ in range(times)
    ]


def test_a_block_is_topped_up_below_a_fifth_and_not_before(site: Site) -> None:
    office = site.hall.enter("li")
    assert site.top_up(office) == 200
    issue(office, 160)
    assert site.top_up(office) == 40
    issue(office, 1)
    assert site.top_up(office) == 239


def test_a_lost_answer_loses_no_numbers(site: Site) -> None:
    office = site.hall.enter("li")
    home = link.provider(office.store)

    class Lossy:
        lease_epoch = 0

        def lease(self, *asked: object) -> NumberBlock:
            home.lease(*asked)  # type: ignore[arg-type]
            raise Offline

    lossy: HomeProvince = Lossy()  # type: ignore[assignment]
    for _ in range(3):
        with pytest.raises(Offline):
            number_blocks.top_up(office, lossy)
    assert number_blocks.top_up(office, home) == 200
    assert issue(office, 1)[0].endswith("-000001")
    home.close()


def test_a_province_that_contradicts_itself_is_not_asked_for_ever(site: Site) -> None:
    office = site.hall.enter("li")

    class Stubborn:
        lease_epoch = 0

        def lease(self, _id: object, _kind: str, _size: int, epoch: int) -> NumberBlock:
            raise LeaseBehind(epoch=epoch)

    stubborn: HomeProvince = Stubborn()  # type: ignore[assignment]
    with pytest.raises(LeaseBehind):
        number_blocks.top_up(office, stubborn)


def test_an_old_backup_put_back_gives_out_no_number_twice(site: Site) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    given = issue(office, 150)
    copy = backup.make(office.store, local_now())
    given += issue(office, 20)
    site.top_up(office)
    given += issue(office, 45)  # of the block that the backup knows nothing of
    site.hall.leave()
    for _ in range(2):
        backup.restore(
            site.hall.folder,
            copy,
            "admin",
            PASSWORD,
            secret=site.hall.box,
            now=local_now(),
            exactly=True,
        )
        office = site.hall.enter("li")
        given += issue(office, 3)
        assert given[-1].startswith(numbering.PROVISIONAL)
        assert site.top_up(office) == 200
        given += issue(office, 3)
        site.hall.leave()
    assert len(given) == len(set(given))


@pytest.mark.parametrize("before", [20, 161])
def test_a_whole_computer_put_back_is_noticed_with_the_next_round(site: Site, before: int) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    given = issue(office, before)
    site.hall.leave()
    image = shutil.copytree(site.hall.folder, site.hall.folder.with_name("image"))
    office = site.hall.enter("li")
    given += issue(office, 161 - before)
    site.top_up(office)
    given += issue(office, 60)
    site.hall.leave()
    shutil.rmtree(site.hall.folder)
    image.rename(site.hall.folder)
    office = site.hall.enter("li")
    assert site.round(office).error is None
    assert office.store.read(numbers.left, numbering.KIND) == 200
    given += issue(office, 50)
    assert len(given) == len(set(given))


def test_a_new_installation_and_a_clock_moved_back_give_out_no_number_twice(
    site: Site, tmp_path: Path, resources: Resources
) -> None:
    office = site.hall.enter("li")
    given = issue(office, 3)
    site.top_up(office)
    given += issue(office, 20)
    earlier = Office(office.store, resources, now=lambda: local_now() - timedelta(days=400))
    given += issue(earlier, 20)
    site.hall.leave()
    shutil.rmtree(site.hall.folder)
    site.hall = Hall(tmp_path / "anew", resources)
    office = site.hall.enter("admin")
    given += issue(office, 3)
    link.enrol_office(office, site.url, site.code(), device_name="window")
    office = site.hall.enter("li")
    given += issue(office, 3)
    site.top_up(office)
    given += issue(office, 20)
    assert len(given) == len(set(given))


def test_an_accepted_case_keeps_its_number_when_it_is_corrected(site: Site) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    case = filling.accept(office, filled(office)).result()
    (row,) = office.store.read(cases.list_cases, Wanted())
    again = office.store.writer.submit(
        numbering.case_number, case, office.division, office.today
    ).result()
    assert again == row.number
    assert office.store.read(numbers.left, numbering.KIND) == 199
