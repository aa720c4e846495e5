"""An applicant withdraws: also without a network, once, and never over a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from casework import conflicts, deciding, filling, reading, relay
from casework.errors import NotAllowed, ReasonNeeded
from casework.office import Office, local_now
from province import decisions
from province.app import system_now_ms
from province.errors import AlreadyDecided as DecidedThere
from province.models import Case
from store import audit, cases
from store.errors import AlreadyDecided, CorrectionBegun
from sync.providers.province import ProvinceProvider
from tests.casework.hall import filled
from tests.casework.site import Site

WHY = "申请人改到户籍地办理"


def accepted(office: Office) -> UUID:
    return filling.accept(office, filled(office)).result()


def status(office: Office, case: UUID) -> str:
    return office.store.read(cases.get_case, case).row.status


def at_the_province(site: Site, case: UUID) -> str:
    return site.province.database.read(
        lambda session: session.query(Case).filter_by(id=str(case)).one().status
    )


def refuse(site: Site, case: UUID) -> None:
    site.province.database.write(
        decisions.refuse, str(case), "不符合", by="民政", now_ms=system_now_ms()
    )


def test_a_case_is_withdrawn_without_a_network_and_everybody_hears_of_it(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = accepted(office)
    deciding.withdraw(office, case, WHY)
    assert status(office, case) == "withdrawn"
    assert reading.waiting(office) == 2
    site.round(office)
    assert reading.waiting(office) == 0
    assert status(office, case) == at_the_province(site, case) == "withdrawn"
    other = site.another("other").enter("li")
    site.round(other)
    with site.home(other) as home:
        assert isinstance(home, ProvinceProvider)
        conflicts.bring(other, home, office.store.read(cases.get_case, case).row.number)
    assert status(other, case) == "withdrawn"
    with pytest.raises(AlreadyDecided):
        deciding.withdraw(office, case, WHY)
    actions = [each.action for each in office.store.read(audit.newest)]
    assert "withdrawn" in actions


def test_it_takes_a_reason_the_right_and_no_correction_under_way(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = accepted(office)
    with pytest.raises(ReasonNeeded):
        deciding.withdraw(office, case, "  ")
    site.round(office)
    site.ask_for_more(case)
    site.round(office)
    begun = filling.begin_supplement(office, case, office.catalogue.form("juzhu-zhengming"))
    with pytest.raises(CorrectionBegun):
        deciding.withdraw(office, case, WHY)
    filling.accept(office, begun).result()
    deciding.withdraw(office, case, WHY)
    site.round(office)
    assert at_the_province(site, case) == "withdrawn"
    with pytest.raises(NotAllowed):
        deciding.withdraw(site.hall.enter("admin"), case, WHY)


def test_a_decision_that_was_taken_meanwhile_stands(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = accepted(office)
    site.round(office)
    refuse(site, case)
    deciding.withdraw(office, case, WHY)
    report = site.round(office)
    assert report.error is None
    assert status(office, case) == at_the_province(site, case) == "decided_refused"
    assert reading.waiting(office) == 0, "nobody has to do anything about it"
    assert [row.error_code for row in reading.outbox_rows(office)] == [""]
    assert "withdrawn_late" in [each.action for each in office.store.read(audit.newest)]


def test_a_case_that_was_withdrawn_is_decided_by_nobody(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = accepted(office)
    deciding.withdraw(office, case, WHY)
    site.round(office)
    with pytest.raises(DecidedThere):
        refuse(site, case)


def test_a_withdrawal_travels_by_stick_too(site: Site, tmp_path: Path) -> None:
    site.enrol(site.hall)
    village, stick = site.hall.enter("li"), tmp_path / "stick"
    stick.mkdir()
    case = accepted(village)
    deciding.withdraw(village, case, WHY)
    assert relay.make(village).others == 1
    relay.copy_to(village, stick)
    assert relay.carry(site.another("township", "hongqi").enter("li"), stick).failed == ()
    assert relay.take_in(village, stick).others == 1
    assert reading.waiting(village) == 0
    assert status(village, case) == at_the_province(site, case) == "withdrawn"


def test_what_a_restored_province_lost_is_withdrawn_again(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = accepted(office)
    site.round(office)
    refuse(site, case)
    deciding.withdraw(office, case, WHY)
    site.round(office)
    site.forget_cases()
    for _ in range(2):
        site.round(office)  # hears of it, and sends the case again
    site.round(replace(office, now=lambda: local_now() + timedelta(hours=1)))
    assert at_the_province(site, case) == status(office, case) == "withdrawn"
