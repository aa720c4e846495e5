"""What one thing came to: only what is held and counts is offered, handed over and listed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from casework import deciding, documents, filling, late, onething
from casework.cases import deliver
from casework.errors import NotAllowed, UnknownDocument
from casework.office import RESOURCES, Office, Resources
from printing.raster import texts
from province import decisions
from province.app import system_now_ms
from store import bundles, cases
from store.views import RemoteEvent, Together
from tests.casework import papers
from tests.casework.hall import Hall
from tests.casework.hall import filled as single
from tests.casework.site import Site
from tests.casework.test_deciding import accepted
from tests.casework.test_late import windows  # noqa: F401 - fixture
from tests.casework.test_onething import BUNDLE, filled

SERIALS = count(1000)
REASON = "示例：未满八十周岁。"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> Iterator[Office]:
    hall = Hall(tmp_path_factory.mktemp("hall"), resources)
    made = hall.enter("li")
    papers.believe(made)
    yield made
    hall.leave()


@pytest.fixture
def two_windows(request: pytest.FixtureRequest) -> tuple[Office, Office, UUID]:
    found: tuple[Office, Office, UUID] = request.getfixturevalue("windows")
    return found


def parts_of(office: Office) -> list[UUID]:
    """The cases of one application for three services."""
    found = onething.together(office, filling.accept(office, filled(office)).result())
    assert found is not None
    return [row.id for row in found.view.cases]


def grant(office: Office, case: UUID) -> str:
    number = f"LM2026-530102101-{next(SERIALS):06d}"
    papers.grant(office, case, number, "王示例")
    return number


def tell(office: Office, case: UUID, kind: str, **data: object) -> None:
    event = RemoteEvent(uuid4(), case, kind, papers.AT, "民政", data)
    office.store.writer.submit(cases.apply_events, [event], f"1:{uuid4().int}", papers.AT).result()


def offered(office: Office, case: UUID) -> list[str]:
    return [paper.number for _row, paper in documents.results(office, case)]


def slip_of(office: Office, case: UUID) -> str:
    return "".join("".join(texts(documents.pdf(office, f"{documents.SLIP}:{case}"))).split())


def test_results_come_in_the_order_of_the_services_and_the_slip_when_all_have_ended(
    office: Office,
) -> None:
    first, second, third = parts_of(office)
    assert offered(office, first) == []
    late = grant(office, third)
    assert offered(office, second) == [late], "the same from each of its cases"
    early = grant(office, first)
    assert offered(office, third) == [early, late]
    with pytest.raises(UnknownDocument):
        documents.pdf(office, f"{documents.SLIP}:{first}")
    assert [p.kind for p in documents.of_case(office, first)] == ["certificate", "receipt"]
    tell(office, second, "decided_refused", reason=REASON)
    slip = documents.results(office, second)[-1][1]
    assert (slip.kind, slip.title) == (documents.SLIP, "“一件事”办结清单")
    assert offered(office, second) == [early, late, slip.number], "no letter that nobody wrote"
    assert slip in documents.of_case(office, third)


def test_the_slip_lists_each_result_its_number_and_where_to_turn(office: Office) -> None:
    first, second, third = parts_of(office)
    number = grant(office, first)
    tell(office, second, "withdrawn", reason="改到户籍地办理")
    tell(office, third, "decided_refused", reason=REASON)
    page = slip_of(office, first)
    for row in [office.store.read(cases.get_case, each).row for each in (first, second, third)]:
        assert row.number in page
    assert number in page
    for said in ("准予", "申请人撤回", "不予批准", "未满八十周岁。", "行政复议", "12345"):
        assert said in page
    assert "改到户籍地办理" not in page, "why somebody withdraws is told to nobody"
    deliver(office, first)
    assert "准予" in slip_of(office, first), "handed over, it is still granted"


def test_who_was_refused_nothing_reads_nothing_of_appeals(office: Office) -> None:
    cases_ = parts_of(office)
    tell(office, cases_[1], "decided_refused", reason=REASON)
    for each in cases_:
        grant(office, each)  # the second after an appeal
    page = slip_of(office, cases_[0])
    assert "行政复议" not in page
    assert "12345" in page


def test_a_certificate_that_was_voided_after_printing_is_not_handed_over(office: Office) -> None:
    first, second, third = parts_of(office)
    number = grant(office, first)
    documents.count_and_render(office, f"certificate:{number}", "")
    documents.note_outcome(office, f"certificate:{number}", printed=True)
    papers.void(office, first, number)
    assert offered(office, first) == []
    for each in (second, third):
        tell(office, each, "withdrawn")
    assert f"{number}（已作废）" in slip_of(office, first)
    fresh = grant(office, first)
    [again, _slip] = [paper for _row, paper in documents.results(office, first)]
    assert (again.number, again.copies) == (fresh, 0)


def test_a_case_of_its_own_has_no_slip(office: Office) -> None:
    alone = filling.accept(office, single(office)).result()
    grant(office, alone)
    assert documents.results(office, alone) == ()
    with pytest.raises(UnknownDocument):
        documents.pdf(office, f"{documents.SLIP}:{alone}")


def test_certificates_of_one_application_wait_beside_each_other(office: Office) -> None:
    first, _second, third = parts_of(office)
    last = grant(office, third)
    between = grant(office, filling.accept(office, single(office)).result())
    early = grant(office, first)
    waiting = [paper.number for paper in documents.to_print(office)]
    assert waiting[-3:] == [early, last, between]


def test_a_saved_file_is_a_copy_and_a_failed_sheet_says_why(office: Office) -> None:
    first, *_ = parts_of(office)
    paper = f"certificate:{grant(office, first)}"
    documents.count_and_render(office, paper, "", way="file")
    documents.note_outcome(office, paper, printed=True)
    documents.count_and_render(office, paper, "先存了文件")
    documents.note_outcome(office, paper, printed=False, trouble="W018")
    waiting = next(each for each in documents.to_print(office) if each.id == paper)
    assert waiting.copies == 1
    assert waiting.last is not None
    assert waiting.last.trouble == "W018"


@pytest.fixture(scope="module")
def deciding_here(tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """As it ships, but for the old-age allowance, which the office decides itself."""
    folder = tmp_path_factory.mktemp("resources")
    for each in RESOURCES.iterdir():
        if each.name != "services":
            (folder / each.name).symlink_to(each)
    shutil.copytree(RESOURCES / "services", folder / "services")
    facts = folder / "services" / "gaoling-jintie" / "service.toml"
    facts.write_text(facts.read_text(encoding="utf-8") + '\n[decision]\nby = "office"\n')
    return Resources(folder)


def test_the_office_s_own_letter_of_refusal_goes_with_the_rest(
    tmp_path: Path, deciding_here: Resources
) -> None:
    hall = Hall(tmp_path, deciding_here)
    office = hall.enter("zhao")
    papers.believe(office)
    first, _second, third = parts_of(office)
    deciding.refuse(office, third, REASON)
    number = grant(office, first)
    kinds = [(paper.kind, paper.number) for _, paper in documents.results(office, first)]
    row = office.store.read(cases.get_case, third).row
    assert kinds == [("certificate", number), ("refusal", row.number)]
    singly = {paper.id for each in (first, third) for paper in documents.of_case(office, each)}
    assert {paper.id for _, paper in documents.results(office, first)} <= singly
    auditor = hall.enter("admin")
    with pytest.raises(NotAllowed):
        documents.results(auditor, first)
    hall.leave()


def test_nothing_of_a_part_that_another_window_decided_first(site: Site) -> None:
    site.enrol(site.hall)
    office = site.hall.enter("li")
    first, second, third = parts_of(office)
    site.round(office)
    refuse = decisions.refuse
    site.province.database.write(refuse, str(first), REASON, by="民政", now_ms=system_now_ms())
    for each in (first, second, third):
        deciding.withdraw(office, each, "改到户籍地办理")
    assert "申请人撤回" in slip_of(office, first)
    site.round(office)
    page = slip_of(office, first)
    assert "未满八十周岁。" in page, "the decision that came first stands"
    assert page.count("申请人撤回") == 2


def test_nothing_of_a_part_that_was_decided_too_late_before_that_is_closed(
    site: Site, two_windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = two_windows
    other = accepted(two)
    deciding.withdraw(two, other, "改期再办")
    record = Together(two.new_id(), BUNDLE, "2026.11.1", (case, other))
    two.store.writer.submit(bundles.learn, record, two.now()).result()
    deciding.refuse(one, case, REASON)
    number = deciding.grant(two, case)
    assert offered(two, case)[0] == number
    site.round(one)
    site.round(two)
    assert offered(two, case) == []
    with pytest.raises(UnknownDocument):
        slip_of(two, case)
    late.accept_first(two, case)
    kinds = [paper.kind for _row, paper in documents.results(two, case)]
    assert kinds == ["refusal", documents.SLIP]
    page = slip_of(two, case)
    assert "未满八十周岁。" in page
    assert f"{number}（已作废）" in page
