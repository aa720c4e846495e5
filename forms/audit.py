"""The audit log of a submission: which question was open when, and what changed.

Spec: https://getodk.github.io/xforms-spec/client-audit-logs,
https://docs.getodk.org/form-audit-log/#event-types
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from forms.definition import Path
from forms.delivery import ODK
from forms.errors import InvalidForm, UnsupportedFeature

FILE = "audit.csv"
_PLACES = ("location-priority", "location-min-interval", "location-max-age")
_HEAD = ("event", "node", "start", "end")


@dataclass(frozen=True)
class AuditPlan:
    """What the author of a form wants logged.

    Attributes:
        path: Of the node that names the log's file.
        track_changes: Log old and new answers.
        identify_user: Log who fills in.
        reasons: A correction needs a reason.
    """

    path: Path
    track_changes: bool = False
    identify_user: bool = False
    reasons: bool = False


def read_plan(binds: Iterable[tuple[Path, etree._Element]]) -> AuditPlan | None:
    """What the bind of `meta/audit` asks for; None for a form without.

    Raises:
        UnsupportedFeature: It asks for positions, which an office's computer does not have.
    """
    for path, element in binds:
        if path[-2:] == ("meta", "audit"):
            return _plan(path, element)
    return None


def _plan(path: Path, element: etree._Element) -> AuditPlan:
    line = int(getattr(element, "sourceline", 0) or 0)
    for name in _PLACES:
        if element.get(f"{{{ODK}}}{name}") is not None:
            raise UnsupportedFeature(feature=f"audit {name}", element="bind", line=line)

    def flag(name: str) -> bool:
        return (element.get(f"{{{ODK}}}{name}") or "").strip().lower().startswith("true")

    reasons = element.get(f"{{{ODK}}}track-changes-reasons")
    if reasons not in {None, "", "on-form-edit"}:
        raise InvalidForm(element="bind", line=line, reason="no such track-changes-reasons")
    return AuditPlan(path, flag("track-changes"), flag("identify-user"), bool(reasons))


class AuditLog:
    """The log of one submission, over all the times that it is opened."""

    def __init__(
        self, plan: AuditPlan, clock: Callable[[], datetime], user: str, earlier: bytes | None
    ) -> None:
        self.plan = plan
        self._clock = clock
        self._user = user
        self._rows: list[dict[str, str]] = _read(earlier) if earlier else []
        self._open: dict[str, tuple[str, str]] = {}  # since when, and the answer at that time

    def note(
        self, event: str, node: str = "", *, old: str = "", new: str = "", **more: str
    ) -> None:
        """Log something that happens now.

        Args:
            event: As the specification names it.
            node: Ref of the node that it is about.
            old: Answer before, if it differs from `new`.
            new: Answer after.
            more: Other columns: `start`, `end`, `reason`.
        """
        row = {"event": event, "node": node, "start": more.get("start") or self._stamp()}
        row["end"] = more.get("end", "")
        if self.plan.track_changes and old != new:
            row |= {"old-value": old, "new-value": new}
        if self.plan.identify_user:
            row["user"] = self._user
        if more.get("reason"):
            row["change-reason"] = more["reason"]
        self._rows.append(row)

    def look(self, answers: dict[str, str]) -> None:
        """The person now has these questions in front of them: ref and answer."""
        for ref, answer in answers.items():
            if ref not in self._open:
                self._open[ref] = (self._stamp(), answer)

    def close(self, ref: str, answer: str) -> None:
        """The question at `ref`, looked at so far, is left with `answer`."""
        start, old = self._open.pop(ref)
        self.note("question", ref, old=old, new=answer, start=start, end=self._stamp())

    def changed(self, ref: str, old: str, new: str) -> None:
        """`ref` was answered; logged at once unless it is being looked at."""
        if ref not in self._open:
            now = self._stamp()
            self.note("question", ref, old=old, new=new, start=now, end=now)

    def open_refs(self) -> tuple[str, ...]:
        """What the person has in front of them."""
        return tuple(self._open)

    def csv(self) -> bytes:
        """The log as a file, UTF-8."""
        columns = [*_HEAD]
        if self.plan.track_changes:
            columns += ["old-value", "new-value"]
        if self.plan.identify_user:
            columns.append("user")
        if self.plan.reasons:
            columns.append("change-reason")
        lines = [",".join(columns)]
        lines += [",".join(_cell(row.get(name, "")) for name in columns) for row in self._rows]
        return ("\n".join(lines) + "\n").encode()

    def _stamp(self) -> str:
        return str(round(self._clock().timestamp() * 1000))


def _cell(text: str) -> str:
    """Quoted where there is a comma or a line break and only there, as specified."""
    if any(mark in text for mark in ",\n\r"):
        return '"' + text.replace('"', '""') + '"'
    return text


def _read(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InvalidForm(element="audit", line=0, reason="not an audit log") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    return [{name: cell for name, cell in row.items() if isinstance(cell, str)} for row in reader]
