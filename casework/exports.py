"""Lists that leave the office: masked by grade, safe in a spreadsheet, sealed, on record."""

from __future__ import annotations

import csv
import io

from casework.errors import ReasonNeeded
from casework.four_eyes import Second, confirmed_by
from casework.grades import COLUMNS, masked
from casework.office import Office
from casework.rights import needs
from store import audit, cases, sealed

MOST_ROWS = 100_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@needs("export")
def export_cases(
    office: Office,
    wanted: cases.Wanted,
    *,
    phrase: str,
    reason: str,
    second: Second | None,
    whole: bool = False,
) -> bytes:
    """Cases that fit as CSV (UTF-8 with a mark, for spreadsheets), sealed under a pass-phrase.

    Args:
        office: The office.
        wanted: Which cases; its limit is raised to 100,000.
        phrase: At least 12 characters; the receiver opens the file with it.
        reason: What it is for; goes on record.
        second: Who confirms.
        whole: Names and numbers unmasked.

    Raises:
        ReasonNeeded: None was given.
        SecondNeeded, SecondRefused, store.errors.WrongPassword: As `four_eyes.confirmed_by`.
        store.errors.WeakPassword: The pass-phrase is too short.
    """
    if not reason.strip():
        raise ReasonNeeded
    confirmed = confirmed_by(office, second)
    rows = office.store.read(cases.list_for_export, wanted, MOST_ROWS)
    lines = [[row[name] if whole else masked(row[name], name) for name in COLUMNS] for row in rows]
    made = sealed.seal(as_csv([list(COLUMNS), *lines]).encode("utf-8-sig"), phrase)
    detail: dict[str, str | int] = {"rows": len(rows), "whole": int(whole)}
    detail |= {"second": confirmed, "reason": reason.strip()}
    office.store.writer.submit(
        audit.record,
        office.store.operator.login,
        "cases_exported",
        "",
        detail,
        now=office.now(),
    ).result()
    return made


def as_csv(rows: list[list[str]]) -> str:
    """RFC 4180; a value that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[harmless(v) for v in row] for row in rows])
    return text.getvalue()


def harmless(value: str) -> str:
    """A text that no spreadsheet computes: blanks before the sign do not help either."""
    return f"'{value}" if value.lstrip(" \u3000\ufeff\n").startswith(_FORMULA) else value
