"""Steps of a case that the office itself takes."""

from __future__ import annotations

from uuid import UUID

from casework import rights
from casework.errors import WrongState
from casework.office import Office
from store import cases, outbox


def deliver(office: Office, case_id: UUID) -> None:
    """Note that the result was handed over.

    Raises:
        NotAllowed: The role does not hand over.
        WrongState: There is no decision to hand over.
    """
    me = office.store.operator
    rights.demand(me, "deliver")
    if office.store.read(cases.get_case, case_id).row.status not in (
        "decided_granted",
        "decided_refused",
        "closed",
    ):
        raise WrongState
    office.store.writer.submit(
        cases.add_event,
        case_id,
        office.new_id(),
        "delivered",
        by=me.name,
        login=me.login,
        data={},
        now=office.now(),
    ).result()


def retry_sending(office: Office, case_id: UUID) -> None:
    """Send again what failed and a person has looked at."""
    rights.demand(office.store.operator, "accept")
    submission = office.store.read(cases.get_case, case_id).submission_id
    office.store.writer.submit(
        outbox.retry, submission, office.store.operator.login, office.now()
    ).result()
