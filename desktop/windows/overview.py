"""One screen: what is due, what has not been sent, what waits to be printed. Figures are doors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QPushButton, QScrollArea, QWidget

from desktop import parts, theme, words
from desktop.desk import SOON_DAYS, CaseFilter, CaseLine, Desk, Figures
from desktop.link_words import say_clock, say_link
from desktop.place import say_place
from desktop.windows.base import Page
from desktop.windows.lines import Lines

OUTBOX = "outbox"
NEXT_DUE = 6
ROOMS_PX = (1150, 800)


@dataclass(frozen=True)
class _Tile:
    figure: str
    icon: str
    alarm: parts.Tone
    opens: CaseFilter | str


TILES = (
    _Tile("accepted_today", "cases", "neutral", CaseFilter(today=True)),
    _Tile("drafts", "edit", "neutral", CaseFilter(status=("draft",))),
    _Tile("due_soon", "clock", "warning", CaseFilter(due_within_days=SOON_DAYS)),
    _Tile("overdue", "warning", "danger", CaseFilter(due_within_days=-1)),
    _Tile("supplements", "inbox", "warning", CaseFilter(status=("supplement_requested",))),
    _Tile("to_print", "print", "info", CaseFilter(to_print=True)),
    _Tile("unsent", "upload", "info", OUTBOX),
    _Tile("failed", "error", "danger", OUTBOX),
)


class Tile(QPushButton):
    """A figure that opens its list."""

    def __init__(self, icon: str, alarm: parts.Tone) -> None:
        super().__init__()
        self.setProperty("part", "tile")
        self._icon, self._alarm = icon, alarm
        self.sign = parts.label()
        self.number, self.name = parts.label("0", "display"), parts.Elided("", "muted")
        for inner in (self.sign, self.number, self.name):
            inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        top = parts.row(self.name, self.sign)
        top.setStretch(0, 1)
        self.setLayout(parts.column(top, -1, self.number, space=0, margin=(16, 12, 16, 10)))

    def show_figure(self, name: str, number: int) -> None:
        """Show a count; one above zero takes the tile's tone."""
        self.name.setText(name)
        self.number.setText(str(number))
        self.setAccessibleName(f"{name}: {number}")
        tone = self._alarm if number and self._alarm != "neutral" else "text"
        colours = theme.current().colours
        self.number.setStyleSheet(f"color: {getattr(colours, tone if number else 'muted')}")
        self.sign.setPixmap(theme.pixmap(self._icon, tone if number else "muted", 20))


class Overview(Page):
    """The overview page.

    Signals:
        list_wanted: (CaseFilter). outbox_wanted: (). case_wanted: (case id).
        catalogue_wanted: (). conflicts_wanted: ().
    """

    list_wanted = Signal(object)
    outbox_wanted = Signal()
    case_wanted = Signal(str)
    catalogue_wanted = Signal()
    conflicts_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.start = parts.button("", "primary", icon="plus", clicked=self.catalogue_wanted.emit)
        self.head.addWidget(self.start)
        grid = QGridLayout()
        grid.setSpacing(theme.M)
        self.tiles: dict[str, Tile] = {}
        for at, tile in enumerate(TILES):
            made = Tile(tile.icon, tile.alarm)
            made.clicked.connect(partial(self._open, tile.opens))
            self.tiles[tile.figure] = made
            grid.addWidget(made, at // 4, at % 4)
        self.content.addLayout(grid)
        self._left_out = 0  # of a line where there is no room: 1 the case's number, 2 its status
        self.urgent, self.health = parts.Card(" "), parts.Card(" ")
        self._urgent_lines, self._health_lines = Lines(space=0), Lines()
        inner = parts.Scrolled()
        inner.setLayout(parts.column(self._urgent_lines, -1, space=0))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.urgent.body.addWidget(area, 1)
        self.health.body.addLayout(self._health_lines)
        self.health.body.addStretch(1)
        below = parts.row(self.urgent, self.health, space=theme.M)
        below.setStretch(0, 3)
        below.setStretch(1, 1)
        self.health.setMinimumWidth(round(240 * theme.current().scale))
        self.content.addLayout(below, 1)
        self.banner.action.clicked.connect(lambda _checked=False: self.conflicts_wanted.emit())
        self.retranslate()

    def _open(self, opens: CaseFilter | str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        if isinstance(opens, CaseFilter):
            self.list_wanted.emit(opens)
        else:
            self.outbox_wanted.emit()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Overview"))
        self.start.setText(self.tr("New case"))
        self.start.setAccessibleName(self.start.text())
        self.urgent.set_title(self.tr("Next deadlines"))
        self.health.set_title(self.tr("This computer"))

    def refresh(self) -> None:
        """Read the figures again."""
        figures = self._desk.figures()
        names = {
            "accepted_today": self.tr("Accepted today"),
            "drafts": self.tr("Drafts"),
            "due_soon": self.tr("Due within 2 working days"),
            "overdue": self.tr("Overdue"),
            "supplements": self.tr("Supplements to fetch"),
            "to_print": self.tr("To print"),
            "unsent": self.tr("Not sent yet"),
            "failed": self.tr("Failed to send"),
        }
        self._show_conflicts(figures.conflicts)
        for figure, tile in self.tiles.items():
            tile.show_figure(names[figure], getattr(figures, figure))
        self._show_urgent()
        self._show_health(figures)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what would take the room of the services."""
        super().resizeEvent(event)
        left_out = sum(self.width() < room * theme.current().scale for room in ROOMS_PX)
        if left_out != self._left_out:
            self._left_out = left_out
            self._show_urgent()

    def _show_conflicts(self, number: int) -> None:
        text = self.tr("{n} cases or residents were changed at two computers: please decide.")
        self.banner.say(text.format(n=number) if number else "", "warning")
        self.banner.action.setText(self.tr("Decide"))
        self.banner.action.setAccessibleName(self.banner.action.text())
        self.banner.action.setVisible(number > 0)

    def _show_urgent(self) -> None:
        due = tuple(self._desk.next_due(NEXT_DUE))

        def build() -> Iterator[QWidget]:
            for at, case in enumerate(due):
                if at:
                    yield parts.rule()
                yield self._line(case)
            if not due:
                yield parts.label(self.tr("No case has a deadline now."), "muted")

        self._urgent_lines.show((due, self._left_out), build)

    def _line(self, case: CaseLine) -> QWidget:
        text, tone = words.days_left(case.days_left, firm=case.firm)
        number = parts.Elided(case.number, "muted")
        number.setFixedWidth(round(198 * theme.current().scale))
        status = parts.badge(words.status(case.status), words.STATUS[case.status][1])
        for at, widget in enumerate((number, status)):
            if at < self._left_out:
                widget.hide()
        applicant = parts.Elided(case.applicant, "strong")
        applicant.setFixedWidth(round(134 * theme.current().scale))
        service = parts.Elided(case.service)
        open_it = parts.button(
            self.tr("Open"), "quiet", small=True, clicked=partial(self.case_wanted.emit, case.id)
        )
        open_it.setAccessibleName(self.tr("Open case {number}").format(number=case.number))
        line = QWidget()
        row = parts.row(
            number,
            applicant,
            service,
            status,
            parts.badge(text, tone),
            open_it,
            space=theme.M,
            margin=(0, 5, 0, 5),
        )
        row.setStretch(2, 1)
        line.setLayout(row)
        return line

    def _show_health(self, figures: Figures) -> None:
        sync = self._desk.sync()
        said = say_link(sync)
        link = (said.short, "warning" if said.tone == "neutral" else said.tone)
        last = words.moment(sync.last_ok)
        backup = figures.backup_on
        lines: list[tuple[str, parts.Tone, str]] = [
            (*link, self.tr("Last exchange: {at}").format(at=last) if last else ""),
            (self.tr("Store encrypted and sound"), "success", "")
            if figures.store_ok
            else (self.tr("The store needs attention"), "danger", self.tr("Call the helpdesk.")),
            (self.tr("Backup made"), "success", backup.isoformat())
            if backup
            else (self.tr("No backup yet"), "warning", self.tr("Ask IT staff to set one up.")),
        ]
        if clock := say_clock(sync.skew_s):
            lines.insert(1, (clock, "warning", ""))
        lines[1:1] = say_place(figures.place)
        self._health_lines.show(lines, lambda: [_health_line(*line) for line in lines])


def _health_line(text: str, tone: str, more: str) -> QLayout:
    signs = {"success": "check-circle", "warning": "warning", "danger": "error"}
    sign = parts.label()
    sign.setPixmap(theme.pixmap(signs.get(tone, "info"), tone, 20))
    said = parts.column(parts.label(text, wrap=True), space=0)
    if more:
        said.addWidget(parts.label(more, "caption", wrap=True))
    line = parts.row(sign, said, space=theme.M)
    line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    return line
