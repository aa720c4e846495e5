"""Cases carried by hand: write a stick, forward another office's, take in what came back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import messages, parts, theme, words
from desktop.folder_dialog import ask_for_folder
from desktop.gui_thread import GuiThread
from desktop.paper_desk import Document
from desktop.stick_desk import BundleLine, Stick, StickCarried, StickTakenIn, StickWritten
from desktop.windows.base import Page
from desktop.windows.lines import Lines

T = TypeVar("T")
_SHOWN = 6  # bundles in the list


@dataclass(frozen=True)
class _Act:
    """One of the three steps: its card, what it is for, its button."""

    card: parts.Card
    text: QLabel
    button: QPushButton


class StickPage(Page):
    """Three steps in the order in which a stick meets them, and the bundles made here.

    Signals:
        back_wanted: (). document_wanted: (Document).
    """

    back_wanted = Signal()
    document_wanted = Signal(object)

    def __init__(self, stick: Stick, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stick, self._gui = stick, gui
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.write = _act("upload", "primary", lambda: self._choose(self.write_to))
        self.carry = _act("sync", "secondary", lambda: self._choose(self.carry_from))
        self.take = _act("inbox", "secondary", lambda: self._choose(self.take_from))
        self.more = parts.button("", "secondary", clicked=lambda: self._choose(self.write_more))
        self.more.hide()
        self.write.card.body.addWidget(self.more)
        acts = parts.row(self.write.card, self.carry.card, self.take.card, space=theme.M)
        for at in range(3):
            acts.setStretch(at, 1)
        self.content.addLayout(acts)
        self.made = parts.Card(" ")
        self._lines = Lines()
        self.made.body.addLayout(self._lines)
        self.content.addWidget(self.made)
        self.content.addStretch(1)
        self.setFocusProxy(self.write.button)
        self.retranslate()

    # --- acts ---

    def write_to(self, folder: str) -> None:
        """Seal what waits and copy it into `folder`."""
        self._run(self._stick.write(Path(folder), more=False), self._written)

    def write_more(self, folder: str) -> None:
        """Copy what did not fit on the stick before."""
        self._run(self._stick.write(Path(folder), more=True), self._written)

    def carry_from(self, folder: str) -> None:
        """Hand over the bundles in `folder` to the province."""
        self._run(self._stick.carry(Path(folder)), self._carried)

    def take_from(self, folder: str) -> None:
        """Take in the answers in `folder`."""
        self._run(self._stick.take_in(Path(folder)), self._taken)

    def _choose(self, use: Callable[[str], None]) -> None:
        ask_for_folder(self, self.tr("Choose the stick"), self.tr("Choose"), use)

    def _run(self, future: Future[T], done: Callable[[T], None]) -> None:
        self._offer(busy=True)
        self.banner.say(self.tr("Working. Leave the stick in place."), "info")

        def finished(result: T) -> None:
            self._offer(busy=False)
            done(result)
            self.refresh()

        def failed(error: Exception) -> None:
            self._offer(busy=False)
            self.explain(error)

        self._gui.deliver(future, to=self, done=finished, failed=failed)

    def _offer(self, *, busy: bool) -> None:
        for act in (self.write, self.carry, self.take):
            act.button.setEnabled(not busy)
        self.more.setEnabled(not busy)

    def _written(self, result: StickWritten) -> None:
        self.more.setVisible(result.left > 0)
        if result.left:
            text = self.tr("{n} files are on this stick, {left} did not fit. Take the next stick.")
            self.banner.say(text.format(n=result.written, left=result.left), "warning")
            return
        what = self._what(result)
        if what:
            text = self.tr("On the stick: {what}. Hand it to an office with a network.")
        else:
            text = self.tr(
                "Nothing waits here: the stick asks for news. Hand it to an office with a network."
            )
        self.banner.say(text.format(what=what), "success")

    def _carried(self, result: StickCarried) -> None:
        if result.failed:
            name, code = result.failed[0]
            text = self.tr("{n} files were handed over, {failed} were not. {name}: {why}")
            why = messages.say_code(code)
            failed = len(result.failed)
            said = text.format(n=result.carried, failed=failed, name=name, why=why)
            self.banner.say(said, "danger")
        elif result.carried:
            text = self.tr(
                "{n} files were handed over. Give the stick back: the answers are on it."
            )
            self.banner.say(text.format(n=result.carried), "success")
        else:
            self.banner.say(self.tr("There is no bundle on this stick."), "warning")

    def _taken(self, result: StickTakenIn) -> None:
        if result.failed:
            name, code = result.failed[0]
            self.banner.say(f"{name}: {messages.say_code(code)}", "danger")
        elif result.refused:
            text = self.tr("{n} cases are acknowledged, {refused} were refused: see the outbox.")
            said = text.format(n=result.acknowledged, refused=result.refused)
            self.banner.say(said, "warning")
        elif result.answers:
            what = self._counts(
                (self.tr("{n} cases acknowledged"), result.acknowledged),
                (self.tr("{n} other entries acknowledged"), result.others),
                (self.tr("{n} news"), result.events),
                (self.tr("{n} records of residents and licences"), result.records),
                (self.tr("{n} services updated"), result.services),
                (self.tr("{n} code lists updated"), result.lists),
            )
            text = self.tr("Taken in: {what}.") if what else self.tr("There is nothing new.")
            if result.more:
                text += self.tr(" More of the services comes with the next stick: write one.")
            self.banner.say(f"{text.format(what=what)}{self._program(result)}", "success")
        elif result.known:
            said = self.tr("These answers were taken in before.")
            self.banner.say(f"{said}{self._program(result)}", "info")
        elif result.program:
            self.banner.say(self._program(result).strip(), "info")
        else:
            self.banner.say(self.tr("There is no answer for this computer here."), "warning")

    def _program(self, result: StickTakenIn) -> str:
        text = self.tr(" Version {version} of the program lies on this stick. IT staff install it.")
        return text.format(version=result.program) if result.program else ""

    def _what(self, holds: BundleLine | StickWritten) -> str:
        return self._counts(
            (self.tr("{n} cases"), holds.cases), (self.tr("{n} other entries"), holds.others)
        )

    def _counts(self, *told: tuple[str, int]) -> str:
        return self.tr(", ").join(text.format(n=n) for text, n in told if n)

    # --- showing ---

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Carry by stick"))
        self.back.setText(self.tr("Outbox"))
        self.back.setAccessibleName(self.tr("Back to the outbox"))
        self.more.setText(self.tr("Go on with the next stick"))
        self.more.setAccessibleName(self.more.text())
        self.made.set_title(self.tr("Bundles of this computer"))
        said = (
            (
                self.write,
                self.tr("1  Without a network"),
                self.tr(
                    "All that waits is sealed for the province and written to a stick, with a wish"
                    " for news. Nobody on the way can read it."
                ),
                self.tr("Write a stick"),
            ),
            (
                self.carry,
                self.tr("2  With a network"),
                self.tr(
                    "Bundles of another office are handed over, and the province's sealed answers"
                    " are laid beside them."
                ),
                self.tr("Forward a stick"),
            ),
            (
                self.take,
                self.tr("3  Back again"),
                self.tr(
                    "Receipts, decisions, numbers, residents and new services are taken in."
                    " Doing it twice changes nothing."
                ),
                self.tr("Take in answers"),
            ),
        )
        for act, title, text, name in said:
            act.card.set_title(title)
            act.text.setText(text)
            act.button.setText(name)
            act.button.setAccessibleName(name)

    def refresh(self) -> None:
        """Read the list of bundles again."""
        may = self._stick.may_write()
        self.write.card.setVisible(may)
        found = self._stick.bundles()[:_SHOWN]
        self.made.setVisible(bool(found))
        self._lines.show(found, lambda: map(self._line, found))

    def _line(self, line: BundleLine) -> QVBoxLayout:
        state, tone = self._state(line)
        what = self._what(line)
        facts = self.tr("{what} in {parts} files") if what else self.tr("A wish for news")
        facts = facts.format(what=what, parts=line.parts)
        slip = parts.button(self.tr("Hand-over slip"), "quiet", icon="print", small=True)
        title = self.tr("Hand-over slip of {at}").format(at=words.moment(line.made_at))
        slip.setAccessibleName(title)
        document = Document(f"relay-slip:{line.id}", "relay-slip", self.tr("Hand-over slip"))
        slip.clicked.connect(lambda _checked=False: self.document_wanted.emit(document))
        slip.setVisible(line.printable)
        row = parts.row(
            parts.label(words.moment(line.made_at)),
            parts.label(facts, "muted"),
            -1,
            parts.badge(state, tone),
            slip,
            space=theme.L,
        )
        return parts.column(row)

    def _state(self, line: BundleLine) -> tuple[str, parts.Tone]:
        if line.answered == line.parts:
            return self.tr("Answered"), "success"
        if line.answered:
            done = self.tr("{n} of {all} answered")
            return done.format(n=line.answered, all=line.parts), "info"
        if line.copied == line.parts:
            return self.tr("On its way"), "info"
        return self.tr("{n} files not on a stick yet").format(n=line.parts - line.copied), "warning"


def _act(icon: str, kind: parts.Kind, clicked: Callable[[], None]) -> _Act:
    card, text = parts.Card(" "), parts.label("", wrap=True)
    made = parts.button("", kind, icon=icon, clicked=clicked)
    card.body.addWidget(text)
    card.body.addSpacing(theme.S)
    card.body.addStretch(1)
    card.body.addWidget(made)
    return _Act(card, text, made)
