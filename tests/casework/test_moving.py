"""A computer goes to another office: nothing is left behind, whatever breaks on the way."""

from __future__ import annotations

import pytest

from casework import documents, filling, link, moving
from casework.errors import OfMovedOffice
from casework.office import Office
from province import accounts
from province.models import Case
from store import cases, drafts, numbers, offices
from store.cases import Wanted
from store.errors import OfficeMoving
from sync.errors import Offline
from sync.provider import HomeProvince
from sync.wire import DeviceView
from tests.casework.hall import filled
from tests.casework.site import OFFICE, Site

OLD = "青山镇便民服务中心"


def send_over(site: Site, office: Office, to: str = "hongqi") -> None:
    device = str(link.identity(office.store).device)
    site.province.database.write(accounts.send_to, device, to)


def step(site: Site, office: Office) -> bool:
    """A round and the step that follows it."""
    with site.home(office) as home:
        assert site.rounds(office, home).error is None
        return moving.after_round(office, home)


def arrive(site: Site, office: Office) -> None:
    for _ in range(5):
        if not step(site, office):
            return
    raise AssertionError("it never comes to rest")


def office_of(office: Office) -> str:
    return office.store.read(offices.current).id


def held_by(site: Site) -> dict[str, int]:
    found = site.province.database.read(
        lambda session: [case.office_id for case in session.query(Case)]
    )
    return {office: found.count(office) for office in found}


def test_a_computer_sends_everything_and_then_works_for_the_other_office(site: Site) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    case = filling.accept(office, filled(office)).result()
    waiting = filled(office)
    filling.autosave(office, waiting).result()
    send_over(site, office)
    assert step(site, office), "told: from now on nothing new"
    assert office.store.read(offices.moving_to).name.startswith("红旗")  # type: ignore[union-attr]
    with pytest.raises(OfficeMoving):
        filling.accept(office, waiting).result()
    arrive(site, office)
    assert office_of(office) == "hongqi"
    assert office.store.read(numbers.left, "case") == 0, "the blocks of the old office are left"
    assert [d.id for d in office.store.read(drafts.list_of, None)] == [waiting.id]
    site.top_up(office)
    new = filling.accept(office, waiting).result()
    arrive(site, office)
    assert held_by(site) == {OFFICE: 1, "hongqi": 1}
    old = office.store.read(cases.get_case, case)
    assert old.former_office == OLD
    assert OLD in str(documents.filled(office, f"receipt:{case}")[1]["office_name"])
    assert office.store.read(cases.get_case, new).former_office == ""
    first, second = (row.number for row in office.store.read(cases.list_cases, Wanted()))
    assert first.split("-")[0] != second.split("-")[0], "a number of its own division"


def test_a_correction_is_finished_first_and_hangs_where_a_supervisor_sees_it(site: Site) -> None:
    office = site.hall.enter("li")
    case = filling.accept(office, filled(office)).result()
    arrive(site, office)
    site.ask_for_more(case)
    arrive(site, office)
    form = office.catalogue.form("juzhu-zhengming")
    correction = filling.begin_supplement(office, case, form)
    send_over(site, office)
    arrive(site, office)
    assert office_of(office) == OFFICE
    to, hanging = moving.standing(office)
    assert to is not None
    assert (hanging.unsent, hanging.corrections) == (0, 1)
    filling.accept(office, correction).result()
    arrive(site, office)
    assert office_of(office) == "hongqi"
    assert moving.standing(office)[0] is None
    with pytest.raises(OfMovedOffice):
        filling.begin_supplement(office, case, form)


def test_a_move_taken_back_lets_the_office_go_on(site: Site) -> None:
    office = site.hall.enter("li")
    send_over(site, office)
    assert step(site, office)
    send_over(site, office, OFFICE)
    arrive(site, office)
    assert moving.standing(office)[0] is None
    filling.accept(office, filled(office)).result()
    arrive(site, office)
    assert held_by(site) == {OFFICE: 1}


class Breaking:
    """A province whose answer to one question is lost, once it has acted on it."""

    def __init__(self, home: HomeProvince, breaks: str) -> None:
        self._home, self._breaks = home, breaks

    @property
    def moving(self) -> bool:
        return self._home.moving

    def about(self) -> DeviceView:
        return self._lose("about", self._home.about())

    def move(self, office: str) -> DeviceView:
        return self._lose("move", self._home.move(office))

    def _lose(self, what: str, answer: DeviceView) -> DeviceView:
        if what == self._breaks:
            raise Offline
        return answer


@pytest.mark.parametrize("breaks", ["about", "move"])
@pytest.mark.parametrize("closed", [False, True])
def test_a_crash_at_any_step_is_followed_by_the_same_step(
    site: Site, breaks: str, closed: bool
) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    case = filling.accept(office, filled(office)).result()
    send_over(site, office)
    for at in range(3):
        with site.home(office) as home:
            assert site.rounds(office, home).error is None
            broken: HomeProvince = Breaking(home, breaks)  # type: ignore[assignment]
            try:
                moving.after_round(office, broken)
            except Offline:
                if closed:
                    office = site.hall.enter("li")
                if breaks == "about" and at == 0:
                    continue
                break
    arrive(site, office)
    assert office_of(office) == "hongqi"
    assert office.store.read(cases.get_case, case).former_office == OLD
    assert held_by(site) == {OFFICE: 1}
    site.top_up(office)
    filling.accept(office, filled(office)).result()
    arrive(site, office)
    assert held_by(site) == {OFFICE: 1, "hongqi": 1}
