"""The one door to the data key: passwords and codes are tried here, and wrong ones counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from store import keys, tries
from store.errors import DeviceSecretMissing, WrongPassword
from store.keys import Doors, KeyFile
from store.secrets import SecretBox

CODE = ""  # the login under which wrong office codes are counted


def try_password(
    folder: Path,
    key_file: KeyFile,
    login: str,
    password: str,
    secret: SecretBox,
    now: datetime,
) -> Doors:
    """The data key, for whoever may have it.

    Raises:
        WrongPassword, TryLater, LockedOut: The door stays shut.
        DeviceSecretMissing: The profile was copied from another computer.
        KeyStoreLocked: The system's key store does not give its half.
        KeysDamaged: The key file was altered.
    """
    tries.check(folder, login, now)
    device = device_secret(key_file, secret)
    try:
        return keys.open_doors(key_file, login, password, device)
    except WrongPassword:
        tries.note_wrong(folder, login, now)
        raise


def try_code(folder: Path, key_file: KeyFile, code: str, now: datetime) -> Doors:
    """The data key by the office code.

    Raises:
        WrongPassword, TryLater, LockedOut: The door stays shut.
    """
    tries.check(folder, CODE, now)
    try:
        doors = keys.open_code(key_file, code)
    except WrongPassword:
        tries.note_wrong(folder, CODE, now)
        raise
    tries.take(folder, CODE)
    return doors


def device_secret(key_file: KeyFile, secret: SecretBox) -> bytes:
    """This computer's half of the keys, 32 bytes.

    Raises:
        DeviceSecretMissing: It holds none for this store.
        KeyStoreLocked: The system's key store does not give it.
    """
    found = secret.get(key_file.store_id)
    if found is None:
        raise DeviceSecretMissing
    return found
