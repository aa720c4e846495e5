"""The device secret: 32 bytes that a copied profile lacks.

Kept by the system's key store where there is a real one; else in a file that only this user
reads, outside the profile, which `lastmile-admin doctor` reports as weak.
"""

from __future__ import annotations

import concurrent.futures
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import keyring
import keyring.errors

from store.errors import KeyStoreLocked
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
        """The secret, or None where there is none.

        Raises:
            KeyStoreLocked: It lies in the system's key store, which cannot be used now.
        """
        path = self._folder / f"{store_id}.secret"
        if path.is_file():
            return path.read_bytes()
        if (self._folder / f"{store_id}.system").is_file():
            raise KeyStoreLocked
        return None

    def put(self, store_id: str, secret: bytes) -> None:
        """Write the file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._folder / f"{store_id}.secret", secret, private=True)

    def moved_up(self, store_id: str) -> None:
        """Note that the system's key store has it, and forget the file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._folder / f"{store_id}.system", b"", private=True)
        (self._folder / f"{store_id}.secret").unlink(missing_ok=True)


class KeyringBox:
    """Secrets in the system's key store; calls wait at most 20 s for a prompt.

    A secret that was put into a file while there was no key store moves up when it is next asked
    for.
    """

    strong = True

    def __init__(self, backend: Any, files: FileBox) -> None:
        self._backend = backend
        self._files = files

    def get(self, store_id: str) -> bytes | None:
        """The secret, or None where there is none.

        Raises:
            KeyStoreLocked: The key store stays locked or does not answer.
        """
        try:
            found = _patiently(lambda: self._backend.get_password(SERVICE, store_id))
        except keyring.errors.KeyringError:
            raise KeyStoreLocked from None
        if isinstance(found, str):
            return bytes.fromhex(found)
        try:
            kept = self._files.get(store_id)
        except KeyStoreLocked:
            return None  # it was here once, and somebody took it out
        if kept is not None:
            self.put(store_id, kept)
        return kept

    def put(self, store_id: str, secret: bytes) -> None:
        """Keep it.

        Raises:
            KeyStoreLocked: The key store stays locked or does not answer.
        """
        try:
            _patiently(lambda: self._backend.set_password(SERVICE, store_id, secret.hex()))
        except keyring.errors.KeyringError:
            raise KeyStoreLocked from None
        self._files.moved_up(store_id)


def profile_box(profile: Path) -> SecretBox:
    """Where the secret of the store in `profile` lives; the fall-back is the folder beside it."""
    return system_box(profile.with_name(profile.name + "-device"))


def system_box(fallback: Path) -> SecretBox:
    """The system's key store if it really keeps secrets, else files in `fallback`.

    Key stores are taken from a list of real ones. Whatever else is installed or named by
    PYTHON_KEYRING_BACKEND is passed over, such as one that writes secrets into a plain file.
    """
    files = FileBox(fallback)
    backend = real_backend(keyring.get_keyring())
    if backend is None:
        return files
    probe = secrets.token_hex(32)
    try:
        _patiently(lambda: backend.set_password(SERVICE, "probe", probe))
        works = _patiently(lambda: backend.get_password(SERVICE, "probe")) == probe
    except keyring.errors.KeyringError:
        works = False
    return KeyringBox(backend, files) if works else files


def real_backend(chosen: Any) -> Any | None:
    """The first real key store among what `keyring` offers, or None."""
    for each in getattr(chosen, "backends", None) or [chosen]:
        if type(each).__module__.startswith(_REAL):
            return each
    return None


def _patiently(call: Callable[[], object]) -> object:
    pool = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="keyring")
    try:
        return pool.submit(call).result(timeout=_PROMPT_S)
    except TimeoutError:
        raise keyring.errors.KeyringError("timeout") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
