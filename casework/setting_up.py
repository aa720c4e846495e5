"""Making the office of this computer: its first administrator and the first who serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from casework import people
from casework.errors import BadLogin
from casework.office import Office, Resources, local_now, new_id
from store import keys
from store.errors import LoginTaken
from store.open import create_store, unlock
from store.secrets import SecretBox

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


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


def set_up(
    profile: Path,
    resources: Resources,
    secret: SecretBox,
    admin: NewOperator,
    first: NewOperator,
    *,
    must_change: bool = True,
) -> tuple[Office, str]:
    """Make the office; it stays open for the administrator. Takes seconds: call it on a worker.

    Args:
        profile: An empty or new folder.
        resources: What ships beside the code.
        secret: Where this computer keeps its half of the keys.
        admin: Manages operators and the link; sees no cases.
        first: Serves citizens; everybody else can be added later.
        must_change: Whether `first` must choose another password at the first sign-in.

    Returns:
        The open office and the office code, which is shown once and kept in the safe.

    Raises:
        BadLogin, store.errors.WeakPassword: See `check`; nothing was made.
        store.errors.LoginTaken: Both logins are the same; nothing was made.
        store.errors.StoreExists, store.errors.ProfileReadOnly, store.errors.DiskFull: As named.
    """
    check(admin)
    check(first)
    if admin.login == first.login:
        raise LoginTaken
    code = create_store(
        profile,
        login=admin.login,
        name=admin.name,
        password=admin.password,
        role="administrator",
        secret=secret,
        operator_id=new_id(),
        now=local_now(),
    )
    store = unlock(profile, admin.login, admin.password, secret=secret, now=local_now())
    office = Office(store, resources)
    try:
        people.add_operator(
            office,
            login=first.login,
            name=first.name,
            role=first.role,
            password=first.password,
            must_change=must_change,
        )
    except BaseException:
        store.close()
        raise
    return office, code
