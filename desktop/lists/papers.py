"""Documents with a tick each, however many there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.paper_desk import Document

Index = QModelIndex | QPersistentModelIndex
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class TickedPapers(QAbstractListModel):
    """Documents in their order; all are ticked at first.

    Signals:
        ticked: () a tick was set or taken away.
    """

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._documents: Sequence[Document] = ()
        self._off: set[str] = set()

    def show(self, documents: Sequence[Document]) -> None:
        """Show these, all ticked."""
        self.beginResetModel()
        self._documents, self._off = documents, set()
        self.endResetModel()
        self.ticked.emit()

    def chosen(self) -> list[Document]:
        """The ticked ones, in their order."""
        return [each for each in self._documents if each.id not in self._off]

    def tick_all(self, *, on: bool) -> None:
        """Tick all or none."""
        self._off = set() if on else {each.id for each in self._documents}
        last = self.index(len(self._documents) - 1)
        self.dataChanged.emit(self.index(0), last, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's way
        """How many documents."""
        return 0 if parent.isValid() else len(self._documents)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be ticked."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Number and title, and the tick."""
        document = self._documents[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{document.number}  ·  {document.title}"
        if role == Qt.ItemDataRole.CheckStateRole:
            off = document.id in self._off
            return Qt.CheckState.Unchecked if off else Qt.CheckState.Checked
        return None

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Set a tick or take it away."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        document = self._documents[index.row()]
        if value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value):
            self._off.discard(document.id)
        else:
            self._off.add(document.id)
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True
