"""Data already held fill in a form: which, where they come from, and what comes back.

A service's package says in `[prefill]` which question a field of the resident base answers. Only
empty questions are filled in, and everything stays editable. What the citizen says differently is
offered to the resident base after acceptance, as a change with the case as its material.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework import filling, residents
from casework.filling import Filling
from casework.office import Office
from casework.rights import needs
from forms.errors import FormError
from forms.service import ServicePackage
from store import audit, cases
from store import residents as base
from store.residents import Resident


@dataclass(frozen=True, repr=False)
class Held:
    """What the resident base holds of an applicant, as answers by ref. Names somebody."""

    resident_id: UUID
    answers: Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Difference:
    """A field in which an accepted case differs from the resident base."""

    field: str
    held: str
    said: str


@needs("fill")
def held_for(office: Office, made: Filling) -> Held | None:
    """What is held of the applicant whose ID number is answered; None where nobody is known.

    Two people of one number are nobody: which one is meant is for a person to say.
    """
    id_no = made.answer("id_no")
    found = office.store.read(base.by_id_no, id_no) if id_no else ()
    if len(found) != 1 or not made.package.prefill:
        return None
    return Held(found[0].id, _answers(made.package, found[0]))


@needs("fill")
def fillable(office: Office, made: Filling, held: Held) -> dict[str, str]:
    """What nobody has answered otherwise yet, by ref. GUI thread. On record.

    Left alone are questions that hold neither nothing nor what the form begins with, and those
    that are not asked.
    """
    found = {}
    form = office.catalogue.whole_form(made.package.id, made.package.version)
    untouched = form.new_session(**filling.around(office))
    for ref, value in held.answers.items():
        try:
            answer = made.session.view(ref).answer
            if value and answer != value and answer in ("", untouched.view(ref).answer):
                found[ref] = value
        except FormError:
            continue  # not asked now
    if found:
        office.store.writer.submit(
            audit.record,
            office.store.operator.login,
            "prefilled",
            str(held.resident_id),
            {"draft": str(made.id)},
            now=office.now(),
        )
    return found


@needs("residents")
def differences(office: Office, case_id: UUID) -> tuple[Difference, ...]:
    """What the newest answers of a case say otherwise than the resident base. Slow.

    Raises:
        store.errors.CaseGone: No such case here.
    """
    found = _compared(office, case_id)
    return found[1] if found else ()


@needs("residents_edit")
def give_back(office: Office, case_id: UUID) -> bool:
    """Take what the case says otherwise over into the resident base. Slow.

    Raises:
        store.errors.CaseGone: No such case here.
    """
    found = _compared(office, case_id)
    if not found or not found[1]:
        return False
    resident, differing = found
    number = office.store.read(cases.get_case, case_id).row.number
    values = {each.field: each.said for each in differing}
    return residents.edit(office, resident.id, values, number)


def _compared(office: Office, case_id: UUID) -> tuple[Resident, tuple[Difference, ...]] | None:
    file = office.store.read(cases.get_case, case_id)
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    found = office.store.read(base.by_id_no, file.applicant_id_no) if package.prefill else ()
    if len(found) != 1:
        return None
    sent = office.store.read(cases.get_submission, file.submission_id)
    form = office.catalogue.form(package.id, package.version)
    session = form.resume(sent.xml, **filling.around(office))
    known = set(session.nodes())
    differing = []
    for ref, field in package.prefill.items():
        said = session.view(ref).answer if ref in known else ""
        held = str(getattr(found[0], field, ""))
        if said and said != held:
            differing.append(Difference(field, held, said))
    return found[0], tuple(differing)


def _answers(package: ServicePackage, resident: Resident) -> dict[str, str]:
    return {ref: str(getattr(resident, field, "")) for ref, field in package.prefill.items()}
