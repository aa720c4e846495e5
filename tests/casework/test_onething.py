"""One thing: a form, a set of papers and a receipt for several services, each a case of its own."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from casework import documents, filling, licences, link, onething, persons
from casework.errors import ConsentNeeded, Incomplete
from casework.office import Office, Resources
from forms.answers import give_sample
from forms.bundle_session import PARTS
from store import attachments, bundles, cases, drafts, licence_uses, outbox
from store.errors import DraftGone
from store.licence_uses import LicenceUse
from store.views import FileView, Together
from sync.wire import read_parcel, write_parcel
from tests.casework.hall import PNG, Hall

ROOT = Path(__file__).parents[2]
BUNDLE, SUBSIDY, PENSION, OLD_AGE = "canji-fuwu", "canji-butie", "jubao-canbao", "gaoling-jintie"
PAPERS = {
    f"/{SUBSIDY}/data/papers/card_copy": b"card",
    f"/{SUBSIDY}/data/papers/id_copy": b"id",
    f"/{SUBSIDY}/data/papers/dibao_proof": b"proof",
    f"/{PENSION}/data/papers/book_copy": b"book",
}


@pytest.fixture(scope="module")
def resources() -> Resources:
    return Resources(ROOT / "resources")


@pytest.fixture
def office(tmp_path: Path, resources: Resources) -> Iterator[Office]:
    hall = Hall(tmp_path, resources)
    yield hall.enter("li")
    hall.leave()


def begun(office: Office) -> filling.Filling:
    form = office.catalogue.whole_form(BUNDLE)
    return filling.begin(office, BUNDLE, form, language="zh_CN")


def filled(office: Office) -> filling.Filling:
    made = begun(office)
    give_sample(made.package, made.session)
    for ref, content in PAPERS.items():
        name = filling.attach(
            office, made, ref, name="x.png", media_type="image/png", data=PNG + content
        )
        made.session.answer(ref, name)
    return made


def test_one_application_becomes_a_case_for_each_service_and_one_receipt(office: Office) -> None:
    made = filled(office)
    first = filling.accept(office, made).result()
    found = onething.together(office, first)
    assert found is not None
    rows = found.view.cases
    assert [row.service_id for row in rows] == [SUBSIDY, PENSION, OLD_AGE]
    assert rows[0].id == first
    assert len({row.number for row in rows}) == 3
    assert found.open == found.view.expected == 3
    assert office.store.read(outbox.waiting) == 3
    assert {onething.together(office, row.id) == found for row in rows} == {True}
    papers = {paper.id for row in rows for paper in documents.of_case(office, row.id)}
    assert papers == {f"receipt:{first}"}
    template, fields = documents.filled(office, f"receipt:{first}")
    assert template.id == "onething-receipt"
    assert [row["number"] for row in fields["services"]] == [row.number for row in rows]  # type: ignore[index]
    assert fields["materials"] == (
        "申请表（由本程序打印、签名）、残疾人证、居民身份证、社保卡或银行卡、低保或低收入证明、户口簿"
    )
    assert documents.pdf(office, f"receipt:{first}").startswith(b"%PDF")


def test_each_case_has_the_answers_and_papers_that_its_own_form_asks_for(office: Office) -> None:
    first = filling.accept(office, filled(office)).result()
    found = onething.together(office, first)
    assert found is not None
    asked = {
        SUBSIDY: {"/data/papers/card_copy", "/data/papers/dibao_proof", "/data/papers/id_copy"},
        PENSION: {"/data/papers/id_copy", "/data/papers/book_copy"},
        OLD_AGE: {"/data/papers/id_copy", "/data/papers/book_copy"},
    }
    digests = set()
    for row in found.view.cases:
        case = office.store.read(cases.get_case, row.id)
        sent = office.store.read(cases.get_submission, case.submission_id)
        form = office.catalogue.form(row.service_id, row.service_version)
        session = form.resume(sent.xml, **filling.around(office))
        assert session.check() == ()
        assert session.view("/data/applicant/name").answer == row.applicant == "王示例"
        files = office.store.read(attachments.of_owner, case.submission_id)
        assert {file.ref for file in files} == asked[row.service_id]
        digests |= {file.sha256 for file in files if file.ref == "/data/papers/id_copy"}
    assert len(digests) == 1


def test_a_service_that_is_left_out_is_not_applied_for(office: Office) -> None:
    made = filled(office)
    made.session.answer(PARTS, PENSION)
    first = filling.accept(office, made).result()
    found = onething.together(office, first)
    assert found is not None
    assert [row.service_id for row in found.view.cases] == [SUBSIDY, PENSION]


def test_what_is_missing_in_one_service_keeps_all_from_being_accepted(office: Office) -> None:
    made = filled(office)
    made.session.answer(f"/{PENSION}/data/insurance/special", "")
    with pytest.raises(Incomplete):
        filling.accept(office, made)
    assert office.store.read(outbox.waiting) == 0
    assert made.session.check()[0].ref == f"/{PENSION}/data/insurance/special"


def test_a_draft_comes_back_as_it_was_left(office: Office) -> None:
    made = filled(office)
    made.session.answer(PARTS, OLD_AGE)
    filling.autosave(office, made).result()
    [draft] = office.store.read(drafts.list_of, office.store.operator.id)
    again = filling.reopen(office, draft.id, office.catalogue.whole_form(BUNDLE))
    assert again.session.xml() == made.session.xml()
    assert again.session.view(PARTS).answer == OLD_AGE


def test_it_is_accepted_only_once(office: Office) -> None:
    made = filled(office)
    filling.accept(office, made).result()
    with pytest.raises(DraftGone):
        filling.accept(office, made).result()
    assert office.store.read(outbox.waiting) == 3


def with_licence(office: Office) -> tuple[filling.Filling, UUID]:
    """Filled in, with a licence in the place of the identity card; and the consent behind it."""
    made = filled(office)
    consent = persons.take_consent(office, made.answer("id_no"), "使用电子证照")
    material, ref = f"{SUBSIDY}/id_card", f"/{SUBSIDY}/data/papers/id_copy"
    use = LicenceUse(material, office.new_id(), "居民身份证", "1", consent, office.now())
    name, blob = f"{use.copy}-1.png", office.store.blobs.put(PNG)
    digest = sha256(PNG).digest()
    file = FileView(office.new_id(), ref, name, "image/png", len(PNG), digest, blob)
    office.store.writer.submit(licence_uses.put, made.id, use, file, login="li").result()
    made.session.answer(ref, name)
    return made, consent


def test_a_licence_in_a_paper_s_place_serves_every_service_that_asks_for_it(office: Office) -> None:
    made, _ = with_licence(office)
    found = onething.together(office, filling.accept(office, made).result())
    assert found is not None
    sent = [office.store.read(cases.get_case, row.id).submission_id for row in found.view.cases]
    assert [licences.used(office, each) for each in sent] == [{"id_card": "居民身份证"}] * 3
    assert licences.used(office, made.id) == {}


def test_a_licence_whose_consent_was_withdrawn_keeps_all_from_being_accepted(
    office: Office,
) -> None:
    made, consent = with_licence(office)
    persons.withdraw_consent(office, consent)
    with pytest.raises(ConsentNeeded):
        filling.accept(office, made)
    assert office.store.read(outbox.waiting) == 0


def test_a_fault_in_the_middle_leaves_the_draft_and_no_case(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = filled(office)
    filling.autosave(office, made).result()
    real, calls = cases.finalise, []

    def fails_at_the_last(*args: Any) -> UUID:
        calls.append(args)
        if len(calls) == 3:
            raise TimeoutError
        return real(*args)

    monkeypatch.setattr(cases, "finalise", fails_at_the_last)
    with pytest.raises(TimeoutError):
        filling.accept(office, made).result()
    monkeypatch.undo()
    assert office.store.read(outbox.waiting) == 0
    [draft] = office.store.read(drafts.list_of, office.store.operator.id)
    again = filling.reopen(office, draft.id, office.catalogue.whole_form(BUNDLE))
    filling.accept(office, again).result()
    assert office.store.read(outbox.waiting) == 3


def test_each_case_tells_the_province_what_it_came_with(office: Office) -> None:
    first = filling.accept(office, filled(office)).result()
    found = onething.together(office, first)
    assert found is not None
    ids = tuple(row.id for row in found.view.cases)
    sent = [office.store.read(cases.get_case, each).submission_id for each in ids]
    parcels = link.parcels(office.store, sent)
    assert {parcel.together for parcel in parcels.values()} == {
        Together(found.view.id, BUNDLE, found.package.version, ids)
    }
    body = write_parcel(parcels[sent[1]])
    assert read_parcel(ids[1], sent[1], body).together == parcels[sent[1]].together


def test_a_case_of_another_window_says_what_it_came_with(office: Office) -> None:
    ids = (office.new_id(), office.new_id())
    record = Together(office.new_id(), BUNDLE, "2026.11.1", ids)
    for _ in range(2):
        office.store.writer.submit(bundles.learn, record, office.now()).result()
    found = office.store.read(bundles.get, record.id)
    assert (found.cases, found.expected) == ((), 2)
    assert office.store.read(bundles.records, {ids[1]}) == {ids[1]: record}
