"""The conflict desk: a case or a resident changed at two computers, settled value by value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from desktop import parts, theme, words
from desktop.desk import AGAIN, ClashLine, ClashOption, ConflictDesk, ConflictPage
from desktop.gui_thread import GuiThread
from desktop.people_desk import DOUBLE, RESIDENT
from desktop.windows.base import Page
from desktop.windows.resident_dialog import MaterialBox


class ConflictsPage(Page):
    """Cases and residents in conflict, one at a time; nothing is lost whatever is chosen.

    Signals:
        back_wanted: (). case_wanted: (case id, or `RESIDENT` and a resident's).
    """

    back_wanted = Signal()
    case_wanted = Signal(str)

    def __init__(self, desk: ConflictDesk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self._page: ConflictPage | None = None
        self._asked = ""  # what is shown, or was asked for and will be
        self._groups: dict[str, QButtonGroup] = {}
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.which = QComboBox()
        self.which.activated.connect(lambda _at: self._open())
        self.head.addWidget(self.which)
        self.explanation = parts.label("", "muted", wrap=True)
        self.content.addWidget(self.explanation)
        self.card = parts.Card()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.L)
        self.grid.setVerticalSpacing(theme.M)
        for column, share in enumerate((2, 2, 7)):
            self.grid.setColumnStretch(column, share)
        self.card.body.addLayout(self.grid)
        self.card.body.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.card)
        self.content.addWidget(self.area, 1)
        self.open_case = parts.button("", clicked=self._to_case)
        self.settle = parts.button("", "primary", icon="check-circle", clicked=self._settle)
        self.feet = QWidget()
        self.material, self.material_name = MaterialBox(), parts.label("", "strong")
        self.material.setMinimumWidth(240)
        self.material.currentTextChanged.connect(lambda _text: self._count())
        feet = (self.material_name, self.material, -1, self.open_case, self.settle)
        self.feet.setLayout(parts.row(*feet, space=theme.M))
        self.content.addWidget(self.feet)
        self.nothing = parts.EmptyState("check-circle")
        self.content.addWidget(self.nothing, 1)
        self.retranslate()

    # --- showing ---

    def refresh(self) -> None:
        """Read which cases are in conflict; the one shown stays while it is."""
        found = self._desk.waiting()
        held = self.which.currentData()
        self.which.clear()
        for line in found:
            self.which.addItem(f"{line.number}  ·  {line.service}", line.case_id)
        at = self.which.findData(held)
        self.which.setCurrentIndex(max(0, at) if found else -1)
        for part in (self.which, self.explanation, self.area, self.feet):
            part.setVisible(bool(found))
        self.nothing.setVisible(not found)
        if not found:
            self._page, self._asked = None, ""
        elif self._asked != self.which.currentData():
            self._open()

    def _open(self) -> None:
        self._asked = case_id = str(self.which.currentData())
        self.settle.setEnabled(False)

        def failed(error: Exception) -> None:
            self._asked = ""
            self.explain(error)

        self._gui.deliver(self._desk.look(case_id), to=self, done=self._show, failed=failed)

    def _show(self, page: ConflictPage) -> None:
        if page.case_id != self._asked:
            return  # another one was chosen meanwhile
        self._page = page
        self._groups.clear()
        parts.clear(self.grid)
        self.explanation.setText(page.note or self._explained())
        heads = (self.tr("Question"), self.tr("Before"), self.tr("Which one stands?"))
        for column, text in enumerate(heads):
            self.grid.addWidget(parts.label(text, "strong", wrap=True), 0, column)
        for row, clash in enumerate(page.clashes, 1):
            self._line(row, clash)
        if not page.clashes:
            said = parts.label(self.tr("No question was changed by both."), "muted")
            self.grid.addWidget(said, 1, 0, 1, 3)
        for part in (self.material_name, self.material):
            part.setVisible(page.asks_material)
        person = page.case_id.startswith((RESIDENT, DOUBLE))
        self.open_case.setText(self.tr("Open resident") if person else self.tr("Open case"))
        self.open_case.setAccessibleName(self.open_case.text())
        self._count()

    def _line(self, row: int, clash: ClashLine) -> None:
        group = QButtonGroup(self)
        self._groups[clash.ref] = group
        self.grid.addWidget(_text(clash.label), row, 0)
        self.grid.addWidget(_text(clash.base or "—", "muted"), row, 1)
        side_by_side = parts.row(space=theme.L)
        for at, option in enumerate(clash.options):
            choice = QRadioButton(option.value or self.tr("(empty)"))
            choice.setProperty("side", option.key)
            where = self._origin(option)
            choice.setAccessibleName(f"{clash.label}: {choice.text()}")
            choice.setAccessibleDescription(where)
            choice.toggled.connect(lambda _on: self._count())
            group.addButton(choice, at)
            choice.setChecked(option.key == clash.stands)
            origin = parts.label(where, "caption", wrap=True)
            origin.setContentsMargins(26, 0, 0, 0)
            side_by_side.addLayout(parts.column(choice, origin, -1, space=2), 1)
        self.grid.addLayout(side_by_side, row, 2)

    def _origin(self, option: ClashOption) -> str:
        if option.at is None:
            return ""
        who = option.by or self.tr("Another window")
        said = [who, words.moment(option.at)]
        if option.material:
            said.append(self.tr("from: {material}").format(material=option.material))
        return "\n".join(said)

    def _choices(self) -> dict[str, str]:
        chosen = {ref: group.checkedButton() for ref, group in self._groups.items()}
        return {ref: str(one.property("side")) for ref, one in chosen.items() if one is not None}

    def _stands(self) -> bool:
        """Whether what stands already is what is chosen."""
        clashes = self._page.clashes if self._page else ()
        stand = {clash.ref: clash.stands for clash in clashes}
        return any(stand.values()) and stand == self._choices()

    def _count(self) -> None:
        left = len(self._groups) - len(self._choices())
        asked = self._page is not None and self._page.asks_material
        left += int(asked and not self.material.given())
        self.settle.setEnabled(self._page is not None and left == 0)
        text = self.tr("Settle") if not left else self.tr("{n} to choose").format(n=left)
        if self._page is not None and self._page.joins and not left:
            text = self.tr("Join the two records")
        elif self._stands():
            text = self.tr("Let it stand")
        self.settle.setText(text)
        self.settle.setAccessibleName(text)

    # --- acting ---

    def _settle(self) -> None:
        if self._page is None:
            return
        self.settle.setEnabled(False)
        number = self._page.number

        def done(_none: None) -> None:
            self._page, self._asked = None, ""
            self.material.setCurrentIndex(-1)
            self.refresh()
            said = self.tr("{number} is settled; both versions stay in its history.")
            self.banner.say(said.format(number=number), "success")

        self._gui.deliver(
            self._desk.settle(self._page.case_id, self._choices(), self.material.given()),
            to=self,
            done=done,
            failed=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self._count()
        self.explain(error)

    def _to_case(self) -> None:
        if self._page is not None:
            case_id = self._page.case_id.removeprefix(AGAIN)
            if case_id.startswith(DOUBLE):
                case_id = RESIDENT + case_id.removeprefix(DOUBLE).partition("/")[0]
            self.case_wanted.emit(case_id)

    def _explained(self) -> str:
        return self.tr(
            "Two computers changed this at the same time. What only one of them changed is"
            " taken over by itself. Choose a value wherever they differ; all of them stay in"
            " the history."
        )

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Conflicts"))
        self.back.setText(self.tr("Overview"))
        self.back.setAccessibleName(self.tr("Back to the overview"))
        self.which.setAccessibleName(self.tr("Case or resident in conflict"))
        self.explanation.setText(self._explained())
        self.material_name.setText(self.tr("The decision rests on"))
        self.nothing.say(
            self.tr("Nothing is in conflict"),
            self.tr("Cases and residents that two computers changed differently wait here."),
        )
        self._count()


def _text(text: str, role: parts.Role = "body") -> QLabel:
    made = parts.label(text, role, wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return made
