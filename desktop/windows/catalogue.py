"""Find a service by a few letters, read its guide, start."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QListView, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

from desktop import messages, parts, theme, words
from desktop.desk import Desk, OriginFacts, PartLine, ServiceLine, ServicePage
from desktop.lists.cases import DETAIL_ROLE, TwoLineDelegate
from desktop.sentences import joined
from desktop.windows.base import Page
from desktop.windows.search_line import SearchLine

OLD_DAYS = 30  # from then on the age of the services is said as a thing to mend
Index = QModelIndex | QPersistentModelIndex


class ServiceModel(QAbstractListModel):
    """Services found, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[ServiceLine, ...] = ()

    def show_lines(self, lines: tuple[ServiceLine, ...]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of services."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, department, accessible text."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.name}, {self._detail(line)}" if line.pilot else line.name
        found = {Qt.ItemDataRole.DisplayRole: line.name, DETAIL_ROLE: self._detail(line)}
        return found.get(role)

    def _detail(self, line: ServiceLine) -> str:
        if line.pilot:
            return f"{line.department}  ·  {self.tr('Pilot')}"
        if line.origin is None:
            return line.department
        words = self.tr("ODK project {project}, version {version}")
        return words.format(project=line.origin.project, version=line.origin.version or "-")


class Catalogue(Page):
    """Search on the left, the guide of the chosen service on the right.

    Signals:
        start_wanted: (service id).
    """

    start_wanted = Signal(str)

    def __init__(self, desk: Desk, *, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self.language = desk, language
        self.search = SearchLine()
        self.search.textChanged.connect(lambda _text: self._find())
        self.search.down_pressed.connect(self._go_to_list)
        self.search.returnPressed.connect(self._go_to_list)
        self.model = ServiceModel()
        self.results = QListView()
        self.results.setModel(self.model)
        self.results.setItemDelegate(TwoLineDelegate(self.results))
        self.results.setUniformItemSizes(True)
        self.results.selectionModel().currentChanged.connect(lambda *_: self._show_guide())
        self.results.activated.connect(lambda _index: self._start())
        self.found = parts.label("", "caption")
        self.nothing = parts.EmptyState("search")
        self.nothing.hide()
        left = QWidget()
        left.setFixedWidth(340)
        self.state = parts.label("", "caption", wrap=True)
        left.setLayout(
            parts.column(self.search, self.found, self.results, self.nothing, self.state)
        )
        self.sheet = parts.Card()
        self.sheet.body.setContentsMargins(theme.XL, theme.L, theme.L, theme.L)
        self._build_sheet()
        both = parts.row(left, self.sheet, space=theme.L)
        both.setStretch(1, 1)
        self.content.addLayout(both)
        self.setFocusProxy(self.search)
        self.retranslate()

    def _build_sheet(self) -> None:
        self.name, self.code = parts.label("", "headline", wrap=True), parts.label("", "caption")
        self.begin = parts.button("", "primary", icon="next", clicked=self._start)
        self.pilot = parts.badge("", "warning")
        self.bundle = parts.badge("", "info")
        below = parts.row(self.bundle, self.pilot, self.code, space=theme.S)
        below.setStretch(2, 1)
        top = parts.row(parts.column(self.name, below, space=4), self.begin, space=theme.L)
        top.setStretch(0, 1)
        top.setAlignment(self.begin, Qt.AlignmentFlag.AlignTop)
        self.sheet.body.addLayout(top)
        self.facts = parts.row(space=theme.XXL)
        self.sheet.body.addLayout(self.facts)
        self.sheet.body.addWidget(parts.rule())
        inner = QWidget()
        inner.setProperty("ground", "none")
        self.inner = QVBoxLayout(inner)
        self.inner.setContentsMargins(0, 0, theme.M, 0)
        self.inner.setSpacing(theme.S)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.guide_area = scroll
        self.sheet.body.addWidget(scroll, 1)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("New case"))
        self.search.setPlaceholderText(self.tr("Name, pinyin or initials, e.g. gljt"))
        self.search.setAccessibleName(self.tr("Search services"))
        self.results.setAccessibleName(self.tr("Services"))
        self.guide_area.setAccessibleName(self.tr("Guide"))
        self.bundle.setText(self.tr("One thing"))
        self.bundle.setToolTip(
            self.tr("Several services on one form, with one set of papers and one receipt.")
        )
        self.pilot.setText(self.tr("Pilot"))
        self.pilot.setToolTip(
            self.tr("This version is on trial. What you begin on it stays on it to the end.")
        )
        self.begin.setText(self.tr("Start"))
        self.begin.setAccessibleName(self.begin.text())
        self.nothing.say(
            self.tr("No service found"),
            self.tr("Try fewer letters, the pinyin initials, or the department's name."),
        )

    def refresh(self) -> None:
        """Search again, keeping what is chosen."""
        self._find()

    def _go_to_list(self) -> None:
        self.results.setFocus()

    def _find(self) -> None:
        lines = tuple(self._desk.services(self.search.text().strip(), ""))
        chosen = self._chosen()
        self.model.show_lines(lines)
        self.results.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self.sheet.setVisible(bool(lines))
        if self.search.text().strip():
            self.found.setText(self.tr("{n} found").format(n=len(lines)))
        else:
            self.found.setText(self.tr("Most used first"))
        self.state.setText(self._currency())
        ids = [line.id for line in lines]
        at = ids.index(chosen) if chosen in ids else 0
        if lines:
            self.results.setCurrentIndex(self.model.index(at))

    def _currency(self) -> str:
        state = self._desk.services_state()
        if state.error_code:
            said = messages.say_code(state.error_code, {"name": state.name})
        elif state.days_old > OLD_DAYS:
            said = self.tr(
                "That was {n} days ago. Work goes on; ask IT staff to connect this computer."
            ).format(n=state.days_old)
        else:
            said = ""
        if state.as_of is None:
            return said or self.tr("Services as they came with this program.")
        known = self.tr("Services as of {when}.").format(when=words.moment(state.as_of))
        return joined(known, said)

    def _chosen(self) -> str:
        at = self.results.currentIndex().row()
        return self.model.lines[at].id if 0 <= at < len(self.model.lines) else ""

    def _start(self) -> None:
        if chosen := self._chosen():
            self.start_wanted.emit(chosen)

    def _show_guide(self) -> None:
        chosen = self._chosen()
        if not chosen:
            return
        page = self._desk.service(chosen, self.language)
        self.name.setText(page.line.name)
        known = (page.line.department, page.item_code)
        self.code.setText("  ·  ".join(each for each in known if each))
        self.pilot.setVisible(page.line.pilot)
        self.bundle.setVisible(page.line.bundle)
        parts.clear(self.facts)
        parts.clear(self.inner)
        if page.line.origin is not None:
            self._show_origin(page.line.origin)
            return
        self._show_facts(page)
        width = self.guide_area.viewport().width() - self.inner.contentsMargins().right()
        guide = Guide(_below_title(page.guide), width)
        guide.setAccessibleName(self.tr("Guide"))
        self._show_parts(page.parts)
        self.inner.addWidget(guide)
        self._section(self.tr("Materials"))
        for material in page.materials:
            need = self.tr("required") if material.required else material.when
            line = parts.row(
                parts.badge(need, "info" if material.required else "neutral"),
                parts.label(material.name, wrap=True),
                parts.label(material.form, "caption"),
                space=theme.M,
            )
            line.setStretch(1, 1)
            self.inner.addLayout(line)
        self._section(self.tr("Legal basis"))
        for basis in page.bases:
            tone: parts.Tone = "success" if basis.standing == "verified" else "warning"
            line = parts.row(
                parts.label(basis.title, wrap=True),
                parts.badge(words.standing(basis.standing), tone),
                space=theme.M,
            )
            line.setStretch(0, 1)
            self.inner.addLayout(line)
        self.inner.addStretch(1)

    def _show_parts(self, services: tuple[PartLine, ...]) -> None:
        if services:
            self.inner.addWidget(parts.label(self.tr("Services in it"), "title"))
        for each in services:
            need = self.tr("on request") if each.optional else self.tr("always")
            days = self.tr("{n} working days").format(n=each.promised_days)
            line = parts.row(
                parts.badge(need, "neutral" if each.optional else "info"),
                parts.label(each.name, wrap=True),
                parts.label(f"{each.department}  ·  {days}", "caption"),
                space=theme.M,
            )
            line.setStretch(1, 1)
            self.inner.addLayout(line)

    def _show_origin(self, origin: OriginFacts) -> None:
        """A form of another server has no guide; what matters is where its answers go."""
        self._add_facts(
            (
                (self.tr("ODK project"), origin.project),
                (self.tr("Server"), origin.host),
                (self.tr("Version"), origin.version or "-"),
                (self.tr("Fetched"), words.moment(origin.fetched_at) if origin.fetched_at else "-"),
            )
        )
        said = self.tr(
            "This form comes from another server. What is accepted goes there alone, "
            "and not to the province. It can be filled in without a network."
        )
        self.inner.addWidget(parts.label(said, wrap=True))
        self.inner.addStretch(1)

    def _section(self, title: str) -> None:
        self.inner.addSpacing(theme.S)
        self.inner.addWidget(parts.label(title, "title"))

    def _show_facts(self, page: ServicePage) -> None:
        days, none = self.tr("{n} working days"), self.tr("not stated")
        promised, statutory = page.line.promised_days, page.statutory_days
        facts = (
            (self.tr("Promised limit"), days.format(n=promised) if promised is not None else none),
            (
                self.tr("Statutory limit"),
                days.format(n=statutory) if statutory is not None else none,
            ),
            (self.tr("Fee"), page.fees or self.tr("free")),
            (self.tr("Result"), page.result),
        )
        self._add_facts(tuple(fact for fact in facts if fact[1]))

    def _add_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        for name, value in facts:
            self.facts.addLayout(
                parts.column(parts.label(name, "caption"), parts.label(value, "strong"), space=2)
            )
        self.facts.addStretch(1)


class Guide(QTextBrowser):
    """Markdown at its full height, whatever its width comes to be; `width` is that of now."""

    def __init__(self, markdown: str, width: int) -> None:
        super().__init__()
        self.ensurePolished()  # the font is that of the style, and with it the height
        self.setMarkdown(markdown)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet = self.document()
        sheet.setDocumentMargin(0)
        sheet.setIndentWidth(20)
        block = sheet.firstBlock()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.position():
                spaced = block.blockFormat()
                spaced.setTopMargin(theme.M)
                QTextCursor(block).setBlockFormat(spaced)
            block = block.next()
        sheet.setDefaultFont(self.font())
        sheet.setTextWidth(max(320, width))
        sheet.documentLayout().documentSizeChanged.connect(self._grow)
        self._grow(sheet.size())

    def _grow(self, size: QSizeF) -> None:
        self.setFixedHeight(math.ceil(size.height()) + theme.S)


def _below_title(guide: str) -> str:
    """A guide in Markdown without its title, which stands above it, and with small headings."""
    lines = guide.splitlines()
    if lines and lines[0].startswith("# "):
        del lines[0]
    return "\n".join(re.sub(r"^#{1,3} ", "#### ", line) for line in lines)
