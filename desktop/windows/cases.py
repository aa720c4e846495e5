"""The list of cases, filtered as you type, all of it reachable by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget

from desktop import parts, theme, words
from desktop.desk import CaseFilter, CaseLine, Desk, Status
from desktop.lists.cases import BadgeDelegate, RowModel
from desktop.windows.base import Page
from desktop.windows.search_line import SearchLine

KINDS: tuple[tuple[Status, ...], ...] = (
    (),
    ("draft",),
    ("accepted", "under_review", "conditionally_accepted", "transferred"),
    ("supplement_requested",),
    ("decided_granted", "decided_refused"),
    ("closed", "delivered", "withdrawn", "not_accepted"),
)


def table(model: QAbstractItemModel) -> QTableView:
    """A table of whole rows without a grid, in the one style of all lists."""
    made = QTableView()
    made.setModel(model)
    made.setItemDelegate(BadgeDelegate(made))
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.setTabKeyNavigation(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(round(theme.ROW_HEIGHT * theme.current().scale))
    made.horizontalHeader().setHighlightSections(False)
    made.horizontalHeader().setMinimumHeight(36)
    return made


class Cases(Page):
    """The page with all cases.

    Signals:
        case_wanted: (case id).
    """

    case_wanted = Signal(str)
    catalogue_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted = CaseFilter()
        self.search, self.kind = SearchLine(), QComboBox()
        self.search.setFixedWidth(round(340 * theme.current().scale))
        self.kind.setMinimumWidth(170)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(120)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.down_pressed.connect(self._go_to_list)
        self.kind.activated.connect(lambda _at: self._kind_chosen())
        self.count = parts.label("", "caption")
        self.all = parts.button("", "quiet", clicked=lambda: self.show_filter(CaseFilter()))
        self.all.hide()
        self.content.addLayout(
            parts.row(self.search, self.kind, self.all, -1, self.count, space=theme.M)
        )
        self.model: RowModel[CaseLine] = RowModel(
            (
                lambda case: (case.number, ""),
                lambda case: (case.applicant, ""),
                lambda case: (words.service(case), ""),
                lambda case: (words.status(case.status), words.STATUS[case.status][1]),
                lambda case: words.days_left(case.days_left, firm=case.firm),
                lambda case: (self.tr("Not sent"), "info") if case.unsent else ("", ""),
                lambda case: (words.moment(case.touched_at), ""),
            )
        )
        self.table = table(self.model)
        self.table.activated.connect(lambda index: self._open(index.row()))
        widths(self.table, (215, 150, 190, 100, 135, 90, 150), stretched=2, spare=(6, 5, 0))
        self.content.addWidget(self.table, 1)
        self.nothing = parts.EmptyState("cases")
        self.nothing.action.clicked.connect(self._go_to_catalogue)
        self.content.addWidget(self.nothing, 1)
        self.setFocusProxy(self.search)
        self.retranslate()

    def show_filter(self, wanted: CaseFilter) -> None:
        """List what a figure or another page asks for."""
        self._wanted = wanted
        self.search.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.search.setText(wanted.text)
        self.search.blockSignals(False)  # noqa: FBT003 - Qt's signature
        at = next((n for n, kind in enumerate(KINDS) if kind == wanted.status), 0)
        self.kind.setCurrentIndex(at)
        self.refresh()

    def _kind_chosen(self) -> None:
        self._wanted = CaseFilter(status=KINDS[self.kind.currentIndex()])
        self.refresh()

    def _go_to_catalogue(self) -> None:
        self.catalogue_wanted.emit()

    def _go_to_list(self) -> None:
        self.table.setFocus()
        if self.model.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _open(self, at: int) -> None:
        self.case_wanted.emit(self.model.rows[at].id)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Cases"))
        self.search.setPlaceholderText(self.tr("Case number, name or service"))
        self.search.setAccessibleName(self.tr("Search cases"))
        self.kind.setAccessibleName(self.tr("Status"))
        self.table.setAccessibleName(self.tr("Cases"))
        self.all.setText(self.tr("Show all"))
        self.all.setAccessibleName(self.all.text())
        chosen = max(0, self.kind.currentIndex())
        self.kind.clear()
        self.kind.addItems(
            [
                self.tr("All states"),
                self.tr("Drafts"),
                self.tr("In progress"),
                self.tr("Supplement requested"),
                self.tr("Decided"),
                self.tr("Finished"),
            ]
        )
        self.kind.setCurrentIndex(chosen)
        self.model.set_heads(
            self.tr("Case number"),
            self.tr("Applicant"),
            self.tr("Service"),
            self.tr("Status"),
            self.tr("Deadline"),
            self.tr("Sending"),
            self.tr("Last change"),
        )

    def refresh(self) -> None:
        """Read the list again, keeping the row that is chosen."""
        at = self.table.currentIndex().row()
        chosen = self.model.rows[at].id if 0 <= at < len(self.model.rows) else ""
        text = self.search.text().strip()
        wanted = CaseFilter(
            text=text,
            status=self._wanted.status,
            due_within_days=self._wanted.due_within_days,
            unsent=self._wanted.unsent,
            to_print=self._wanted.to_print,
            today=self._wanted.today,
        )
        rows = tuple(self._desk.cases(wanted))
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.all.setVisible(wanted != CaseFilter())
        self.count.setText(self.tr("{n} cases").format(n=len(rows)))
        if wanted == CaseFilter():
            self.nothing.say(
                self.tr("No cases yet"),
                self.tr("A case appears here as soon as somebody starts to fill one in."),
                self.tr("New case"),
            )
        else:
            self.nothing.say(
                self.tr("No case fits"), self.tr("Change the words or show all cases.")
            )
        at = next((n for n, row in enumerate(rows) if row.id == chosen), -1)
        if at >= 0:
            self.table.selectRow(at)


def widths(
    shown: QTableView, wanted: Sequence[int], *, stretched: int, spare: Sequence[int] = ()
) -> None:
    """Give columns their usual width in pixels; `stretched` takes what is left.

    Where less than four fifths of its usual width are left for it, the columns in `spare` make
    way, the first one first.
    """
    scaled = [round(width * theme.current().scale) for width in wanted]
    head = shown.horizontalHeader()
    for at, width in enumerate(scaled):
        head.resizeSection(at, width)
    head.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    if spare:
        least = [w * 4 // 5 if at == stretched else w for at, w in enumerate(scaled)]
        shown.viewport().installEventFilter(_Fitting(shown, least, spare))


class _Fitting(QObject):
    """Hides what there is no room for, whenever the table has another width."""

    def __init__(self, shown: QTableView, wanted: Sequence[int], spare: Sequence[int]) -> None:
        super().__init__(shown)
        self._shown, self._wanted, self._spare = shown, wanted, spare

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Hide and show columns after a change of size."""
        if event.type() == QEvent.Type.Resize:
            needed = sum(self._wanted)
            for column in self._spare:
                self._shown.setColumnHidden(column, needed > self._shown.viewport().width())
                if self._shown.isColumnHidden(column):
                    needed -= self._wanted[column]
        return super().eventFilter(watched, event)
