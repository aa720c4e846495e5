"""Moving to another office (docs/protocol.md section 3).

It follows a round. A computer that is to move accepts nothing
new, sends all it has, reads its events, and only then says that it moves; a crash at any step is
followed by the same step. Drafts of new cases come along, since no office has accepted them yet; a
draft that corrects a case is finished first, since the case stays where it is.
"""

from __future__ import annotations

from casework import link
from casework.office import Office
from casework.rights import needs
from store import held, joining, offices, settings
from store.offices import Hanging, OfficeView
from sync.errors import DeviceRefused
from sync.provider import HomeProvince
from sync.wire import DeviceView


@needs("send")
def after_round(office: Office, home: HomeProvince) -> bool:
    """Take the next step; whether another round is wanted at once.

    Raises:
        sync.errors.SyncError: The province cannot be asked.
    """
    store = office.store
    told = store.read(offices.moving_to)
    again = store.read(held.may_have_moved)
    if not (told or home.moving or again):
        return False
    about = home.about()
    if _joined_elsewhere(office, about):
        return True
    if again:
        store.writer.submit(held.has_not_moved).result()
        return True
    wanted = OfficeView(*about.moving_to) if about.moving_to else None
    if wanted != told:
        # From this commit on nothing new is accepted; the next round sends the rest.
        store.writer.submit(offices.put_moving_to, wanted, office.now()).result()
        return True
    if wanted is None or store.read(offices.hanging):
        return False
    return _joined_elsewhere(office, home.move(wanted.id))


@needs("send")
def note_answer(office: Office, code: str) -> None:
    """Keep whether the province lets this device in: `code` of the round's error, "" for none.

    A round that reached nobody says nothing about it.
    """
    shut_out = code == DeviceRefused.code
    if (code and not shut_out) or shut_out == is_shut_out(office):
        return
    value = b"1" if shut_out else b""
    office.store.writer.submit(settings.put, link.REFUSED, value).result()


@needs("anybody")
def is_shut_out(office: Office) -> bool:
    """Whether the province was last heard to refuse this device."""
    return bool(office.store.read(settings.get, link.REFUSED))


@needs("anybody")
def standing(office: Office) -> tuple[OfficeView | None, Hanging]:
    """Where this computer is to move, or None, and what keeps it here."""
    return office.store.read(offices.moving_to), office.store.read(offices.hanging)


def _joined_elsewhere(office: Office, about: DeviceView) -> bool:
    """Belong to the office that the province says; whether that is another one than before."""
    to, now = OfficeView(*about.office), office.store.read(offices.current)
    if to.id == now.id:
        return False
    join = office.store.writer.submit(
        joining.join, to, {}, new_key=False, login="", now=office.now()
    )
    join.result()
    return now.id != ""
