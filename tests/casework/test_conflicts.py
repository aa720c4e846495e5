"""Two windows of one office correct the same case; a real province between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework import conflicts, filling, link
from casework.errors import NoConflict
from casework.office import RESOURCES, Office, Resources
from province import accounts, decisions, feed, versions
from province.app import Province, open_province, system_now_ms
from province.errors import InConflict
from province.models import Case
from province.packages import Services
from store import cases, held, outbox
from store import versions as held_versions
from store.cases import Wanted
from store.models import Case as LocalCase
from sync.errors import SyncError
from sync.providers.province import ProvinceProvider
from sync.round import RoundReport, run_round
from tests.casework.hall import Hall, filled
from tests.casework.site import Site
from tests.province.process import ProvinceProcess

SERVICES = RESOURCES / "services"


@pytest.fixture
def province(tmp_path: Path) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path / "province", services=SERVICES)
    process.start()
    yield process
    process.close()


class Window:
    """One window: its office, its link, and its rounds."""

    def __init__(self, hall: Hall) -> None:
        self.office: Office = hall.enter("li")
        provider = link.provider(self.office.store)
        assert isinstance(provider, ProvinceProvider)
        self.provider = provider

    def round(self) -> RoundReport:
        ledger = link.StoreLedger(self.office.store)
        report = run_round(ledger, self.provider, now=self.office.now)
        assert report.error is None
        return report

    def correct(self, case_id: UUID, answers: dict[str, str]) -> None:
        form = self.office.catalogue.form("juzhu-zhengming")
        made = filling.begin_supplement(self.office, case_id, form)
        for ref, answer in answers.items():
            made.session.answer(ref, answer)
        filling.accept(self.office, made).result()

    def merge(self) -> int:
        return conflicts.after_round(self.office, self.provider)

    def answer(self, case_id: UUID, ref: str) -> str:
        file = self.office.store.read(cases.get_case, case_id)
        newest = self.office.store.read(cases.get_submission, file.submission_id)
        form = self.office.catalogue.form("juzhu-zhengming")
        session = form.resume(newest.xml, **filling.around(self.office))
        return session.view(ref).answer


@dataclass
class Scene:
    """Two windows that both hold a case for which the province asked a supplement."""

    one: Window
    two: Window
    case_id: UUID
    province: Province

    def heads(self) -> list[str]:
        return self.province.database.read(self._heads)

    def _heads(self, session: object) -> list[str]:
        case = session.query(Case).filter(Case.id == str(self.case_id)).one()  # type: ignore[attr-defined]
        return versions.heads(session, case)  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path, resources: Resources, province: ProvinceProcess) -> Iterator[Scene]:
    halls: list[Hall] = []
    opened = open_province(province.folder, services=Services({}))
    for name in ("one", "two"):
        code = opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
        (tmp_path / name).mkdir()
        hall = Hall(tmp_path / name, resources)
        link.enrol_office(hall.enter("admin"), province.url, code, device_name=name)
        halls.append(hall)
    one, two = (Window(hall) for hall in halls)
    filling.accept(one.office, filled(one.office)).result()
    one.round()
    (row,) = one.office.store.read(cases.list_cases, Wanted())
    opened.database.write(
        decisions.request_supplement, str(row.id), "请补正", by="民政", now_ms=system_now_ms()
    )
    one.round()
    two.round()
    assert conflicts.bring(two.office, two.provider, row.number) == row.id
    yield Scene(one, two, row.id, opened)
    for window in (one, two):
        window.provider.close()
    for hall in halls:
        hall.leave()
    opened.database.close()


PHONE, LANDLORD = "/data/applicant/phone", "/data/stay/landlord"


def test_another_windows_case_is_brought_here_by_its_number(scene: Scene) -> None:
    (row,) = scene.two.office.store.read(cases.list_cases, Wanted())
    assert row.status == "supplement_requested"
    assert scene.two.office.store.read(outbox.waiting) == 0
    with pytest.raises(SyncError):
        conflicts.bring(scene.two.office, scene.two.provider, "no such number")


def test_different_questions_merge_at_the_later_window_without_a_question(scene: Scene) -> None:
    scene.one.correct(scene.case_id, {PHONE: "13900000001"})
    scene.two.correct(scene.case_id, {LANDLORD: "房东甲"})
    scene.one.round()
    scene.two.round()
    assert len(scene.heads()) == 2
    scene.one.round()
    assert scene.one.merge() == 0  # its own came first: the other one does it
    assert scene.two.merge() == 1
    assert scene.two.merge() == 0
    scene.two.round()
    assert len(scene.heads()) == 1
    scene.one.round()
    scene.one.merge()
    for window in (scene.one, scene.two):
        assert conflicts.waiting(window.office) == ()
    assert scene.two.answer(scene.case_id, PHONE) == "13900000001"
    assert scene.two.answer(scene.case_id, LANDLORD) == "房东甲"


def test_a_version_that_the_province_lost_holds_up_no_other(scene: Scene) -> None:
    scene.one.correct(scene.case_id, {PHONE: "13900000001"})
    scene.two.correct(scene.case_id, {LANDLORD: "房东甲"})
    scene.one.round()
    scene.two.round()

    def told_of_one_that_is_lost(session: Session) -> None:
        session.execute(update(LocalCase).values(behind=UUID(int=1)))

    scene.two.office.store.writer.submit(told_of_one_that_is_lost).result()
    assert scene.two.merge() == 1
    assert scene.two.office.store.read(held_versions.behind) == ((scene.case_id, UUID(int=1)),)


def test_the_same_question_waits_for_a_person_and_both_answers_stay(scene: Scene) -> None:
    scene.one.correct(scene.case_id, {PHONE: "13900000001"})
    scene.two.correct(scene.case_id, {PHONE: "13900000002", LANDLORD: "房东乙"})
    scene.one.round()
    scene.two.round()
    with pytest.raises(InConflict):
        scene.province.database.write(
            decisions.refuse, str(scene.case_id), "x", by="民政", now_ms=system_now_ms()
        )
    scene.one.round()
    for window in (scene.one, scene.two):
        assert window.merge() == 0
    found = conflicts.look(scene.one.office, scene.case_id)
    (clash,) = found.clashes
    assert (clash.mine, clash.theirs) == ("13900000001", "13900000002")
    conflicts.settle(scene.one.office, scene.case_id, {clash.ref: "mine"})
    with pytest.raises(NoConflict):
        conflicts.settle(scene.one.office, scene.case_id, {clash.ref: "mine"})
    scene.one.round()
    assert len(scene.heads()) == 1
    assert scene.one.answer(scene.case_id, PHONE) == "13900000001"
    assert scene.one.answer(scene.case_id, LANDLORD) == "房东乙"
    told = scene.province.database.read(feed.history, "qingshan", str(scene.case_id))
    kinds = [event.kind for event in told]
    assert kinds[-4:] == ["conflict", "received", "conflict_settled", "received"]
    scene.two.round()
    assert conflicts.waiting(scene.two.office) == ()


def settled_twice(scene: Scene) -> None:
    """Both windows choose their own telephone number before either hears of the other."""
    scene.one.correct(scene.case_id, {PHONE: "13900000001"})
    scene.two.correct(scene.case_id, {PHONE: "13900000002", LANDLORD: "房东乙"})
    scene.one.round()
    scene.two.round()
    scene.one.round()
    scene.one.merge()
    scene.two.merge()
    for window in (scene.one, scene.two):
        (clash,) = conflicts.look(window.office, scene.case_id).clashes
        conflicts.settle(window.office, scene.case_id, {clash.ref: "mine"})
    scene.one.round()
    scene.two.round()
    assert len(scene.heads()) == 2


def brought_together(scene: Scene) -> None:
    """The window of the oldest version merges, and the other hears of it."""
    scene.one.round()
    scene.one.merge()
    scene.one.round()
    scene.two.round()
    scene.two.merge()


def test_of_two_who_settle_at_once_the_first_stands_and_nobody_is_asked(scene: Scene) -> None:
    settled_twice(scene)
    assert scene.two.merge() == 0, "one window does it"
    assert conflicts.waiting(scene.two.office) == (), "it ends by itself"
    scene.one.round()
    assert conflicts.waiting(scene.one.office) == ()
    assert scene.one.merge() == 1
    scene.one.round()
    assert len(scene.heads()) == 1
    scene.two.round()
    scene.two.merge()
    for window in (scene.one, scene.two):
        assert conflicts.waiting(window.office) == ()
        assert window.answer(scene.case_id, PHONE) == "13900000001", "the province took it first"
        assert window.answer(scene.case_id, LANDLORD) == "房东乙"
    assert conflicts.outdone(scene.one.office) == ()
    assert conflicts.outdone(scene.two.office) == (scene.case_id,), "the second is told"


def test_the_second_sees_both_choices_and_may_settle_anew(scene: Scene) -> None:
    settled_twice(scene)
    brought_together(scene)
    found = conflicts.look_again(scene.two.office, scene.case_id)
    (clash,) = found.clashes
    assert (clash.mine, clash.theirs) == ("13900000002", "13900000001")
    assert conflicts.settle_again(scene.two.office, scene.case_id, {PHONE: "mine"}) is not None
    assert conflicts.outdone(scene.two.office) == ()
    with pytest.raises(NoConflict):
        conflicts.settle_again(scene.two.office, scene.case_id, {PHONE: "mine"})
    scene.two.round()
    scene.one.round()
    scene.one.merge()
    assert len(scene.heads()) == 1
    for window in (scene.one, scene.two):
        assert window.answer(scene.case_id, PHONE) == "13900000002"
        assert window.answer(scene.case_id, LANDLORD) == "房东乙"


def test_the_second_may_let_it_stand_and_is_not_told_again(scene: Scene) -> None:
    settled_twice(scene)
    brought_together(scene)
    assert conflicts.settle_again(scene.two.office, scene.case_id, {PHONE: "theirs"}) is None
    assert conflicts.outdone(scene.two.office) == ()
    scene.two.round()
    assert len(scene.heads()) == 1


def test_what_was_settled_twice_waits_for_a_person_where_the_other_window_is_gone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled_twice(scene)
    scene.two.merge()
    office = scene.two.office
    assert conflicts.waiting(office) == ()
    monkeypatch.setattr(conflicts, "PATIENCE", timedelta(0))
    assert [each.case_id for each in conflicts.waiting(office)] == [scene.case_id]
    (clash,) = conflicts.look(office, scene.case_id).clashes
    conflicts.settle(office, scene.case_id, {clash.ref: "mine"})
    scene.two.round()
    assert len(scene.heads()) == 1
    assert scene.two.answer(scene.case_id, PHONE) == "13900000002"


def test_two_who_settle_whatever_they_see_again_and_again_come_to_an_end(scene: Scene) -> None:
    settled_twice(scene)
    for _ in range(4):
        for window in (scene.one, scene.two):  # each acts before it hears of the other
            window.round()
            window.merge()
            for each in conflicts.waiting(window.office):
                clashes = conflicts.look(window.office, each.case_id).clashes
                choices = dict.fromkeys((clash.ref for clash in clashes), "mine")
                conflicts.settle(window.office, each.case_id, choices)  # type: ignore[arg-type]
    assert len(scene.heads()) == 1
    assert scene.one.answer(scene.case_id, PHONE) == scene.two.answer(scene.case_id, PHONE)


def test_a_case_that_the_province_lost_can_be_opened_until_its_window_sends_it_again(
    site: Site,
) -> None:
    office = site.hall.enter("li")
    case = filling.accept(office, filled(office)).result()
    site.round(office)
    other = site.another("other").enter("li")
    with site.home(other) as home:
        assert isinstance(home, ProvinceProvider)
        number = office.store.read(cases.get_case, case).row.number
        assert conflicts.bring(other, home, number) == case
        whole = other.store.read(cases.get_case, case)
        site.round(other)
        site.forget_cases()
        site.round(other)
        conflicts.after_round(other, home)
        assert other.store.read(cases.get_case, case).submission_id == whole.submission_id
        site.round(office)  # hears of it
        site.round(office)
        assert office.store.read(outbox.waiting) == 0
        site.round(other)
        conflicts.after_round(other, home)
    assert other.store.read(cases.get_case, case).submission_id == whole.submission_id
    assert other.store.read(held.unsure, 10) == ()
