"""The office's verbs, on the real store and the real services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from casework import documents, filling, grades, people, rights
from casework.cases import deliver
from casework.errors import (
    Incomplete,
    NotAllowed,
    NotYetPublished,
    PackageUnusable,
    UnknownService,
    WrongState,
)
from casework.office import Resources, local_now
from casework.workdays import load_calendar
from store import drafts, outbox
from store.errors import DraftOfAnother, LastAdministrator
from store.open import unlock
from store.views import OperatorView
from tests.casework.hall import PASSWORD, Hall, begun, filled

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def resources() -> Resources:
    return Resources(ROOT / "resources")


@pytest.fixture
def hall(tmp_path: Path, resources: Resources) -> Iterator[Hall]:
    made = Hall(tmp_path, resources)
    yield made
    made.leave()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gljt", "gaoling-jintie"),
        ("高龄", "gaoling-jintie"),
        ("gaoling", "gaoling-jintie"),
        ("dibao", "dibao"),
        ("开证明", "juzhu-zhengming"),
        ("Residence", "juzhu-zhengming"),
        ("512B0003600037", "gaoling-jintie"),
    ],
)
def test_a_service_is_found_as_people_type_it(resources: Resources, typed: str, first: str) -> None:
    assert resources.catalogue.search(typed)[0].id == first


def test_what_no_service_is_called_finds_none(resources: Resources) -> None:
    assert resources.catalogue.search("xyzxyz") == ()
    with pytest.raises(UnknownService):
        resources.catalogue.get("xyz")


def test_deadlines_skip_holidays_and_count_makeup_workdays(resources: Resources) -> None:
    calendar = resources.calendar
    assert calendar.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.is_workday(date(2026, 10, 10))  # a Saturday made up for
    assert calendar.between(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert calendar.between(date(2026, 10, 12), date(2026, 9, 30)) == -4


def test_a_year_that_is_not_published_is_counted_by_the_law_and_said_so(
    resources: Resources,
) -> None:
    calendar = resources.calendar
    assert calendar.add(date(2026, 12, 30), 2) == date(2027, 1, 4)  # New Year's Day is a Friday
    assert calendar.add(date(2027, 2, 4), 1) == date(2027, 2, 11)  # Spring Festival
    assert calendar.is_firm(date(2026, 12, 31))
    assert not calendar.is_firm(date(2027, 1, 4))


def test_a_year_of_which_nothing_is_known_is_not_guessed(resources: Resources) -> None:
    with pytest.raises(NotYetPublished) as caught:
        resources.calendar.add(date(2027, 12, 30), 5)
    assert caught.value.fields == {"year": 2028}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"day,kind,standing\n",
        b"day,kind,standing\n2027-02-30,off,published\n",
        b"day,kind,standing\n2027-02-03,holiday,published\n",
        b"day,kind,standing\n2027-02-03,off,\n",
        b"\xff",
    ],
)
def test_a_list_that_holds_no_working_days_is_not_taken(content: bytes) -> None:
    with pytest.raises(PackageUnusable):
        load_calendar(content)


@pytest.mark.parametrize("role", rights.ROLES)
def test_only_casework_roles_fill_in_forms_and_only_administrators_enrol(role: str) -> None:
    someone = OperatorView(uuid4(), "x", "x", role)
    assert rights.may(someone, "fill") == (role in ("clerk", "village_officer", "supervisor"))
    assert rights.may(someone, "enrol") == (role == "administrator")


def test_an_administrator_cannot_see_to_cases(hall: Hall) -> None:
    with pytest.raises(NotAllowed):
        begun(hall.enter("admin"))


def test_a_case_is_accepted_only_once_and_only_when_complete(hall: Hall) -> None:
    office = hall.enter("li")
    with pytest.raises(Incomplete):
        filling.accept(office, begun(office))
    made = filled(office)
    case = filling.accept(office, made).result()
    assert office.store.read(outbox.waiting) == 1
    assert [paper.kind for paper in documents.of_case(office, case)] == ["receipt"]
    with pytest.raises(WrongState):
        deliver(office, case)
    again = filling.accept(office, made)
    assert again.exception() is not None
    assert office.store.read(outbox.waiting) == 1


def test_a_draft_comes_back_to_its_owner_and_to_nobody_else(hall: Hall) -> None:
    office = hall.enter("li")
    made = begun(office)
    made.session.answer("/data/applicant/name", "张三")
    filling.autosave(office, made).result()
    office = hall.enter("wang")
    form = office.catalogue.form("juzhu-zhengming")
    with pytest.raises(DraftOfAnother):
        filling.reopen(office, made.id, form)
    office.store.writer.submit(
        drafts.take_over, made.id, office.store.operator.id, "wang", local_now()
    ).result()
    back = filling.reopen(office, made.id, form)
    assert back.session.view("/data/applicant/name").answer == "张三"


def test_a_supervisor_manages_operators_but_makes_no_administrator(hall: Hall) -> None:
    office = hall.enter("zhao")
    with pytest.raises(NotAllowed):
        people.add_operator(office, people.NewOperator("neu", "neu", "administrator", PASSWORD))
    for refused in (people.remove_operator, lambda o, who: people.reset_password(o, who, PASSWORD)):
        with pytest.raises(NotAllowed):
            refused(office, "admin")
    people.remove_operator(office, "wang")
    with pytest.raises(LastAdministrator):
        people.remove_operator(hall.enter("admin"), "admin")
    office = hall.enter("li")
    with pytest.raises(NotAllowed):
        people.reset_password(office, "zhao", PASSWORD)
    people.change_own_password(office, "ganz-anderes-8")
    hall.leave()
    unlock(hall.folder, "li", "ganz-anderes-8", secret=hall.box, now=local_now()).close()


def test_a_receipt_shows_no_whole_number_of_a_person() -> None:
    assert grades.masked_id("51999919930922409X") == "519***********409X"
    assert grades.masked_phone("13900000000") == "139****0000"
