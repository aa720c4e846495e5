"""What the windows say of a decision made here that came too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from PySide6.QtCore import QCoreApplication

from desktop import words
from desktop.desk import OutboxLine, Status
from desktop.sentences import joined
from store.views import LateView, OutboxRow

DECIDED, WHO_KNOWN, PAPER_OUT = "S190", "S195", "S196"
SETTLED_THERE = (DECIDED, WHO_KNOWN, PAPER_OUT)  # sending it again changes nothing


def note(late: LateView | None) -> str:
    """Who decided a case first, and what to do about ours; "" where nothing is late."""
    if late is None:
        return ""
    if late.first is None:
        return _tr("It had been decided before; what was decided comes with the next exchange.")
    said = _tr("{by} was first, on {at}: {what}. What was decided here does not count.").format(
        by=late.first.by, at=words.moment(late.first.at), what=_what(late.first.kind)
    )
    if not late.papers:
        return said
    back = _tr("Take back certificate {papers}, which was given out here.")
    return joined(said, back.format(papers="、".join(late.papers)))


def does_not_count(note: str = "") -> str:
    """The note of a step, or of a certificate, that was decided too late."""
    return "  ·  ".join(filter(None, (note, _tr("came too late, does not count"))))


def of_line(line: OutboxLine, row: OutboxRow) -> OutboxLine:
    """The line of the outbox, with who was first once that is known."""
    if row.error_code != DECIDED or "kind" not in row.error_fields:
        return line
    fields = {name: str(value) for name, value in row.error_fields.items()}
    fields["what"] = _what(fields["kind"])
    fields["at"] = words.moment(datetime.fromisoformat(fields["at"]))
    code = PAPER_OUT if fields.get("papers") else WHO_KNOWN
    return replace(line, error_code=code, error_fields=tuple(fields.items()))


def _what(kind: str) -> str:
    return words.status(cast("Status", kind))


def _tr(text: str) -> str:
    return QCoreApplication.translate("late", text)
