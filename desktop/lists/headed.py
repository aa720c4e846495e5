"""What tables share: named columns."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


class HeadedTable(QAbstractTableModel):
    """A table whose columns have names; `rowCount` and `data` are its own."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self._heads: tuple[str, ...] = ("",) * columns

    def set_heads(self, *heads: str) -> None:
        """Name the columns."""
        self._heads = heads
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads) - 1)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Names of columns, left-aligned as their content."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None
