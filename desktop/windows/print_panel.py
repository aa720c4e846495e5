"""How a document goes on paper: printer, tray, copies, pages, both sides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from desktop import messages, parts, theme
from desktop.print_errors import NoPrinter
from desktop.print_queue import PrinterLine, Ways, pages_within

MOST_COPIES = 9


class PrintPanel(QWidget):
    """The choices of one print; shows beside each printer what keeps it from printing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "none")
        self.lines: Sequence[PrinterLine] | None = None
        self.preferred = ""
        self.printers, self.trays, self.copies = QComboBox(), QComboBox(), QSpinBox()
        self.pages, self.both_sides = QLineEdit(), QCheckBox()
        self.trouble = parts.label("", "caption", wrap=True)
        self.copies.setRange(1, MOST_COPIES)
        self.printers.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.printers.setMinimumContentsLength(12)
        self.words = [parts.label("", "strong") for _ in range(4)]
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.S)
        for word, field in zip(self.words, self._fields(), strict=True):
            word.setBuddy(field)
            body.addWidget(word)
            body.addWidget(field)
            if field is self.printers:
                body.addWidget(self.trouble)
        body.addWidget(self.both_sides)
        self.printers.currentIndexChanged.connect(lambda _at: self._chose())

    def _fields(self) -> tuple[QComboBox, QComboBox, QSpinBox, QLineEdit]:
        return self.printers, self.trays, self.copies, self.pages

    def retranslate(self) -> None:
        """Say all fixed words."""
        spoken = (
            self.tr("Printer"),
            self.tr("Paper tray"),
            self.tr("Copies"),
            self.tr("Pages to print"),
        )
        for word, text, field in zip(self.words, spoken, self._fields(), strict=True):
            word.setText(text)
            field.setAccessibleName(text)
        self.pages.setPlaceholderText(self.tr("All, or such as 1-2,4"))
        self.both_sides.setText(self.tr("Print on both sides"))
        self._chose()

    def only_printer(self) -> None:
        """Leave out what concerns a single document."""
        for widget in (*self.words[2:], self.copies, self.pages, self.both_sides):
            widget.hide()

    def take(self, lines: Sequence[PrinterLine]) -> None:
        """Offer these printers, the default one first; what was chosen stays chosen."""
        chosen = self.printers.currentData() or self.preferred
        self.lines = lines
        with QSignalBlocker(self.printers):
            self.printers.clear()
            for line in lines:
                self.printers.addItem(line.name, line.name)
            self.printers.setCurrentIndex(max(0, self.printers.findData(chosen)) if lines else -1)
        self.printers.setEnabled(bool(lines))
        self._chose()

    def begin(self, *, only_one: bool) -> None:
        """Start from the usual choices; `only_one` where each copy is counted on its own."""
        self.copies.setValue(1)
        self.copies.setEnabled(not only_one)
        self.pages.clear()

    def printer(self) -> str:
        """Name of the chosen printer; "" for none."""
        return str(self.printers.currentData() or "")

    def ways(self, count: int, paper_mm: tuple[float, float] | None) -> Ways:
        """What was chosen, for a document of `count` pages.

        Raises:
            BadPages: The document has no such pages.
        """
        return Ways(
            copies=self.copies.value(),
            pages=pages_within(self.pages.text(), count),
            sides="two-sided-long-edge" if self.both_sides.isChecked() else "one-sided",
            paper_mm=paper_mm,
            tray=self.tray(),
        )

    def tray(self) -> str:
        """The tray chosen; "" for the printer's own choice."""
        return str(self.trays.currentData() or "")

    def _chose(self) -> None:
        self._offer_trays()
        self._say_trouble()

    def _offer_trays(self) -> None:
        at, chosen = self.printers.currentIndex(), self.tray()
        trays = self.lines[at].trays if self.lines and at >= 0 else ()
        self.trays.clear()
        self.trays.addItem(self.tr("As the printer chooses"), "")
        for tray in trays:
            self.trays.addItem(tray, tray)
        self.trays.setCurrentIndex(max(0, self.trays.findData(chosen)))
        for widget in (self.words[1], self.trays):
            widget.setVisible(bool(trays))

    def _say_trouble(self) -> None:
        if self.lines is None:
            said = self.tr("Looking for printers ...")
        elif not self.lines:
            said = messages.say(NoPrinter())
        else:
            trouble = self.lines[max(0, self.printers.currentIndex())].trouble
            said = messages.say(trouble) if trouble else ""
        self.trouble.setText(said)
        self.trouble.setVisible(bool(said))
