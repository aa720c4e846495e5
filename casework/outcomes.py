"""What one thing came to: the result of each part, and the slip that lists them all (办结清单).

Only what is held here and counts is said. While a part is being worked on, or a decision made here
came too late and is not closed, there is no slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework import onething
from casework.errors import UnknownDocument
from casework.office import Office
from casework.onething import Standing
from casework.receipts import Fields, about, day_in_words
from casework.rights import needs
from forms.service import ServicePackage
from store import cases, certificates, late
from store.standing import ENDED
from store.views import CaseRow, CertificateView

RESULTS = {
    "decided_granted": "准予",
    "decided_refused": "不予批准",
    "withdrawn": "申请人撤回",
    "not_accepted": "不予受理",
}
REFUSED = ("decided_refused", "not_accepted")


@dataclass(frozen=True)
class Outcome:
    """What became of one part.

    Attributes:
        kind: The event that ended it, a key of `RESULTS`; "" where it was closed without one.
        at: When it ended.
        reason: As whoever decided put it; "" for none.
        certificates: All that it brought, void ones included.
    """

    row: CaseRow
    service: ServicePackage
    kind: str
    at: datetime
    reason: str
    certificates: tuple[CertificateView, ...]


@needs("read_cases")
def settled(office: Office, together: Standing) -> frozenset[UUID]:
    """Cases that are decided or ended, and of which nothing came too late."""
    some_late = office.store.read(late.waits)
    return frozenset(
        row.id
        for row in together.view.cases
        if row.status in ENDED
        and not (some_late and office.store.read(late.of_case, row.id) is not None)
    )


@needs("read_cases")
def all_ended(office: Office, together: Standing) -> bool:
    """Whether each part has a result, and is here."""
    return not together.open and len(settled(office, together)) == together.view.expected


@needs("read_cases")
def of_parts(office: Office, together: Standing) -> tuple[Outcome, ...]:
    """Results of the parts that have ended, in the order of the parts."""
    return tuple(_outcome(office, row) for row in together.view.cases if row.status in ENDED)


@needs("read_cases")
def slip(office: Office, case_id: UUID) -> Fields:
    """What the closing slip says.

    Raises:
        UnknownDocument: The case stands alone, or not every part has ended.
        store.errors.CaseGone: No such case here.
    """
    together = onething.together(office, case_id)
    if together is None or not all_ended(office, together):
        raise UnknownDocument
    file = office.store.read(cases.get_case, together.view.cases[0].id)
    found = of_parts(office, together)
    local = office.now().tzinfo
    return {
        **about(office, file, together.package),
        "accepted_on": day_in_words(together.view.accepted_at.astimezone(local)),
        "ended_on": day_in_words(max(each.at for each in found).astimezone(local)),
        "services": [_line(office, each) for each in found],
        "reasons": "\n".join(_reasons(found)),
    }


def _outcome(office: Office, row: CaseRow) -> Outcome:
    service = office.catalogue.get(row.service_id, row.service_version)
    event = office.store.read(late.ended_by, row.id)
    return Outcome(
        row,
        service,
        event.kind if event else "",
        event.at if event else row.touched_at,
        str(event.data.get("reason", "")) if event else "",
        office.store.read(certificates.of_case, row.id),
    )


def _line(office: Office, outcome: Outcome) -> Mapping[str, str]:
    day = day_in_words(outcome.at.astimezone(office.now().tzinfo))
    return {
        "name": f"{outcome.service.name.zh}（{outcome.service.department.zh}）",
        "number": outcome.row.number,
        "result": f"{RESULTS.get(outcome.kind, '办结')}\n{day}",
        "certificates": "、".join(_numbers(outcome.certificates)) or "无",
    }


def _numbers(held: Sequence[CertificateView]) -> Iterator[str]:
    replaced = {each.replaces for each in held}
    for each in held:
        if each.voided_at is None:
            yield each.number
        elif each.number not in replaced:
            yield f"{each.number}（已作废）"


def _reasons(found: Sequence[Outcome]) -> Iterator[str]:
    for each in found:
        if each.kind in REFUSED:
            why = each.reason.strip().rstrip("。；！")
            told = f"，理由：{why}" if why else ""
            yield f"“{each.service.name.zh}”{RESULTS[each.kind]}{told}。"
