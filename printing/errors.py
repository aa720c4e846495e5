"""Errors of the printing room; their wording stands in `desktop/messages.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from printing.private_use import standard


class PrintingError(Exception):
    """Base of every error raised by printing/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk.
        fields: Values for the wording; shown to the clerk, never logged.
    """

    code: ClassVar[str] = "P100"

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)
        self.fields = fields


@dataclass(frozen=True)
class Miss:
    """A character that cannot be printed, and the field that holds it."""

    field: str
    character: str

    @property
    def code_point(self) -> str:
        """As `U+20087`."""
        return f"U+{ord(self.character):04X}"

    @property
    def standard(self) -> str:
        """The character to type instead of a private one; empty where none is known."""
        return standard(self.character) or ""

    def __str__(self) -> str:
        advice = f" → {self.standard} (U+{ord(self.standard):04X})" if self.standard else ""
        return f"{self.character} ({self.code_point}, {self.field}){advice}"


class MissingGlyph(PrintingError):
    """No font has these characters; nothing was printed.

    Attributes:
        misses: Every character that is missing, with its field, in the order of the page.
    """

    code = "P101"

    def __init__(self, misses: Sequence[Miss]) -> None:
        super().__init__(characters="; ".join(map(str, misses)), count=len(misses))
        self.misses = tuple(misses)


class BadTemplate(PrintingError):
    """The SVG or its sidecar cannot be used."""

    code = "P102"

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason=reason, line=line)


class FieldMissing(PrintingError):
    """A field that the template requires has no value."""

    code = "P103"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=", ".join(names))


class Overflow(PrintingError):
    """A text does not fit its box even at the smallest size.

    Attributes:
        line: Of the box in the SVG.
    """

    code = "P104"

    def __init__(self, field: str, line: int = 0) -> None:
        super().__init__(field=field)
        self.line = line


class TextChanged(PrintingError):
    """The finished page does not read as intended; it must not be handed out."""

    code = "P105"


class FontsDamaged(PrintingError):
    """The font folder is incomplete."""

    code = "P106"

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class EngineUnknown(PrintingError):
    """The PDF library behaves as none that was tested."""

    code = "P107"


class BadPicture(PrintingError):
    """A photo or seal is neither PNG nor JPEG, damaged, or too large."""

    code = "P108"


class FontRefused(PrintingError):
    """A font or glyph of the office's own cannot be used; `reason` as `printing.site` names it."""

    code = "P109"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class BadOfd(PrintingError):
    """Not an OFD, or damaged."""

    code = "P150"

    def __init__(self, part: str) -> None:
        super().__init__(part=part)


class OfdTooLarge(PrintingError):
    """The OFD unpacks to more than it should."""

    code = "P151"


class NotSigned(PrintingError):
    """The file is not a PDF with one signature."""

    code = "P140"


class SignatureBroken(PrintingError):
    """The PDF was changed after it was signed."""

    code = "P141"


class SignerUnknown(PrintingError):
    """The PDF is whole, but signed by nobody whom this office trusts."""

    code = "P142"


class CredentialRefused(PrintingError):
    """Base of the reasons to refuse a credential."""

    code = "P110"


class Forged(CredentialRefused):
    """Not made by the key that it names."""

    code = "P111"


class Altered(CredentialRefused):
    """Not readable as a credential, or the fields shown are not those signed."""

    code = "P112"


class Expired(CredentialRefused):
    """Genuine, but no longer valid."""

    code = "P113"

    def __init__(self, valid_until: str) -> None:
        super().__init__(valid_until=valid_until)


class UnknownKey(CredentialRefused):
    """Names a key that this office does not hold."""

    code = "P114"


class Voided(CredentialRefused):
    """Genuine, but the province has voided it since."""

    code = "P115"

    def __init__(self, number: str, voided_on: str) -> None:
        super().__init__(number=number, voided_on=voided_on)


class KeyRevoked(CredentialRefused):
    """Signed by a key that must not be believed any more."""

    code = "P116"


class NoCode(CredentialRefused):
    """No code was found in the picture or document."""

    code = "P117"


class Unreadable(CredentialRefused):
    """The file is neither a picture nor a PDF that can be opened."""

    code = "P118"


class BeyondDelegation(CredentialRefused):
    """Signed by an office that was not allowed to issue this kind on that day."""

    code = "P123"


class DeviceShutOut(CredentialRefused):
    """Signed by a computer of an office after the province had shut it out."""

    code = "P124"


class ScanUnclear(PrintingError):
    """The scan does not show the whole calibration sheet."""

    code = "P120"


class CrossNotFound(PrintingError):
    """A cross of the calibration sheet was not found in the scan."""

    code = "P121"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)


class MeasuredWrong(PrintingError):
    """No printer strays as the measured values say."""

    code = "P122"


class TrustRefused(PrintingError):
    """The list of keys and void certificates is older than ours, or not signed by a known key."""

    code = "P119"
