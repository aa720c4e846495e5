"""What was sent, what the province acknowledged, what failed and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop import messages, parts, theme, words
from desktop.desk import Desk, OutboxLine
from desktop.late_words import SETTLED_THERE
from desktop.link_words import LinkWords, say_clock, say_link
from desktop.lists.cases import Cell, RowModel
from desktop.windows.base import Page
from desktop.windows.cases import table, widths
from desktop.windows.rounds import RoundsCard
from sync.large import HELD, NO_ROOM

# Codes that say something of the case itself, and not of the network.
OWN_REASONS = (*HELD, *NO_ROOM, "S110", "S139")
CLOCK = "S133"
TONES: dict[str, parts.Tone] = {
    "waiting": "neutral",
    "sent": "info",
    "acknowledged": "success",
    "failed": "danger",
}


class Outbox(Page):
    """The page of submissions on their way.

    Signals:
        case_wanted: (case id). stick_wanted: ().
    """

    case_wanted = Signal(str)
    stick_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.send = parts.button("", "primary", icon="sync", clicked=self._send)
        self.stick = parts.button("", icon="save", clicked=self.stick_wanted.emit)
        self.stick.setVisible(desk.stick() is not None)
        self.head.addWidget(self.stick)
        self.head.addWidget(self.send)
        self.model: RowModel[OutboxLine] = RowModel(
            (
                lambda row: (row.number, ""),
                lambda row: (row.service, ""),
                lambda row: (words.moment(row.queued_at), ""),
                self._sent,
                lambda row: (self._state(row), TONES[row.state]),
                lambda row: (self._more(row), ""),
            )
        )
        self.table = table(self.model)
        widths(self.table, (215, 190, 145, 110, 120, 180), stretched=5, spare=(2, 3))
        self.table.activated.connect(lambda at: self._open(at.row()))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_detail())
        self.clock = parts.Banner()
        self.content.addWidget(self.clock)
        self.content.addWidget(self.table, 1)
        self.detail = parts.Card()
        self.detail_title, self.detail_text = (
            parts.label("", "strong"),
            parts.label("", wrap=True),
        )
        self.open_case = parts.button(
            "", clicked=lambda: self._open(self.table.currentIndex().row())
        )
        self.again = parts.button("", icon="sync", clicked=self._again)
        text = parts.column(self.detail_title, self.detail_text, space=4)
        line = parts.row(text, self.again, self.open_case, space=theme.L)
        line.setStretch(0, 1)
        self.detail.body.addLayout(line)
        self.detail.hide()
        self.content.addWidget(self.detail)
        self.nothing = parts.EmptyState("check-circle")
        self.content.addWidget(self.nothing, 1)
        self.for_it = parts.button("", "quiet", icon="list", small=True)
        self.for_it.setCheckable(True)
        self.for_it.toggled.connect(self._show_rounds)
        self.rounds = RoundsCard()
        self.rounds.hide()
        self.content.addLayout(parts.row(self.for_it, -1))
        self.content.addWidget(self.rounds)
        self.banner.action.clicked.connect(lambda _checked=False: self._help())
        self._words = LinkWords("", "", "neutral")
        self.setFocusProxy(self.table)
        self.retranslate()

    def _send(self) -> None:
        self._desk.send_now()
        self.refresh()

    def _help(self) -> None:
        if self._words.action == "sign in":
            QDesktopServices.openUrl(QUrl(self._words.page))
        elif self._words.action == "files":
            self._desk.send_now(files=True)
            self.refresh()

    def _show_rounds(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.rounds.setVisible(shown)
        self.refresh()

    def _open(self, at: int) -> None:
        if 0 <= at < len(self.model.rows):
            self.case_wanted.emit(self.model.rows[at].case_id)

    def _again(self) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.model.rows):
            self.again.setEnabled(False)
            self._desk.act(self.model.rows[at].case_id, "retry").add_done_callback(
                lambda _done: self._desk.send_now()
            )

    def _state(self, row: OutboxLine) -> str:
        return {
            "waiting": self.tr("Waiting"),
            "sent": self.tr("Partly sent"),
            "acknowledged": self.tr("Server has it") if row.project else self.tr("Acknowledged"),
            "failed": self.tr("Failed"),
        }[row.state]

    def _sent(self, row: OutboxLine) -> Cell:
        done = row.size_bytes if row.state == "acknowledged" else row.sent_bytes
        return f"{_kilobytes(done)} / {_kilobytes(row.size_bytes)} KB", ""

    def _more(self, row: OutboxLine) -> str:
        if row.state == "failed" or (row.error_code in OWN_REASONS and not row.receipt):
            return messages.say_code(row.error_code, dict(row.error_fields))
        if row.receipt and row.project:
            said = self.tr("{project} says: {words}")
            return said.format(project=row.project, words=row.receipt)
        if row.receipt:
            return self.tr("Receipt {receipt}").format(receipt=row.receipt)
        return self.tr("Goes out by itself with the next connection")

    def _show_detail(self) -> None:
        at = self.table.currentIndex().row()
        chosen = 0 <= at < len(self.model.rows)
        self.detail.setVisible(chosen and not self.for_it.isChecked())  # a small screen holds one
        if self.detail.isHidden():
            return
        row = self.model.rows[at]
        self.detail_title.setText(f"{row.number}  ·  {self._state(row)}")
        more = self._more(row)
        if row.retry_at is not None:
            again = self.tr("Tried again by itself at {at}.")
            more += "\n" + again.format(at=words.moment(row.retry_at))
        self.detail_text.setText(more)
        self.again.setVisible(row.state == "failed" and row.error_code not in SETTLED_THERE)
        self.again.setEnabled(row.state == "failed")

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Outbox"))
        self.send.setText(self.tr("Send now"))
        self.send.setAccessibleName(self.send.text())
        self.stick.setText(self.tr("Carry by stick"))
        self.stick.setAccessibleName(self.stick.text())
        self.again.setText(self.tr("Send again"))
        self.again.setAccessibleName(self.again.text())
        self.open_case.setText(self.tr("Open case"))
        self.open_case.setAccessibleName(self.open_case.text())
        self.table.setAccessibleName(self.tr("Submissions on their way"))
        self.model.set_heads(
            self.tr("Case number"),
            self.tr("Service"),
            self.tr("Accepted at"),
            self.tr("Sent"),
            self.tr("State"),
            self.tr("What next"),
        )
        self.for_it.setText(self.tr("For IT staff"))
        self.for_it.setAccessibleName(self.tr("Show the last exchanges"))
        self.rounds.retranslate()
        self.nothing.say(
            self.tr("Nothing waits to be sent"),
            self.tr("Accepted cases appear here until the province has acknowledged them."),
        )

    def refresh(self) -> None:
        """Read the list and the link again."""
        at = self.table.currentIndex().row()
        rows = tuple(self._desk.outbox())
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        failed = next((n for n, row in enumerate(rows) if row.state == "failed"), -1)
        at = at if 0 <= at < len(rows) else failed
        if at >= 0:
            self.table.selectRow(at)
        self._show_detail()
        self._show_link()

    def _show_link(self) -> None:
        sync = self._desk.sync()
        self.send.setEnabled(sync.kind != "working")
        self._words = said = say_link(sync)
        self.banner.say("" if sync.kind == "never" else said.text, said.tone)
        does = {"sign in": self.tr("Open the sign-in page"), "files": self.tr("Send files now")}
        text = does.get(said.action, "")
        self.banner.action.setText(text)
        self.banner.action.setAccessibleName(text)
        self.banner.action.setVisible(bool(text))
        told = sync.error_code == CLOCK  # both times stand in the banner already
        self.clock.say("" if told else say_clock(sync.skew_s), "warning")
        if self.rounds.isVisible():
            self.rounds.show_rounds(sync.rounds)


def _kilobytes(size: int) -> int:
    """In whole KB, and never 0 for something."""
    return -(-size // 1024)
