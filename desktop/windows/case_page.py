"""One case: its timeline, its materials, its documents, and what may be done now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QScrollArea, QWidget

from casework.errors import SecondNeeded
from desktop import messages, parts, people_words, theme, words
from desktop.desk import CaseLine, Desk, MaterialLine, Step
from desktop.gui_thread import GuiThread
from desktop.paper_desk import Document
from desktop.people_desk import Difference
from desktop.windows.base import Page
from desktop.windows.case_decisions import CaseDecisions
from desktop.windows.lines import Lines
from desktop.windows.second_person import ReasonAsked, SecondPerson
from desktop.windows.together_card import TogetherCard
from store.errors import DraftGone

_DECIDES = ("accept_first", "grant", "refuse", "withdraw")
_HARD = ("withdraw", "discard", "refuse")


class CaseView(Page):
    """The page of one case.

    Signals:
        back_wanted: (). document_wanted: (Document). resume_wanted: (case id).
        case_wanted: (id of another case of the same application).
        results_wanted: (id of its first case): the papers of all are to be printed.
    """

    back_wanted = Signal()
    document_wanted = Signal(object)
    resume_wanted = Signal(str)
    case_wanted = Signal(str)
    results_wanted = Signal(str)

    def __init__(self, desk: Desk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui, self._id = desk, gui, ""
        decides = desk.decisions()
        self.decisions = CaseDecisions(decides, gui, self) if decides else None
        self.second: SecondPerson | None = None
        self.why: ReasonAsked | None = None
        self._revealed, self._revealed_of = ("", ""), ""
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.banner.action.clicked.connect(lambda _checked=False: self._give_back())
        self.state = parts.badge("")
        self.deadline = parts.badge("")
        self.receipt = parts.badge("")
        self.head.insertWidget(0, self.back)
        self.head.insertWidget(2, self.state)
        self.head.insertWidget(3, self.deadline)
        self.head.insertWidget(4, self.receipt)
        self.summary = parts.label("", "lead")
        self._actions = Lines(QBoxLayout.Direction.LeftToRight)
        self.identity = parts.label("", "muted")
        self.reveal = parts.button("", "quiet", clicked=self._ask_why)
        line = parts.row(self.summary, self.identity, self.reveal, -1, self._actions, space=theme.M)
        self.note = parts.label("", "muted", wrap=True)
        self.content.addLayout(parts.column(line, self.note))
        self.steps, self.materials, self.documents = (parts.Card(" ") for _ in range(3))
        self._step_lines, self._material_lines, self._document_lines = (
            Lines(space=theme.M) for _ in range(3)
        )
        self.together = TogetherCard()
        self.together.case_wanted.connect(self.case_wanted)
        self.together.results_wanted.connect(self.results_wanted)
        self.together.handed_over.connect(self._hand_over)
        pairs = (
            (self.steps, self._step_lines),
            (self.materials, self._material_lines),
            (self.documents, self._document_lines),
        )
        for card, lines in pairs:
            card.body.addLayout(lines)
            card.body.addStretch(1)
        right = parts.column(self.together, self.documents, self.materials, space=theme.M)
        right.setStretch(2, 1)
        inner = parts.Scrolled()
        both = parts.row(self.steps, right, space=theme.M)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        inner.setLayout(both)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(inner)
        self.content.addWidget(self.area, 1)
        self.retranslate()

    @property
    def case_id(self) -> str:
        """Which case is shown."""
        return self._id

    def show_case(self, case_id: str) -> None:
        """Show this case."""
        self._id = case_id
        self.banner.say("")
        self.banner.action.hide()
        self.refresh()

    def compare(self, case_id: str) -> None:
        """Offer what the case says otherwise than the resident base to it."""
        people = self._desk.people_desk()
        if people is None:
            return

        def found(differing: Sequence[Difference]) -> None:
            if not differing or self._id != case_id:
                return
            said = "；".join(
                f"{people_words.field(d.field)} {d.held or '—'} → {d.said}" for d in differing
            )
            text = self.tr("This case says otherwise than the resident base: {fields}")
            self.banner.say(text.format(fields=said), "info")
            self.banner.action.setText(self.tr("Update the resident base"))
            self.banner.action.setAccessibleName(self.banner.action.text())
            self.banner.action.show()

        self._gui.deliver(people.differences(case_id), to=self, done=found, failed=self.explain)

    def _give_back(self) -> None:
        people = self._desk.people_desk()
        if people is None:
            return
        self.banner.action.hide()

        def done(_given: bool) -> None:  # noqa: FBT001 - what the Future holds
            self.banner.say(
                self.tr("The resident base is updated; this case stands as the material."),
                "success",
            )

        self._gui.deliver(people.give_back(self._id), to=self, done=done, failed=self.explain)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.back.setText(self.tr("Cases"))
        self.back.setAccessibleName(self.tr("Back to the cases"))
        self.steps.set_title(self.tr("What happened"))
        self.materials.set_title(self.tr("Materials"))
        self.documents.set_title(self.tr("Documents"))
        self.reveal.setText(self.tr("Show numbers"))
        self.reveal.setAccessibleName(self.tr("Show ID and telephone number"))
        self.area.setAccessibleName(self.tr("Case"))

    def refresh(self) -> None:
        """Read the case again."""
        if not self._id:
            return
        try:
            page = self._desk.case(self._id)
        except DraftGone:  # accepted in its own window, or deleted
            self._id = ""
            self.back_wanted.emit()
            return
        line = page.line
        self.headline.setText(line.number)
        self.summary.setText("  ·  ".join(each for each in (line.service, line.applicant) if each))
        self._show_identity(page.identity)
        self.note.setText(page.note)
        self.note.setVisible(bool(page.note))
        text, tone = words.days_left(line.days_left, firm=line.firm)
        if text and page.due_on:
            text = self.tr("{left} (until {day})").format(left=text, day=page.due_on)
        self.deadline.setText(text)
        self.deadline.setVisible(bool(text))
        theme.restyle(self.deadline, tone=tone)
        self._show_receipt(line)
        self.state.setText(words.status(line.status))
        theme.restyle(self.state, tone=words.STATUS[line.status][1])
        self._step_lines.show(page.steps, lambda: map(_step_line, page.steps))
        self._material_lines.show(page.materials, lambda: self._materials(page.materials))
        prints = "print" in self._desk.operator.rights
        self.together.show_together(page.together, self._id, prints=prints)
        self._document_lines.show(page.documents, lambda: self._documents(page.documents))
        self._actions.show((self._id, page.actions), lambda: self._buttons(page.actions))

    def _hand_over(self, case_ids: tuple[str, ...]) -> None:
        def go_on(at: int) -> None:  # one after the other: each is an event of its own
            if at == len(case_ids):
                self.refresh()
                return
            self._gui.deliver(
                self._desk.act(case_ids[at], "deliver"),
                to=self,
                done=lambda _none: go_on(at + 1),
                failed=self.explain,
            )

        go_on(0)

    def _show_receipt(self, line: CaseLine) -> None:
        self.receipt.setVisible(line.status != "draft")
        said = self.tr("No receipt yet") if line.unsent else self.tr("Received")
        self.receipt.setText(said)
        theme.restyle(self.receipt, tone="neutral" if line.unsent else "success")

    def _show_identity(self, numbers: tuple[str, str]) -> None:
        # What was revealed stays only while the page shows the same case.
        told = self._revealed if self._revealed_of == self._id else numbers
        self.identity.setText("  ·  ".join(each for each in told if each))
        self.reveal.setVisible(any(numbers) and self._revealed_of != self._id)

    def _ask_why(self) -> None:
        dialog = ReasonAsked(self.tr("Show the whole numbers"), self.tr("Show"), self)
        self.why = dialog
        case = self._id

        def done(numbers: tuple[str, str]) -> None:
            dialog.accept()
            self._revealed, self._revealed_of = numbers, case
            self.refresh()

        dialog.given.connect(
            lambda reason: self._gui.deliver(
                self._desk.reveal(case, reason), to=dialog, done=done, failed=dialog.refused
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was revealed."""
        self._revealed, self._revealed_of = ("", ""), ""
        super().hideEvent(event)

    def _materials(self, materials: tuple[MaterialLine, ...]) -> Iterator[QWidget | QLayout]:
        for material in materials:
            if material.licence:
                state = parts.badge(self.tr("Licence held, no paper needed"), "success")
            elif material.met:
                state = parts.badge(self.tr("Present"), "success")
            else:
                state = parts.badge(self.tr("Missing"), "warning")
            line = parts.row(parts.label(material.name, wrap=True), state, space=theme.M)
            line.setStretch(0, 1)
            yield line
        if not materials:
            yield parts.label(self.tr("This service asks for no papers."), "muted", wrap=True)

    def _documents(self, documents: tuple[Document, ...]) -> Iterator[QWidget | QLayout]:
        for each in documents:
            printed = (
                self.tr("printed {n} times").format(n=each.copies)
                if each.copies
                else self.tr("not printed yet")
            )
            name = f"{each.number}  ·  {printed}" if each.number else printed
            text = parts.column(
                parts.row(parts.label(each.title, "strong"), *self._state(each), -1),
                parts.label(name, "caption"),
                space=2,
            )
            for said, role in self._standing(each):
                text.addWidget(parts.label(said, role, wrap=True))
            if ends := tuple(self._ends(each)):
                text.addLayout(parts.row(*ends, -1))
            open_it = parts.button(
                self.tr("Preview"),
                icon="print",
                clicked=partial(self.document_wanted.emit, each),
            )
            open_it.setAccessibleName(self.tr("Preview {title}").format(title=each.title))
            line = parts.row(text, open_it, space=theme.M)
            line.setStretch(0, 1)
            yield line
        if not documents:
            nothing = self.tr("The receipt appears here once the case is accepted.")
            yield parts.label(nothing, "muted", wrap=True)

    def _standing(self, document: Document) -> Iterator[tuple[str, parts.Role]]:
        if document.void:
            yield self.tr("Void since {why}").format(why=document.void), "problem"
        if document.replaced_by:
            yield self.tr("Replaced by {number}").format(number=document.replaced_by), "caption"
        if document.replaces:
            yield self.tr("Takes the place of {number}").format(number=document.replaces), "caption"
        if why := self._why_not(document):
            yield why, "problem"

    def _state(self, document: Document) -> Iterator[QWidget]:
        if document.kind == "certificate":
            void = bool(document.void)
            yield parts.badge(
                self.tr("Void") if void else self.tr("Valid"), "danger" if void else "success"
            )

    def _ends(self, document: Document) -> Iterator[QWidget]:
        if self.decisions is None:
            return
        steps = {
            "replace": (self.tr("Replace"), self.decisions.replace),
            "void": (self.tr("Void"), self.decisions.void),
        }
        for name in document.may:
            text, step = steps[name]
            button = parts.button(text, small=True, clicked=partial(step, document.number))
            button.setAccessibleName(f"{text} {document.title}")
            yield button

    def _why_not(self, document: Document) -> str:
        if document.trouble:
            return self.tr("Not printed: {why}").format(why=messages.say_code(document.trouble))
        return self.tr("Printing; not confirmed yet.") if document.underway else ""

    def _buttons(self, actions: tuple[str, ...]) -> Iterator[QWidget]:
        names = {
            "resume": self.tr("Go on filling in"),
            "supplement": self.tr("Supplement"),
            "edit": self.tr("Correct what was sent"),
            "withdraw": self.tr("Withdraw"),
            "deliver": self.tr("Hand over"),
            "grant": self.tr("Grant"),
            "accept_first": self.tr("Let the first decision stand"),
            "refuse": self.tr("Refuse"),
            "discard": self.tr("Delete the draft"),
        }
        for action in actions:
            kind: parts.Kind = "danger" if action in _HARD else "primary"
            yield parts.button(names.get(action, action), kind, clicked=partial(self._act, action))

    def _act(self, action: str) -> None:
        if action in ("resume", "supplement", "edit"):
            self.resume_wanted.emit(self._id)
            return
        if action == "discard":
            self._discard(None)
            return
        if self.decisions is not None and action in _DECIDES:
            {
                "accept_first": self.decisions.accept_first,
                "grant": self.decisions.grant,
                "refuse": self.decisions.refuse,
                "withdraw": self.decisions.withdraw,
            }[action](self._id)
            return
        self._gui.deliver(
            self._desk.act(self._id, action),
            to=self,
            done=lambda _none: self.refresh(),
            failed=self.explain,
        )

    def _discard(self, second: tuple[str, str] | None) -> None:
        draft, self._id = self._id, ""  # the change is told before the answer comes

        def failed(error: Exception) -> None:
            self._id = draft
            if isinstance(error, SecondNeeded):
                self._ask_second()
            elif self.second is not None:
                self.second.refused(error)
            else:
                self.explain(error)

        def done(_none: None) -> None:
            if self.second is not None:
                self.second.accept()
            self.back_wanted.emit()

        self._gui.deliver(self._desk.discard(draft, second), to=self, done=done, failed=failed)

    def _ask_second(self) -> None:
        dialog = SecondPerson(self.tr("Delete this draft with all its answers"), self)
        self.second = dialog
        dialog.confirmed.connect(lambda login, password: self._discard((login, password)))
        dialog.finished.connect(self._second_left)
        dialog.open()

    def _second_left(self) -> None:
        dialog, self.second = self.second, None
        if dialog is not None:
            dialog.deleteLater()


def _step_line(step: Step) -> QLayout:
    tone = words.STATUS[step.status][1]
    sign = parts.label()
    role = "muted" if tone == "neutral" else tone
    name = {"warning": "warning", "danger": "error"}.get(tone, "check-circle")
    sign.setPixmap(theme.pixmap(name, role, 20))
    text = parts.column(
        parts.label(words.status(step.status), "strong"),
        parts.label("  ·  ".join(filter(None, (words.moment(step.at), step.by))), "caption"),
        space=2,
    )
    if step.note:
        text.addWidget(parts.label(step.note, wrap=True))
    line = parts.row(sign, text, space=theme.M)
    line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    return line
