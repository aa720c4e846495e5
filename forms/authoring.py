"""XLSForm to XForm, at the author's desk and the province.

Spec: https://xlsform.org
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from forms.errors import InvalidForm

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2000


@dataclass(frozen=True)
class Authored:
    """A compiled form.

    Attributes:
        xform: UTF-8 XForm.
        resources: Lists that the workbook itself holds, by file name.
        warnings: What the compiler advises, in its own English words.
    """

    xform: bytes
    resources: Mapping[str, bytes]
    warnings: tuple[str, ...]


def compile_xlsform(xlsx: bytes) -> Authored:
    """Compile a workbook (.xlsx).

    Raises:
        InvalidForm: It is no workbook, or the compiler refuses it; `reason` has its words.
    """
    # The compiler takes most of a second to import; who only fills compiled forms never needs it.
    from pyxform.errors import PyXFormError  # noqa: PLC0415

    if len(xlsx) > MAX_BYTES:
        raise InvalidForm(element="xlsx", line=0, reason="too large")
    if not xlsx.startswith(b"PK"):
        reason = "not an .xlsx workbook; open it in a spreadsheet program and save it as .xlsx"
        raise InvalidForm(element="xlsx", line=0, reason=reason)
    if _unpacks_to_too_much(xlsx):
        raise InvalidForm(element="xlsx", line=0, reason="unpacks to more than a workbook holds")
    try:
        return _compiled(xlsx)
    except PyXFormError as cause:
        raise InvalidForm(element="xlsx", line=0, reason=str(cause)) from None
    except (KeyError, ValueError, TypeError, OSError, SyntaxError):  # the last is lxml's
        raise InvalidForm(element="xlsx", line=0, reason="not an XLSForm workbook") from None


def _compiled(xlsx: bytes) -> Authored:
    # As pyxform's own `convert`, which writes each form into a temporary file: a full disk would
    # pass for a faulty form, and a killed process leave the file.
    from pyxform.builder import create_survey_element_from_dict  # noqa: PLC0415
    from pyxform.utils import external_choices_to_csv, has_external_choices  # noqa: PLC0415
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415

    warnings: list[str] = []
    workbook = get_xlsform(xlsform=io.BytesIO(xlsx), file_type=".xlsx")
    written = workbook_to_json(
        workbook_dict=workbook, fallback_form_name=workbook.fallback_form_name, warnings=warnings
    )
    itemsets = external_choices_to_csv(workbook) if has_external_choices(written) else None
    xform = create_survey_element_from_dict(written).print_xform_to_file(
        path=os.devnull, validate=False, pretty_print=False, warnings=warnings
    )
    resources = {"itemsets.csv": itemsets.encode()} if itemsets else {}
    return Authored(xform.encode(), resources, tuple(warnings))


def _unpacks_to_too_much(xlsx: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(xlsx)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False  # the compiler says in its own words what is wrong
    # A part that lies about its size is cut off by the reader at the size it names.
    return len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES
