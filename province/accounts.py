"""Who may speak to the province: offices, devices, reviewers.

Every secret that the province checks (codes, tokens, sessions) is kept as a SHA-256, reviewers'
passwords as argon2id.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from threading import BoundedSemaphore

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from province.database import Database
from province.errors import (
    Busy,
    DeviceRevoked,
    EnrolmentRefused,
    Malformed,
    MoveRefused,
    SignInRefused,
    TokenNeeded,
    Unknown,
)
from province.models import (
    Challenge,
    DeskSession,
    Device,
    EnrolCode,
    Office,
    Reviewer,
    Token,
)

CHALLENGE_MS = 2 * 60_000
TOKEN_MS = 15 * 60_000
DESK_MS = 8 * 3_600_000
FREE_TRIES = 5
STRETCH_WAIT_S = 5.0
_STRETCHING = BoundedSemaphore(2)  # 64 MiB and a core each
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks alike


@dataclass(frozen=True)
class Caller:
    """The device behind a request and the office it acts for; `moving` to another one.

    `lease_epoch` counts the blocks leased to it.
    """

    device_id: str
    office_id: str
    moving: bool = False
    lease_epoch: int = 0


@dataclass(frozen=True)
class OfficeView:
    """An office; `division` is its code of 6 to 12 digits."""

    id: str
    name: str
    division: str


@dataclass(frozen=True)
class DeviceView:
    """A device, its office, and the office that it is to move to once it has sent everything."""

    device: str
    office: OfficeView
    moving_to: OfficeView | None
    lease_epoch: int


@dataclass(frozen=True)
class Person:
    """The reviewer behind a request of the desk."""

    login: str
    name: str
    department: str
    csrf: str


def digest(secret: str) -> str:
    """How a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def add_office(session: Session, office_id: str, name: str, division: str) -> None:
    """Add an office, or rename it."""
    session.merge(Office(id=office_id, name=name, division=division))


def new_enrol_code(session: Session, office_id: str, *, now_ms: int, days: int = 14) -> str:
    """Make a one-time code for a device of the office; the code in groups of four."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(12))
    session.add(
        EnrolCode(
            code_hash=digest(code), office_id=office_id, expires_ms=now_ms + days * 86_400_000
        )
    )
    return "-".join(code[i : i + 4] for i in range(0, 12, 4))


def enrol(
    session: Session,
    *,
    code: str,
    device_id: str,
    public_key: bytes,
    name: str,
    proof: bytes,
    now_ms: int,
) -> tuple[OfficeView, bool]:
    """Bind a device key to the office of the code. The office, and whether it is new.

    Raises:
        EnrolmentRefused: The code is unknown, used by another device or over; the key differs.
        Malformed: The proof does not hold.
    """
    _check(public_key, proof, f"lastmile/1 enrol\n{code}\n{device_id}".encode())
    row = session.get(EnrolCode, digest(code), with_for_update=True)
    known = session.get(Device, device_id)
    if row is None or row.device_id not in (None, device_id):
        raise EnrolmentRefused
    office = get_office(session, row.office_id)
    if known is not None:
        if known.public_key != public_key or row.device_id != device_id:
            raise EnrolmentRefused
        return office, False
    if row.expires_ms < now_ms:
        raise EnrolmentRefused
    row.device_id = device_id
    session.add(
        Device(
            id=device_id,
            office_id=row.office_id,
            public_key=public_key,
            name=name,
            enrolled_ms=now_ms,
            lease_epoch=0,
        )
    )
    return office, True


def new_challenge(session: Session, device_id: str, now_ms: int) -> str:
    """A challenge for `device_id`, known or not; sweeps out the old ones."""
    session.execute(delete(Challenge).where(Challenge.expires_ms < now_ms))
    session.execute(delete(Token).where(Token.expires_ms < now_ms))
    challenge = secrets.token_urlsafe(32)
    session.add(Challenge(id=challenge, device_id=device_id, expires_ms=now_ms + CHALLENGE_MS))
    return challenge


def new_token(
    session: Session, *, device_id: str, challenge: str, signature: bytes, now_ms: int
) -> str:
    """Exchange a signed challenge for a bearer token.

    Raises:
        TokenNeeded: The challenge is not this device's, is over or used, or is signed wrongly.
        DeviceRevoked: The device was shut out.
    """
    row = session.get(Challenge, challenge, with_for_update=True)
    device = session.get(Device, device_id)
    if row is None or device is None or row.device_id != device_id or row.expires_ms < now_ms:
        raise TokenNeeded
    try:
        _check(device.public_key, signature, f"lastmile/1 token\n{challenge}".encode())
    except Malformed:
        raise TokenNeeded from None
    if device.revoked_ms is not None:
        raise DeviceRevoked
    session.delete(row)
    token = secrets.token_urlsafe(32)
    session.add(Token(token_hash=digest(token), device_id=device_id, expires_ms=now_ms + TOKEN_MS))
    return token


def caller(session: Session, token: str, now_ms: int) -> Caller:
    """Who holds `token`.

    Raises:
        TokenNeeded: Unknown or over.
        DeviceRevoked: The device was shut out.
    """
    row = session.execute(
        select(Token, Device)
        .join(Device, Device.id == Token.device_id)
        .where(Token.token_hash == digest(token))
    ).one_or_none()
    if row is None or row[0].expires_ms < now_ms:
        raise TokenNeeded
    if row[1].revoked_ms is not None:
        raise DeviceRevoked
    moving, epoch = row[1].moving_to is not None, row[1].lease_epoch
    return Caller(row[1].id, row[1].office_id, moving, epoch)


def signer(device: Device, signed: bytes, signature: bytes) -> Caller:
    """The device, once `signature` proves that it signed `signed`.

    Raises:
        Malformed: It did not.
        DeviceRevoked: The device was shut out.
    """
    _check(device.public_key, signature, signed)
    if device.revoked_ms is not None:
        raise DeviceRevoked
    return Caller(device.id, device.office_id)


def revoke(session: Session, device_id: str, now_ms: int) -> None:
    """Shut a device out, at once: its tokens end with the next request.

    Raises:
        Unknown: No such device.
    """
    device = session.get(Device, device_id)
    if device is None:
        raise Unknown
    device.revoked_ms = now_ms


def send_to(session: Session, device_id: str, office_id: str) -> None:
    """Tell a device to move to another office; it does so once its outbox is empty.

    Raises:
        Unknown: No such device or office.
    """
    device = session.get(Device, device_id)
    if device is None or session.get(Office, office_id) is None:
        raise Unknown
    device.moving_to = None if device.office_id == office_id else office_id


def move(session: Session, device_id: str, office_id: str) -> None:
    """The device itself says that it has drained its outbox and moves; again changes nothing.

    Raises:
        MoveRefused: Nobody told it to move to this office.
    """
    device = session.get_one(Device, device_id, with_for_update=True)
    if device.office_id == office_id:
        return
    if device.moving_to != office_id:
        raise MoveRefused
    device.office_id, device.moving_to = office_id, None


def about(session: Session, device_id: str) -> DeviceView:
    """The device, its office and where it is to move."""
    device = session.get_one(Device, device_id)
    to = get_office(session, device.moving_to) if device.moving_to else None
    return DeviceView(device.id, get_office(session, device.office_id), to, device.lease_epoch)


def devices(session: Session, office_id: str = "") -> tuple[Device, ...]:
    """Devices of an office, or all, by the time of their enrolment."""
    query = select(Device).order_by(Device.enrolled_ms, Device.id)
    if office_id:
        query = query.where(Device.office_id == office_id)
    return tuple(session.scalars(query))


def add_reviewer(session: Session, login: str, name: str, department: str, password: str) -> None:
    """Add a reviewer, or give an existing one a new password."""
    salt = secrets.token_bytes(16)
    session.merge(
        Reviewer(
            login=login,
            name=name,
            department=department,
            salt=salt,
            password_hash=_stretch(password, salt),
            failures=0,
            blocked_until_ms=0,
        )
    )


def check_password(database: Database, login: str, password: str, now_ms: int) -> bool:
    """Whether the password is right; wrong ones from the fifth on close the login for longer.

    The stretching holds neither a lock nor a connection, and at most two run at once.

    Raises:
        Busy: Too many others are signing in.
    """
    row = database.read(_reviewer, login)
    salt, known = (row.salt, row.password_hash) if row else (b"\0" * 16, b"\0" * 32)
    if not _STRETCHING.acquire(timeout=STRETCH_WAIT_S):
        raise Busy
    try:
        right = hmac.compare_digest(_stretch(password, salt), known)
    finally:
        _STRETCHING.release()
    return row is not None and database.write(_judge, login, known, now_ms, right=right)


def _reviewer(session: Session, login: str) -> Reviewer | None:
    return session.get(Reviewer, login)


def _judge(session: Session, login: str, known: bytes, now_ms: int, *, right: bool) -> bool:
    row = session.get(Reviewer, login, with_for_update=True)
    if row is None or row.password_hash != known or row.blocked_until_ms > now_ms:
        return False
    if right:
        row.failures = 0
        return True
    row.failures += 1
    if row.failures >= FREE_TRIES:
        row.blocked_until_ms = now_ms + min(2 ** (row.failures - FREE_TRIES), 60) * 15_000
    return False


def open_desk(session: Session, login: str, now_ms: int) -> str:
    """Start a browser session; its secret goes into a cookie."""
    session.execute(delete(DeskSession).where(DeskSession.expires_ms < now_ms))
    secret = secrets.token_urlsafe(32)
    session.add(
        DeskSession(
            id_hash=digest(secret),
            login=login,
            csrf=secrets.token_urlsafe(24),
            expires_ms=now_ms + DESK_MS,
        )
    )
    return secret


def close_desk(session: Session, secret: str) -> None:
    """End a browser session."""
    session.execute(delete(DeskSession).where(DeskSession.id_hash == digest(secret)))


def person(session: Session, secret: str, now_ms: int) -> Person:
    """Who is signed in.

    Raises:
        SignInRefused: Nobody, or no longer.
    """
    row = session.execute(
        select(DeskSession, Reviewer)
        .join(Reviewer, Reviewer.login == DeskSession.login)
        .where(DeskSession.id_hash == digest(secret), DeskSession.expires_ms > now_ms)
    ).one_or_none()
    if row is None:
        raise SignInRefused
    return Person(row[1].login, row[1].name, row[1].department, row[0].csrf)


def get_office(session: Session, office_id: str) -> OfficeView:
    """An office by its id.

    Raises:
        Unknown: No such office.
    """
    office = session.get(Office, office_id)
    if office is None:
        raise Unknown
    return OfficeView(office.id, office.name, office.division)


def _check(public_key: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Malformed from None


def _stretch(password: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536)
    return kdf.derive(password.encode())
