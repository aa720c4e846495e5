"""One table with the wording of every error: what happened, and what to do.

Codes: F forms, D store, S sync, P printing, C casework, V province, W windows. The rooms raise
codes and fields; only here do they become sentences, and only here are they translated.
"""

from __future__ import annotations

import logging
import string
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.message_table import TABLE
from desktop.sentences import joined

UNKNOWN = cast("str", QT_TRANSLATE_NOOP("errors", "Something unforeseen happened (code {code})."))
UNKNOWN_DO = cast(
    "str",
    QT_TRANSLATE_NOOP(
        "errors", "What you entered is kept. Tell the helpdesk this code if it happens again."
    ),
)
_log = logging.getLogger(__name__)


class _Gentle(string.Formatter):
    """Leaves out what a field does not say instead of failing while explaining."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        del args
        return kwargs.get(str(key), "")


def code_of(error: BaseException) -> str:
    """The stable code of an error of ours; `W999` for any other."""
    code = getattr(error, "code", "")
    return code if isinstance(code, str) and code else "W999"


def say(error: BaseException) -> str:
    """Both sentences and the code, in the language of the moment."""
    code, fields = code_of(error), getattr(error, "fields", {})
    return say_code(code, fields if isinstance(fields, Mapping) else {})


def say_code(code: str, fields: Mapping[str, object] | None = None) -> str:
    """Both sentences and the code for a code without its error."""
    what, do = TABLE.get(code, (UNKNOWN, UNKNOWN_DO))
    values = {"code": code, **(fields or {})}
    sentences = [
        _Gentle().vformat(QCoreApplication.translate("errors", text), (), values)
        for text in (what, do)
        if text
    ]
    known = code in TABLE
    return joined(*sentences, f"[{code}]" if known else "")
