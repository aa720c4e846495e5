"""What every question on a form has in common: label, hint, guidance, problem, keyboard.

A question shows a `NodeView` and emits one signal, `answered`. It checks no rules: it reports
what was typed, and the engine answers with a view that may hold a problem. The one thing it
says by itself is that it cannot read what was typed (`complaint`), say a date with 32 days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.questions.label_media import LabelMedia
from forms.texts import to_plain, to_rich
from forms.views import Media, NodeView
from printing.errors import Miss

LABEL_WIDTH_PX = 232
FIELD_WIDTH_PX = 560


@dataclass(frozen=True)
class Surroundings:
    """What a question may use of the office around it.

    Attributes:
        pinyin: For each label the spellings under which it is found ("gaolingjintie", "gljt"),
            lower case, in one text.
        media: Bytes of a form's picture by its `jr://` name; None when the form lacks it.
        attachment: Bytes of a file attached to this case by name; None when there is none.
        watch_folder: Where the camera or scanner of this window saves its pictures.
        max_upload_bytes: Larger files are refused.
        unprintable: Characters of a text that no font of the paper has.
    """

    pinyin: Callable[[Sequence[str]], list[str]] = lambda labels: [""] * len(labels)
    media: Callable[[str], bytes | None] = lambda _name: None
    attachment: Callable[[str], bytes | None] = lambda _name: None
    watch_folder: Path | None = None
    max_upload_bytes: int = 20 * 1024 * 1024
    unprintable: Callable[[str], tuple[Miss, ...]] = lambda _text: ()


class QuestionWidget(QWidget):
    """One question. Subclasses build their field in `build` and show answers in `show_answer`.

    Signals:
        answered: Ref and the answer: text, or a list of values for several choices.
        offered: Ref, file name, media type and bytes of a file to be attached.
        left: Ref; the person pressed Enter and wants the next question.
        typing: Ref; something is typed that `answered` has not reported yet.
        complained: Ref and what cannot be read, in words; "" once it can.
    """

    answered = Signal(str, object)
    offered = Signal(str, str, str, bytes)
    left = Signal(str)
    typing = Signal(str)
    complained = Signal(str, str)

    wide: ClassVar[bool] = False  # whether the field takes the label's column too

    def __init__(
        self, view: NodeView, around: Surroundings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.view = view
        self.around = around or Surroundings()
        self.complaint = ""
        self._media: LabelMedia | None = None
        self._hint: QLabel | None = None
        self._guidance: QToolButton | None = None
        self._guidance_text: QLabel | None = None
        self._problem: QLabel | None = None
        self.source: SourceLine | None = None
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setOpenExternalLinks(False)
        self.column = QVBoxLayout()
        self.column.setSpacing(theme.XS)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        self.build()
        self.show_view(view)

    # For subclasses -----------------------------------------------------------------

    def build(self) -> None:
        """Make the field; call `add_field` for each part of it."""

    def show_answer(self, view: NodeView) -> None:
        """Show the answer of `view` in the field. Emits nothing."""

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's own manner
        """Show whether the field may be changed."""
        for field in self.fields():
            field.setEnabled(not read_only)

    def fields(self) -> tuple[QWidget, ...]:
        """The parts that take the keyboard, first one first."""
        return ()

    def commit(self) -> None:
        """Emit `answered` for what is typed but not yet reported, if anything."""

    def commit_typing(self) -> None:
        """Report what is typed so far if it can be read; says nothing if it cannot yet."""

    # For windows --------------------------------------------------------------------

    @property
    def ref(self) -> str:
        """The node this question stands for."""
        return self.view.ref

    def show_view(self, view: NodeView) -> None:
        """Show `view`. Emits nothing."""
        self.view = view
        blockers = [QSignalBlocker(field) for field in self.fields()]
        self._show_label()
        self._show_media()
        self._show_hint()
        self._show_guidance()
        self.show_answer(view)
        self.set_read_only(view.read_only)
        del blockers
        self._show_problem()
        self._name_fields()
        self.setProperty("readOnly", view.read_only)

    def problem_text(self) -> str:
        """What is wrong with this answer, in words; "" when nothing is."""
        if self.complaint:
            return self.complaint
        problem = self.view.problem
        if problem is None:
            return ""
        if problem.message:
            return to_plain(problem.message)
        if problem.condition == "required":
            return self.tr("This question needs an answer.")
        return self.tr("This answer is not allowed here. Check it and correct it.")

    def unprintable_text(self) -> str:
        """What the printer will refuse of this answer, in words; it is kept all the same."""
        misses = self.around.unprintable(self.view.answer)
        if not misses:
            return ""
        first = next((miss for miss in misses if miss.standard), None)
        if first is not None:
            words = self.tr("{code} is a private character of an old system. Type {standard}.")
            return words.format(code=first.code_point, standard=first.standard)
        named = ", ".join(f"{miss.character} ({miss.code_point})" for miss in misses)
        words = self.tr("No font can print {characters} yet. It is kept; tell IT staff in time.")
        return words.format(characters=named)

    def focus_field(self) -> None:
        """Put the keyboard into the field."""
        for field in self.fields():
            if field.isEnabled() and not field.isHidden():
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def complain(self, words: str) -> None:
        """Say that what is typed cannot be read; "" takes it back."""
        if words == self.complaint:
            return
        self.complaint = words
        self._show_problem()
        self._name_fields()
        self.complained.emit(self.ref, words)

    def say_source(
        self, words: str, action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Say below the field where the answer comes from; "" takes it back.

        Args:
            words: What is said.
            action: Words of a button beside it; "" for none.
            act: What the button does.
        """
        if self.source is None:
            if not words:
                return
            self.source = SourceLine(self)
            self.column.addWidget(self.source)
        self.source.say(words, action, act)
        self._name_fields()

    def source_text(self) -> str:
        """What `say_source` says now."""
        return self.source.words.text() if self.source is not None else ""

    # Inside -------------------------------------------------------------------------

    def add_field(self, field: QWidget, *, stretch: bool = True) -> None:
        """Put `field` into the field column, above hint and problem."""
        if stretch:
            field.setMaximumWidth(FIELD_WIDTH_PX)
            self._box.addWidget(field)
        else:
            self._box.addWidget(field, 0, Qt.AlignmentFlag.AlignLeading)
        field.installEventFilter(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes to the next question."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.commit()
            self.left.emit(self.ref)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the language of the interface."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show_problem()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.L)
        grid.setVerticalSpacing(theme.XS)
        self._box = QVBoxLayout()
        self._box.setSpacing(theme.XS)
        self.column.addLayout(self._box)
        if self.wide:
            grid.addWidget(self.label, 0, 0, 1, 2)
            grid.addLayout(self.column, 1, 0)
            grid.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding), 1, 1)
            grid.setColumnStretch(0, 1000)
            grid.setColumnStretch(1, 1)
        else:
            self.label.setFixedWidth(LABEL_WIDTH_PX)
            self.label.setContentsMargins(0, 6, 0, 0)
            grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(self.column, 0, 1)
            # What the field does not take goes beyond it, so that all fields start on one line.
            grid.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding), 0, 2)
            grid.setColumnStretch(1, 1000)
            grid.setColumnStretch(2, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _show_label(self) -> None:
        text = to_rich(self.view.label)
        if self.view.required and not self.view.read_only:
            star = f'&nbsp;<b title="{self.tr("required")}">*</b>'
            text = f"{text[:-4]}{star}</p>" if text.endswith("</p>") else text + star
        if self.label.text() != text:
            self.label.setText(text)
        self.label.setVisible(bool(text) or not self.wide)

    def _show_media(self) -> None:
        if self._media is None:
            if self.view.media == Media():
                return
            self._media = LabelMedia(self.around.media, self)
            self._box.insertWidget(0, self._media)
        self._media.show_media(self.view.media)

    def _show_hint(self) -> None:
        if self._hint is None:
            if not self.view.hint:
                return
            self._hint = _line("caption")
            self.column.insertWidget(1, self._hint)
        self._hint.setText(to_rich(self.view.hint))
        self._hint.setVisible(bool(self.view.hint))

    def _show_guidance(self) -> None:
        if self._guidance is None or self._guidance_text is None:
            if not self.view.guidance:
                return
            self._guidance, self._guidance_text = _fold(self.tr("More help"))
            self.column.addWidget(self._guidance)
            self.column.addWidget(self._guidance_text)
        self._guidance_text.setText(to_rich(self.view.guidance))
        self._guidance.setVisible(bool(self.view.guidance))
        shown = bool(self.view.guidance) and self._guidance.isChecked()
        self._guidance_text.setVisible(shown)

    def _show_problem(self) -> None:
        words = self.problem_text()
        for field in self.fields():
            if bool(field.property("problem")) != bool(words):
                theme.restyle(field, problem=bool(words))
        if self._problem is None:
            if not words:
                return
            self._problem = _line("problem")
            self.column.addWidget(self._problem)
        self._problem.setText(f"⚠\u2002{words}" if words else "")
        self._problem.setVisible(bool(words))

    def _name_fields(self) -> None:
        name = to_plain(self.view.label) or self.tr("Question")
        if self.view.required:
            name = self.tr("{label}, required").format(label=name)
        parts = (to_plain(self.view.hint), self.problem_text(), self.source_text())
        description = " ".join(part for part in parts if part)
        for field in (self, *self.fields()):
            field.setAccessibleName(name)
            field.setAccessibleDescription(description)


class SourceLine(QWidget):
    """Where an answer comes from, with at most one thing to do about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words, self.action = QLabel(self), QPushButton(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "source")
        self.action.setProperty("kind", "secondary")
        self.action.setProperty("size", "small")
        self._act: Callable[[], object] | None = None
        self.action.clicked.connect(self._do)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.action)
        self._row.addStretch(0)
        self.setMaximumWidth(FIELD_WIDTH_PX)

    def say(self, words: str, action: str, act: Callable[[], object] | None) -> None:
        """Show it; empty words hide it."""
        self._act = act
        self.words.setText(words)
        self.words.setWordWrap(not action)
        for at, share in ((0, 0), (2, 1)) if action else ((0, 1), (2, 0)):
            self._row.setStretch(at, share)
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action))
        self.setVisible(bool(words))

    def _do(self) -> None:
        if self._act is not None:
            self._act()


def show_row(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """`widgets` side by side, as one field."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def _line(role: str) -> QLabel:
    line = QLabel()
    line.setWordWrap(True)
    line.setTextFormat(Qt.TextFormat.PlainText if role == "problem" else Qt.TextFormat.RichText)
    line.setProperty("role", role)
    line.setMaximumWidth(FIELD_WIDTH_PX)
    return line


def _fold(title: str) -> tuple[QToolButton, QLabel]:
    button = QToolButton()
    button.setText(title)
    button.setCheckable(True)
    button.setArrowType(Qt.ArrowType.RightArrow)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    text = _line("caption")

    def turn(*, opened: bool) -> None:
        text.setVisible(opened)
        button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)

    button.toggled.connect(lambda opened: turn(opened=opened))
    return button, text
