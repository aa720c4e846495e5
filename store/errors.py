"""Every error of the store. Codes are stable; the wording stands in `desktop/messages.py`."""

from __future__ import annotations

from typing import ClassVar


class StoreError(Exception):
    """Base of every error raised by store/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk.
        fields: Values for the wording; shown to the clerk, never logged.
    """

    code: ClassVar[str]

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)
        self.fields = fields


class NoStore(StoreError):
    """There is no store in this folder yet."""

    code = "D100"


class StoreExists(StoreError):
    """A store is here already; it is never written over."""

    code = "D101"


class StoreBusy(StoreError):
    """Another process has this profile open."""

    code = "D102"


class StoreNewer(StoreError):
    """The store was written by a newer program."""

    code = "D103"

    def __init__(self, found: int, known: int) -> None:
        super().__init__(found=found, known=known)


class StoreDamaged(StoreError):
    """The file does not decrypt or its pages do not hold together."""

    code = "D104"


class ProfileReadOnly(StoreError):
    """Nothing can be written in the profile's folder."""

    code = "D105"


class DiskFull(StoreError):
    """No room is left; nothing of this step was written, all earlier work is whole."""

    code = "D106"


class DiskFault(StoreError):
    """The disk failed to read or to write; nothing of this step was written."""

    code = "D107"


class DiskLow(StoreError):
    """Too little room to begin something new; `free_mib` are left."""

    code = "D108"

    def __init__(self, free_mib: int) -> None:
        super().__init__(free_mib=free_mib)


class NetworkDrive(StoreError):
    """The profile lies on a drive of another computer, where locks and syncs are not kept."""

    code = "D109"


class WrongPassword(StoreError):
    """Unknown login, wrong password, or another device's secret: not told apart."""

    code = "D110"


class TryLater(StoreError):
    """Too many wrong tries; `wait_s` seconds to go."""

    code = "D111"

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s=wait_s)


class LockedOut(StoreError):
    """Too many wrong tries; a supervisor must unlock this login."""

    code = "D112"


class DeviceSecretMissing(StoreError):
    """This computer does not hold the secret that belongs to the store."""

    code = "D113"


class KeysDamaged(StoreError):
    """The key file cannot be read or was altered."""

    code = "D114"


class KeysRolledBack(StoreError):
    """An older key file was put back."""

    code = "D115"


class WeakPassword(StoreError):
    """Shorter than `least` characters, or among those everybody tries."""

    code = "D116"

    def __init__(self, least: int) -> None:
        super().__init__(least=least)


class LoginTaken(StoreError):
    """Another operator has this login."""

    code = "D117"


class LastAdministrator(StoreError):
    """Without this operator nobody could manage operators any more."""

    code = "D118"


class KeyStoreLocked(StoreError):
    """The system's key store, which holds this computer's half of the keys, does not give it."""

    code = "D119"


class DraftGone(StoreError):
    """The draft was finalised or deleted meanwhile."""

    code = "D120"


class CaseGone(StoreError):
    """No such case here."""

    code = "D121"


class DraftOfAnother(StoreError):
    """The draft belongs to another operator."""

    code = "D122"


class NumbersUsedUp(StoreError):
    """No leased number is left."""

    code = "D123"


class SealBroken(StoreError):
    """Not a sealed file, altered, or another pass-phrase."""

    code = "D142"


class ConsentGone(StoreError):
    """No such consent here."""

    code = "D143"


class RoleAltered(StoreError):
    """The role in the store is not the one that the record says was given."""

    code = "D144"


class AttachmentGone(StoreError):
    """The file is not in the store."""

    code = "D124"


class AttachmentDamaged(StoreError):
    """The file was altered or cut short."""

    code = "D125"


class CertificateGone(StoreError):
    """No such certificate here."""

    code = "D126"


class CopyUnderway(StoreError):
    """Nobody knows yet what became of the last copy, so none is counted."""

    code = "D127"


class ResidentGone(StoreError):
    """No such person in the office's slice of the resident base."""

    code = "D128"


class LicenceGone(StoreError):
    """No such licence here, or it is no longer in force."""

    code = "D129"


class BackupDamaged(StoreError):
    """The backup does not open or is not whole."""

    code = "D130"


class NewerWork(StoreError):
    """The store of now holds `count` unsent cases that the backup does not have."""

    code = "D131"

    def __init__(self, count: int) -> None:
        super().__init__(count=count)


class NoRecovery(StoreError):
    """The province cannot open this store: it was never connected, or has no recovery key."""

    code = "D140"


class AnswerRefused(StoreError):
    """The province's answer is not for this request, was altered, or the code is wrong."""

    code = "D141"


class AlreadyDecided(StoreError):
    """The case has its decision, or waits for no decision of this office."""

    code = "D160"


class CorrectionBegun(StoreError):
    """A correction of the case is begun and not sent yet."""

    code = "D161"


class OfficeMoving(StoreError):
    """This computer is on its way to another office; new cases are accepted there."""

    code = "D150"
