"""Getting in again after a lost password: by the office code, or with the province's help.

With the province two people act together: IT carries a request to the province and the answer
back, the supervisor hears a code from the province. The answer is sealed to a key made for this
request and to that code, so that neither of the two opens anything alone. Formats stand in
docs/protocol.md section 15.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from store import audit, hybrid, keys
from store.door import try_code
from store.errors import AnswerRefused, NoRecovery, WrongPassword
from store.files import ProfileLock, write_whole
from store.keys import Cost, Doors, KeyFile
from store.open import bring_along, unlock
from store.secrets import SecretBox
from store.suites import STANDARD

REPLY_KEY = "recovery.key"
ANSWER = b"lastmile/1 recovery answer "
_MOST_BYTES = 65_536


@dataclass(frozen=True, repr=False)
class NewPassword:
    """Who gets which password. Has no repr: it holds a password."""

    login: str
    password: str


def ask(folder: Path, login: str, now: datetime) -> bytes:
    """A request for the province; needs no password. The key for the answer stays here.

    Raises:
        NoStore: No profile here.
        NoRecovery: No province can open this store.
        WrongPassword: No such operator.
    """
    file = keys.load(folder)
    slot = keys.recovery_slot(file)
    if slot is None:
        raise NoRecovery
    if keys.find(file, login) is None:
        raise WrongPassword
    private = hybrid.new_private()
    request = {
        "v": 1,
        "store": file.store_id,
        "kid": slot.id,
        "login": login,
        "sealed": slot.wrapped,
        "reply_to": _b64(hybrid.public_of(private)),
        "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    body = json.dumps(request, sort_keys=True, ensure_ascii=False).encode()
    write_whole(folder / REPLY_KEY, private + sha256(body).digest(), private=True)
    return body


def take(
    folder: Path,
    answer: bytes,
    code: str,
    new: NewPassword,
    *,
    secret: SecretBox,
    now: datetime,
    cost: Cost | None = None,
) -> None:
    """Give the operator of the request a new password by the province's answer and the code.

    Raises:
        AnswerRefused: Not for this request, altered, or the code is wrong.
        WeakPassword: Too short, or one that everybody tries.
        StoreError: The store cannot be opened.
    """
    keys.check_password(new.password, new.login)
    kept = folder / REPLY_KEY
    if not kept.is_file():
        raise AnswerRefused
    private, request = kept.read_bytes()[: hybrid.PRIVATE_BYTES], kept.read_bytes()[-32:]
    facts = _read(answer)
    try:
        outer = hybrid.unseal(private, base64.b64decode(facts["sealed"]), ANSWER + request)
        key = STANDARD.derive(_plain(code).encode(), b"lastmile/1 recovery code")
        inner = json.loads(STANDARD.open(key, outer[:12], outer[12:], request))
        dek = bytes.fromhex(inner["dek"])
        if inner["login"] != new.login:
            raise AnswerRefused
    except (hybrid.CannotOpen, InvalidTag, KeyError, ValueError, TypeError):
        raise AnswerRefused from None
    file = keys.load(folder)
    keys.check_mac(file, dek)
    if file.following:  # the province's slot of the next key is not in this request
        raise AnswerRefused
    detail = {name: str(inner.get(name, "")) for name in ("it", "supervisor", "reason")}
    _give(folder, file, Doors(dek), new, secret, now, cost, ("password_recovered", detail))
    kept.unlink(missing_ok=True)


def by_code(
    folder: Path,
    code: str,
    new: NewPassword,
    *,
    secret: SecretBox,
    now: datetime,
    cost: Cost | None = None,
) -> None:
    """Give an operator a new password by the office code; binds the profile to this computer.

    Raises:
        WrongPassword: Not the code, or no such operator.
        TryLater, LockedOut: Too many wrong codes.
        WeakPassword: Too short, or one that everybody tries.
    """
    keys.check_password(new.password, new.login)
    file = keys.load(folder)
    doors = try_code(folder, file, code, now)
    _give(folder, file, doors, new, secret, now, cost, ("office_code_used", {}))


def _give(
    folder: Path,
    file: KeyFile,
    doors: Doors,
    new: NewPassword,
    secret: SecretBox,
    now: datetime,
    cost: Cost | None,
    noted: tuple[str, Mapping[str, str]],
) -> None:
    if keys.find(file, new.login) is None:
        raise WrongPassword
    device = secret.get(file.store_id)
    if device is None:  # another computer, or a lost key store
        device = secrets.token_bytes(32)
        secret.put(file.store_id, device)
    lock = ProfileLock(folder)
    try:
        file, dek = bring_along(folder, file, doors, now)
        file = keys.change(
            file,
            dek,
            new.login,
            new.password,
            device_secret=device,
            cost=cost or keys.calibrate(strong=secret.strong),
        )
        keys.save(folder, file, dek)
    finally:
        lock.release()
    opened = unlock(folder, new.login, new.password, secret=secret, now=now)
    try:
        action, detail = noted
        opened.writer.submit(audit.record, "", action, new.login, detail, now=now).result()
    finally:
        opened.close()


def _read(answer: bytes) -> dict[str, Any]:
    if len(answer) > _MOST_BYTES:
        raise AnswerRefused
    try:
        facts = json.loads(answer)
    except (ValueError, RecursionError):
        raise AnswerRefused from None
    if not isinstance(facts, dict):
        raise AnswerRefused
    return facts


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
