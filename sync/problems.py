"""What an answer of the province stands for when it is not what was asked for.

docs/protocol.md section 10 (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.errors import (
    BundleDamaged,
    Busy,
    Conflict,
    CursorExpired,
    DeviceRefused,
    EnrolmentRefused,
    LeaseBehind,
    NotOurs,
    RecordRefused,
    ServerFault,
    SyncError,
    TooLarge,
    Unexpected,
)
from sync.http import Answer


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
            return _in_the_way(name, problem)
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
