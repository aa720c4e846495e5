"""Editing or adding a resident: one line a field, and the material that it rests on.

Masked numbers stand beside their line and are not typed into it: an empty line leaves them as
they are. Only what was changed is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLabel, QLineEdit, QWidget

from desktop import messages, parts, people_words, theme
from desktop.people_desk import FIELDS, PeopleDesk, PersonPage

MASKED = ("id_no", "phone")
_LONG = ("address",)


class MaterialBox(QComboBox):
    """What a change rests on: usual papers to choose from, or anything typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.addItems(list(people_words.materials()))
        self.setCurrentIndex(-1)
        line = self.lineEdit()
        assert line is not None
        line.setMaxLength(200)
        line.setPlaceholderText(self.tr("Which paper says so?"))
        self.setAccessibleName(self.tr("Material"))

    def given(self) -> str:
        """What was chosen or typed."""
        return self.currentText().strip()


class ResidentDialog(QDialog):
    """A person's fields.

    Signals:
        given: (changed values by field, material). The owner calls `refused` or `accept`.
    """

    given = Signal(dict, str)

    def __init__(self, desk: PeopleDesk, page: PersonPage | None, parent: QWidget) -> None:
        super().__init__(parent)
        adds = page is None
        self._before = {} if page is None else {n: page.values.get(n, "") for n in FIELDS}
        title = self.tr("Add a resident") if adds else self.tr("Edit resident")
        self.setWindowTitle(title)
        self.setMinimumWidth(round(720 * theme.current().scale))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.L)
        grid.setVerticalSpacing(theme.S)
        self.lines: dict[str, QLineEdit | QComboBox] = {}
        self.labels: dict[str, QLabel] = {}
        at = 0
        for name in FIELDS:
            field = self._line(name, desk.choices(name))
            label = parts.label(people_words.field(name), "strong")
            label.setBuddy(field)
            field.setAccessibleName(people_words.field(name))
            self.lines[name], self.labels[name] = field, label
            wide = name in _LONG
            at += at % 2 if wide else 0
            grid.addWidget(label, at // 2 * 2, at % 2, 1, 2 if wide else 1)
            grid.addWidget(field, at // 2 * 2 + 1, at % 2, 1, 2 if wide else 1)
            at += 2 if wide else 1
        self.material = MaterialBox()
        said = parts.label(self.tr("Material (stands in the history)"), "strong")
        said.setBuddy(self.material)
        self.banner = parts.Banner()
        self.keep = parts.button(self.tr("Save"), "primary", clicked=self._give)
        self.keep.setDefault(True)
        cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        self.setLayout(
            parts.column(
                parts.label(title, "title"),
                grid,
                parts.rule(),
                said,
                self.material,
                self.banner,
                4,
                parts.row(-1, cancel, self.keep, space=theme.M),
                space=theme.M,
                margin=theme.XL,
            )
        )
        self.lines["name"].setFocus()

    def _line(self, name: str, codes: Sequence[tuple[str, str]]) -> QLineEdit | QComboBox:
        value = self._before.get(name, "")
        if codes:
            box = QComboBox()
            box.addItem("", "")
            for code, word in codes:
                box.addItem(word, code)
            found = box.findData(value)
            if found < 0:  # a code that the list does not have stays as it is
                box.addItem(value, value)
                found = box.count() - 1
            box.setCurrentIndex(found)
            return box
        line = QLineEdit()
        line.setMaxLength(200)
        if name in MASKED and value:
            line.setPlaceholderText(self.tr("{value} (stays if left empty)").format(value=value))
        else:
            line.setText(value)
        if name == "birth":
            line.setPlaceholderText(QDate.currentDate().toString("yyyy-MM-dd"))
        return line

    def changed(self) -> dict[str, str]:
        """What differs from before; a masked number only where something was typed."""
        found = {}
        for name, field in self.lines.items():
            if isinstance(field, QComboBox):
                text = str(field.currentData() or "")
            else:
                text = field.text().strip()
            if name in MASKED and not text:
                continue
            if text != self._before.get(name, ""):
                found[name] = text
        return found

    def _give(self) -> None:
        found = self.changed()
        if not found:
            self.banner.say(self.tr("Nothing was changed."), "info")
            return
        if not self.material.given():
            self.banner.say(self.tr("Say which material the change rests on."), "warning")
            self.material.setFocus()
            return
        self.keep.setEnabled(False)
        self.given.emit(found, self.material.given())

    def refused(self, error: Exception) -> None:
        """Say why, and mark the field that it is about."""
        self.keep.setEnabled(True)
        self.banner.say(messages.say(error), "danger")
        fields: Mapping[str, object] = getattr(error, "fields", {})
        name = str(fields.get("field", ""))
        for each, line in self.lines.items():
            theme.restyle(line, problem=each == name)
        if name in self.lines:
            self.lines[name].setFocus()
