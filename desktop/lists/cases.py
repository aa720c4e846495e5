"""Item models and delegates of the case list, the outbox and the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop import theme
from desktop.lists.headed import HeadedTable, Index

DETAIL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 2

Row = TypeVar("Row")
Cell = tuple[str, str]


class RowModel(HeadedTable, Generic[Row]):
    """A table of frozen rows; each column is a function from row to (text, tone)."""

    def __init__(self, columns: tuple[Callable[[Row], Cell], ...]) -> None:
        super().__init__(len(columns))
        self._columns = columns
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text and tone of a cell."""
        text, tone = self._columns[index.column()](self.rows[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return text
        return tone if role == TONE_ROLE else None


class BadgeDelegate(QStyledItemDelegate):
    """Draws the text of a cell as a badge in the cell's tone; plain where it has none."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        tone, text = index.data(TONE_ROLE), index.data()
        if not tone or not text:
            super().paint(painter, option, index)
            return
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""  # type: ignore[attr-defined]
        widget: QWidget = option.widget  # type: ignore[attr-defined]
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, widget)
        area: QRect = option.rect  # type: ignore[attr-defined]
        colours, metrics = theme.current().colours, option.fontMetrics  # type: ignore[attr-defined]
        soft = colours.raised if tone == "neutral" else getattr(colours, f"{tone}_soft")
        ink = colours.muted if tone == "neutral" else getattr(colours, tone)
        width = min(metrics.horizontalAdvance(text) + 18, area.width() - 12)
        height = metrics.height() + 2
        box = QRectF(area.x() + 8, area.center().y() - height / 2 + 1, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class TwoLineDelegate(QStyledItemDelegate):
    """A name with a quieter line below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002
        """Two lines and air."""
        return QSize(0, round(60 * theme.current().scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""  # type: ignore[attr-defined]
        widget: QWidget = option.widget  # type: ignore[attr-defined]
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, widget)
        now, area = theme.current(), QRect(option.rect)  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        inner, font = area.adjusted(14, 8, -8, -8), painter.font()
        painter.save()
        if selected:
            painter.fillRect(
                area.x(), area.y() + 6, 3, area.height() - 12, QColor(now.colours.accent)
            )
        font.setPixelSize(now.type.body)
        font.setBold(selected)
        painter.setFont(font)
        painter.setPen(QColor(now.colours.text))
        upper = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, upper, index.data())
        font.setPixelSize(now.type.caption)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(now.colours.muted))
        lower = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, lower, index.data(DETAIL_ROLE) or "")
        painter.restore()
