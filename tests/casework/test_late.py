"""Two windows decide one case: the first stands, nothing is lost, and who was first is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from casework import conflicts, deciding, documents, late, reading, relay
from casework.errors import NotAllowed, SecondNeeded, WrongState
from casework.office import Office, local_now
from store import audit, certificates
from store import late as kept
from store.views import CertificateView, OutboxRow
from sync.providers.province import ProvinceProvider
from tests.casework.site import Site
from tests.casework.test_deciding import SECOND, accepted, held, public, ready

WHY = "地块不在本镇"


@pytest.fixture
def windows(site: Site) -> tuple[Office, Office, UUID]:
    """Two supervisors at two windows, and a case that both have before them."""
    one = ready(site)
    case = accepted(one)
    site.round(one)
    two = site.another("two").enter("zhao")
    site.round(two)
    with site.home(two) as home:
        assert isinstance(home, ProvinceProvider)
        conflicts.bring(two, home, reading.get_case(one, case).row.number)
    return one, two, case


def status(office: Office, case: UUID) -> str:
    return reading.get_case(office, case).row.status


def stuck(office: Office) -> list[OutboxRow]:
    return [row for row in reading.outbox_rows(office) if row.error_code]


def kinds(office: Office, case: UUID) -> list[str]:
    decided = ("decided_granted", "decided_refused", "certificate_voided")
    return [each.kind for each in reading.events_of(office, case) if each.kind in decided]


def acts(office: Office) -> list[str]:
    return [each.action for each in office.store.read(audit.newest)]


def printed(office: Office, number: str) -> None:
    document = f"certificate:{number}"
    documents.count_and_render(office, document, "")
    documents.note_outcome(office, document, printed=True)


def test_the_same_refused_at_both_windows_is_closed_by_itself(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    deciding.refuse(one, case, WHY)
    deciding.refuse(two, case, "不符合条件")
    site.round(one)
    site.round(two)
    assert stuck(two) == []
    assert reading.waiting(two) == 0
    assert kinds(two, case) == ["decided_refused"] * 2, "both in the history"
    ours = reading.events_of(two, case)[-2]
    assert late.events_of(two, case) == {ours.id}
    assert ours.data["reason"] == "不符合条件"
    assert "decided_late" in acts(two)


def test_the_same_granted_at_both_leaves_one_certificate_and_two_numbers(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    first, second = deciding.grant(one, case), deciding.grant(two, case)
    site.round(one)
    site.round(two)
    assert stuck(two) == []
    mine = held(two, second)
    assert (mine.voided_at is not None, mine.void_reason) == (True, late.REASON)
    assert held(two, first).voided_at is None
    assert first != second
    site.round(two)  # the void one is reported
    assert reading.waiting(two) == 0
    assert [public(site, held(two, n).credential) for n in (first, second)] == ["valid", "void"]
    site.round(one)
    assert [each.number for each in valid(one, case)] == [first]


def valid(office: Office, case: UUID) -> list[CertificateView]:
    found = office.store.read(certificates.of_case, case)
    return [each for each in found if each.voided_at is None]


def test_another_decision_waits_for_a_supervisor_who_lets_it_stand(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    number = deciding.grant(two, case)
    printed(two, number)
    deciding.refuse(one, case, WHY)
    site.round(one)
    with pytest.raises(WrongState):
        late.accept_first(two, case, SECOND)
    site.round(two)
    [row] = stuck(two)
    assert (row.error_fields["kind"], row.error_fields["by"]) == ("decided_refused", "zhao")
    assert row.error_fields["papers"] == number
    assert reading.waiting(two) == 1, "never said to be sent"
    assert status(two, case) == "decided_refused"
    for _ in range(2):
        site.round(two)
    assert len(stuck(two)) == 1, "it waits for a person"
    with pytest.raises(NotAllowed):
        late.accept_first(site.others[0].enter("li"), case, SECOND)
    two = site.others[0].enter("zhao")
    with pytest.raises(SecondNeeded):
        late.accept_first(two, case)
    assert held(two, number).voided_at is None
    late.accept_first(two, case, SECOND)
    site.round(two)
    assert stuck(two) == []
    assert reading.waiting(two) == 0
    assert public(site, held(two, number).credential) == "void"
    assert kinds(two, case) == ["decided_granted", "decided_refused", "certificate_voided"]
    assert status(two, case) == "decided_refused"
    with pytest.raises(WrongState):
        late.accept_first(two, case, SECOND)


def test_a_paper_that_never_left_needs_one_person_and_cannot_leave_as_valid(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    number = deciding.grant(two, case)
    deciding.refuse(one, case, WHY)
    site.round(one)
    site.round(two)
    assert two.store.read(kept.is_late, number)
    assert stuck(two)[0].error_fields["papers"] == ""
    late.accept_first(two, case)
    assert held(two, number).voided_at is not None
    site.round(two)
    assert reading.waiting(two) == 0


def test_what_was_decided_late_is_known_by_stick_too(
    site: Site, windows: tuple[Office, Office, UUID], tmp_path: Path
) -> None:
    one, two, case = windows
    deciding.refuse(two, case, WHY)
    deciding.refuse(one, case, "不符合条件")
    site.round(one)
    stick = tmp_path / "stick"
    stick.mkdir()
    relay.make(two)
    relay.copy_to(two, stick)
    relay.carry(one, stick)
    relay.take_in(two, stick)
    assert reading.waiting(two) == 0
    assert stuck(two) == []


def test_after_a_restore_what_was_late_may_be_the_first(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    deciding.refuse(one, case, "不符合条件")
    deciding.refuse(two, case, WHY)
    site.round(one)
    site.round(two)
    assert reading.waiting(two) == 0
    site.forget_cases()
    for office in (two, one, one):  # a window of the case sends it again first
        site.round(office)
    for office in (two, one, one):
        site.round(replace(office, now=lambda: local_now() + timedelta(hours=1)))
    assert status(one, case) == status(two, case) == "decided_refused"
    assert stuck(one) == stuck(two) == []
    assert reading.waiting(one) == reading.waiting(two) == 0
    [counts] = [
        each.id
        for each in reading.events_of(one, case)
        if each.kind == "decided_refused" and each.id not in late.events_of(one, case)
    ]
    told = [each.id for each in reading.events_of(two, case)]
    assert counts in told


def test_of_two_replacements_the_first_stands(
    site: Site, windows: tuple[Office, Office, UUID]
) -> None:
    one, two, case = windows
    old = deciding.grant(one, case)
    site.round(one)
    site.round(two)
    first = deciding.replace(one, old, "破损", SECOND)
    second = deciding.replace(two, old, "破损", SECOND)
    site.round(one)
    for _ in range(2):
        site.round(two)
    assert stuck(two) == []
    assert reading.waiting(two) == 0
    states = [public(site, held(two, number).credential) for number in (old, first, second)]
    assert states == ["void", "valid", "void"]
