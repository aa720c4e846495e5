"""The choices of a question as an item model, filtered by text, pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from forms.texts import to_plain
from forms.views import Choice

Index = QModelIndex | QPersistentModelIndex
VALUE_ROLE = int(Qt.ItemDataRole.UserRole)


class ChoiceModel(QAbstractListModel):
    """Choices in the form's order; checkable where several may be chosen."""

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        on_check: Callable[[str], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._on_check = on_check
        self._checked: frozenset[str] = frozenset()
        self._enabled = True

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the list shows now."""
        return self._choices

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show other choices, unless they are the same."""
        if tuple(choices) == self._choices:
            return
        self.beginResetModel()
        self._choices = tuple(choices)
        self.endResetModel()

    def set_checked(self, values: Sequence[str], *, enabled: bool = True) -> None:
        """Show which values are chosen."""
        self._checked = frozenset(values)
        self._enabled = enabled
        if self._choices:
            self.dataChanged.emit(self.index(0), self.index(len(self._choices) - 1))

    def row_of(self, value: str) -> int:
        """The row of `value`, -1 when it is no choice."""
        for row, choice in enumerate(self._choices):
            if choice.value == value:
                return row
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own
        """How many choices there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Label, value or check mark of a row."""
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return to_plain(choice.label) or choice.value
        if role == VALUE_ROLE:
            return choice.value
        if role == Qt.ItemDataRole.CheckStateRole and self._on_check:
            checked = choice.value in self._checked
            return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen, and checked where several may be."""
        flags = super().flags(index)
        if self._on_check and self._enabled:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, _value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Hand a click on a check mark on; the answer comes back as a view."""
        if role != Qt.ItemDataRole.CheckStateRole or not self._on_check or not self._enabled:
            return False
        self._on_check(self._choices[index.row()].value)
        return True


class ChoiceFilter(QSortFilterProxyModel):
    """Rows whose label, value, pinyin or initials hold what is typed."""

    def __init__(
        self, pinyin: Callable[[str], tuple[str, ...]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pinyin = pinyin
        self._wanted = ""
        self._spellings: dict[str, str] = {}

    def set_wanted(self, text: str) -> None:
        """Show only what fits `text`; "" shows all."""
        wanted = text.strip().lower().replace(" ", "")
        if wanted != self._wanted:
            self._wanted = wanted
            self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether the row fits."""
        if not self._wanted:
            return True
        index = self.sourceModel().index(row, 0, parent)
        label = str(index.data())
        if label not in self._spellings:
            spelt = (label.lower().replace(" ", ""), *self._pinyin(label))
            self._spellings[label] = "\n".join(spelt)
        value = str(index.data(VALUE_ROLE) or "").lower()
        return self._wanted in self._spellings[label] or value.startswith(self._wanted)
