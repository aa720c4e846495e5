"""What can be wrong with a form, an expression or an answer.

Codes are F###; the wording stands in the window's table of messages.
"""

from __future__ import annotations

from typing import ClassVar


class FormError(Exception):
    """Base of every error raised by forms/.

    Attributes:
        code: Stable; the clerk reads it to the helpdesk.
        fields: Values for the wording: element, line, feature; never an answer.
    """

    code: ClassVar[str] = "F000"

    def __init__(self, **fields: str | int) -> None:
        super().__init__(self.code)
        self.fields = fields


class MalformedXml(FormError):
    """The document is not well-formed XML, or it declares entities."""

    code = "F101"


class XmlTooLarge(FormError):
    """The document has more bytes or deeper nesting than any form needs."""

    code = "F102"


class InvalidForm(FormError):
    """The form breaks the specification: `element`, `line`, `reason`."""

    code = "F110"


class UnsupportedFeature(FormError):
    """The form needs something that this engine does not do: `feature`, `line`."""

    code = "F111"


class DependencyCycle(FormError):
    """Calculations wait for each other; `path` names the circle."""

    code = "F112"


class MissingResource(FormError):
    """A list or file that the form names did not come with it: `name`."""

    code = "F113"


class InvalidExpression(FormError):
    """An expression cannot be read: `position` counts characters from 1, `reason`."""

    code = "F120"


class UnknownFunction(InvalidExpression):
    """An expression calls a function that does not exist: `name`."""

    code = "F121"


class EvaluationError(FormError):
    """An expression cannot be evaluated on this data: `reason`."""

    code = "F122"


class TooMuchWork(EvaluationError):
    """The form asks for more work at once than any form needs; no answer is lost."""

    code = "F123"


class InvalidAnswer(FormError):
    """The text is not a value of the question's type: `ref`, `data_type`."""

    code = "F130"


class UnknownNode(FormError):
    """The form has no node `ref` now."""

    code = "F131"


class NotAllowed(FormError):
    """The form does not let the person do this here: `ref`."""

    code = "F132"


class PackageFileMissing(FormError):
    """A service package lacks `file`."""

    code = "F140"


class PackageBroken(FormError):
    """`file` of a service package cannot be read at `place`."""

    code = "F141"
