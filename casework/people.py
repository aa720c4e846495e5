"""Operators of the office: who may add, change, remove and unlock them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework import rights
from casework.errors import BadLogin, UnknownSuite
from casework.office import Office
from casework.rights import needs
from store import keys, members, operators, tries
from store.suites import SUITES

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


@dataclass(frozen=True)
class Person:
    """Somebody with a login; `locked` after too many wrong passwords."""

    login: str
    name: str
    role: str
    locked: bool


@dataclass(frozen=True, repr=False)
class NewOperator:
    """Somebody who gets a login. Has no repr: it holds a password."""

    login: str
    name: str
    role: str
    password: str


def check(wanted: NewOperator) -> None:
    """Refuse what could not sign in later.

    Raises:
        BadLogin: Not 2 to 32 small letters, digits, dots, hyphens, underscores; or no name.
        store.errors.WeakPassword: Too short, or one that everybody tries.
    """
    if not _LOGIN.fullmatch(wanted.login) or not wanted.name.strip():
        raise BadLogin
    keys.check_password(wanted.password, wanted.login)


@needs("operators")
def everybody(office: Office) -> tuple[Person, ...]:
    """Operators of this computer, by login.

    Raises:
        NotAllowed: The role does not manage operators.
    """
    shut = tries.locked(office.store.folder)
    return tuple(
        Person(o.login, o.name, o.role, o.login in shut)
        for o in office.store.read(operators.list_active)
    )


@needs("operators")
def add_operator(office: Office, wanted: NewOperator, *, must_change: bool = True) -> None:
    """Give somebody a login with a first password that must be changed.

    Raises:
        NotAllowed: The role does not manage operators, or would make one above itself.
        BadLogin, store.errors.WeakPassword: See `check`.
        store.errors.LoginTaken: Somebody has this login already.
    """
    if wanted.role == "administrator":
        rights.demand(office.store.operator, "enrol")
    check(wanted)
    members.add(
        office.store,
        operator_id=office.new_id(),
        login=wanted.login,
        name=wanted.name,
        role=wanted.role,
        password=wanted.password,
        must_change=must_change,
        now=office.now(),
    )


@needs("anybody")
def change_own_password(office: Office, password: str) -> None:
    """Change the password of who is signed in.

    Raises:
        store.errors.WeakPassword: Too short, or one that everybody tries.
    """
    login = office.store.operator.login
    members.change_password(office.store, login, password, must_change=False, now=office.now())


@needs("operators")
def reset_password(office: Office, login: str, password: str) -> None:
    """Give somebody a new password that must be changed at once.

    Raises:
        NotAllowed: The role does not manage operators, or not this one.
        store.errors.WrongPassword: No such operator.
    """
    _not_above(office, login)
    members.change_password(office.store, login, password, must_change=True, now=office.now())


@needs("operators")
def remove_operator(office: Office, login: str) -> None:
    """Take somebody's login away.

    Raises:
        NotAllowed: The role does not manage operators, or not this one.
        store.errors.LastAdministrator: Nobody could manage operators any more.
    """
    _not_above(office, login)
    members.remove(office.store, login, office.now())


@needs("operators")
def dismiss_operator(office: Office, login: str) -> None:
    """Take somebody's login away for cause; the data key is changed at the next sign-in.

    Whoever is dismissed may have kept a copy and knows the key of now. What the province knows
    this computer by was known too: enrol the computer anew afterwards.

    Raises:
        NotAllowed: The role does not manage operators, or not this one.
        store.errors.LastAdministrator: Nobody could manage operators any more.
    """
    _not_above(office, login)
    members.dismiss(office.store, login, office.now())


@needs("keys")
def change_data_key(office: Office, suite_name: str = "") -> None:
    """Change the data key, and with a name the algorithms too, at the next sign-in.

    Raises:
        UnknownSuite: No such algorithms; see `store/suites.py`.
    """
    if suite_name and suite_name not in SUITES:
        raise UnknownSuite
    members.dismiss(office.store, "", office.now(), suite_name=suite_name)


@needs("unlock_login")
def unlock_login(office: Office, login: str) -> None:
    """Let somebody try again after too many wrong passwords.

    Raises:
        NotAllowed: The role does not unlock.
    """
    members.unlock_login(office.store, login, office.now())


def _not_above(office: Office, login: str) -> None:
    if office.store.read(operators.get_active, login).role == "administrator":
        rights.demand(office.store.operator, "enrol")
