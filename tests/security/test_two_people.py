"""What needs two people is done by two people, and both stand on record."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from casework import exports, filling, record
from casework.errors import NotAllowed, ReasonNeeded, SecondNeeded, SecondRefused
from casework.four_eyes import Second
from casework.office import Office
from store import cases, drafts, sealed
from store.cases import Wanted
from store.errors import DraftGone, DraftOfAnother, LockedOut, SealBroken, TryLater, WrongPassword
from store.views import RemoteEvent
from tests.casework.hall import PASSWORD, Hall, begun, filled

PHRASE = "zwölf Zeichen und mehr"


def newest(hall: Hall, action: str) -> dict[str, Any]:
    rows = record.list_rows(hall.enter("zhao"))
    row = next(r for r in rows if r.action == action)
    return {"by": row.operator, **json.loads(row.detail)}


def with_work(office: Office) -> filling.Filling:
    made = begun(office)
    made.session.answer("/data/applicant/name", "张三")
    filling.autosave(office, made).result()
    return made


def test_unsent_work_is_deleted_by_two_people(hall: Hall) -> None:
    office = hall.enter("li")
    made = with_work(office)
    for second, error in (
        (None, SecondNeeded),
        (Second("li", PASSWORD), SecondRefused),
        (Second("wang", PASSWORD), SecondRefused),
        (Second("zhao", "falsch-geraten"), WrongPassword),
        (Second("niemand", PASSWORD), WrongPassword),
    ):
        with pytest.raises(error):
            filling.discard(office, made.id, second)
    assert office.store.read(drafts.count, office.store.operator.id) == 1
    filling.discard(office, made.id, Second("zhao", PASSWORD))
    assert office.store.read(drafts.count, office.store.operator.id) == 0
    noted = newest(hall, "draft_discarded")
    assert (noted["by"], noted["second"]) == ("li", "zhao")


def test_a_draft_that_holds_nothing_is_deleted_by_one(hall: Hall) -> None:
    office = hall.enter("li")
    filling.discard(office, begun(office).id)
    assert office.store.read(drafts.count, office.store.operator.id) == 0


def test_guessing_the_second_password_locks_that_login_too(hall: Hall) -> None:
    office = hall.enter("li")
    made = with_work(office)
    refused = []
    for _ in range(5):
        with pytest.raises((WrongPassword, TryLater, LockedOut)) as caught:
            filling.discard(office, made.id, Second("zhao", "falsch-geraten"))
        refused.append(caught.type)
    assert refused[-1] is TryLater
    with pytest.raises(TryLater):
        filling.discard(office, made.id, Second("zhao", PASSWORD))


def test_a_draft_of_another_is_seen_only_after_taking_it_over_on_record(hall: Hall) -> None:
    made = with_work(hall.enter("li"))
    office = hall.enter("wang")
    form = office.catalogue.form("juzhu-zhengming")
    with pytest.raises(NotAllowed):
        filling.drafts_of_others(office)
    with pytest.raises(NotAllowed):
        filling.take_over(office, made.id, "li ist krank")
    with pytest.raises(DraftOfAnother):
        filling.reopen(office, made.id, form)
    office = hall.enter("zhao")
    [seen] = filling.drafts_of_others(office)
    assert (seen.owner_name, seen.applicant, seen.xml) == ("li", "张*", b"")
    with pytest.raises(DraftOfAnother):
        filling.reopen(office, made.id, form)
    with pytest.raises(ReasonNeeded):
        filling.take_over(office, made.id, " ")
    filling.take_over(office, made.id, "li ist krank")
    back = filling.reopen(office, made.id, form)
    assert back.session.view("/data/applicant/name").answer == "张三"
    noted = newest(hall, "draft_taken_over")
    assert noted == {"by": "zhao", "from": "li", "reason": "li ist krank"}
    with pytest.raises(DraftOfAnother):
        filling.reopen(hall.enter("li"), made.id, form)
    office = hall.enter("zhao")
    with pytest.raises(DraftGone):
        filling.take_over(office, office.new_id(), "irgendein Grund")


def test_a_list_leaves_the_office_sealed_masked_and_confirmed(hall: Hall) -> None:
    office = hall.enter("li")
    made = filled(office)
    name, id_no = made.answer("name"), made.answer("id_no")
    filling.accept(office, made).result()
    with pytest.raises(NotAllowed):
        exports.export_cases(
            office, Wanted(), phrase=PHRASE, reason="Statistik", second=Second("zhao", PASSWORD)
        )
    office = hall.enter("zhao")
    with pytest.raises(SecondRefused):
        exports.export_cases(
            office, Wanted(), phrase=PHRASE, reason="x", second=Second("li", PASSWORD)
        )
    second = Second("admin", PASSWORD)
    made_file = exports.export_cases(
        office, Wanted(), phrase=PHRASE, reason="Statistik", second=second
    )
    assert name.encode() not in made_file
    with pytest.raises(SealBroken):
        sealed.unseal(made_file, "zwölf Zeichen und weniger")
    with pytest.raises(SealBroken):
        sealed.unseal(made_file[:-1], PHRASE)
    [_, row] = csv.reader(io.StringIO(sealed.unseal(made_file, PHRASE).decode("utf-8-sig")))
    assert id_no not in row
    assert name not in row
    assert name[0] + "*" * (len(name) - 1) in row
    open_file = exports.export_cases(
        office, Wanted(), phrase=PHRASE, reason="Prüfung", second=second, whole=True
    )
    assert id_no in sealed.unseal(open_file, PHRASE).decode("utf-8-sig")
    noted = newest(hall, "cases_exported")
    assert (noted["by"], noted["second"], noted["whole"]) == ("zhao", "admin", 1)


@pytest.mark.parametrize(
    "value", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "　=1", " =1", "＝1", "\r=1"]
)
def test_a_value_is_no_formula_in_a_spreadsheet(value: str) -> None:
    [[cell, after]] = csv.reader(io.StringIO(exports.as_csv([[value, 'a"b,c\n'] * 1])))
    assert cell == "'" + value
    assert after == 'a"b,c\n'
    assert exports.harmless("张三") == "张三"


def test_beginning_a_correction_stands_on_record(hall: Hall) -> None:
    office = hall.enter("li")
    case = filling.accept(office, filled(office)).result()
    asked = RemoteEvent(
        office.new_id(), case, "supplement_requested", office.now(), "民政", {"reason": "补材料"}
    )
    office.store.writer.submit(cases.apply_events, [asked], "1", office.now()).result()
    office = hall.enter("wang")
    form = office.catalogue.form("juzhu-zhengming")
    filling.begin_supplement(office, case, form)
    assert newest(hall, "correction_begun")["by"] == "wang"
