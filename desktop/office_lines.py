"""Lines that the windows show of an office: events, papers, facts of a certificate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from casework import deciding, documents, late, rights
from casework.office import Office
from desktop import late_words, words
from desktop.desk import Status, Step
from desktop.paper_desk import Document
from desktop.sentences import joined
from store.views import CaseFile, CaseRow, EventView

_NO_STATUS = "accepted"
_FACTS = {
    "number": QT_TRANSLATE_NOOP("facts", "Number"),
    "holder": QT_TRANSLATE_NOOP("facts", "Holder"),
    "id_ends": QT_TRANSLATE_NOOP("facts", "ID number ends in"),
    "issuer": QT_TRANSLATE_NOOP("facts", "Issued by"),
    "division": QT_TRANSLATE_NOOP("facts", "Allowed by the province for division"),
    "issued_on": QT_TRANSLATE_NOOP("facts", "Issued on"),
    "valid_until": QT_TRANSLATE_NOOP("facts", "Valid until"),
}
_DECIDED = ("decided_granted", "decided_refused", "withdrawn")
_ACTIONS: dict[str, tuple[str, ...]] = {
    "supplement_requested": ("supplement",),
    "decided_granted": ("deliver",),
    "decided_refused": ("deliver",),
}


def actions(office: Office, file: CaseFile) -> tuple[str, ...]:
    """What who is signed in may do with a case now."""
    me = office.store.operator
    found_late = late.of_case(office, file.row.id)
    if found_late is not None:
        may_close = found_late.first is not None and rights.may(me, "decide")
        return ("accept_first",) if may_close else ()
    decides = rights.may(me, "decide") and deciding.lies_with_us(office, file)
    found = ("grant", "refuse") if decides else _ACTIONS.get(file.row.status, ())
    withdraws = rights.may(me, "withdraw") and deciding.can_withdraw(file)
    return (*found, "withdraw") if withdraws else found


def waits_for_citizen(office: Office, row: CaseRow) -> bool:
    """Whether the result of a case may be noted as handed over now."""
    delivers = rights.may(office.store.operator, "deliver")
    return delivers and "deliver" in _ACTIONS.get(row.status, ())


def step(event: EventView) -> Step:
    """A line of the timeline."""
    known = event.kind if event.kind in words.STATUS else _NO_STATUS
    said = [event.data.get(name) for name in ("number", "reason", "department")]
    note = "  ·  ".join(str(each) for each in said if each and each != event.by)
    if event.data.get("time_doubtful"):
        note = joined(note, QCoreApplication.translate("facts", "The clock was doubtful then."))
    return Step(cast("Status", known), event.at, event.by, note)


def steps(events: Sequence[EventView], too_late: Collection[UUID] = ()) -> tuple[Step, ...]:
    """The timeline, newest first; `too_late` are the events that do not count.

    Where the office decides itself, the province tells that it has received the case after the
    decision; that is no step of the case.
    """
    shown: list[EventView] = []
    for event in events:
        decided = any(each.kind in _DECIDED for each in shown)
        if not (decided and event.kind == "under_review"):
            shown.append(event)
    found = {event.id: step(event) for event in reversed(shown)}
    return tuple(
        replace(each, note=late_words.does_not_count(each.note)) if event in too_late else each
        for event, each in found.items()
    )


def of_event(service: str, kind: str) -> str:
    """What is reported of a case, and its service's name."""
    if kind == "submission":
        return service
    return f"{words.status(cast('Status', kind))}  ·  {service}"


def said(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Facts of a certificate, by the words for them."""
    return tuple(
        (QCoreApplication.translate("facts", str(_FACTS[key])), value)
        for key, value in facts
        if value
    )


def documents_of(office: Office, case_id: UUID) -> tuple[Document, ...]:
    """The papers of a case, and what may be done with each."""
    may, found = rights.may(office.store.operator, "void"), late.of_case(office, case_id)
    pending = found.certificates if found else ()
    papers = (document(each, may_void=may) for each in documents.of_case(office, case_id))
    return tuple(
        replace(each, void=late_words.does_not_count(), may=()) if each.number in pending else each
        for each in papers
    )


def document(paper: documents.Paper, *, may_void: bool = False) -> Document:
    """A paper as windows show it."""
    last = paper.last
    underway = last is not None and last.outcome == "counted"
    why = f"{words.moment(paper.voided_at)}  ·  {paper.void_reason}" if paper.voided_at else ""
    return Document(
        paper.id,
        paper.kind,
        paper.title,
        paper.number,
        paper.copies - int(underway),
        paper.template,
        trouble=last.trouble if last and last.outcome == "failed" else "",
        underway=underway,
        void=why,
        replaced_by=paper.replaced_by,
        replaces=paper.replaces,
        may=("replace", "void") if may_void and paper.ours and not why else (),
    )
