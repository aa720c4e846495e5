"""Forms filled in from the resident base, and licences in the place of papers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from PIL import Image

from casework import filling, licences, persons, prefill, residents
from casework.errors import ConsentNeeded, LicenceUnfit
from casework.filling import Filling
from casework.id_numbers import with_check
from casework.licences import subject_of
from casework.office import RESOURCES, Resources
from store import attachments, audit, cases, retention, sealed, slices
from store import persons as stored
from store import residents as base
from tests.casework.hall import PNG, begun
from tests.casework.residents_scene import PEOPLE, Computer, Scene, data_of, township

WHO = PEOPLE[0]
ID_NO = data_of(0)["id_no"]
NAME, NUMBER = "/data/applicant/name", "/data/applicant/id_no"
PHONE, NATION = "/data/applicant/phone", "/data/applicant/nation"
DETAIL, COPY = "/data/residence/live_detail", "/data/papers/id_copy"
CARD, OLD, OTHERS = UUID(int=71), UUID(int=72), UUID(int=73)


def card(holder: str, until: str = "") -> dict[str, str]:
    """A plainly invented licence."""
    facts = {"holder_id_no": holder, "kind": "id-card", "name": "居民身份证"}
    more = {"number": "LIC-1", "issuer": "示例县公安局", "issued_on": "2020-01-01"}
    return {**facts, **more, "valid_until": until}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with township(tmp_path_factory.mktemp("p"), Resources(RESOURCES), computers=1) as made:
        made.load([(str(WHO), data_of(0) | {"nation": "05"})])
        held = [
            (str(CARD), card(ID_NO)),
            (str(OLD), card(data_of(1)["id_no"], "2021-01-01")),
            (str(OTHERS), card(data_of(2)["id_no"])),
        ]
        made.load(held, "licences")
        made.computers[0].round()
        yield made


@pytest.fixture
def one(scene: Scene) -> Computer:
    return scene.computers[0]


@pytest.fixture
def made(one: Computer) -> Filling:
    return begun(one.office)


def test_held_data_answer_empty_questions_alone(one: Computer, made: Filling) -> None:
    assert prefill.held_for(one.office, made) is None, "nobody is known yet"
    made.session.answer(NUMBER, ID_NO)
    made.session.answer(PHONE, "13911111111")
    held = prefill.held_for(one.office, made)
    assert held is not None
    found = prefill.fillable(one.office, made, held)
    assert found == {NAME: "欧阳示例", NATION: "05", DETAIL: "示例路1号"}
    for ref, value in found.items():
        made.session.answer(ref, value)
    assert prefill.fillable(one.office, made, held) == {}
    one.office.store.writer.submit(audit.length).result()  # after what was queued before
    newest = one.office.store.read(audit.newest)[0]
    assert (newest.action, newest.subject) == ("prefilled", str(WHO))


def test_what_the_citizen_says_differently_comes_back_with_the_case_as_its_material(
    one: Computer, made: Filling
) -> None:
    case_id = accepted(one, made, phone="13922222222")
    differing = prefill.differences(one.office, case_id)
    assert [(each.field, each.said) for each in differing] == [("phone", "13922222222")]
    assert prefill.give_back(one.office, case_id)
    assert prefill.differences(one.office, case_id) == ()
    assert not prefill.give_back(one.office, case_id)
    newest = residents.get(one.office, WHO).history[0]
    number = one.office.store.read(cases.get_case, case_id).row.number
    assert (newest.new, newest.material) == ("139****2222", number)
    assert one.office.store.read(base.get, WHO).phone == "13922222222"


def test_no_licence_without_the_citizens_consent_for_exactly_this(
    one: Computer, made: Filling
) -> None:
    assert licences.offers(one.office, made) == ()
    made.session.answer(NUMBER, ID_NO)
    [offer] = licences.offers(one.office, made)
    assert (offer.material.id, offer.licence.id, offer.used) == ("id_card", CARD, False)
    use = licences.use
    with pytest.raises(ConsentNeeded):
        use(one.office, subject_of(made), "id_card", CARD, UUID(int=5))
    for_other = persons.take_consent(one.office, ID_NO, "其他用途")
    with pytest.raises(ConsentNeeded):
        use(one.office, subject_of(made), "id_card", CARD, for_other)
    agreed = licences.agree(one.office, subject_of(made), CARD)
    persons.withdraw_consent(one.office, agreed)
    with pytest.raises(ConsentNeeded):
        use(one.office, subject_of(made), "id_card", CARD, agreed)
    agreed = licences.agree(one.office, subject_of(made), CARD)
    for material, licence in (("home_proof", CARD), ("id_card", OTHERS), ("none", CARD)):
        with pytest.raises(LicenceUnfit):
            use(one.office, subject_of(made), material, licence, agreed)
    name = use(one.office, subject_of(made), "id_card", CARD, agreed)
    assert ID_NO not in name
    assert "欧阳" not in name
    made.session.answer(COPY, name)
    assert licences.used(one.office, made.id) == {"id_card": "居民身份证"}
    [offer] = licences.offers(one.office, made)
    assert offer.used
    picture = Image.open(io.BytesIO(filling.attachment(one.office, made, name) or b""))
    assert picture.size[0] > 800


def test_for_a_child_a_guardian_agrees(scene: Scene, one: Computer, made: Filling) -> None:
    number = with_check("51999920200307001")
    scene.load([(str(UUID(int=74)), card(number))], "licences")
    one.round()
    made.session.answer(NUMBER, number)
    child = UUID(int=74)
    with pytest.raises(ConsentNeeded):
        licences.agree(one.office, subject_of(made), child)
    agreed = licences.agree(one.office, subject_of(made), child, "王示例")
    assert licences.use(one.office, subject_of(made), "id_card", child, agreed)


def test_a_licence_that_is_over_is_not_offered(one: Computer, made: Filling) -> None:
    made.session.answer(NUMBER, data_of(1)["id_no"])
    assert licences.offers(one.office, made) == ()
    agreed = licences.agree(one.office, subject_of(made), OLD)
    with pytest.raises(LicenceUnfit):
        licences.use(one.office, subject_of(made), "id_card", OLD, agreed)


def test_a_consent_withdrawn_before_acceptance_stops_it(one: Computer, made: Filling) -> None:
    agreed = with_licence(one, made)
    persons.withdraw_consent(one.office, agreed)
    with pytest.raises(ConsentNeeded):
        accepted(one, made)
    with_licence(one, made)
    case_id = accepted(one, made)
    file = one.office.store.read(cases.get_case, case_id)
    assert licences.used(one.office, file.submission_id) == {"id_card": "居民身份证"}
    sent = one.office.store.read(cases.get_submission, file.submission_id)
    assert any(each.name.startswith("licence-") for each in sent.files), "it goes to the province"


def test_a_paper_brought_later_takes_the_licences_place(one: Computer, made: Filling) -> None:
    agreed = with_licence(one, made)
    paper = filling.attach(one.office, made, COPY, name="x.png", media_type="image/png", data=PNG)
    made.session.answer(COPY, paper)
    persons.withdraw_consent(one.office, agreed)
    [licence] = [
        each.name
        for each in one.office.store.read(attachments.of_owner, made.id)
        if each.name.startswith("licence-")
    ]
    assert licence != paper
    case_id = accepted(one, made)
    file = one.office.store.read(cases.get_case, case_id)
    assert licences.used(one.office, file.submission_id) == {}


def test_a_person_is_told_what_the_base_and_the_licences_hold(one: Computer) -> None:
    found = one.office.store.read(stored.find, ID_NO)
    assert found.residents == (WHO,)
    assert found.licences == ("LIC-1",)
    one.office = one.hall.enter("zhao")
    copy = sealed.unseal(
        persons.copy_of(one.office, ID_NO, reason="本人申请", phrase="sieben-zwerge"),
        "sieben-zwerge",
    )
    [held] = json.loads(copy)["resident_base"]
    assert held["name"] == "欧阳示例"
    one.office = one.hall.enter("li")


def test_withdrawn_licences_go_with_the_slice(scene: Scene, one: Computer) -> None:
    scene.load([(str(OTHERS), None)], "licences")
    one.round()
    held = one.office.store.read(slices.licences_of, data_of(2)["id_no"], "2026-01-01")
    assert held == ()
    assert one.office.store.read(slices.licences_of, ID_NO, "2026-01-01") != ()
    assert one.office.store.read(retention.days) >= 0


def with_licence(one: Computer, made: Filling) -> UUID:
    made.session.answer(NUMBER, ID_NO)
    agreed = licences.agree(one.office, subject_of(made), CARD)
    name = licences.use(one.office, subject_of(made), "id_card", CARD, agreed)
    made.session.answer(COPY, name)
    return agreed


def accepted(one: Computer, made: Filling, phone: str = "") -> UUID:
    keep = made.session.view(COPY).answer
    for ref, answer in made.package.sample.items():
        if not made.session.view(ref).answer:
            made.session.answer(ref, answer)
    made.session.answer(NUMBER, ID_NO)
    person = one.office.store.read(base.get, WHO)
    for ref, answer in (
        (NAME, person.name),
        (PHONE, phone or person.phone),
        (DETAIL, person.address),
    ):
        made.session.answer(ref, answer)
    made.session.answer(NATION, person.nation)
    for ref in (COPY, "/data/papers/home_proof"):
        if ref != COPY or not keep:
            name = filling.attach(
                one.office, made, ref, name="x.png", media_type="image/png", data=PNG
            )
            made.session.answer(ref, name)
    if keep:
        made.session.answer(COPY, keep)
    return filling.accept(one.office, made).result()
