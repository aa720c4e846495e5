"""The instances of a repeat, as cards or as a table that is edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import parts, theme
from desktop.windows.form_table import RepeatTable
from forms.texts import to_plain

if TYPE_CHECKING:
    from desktop.windows.form_page import PageView

MOST_CARDS = 12  # more instances are shown as a table


class RepeatPanel(parts.Card):
    """One range. Ctrl+Plus adds an instance, Ctrl+Minus removes the one in hand.

    Signals:
        answered: Ref and answer, from a cell of the table.
        add_asked: Ref of the range.
        remove_asked: Ref of the instance.
    """

    answered = Signal(str, object)
    add_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, page: PageView, ref: str) -> None:
        super().__init__()
        self.ref = ref
        self._page = page
        self._shown: tuple[str, ...] = ()
        self._as_table: bool | None = None
        self.table: RepeatTable | None = None
        self.cards: list[QWidget] = []
        self.body.setContentsMargins(theme.XL, theme.L, theme.XL, theme.XL)
        self.body.setSpacing(theme.M)
        self.body.removeWidget(self.heading)
        self.count = parts.badge("")
        self.as_cards = parts.button("", "quiet", small=True, clicked=self.turn)
        self.body.addLayout(parts.row(self.heading, self.count, -1, self.as_cards, space=theme.M))
        self._content = QVBoxLayout()
        self._content.setSpacing(theme.M)
        self.body.addLayout(self._content)
        self.empty = parts.label(
            self.tr("Nobody and nothing is listed here yet."), "muted", wrap=True
        )
        self.body.addWidget(self.empty)
        self.add = parts.button(self.tr("Add"), "secondary", icon="plus", clicked=self._ask_add)
        self.add.setToolTip(self.tr("Add one more (Ctrl+Plus)"))
        self.remove = parts.button(
            self.tr("Remove the row"), "quiet", icon="trash", clicked=self._remove_row
        )
        self.body.addLayout(parts.row(self.add, self.remove, -1))
        for keys, action in (("Ctrl++", self._ask_add), ("Ctrl+=", self._ask_add),
                             ("Ctrl+-", self._remove_in_hand)):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    @property
    def instances(self) -> tuple[str, ...]:
        """Refs of the instances, in order."""
        return tuple(self._page.outline.children[self.ref])

    @property
    def is_table(self) -> bool:
        """Whether the instances are rows of a table now."""
        if self._as_table is None:
            return len(self.instances) > MOST_CARDS
        return self._as_table

    def turn(self) -> None:
        """Cards to table, or back."""
        self._as_table = not self.is_table
        self._shown = ()
        self.sync(force=True)

    def sync(self, *, force: bool = False) -> None:
        """Show the instances that are there; builds anew only if they differ."""
        outline = self._page.outline
        refs = tuple(
            ref for instance in self.instances for ref in (instance, *outline.questions(instance))
        )
        if refs != self._shown or force:
            self._shown = refs
            self._rebuild()
        self.show_range()

    def show_range(self) -> None:
        """Show title, number and buttons."""
        view = self._page.outline.view(self.ref)
        number = len(self.instances)
        title = to_plain(view.label) or self.tr("List")
        self.set_title(title)
        self.count.setText(str(number))
        self.count.setAccessibleName(self.tr("{number} entries").format(number=number))
        self.empty.setVisible(number == 0)
        self.add.setVisible(view.can_add and not view.read_only)
        self.add.setText(self.tr("Add: {title}").format(title=title))
        self.remove.setVisible(self.is_table and number > 0)
        self.as_cards.setVisible(number > 0)
        as_what = self.tr("Show as cards") if self.is_table else self.tr("Show as a table")
        self.as_cards.setText(as_what)

    def repaint_cell(self, ref: str) -> None:
        """Redraw a cell of the table, if `ref` is one."""
        if self.table is not None:
            self.table.repaint_ref(ref)

    def focus_instance(self, position: int) -> None:
        """Put the keyboard into the first question of an instance, counted from 0."""
        instances = self.instances
        if not instances:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        position = max(0, min(position, len(instances) - 1))
        if self.table is not None:
            self.table.focus_row(position)
            return
        for ref in self._page.order():
            if ref.startswith(instances[position] + "/"):
                self._page.questions[ref].focus_field()
                return

    def focus_ref(self, ref: str) -> None:
        """Put the keyboard on the cell of `ref`."""
        if self.table is not None:
            self.table.focus_ref(ref)

    def _rebuild(self) -> None:
        self._page.forget(self.ref + "[")
        parts.clear(self._content)
        self.cards, self.table = [], None
        if not self.instances:
            return
        if self.is_table:
            self.table = RepeatTable(self._page.outline, self.instances)
            self.table.answered.connect(self.answered)
            self._content.addWidget(self.table)
            return
        for number, ref in enumerate(self.instances, 1):
            self._content.addWidget(self._card(number, ref))

    def _card(self, number: int, ref: str) -> QWidget:
        view = self._page.outline.view(ref)
        own = to_plain(view.label) or to_plain(self._page.outline.view(self.ref).label)
        card = parts.Card()
        card.body.removeWidget(card.heading)
        card.heading.setProperty("role", "strong")
        card.set_title(f"{number}\u2002{own}")
        card.body.setSpacing(theme.M)
        go = parts.button(self.tr("Remove"), "quiet", small=True)
        go.setAccessibleName(self.tr("Remove entry {number}").format(number=number))
        go.clicked.connect(lambda _checked=False, ref=ref: self.remove_asked.emit(ref))
        go.setVisible(view.can_remove)
        card.body.addLayout(parts.row(card.heading, -1, go))
        self._page.groups[ref] = card
        self._page.lay_out(self._page.outline.children[ref], card.body)
        self.cards.append(card)
        return card

    def _ask_add(self) -> None:
        if self._page.outline.view(self.ref).can_add:
            self.add_asked.emit(self.ref)

    def _remove_row(self) -> None:
        if self.table is not None:
            self._ask_remove(self.table.currentIndex().row())

    def _remove_in_hand(self) -> None:
        if self.table is not None:
            self._remove_row()
            return
        for position, card in enumerate(self.cards):
            if card.isAncestorOf(card.window().focusWidget() or self):
                self._ask_remove(position)
                return

    def _ask_remove(self, position: int) -> None:
        if 0 <= position < len(self.instances):
            ref = self.instances[position]
            if self._page.outline.view(ref).can_remove:
                self.remove_asked.emit(ref)
