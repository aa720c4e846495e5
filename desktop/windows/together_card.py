"""The card of one thing on the page of each of its cases: how all of it stands, and its results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from desktop import parts, theme, words
from desktop.desk import CaseLine, Together
from desktop.windows.lines import Lines


class TogetherCard(parts.Card):
    """What was applied for in one go.

    Signals:
        case_wanted: (id of a case). results_wanted: (id of the first case): to be printed.
        handed_over: (ids of the cases whose results are handed over).
    """

    case_wanted = Signal(str)
    results_wanted = Signal(str)
    handed_over = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.heading.setWordWrap(True)
        self._lines = Lines(space=theme.M)
        self.body.addLayout(self._lines)
        self.body.addStretch(1)

    def show_together(self, together: Together | None, case_id: str, *, prints: bool) -> None:
        """Show it on the page of `case_id`; `prints`: whether this role prints."""
        self.setVisible(together is not None)
        if together is None:
            return
        done = together.expected - together.open
        self.set_title(
            self.tr("{name}: {done} of {n} decided").format(
                name=together.name, done=done, n=together.expected
            )
        )
        self._lines.show(
            (case_id, together, prints), lambda: self._build(together, case_id, prints=prints)
        )

    def _build(
        self, together: Together, case_id: str, *, prints: bool
    ) -> Iterator[QWidget | QLayout]:
        yield parts.label(self._standing(together), "muted", wrap=True)
        for line in together.lines:
            yield self._line(line, case_id)
        if together.papers or together.deliverable:
            yield parts.rule()
        if together.papers:
            yield self._papers(together, prints=prints)
        if together.deliverable:
            yield self._handing_over(together)

    def _standing(self, together: Together) -> str:
        counted = Counter(line.status for line in together.lines)
        said = [
            self.tr("{n} {status}").format(n=n, status=words.status(status))
            for status, n in counted.items()
        ]
        if missing := together.expected - len(together.lines):
            said.append(self.tr("{n} not known here yet").format(n=missing))
        due = [line for line in together.lines if line.days_left is not None]
        if due:
            first = min(due, key=lambda line: line.days_left or 0)
            left, _tone = words.days_left(first.days_left, firm=first.firm)
            said.append(self.tr("next deadline: {left}").format(left=left))
        return "  ·  ".join(said)

    def _line(self, line: CaseLine, case_id: str) -> QLayout:
        name = parts.label(line.service, "strong" if line.id == case_id else "body", wrap=True)
        state = parts.badge(words.status(line.status), words.STATUS[line.status][1])
        text = parts.column(name, parts.label(line.number, "caption"), space=2)
        show = parts.button(
            self.tr("Open"), small=True, clicked=partial(self.case_wanted.emit, line.id)
        )
        show.setAccessibleName(self.tr("Open {service}").format(service=line.service))
        show.setEnabled(line.id != case_id)
        row = parts.row(text, state, show, space=theme.M)
        row.setStretch(0, 1)
        return row

    def _papers(self, together: Together, *, prints: bool) -> QLayout:
        said = parts.column(parts.label(self._ready(together), "strong", wrap=True), space=2)
        if together.pending:
            text = self.tr("Still being worked on: {services}")
            said.addWidget(
                parts.label(text.format(services="、".join(together.pending)), "caption", wrap=True)
            )
        row = parts.row(said, space=theme.M)
        row.setStretch(0, 1)
        if prints:
            ready = bool(together.ready)
            printed = any(paper.copies for paper in together.papers)
            again = self.tr("Print again ...") if printed else self.tr("See where they are ...")
            button = parts.button(
                self.tr("Print all results ...") if ready else again,
                "primary" if ready else "secondary",
                icon="print",
                clicked=partial(self.results_wanted.emit, together.lines[0].id),
            )
            button.setAccessibleName(button.text().rstrip(" .…"))
            row.addWidget(button)
        return row

    def _ready(self, together: Together) -> str:
        printed = sum(paper.copies > 0 for paper in together.papers)
        unsure = sum(paper.underway for paper in together.papers)
        failed = sum(bool(paper.trouble) for paper in together.ready)
        said = []
        if n := len(together.ready):
            said.append(self.tr("{n} papers ready to print").format(n=n))
        if failed:
            said.append(self.tr("{n} of them did not come out last time").format(n=failed))
        if unsure:
            said.append(self.tr("{n} at the printer, not confirmed yet").format(n=unsure))
        if printed:
            said.append(self.tr("{n} printed").format(n=printed))
        return "  ·  ".join(said)

    def _handing_over(self, together: Together) -> QLayout:
        n = len(together.deliverable)
        button = parts.button(
            self.tr("Hand over all"),
            clicked=partial(self.handed_over.emit, together.deliverable),
        )
        text = self.tr("{n} results are not noted as handed over yet.").format(n=n)
        row = parts.row(parts.label(text, wrap=True), button, space=theme.M)
        row.setStretch(0, 1)
        return row
