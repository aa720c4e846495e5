"""The instances of a repeat as rows that are edited in place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop import theme
from desktop.questions.date_words import read_day
from desktop.windows.form_outline import Outline
from forms.texts import to_plain
from forms.views import NodeView

Index = QModelIndex | QPersistentModelIndex
_MOST_ROWS = 10
_TYPED = frozenset(("string", "int", "decimal", "date", "barcode"))


def answer_text(view: NodeView) -> str:
    """The answer of `view` as a person reads it: labels of choices, not their values."""
    if view.kind in ("select-one", "select-multiple", "rank"):
        labels = {choice.value: to_plain(choice.label) for choice in view.choices}
        values = [view.answer] if view.kind == "select-one" else view.answer.split()
        return "、".join(labels.get(value, value) for value in values if value)
    return view.answer


class InstanceModel(QAbstractTableModel):
    """Rows are instances, columns the questions any of them holds."""

    answered = Signal(str, object)

    def __init__(
        self, outline: Outline, instances: tuple[str, ...], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._outline = outline
        self._instances = instances
        self._columns: list[str] = []
        for instance in instances:
            for ref in outline.questions(instance):
                column = ref[len(instance) :]
                if "[" not in column and column not in self._columns:
                    self._columns.append(column)

    def ref_at(self, index: Index) -> str:
        """The node behind a cell."""
        return self._instances[index.row()] + self._columns[index.column()]

    def view_at(self, index: Index) -> NodeView | None:
        """The view behind a cell; None where this instance has no such question."""
        ref = self.ref_at(index)
        return self._outline.view(ref) if ref in self._outline else None

    def find(self, ref: str) -> QModelIndex:
        """The cell of `ref`; an invalid index when it has none."""
        for row, instance in enumerate(self._instances):
            if ref.startswith(instance + "/") and ref[len(instance) :] in self._columns:
                return self.index(row, self._columns.index(ref[len(instance) :]))
        return QModelIndex()

    def repaint(self, ref: str) -> None:
        """Redraw the cell of `ref`, if it is here."""
        cell = self.find(ref)
        if cell.isValid():
            self.dataChanged.emit(cell, cell)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own
        """How many instances."""
        return 0 if parent.isValid() else len(self._instances)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own
        """How many questions."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Labels above, numbers at the side."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        for instance in self._instances:
            ref = instance + self._columns[section]
            if ref in self._outline:
                view = self._outline.view(ref)
                return to_plain(view.short or view.label) + (" *" if view.required else "")
        return ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer, problem and look of a cell."""
        view = self.view_at(index)
        if view is None or not self._outline.shown(view.ref):
            return "—" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            mark = "⚠ " if view.problem else ""
            return mark + answer_text(view)
        if role == Qt.ItemDataRole.EditRole:
            return view.answer
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return to_plain(view.problem.message) if view.problem else to_plain(view.hint)
        if role == Qt.ItemDataRole.ForegroundRole and view.problem:
            return QColor(theme.current().colours.danger)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Typed and chosen answers are edited here; other kinds on the card."""
        flags = super().flags(index)
        view = self.view_at(index)
        if view is None or view.read_only or not self._outline.shown(view.ref):
            return flags
        if view.kind == "select-one" or (view.kind == "input" and view.data_type in _TYPED):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Hand the answer on; it comes back as a view."""
        view = self.view_at(index)
        if role != Qt.ItemDataRole.EditRole or view is None:
            return False
        typed = str(value or "").strip()
        if view.data_type == "date" and typed:
            day = read_day(typed)
            typed = day.isoformat() if day else view.answer
        if typed != view.answer:
            self.answered.emit(view.ref, typed)
        return True


class CellDelegate(QStyledItemDelegate):
    """A line or a list in the cell."""

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Make the line or list."""
        model = index.model()
        view = model.view_at(index) if isinstance(model, InstanceModel) else None
        if view is None or view.kind != "select-one":
            return QLineEdit(parent)
        box = QComboBox(parent)
        box.addItem("", "")
        for choice in view.choices:
            box.addItem(to_plain(choice.label), choice.value)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Show the answer."""
        answer = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(answer)))
        elif isinstance(editor, QLineEdit):
            editor.setText(answer)

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Report the answer."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class RepeatTable(QTableView):
    """Compact rows. F2, Enter or typing edits a cell.

    Signals:
        answered: Ref and answer.
    """

    answered = Signal(str, object)

    def __init__(
        self, outline: Outline, instances: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.instances_model = InstanceModel(outline, instances, self)
        self.instances_model.answered.connect(self.answered)
        self.setModel(self.instances_model)
        self.setItemDelegate(CellDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName(self.tr("Entries as a table"))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(140)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        rows = min(len(instances), _MOST_ROWS)
        self.setFixedHeight(rows * theme.ROW_HEIGHT + 40 + 16)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def repaint_ref(self, ref: str) -> None:
        """Redraw the cell of `ref`, if it is here."""
        self.instances_model.repaint(ref)

    def focus_row(self, row: int) -> None:
        """Put the keyboard on the first cell of `row`."""
        self.setCurrentIndex(self.instances_model.index(row, 0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_ref(self, ref: str) -> None:
        """Put the keyboard on the cell of `ref`."""
        cell = self.instances_model.find(ref)
        if cell.isValid():
            self.setCurrentIndex(cell)
            self.scrollTo(cell)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
