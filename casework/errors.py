"""Every error of the office's verbs. The wording stands in `desktop/messages.py`."""

from __future__ import annotations

from typing import ClassVar


class CaseworkError(Exception):
    """Base of every error raised by casework/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk.
        fields: Values for the wording; shown to the clerk, never logged.
    """

    code: ClassVar[str]

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)
        self.fields = fields


class NotYetPublished(CaseworkError):
    """The working days of `year` are not published yet."""

    code = "C100"

    def __init__(self, year: int) -> None:
        super().__init__(year=year)


class UnknownService(CaseworkError):
    """No such service or version here."""

    code = "C101"


class VersionMissing(CaseworkError):
    """The version of the service that a draft or case is on is not here yet."""

    code = "C180"


class PackageUnusable(CaseworkError):
    """A version that the province offers cannot be used by this program. Field: `name`."""

    code = "C181"


class NotAllowed(CaseworkError):
    """The operator's role does not carry this right."""

    code = "C102"


class UnknownSuite(CaseworkError):
    """No algorithms of this name."""

    code = "C140"


class SecondRefused(CaseworkError):
    """The second person is the first, or may not confirm this."""

    code = "C141"


class SecondNeeded(CaseworkError):
    """Two people do this together: somebody else must confirm it with a password of their own."""

    code = "C142"


class ReasonNeeded(CaseworkError):
    """This stands on record with a reason, and none was given."""

    code = "C143"


class UnseemlyName(CaseworkError):
    """A name holds characters that nobody sees, such as those that turn the writing around."""

    code = "C144"


class Incomplete(CaseworkError):
    """Answers are missing or wrong; `count` of them."""

    code = "C103"

    def __init__(self, count: int) -> None:
        super().__init__(count=count)


class WrongState(CaseworkError):
    """The case is not in a state in which this can be done."""

    code = "C104"


class UnknownDocument(CaseworkError):
    """No such document here."""

    code = "C105"


class NotEnrolled(CaseworkError):
    """The office is not connected to a province."""

    code = "C106"


class UnprovenCertificate(CaseworkError):
    """The certificate's credential does not hold under the province's keys."""

    code = "C107"


class BadLogin(CaseworkError):
    """Not a login that could be typed at sign-in, or the name is missing."""

    code = "C108"


class StickFailed(CaseworkError):
    """The stick or folder cannot be read or written, or was pulled out."""

    code = "C131"


class StickFull(CaseworkError):
    """The stick or folder has not room enough. Fields: `mb` needed, `free` in MB."""

    code = "C134"


class BadPicture(CaseworkError):
    """A file that says it is a picture and cannot be read, or is far too large."""

    code = "C132"


class NoConflict(CaseworkError):
    """The case is in no conflict, or somebody else has settled it already."""

    code = "C133"


class BadDesign(CaseworkError):
    """A template's name or one of its fields' is taken, empty, or no name."""

    code = "C150"


class BadPerson(CaseworkError):
    """A value that no resident can have. Field: `field`, its name."""

    code = "C160"

    def __init__(self, field: str) -> None:
        super().__init__(field=field)


class KnownAlready(CaseworkError):
    """Somebody of this ID number is in the resident base already."""

    code = "C161"


class ConsentNeeded(CaseworkError):
    """A licence replaces a paper only with the citizen's consent, and none stands."""

    code = "C162"


class LicenceUnfit(CaseworkError):
    """The licence is another person's, of another kind, or no longer in force."""

    code = "C163"


class AnotherProvince(CaseworkError):
    """This computer belongs to another province than the one that answers."""

    code = "C170"


class NoAuthority(CaseworkError):
    """The province's word for this computer to sign such certificates is missing or over."""

    code = "C190"


class NotOursToDecide(CaseworkError):
    """The province decides this service, or issued this certificate."""

    code = "C191"


class NoCertificateNumbers(CaseworkError):
    """No leased number for certificates is left."""

    code = "C192"


class StillHanging(CaseworkError):
    """The computer still holds work of `office`: `unsent` cases and `corrections` begun."""

    code = "C171"


class OfMovedOffice(CaseworkError):
    """The case belongs to `office`, where this computer worked before."""

    code = "C172"


class NoEnrolmentFile(CaseworkError):
    """No enrolment file lies here, or several do."""

    code = "C173"


class ProjectUnfinished(CaseworkError):
    """A project cannot be removed: drafts or unsent submissions are left. Fields: both counts."""

    code = "C270"


class UnknownProject(CaseworkError):
    """The project of another server was removed meanwhile."""

    code = "C271"


class NoProject(CaseworkError):
    """There is no project of another server yet."""

    code = "C273"


class SealedAnswers(CaseworkError):
    """The answers are sealed for the holder of the project's key; nobody here can open them."""

    code = "C272"


class NetworkSettingWrong(CaseworkError):
    """There is no such setting of the network, or it takes no such value. Field: `name`."""

    code = "C185"
