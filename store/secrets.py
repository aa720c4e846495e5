"""The device secret: 32 bytes that a copied profile lacks.

Kept by the system's key store where there is a real one; else in a file that only this user
reads, outside the profile, which `lastmile-admin doctor` reports as weak.
"""

from __future__ import annotations

import concurrent.futures
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import keyring
import keyring.errors

from store.files import write_whole

SERVICE = "lastmile"
_PROMPT_S = 20.0  # the system may ask the person for its own password
_REAL = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
)


class SecretBox(Protocol):
    """Where device secrets live."""

    @property
    def strong(self) -> bool:
        """Whether the system guards it."""
        ...

    def get(self, store_id: str) -> bytes | None:
        """The secret of a store, or None."""
        ...

    def put(self, store_id: str, secret: bytes) -> None:
        """Keep a secret."""
        ...


class FileBox:
    """Secrets as files in `folder`, readable by this user only."""

    strong = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, store_id: str) -> bytes | None:
        """The secret, or None where the file is not there."""
        path = self._folder / f"{store_id}.secret"
        return path.read_bytes() if path.is_file() else None

    def put(self, store_id: str, secret: bytes) -> None:
        """Write the file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._folder / f"{store_id}.secret", secret, private=True)


class KeyringBox:
    """Secrets in the system's key store; calls wait at most 20 s for a prompt."""

    strong = True

    def get(self, store_id: str) -> bytes | None:
        """The secret, or None where the key store has none or stays locked."""
        found = _patiently(lambda: keyring.get_password(SERVICE, store_id))
        return bytes.fromhex(found) if isinstance(found, str) else None

    def put(self, store_id: str, secret: bytes) -> None:
        """Keep it; checked by `system_box` beforehand."""
        _patiently(lambda: keyring.set_password(SERVICE, store_id, secret.hex()))


def profile_box(profile: Path) -> SecretBox:
    """Where the secret of the store in `profile` lives; the fall-back is the folder beside it."""
    return system_box(profile.with_name(profile.name + "-device"))


def system_box(fallback: Path) -> SecretBox:
    """The system's key store if it really keeps secrets, else files in `fallback`."""
    if not type(keyring.get_keyring()).__module__.startswith(_REAL):
        return FileBox(fallback)
    probe, box = secrets.token_bytes(32), KeyringBox()
    try:
        box.put("probe", probe)
        works = box.get("probe") == probe
    except keyring.errors.KeyringError:
        works = False
    return box if works else FileBox(fallback)


def _patiently(call: Callable[[], object]) -> object:
    pool = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="keyring")
    try:
        return pool.submit(call).result(timeout=_PROMPT_S)
    except TimeoutError:
        raise keyring.errors.KeyringError("timeout") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
