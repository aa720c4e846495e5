"""The window in which a case is filled in, together with the citizen.

The window shows what the session says and hands every answer to it: `session.answer` returns
what changed, and only that is painted again. Nothing here checks a rule or touches the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QScrollArea, QVBoxLayout, QWidget

from desktop import parts, theme
from desktop.windows.form_contents import Contents, PageState
from desktop.windows.form_doors import Filling, FormDoors
from desktop.windows.form_held import HeldData
from desktop.windows.form_outline import Outline, Page
from desktop.windows.form_page import PageView
from desktop.windows.form_read_back import ReadBackWindow
from desktop.windows.form_saving import Saving
from forms.errors import FormError
from forms.views import Changes

_NARROW_PX = 1000  # below this the table of contents makes way
_PAGE_WIDTH_PX = 1040


class FormWindow(QWidget):
    """One case being filled in. Several may be open at once.

    Signals:
        accept_requested: Nothing is missing; the draft may be accepted.
        closed: The window is gone and the draft is in the store.
        language_chosen: Name of the form's language now shown.
    """

    accept_requested = Signal()
    closed = Signal()
    language_chosen = Signal(str)

    def __init__(
        self, filling: Filling, doors: FormDoors, *, title: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.filling = filling
        self.doors = doors
        self.outline = Outline(filling.session)
        self.pages: tuple[Page, ...] = self.outline.pages()
        self.at = 0
        self._built: dict[int, PageView] = {}
        self._complaints: dict[str, str] = {}
        self._busy = self._closing = False
        self._read_back: ReadBackWindow | None = None
        self.held = HeldData(doors, self._built.values, self._take_answer, self)
        self.saving = Saving(
            doors.autosave, doors.deliver, now=doors.now, explain=doors.explain, parent=self
        )
        self.saving.changed.connect(self._show_saving)
        self.saving.due.connect(self._commit_typing)
        self._later = QTimer(self)  # progress is counted once the keystroke is painted
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_progress)
        self._build(title)
        self._bind_keys()
        self.retranslate()
        self.go_to_page(0)

    # What the shell calls -------------------------------------------------------------

    @property
    def page(self) -> PageView:
        """The page shown now."""
        return self._built[self.at]

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - Qt's own manner
        """While the case is being accepted, nothing can be pressed twice."""
        self._busy = busy
        self.accept_button.setEnabled(not busy)
        self.scroller.setEnabled(not busy)

    def accept(self) -> None:
        """Ask for acceptance if nothing is missing; else say what is, and go there."""
        if self._busy:
            return
        self._commit_focus()
        problems = self.filling.session.check()
        self._refresh(problem.ref for problem in problems)
        self._show_progress()
        if problems or self._complaints:
            self.next_problem(from_start=True)
            return
        self.saving.now()
        self.accept_requested.emit()

    def save_now(self) -> None:
        """Put everything typed into the store at once."""
        self._commit_focus()
        self.saving.now()

    def problem_refs(self) -> list[str]:
        """Refs of the questions to correct, in order."""
        return [
            ref
            for ref in self.outline.refs
            if (ref in self._complaints or self.outline.view(ref).problem is not None)
            and self.outline.shown(ref)
        ]

    def turn_to(self, number: int) -> None:
        """Open a page, if there is one of this number, with the keyboard in its first question."""
        self.go_to_page(number)
        if order := self.page.order():
            self.go_to(order[0])

    def go_to(self, ref: str) -> None:
        """Open the page of `ref` and put the keyboard into it."""
        number = self.outline.page_of(self.pages, ref)
        if number is None:
            return
        if number != self.at:
            self.go_to_page(number)
        question = self.page.questions.get(ref)
        if question is not None:
            question.focus_field()
            self.scroller.ensureWidgetVisible(question, 0, theme.XXL)
            return
        panel = self.page.panel_of(ref)
        if panel is not None:
            panel.focus_ref(ref)
            self.scroller.ensureWidgetVisible(panel, 0, theme.XXL)

    def next_problem(self, *, from_start: bool = False) -> None:
        """Go to the problem after the question in hand; round and round."""
        self._commit_focus()
        problems = self.problem_refs()
        if not problems:
            self._say_saved_words(self.tr("Nothing needs correcting."))
            return
        here = "" if from_start else self._ref_in_hand()
        places = {ref: place for place, ref in enumerate(self.outline.refs)}
        after = [ref for ref in problems if places[ref] > places.get(here, -1)]
        self.go_to((after or problems)[0])

    def go_to_page(self, number: int) -> None:
        """Show a page, building it the first time."""
        if not self.pages:
            return
        number = max(0, min(number, len(self.pages) - 1))
        number = self.outline.nearest(self.pages, number, 1 if number >= self.at else -1)
        if number != self.at:
            self._commit_focus()
            self.saving.now()
        self.at = number
        if number not in self._built:
            self._built[number] = self._make_page(self.pages[number])
        for other, view in self._built.items():
            if other != number:
                view.hide()
        self._holder.insertWidget(0, self.page)
        self.page.show()
        self.filling.session.look(self.page.order())
        self.scroller.verticalScrollBar().setValue(0)
        self._show_progress()

    def read_back(self) -> None:
        """Show the answers in large type, for the citizen to check."""
        self._commit_focus()
        if self._read_back is not None:
            self._read_back.close()
        self._read_back = ReadBackWindow(
            self.outline, self.doors.grades, title=self.windowTitle(), parent=self
        )
        self._read_back.destroyed.connect(lambda: setattr(self, "_read_back", None))
        self._read_back.show()

    # What questions report ------------------------------------------------------------

    def _take_answer(self, ref: str, value: object) -> None:
        try:
            changes = self.filling.session.answer(ref, value)
        except FormError as error:
            self._file_failed(ref, error)
            return
        self._apply(changes)
        self.held.answered(ref)

    def _take_file(self, ref: str, name: str, media_type: str, data: bytes) -> None:
        self._say_saved_words(self.tr("Keeping the file…"))
        self.doors.deliver(
            self.doors.attach(ref, name, media_type, data),
            to=self,
            done=lambda kept: self._take_answer(ref, str(kept)),
            failed=lambda error: self._file_failed(ref, error),
        )

    def _file_failed(self, ref: str, error: Exception) -> None:
        question = self.page.questions.get(ref)
        if question is not None:
            question.complain(self.doors.explain(error))

    def _take_complaint(self, ref: str, words: str) -> None:
        if words:
            self._complaints[ref] = words
        else:
            self._complaints.pop(ref, None)
        self._later.start()

    def _leave(self, ref: str) -> None:
        order = self.page.order()
        if ref in order and order.index(ref) + 1 < len(order):
            following = order[order.index(ref) + 1]
            self.go_to(following)
        elif self.at + 1 < len(self.pages):
            self.next_button.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.accept_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self, ref: str) -> None:
        self._apply(self.filling.session.add_repeat(ref))
        panel = self.page.panels.get(ref)
        if panel is not None:
            panel.focus_instance(len(panel.instances) - 1)

    def _remove(self, ref: str) -> None:
        parent = self.outline.parents[ref]
        position = self.outline.children[parent].index(ref)
        self._complaints = {r: w for r, w in self._complaints.items() if not r.startswith(parent)}
        self._apply(self.filling.session.remove_repeat(ref))
        panel = self.page.panels.get(parent)
        if panel is not None:
            panel.sync(force=True)
            panel.focus_instance(position)

    # Keeping window and session in agreement -----------------------------------------

    def _apply(self, changes: Changes) -> None:
        if changes.structure:
            self._restructure()
        else:
            self._refresh(changes.refs)
        self.saving.note()
        self._later.start()

    def _refresh(self, refs: Iterable[str]) -> None:
        for ref in refs:
            view = self.outline.refresh(ref)
            if view is None:
                continue
            for page in self._built.values():
                page.repaint_node(view)

    def _restructure(self) -> None:
        before = {ref: self.outline.view(ref) for ref in self.outline.refs}
        self.outline.rebuild()
        pages = self.outline.pages()
        if pages != self.pages:
            self._rebuild_all(pages)
            return
        for page in self._built.values():
            page.restructure()
        for ref in self.outline.refs:
            view = self.outline.view(ref)
            if before.get(ref) != view:
                for page in self._built.values():
                    page.repaint_node(view)

    def _rebuild_all(self, pages: tuple[Page, ...]) -> None:
        here = self._ref_in_hand()
        for page in self._built.values():
            self._holder.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._built = {}
        self._complaints = {}
        self.pages = pages
        self.go_to_page(self.at)
        if here in self.outline:
            self.go_to(here)

    def _choose_language(self, row: int) -> None:
        name = str(self.language.itemData(row))
        if name == self.filling.session.language:
            return
        self._commit_focus()
        self.filling.session.set_language(name)
        self.outline.rebuild()
        self._rebuild_all(self.outline.pages())
        self.language_chosen.emit(name)

    # Saying things --------------------------------------------------------------------

    def retranslate(self) -> None:
        """Show the window's own words in the language of the interface."""
        self.accept_button.setText(self.tr("&Accept"))
        self.read_back_button.setText(self.tr("&Read back"))
        self.previous_button.setText(self.tr("&Previous page"))
        self.next_button.setText(self.tr("&Next page"))
        self.problem_bar.action.setText(self.tr("Go to the next one (F8)"))
        self.language.setAccessibleName(self.tr("Language of the form"))
        for button in (
            self.accept_button, self.read_back_button, self.previous_button, self.next_button
        ):  # fmt: skip
            button.setAccessibleName(button.text().replace("&", ""))
        self._show_saving("clean", "", self.saving.saved_at)

    def _show_saving(self, state: str, words: str, at: datetime | None) -> None:
        when = at.astimezone().strftime("%H:%M:%S") if at else ""
        texts = {
            "clean": self.tr("Saved {time}").format(time=when) if at else "",
            "waiting": self.tr("Not saved yet"),
            "saving": self.tr("Saving…"),
            "saved": self.tr("Saved {time}").format(time=when),
            "failed": self.tr("Not saved: {reason}").format(reason=words),
        }
        theme.restyle(self.saved_label, role="problem" if state == "failed" else "caption")
        self._say_saved_words(texts[state])
        if state == "saved" and self._closing:
            self.close()

    def _say_saved_words(self, words: str) -> None:
        self.saved_label.setText(words)
        self.saved_label.setMinimumWidth(self.saved_label.sizeHint().width())

    def _show_progress(self) -> None:
        self.held.mark()
        states = [self._state_of(number) for number in range(len(self.pages))]
        self.contents.show_states(states, self.at)
        number = len(self.problem_refs())
        if number:
            words = self.tr("To correct or fill in: {number}").format(number=number)
            self.problem_bar.say(words, "danger")
        elif self.problem_bar.isVisibleTo(self):
            self.problem_bar.say("")
        applying = [at for at, state in enumerate(states) if state.shown]
        before = sum(at < self.at for at in applying)
        self.previous_button.setEnabled(before > 0)
        self.next_button.setEnabled(any(at > self.at for at in applying))
        words = self.tr("Page {page} of {pages}")
        self.page_label.setText(words.format(page=before + 1, pages=max(1, len(applying))))

    def _state_of(self, number: int) -> PageState:
        page = self.pages[number]
        answered = every = problems = 0
        shown = self.outline.applies(page)
        for head in page.heads:
            for ref in self.outline.questions(head):
                view = self.outline.view(ref)
                if view.kind == "note" or view.read_only or not self.outline.shown(ref):
                    continue
                every += 1
                answered += bool(view.answer)
                problems += bool(view.problem) or ref in self._complaints
        title = page.title or self.tr("Questions")
        if page.part:
            title = self.tr("{title}, part {part}").format(title=title, part=page.part)
        return PageState(title, answered, every, problems, shown)

    # Inside ---------------------------------------------------------------------------

    def _build(self, title: str) -> None:
        self.title = parts.label(title, "title")
        self.saved_label = parts.label("", "caption")
        self.language = QComboBox(self)
        session = self.filling.session
        for name in session.languages:
            self.language.addItem(name, name)
        self.language.setCurrentIndex(self.language.findData(session.language))
        self.language.setVisible(len(session.languages) > 1)
        self.language.activated.connect(self._choose_language)
        self.read_back_button = parts.button(clicked=self.read_back)
        self.accept_button = parts.button(kind="primary", clicked=self.accept)
        top = QWidget(self)
        top.setProperty("ground", "surface")
        top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        top.setLayout(
            parts.row(
                self.title, -1, self.saved_label, self.language, self.read_back_button,
                self.accept_button, space=theme.M, margin=(theme.L, theme.S, theme.L, theme.S),
            )
        )  # fmt: skip
        self.notice = parts.Banner(self)
        self.problem_bar = parts.Banner(self)
        self.problem_bar.action.show()
        self.problem_bar.action.clicked.connect(lambda _checked=False: self.next_problem())
        self.contents = Contents(self)
        self.contents.picked.connect(self.go_to_page)
        self.scroller = QScrollArea(self)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("ground", "none")
        inside.setMaximumWidth(_PAGE_WIDTH_PX)
        self._holder = QVBoxLayout(inside)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self.scroller.setWidget(inside)
        self._lay_out(top)

    def _lay_out(self, top: QWidget) -> None:
        self.previous_button = parts.button(clicked=lambda: self.go_to_page(self.at - 1))
        self.next_button = parts.button(clicked=lambda: self.go_to_page(self.at + 1))
        self.page_label = parts.label("", "caption")
        foot = parts.row(
            self.previous_button, -1, self.page_label, -1, self.next_button,
            margin=(theme.XL, theme.S, theme.XL, theme.M),
        )  # fmt: skip
        said = parts.column(self.notice, self.problem_bar, margin=(theme.XL, theme.M, theme.XL, 0))
        right = parts.column(said, self.scroller, foot, space=0)
        right.setStretch(1, 1)
        middle = parts.row(self.contents, right, space=0)
        middle.setStretch(1, 1)
        column = parts.column(top, parts.rule(), middle, space=0)
        column.setStretch(2, 1)
        self.setLayout(column)

    def _bind_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+S", self.save_now),
            ("F8", self.next_problem),
            ("Ctrl+J", self.next_problem),
            ("Ctrl+Return", self._page_end),
            ("Ctrl+Enter", self._page_end),
            ("Ctrl+PgDown", lambda: self.turn_to(self.at + 1)),
            ("Ctrl+PgUp", lambda: self.turn_to(self.at - 1)),
        )
        for sequence, action in keys:
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _page_end(self) -> None:
        if self.at + 1 >= len(self.pages):
            self._commit_focus()
            self.accept_button.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.turn_to(self.at + 1)

    def _make_page(self, page: Page) -> PageView:
        view = PageView(self.outline, page, self.doors.around)
        view.answered.connect(self._take_answer)
        view.offered.connect(self._take_file)
        view.left.connect(self._leave)
        view.typing.connect(lambda _ref: self.saving.wait())
        view.complained.connect(self._take_complaint)
        view.add_asked.connect(self._add)
        view.remove_asked.connect(self._remove)
        return view

    def _ref_in_hand(self) -> str:
        focus = self.focusWidget()
        if focus is None or not self._built:
            return ""
        for ref, question in self.page.questions.items():
            if question is focus or question.isAncestorOf(focus):
                return ref
        return ""

    def _commit_focus(self) -> None:
        if self._built and (question := self.page.questions.get(self._ref_in_hand())):
            question.commit()

    def _commit_typing(self) -> None:
        if self._built and (question := self.page.questions.get(self._ref_in_hand())):
            question.commit_typing()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the page the room of the table of contents in a narrow window."""
        self.contents.setVisible(self.width() >= _NARROW_PX and len(self.pages) > 1)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the language of the interface."""
        if event.type() == QEvent.Type.LanguageChange and self._built:
            self.retranslate()
            self._rebuild_all(self.pages)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close once the draft is in the store; a second close insists."""
        self._commit_focus()
        if self.saving.dirty and not self._closing:
            self._closing = True
            self.saving.now()
            if self.saving.dirty:  # not written yet: close when it is
                event.ignore()
                return
        event.accept()
        self.closed.emit()
