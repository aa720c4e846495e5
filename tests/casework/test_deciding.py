"""What the office decides itself: offline, numbered once, signed here, reported, voided by two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from casework import deciding, documents, filling, reading, relay, trust
from casework.errors import (
    NoAuthority,
    NoCertificateNumbers,
    NotAllowed,
    NotOursToDecide,
    ReasonNeeded,
    SecondNeeded,
    SecondRefused,
)
from casework.four_eyes import Second
from casework.office import Office, local_now
from forms.answers import give_sample
from printing.errors import Voided
from province import demo, verify
from province.models import Case, Certificate, OfficeEvent
from store import audit, backup, cases, certificates, issuing, numbers, outbox, reports
from store import held as held_store
from store.errors import AlreadyDecided, WrongPassword
from store.views import CertificateView
from tests.casework.hall import PASSWORD, PNG, filled
from tests.casework.site import Site

SECOND = Second("admin", PASSWORD)


def ready(site: Site) -> Office:
    """The supervisor's office after a first round: numbers and the province's word are here."""
    office = site.hall.enter("zhao")
    assert site.round(office).error is None
    return office


def accepted(office: Office, service: str = "zichan-zixiao") -> UUID:
    if service == "juzhu-zhengming":
        return filling.accept(office, filled(office)).result()
    made = filling.begin(office, service, office.catalogue.form(service), language="zh_CN")
    give_sample(made.package, made.session)
    for ref in ("/data/papers/id_copy", "/data/papers/land_proof"):
        name = filling.attach(office, made, ref, name="a.png", media_type="image/png", data=PNG)
        made.session.answer(ref, name)
    return filling.accept(office, made).result()


def held(office: Office, number: str) -> CertificateView:
    return office.store.read(certificates.get, number)


def public(site: Site, credential: str) -> str:
    province = site.province
    today = local_now().date()
    return province.database.read(verify.by_code, credential, province.ring, today).state


def test_a_supervisor_grants_without_a_network_and_the_province_hears_of_it(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    number = deciding.grant(office, case)
    certificate = held(office, number)
    assert number.startswith(f"LM{office.today.year}-530102101-T")
    assert trust.check(office, certificate.credential).issuer == "青山镇便民服务中心"
    assert certificate.fields["holder_name"] == "陈样例"
    assert reading.get_case(office, case).row.status == "decided_granted"
    assert reading.waiting(office) == 2, "the case and its decision"
    assert public(site, certificate.credential) == "pending"
    assert documents.count_and_render(office, f"certificate:{number}", "")[:5] == b"%PDF-"
    assert site.round(office).error is None
    assert reading.waiting(office) == 0
    assert public(site, certificate.credential) == "valid"
    assert reading.get_case(office, case).row.status == "decided_granted", "not under review again"
    kinds = [row.action for row in office.store.read(lambda s: list(audit.rows(s)))]
    assert kinds.count("decided_granted") == kinds.count("decision_reported") == 1
    with pytest.raises(AlreadyDecided):
        deciding.refuse(office, case, "不符合")


def test_another_window_of_the_office_holds_the_certificate_too(site: Site) -> None:
    office = ready(site)
    number = deciding.grant(office, accepted(office))
    site.round(office)
    other = site.another("two").enter("li")
    site.round(other)
    assert held(other, number) == replace(
        held(office, number), received_at=held(other, number).received_at
    )


def test_a_refusal_needs_a_reason_and_a_decision_the_right(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    with pytest.raises(ReasonNeeded):
        deciding.refuse(office, case, "  ")
    deciding.refuse(office, case, "地块不在本镇")
    site.round(office)
    assert reading.waiting(office) == 0
    with pytest.raises(NotOursToDecide):
        deciding.grant(office, accepted(office, "juzhu-zhengming"))
    clerk = site.hall.enter("li")
    with pytest.raises(NotAllowed):
        deciding.grant(clerk, accepted(clerk))


def test_two_people_void_a_certificate_and_everybody_learns_it(site: Site) -> None:
    office = ready(site)
    number = deciding.grant(office, accepted(office))
    credential = held(office, number).credential
    with pytest.raises(SecondNeeded):
        deciding.void(office, number, "误发")
    with pytest.raises(SecondRefused):
        deciding.void(office, number, "误发", Second("zhao", PASSWORD))
    with pytest.raises(WrongPassword):
        deciding.void(office, number, "误发", Second("admin", "falsch"))
    with pytest.raises(ReasonNeeded):
        deciding.void(office, number, " ", SECOND)
    assert held(office, number).voided_at is None
    deciding.void(office, number, "误发", SECOND)
    with pytest.raises(Voided):
        trust.check(office, credential)
    assert b"/Type" in documents.pdf(office, f"certificate:{number}")
    site.round(office)
    assert reading.waiting(office) == 0
    assert public(site, credential) == "void"
    stranger = site.another("elsewhere", demo.OFFICES[1][0]).enter("zhao")
    trust.fetch(stranger)
    with pytest.raises(Voided):
        trust.check(stranger, credential)
    detail = [r.detail for r in office.store.read(audit.newest) if r.action == "certificate_voided"]
    assert '"second": "admin"' in detail[0]


def test_a_replacement_takes_a_new_number_and_names_the_old_one(site: Site) -> None:
    office = ready(site)
    old = deciding.grant(office, accepted(office))
    new = deciding.replace(office, old, "破损", SECOND)
    assert new != old
    assert held(office, new).replaces == old
    assert held(office, old).voided_at is not None
    _template, fields = documents.filled(office, f"certificate:{new}")
    assert fields["replaces"] == old
    site.round(office)
    assert reading.waiting(office) == 0
    assert public(site, held(office, old).credential) == "void"
    assert public(site, held(office, new).credential) == "valid"
    other = site.another("two").enter("li")
    site.round(other)
    assert (held(other, new).replaces, held(other, old).void_reason) == (old, "破损")


def test_without_numbers_nothing_is_issued_and_nothing_changes(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    number = deciding.grant(office, accepted(office))
    office.store.writer.submit(numbers.give_up).result()
    with pytest.raises(NoCertificateNumbers):
        deciding.grant(office, case)
    with pytest.raises(NoCertificateNumbers):
        deciding.replace(office, number, "破损", SECOND)
    assert reading.get_case(office, case).row.status == "accepted"
    assert held(office, number).voided_at is None


def test_certificate_numbers_are_topped_up_like_case_numbers(site: Site) -> None:
    office = ready(site)
    assert office.store.read(numbers.left, issuing.KIND) == 100
    for _ in range(81):
        office.store.writer.submit(numbers.take, issuing.KIND).result()
    site.round(office)
    assert office.store.read(numbers.left, issuing.KIND) == 119


def test_an_old_backup_put_back_issues_no_number_twice(site: Site) -> None:
    office = ready(site)
    given = [deciding.grant(office, accepted(office))]
    copy = backup.make(office.store, local_now())
    given.append(deciding.grant(office, accepted(office)))
    site.round(office)
    site.hall.leave()
    backup.restore(
        site.hall.folder,
        copy,
        "admin",
        PASSWORD,
        secret=site.hall.box,
        now=local_now(),
        exactly=True,
    )
    office = site.hall.enter("zhao")
    with pytest.raises(NoCertificateNumbers):
        deciding.grant(office, accepted(office))
    site.round(office)
    given.append(deciding.grant(office, accepted(office)))
    assert len(set(given)) == 3


def test_the_word_is_renewed_and_ends(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    later = replace(office, now=lambda: local_now() + timedelta(days=91))
    with pytest.raises(NoAuthority):
        deciding.grant(later, case)
    earlier = replace(office, now=lambda: local_now() - timedelta(days=1))
    with pytest.raises(NoAuthority):
        deciding.grant(earlier, case)
    assert reading.get_case(office, case).row.status == "accepted"


def test_a_window_that_decided_second_reads_so_and_voids_its_paper(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    deciding.grant(office, case)
    late = held(office, deciding.grant(office, accepted(office)))
    site.round(office)
    # The same case as another window would have it: the province holds a decision already.
    office.store.writer.submit(_again, case, late.number, office.now()).result()
    report = site.round(office)
    assert report.error is None
    (stuck,) = [row for row in reading.outbox_rows(office) if row.error_code]
    assert (stuck.error_code, stuck.due_at) == ("S190", None)
    assert reading.waiting(office) == 1, "never said to be sent"
    deciding.void(office, late.number, "重复决定", SECOND)
    site.round(office)
    assert public(site, late.credential) == "void"


def _again(session: object, case: UUID, number: str, now: object) -> None:
    file = cases.get_case(session, case)  # type: ignore[arg-type]
    body = {
        "kind": "decided_refused",
        "at": "2026-11-25T02:00:00Z",
        "by": "赵",
        "submission": str(file.submission_id),
        "data": {"reason": number},
    }
    reports.queue(
        session,  # type: ignore[arg-type]
        case,
        file.submission_id,
        UUID(int=7),
        "decided_refused",
        body,
        now,  # type: ignore[arg-type]
    )


def test_a_stick_carries_decisions_and_the_province_s_word(site: Site, tmp_path: Path) -> None:
    office = site.hall.enter("zhao")
    stick = tmp_path / "stick"
    stick.mkdir()
    first = accepted(office)
    with pytest.raises(NoAuthority):
        deciding.grant(office, first)
    for _ in range(2):  # the first brings the word and case numbers, the second those to issue
        accepted(office)
        carried(office, site, stick)
    number = deciding.grant(office, first)
    accepted(office)
    carried(office, site, stick)
    assert reading.waiting(office) == 0
    assert public(site, held(office, number).credential) == "valid"
    deciding.void(office, number, "误发", SECOND)
    carried(office, site, stick)
    assert public(site, held(office, number).credential) == "void"
    assert reading.waiting(office) == 0


def carried(office: Office, site: Site, stick: Path) -> None:
    """By stick to the province and back."""
    relay.make(office)
    relay.copy_to(office, stick)
    with site.home(office) as home:
        for bundle in stick.glob("*.lmrelay"):
            bundle.with_suffix(".lmreply").write_bytes(home.carry(bundle.read_bytes()))
            bundle.unlink()
    assert relay.take_in(office, stick).failed == ()


def test_what_the_province_lost_with_a_restore_is_reported_again(site: Site) -> None:
    office = ready(site)
    number = deciding.grant(office, accepted(office))
    site.round(office)
    site.province.database.write(_forget_decisions)
    assert public(site, held(office, number).credential) == "pending"
    office.store.writer.submit(held_store.begin_again).result()
    assert reading.waiting(office) == 1
    site.round(office)
    assert reading.waiting(office) == 0
    assert public(site, held(office, number).credential) == "valid"


def _forget_decisions(session: Session) -> None:
    """As a backup of before would have it."""
    for table in (OfficeEvent, Certificate):
        session.execute(delete(table))
    session.execute(update(Case).values(status="under_review"))


def test_a_decision_waits_for_its_case_and_in_its_order(site: Site) -> None:
    office = ready(site)
    case = accepted(office)
    number = deciding.grant(office, case)
    deciding.void(office, number, "误发", SECOND)
    assert office.store.read(reports.due, office.now(), 9) == ()
    submission = office.store.read(cases.get_case, case).submission_id
    settled = [outbox.Settlement(submission, b"{}")]
    office.store.writer.submit(outbox.settle, settled, office.now()).result()
    (first,) = office.store.read(reports.due, office.now(), 9)
    assert first.kind == "decided_granted"
