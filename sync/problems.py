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


def _reason(problem: Mapping[str, object]) -> str:
    errors = problem.get("errors")
    entries = errors if isinstance(errors, list) else []
    parts = [
        str(e.get("message") or e.get("pointer") or "") for e in entries if isinstance(e, dict)
    ]
    return "；".join(part for part in parts if part) or str(problem.get("title", ""))
