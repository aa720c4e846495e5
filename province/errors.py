"""What the province refuses, as RFC 9457 problems (docs/protocol.md section 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar


class ProvinceError(Exception):
    """Base of every error raised by province/.

    Attributes:
        code: Stable code for logs.
        status: HTTP status of the answer.
        name: Last part of the problem's type.
        title: English title of the problem; quotes nothing that anybody typed.
        errors: Details for the device, each with pointer, code and message.
    """

    code: ClassVar[str] = "V100"
    status: ClassVar[int] = 400
    name: ClassVar[str] = "malformed"
    title: ClassVar[str] = "The request cannot be read"

    def __init__(self, errors: Sequence[dict[str, str]] = (), **fields: str | int) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.fields = fields

    def problem(self) -> dict[str, object]:
        """The body of the answer (RFC 9457)."""
        body: dict[str, object] = {
            "type": f"urn:lastmile:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return body


class Malformed(ProvinceError):
    """The request does not follow the protocol."""

    code = "V101"


class Invalid(Malformed):
    """The members of a request are not what the protocol says."""

    status = 422


class DigestWrong(Malformed):
    """The body is not the one that its `Content-Digest` was made of: the line damaged it."""

    code = "V118"
    name = "digest"
    title = "The request arrived damaged; send it again"


class TokenNeeded(ProvinceError):
    """No token, or one that is unknown or over."""

    code = "V102"
    status = 401
    name = "token"
    title = "A valid token is needed"


class DeviceRevoked(ProvinceError):
    """The device was shut out."""

    code = "V103"
    status = 403
    name = "device-revoked"
    title = "This device may no longer exchange data"


class EnrolmentRefused(ProvinceError):
    """The code is unknown, used or over, or the proof does not hold."""

    code = "V104"
    status = 403
    name = "enrolment-refused"
    title = "The enrolment code is not valid"


class CertificateNeeded(ProvinceError):
    """The device showed no certificate of its own; `POST /device/certificate` gives one."""

    code = "V150"
    status = 403
    name = "certificate-needed"
    title = "A certificate of this device is needed"


class NotYourCase(ProvinceError):
    """The case belongs to another office."""

    code = "V105"
    status = 403
    name = "not-your-case"
    title = "The case belongs to another office"


class Unknown(ProvinceError):
    """Nothing is known under this id."""

    code = "V106"
    status = 404
    name = "unknown"
    title = "Nothing is known under this id"


class IdConflict(ProvinceError):
    """Another content is held under this id."""

    code = "V107"
    status = 409
    name = "id-conflict"
    title = "Another content is held under this id"


class WrongOffset(ProvinceError):
    """The chunk does not begin where the durable part ends."""

    code = "V108"
    status = 409
    name = "wrong-offset"
    title = "The chunk does not begin at the offset held"


class CursorExpired(ProvinceError):
    """The cursor comes from another feed; begin again."""

    code = "V109"
    status = 410
    name = "cursor-expired"
    title = "The cursor is no longer valid"


class RestoreSeen(CursorExpired):
    """A genuine cursor names an event that the database no longer holds.

    Attributes:
        epoch: The epoch that is over with this.
    """

    code = "V124"

    def __init__(self, epoch: str) -> None:
        super().__init__()
        self.epoch = epoch


class ServiceUnknown(ProvinceError):
    """The province does not hold the service in this version, so nothing can be checked."""

    code = "V125"
    status = 422
    name = "service-unknown"
    title = "The province does not hold this version of the service"


class TooManyRequests(ProvinceError):
    """The device or address asks more often than it may."""

    code = "V126"
    status = 429
    name = "too-many"
    title = "Too many requests, wait a little"


class LeaseEpoch(ProvinceError):
    """The device does not know of a block that it was leased: its store was put back."""

    code = "V127"
    status = 409
    name = "lease-epoch"
    title = "The device has leased numbers that it does not know of"


class TooSlow(ProvinceError):
    """The body of the request did not arrive in time."""

    code = "V128"
    status = 408
    name = "too-slow"
    title = "The request did not arrive in time"


class Fault(ProvinceError):
    """Something broke inside; the log names the place."""

    code = "V129"
    status = 500
    name = "fault"
    title = "The province could not answer"


class MoveRefused(ProvinceError):
    """Nobody at the province moves the device to this office."""

    code = "V132"
    status = 409
    name = "move-refused"
    title = "The device is not to move to this office"


class TooLarge(ProvinceError):
    """The body or file is beyond the limits of `GET /meta`."""

    code = "V110"
    status = 413
    name = "too-large"
    title = "Too large"


class NoRoom(ProvinceError):
    """No bytes of files are taken in now; all else goes on."""

    status = 507

    def __init__(self) -> None:
        super().__init__(wait_s=900)


class RoomUsed(NoRoom):
    """Files of this device that no case names yet take all the room that a device has."""

    code = "V119"
    name = "room-used"
    title = "Files of this device that no accepted case names take all its room"


class DiskFull(NoRoom):
    """The province's disk has no room left for files."""

    code = "V120"
    name = "disk-full"
    title = "The province has no room for files at the moment"


class SubmissionInvalid(ProvinceError):
    """The province's own check of the submission failed."""

    code = "V111"
    status = 422
    name = "submission-invalid"
    title = "The submission does not pass the service's own rules"


class ChangeInvalid(ProvinceError):
    """A change names a field that residents do not have, or a value that cannot be."""

    code = "V133"
    status = 422
    name = "change-invalid"
    title = "The change does not hold what a resident can have"


class BadChecksum(ProvinceError):
    """Bytes arrived damaged and were dropped."""

    code = "V112"
    status = 460
    name = "checksum"
    title = "The bytes arrived damaged"


class Busy(ProvinceError):
    """The database could not take the write now."""

    code = "V113"
    status = 503
    name = "busy"
    title = "Busy, try again"


class DatabaseUnfit(ProvinceError):
    """The SQLite library is too old to be trusted in WAL mode."""

    code = "V114"
    status = 500
    name = "database"
    title = "The database library is not fit"


class SignInRefused(ProvinceError):
    """Login or password of a reviewer is wrong."""

    code = "V115"
    status = 403
    name = "sign-in"
    title = "Sign in again"


class AlreadyDecided(ProvinceError):
    """The case has its decision; a second one is not possible."""

    code = "V116"
    status = 409
    name = "already-decided"
    title = "The case has been decided"


class InConflict(ProvinceError):
    """Two versions of the case wait to be merged; nothing is decided until then."""

    code = "V190"
    status = 409
    name = "in-conflict"
    title = "Two versions of the case wait to be merged"


class CaseChanged(ProvinceError):
    """A newer version of the case has arrived than the one that the reviewer saw."""

    code = "V194"
    status = 409
    name = "case-changed"
    title = "A newer version of the case has arrived"


class NotYoursToDecide(ProvinceError):
    """The service leaves this decision, or this certificate, to somebody else."""

    code = "V191"
    status = 403
    name = "not-yours-to-decide"
    title = "This is not for the office to decide"


class CertificateRefused(ProvinceError):
    """The certificate's number, fields or credential are not what they must be."""

    code = "V192"
    status = 422
    name = "certificate-refused"
    title = "The certificate does not hold"


class RelayRefused(ProvinceError):
    """Not a relay bundle, or one that cannot be believed."""

    code = "V117"
    status = 422
    name = "relay-refused"
    title = "The relay bundle cannot be believed"


class RecordGap(ProvinceError):
    """The checkpoint does not join on to what is held of the record; begin at row `next`."""

    code = "V130"
    status = 409
    name = "record-gap"
    title = "Rows of the record are missing before this checkpoint"

    def __init__(self, next: int) -> None:  # noqa: A002 - the protocol's word
        super().__init__([{"pointer": "/first", "code": "begin-at", "message": str(next)}])


class RecoveryRefused(ProvinceError):
    """Wrong password, another province's request, or not two people with a reason."""

    code = "V131"
    status = 403
    name = "recovery-refused"
    title = "The request is not opened"


class KeyMissing(ProvinceError):
    """Fewer keys of a role are here than must sign. Fields: `needed`, `here`."""

    code = "V140"
    title = "Too few of the keys that must sign are here"


class PasswordRefused(ProvinceError):
    """The password does not open a key file, or has fewer than 12 characters."""

    code = "V141"
    title = "The password does not open the key, or is too short"


class VersionTaken(ProvinceError):
    """This version stands with another content, or a newer one does."""

    code = "V142"
    title = "This version is published already with another content, or a newer one is"


class NameRefused(ProvinceError):
    """An id, a version or a file's name that no device would take."""

    code = "V143"
    title = "An id, a version or a file name holds characters that devices refuse"


def details(found: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The errors of pydantic as details for the device; they quote nothing that was sent."""
    return [
        {"pointer": "/" + "/".join(str(p) for p in e["loc"]), "code": str(e["type"]), "message": ""}
        for e in found
    ]
