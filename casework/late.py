"""What was decided here too late: a supervisor lets stand what another window decided first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casework.errors import WrongState
from casework.four_eyes import Second, confirmed_by
from casework.office import Office, new_id
from casework.rights import needs
from store import late, operators
from store.late import Closing
from store.open import OpenStore
from store.views import LateView

REASON = "此件另一窗口已先作决定"


def resolve(store: OpenStore, now: datetime) -> None:
    """Close what both windows decided alike; after the events were read, on the sync thread."""
    if store.read(late.waits):
        store.writer.submit(late.resolve, Closing(REASON, new_id), now).result()


@needs("read_cases")
def of_case(office: Office, case_id: UUID) -> LateView | None:
    """What is late of a case and not closed; None for nothing."""
    return office.store.read(late.of_case, case_id)


@needs("read_cases")
def events_of(office: Office, case_id: UUID) -> frozenset[UUID]:
    """Events of a case that were decided here and do not count."""
    return office.store.read(late.events_of, case_id)


@needs("decide")
def accept_first(office: Office, case_id: UUID, second: Second | None = None) -> None:
    """Let stand what was decided first; a certificate that came of ours becomes void.

    A second person confirms where that certificate has left the office: it is to be taken back.

    Raises:
        NotAllowed: The role does not decide.
        WrongState: Nothing of the case is late, or the province has not told what stands.
        SecondNeeded, SecondRefused, store.errors.WrongPassword: As `four_eyes.confirmed_by`.
    """
    found = office.store.read(late.of_case, case_id)
    if found is None or found.first is None:
        raise WrongState
    login = confirmed_by(office, second) if found.papers else ""
    name = office.store.read(operators.get_active, login).name if login else ""
    me = office.store.operator
    closing = Closing(REASON, office.new_id, me.name, me.login, name, login)
    office.store.writer.submit(late.close, case_id, closing, office.now()).result()
