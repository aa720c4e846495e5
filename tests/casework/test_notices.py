"""What an applicant is told in writing: the supplement that is asked for, the office's refusal."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from casework import deciding, documents, filling
from casework.errors import UnknownDocument
from casework.office import Office
from printing.raster import texts
from store import cases
from tests.casework.hall import filled
from tests.casework.site import Site
from tests.casework.test_deciding import accepted, ready


def told(office: Office, case: UUID) -> list[documents.Paper]:
    found = documents.of_case(office, case)
    return [each for each in found if each.kind in documents.NOTICES.values()]


def read(office: Office, paper: documents.Paper) -> str:
    return "".join("".join(texts(documents.pdf(office, paper.id))).split())


def test_each_supplement_that_is_asked_for_has_its_notice(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    case = filling.accept(office, filled(office)).result()
    site.round(office)
    assert told(office, case) == []
    site.ask_for_more(case)
    site.round(office)
    [paper] = told(office, case)
    assert (paper.kind, paper.title, paper.copies) == ("supplement-notice", "补正通知书", 0)
    page = read(office, paper)
    assert "居住证明开具" in page
    assert "请补正。" in page
    assert "居民身份证复印件已收" in page
    assert office.store.read(cases.get_case, case).row.number in page
    documents.count_and_render(office, paper.id, "")
    assert told(office, case)[0].copies == 1
    correction = filling.begin_supplement(office, case, office.catalogue.form("juzhu-zhengming"))
    filling.accept(office, correction).result()
    site.round(office)
    site.ask_for_more(case)
    site.round(office)
    assert [each.copies for each in told(office, case)] == [0, 1]


def test_a_refusal_of_the_office_is_given_in_writing_with_its_basis(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    deciding.refuse(office, case, "住所不在本镇")
    [paper] = told(office, case)
    page = read(office, paper)
    assert "住所不在本镇。" in page
    assert "依据：" in page
    assert "行政复议" in page
    with pytest.raises(UnknownDocument):
        documents.pdf(office, f"refusal:{case}/{uuid4()}")
