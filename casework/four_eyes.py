"""What two people do together: one asks, another confirms with a password of their own."""

from __future__ import annotations

from dataclasses import dataclass

from casework import rights
from casework.errors import SecondNeeded, SecondRefused
from casework.office import Office
from casework.rights import needs
from store import keys, operators, tries
from store.door import try_password
from store.errors import WrongPassword


@dataclass(frozen=True, repr=False)
class Second:
    """Who confirms. Has no repr: it holds a password."""

    login: str
    password: str


@needs("anybody")
def confirmed_by(office: Office, second: Second | None) -> str:
    """The login of the second person, once proven; wrong tries count as at sign-in.

    Raises:
        SecondNeeded: Nobody was named.
        SecondRefused: The same person, or one who may not confirm.
        store.errors.WrongPassword, store.errors.TryLater, store.errors.LockedOut: As at sign-in.
    """
    if second is None:
        raise SecondNeeded
    if second.login == office.store.operator.login:
        raise SecondRefused
    folder = office.store.folder
    try_password(
        folder,
        keys.load(folder),
        second.login,
        second.password,
        office.store.secret,
        office.now(),
    )
    tries.take(folder, second.login)
    try:
        person = office.store.read(operators.get_active, second.login)
    except WrongPassword:
        raise SecondRefused from None
    if not rights.may(person, "confirm"):
        raise SecondRefused
    return person.login
