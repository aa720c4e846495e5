"""What an answer of the province stands for when it is not what was asked for.

docs/protocol.md section 10 (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.errors import (
    BundleDamaged,
    Busy,
    CertificateNeeded,
    CertificateRefused,
    Conflict,
    CursorExpired,
    DecidedElsewhere,
    DeviceRefused,
    EnrolmentRefused,
    LeaseBehind,
    NotKnownThere,
    NotOurs,
    NotOursToDecide,
    ProvinceFull,
    RecordRefused,
    RoomUsed,
    ServerFault,
    ServiceUnknown,
    SyncError,
    TooLarge,
    TooSlow,
    Unexpected,
    WaitsForMerge,
)
from sync.http import Answer

# (status, name) before the status alone.
_BY_NAME: dict[tuple[int, str], type[SyncError]] = {
    (403, "not-yours-to-decide"): NotOursToDecide,
    (409, "already-decided"): DecidedElsewhere,
    (409, "in-conflict"): WaitsForMerge,
    (403, "device-revoked"): DeviceRefused,
    (403, "enrolment-refused"): EnrolmentRefused,
    (403, "certificate-needed"): CertificateNeeded,
    (422, "relay-refused"): BundleDamaged,
    (422, "service-unknown"): ServiceUnknown,
}
_NO_ROOM = {"room-used": RoomUsed, "disk-full": ProvinceFull}
LONGEST_WAIT_S = 24 * 3600  # whatever an answer asks for
_BY_STATUS: dict[int, type[SyncError]] = {
    401: DeviceRefused,
    403: NotOurs,
    408: TooSlow,
    410: CursorExpired,
    413: TooLarge,
}


def to_error(answer: Answer) -> SyncError:
    """The error that an answer stands for (docs/protocol.md section 10)."""
    problem = answer.json()
    name = str(problem.get("type", "")).rpartition(":")[2]
    kind = _BY_NAME.get((answer.status, name)) or _BY_STATUS.get(answer.status)
    if kind is not None:
        return kind()
    match answer.status:
        case 409:
            return _in_the_way(name, problem)
        case 422 if name == "certificate-refused":
            return CertificateRefused(member=str(next(iter(_entries(problem)), {}).get("code", "")))
        case 400 | 422:
            return RecordRefused(reason=_reason(problem))
        case 404 | 405:
            return NotKnownThere(status=answer.status)
        case 429 | 503:
            return Busy(wait_s=answer.number("Retry-After") or 30)
        case 507 if name in _NO_ROOM:
            asked = answer.number("Retry-After") or 900
            return _NO_ROOM[name](wait_s=min(asked, LONGEST_WAIT_S))
        case status if status >= 500:
            return ServerFault(status=status)
        case status:
            return Unexpected(status=status)


def _in_the_way(name: str, problem: Mapping[str, object]) -> SyncError:
    said = next(iter(_entries(problem)), {}).get("message", "")
    if name == "lease-epoch" and str(said).isdecimal():
        return LeaseBehind(epoch=int(str(said)))
    return Conflict()


def _entries(problem: Mapping[str, object]) -> list[dict[str, object]]:
    errors = problem.get("errors")
    return [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []


def _reason(problem: Mapping[str, object]) -> str:
    parts = [str(e.get("message") or e.get("pointer") or "") for e in _entries(problem)]
    return "；".join(part for part in parts if part) or str(problem.get("title", ""))
