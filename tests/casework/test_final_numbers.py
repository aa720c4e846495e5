"""Provisional numbers: what is on the slip, the final number the province gives, and both found."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from casework import conflicts, documents, filling, link
from casework.office import Office
from province.models import Case
from store import cases, numbering, outbox
from store.cases import Wanted
from store.views import CaseRow
from sync.errors import Offline
from sync.providers.province import ProvinceProvider
from sync.wire import Parcel
from tests.casework.hall import Hall, filled
from tests.casework.site import Site


def accept(office: Office) -> UUID:
    return filling.accept(office, filled(office)).result()


def row_of(office: Office, case: UUID) -> CaseRow:
    return office.store.read(cases.get_case, case).row


def note_on_paper(office: Office, case: UUID) -> str:
    return str(documents.filled(office, f"receipt:{case}")[1].get("number_note", ""))


def numbers_at(site: Site) -> dict[str, str]:
    return site.province.database.read(
        lambda session: {case.id: case.number for case in session.query(Case)}
    )


def found(office: Office, text: str) -> list[UUID]:
    return [row.id for row in office.store.read(cases.list_cases, Wanted(text=text))]


def test_a_provisional_number_becomes_final_and_leads_to_the_case_for_ever(site: Site) -> None:
    office = site.hall.enter("li")
    case, other = accept(office), accept(office)
    first = row_of(office, case).number
    assert first.startswith("L530102101-")
    assert "临时编号" in note_on_paper(office, case)
    site.round(office)
    final = row_of(office, case).number
    assert numbers_at(site) == {str(each): row_of(office, each).number for each in (case, other)}
    assert final.startswith("530102101-")
    assert note_on_paper(office, case).endswith(first)
    assert found(office, first) == found(office, final) == [case]
    site.ask_for_more(case)
    site.round(office)
    correction = filling.begin_supplement(office, case, office.catalogue.form("juzhu-zhengming"))
    filling.accept(office, correction).result()
    assert site.round(office).acknowledged == 1
    assert row_of(office, case).number == final
    site.top_up(office)
    later = accept(office)
    site.round(office)
    assert note_on_paper(office, later) == ""
    assert len({row_of(office, each).number for each in (case, other, later)}) == 3


def test_a_correction_sent_twice_around_the_new_number_is_the_same_request(site: Site) -> None:
    office = site.hall.enter("li")
    case = accept(office)
    site.round(office)
    site.ask_for_more(case)
    with site.home(office) as home:
        site.rounds(office, home)
        correction = filling.begin_supplement(
            office, case, office.catalogue.form("juzhu-zhengming")
        )
        filling.accept(office, correction).result()
        parcel: Parcel = link.parcels(office.store, [correction.id])[correction.id]
        assert parcel.number.startswith("L"), "the number that its first submission bore"

        class Lossy:
            skew_s, moving = 0.0, False

            def submit_all(self, parcels: object, read_file: object) -> object:
                list(home.submit_all(parcels, read_file))  # type: ignore[arg-type]
                raise Offline

        lost = site.rounds(office, Lossy())  # type: ignore[arg-type]
        assert isinstance(lost.error, Offline)
        assert site.rounds(office, home).acknowledged == 1


def test_another_window_finds_the_case_by_the_number_on_the_first_slip(site: Site) -> None:
    office = site.hall.enter("li")
    case = accept(office)
    first = row_of(office, case).number
    site.round(office)
    final = row_of(office, case).number
    other = site.another("other").enter("li")
    site.round(other)
    with site.home(other) as home:
        assert isinstance(home, ProvinceProvider)
        assert conflicts.bring(other, home, first) == case
        assert conflicts.bring(other, home, final) == case
    assert row_of(other, case).number == final


def test_a_number_that_two_copies_of_a_computer_gave_out_is_replaced_for_the_second_case(
    site: Site, tmp_path: Path
) -> None:
    office = site.hall.enter("li")
    site.top_up(office)
    site.hall.leave()
    twin = Hall.__new__(Hall)
    twin.folder, twin.resources, twin.box = tmp_path / "twin", site.resources, site.hall.box
    twin.office = None
    shutil.copytree(site.hall.folder, twin.folder)
    office, copy = site.hall.enter("li"), twin.enter("li")
    mine, theirs = accept(office), accept(copy)
    assert row_of(office, mine).number == row_of(copy, theirs).number, "nobody can know offline"
    site.round(office)
    site.round(copy)
    held = numbers_at(site)
    assert held[str(mine)] == row_of(office, mine).number
    assert held[str(theirs)] == row_of(copy, theirs).number
    assert held[str(mine)] != held[str(theirs)]
    twin.leave()


def test_a_case_of_another_server_keeps_its_number(site: Site) -> None:
    office = site.hall.enter("li")
    row = row_of(office, accept(office))
    assert numbering.is_provisional(row)
    foreign = CaseRow(**{**row.__dict__, "service_id": f"{outbox.FOREIGN}form"})
    assert not numbering.is_provisional(foreign)
