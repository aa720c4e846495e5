"""Documents with a tick and a state each, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal

from desktop import messages
from desktop.batch import Fate
from desktop.lists.cases import TONE_ROLE, Cell
from desktop.lists.headed import HeadedTable, Index
from desktop.paper_desk import Document

TITLE, PART, NUMBER, STATE = range(4)
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class TickedPapers(HeadedTable):
    """Documents in their order; those that never came out are ticked at first.

    One under way can have no tick: nobody knows yet whether it came out.

    Signals:
        ticked: () a tick was set or taken away.
    """

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__(STATE + 1)
        self.documents: tuple[Document, ...] = ()
        self._off: set[str] = set()
        self._fates: Mapping[str, Fate] = {}
        self.locked = False  # while a run is under way

    @property
    def follows(self) -> bool:
        """Whether the states shown are those of a run."""
        return bool(self._fates)

    def show(self, documents: Sequence[Document]) -> None:
        """Show these; one that is shown already, and is as it was, keeps its tick."""
        self.beginResetModel()
        known = set(self.documents)
        self._off = {
            each.id
            for each in documents
            if (each.id in self._off if each in known else each.copies or each.underway)
        }
        self.documents, self._fates = tuple(documents), {}
        self.endResetModel()
        self.ticked.emit()

    def follow(self, fates: Mapping[str, Fate], latest: str) -> None:
        """Show where the documents of a run are; `latest` is the one that moved."""
        self._fates = fates
        row = next((n for n, each in enumerate(self.documents) if each.id == latest), -1)
        if row >= 0:
            self.dataChanged.emit(self.index(row, STATE), self.index(row, STATE))

    def chosen(self) -> list[Document]:
        """The ticked ones, in their order."""
        return [each for each in self.documents if each.id not in self._off]

    def tick_all(self, *, on: bool) -> None:
        """Tick all or none."""
        kept = {each.id for each in self.documents if each.underway}
        self._off = kept if on else {each.id for each in self.documents}
        last = self.index(len(self.documents) - 1, TITLE)
        self.dataChanged.emit(self.index(0, TITLE), last, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def turn(self, row: int) -> None:
        """Set the tick of a row, or take it away."""
        on = self.documents[row].id in self._off
        state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        self.setData(self.index(row, TITLE), state, Qt.ItemDataRole.CheckStateRole)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's way
        """How many documents."""
        return 0 if parent.isValid() else len(self.documents)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be ticked but one under way."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        may = not (self.locked or self.documents[index.row()].underway)
        return (
            _FLAGS | Qt.ItemFlag.ItemIsUserCheckable if may and index.column() == TITLE else _FLAGS
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, tone, tick, and what keeps a paper back."""
        document, column = self.documents[index.row()], index.column()
        text, tone = self._state(document) if column == STATE else ("", "")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return {TITLE: document.title, PART: document.part, NUMBER: document.number}.get(
                column, text
            )
        if role == Qt.ItemDataRole.CheckStateRole and column == TITLE:
            off = document.id in self._off
            return Qt.CheckState.Unchecked if off else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._more(document, column)
        return tone if role == TONE_ROLE else None

    def _more(self, document: Document, column: int) -> str:
        if column != STATE:
            return {TITLE: document.title, PART: document.part}.get(column, document.number)
        fate = self._fates.get(document.id)
        code = fate.code if fate else document.trouble
        return messages.say_code(code) if code else ""

    def _state(self, document: Document) -> Cell:
        fate = self._fates.get(document.id)
        if fate is None and document.underway:
            fate = Fate("unsure")
        if fate is None and document.trouble:
            fate = Fate("failed", document.trouble)
        if fate is not None:
            return {
                "waiting": (self.tr("Waiting"), "neutral"),
                "underway": (self.tr("Printing"), "info"),
                "queued": (self.tr("In the queue"), "neutral"),
                "stuck": (self.tr("Stuck at the printer"), "warning"),
                "printed": (self.tr("Printed"), "success"),
                "failed": (self.tr("Not printed"), "danger"),
                "unsure": (self.tr("Not confirmed"), "warning"),
            }[fate.stage]
        if document.copies:
            return self.tr("Printed {n} times").format(n=document.copies), "success"
        return self.tr("Ready"), "neutral"

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Set a tick or take it away."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != TITLE:
            return False
        document = self.documents[index.row()]
        if self.locked or document.underway:
            return False
        if value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value):
            self._off.discard(document.id)
        else:
            self._off.add(document.id)
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True
