"""Steps of a case that the office itself takes."""

from __future__ import annotations

from uuid import UUID

from casework.errors import WrongState
from casework.office import Office
from casework.rights import needs
from store import cases, outbox, reports


@needs("deliver")
def deliver(office: Office, case_id: UUID) -> None:
    """Note that the result was handed over.

    Raises:
        NotAllowed: The role does not hand over.
        WrongState: There is no decision to hand over.
    """
    me = office.store.operator
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


@needs("accept")
def retry_sending(office: Office, case_id: UUID) -> None:
    """Send again what failed and a person has looked at."""
    submission = office.store.read(cases.get_case, case_id).submission_id
    put, me, now = office.store.writer.submit, office.store.operator.login, office.now()
    put(outbox.retry, submission, me, now).result()
    put(reports.retry, case_id, me, now).result()
