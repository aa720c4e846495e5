"""Adding, changing and removing operators: the key slot and the row, kept in step.

The slot is written first: a slot without a row opens nothing and is replaced at the next try; a
row without a slot could not be mended from the window.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from store import audit, keys, operators, tries
from store.door import device_secret
from store.errors import LoginTaken
from store.keys import Cost, KeyFile
from store.open import OpenStore


def add(
    store: OpenStore,
    *,
    operator_id: UUID,
    login: str,
    name: str,
    role: str,
    password: str,
    must_change: bool,
    now: datetime,
    cost: Cost | None = None,
) -> None:
    """Give somebody a login.

    Raises:
        LoginTaken: The login is or was somebody's.
        WeakPassword: Too short, or one that everybody tries.
    """
    file = keys.load(store.folder)
    if any(o.login == login for o in store.read(operators.list_active)):
        raise LoginTaken
    file = keys.add(
        keys.remove(file, login),
        store.data_key,
        slot_id=operator_id.hex,
        login=login,
        name=name,
        password=password,
        device_secret=_device(store, file),
        cost=cost or _cost(file),
        must_change=must_change,
    )
    keys.save(store.folder, file, store.data_key)
    store.writer.submit(operators.add, operator_id, login, name, role, now).result()
    store.writer.submit(
        audit.record, store.operator.login, "operator_added", login, {"role": role}, now=now
    ).result()


def change_password(
    store: OpenStore, login: str, password: str, *, must_change: bool, now: datetime
) -> None:
    """Give an operator another password.

    Raises:
        WrongPassword: No such operator.
        WeakPassword: Too short, or one that everybody tries.
    """
    file = keys.load(store.folder)
    file = keys.change(
        file,
        store.data_key,
        login,
        password,
        device_secret=_device(store, file),
        cost=_cost(file),
        must_change=must_change,
    )
    keys.save(store.folder, file, store.data_key)
    _note(store, "password_changed", login, now)


def remove(store: OpenStore, login: str, now: datetime) -> None:
    """Take somebody's login away.

    Raises:
        WrongPassword: No such operator.
        LastAdministrator: Nobody could manage operators any more.
    """
    store.writer.submit(operators.remove, login, now).result()
    file = keys.load(store.folder)
    keys.save(store.folder, keys.remove(file, login), store.data_key)
    _note(store, "operator_removed", login, now)


def dismiss(store: OpenStore, login: str, now: datetime, *, suite_name: str = "") -> None:
    """Take somebody's login away for cause: the data key is changed at the next sign-in.

    The person may have kept a copy and knows the key of now. An empty `login` dismisses nobody
    and only changes key and algorithms.

    Raises:
        WrongPassword: No such operator.
        LastAdministrator: Nobody could manage operators any more.
    """
    if login:
        remove(store, login, now)
    file = keys.load(store.folder)
    changed = keys.begin_rekey(file, store.data_key, secrets.token_bytes(32), suite_name)
    keys.save(store.folder, changed, store.data_key)
    _note(store, "rekey_begun", login, now)


def set_recovery(store: OpenStore, kid: str, public: bytes, now: datetime) -> None:
    """Let the province open this store's keys if a password is lost; a known key changes nothing.

    Raises:
        ValueError: Not a public key.
    """
    file = keys.load(store.folder)
    known = keys.recovery_slot(file)
    if (known is not None and known.id == kid) or file.following:
        return
    keys.save(store.folder, keys.set_recovery(file, store.data_key, kid, public), store.data_key)
    _note(store, "recovery_set", kid, now)


def unlock_login(store: OpenStore, login: str, now: datetime) -> None:
    """Forget somebody's wrong tries.

    Raises:
        WrongPassword: No such operator.
    """
    store.read(operators.get_active, login)
    tries.take(store.folder, login)
    _note(store, "login_unlocked", login, now)


def _cost(file: KeyFile) -> Cost:
    slot = file.slots[0] if file.slots else None
    return Cost(slot.memory_kib, slot.passes) if slot else keys.calibrate()


def _device(store: OpenStore, file: KeyFile) -> bytes:
    return device_secret(file, store.secret)


def _note(store: OpenStore, action: str, login: str, now: datetime) -> None:
    store.writer.submit(audit.record, store.operator.login, action, login, now=now).result()
