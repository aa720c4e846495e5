"""Making the office of this computer: its first administrator and the first who serves."""

from __future__ import annotations

from pathlib import Path

from casework import people
from casework.office import Office, Resources, local_now, new_id
from store.errors import LoginTaken
from store.open import create_store, unlock
from store.secrets import SecretBox


def set_up(
    profile: Path,
    resources: Resources,
    secret: SecretBox,
    admin: people.NewOperator,
    first: people.NewOperator,
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
        BadLogin, store.errors.WeakPassword: See `people.check`; nothing was made.
        store.errors.LoginTaken: Both logins are the same; nothing was made.
        store.errors.StoreExists, store.errors.ProfileReadOnly, store.errors.DiskFull: As named.
    """
    people.check(admin)
    people.check(first)
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
        people.add_operator(office, first, must_change=must_change)
    except BaseException:
        store.close()
        raise
    return office, code
