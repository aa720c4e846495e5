"""What is held about people: hidden until somebody says why, let go in time, put right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from casework import filling, grades, persons, reading, record
from casework.errors import NotAllowed, ReasonNeeded, UnseemlyName
from casework.office import Office
from store import cases, certificates, outbox, sealed
from store.cases import Wanted
from store.views import RemoteEvent
from tests.casework.hall import Hall, begun, filled

PHRASE = "zwölf Zeichen und mehr"


def accepted(office: Office) -> tuple[Any, str, str]:
    made = filled(office)
    case = filling.accept(office, made).result()
    return case, made.answer("name"), made.answer("id_no")


def test_numbers_are_masked_until_somebody_says_why(hall: Hall) -> None:
    office = hall.enter("li")
    case, _, id_no = accepted(office)
    assert reading.get_case(office, case).applicant_id_no == grades.masked_id(id_no)
    with pytest.raises(ReasonNeeded):
        grades.reveal(office, case, "")
    assert grades.reveal(office, case, "Rückruf").applicant_id_no == id_no
    newest = record.list_rows(hall.enter("zhao"))
    row = next(r for r in newest if r.action == "revealed")
    assert json.loads(row.detail) == {"reason": "Rückruf"}
    assert id_no not in "".join(r.detail + r.subject for r in newest)


def test_every_service_grades_what_identifies_its_applicant(hall: Hall) -> None:
    for package in hall.resources.catalogue.all():
        for role, ref in package.applicant.items():
            wanted = grades.COLUMNS[{"name": "applicant"}.get(role, f"applicant_{role}")]
            assert grades.of_question(package, ref) == wanted, (package.id, role)
        assert grades.of_question(package, "/data/member[2]/name") in (
            package.grades.get("/data/member/name", grades.USUAL),
        )


def end(office: Office, case: Any, *, acknowledged: bool) -> None:
    store, now = office.store, office.now()
    event = {
        "certificate": {
            "number": "LM-1",
            "template": "t",
            "fields": {"holder_name": "N"},
            "issued_on": "2026-01-01",
        }
    }
    granted = RemoteEvent(office.new_id(), case, "decided_granted", now, "民政", event)
    store.writer.submit(cases.apply_events, [granted], "1:1", now).result()
    if acknowledged:
        acknowledge(office, case)


def acknowledge(office: Office, case: UUID) -> None:
    received = outbox.Settlement(office.store.read(cases.get_case, case).submission_id, b"receipt")
    office.store.writer.submit(outbox.settle, [received], office.now()).result()


def later(office: Office, days: int) -> Office:
    now = office.now() + timedelta(days=days)
    return replace(office, now=lambda: now)


def test_what_the_province_has_is_let_go_after_the_policy_s_days_and_nothing_else(
    hall: Hall,
) -> None:
    office = hall.enter("li")
    case, name, id_no = accepted(office)
    file = office.store.read(cases.get_case, case)
    blobs = [f.blob for f in office.store.read(cases.get_submission, file.submission_id).files]
    assert blobs
    end(office, case, acknowledged=False)
    admin = hall.enter("admin")
    persons.keep_for(admin, 30)
    assert persons.let_go(later(admin, 400)) == 0, "what has no receipt is never let go"
    office = hall.enter("li")
    acknowledge(office, case)
    assert persons.let_go(later(office, 29)) == 0
    assert persons.let_go(later(office, 31)) == 1
    assert persons.let_go(later(office, 31)) == 0
    store = office.store
    after = store.read(cases.get_case, case)
    assert (after.row.applicant, after.applicant_id_no) == (grades.masked_name(name), "")
    sent = store.read(cases.get_submission, file.submission_id)
    assert (sent.xml, sent.files) == (b"", ())
    assert not any(list((hall.folder / "blobs").rglob(blob)) for blob in blobs)
    assert store.read(cases.list_cases, Wanted(text=name)) == ()
    assert store.read(cases.list_cases, Wanted(text=id_no)) == ()
    assert [r.number for r in store.read(cases.list_cases, Wanted(text=after.row.number))]
    assert [c.number for c in store.read(certificates.of_case, case)] == ["LM-1"]
    [row] = store.read(outbox.list_items)
    assert row.receipt == b"receipt"
    assert record.prove(hall.enter("zhao")).first_bad is None
    assert "purged" in [r.action for r in record.list_rows(hall.enter("zhao"))]


def test_a_case_that_is_not_ended_is_kept(hall: Hall) -> None:
    persons.keep_for(hall.enter("admin"), 1)
    office = hall.enter("li")
    case, _, _ = accepted(office)
    acknowledge(office, case)
    assert persons.let_go(later(office, 900)) == 0


def test_a_person_is_told_what_is_held_and_it_is_put_right(hall: Hall) -> None:
    office = hall.enter("li")
    case, name, id_no = accepted(office)
    draft = begun(office)
    draft.session.answer("/data/applicant/id_no", id_no)
    filling.autosave(office, draft).result()
    persons.take_consent(office, id_no, "电子证照用于本次办理", case_id=case)
    with pytest.raises(NotAllowed):
        persons.find(office, id_no, "Antrag")
    office = hall.enter("zhao")
    with pytest.raises(ReasonNeeded):
        persons.find(office, id_no, "")
    found = persons.find(office, id_no, "Antrag der Person")
    assert (found.cases, found.drafts) == ((case,), (draft.id,))
    [consent] = found.consents
    assert consent.purpose == "电子证照用于本次办理"
    persons.withdraw_consent(office, consent.id)
    copy = persons.copy_of(office, id_no, reason="Antrag der Person", phrase=PHRASE)
    assert name.encode() not in copy
    told = json.loads(sealed.unseal(copy, PHRASE))
    assert told["cases"][0]["applicant"] == name
    assert id_no in told["cases"][0]["answers_xml"]
    assert told["cases"][0]["files"][0]["content"]
    assert told["consents"][0]["withdrawn_at"]
    persons.correct(office, case, "applicant", "欧阳四", "Schreibfehler")
    assert office.store.read(cases.list_cases, Wanted(text="阳四"))[0].id == case
    assert office.store.read(cases.list_cases, Wanted(text=name)) == ()
    event = office.store.read(cases.events_of, case)[-1]
    assert (event.kind, event.data) == (
        "corrected",
        {"fields": "applicant", "reason": "Schreibfehler"},
    )
    newest = office.store.read(cases.get_case, case).submission_id
    sent = office.store.read(cases.get_submission, newest)
    assert name in sent.xml.decode(), "what was sent stays as it was sent"
    with pytest.raises(UnseemlyName):
        persons.correct(office, case, "applicant", "张\u202e三", "x")


@pytest.mark.parametrize("trick", ["\u202e", "\u2066", "\u200b", "\x85", "\U000e0041"])
def test_a_name_that_turns_or_hides_writing_is_not_accepted(hall: Hall, trick: str) -> None:
    office = hall.enter("li")
    made = filled(office)
    made.session.answer("/data/applicant/name", f"张{trick}三")
    with pytest.raises(UnseemlyName):
        filling.accept(office, made)
    assert office.store.read(outbox.waiting) == 0


def test_control_characters_of_a_scanner_never_stop_the_saving_of_a_draft(hall: Hall) -> None:
    office = hall.enter("li")
    made = filled(office)
    made.session.answer("/data/applicant/name", "张\x07\x00三\ud800\ufffe")
    filling.autosave(office, made).result()
    case = filling.accept(office, made).result()
    assert office.store.read(cases.get_case, case).row.applicant == "张三"
