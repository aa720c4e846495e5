"""What can go wrong between an office and its province, as things somebody can act on."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID


class SyncError(Exception):
    """Base of every error raised by sync/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk. Wording: `desktop/messages.py`.
        retry: Whether the outbox may try again unasked.
        ends_round: Whether the rest of the round would fail the same way.
        again_s: Seconds until the outbox tries again; None for a growing pause.
        fields: Values for the wording; shown to the clerk, never logged.
        under_way: Submissions that the request held which failed.
    """

    code: ClassVar[str] = "S100"
    retry: ClassVar[bool] = True
    ends_round: ClassVar[bool] = False
    again_s: ClassVar[float | None] = None

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)  # and nothing else: errors end up in logs
        self.fields = fields
        self.under_way: frozenset[UUID] = frozenset()


class Offline(SyncError):
    """The province cannot be reached: no network, no answer, or cut in the middle."""

    code = "S101"
    ends_round = True


class CaptivePortal(SyncError):
    """The network wants somebody to sign in first. Field: `page`, its address, or ""."""

    code = "S102"
    ends_round = True


class RecordRefused(SyncError):
    """The province wants a correction before it takes this record. Field: `reason`."""

    code = "S103"
    retry = False


class TlsFailed(SyncError):
    """No safe connection is possible; the cases that can be told apart have errors of their own."""

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
    """An answer that this program does not understand. Field: `status`."""

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


class FileElsewhere(SyncError):
    """A file came with another computer's version and never was here. Field: `name`."""

    code = "S194"


class ProxyFailed(SyncError):
    """The proxy between here and the province refuses."""

    code = "S116"
    ends_round = True


class DecidedElsewhere(SyncError):
    """Another window of the office decided the case first."""

    code = "S190"
    retry = False


class WaitsForMerge(SyncError):
    """Two versions of the case wait to be merged before its decision is taken."""

    code = "S191"
    again_s = 600.0


class NotOursToDecide(SyncError):
    """The province does not leave this decision to the office."""

    code = "S192"
    retry = False


class CertificateRefused(SyncError):
    """The province does not believe a certificate of this office. Field: `member`."""

    code = "S193"
    retry = False


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


class CatalogueStale(SyncError):
    """The signatures of the province's packages are over; nothing new is taken under them."""

    code = "S180"


class PackageForged(SyncError):
    """A package or its signatures are not as the province's keys say: altered, older, or cut."""

    code = "S181"


class PackageMissing(SyncError):
    """The province offers a version that its repository does not hold."""

    code = "S182"


class PackageUnfinished(SyncError):
    """The time for this look is over; the next one goes on where it stopped."""

    code = "S183"


class NotOnStick(SyncError):
    """No program for this kind of computer lies on the stick, or not the newest one known here."""

    code = "S186"
    retry = False


class StickUnreadable(SyncError):
    """The stick cannot be read, or was pulled out."""

    code = "S187"


class OfferForged(SyncError):
    """What is said to be offered is not signed by the province, or is another office's."""

    code = "S184"


class OfferOld(SyncError):
    """What is offered is not newer than what was told before: somebody tells it again."""

    code = "S185"


class LeaseBehind(SyncError):
    """This store is older than its lease of numbers: it was put back. Field: `epoch`."""

    code = "S140"


class CertificateExpired(SyncError):
    """The province's certificate is over, or not valid yet. Fields: `since`, `until`, dates."""

    code = "S130"
    ends_round = True


class WrongName(SyncError):
    """The certificate that was shown is for another name than the province's. Field: `host`."""

    code = "S131"
    ends_round = True


class UnknownIssuer(SyncError):
    """The province's certificate comes from somebody whom this computer does not know."""

    code = "S132"
    ends_round = True


class ClockWrong(SyncError):
    """This computer's clock is too far off for a safe connection. Fields: `ours`, `theirs`."""

    code = "S133"
    ends_round = True


class DeviceCertificateRefused(SyncError):
    """The province asks for a certificate of this device, and takes none that it was shown."""

    code = "S134"
    ends_round = True


class TlsUnlike(SyncError):
    """The two sides have no kind of safe connection in common, or the other speaks none."""

    code = "S135"
    ends_round = True


class ProxySignIn(SyncError):
    """The proxy wants a name and a password, or others than it was given."""

    code = "S136"
    ends_round = True


class TooSlow(SyncError):
    """The province ended its wait for a request that came too slowly."""

    code = "S137"
    ends_round = True


class NotKnownThere(SyncError):
    """The province does not know what was asked for, or does not take it this way. `status`."""

    code = "S138"
    retry = False


class ServiceUnknown(SyncError):
    """The province does not hold this version of the service yet."""

    code = "S139"
    again_s = 24 * 3600.0


class FilesWaitForNetwork(SyncError):
    """The case is there; its files wait for a link that is not metered. `files`, `mb`."""

    code = "S146"
    again_s = 12 * 3600.0


class FilesWaitForHours(SyncError):
    """The case is there; its files wait until busy hours are over. `files`, `mb`, `until`."""

    code = "S147"
    again_s = 12 * 3600.0


class NoRoom(SyncError):
    """The case is there; the province takes in no bytes of its files now. `wait_s`, `files`, `mb`.

    All else goes on, and what is here stays here.
    """


class RoomUsed(NoRoom):
    """Files of this computer whose cases have no receipt yet take all the room it has there."""

    code = "S151"


class ProvinceFull(NoRoom):
    """The province has no room for files of anybody."""

    code = "S152"


class BundleWaits(SyncError):
    """The province has no room for a bundle that is carried to it now."""

    code = "S153"


class CertificateNeeded(SyncError):
    """The province wants to be asked for a certificate of this device first."""

    code = "S142"
    ends_round = True


class NoNetwork(SyncError):
    """This computer has no network at all."""

    code = "S143"
    ends_round = True


class NotAProvince(SyncError):
    """A computer answers safely at the address, but it is no province."""

    code = "S144"
    ends_round = True


class CaUnreadable(SyncError):
    """The file with the issuers to believe cannot be read."""

    code = "S145"
    ends_round = True


class PersonGone(SyncError):
    """The province has no such person in this office's township, or took the person out."""

    code = "S150"
    retry = False


class EnrolmentFileForged(SyncError):
    """No enrolment file, or one that was altered after the province signed it."""

    code = "S221"
    retry = False


class EnrolmentFileOver(SyncError):
    """The enrolment file's time is over. Field: `on`, the last day as a local date."""

    code = "S222"
    retry = False


class WrongProvince(SyncError):
    """What answers does not hold the keys that the enrolment promised."""

    code = "S223"
    retry = False


class CertificateUnreadable(SyncError):
    """The file holds no certificate with its key, or the password is another."""

    code = "S148"
    retry = False
