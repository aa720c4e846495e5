"""The choices of a question as an item model, narrowed by text, pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from forms.texts import to_plain
from forms.views import Choice

Index = QModelIndex | QPersistentModelIndex
VALUE_ROLE = int(Qt.ItemDataRole.UserRole)


class ChoiceModel(QAbstractListModel):
    """Choices in the form's order, narrowed to what is typed; with check marks if asked.

    Args:
        pinyin: For each label the spellings under which it is found, lower case, in one text.
        on_check: Called with the value whose check mark was clicked.
    """

    def __init__(
        self,
        pinyin: Callable[[Sequence[str]], list[str]] = lambda labels: [""] * len(labels),
        *,
        on_check: Callable[[str], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pinyin = pinyin
        self._on_check = on_check
        self._all: tuple[Choice, ...] = ()
        self._choices: tuple[Choice, ...] = ()
        self._wanted = ""
        self._texts: list[str] = []
        self._spellings: list[str] = []
        self._checked: frozenset[str] = frozenset()
        self._enabled = True

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the list shows now."""
        return self._choices

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show other choices, unless they are the same."""
        if tuple(choices) == self._all:
            return
        self._all = tuple(choices)
        self._texts, self._spellings = [], []
        self._narrow()

    def set_wanted(self, text: str) -> None:
        """Show only choices whose label, value, pinyin or initials hold `text`; "" shows all."""
        wanted = text.strip().lower().replace(" ", "")
        if wanted != self._wanted:
            self._wanted = wanted
            self._narrow()

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
            return _plain(choice)
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

    def _narrow(self) -> None:
        self.beginResetModel()
        self._choices = self._fitting() if self._wanted else self._all
        self.endResetModel()

    def _fitting(self) -> tuple[Choice, ...]:
        if not self._texts:
            self._texts = [_plain(choice).lower().replace(" ", "") for choice in self._all]
        fits = {n for n, text in enumerate(self._texts) if self._wanted in text}
        fits.update(n for n, c in enumerate(self._all) if c.value.lower().startswith(self._wanted))
        if self._wanted.isascii():  # only then can pinyin be meant; it takes a moment to make
            if not self._spellings:
                self._spellings = self._pinyin([_plain(each) for each in self._all])
            fits.update(n for n, spelt in enumerate(self._spellings) if self._wanted in spelt)
        return tuple(self._all[n] for n in sorted(fits))


def _plain(choice: Choice) -> str:
    return to_plain(choice.label) or choice.value
