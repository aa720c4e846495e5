"""Data already held in a form window: answers filled in and marked, licences in papers' places.

Whenever the ID number is answered, by hand or by a reader, empty questions are filled in from the
resident base. Each such answer says where it comes from; one that was changed says what is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from desktop import messages, parts, theme
from desktop.questions.base import QuestionWidget
from desktop.windows.form_doors import FormDoors, LicenceLine
from desktop.windows.form_page import PageView
from forms.views import NodeView


class HeldData(QObject):
    """Follows the answers of one form window.

    Args:
        doors: The window's doors.
        pages: The pages built so far.
        give: Answers a question as if it had been typed.
        parent: The window.
    """

    def __init__(
        self,
        doors: FormDoors,
        pages: Callable[[], Iterable[PageView]],
        give: Callable[[str, object], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._deliver, self._pages, self._give, self._parent = doors.deliver, pages, give, parent
        self._doors = doors.held
        self._answers: Mapping[str, str] = {}
        self._licences: Sequence[LicenceLine] = ()
        self.consent: ConsentAsked | None = None
        self._look()

    def answered(self, ref: str) -> None:
        """Something was answered; the applicant's ID number brings what is held of the person."""
        if self._doors is None or ref != self._doors.trigger:
            return
        for filled, value in self._doors.fillable().items():
            self._give(filled, value)
        self._look()

    def mark(self) -> None:
        """Say at each question where its answer comes from."""
        if self._doors is None:
            return
        licences = {line.ref: line for line in self._licences}
        for question in (each for page in self._pages() for each in page.questions.values()):
            if line := licences.get(question.ref):
                self._mark_paper(question, line)
            elif question.ref in self._answers:
                question.say_source(self._words(question.view, self._answers[question.ref]))
            else:
                question.say_source("")

    def _look(self) -> None:
        if self._doors is not None:
            self._answers, self._licences = self._doors.answers(), self._doors.licences()

    def _words(self, view: NodeView, held: str) -> str:
        if not held or not view.answer:
            return ""
        if view.answer == held:
            return self.tr("From the resident base; change it if it is no longer so.")
        said = next((choice.label for choice in view.choices if choice.value == held), held)
        return self.tr("The resident base says: {held}").format(held=said)

    def _mark_paper(self, question: QuestionWidget, line: LicenceLine) -> None:
        if line.used:
            question.say_source(self.tr("Electronic licence held: no paper needed."))
            return
        words = self.tr("Electronic licence held: {name}").format(name=line.name)
        question.say_source(words, self.tr("Use it in place of paper"), partial(self._ask, line))

    def _ask(self, line: LicenceLine) -> None:
        dialog = ConsentAsked(line.name, self._parent)
        self.consent = dialog
        doors = self._doors

        def done(answer: str) -> None:
            dialog.accept()
            self._give(line.ref, answer)
            self._look()
            self.mark()

        def give(guardian: str) -> None:
            if doors is not None:
                made = doors.use(line, guardian)
                self._deliver(made, to=dialog, done=done, failed=dialog.refused)

        dialog.agreed.connect(give)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class ConsentAsked(QDialog):
    """Asks whether the citizen agrees; the consent stands on record.

    Signals:
        agreed: (guardian's name, or ""). The owner calls `refused` or `accept`.
    """

    agreed = Signal(str)

    def __init__(self, licence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(480)
        title = self.tr("Use an electronic licence in place of paper")
        self.setWindowTitle(title)
        text = self.tr(
            "{licence}: a marked copy that names this service goes with the application. The"
            " consent stands on record and can be withdrawn until the case is accepted."
        ).format(licence=licence)
        self.asked = QCheckBox(self.tr("The citizen was asked here and agrees"))
        self.guardian = QLineEdit()
        self.guardian.setMaxLength(100)
        name = self.tr("Guardian, for a child under 14")
        label = parts.label(name, "strong")
        label.setBuddy(self.guardian)
        self.guardian.setAccessibleName(name)
        self.banner = parts.Banner()
        self.keep = parts.button(self.tr("Record and use"), "primary", clicked=self._agree)
        self.keep.setEnabled(False)
        self.asked.toggled.connect(self.keep.setEnabled)
        cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        feet = parts.row(-1, cancel, self.keep, space=theme.M)
        lines = (parts.label(title, "title", wrap=True), parts.label(text, wrap=True))
        self.setLayout(
            parts.column(
                *lines, self.asked, label, self.guardian, self.banner, 8, feet,
                space=theme.M, margin=theme.XL,
            )
        )  # fmt: skip
        self.asked.setFocus()

    def _agree(self) -> None:
        self.keep.setEnabled(False)
        self.agreed.emit(self.guardian.text().strip())

    def refused(self, error: Exception) -> None:
        """Say why."""
        self.keep.setEnabled(True)
        self.banner.say(messages.say(error), "danger")
