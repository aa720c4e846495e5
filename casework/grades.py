"""How far each datum may be shown: public, internal, sensitive, core.

Questions are graded by their service (`[grades]` in service.toml), columns of lists here. On
screen and in exports sensitive and core data are masked; to see them is an act, on record.
"""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

from casework.errors import ReasonNeeded
from casework.office import Office
from casework.rights import needs
from forms.service import ServicePackage
from store import audit, cases
from store.views import CaseFile

USUAL = "internal"
COLUMNS = {
    "number": "public",
    "service": "public",
    "status": "internal",
    "accepted_at": "internal",
    "accepted_by": "internal",
    "due_on": "internal",
    "applicant": "sensitive",
    "applicant_phone": "sensitive",
    "applicant_id_no": "core",
}
HIDDEN = ("sensitive", "core")


def of_question(package: ServicePackage, ref: str) -> str:
    """The grade of a question, whichever instance of a repeat `ref` speaks of."""
    return package.grades.get(re.sub(r"\[\d+\]", "", ref), USUAL)


def masked_id(number: str) -> str:
    """An ID number with its middle hidden: first three and last four characters."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 8 else ""


def masked_phone(number: str) -> str:
    """A telephone number with its middle hidden."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else ""


def masked_name(name: str) -> str:
    """A name of which only the first character stays."""
    return name[:1] + "*" * (len(name) - 1)


def masked(value: str, column: str) -> str:
    """A value of a column as far as its grade lets it be shown."""
    if COLUMNS[column] not in HIDDEN:
        return value
    ways = {"applicant_id_no": masked_id, "applicant_phone": masked_phone}
    return ways.get(column, masked_name)(value)


def masked_file(file: CaseFile) -> CaseFile:
    """A case as windows may show it: the name whole, because people are called by it."""
    return replace(
        file,
        applicant_id_no=masked_id(file.applicant_id_no),
        applicant_phone=masked_phone(file.applicant_phone),
    )


@needs("reveal")
def reveal(office: Office, case_id: UUID, reason: str) -> CaseFile:
    """A case with nothing hidden; who looked and why is on record.

    Raises:
        ReasonNeeded: None was given.
        store.errors.CaseGone: No such case here.
    """
    if not reason.strip():
        raise ReasonNeeded
    file = office.store.read(cases.get_case, case_id)
    office.store.writer.submit(
        audit.record,
        office.store.operator.login,
        "revealed",
        file.row.number,
        {"reason": reason.strip()},
        now=office.now(),
    ).result()
    return file
