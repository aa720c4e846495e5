"""What a receipt says: of a case, or of all the cases that one application became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from casework import onething
from casework.grades import masked_id, masked_phone
from casework.office import Office
from casework.onething import Standing
from casework.rights import needs
from forms.service import Material, ServicePackage
from store import attachments, cases
from store.numbering import is_provisional
from store.views import CaseFile

Fields = Mapping[str, str | Sequence[Mapping[str, str]]]
_FORMS = {"original": "原件", "copy": "复印件", "electronic": "电子件"}


@needs("read_cases")
def receipt(office: Office, case_id: UUID) -> tuple[str, Fields]:
    """The template of a case's receipt and what is filled into it.

    Raises:
        store.errors.CaseGone: No such case here.
    """
    file = office.store.read(cases.get_case, case_id)
    found = onething.together(office, case_id)
    if found is None:
        return "receipt", _of_one(office, file)
    return "onething-receipt", _of_all(office, file, found)


@needs("read_cases")
def about(office: Office, file: CaseFile, package: ServicePackage) -> dict[str, str]:
    """What every paper for the applicant says of the case."""
    return {
        "case_number": file.row.number,
        "service_name": package.name.zh,
        "applicant_name": file.row.applicant,
        "applicant_phone_masked": masked_phone(file.applicant_phone),
        "applicant_id_masked": masked_id(file.applicant_id_no),
        "track_code": file.row.number,
        "office_name": file.former_office or office.name or "本单位",
    }


@needs("read_cases")
def given(office: Office, file: CaseFile) -> set[str]:
    """Questions that have a file."""
    return {each.ref for each in office.store.read(attachments.of_owner, file.submission_id)}


def material_line(material: Material) -> dict[str, str]:
    """A paper and its form, as a row of a table."""
    return {"name": material.name.zh, "form": _FORMS.get(material.form, material.form)}


def _of_one(office: Office, file: CaseFile) -> Fields:
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    limits = package.limits
    there = given(office, file)
    return {
        **about(office, file, package),
        "number_note": _note_on_number(file),
        "accepted_on": day_in_words(file.row.accepted_at.astimezone(office.now().tzinfo)),
        "operator_name": file.accepted_by,
        "legal_days": str(limits.statutory or ""),
        "promised_days": str(limits.promised or limits.statutory or ""),
        "promised_on": _promised_on(office, file.row.due_on),
        "materials": [
            material_line(each)
            for each in package.materials
            if not each.question or each.question in there
        ],
    }


def _of_all(office: Office, file: CaseFile, together: Standing) -> Fields:
    package, parts = together.package, {p.id: p for p in office.catalogue.parts(together.package)}
    there = {(row.service_id, ref) for row in together.view.cases for ref in _files(office, row.id)}
    papers = [
        each.name.zh
        for each in package.materials
        if not each.question or there.intersection(_askers(package, each.question))
    ]
    return {
        **about(office, file, package),
        "number_note": _note_on_number(file),
        "accepted_on": day_in_words(together.view.accepted_at.astimezone(office.now().tzinfo)),
        "operator_name": file.accepted_by,
        "services": [
            {
                "name": f"{parts[row.service_id].name.zh}（{parts[row.service_id].department.zh}）",
                "number": row.number,
                "promised_on": _promised_on(office, row.due_on, short=True),
            }
            for row in together.view.cases
        ],
        "materials": "、".join(dict.fromkeys(papers)),
    }


def _askers(package: ServicePackage, question: str) -> tuple[tuple[str, str], ...]:
    bundle = package.bundle
    return bundle.askers(question) if bundle else ()


def _files(office: Office, case_id: UUID) -> set[str]:
    return given(office, office.store.read(cases.get_case, case_id))


def _promised_on(office: Office, due_on: date | None, *, short: bool = False) -> str:
    if due_on is None:
        return "承诺时限届满"
    firm = office.resources.calendar.is_firm(due_on)
    note = "" if firm else "（暂计）" if short else f"（{due_on.year}年放假安排公布前暂计）"
    return f"{day_in_words(due_on)}{note}"


def _note_on_number(file: CaseFile) -> str:
    if file.first_number:
        return f"正式编号。受理时的临时编号：{file.first_number}"
    if is_provisional(file.row):
        return "临时编号，联网后由省级平台换发正式编号；凭本编号始终可以查询。"
    return ""


def day_in_words(moment: date | datetime) -> str:
    """A day as papers write it."""
    return f"{moment.year}年{moment.month}月{moment.day}日"
