"""The resident base: search on the left, the person found on the right, all by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QScrollArea, QWidget

from desktop import messages, parts, people_words, theme, words
from desktop.gui_thread import GuiThread
from desktop.lists.cases import RowModel
from desktop.people_desk import FIELDS, HistoryLine, PeopleDesk, PersonLine, PersonPage
from desktop.windows.base import Page
from desktop.windows.cases import table, widths
from desktop.windows.lines import Lines
from desktop.windows.resident_dialog import ResidentDialog
from desktop.windows.search_line import SearchLine
from desktop.windows.second_person import ReasonAsked
from store.errors import ResidentGone

SHOWN = 50  # people in the list at most


class ResidentsPage(Page):
    """Find a person, look, edit, see household and history.

    Signals:
        conflict_wanted: (): the conflict desk.
    """

    conflict_wanted = Signal()

    def __init__(self, desk: PeopleDesk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self._may_separate = desk.may_separate()
        self.person: PersonPage | None = None
        self._whole: Mapping[str, str] = {}
        self.dialog: ResidentDialog | None = None
        self.why: ReasonAsked | None = None
        self.add = parts.button("", icon="person-add", clicked=lambda: self._ask(None))
        self.head.addWidget(self.add)
        self.search = SearchLine()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(120)
        self._pause.timeout.connect(self._find)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self._find)
        self.search.down_pressed.connect(self._to_list)
        self.count = parts.label("", "caption")
        self.model: RowModel[PersonLine] = RowModel(
            (
                lambda each: (each.name, "warning" if each.clashing else ""),
                lambda each: (each.id_no, ""),
                lambda each: (each.village, ""),
            )
        )
        self.table = table(self.model)
        widths(self.table, (92, 162, 80), stretched=2)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.nothing = parts.EmptyState("user")
        self.below = QWidget()  # takes the list's room while there is none
        left = QWidget()
        column = parts.column(self.search, self.count, self.table, self.below)
        column.setStretch(2, 1)
        column.setStretch(3, 1)
        left.setLayout(column)
        left.setMinimumWidth(round(330 * theme.current().scale))
        left.setMaximumWidth(round(430 * theme.current().scale))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self._build_person())
        both = parts.row(space=theme.L)
        for part, share in ((left, 2), (self.area, 3), (self.nothing, 3)):
            both.addWidget(part, share)
        self.content.addLayout(both, 1)
        self.setFocusProxy(self.search)
        for keys, act in (("Ctrl+E", self._edit), ("Ctrl+Shift+N", lambda: self._ask(None))):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.retranslate()

    def _build_person(self) -> QWidget:
        self.card, self.home, self.past = (parts.Card(" ") for _ in range(3))
        self.state = parts.badge("", "warning")
        self.edit = parts.button("", "primary", icon="edit", clicked=self._edit)
        self.reveal = parts.button("", clicked=self._ask_why)
        self.settle = parts.button("", clicked=self.conflict_wanted.emit)
        self.again = parts.button("", clicked=self._again)
        buttons = parts.row(-1, self.settle, self.again, self.reveal, self.edit, space=theme.M)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.XL)
        self.grid.setVerticalSpacing(2)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self.card.body.addWidget(self.state, 0, Qt.AlignmentFlag.AlignLeft)
        self.captions: dict[str, QLabel] = {}
        self.values: dict[str, QLabel] = {}
        at = 0
        for name in FIELDS[1:]:
            wide = 2 if name == "address" else 1
            self.captions[name] = parts.label("", "caption")
            self.values[name] = parts.label("", wrap=wide > 1)
            self.values[name].setContentsMargins(0, 0, 0, theme.S)
            self.grid.addWidget(self.captions[name], at // 2 * 2, at % 2, 1, wide)
            self.grid.addWidget(self.values[name], at // 2 * 2 + 1, at % 2, 1, wide)
            at += wide
        self.card.body.addLayout(self.grid)
        self.card.body.addLayout(buttons)
        self._joined_lines = Lines(space=0)
        self.card.body.addLayout(self._joined_lines)
        self._home_lines, self._past_lines = Lines(space=0), Lines(space=theme.M)
        self.home.body.addLayout(self._home_lines)
        self.past.body.addLayout(self._past_lines)
        inner = QWidget()
        inner.setProperty("ground", "none")
        inner.setLayout(parts.column(self.card, self.home, self.past, -1, space=theme.M))
        return inner

    # --- finding ---

    def refresh(self) -> None:
        """Read the list and the person again; who is shown stays."""
        self._find()

    def _find(self) -> None:
        self._pause.stop()
        wanted = self.search.text().strip()
        held = self._desk.count()
        rows = tuple(self._desk.find(wanted)) if wanted else ()
        shown = self.person.line.id if self.person is not None else ""
        blocked = self.table.selectionModel().blockSignals(True)  # noqa: FBT003 - Qt's
        self.model.show_rows(rows)
        at = next((n for n, each in enumerate(rows) if each.id == shown), -1)
        if at >= 0:
            self.table.selectRow(at)
        self.table.selectionModel().blockSignals(blocked)
        self.table.setVisible(bool(rows))
        self.below.setVisible(not rows)
        self._say_found(wanted, len(rows), held)
        if shown:
            self.show_person(shown)
        elif len(rows) == 1:
            self.show_person(rows[0].id)
        else:
            self._show_nobody()

    def _say_found(self, wanted: str, found: int, held: int) -> None:
        if found >= SHOWN:
            text = self.tr("The first {n}; type more to narrow it down").format(n=found)
        elif found:
            text = self.tr("{n} found").format(n=found)
        else:
            text = self.tr("{n} people held here").format(n=held)
        self.count.setText(text)
        if not held:
            self.nothing.say(
                self.tr("No residents here yet"),
                self.tr("They come with the connection to the province, a part at a time."),
            )
        elif found:
            self.nothing.say(
                self.tr("Nobody chosen"),
                self.tr("Who is chosen in the list is shown here, with household and history."),
            )
        elif wanted:
            self.nothing.say(
                self.tr("Nobody fits"), self.tr("Type less, or add the person as new.")
            )
        else:
            self.nothing.say(
                self.tr("Find a resident"),
                self.tr("Type a name, its initials, an ID number, a village or a household."),
            )

    def _to_list(self) -> None:
        if self.model.rows:
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)

    def _chosen(self) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.model.rows):
            self.show_person(self.model.rows[at].id)

    # --- the person ---

    def show_person(self, person_id: str) -> None:
        """Show this person."""
        if self.person is None or self.person.line.id != person_id:
            self._whole = {}
        try:
            page = self._desk.page(person_id)
        except ResidentGone as error:
            self._show_nobody()
            self.explain(error)
            return
        self.person = page
        self.area.show()
        self.nothing.hide()
        self._show_fields(page)
        self._joined_lines.show(page.records, lambda: map(self._joined_line, page.records))
        self._show_home(page)
        self._show_past(page)

    def _show_nobody(self) -> None:
        self.person, self._whole = None, {}
        self.area.hide()
        self.nothing.show()

    def _show_fields(self, page: PersonPage) -> None:
        self.card.set_title(page.line.name)
        values = {**page.shown, **self._whole}
        for name, value in self.values.items():
            label = people_words.field(name)
            self.captions[name].setText(label)
            value.setText(values.get(name) or "—")
            value.setAccessibleName(f"{label}: {value.text()}")
            theme.restyle(value, role="problem" if name in page.clashing else "body")
        refused = [each for each in page.history if each.state == "refused"]
        waiting = any(each.state == "waiting" for each in page.history)
        text = ""
        if page.clashing:
            text = self.tr("Changed differently elsewhere")
        elif refused:
            text = self.tr("A change was refused")
        elif waiting:
            text = self.tr("Not sent yet")
        self.state.setText(text)
        self.state.setVisible(bool(text))
        theme.restyle(self.state, tone="warning" if page.clashing or refused else "info")
        self.settle.setVisible(bool(page.clashing))
        self.again.setVisible(bool(refused))
        masked = bool(page.values.get("id_no") or page.values.get("phone"))
        self.reveal.setVisible(masked and not self._whole)

    def _show_home(self, page: PersonPage) -> None:
        others = [each for each in page.household if each.id != page.line.id]
        self.home.setVisible(bool(others))
        self._home_lines.show(others, lambda: map(self._home_line, others))

    def _joined_line(self, each: PersonLine) -> QLayout:
        said = self.tr("Joined with the record {name}, {village}, ending in {id}").format(
            name=each.name, village=each.village or "—", id=each.id[-8:]
        )
        undo = parts.button(
            self.tr("Separate again"), small=True, clicked=partial(self._ask_apart, each.id)
        )
        undo.setVisible(self._may_separate)
        return parts.row(parts.label(said, "muted", wrap=True), -1, undo, space=theme.M)

    def _ask_apart(self, record_id: str) -> None:
        dialog = ReasonAsked(
            self.tr("Let both records stand for themselves again"), self.tr("Separate"), self
        )
        self.why = dialog

        def done(_none: None) -> None:
            dialog.accept()
            self.refresh()

        dialog.given.connect(
            lambda reason: self._gui.deliver(
                self._desk.separate(record_id, reason),
                to=dialog,
                done=done,
                failed=dialog.refused,
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _home_line(self, each: PersonLine) -> QLayout:
        open_it = parts.button(
            each.name, "quiet", small=True, clicked=partial(self.show_person, each.id)
        )
        open_it.setAccessibleName(self.tr("Open {name}").format(name=each.name))
        more = parts.label("  ·  ".join(filter(None, (each.relation, each.id_no))), "muted")
        return parts.row(open_it, more, -1, space=theme.M)

    def _show_past(self, page: PersonPage) -> None:
        def build() -> Iterable[QWidget | QLayout]:
            if not page.history:
                return [parts.label(self.tr("Nothing was changed yet."), "muted")]
            return map(self._past_line, page.history)

        self._past_lines.show(page.history, build)

    def _past_line(self, each: HistoryLine) -> QLayout:
        old, new = each.old or self.tr("(empty)"), each.new or self.tr("(empty)")
        what = f"{people_words.field(each.field)}：{old} → {new}"
        who = "  ·  ".join(filter(None, (each.by, each.office, each.material)))
        text = parts.column(
            parts.label(what, wrap=True),
            parts.label(f"{words.moment(each.at)}  ·  {who}", "caption", wrap=True),
            space=2,
        )
        if each.state == "refused":
            text.addWidget(parts.label(messages.say_code(each.error_code), "problem", wrap=True))
        line = parts.row(text, parts.badge(*self._state_of(each)), space=theme.M)
        line.setStretch(0, 1)
        return line

    def _state_of(self, line: HistoryLine) -> tuple[str, parts.Tone]:
        if line.state == "sent":
            return self.tr("At the province"), "success"
        if line.state == "waiting":
            return self.tr("Not sent"), "info"
        return self.tr("Refused"), "danger"

    # --- acting ---

    def _edit(self) -> None:
        if self.person is not None:
            self._ask(self.person)

    def _ask(self, page: PersonPage | None) -> None:
        dialog = ResidentDialog(self._desk, page, self)
        self.dialog = dialog

        def done(made: object) -> None:
            dialog.accept()
            if page is None:
                self.search.clear()
                self.show_person(str(made))
            else:
                self.show_person(page.line.id)
            self.banner.say(
                self.tr("Saved here. It goes to the province with the next connection."), "success"
            )

        def give(values: dict[str, str], material: str) -> None:
            deliver = self._gui.deliver
            if page is None:
                added = self._desk.add(values, material)
                deliver(added, to=dialog, done=done, failed=dialog.refused)
            else:
                edited = self._desk.edit(page.line.id, values, material)
                deliver(edited, to=dialog, done=done, failed=dialog.refused)

        dialog.given.connect(give)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_why(self) -> None:
        page = self.person
        if page is None:
            return
        dialog = ReasonAsked(self.tr("Show the whole numbers"), self.tr("Show"), self)
        self.why = dialog

        def done(values: Mapping[str, str]) -> None:
            dialog.accept()
            self._whole = values
            self.show_person(page.line.id)

        dialog.given.connect(
            lambda reason: self._gui.deliver(
                self._desk.reveal(page.line.id, reason),
                to=dialog,
                done=done,
                failed=dialog.refused,
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _again(self) -> None:
        if self.person is not None:
            self._gui.deliver(
                self._desk.send_again(self.person.line.id),
                to=self,
                done=lambda _none: self.refresh(),
                failed=self.explain,
            )

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was revealed."""
        self._whole = {}
        super().hideEvent(event)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self._home_lines.forget()
        self._past_lines.forget()
        self._joined_lines.forget()
        self.headline.setText(self.tr("Residents"))
        named = (
            (self.add, self.tr("Add a resident"), "Ctrl+Shift+N"),
            (self.edit, self.tr("Edit"), "Ctrl+E"),
            (self.reveal, self.tr("Show numbers"), ""),
            (self.settle, self.tr("Decide"), ""),
            (self.again, self.tr("Send again"), ""),
        )
        for button, text, keys in named:
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(keys)
        self.search.setPlaceholderText(self.tr("Name, initials, ID number, village, household"))
        self.search.setAccessibleName(self.tr("Find a resident"))
        self.table.setAccessibleName(self.tr("Residents found"))
        self.area.setAccessibleName(self.tr("Resident"))
        heads = (people_words.field("name"), people_words.field("id_no"))
        self.model.set_heads(*heads, people_words.field("village"))
        self.home.set_title(self.tr("Household"))
        self.past.set_title(self.tr("History"))
