"""The shell: navigation on the left, search, link, operator and lock on top, one page at a time."""

from __future__ import annotations

from concurrent.futures import Executor

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from desktop import parts, theme
from desktop.care import Care
from desktop.corrections import Corrections
from desktop.desk import CaseFilter, Desk
from desktop.gui_thread import GuiThread
from desktop.link_words import say_link
from desktop.paper_desk import Document
from desktop.people_desk import RESIDENT
from desktop.settings import Settings
from desktop.windows.base import Page
from desktop.windows.batch import BatchPage
from desktop.windows.calibrate import CalibratePage
from desktop.windows.case_page import CaseView
from desktop.windows.cases import Cases
from desktop.windows.catalogue import Catalogue
from desktop.windows.conflicts import ConflictsPage
from desktop.windows.designer import Designer
from desktop.windows.new_password import PasswordDialog
from desktop.windows.office import OfficePage
from desktop.windows.outbox import Outbox
from desktop.windows.oversight import OversightPage
from desktop.windows.overview import Overview
from desktop.windows.piles import Piles
from desktop.windows.preview import Preview, Rasterise
from desktop.windows.projects import ProjectsPage
from desktop.windows.residents import ResidentsPage
from desktop.windows.search_line import SearchLine
from desktop.windows.settings import SettingsPage
from desktop.windows.stick import StickPage
from desktop.windows.store_notice import StoreNotice
from desktop.windows.verify import Certificates

SIGNS = (
    "home", "plus", "cases", "upload", "certificate", "settings", "building", "shield", "user",
)  # fmt: skip
OFFICE, OVERSIGHT, RESIDENTS = 6, 7, 8
# Pages that only a role with this right is offered.
_NEEDS = {1: "fill", 2: "read_cases", 4: "print"}


class MainWindow(QMainWindow):
    """The desktop of one signed-in operator.

    Signals:
        locked: (). start_wanted: (service id). resume_wanted: (case id).
        settings_changed: (Settings). closing: (): drafts are to be flushed now.
        try_wanted: (path of a form that somebody is writing).
    """

    locked = Signal()
    start_wanted = Signal(str)
    resume_wanted = Signal(str)
    settings_changed = Signal(object)
    try_wanted = Signal(str)
    closing = Signal()

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        rasterise: Rasterise,
        settings: Settings,
        care: Care | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        super().__init__()
        self.desk, self.gui, self.care = desk, gui, care
        self.overview = Overview(desk)
        self.catalogue = Catalogue(desk, language=settings.language)
        self.cases = Cases(desk)
        self.outbox = Outbox(desk)
        self.certificates = Certificates(desk, gui)
        self.settings_page = SettingsPage(settings, announced=lambda: desk.services_state().program)
        self.case = CaseView(desk, gui)
        self.preview = Preview(desk, gui, workers, rasterise, corrections)
        self.preview.follow(desk.open_copies())
        self.batch = BatchPage(desk, gui, workers, corrections)
        self.designer: Designer | None = None  # made when first wanted
        self.projects: ProjectsPage | None = None  # made when first wanted
        self._workers, self._rasterise = workers, rasterise
        self._kept = corrections or Corrections()
        self.calibrate = CalibratePage(desk, gui, workers, self._kept)
        self.pages: tuple[Page, ...] = (
            self.overview,
            self.catalogue,
            self.cases,
            self.outbox,
            self.certificates,
            self.settings_page,
        )
        self._absent: set[int] = set()
        self.pages += (self._office_page(), self._oversight_page(), self._residents_page())
        self.notice = StoreNotice(care)
        self.stack = QStackedWidget()
        for page in (
            *self.pages,
            self.case,
            self.preview,
            self.batch,
            self.calibrate,
        ):
            self.stack.addWidget(page)
        self.piles = Piles(self.stack, self._pile)
        stick = desk.stick()
        self.stick = StickPage(stick, gui) if stick is not None else None
        conflicts = desk.conflict_desk()
        self.conflicts = ConflictsPage(conflicts, gui) if conflicts is not None else None
        if self.conflicts is not None:
            self.stack.addWidget(self.conflicts)
        if self.stick is not None:
            self.stack.addWidget(self.stick)
        self._under_preview: QWidget = self.case
        self._build()
        self._connect()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        self.take_settings(settings)
        self.retranslate()
        self._stop_listening = desk.on_change(lambda: gui.call(self, self.refresh))
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self.go(0 if self._offers(2) else OFFICE)

    def _office_page(self) -> Page:
        if self.care is not None and self.care.roles():
            return OfficePage(self.care, self.gui)
        self._absent.add(OFFICE)
        return Page()

    def _oversight_page(self) -> Page:
        oversight = self.desk.oversight()
        if oversight is not None:
            return OversightPage(oversight, self.gui)
        self._absent.add(OVERSIGHT)
        return Page()

    def _residents_page(self) -> Page:
        people = self.desk.people_desk()
        if people is not None:
            page = ResidentsPage(people, self.gui)
            page.conflict_wanted.connect(self.show_conflicts)
            return page
        self._absent.add(RESIDENTS)
        return Page()

    def _build(self) -> None:
        nav = QFrame()
        nav.setProperty("part", "nav")
        nav.setFixedWidth(188)
        mark = parts.label()
        mark.setPixmap(theme.pixmap("mark", "text", 28))
        self.product = parts.label("", "title")
        self.buttons = QButtonGroup(self)
        entries: list[QWidget | int] = []
        for at, sign in enumerate(SIGNS):
            entry = QPushButton()
            entry.setCheckable(True)
            entry.setIcon(theme.icon(sign, "nav_text"))
            self.buttons.addButton(entry, at)
            QShortcut(QKeySequence(f"Alt+{at + 1}"), self, lambda at=at: self.go(at))
            if not self._offers(at):
                entry.hide()
            entries.append(entry)
        # Below the gap: oversight, the office, settings.
        settings_entry, office_entry, oversight_entry, residents_entry = entries[5:]
        entries[5:] = [-1, oversight_entry, office_entry, settings_entry]
        entries.insert(3, residents_entry)
        brand = parts.row(mark, self.product, -1, space=10, margin=(8, 4, 0, 16))
        nav.setLayout(parts.column(brand, *entries, space=4, margin=(10, 14, 10, 14)))
        top = QFrame()
        top.setProperty("part", "topbar")
        self.search = SearchLine()
        self.search.setMaximumWidth(400)
        self.link = parts.button("", "quiet", clicked=lambda: self.go(3))
        self.who_sign, self.who = parts.label(), parts.label()
        self.lock_button = parts.button("", icon="lock", clicked=self.lock)
        line = parts.row(
            self.search,
            -1,
            self.link,
            theme.M,
            self.who_sign,
            self.who,
            theme.S,
            self.lock_button,
            margin=(24, 10, 24, 10),
        )
        line.setStretch(0, 1)
        top.setLayout(line)
        self.topbar = top
        whole = QWidget()
        right = parts.column(top, self.notice, self.stack, space=0)
        right.setStretch(2, 1)
        both = parts.row(nav, space=0)
        both.addLayout(right, 1)
        whole.setLayout(both)
        self.setCentralWidget(whole)
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.resize(1366, 768)

    def _connect(self) -> None:
        self.buttons.idClicked.connect(self.go)
        self.overview.list_wanted.connect(self.show_list)
        self.overview.outbox_wanted.connect(lambda: self.go(3))
        self.overview.case_wanted.connect(self.show_case)
        self.overview.catalogue_wanted.connect(lambda: self.go(1))
        self.cases.case_wanted.connect(self.show_case)
        self.cases.catalogue_wanted.connect(lambda: self.go(1))
        self.outbox.case_wanted.connect(self.show_case)
        self.outbox.stick_wanted.connect(self.show_stick)
        self.overview.conflicts_wanted.connect(self.show_conflicts)
        if self.conflicts is not None:
            self.conflicts.back_wanted.connect(lambda: self.go(0))
            self.conflicts.case_wanted.connect(self.show_case)
        if self.stick is not None:
            self.stick.back_wanted.connect(lambda: self.go(3))
            self.stick.document_wanted.connect(self.show_document)
        self.catalogue.start_wanted.connect(self.start_wanted)
        self.case.back_wanted.connect(lambda: self.go(2))
        self.case.document_wanted.connect(self.show_document)
        self.case.resume_wanted.connect(self.resume_wanted)
        self.case.case_wanted.connect(self.show_case)
        self.case.results_wanted.connect(self.piles.show)
        self.certificates.many_wanted.connect(self.show_batch)
        self.certificates.templates_wanted.connect(self.show_designer)
        self.settings_page.calibration_wanted.connect(self.show_calibration)
        self.settings_page.projects_wanted.connect(self.show_projects)
        self.settings_page.links.setVisible(self.care is not None)
        self.calibrate.back_wanted.connect(lambda: self.go(5))
        self.batch.back_wanted.connect(lambda: self.go(4))
        self.preview.back_wanted.connect(lambda: self.stack.setCurrentWidget(self._under_preview))
        self.settings_page.changed.connect(self.settings_changed)
        self.search.returnPressed.connect(self._search)
        self.settings_page.password_wanted.connect(self._ask_password)
        self.settings_page.own_password.setVisible(self.care is not None)
        QShortcut(QKeySequence("Ctrl+K"), self, self._to_search)
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock)
        QShortcut(QKeySequence("Ctrl+N"), self, lambda: self.go(1))

    def _offers(self, at: int) -> bool:
        needed = _NEEDS.get(at)
        there = at < len(self.pages) and at not in self._absent
        return there and (not needed or needed in self.desk.operator.rights)

    def go(self, at: int) -> None:
        """Show the page at this place of the navigation, read afresh, if the role has it."""
        if not self._offers(at):
            return
        self.buttons.button(at).setChecked(True)
        page = self.pages[at]
        self.stack.setCurrentWidget(page)
        self.refresh()
        page.setFocus()

    def show_list(self, wanted: CaseFilter) -> None:
        """Show the cases that fit."""
        self.go(2)
        self.cases.show_filter(wanted)

    def show_case(self, case_id: str) -> None:
        """Show one case, or a resident."""
        page = self.pages[RESIDENTS]
        if case_id.startswith(RESIDENT) and isinstance(page, ResidentsPage):
            self.go(RESIDENTS)
            page.show_person(case_id.removeprefix(RESIDENT))
            return
        self.buttons.button(2).setChecked(True)
        self.case.show_case(case_id)
        self.stack.setCurrentWidget(self.case)
        self.case.back.setFocus()

    def show_stick(self) -> None:
        """Show how cases are carried by hand."""
        if self.stick is not None:
            self.stack.setCurrentWidget(self.stick)
            self.stick.banner.say("")
            self.stick.refresh()
            self.stick.setFocus()

    def show_batch(self) -> None:
        """Show the certificates that wait for paper."""
        self.buttons.button(4).setChecked(True)
        self.stack.setCurrentWidget(self.batch)
        self.batch.open()
        self.batch.setFocus()

    def _pile(self, case_id: str) -> BatchPage:
        page = BatchPage(self.desk, self.gui, self._workers, self._kept, case_id=case_id)
        page.back_wanted.connect(lambda: self.show_case(self.case.case_id))
        return page

    def show_designer(self) -> None:
        """Show where templates are made."""
        if self.designer is None:
            self.designer = Designer(self.desk, self.gui, self._workers, self._rasterise)
            self.designer.back_wanted.connect(lambda: self.go(4))
            self.stack.addWidget(self.designer)
        self.buttons.button(4).setChecked(True)
        self.stack.setCurrentWidget(self.designer)
        self.designer.begin()
        self.designer.setFocus()

    def show_calibration(self) -> None:
        """Show how a printer is measured."""
        self.stack.setCurrentWidget(self.calibrate)
        self.calibrate.open()
        self.calibrate.setFocus()

    def show_projects(self) -> None:
        """Show the projects of ODK servers."""
        if self.care is None:
            return
        if self.projects is None:
            self.projects = ProjectsPage(self.care.project_desk(), self.gui)
            self.projects.back_wanted.connect(lambda: self.go(5))
            self.projects.try_wanted.connect(self.try_wanted)
            self.projects.try_it.setVisible("fill" in self.desk.operator.rights)
            self.stack.addWidget(self.projects)
        self.projects.banner.say("")
        self.projects.refresh()
        self.stack.setCurrentWidget(self.projects)
        self.projects.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take the files of forms, to be tried."""
        if _forms_in(event.mimeData()) and "fill" in self.desk.operator.rights:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Try the forms that were dropped."""
        for path in _forms_in(event.mimeData()):
            self.try_wanted.emit(path)

    def show_conflicts(self) -> None:
        """Show the cases that two windows corrected at once."""
        if self.conflicts is not None:
            self.stack.setCurrentWidget(self.conflicts)
            self.conflicts.banner.say("")
            self.conflicts.refresh()
            self.conflicts.which.setFocus()

    def show_document(self, document: Document) -> None:
        """Preview a document; going back leads to the page it was opened from."""
        if self.stack.currentWidget() is not self.preview:
            self._under_preview = self.stack.currentWidget()
        self.stack.setCurrentWidget(self.preview)
        self.preview.show_document(document)

    def _ask_password(self) -> None:
        care = self.care
        if care is None:
            return
        self.password_dialog = PasswordDialog(self)
        dialog = self.password_dialog

        def done(_none: None) -> None:
            dialog.accept()
            self.settings_page.banner.say(self.tr("The password is changed."), "success")

        dialog.chosen.connect(
            lambda fresh: self.gui.deliver(
                care.change_own(fresh), to=dialog, done=done, failed=dialog.card.refused
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self) -> None:
        text = self.search.text().strip()
        self.search.clear()
        if self.desk.cases(CaseFilter(text=text)) or not self.desk.services(text, ""):
            self.show_list(CaseFilter(text=text))
        else:
            self.go(1)
            self.catalogue.search.setText(text)

    def lock(self) -> None:
        """Lock the desk: what was copied is forgotten, the owner closes the store."""
        QApplication.clipboard().clear()
        self.locked.emit()

    def take_settings(self, settings: Settings) -> None:
        """Follow changed settings."""
        self.settings_page.settings = settings
        self.catalogue.language = settings.language
        self.preview.choices.preferred = settings.printer
        self._idle.setInterval(settings.idle_lock_minutes * 60_000)
        if settings.idle_lock_minutes:
            self._idle.start()
        else:
            self._idle.stop()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.setWindowTitle(self.tr("Lastmile"))
        self.product.setText(self.tr("Lastmile"))
        names = (
            self.tr("Overview"),
            self.tr("New case"),
            self.tr("Cases"),
            self.tr("Outbox"),
            self.tr("Certificates"),
            self.tr("Settings"),
            self.tr("Office"),
            self.tr("Oversight"),
            self.tr("Residents"),
        )
        for at, name in enumerate(names):
            entry = self.buttons.button(at)
            entry.setText(f"  {name}")
            entry.setAccessibleName(name)
            entry.setToolTip(f"Alt+{at + 1}")
        self.search.setPlaceholderText(self.tr("Find a case or service  (Ctrl+K)"))
        self.search.setAccessibleName(self.tr("Find a case or service"))
        self.lock_button.setText(self.tr("Lock"))
        self.lock_button.setAccessibleName(self.tr("Lock the desk"))
        self.lock_button.setToolTip("Ctrl+L")
        self._show_state()

    def _show_state(self) -> None:
        said, operator = say_link(self.desk.sync()), self.desk.operator
        self.link.setText(said.short)
        self.link.setAccessibleName(self.tr("Link: {state}").format(state=said.short))
        self.link.setToolTip(said.text)
        role = "muted" if said.tone == "neutral" else said.tone
        self.link.setIcon(theme.icon(said.sign, role))
        self.who_sign.setPixmap(theme.pixmap("user", "muted", 20))
        self.who.setText(f"{operator.name}  ·  {operator.office}")

    def refresh(self) -> None:
        """Read again what is shown. Called after each change of the store."""
        self._show_state()
        self.notice.refresh()
        page = self.stack.currentWidget()
        if isinstance(page, Page):
            page.refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Any key or click puts off the idle lock."""
        stirs = event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)
        if stirs and self._idle.interval():
            self._idle.start()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the owner flush drafts, then stop listening."""
        self.closing.emit()
        self._stop_listening()
        event.accept()


def _forms_in(mime: QMimeData) -> list[str]:
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.lower().endswith((".xlsx", ".xml"))]
