"""What can go wrong between an office and its province, as things somebody can act on."""

from __future__ import annotations

from typing import ClassVar


class SyncError(Exception):
    """Base of every error raised by sync/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk. Wording: `desktop/messages.py`.
        retry: Whether the outbox may try again unasked.
        ends_round: Whether the rest of the round would fail the same way.
        fields: Values for the wording; shown to the clerk, never logged.
    """

    code: ClassVar[str] = "S100"
    retry: ClassVar[bool] = True
    ends_round: ClassVar[bool] = False

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)  # and nothing else: errors end up in logs
        self.fields = fields


class Offline(SyncError):
    """The province cannot be reached: no network, no answer, or cut in the middle."""

    code = "S101"
    ends_round = True


class CaptivePortal(SyncError):
    """Something else answers in the province's place: a log-in page, a proxy."""

    code = "S102"
    ends_round = True


class RecordRefused(SyncError):
    """The province wants a correction before it takes this record. Field: `reason`."""

    code = "S103"
    retry = False


class TlsFailed(SyncError):
    """The province's certificate is not trusted, or no safe connection is possible."""

    code = "S104"
    ends_round = True


class DeviceRefused(SyncError):
    """The province no longer knows this device, or has shut it out."""

    code = "S105"
    retry = False
    ends_round = True


class NotOurs(SyncError):
    """The case belongs to another office there."""

    code = "S106"
    retry = False


class Conflict(SyncError):
    """Another content is held under the same id there."""

    code = "S107"
    retry = False


class TooLarge(SyncError):
    """The record or a file is larger than the province takes."""

    code = "S108"
    retry = False


class Busy(SyncError):
    """The province asks for patience. Field: `wait_s`, whole seconds."""

    code = "S109"
    ends_round = True


class ServerFault(SyncError):
    """The province failed on this request. Field: `status`."""

    code = "S110"


class Unexpected(SyncError):
    """An answer that the protocol does not allow. Field: `status`."""

    code = "S111"
    retry = False


class ReceiptForged(SyncError):
    """The receipt is not signed by the pinned province, or is not for what was sent."""

    code = "S112"
    retry = False


class EnrolmentRefused(SyncError):
    """The one-time code is unknown, used or over."""

    code = "S113"
    retry = False


class NotEnrolled(SyncError):
    """This device has not been enrolled yet."""

    code = "S114"
    retry = False
    ends_round = True


class FileMissing(SyncError):
    """A file of the record is not in the store any more, or was changed. Field: `name`."""

    code = "S115"
    retry = False


class ProxyFailed(SyncError):
    """The proxy between here and the province refuses."""

    code = "S116"
    ends_round = True


class CursorExpired(SyncError):
    """The province asks to read its events from the beginning; the round does so itself."""

    code = "S117"


class InsecureAddress(SyncError):
    """The address of the province does not begin with https:// and is not this computer."""

    code = "S118"
    retry = False
    ends_round = True


class BundleDamaged(SyncError):
    """A relay file is no relay file, was cut short or altered, or is signed by somebody else."""

    code = "S119"
    retry = False


class BundleNotOurs(SyncError):
    """An answer that was carried to the wrong computer."""

    code = "S120"
    retry = False


class BundleTooSmall(SyncError):
    """A single file does not fit. Field: `needed_mb`, megabytes."""

    code = "S121"
    retry = False


class RelayUnknown(SyncError):
    """The province has not told this device its key for relay bundles yet."""

    code = "S122"
    retry = False


class NoBatch(SyncError):
    """The province did not take several submissions at once; they go one by one."""

    code = "S123"


class LeaseBehind(SyncError):
    """This store is older than its lease of numbers: it was put back. Field: `epoch`."""

    code = "S140"
