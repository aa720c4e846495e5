"""The provider for a province that speaks docs/protocol.md."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.errors import (
    BundleDamaged,
    Busy,
    Conflict,
    CursorExpired,
    DeviceRefused,
    EnrolmentRefused,
    FileMissing,
    NotOurs,
    Offline,
    RecordRefused,
    ServerFault,
    SyncError,
    TooLarge,
    Unexpected,
)
from sync.http import Answer, Link
from sync.provider import ReadFile
from sync.record import HeldRecord, Witnessed, read_held, read_witnessed
from sync.relay import RelayKey, read_relay_key
from sync.upload import Announce, Ask, Reply, Send, Upload, learn, next_step
from sync.wire import (
    EventPage,
    FileRef,
    NumberBlock,
    Parcel,
    check_receipt,
    read_block,
    read_events,
    to_b64,
    write_parcel,
)

BREAKS = 8  # broken connections that one file may see in one round without any progress
UNDERSTOOD = (200, 201, 202, 204)
UPLOAD_STATUSES = (*UNDERSTOOD, 404, 410, 409, 460)


@dataclass(frozen=True)
class Identity:
    """Who this device is to the province; made by `sync.enrol`.

    Attributes:
        private_key: 32 bytes Ed25519.
        keys: The province's pinned public keys by kid in hex.
    """

    url: str
    device: UUID
    private_key: bytes
    keys: Mapping[str, bytes]


class ProvinceProvider:
    """See `sync.provider.Provider`."""

    def __init__(self, identity: Identity, link: Link) -> None:
        self._identity = identity
        self._link = link
        self._token = ""
        self._skew_s = 0.0

    @property
    def skew_s(self) -> float:
        """The province's clock minus ours at the last answer, in seconds."""
        return self._skew_s

    def submit(self, parcel: Parcel, read_file: ReadFile) -> bytes:
        """Send a submission with all its files; the verified receipt."""
        path = f"/cases/{parcel.case}/submissions/{parcel.submission}"
        body = write_parcel(parcel)
        answer = self._ask("PUT", path, body=body)
        if answer.status == 202:
            missing = set(answer.json().get("missing", ()))
            for file in parcel.files:
                if file.sha256.hex() in missing:
                    self._upload(file, read_file)
                    missing.discard(file.sha256.hex())
            answer = self._ask("PUT", path, body=body)
        if answer.status not in (200, 201):
            raise Unexpected(status=answer.status)
        return check_receipt(answer.json(), parcel, self._identity.keys)

    def events(self, cursor: str) -> EventPage:
        """What happened since the cursor."""
        return read_events(self._ask("GET", f"/events?limit=200&after={quote(cursor)}").json())

    def lease(self, block: UUID, kind: str, size: int) -> NumberBlock:
        """Lease numbers."""
        body = {"id": str(block), "kind": kind, "size": size}
        return read_block(self._ask("POST", "/number-blocks", body=body).json())

    def relay_key(self) -> RelayKey | None:
        """The key that relay bundles are sealed to now; None where none is proven."""
        answer = self._ask("GET", "/meta")
        return read_relay_key(answer.json().get("relay"), self._identity.keys)

    def witness(self, checkpoint: bytes, signature: bytes) -> Witnessed:
        """Hand over a checkpoint of the record; the verified receipt, or where to begin."""
        body = {"checkpoint": to_b64(checkpoint), "signature": to_b64(signature)}
        answer = self._ask("POST", "/audit/checkpoints", body=body, allowed=(200, 201, 409))
        return read_witnessed(answer, checkpoint, self._identity.keys)

    def held_record(self, after: int) -> HeldRecord:
        """What the province holds of this device's record after a row."""
        return read_held(self._ask("GET", f"/audit/links?after={after}"))

    def carry(self, bundle: bytes) -> bytes:
        """Hand over another device's relay bundle; the sealed answer for it.

        Raises:
            BundleDamaged: The province cannot believe it.
            SyncError: Why it did not succeed.
        """
        digest = sha256(bundle)
        file = FileRef("bundle", "application/octet-stream", len(bundle), digest.digest())
        self._upload(file, lambda _file: bundle)
        return self._ask("POST", "/relay", body={"sha256": digest.hexdigest()}).body

    def close(self) -> None:
        """Close connections."""
        self._link.close()

    def _upload(self, file: FileRef, read_file: ReadFile) -> None:
        content = read_file(file)
        if len(content) != file.size or sha256(content).digest() != file.sha256:
            raise FileMissing(name=file.name)
        upload, broken = Upload(file.size), 0
        while (step := next_step(upload)) is not None:
            started = time.monotonic()
            held = upload.offset
            try:
                answer = self._step(file, content, step)
                reply = Reply(answer.status, answer.number("Upload-Offset"))
            except Offline:
                reply = None
            upload = learn(upload, reply, seconds=time.monotonic() - started)
            gained = isinstance(step, Send) and upload.offset is not None and upload.offset != held
            broken = 0 if gained else broken + 1
            if broken > BREAKS:
                raise Offline

    def _step(self, file: FileRef, content: bytes, step: Announce | Ask | Send) -> Answer:
        path, tus = f"/uploads/{file.sha256.hex()}", {"Tus-Resumable": "1.0.0"}
        match step:
            case Announce():
                tus["Upload-Length"] = str(file.size)
                return self._ask("PUT", path, headers=tus, allowed=UNDERSTOOD)
            case Ask():
                return self._ask("HEAD", path, headers=tus, allowed=UPLOAD_STATUSES)
            case Send(start, end):
                chunk = content[start:end]
                tus["Upload-Offset"] = str(start)
                tus["Upload-Checksum"] = "sha256 " + to_b64(sha256(chunk).digest())
                tus["Content-Type"] = "application/offset+octet-stream"
                return self._ask("PATCH", path, data=chunk, headers=tus, allowed=UPLOAD_STATUSES)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = UNDERSTOOD,
    ) -> Answer:
        for _ in range(2):
            if not self._token:
                self._token = self._sign_in()
            answer = self._link.send(
                method, path, token=self._token, body=body, data=data, headers=headers
            )
            self._skew_s = answer.skew_s
            if answer.status != 401:
                break
            self._token = ""  # over: take a new one, once
        if answer.status in allowed:
            return answer
        raise to_error(answer)

    def _sign_in(self) -> str:
        device = str(self._identity.device)
        asked = self._link.send("POST", "/challenges", body={"device": device})
        challenge = str(asked.json().get("challenge", ""))
        if asked.status != 201:
            raise to_error(asked)
        key = Ed25519PrivateKey.from_private_bytes(self._identity.private_key)
        signature = key.sign(f"lastmile/1 token\n{challenge}".encode())
        body = {"device": device, "challenge": challenge, "signature": to_b64(signature)}
        got = self._link.send("POST", "/tokens", body=body)
        if got.status == 401:
            raise DeviceRefused
        if got.status != 201:
            raise to_error(got)
        return str(got.json().get("token", ""))


def to_error(answer: Answer) -> SyncError:
    """The error that an answer stands for (docs/protocol.md section 10)."""
    problem = answer.json()
    name = str(problem.get("type", "")).rpartition(":")[2]
    match answer.status:
        case 401:
            return DeviceRefused()
        case 403:
            kinds: dict[str, SyncError] = {
                "device-revoked": DeviceRefused(),
                "enrolment-refused": EnrolmentRefused(),
            }
            return kinds.get(name, NotOurs())
        case 409:
            return Conflict()
        case 410:
            return CursorExpired()
        case 413:
            return TooLarge()
        case 422 if name == "relay-refused":
            return BundleDamaged()
        case 400 | 422:
            return RecordRefused(reason=_reason(problem))
        case 429 | 503:
            return Busy(wait_s=answer.number("Retry-After") or 30)
        case status if status >= 500:
            return ServerFault(status=status)
        case status:
            return Unexpected(status=status)


def read_keys(entries: object) -> dict[str, bytes]:
    """Public keys by kid as the province lists them.

    Raises:
        Unexpected: Not such a list, or a kid that is not its key's.
    """
    try:
        keys = {
            str(e["kid"]): base64.b64decode(e["public_key"], validate=True)
            for e in entries  # type: ignore[attr-defined]
        }
    except (KeyError, TypeError, ValueError):
        raise Unexpected(status=200) from None
    if not keys or any(sha256(key).digest()[:8].hex() != kid for kid, key in keys.items()):
        raise Unexpected(status=200)
    return keys


def _reason(problem: Mapping[str, object]) -> str:
    errors = problem.get("errors")
    entries = errors if isinstance(errors, list) else []
    parts = [
        str(e.get("message") or e.get("pointer") or "") for e in entries if isinstance(e, dict)
    ]
    return "；".join(part for part in parts if part) or str(problem.get("title", ""))
