"""The last exchanges with the province, for IT staff: times, codes, bytes; nothing of any case."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop import parts, words
from desktop.lists.cases import RowModel
from desktop.windows.cases import table, widths
from sync.loop import RoundLine

ROWS = 6


class RoundsCard(parts.Card):
    """The rounds of this sign-in, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.model: RowModel[RoundLine] = RowModel(
            (
                lambda row: (words.moment_s(row.at), ""),
                lambda row: (row.code or self.tr("went through"), "" if row.code else "success"),
                lambda row: (self.tr("{s} s").format(s=row.seconds), ""),
                lambda row: (f"{row.acknowledged} / {row.failed} / {row.events}", ""),
                lambda row: (f"{_kib(row.sent_bytes)} / {_kib(row.received_bytes)} KiB", ""),
                lambda row: (f"{_kib(row.bytes_per_s)} KiB/s" if row.bytes_per_s else "", ""),
            )
        )
        self.table = table(self.model)
        widths(self.table, (170, 130, 80, 200, 180, 120), stretched=3)
        self.table.setMinimumHeight(170)
        self.body.addWidget(self.table)
        self.retranslate()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.set_title(self.tr("The last exchanges"))
        self.table.setAccessibleName(self.tr("The last exchanges"))
        self.model.set_heads(
            self.tr("Began at"),
            self.tr("Result"),
            self.tr("Took"),
            self.tr("Receipts / failed / events"),
            self.tr("Sent / received"),
            self.tr("Speed"),
        )

    def show_rounds(self, rounds: tuple[RoundLine, ...]) -> None:
        """Show these."""
        self.model.show_rows(rounds)


def _kib(size: int) -> str:
    return f"{size / 1024:.0f}" if size >= 10_240 else f"{size / 1024:.1f}"
