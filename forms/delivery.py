"""How the author of a form wants its submissions sent: the `submission` element.

Spec: https://getodk.github.io/xforms-spec/#submission
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from forms.errors import InvalidForm
from forms.views import Delivery

ODK = "http://www.opendatakit.org/xforms"
ORX = "http://openrosa.org/xforms"
_METHODS = {"", "post", "form-data-post"}


def read_delivery(elements: Iterable[etree._Element]) -> Delivery:
    """What the first `submission` of `elements` says; nothing when there is none.

    Raises:
        InvalidForm: Its method is not post, or its key no RSA key.
    """
    for element in elements:
        if isinstance(element.tag, str) and etree.QName(element).localname == "submission":
            return _delivery(element)
    return Delivery()


def _delivery(element: etree._Element) -> Delivery:
    line = int(getattr(element, "sourceline", 0) or 0)
    action = element.get("action", "")
    if element.get("method", "") not in _METHODS:
        raise InvalidForm(element="submission", line=line, reason="the method is not post")
    key = "".join(element.get("base64RsaPublicKey", "").split())
    if key:
        from forms.encryption import public_key  # noqa: PLC0415 - few forms are encrypted

        try:
            public_key(key)
        except InvalidForm as error:
            error.fields["line"] = line
            raise
    return Delivery(
        action=action,
        public_key=key,
        auto_send=_flag(element.get(f"{{{ORX}}}auto-send")),
        auto_delete=_flag(element.get(f"{{{ORX}}}auto-delete")),
        client_editable=_flag(element.get(f"{{{ODK}}}client-editable")),
    )


def _flag(written: str | None) -> bool | None:
    return None if written is None else written.strip().lower().startswith("true")
