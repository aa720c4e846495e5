"""The rights of the people whose data are here: what is held, a copy of it, putting it right."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from casework.errors import ReasonNeeded, UnseemlyName
from casework.filling import words_of
from casework.grades import masked_name
from casework.office import Office
from casework.rights import needs
from casework.unseen import has_unseen
from store import (
    audit,
    cases,
    certificates,
    persons,
    resident_changes,
    residents,
    retention,
    sealed,
)
from store.errors import StoreError
from store.persons import Column, ConsentView, Holdings
from store.views import CaseRow

PAGE_OF_FILES = 64 << 20  # bytes of files in one copy; larger ones are named only


@needs("person")
def find(office: Office, wanted: str, reason: str) -> Holdings:
    """Where a person appears, by ID number, telephone number or whole name; on record.

    Raises:
        ReasonNeeded: None was given.
    """
    _note(office, "person_sought", reason)
    return office.store.read(persons.find, wanted.strip())


@needs("person")
def case_rows(office: Office, found: Holdings) -> tuple[CaseRow, ...]:
    """The person's own cases as lists show them."""
    return office.store.read(persons.case_rows, found.cases)


@needs("person")
def copy_of(office: Office, wanted: str, *, reason: str, phrase: str) -> bytes:
    """All that is held about a person, as JSON sealed under a pass-phrase; on record.

    Raises:
        ReasonNeeded: None was given.
        store.errors.WeakPassword: The pass-phrase is too short.
    """
    _note(office, "person_exported", reason)
    found = office.store.read(persons.find, wanted.strip())
    facts = {
        "for": wanted.strip(),
        "cases": [_case(office, each) for each in found.cases],
        "named_in_cases": [str(each) for each in found.named_in],
        "drafts": [str(each) for each in found.drafts],
        "certificates": [_certificate(office, each) for each in found.certificates],
        "consents": [asdict(each) for each in found.consents],
        "resident_base": [_resident(office, each) for each in found.residents],
        "licences": list(found.licences),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
    return sealed.seal(text.encode(), phrase)


@needs("person")
def correct(office: Office, case_id: UUID, column: Column, value: str, reason: str) -> None:
    """Put right what a case is known by here; what was sent stays, the event tells of it.

    Raises:
        ReasonNeeded: None was given.
        UnseemlyName: The value holds characters that turn or hide what people read.
        store.errors.CaseGone: No such case here.
    """
    if not reason.strip():
        raise ReasonNeeded
    if has_unseen(value):
        raise UnseemlyName
    file = office.store.read(cases.get_case, case_id)
    known = {
        "applicant": file.row.applicant,
        "applicant_id_no": file.applicant_id_no,
        "applicant_phone": file.applicant_phone,
        column: value.strip(),
    }
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    words = words_of(
        package, known["applicant"], known["applicant_id_no"], known["applicant_phone"]
    )
    me = office.store.operator
    office.store.writer.submit(
        persons.correct,
        case_id,
        {column: value.strip()},
        words=f"{words} {file.row.number}",
        event_id=office.new_id(),
        by=me.name,
        login=me.login,
        reason=reason.strip(),
        now=office.now(),
    ).result()


@needs("consent")
def take_consent(
    office: Office, subject: str, purpose: str, *, guardian: str = "", case_id: UUID | None = None
) -> UUID:
    """Keep that a person agreed to a purpose; for a child under 14 the guardian is named.

    Raises:
        ReasonNeeded: No purpose was given.
    """
    if not purpose.strip():
        raise ReasonNeeded
    me = office.store.operator
    given = ConsentView(
        office.new_id(),
        subject.strip(),
        purpose.strip(),
        guardian.strip(),
        case_id,
        office.now(),
        me.name,
        None,
    )
    office.store.writer.submit(persons.give_consent, given, login=me.login).result()
    return given.id


@needs("consent")
def withdraw_consent(office: Office, consent_id: UUID) -> None:
    """Note that a consent no longer stands.

    Raises:
        store.errors.ConsentGone: No such consent.
    """
    office.store.writer.submit(
        persons.withdraw_consent,
        consent_id,
        login=office.store.operator.login,
        now=office.now(),
    ).result()


@needs("policy")
def keep_for(office: Office, days: int) -> None:
    """Set how many days answers are kept after the province has them; 0 for ever."""
    office.store.writer.submit(
        retention.set_days, max(0, days), login=office.store.operator.login, now=office.now()
    ).result()


@needs("anybody")
def let_go(office: Office) -> int:
    """Purge what is due by the policy; returns how many cases. Runs by itself after sign-in."""
    store, total = office.store, 0
    while names := store.read(retention.due_names, office.now()):
        masked = {name: masked_name(name) for name in names}
        count, blobs = store.writer.submit(
            retention.purge, masked=masked, now=office.now()
        ).result()
        for blob in blobs:
            store.blobs.drop(blob)
        total += count
        if not count:
            break
    return total


def _note(office: Office, action: str, reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded
    office.store.writer.submit(
        audit.record,
        office.store.operator.login,
        action,
        "",
        {"reason": reason.strip()},
        now=office.now(),
    ).result()


def _case(office: Office, case_id: UUID) -> dict[str, Any]:
    file = office.store.read(cases.get_case, case_id)
    sent = office.store.read(cases.get_submission, file.submission_id)
    return {
        **asdict(file.row),
        "applicant_id_no": file.applicant_id_no,
        "applicant_phone": file.applicant_phone,
        "events": [asdict(each) for each in office.store.read(cases.events_of, case_id)],
        "answers_xml": sent.xml.decode("utf-8", "replace"),
        "files": [
            {"name": f.name, "size": f.size, "content": _content(office, f.blob, f.size)}
            for f in sent.files
        ],
    }


def _content(office: Office, blob: str, size: int) -> str:
    if size > PAGE_OF_FILES:
        return ""
    try:
        return base64.b64encode(office.store.blobs.get(blob)).decode()
    except StoreError:
        return ""


def _certificate(office: Office, number: str) -> dict[str, Any]:
    return asdict(office.store.read(certificates.get, number))


def _resident(office: Office, resident_id: UUID) -> dict[str, Any]:
    changes = office.store.read(resident_changes.of, [resident_id]).get(resident_id, [])
    history = [
        {"at": c.at, "by": c.by, "office": c.office, "material": c.material, "fields": c.fields}
        for c in changes
    ]
    return {**asdict(office.store.read(residents.get, resident_id)), "history": history}
