"""A number between two bounds: a slider and a line beside it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider, QWidget

from desktop.questions.base import QuestionWidget, show_row
from forms.views import NodeView, Range

_MOST_STEPS = 100_000


class RangeQuestion(QuestionWidget):
    """A number on a scale; blank until the slider is moved or a number typed."""

    def build(self) -> None:
        """Make slider and line."""
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setMinimumHeight(36)
        self.line = QLineEdit(self)
        self.line.setFixedWidth(88)
        self._bounds = QLabel(self)
        self._bounds.setProperty("role", "caption")
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.commit_slider)
        self.line.editingFinished.connect(self.commit)
        self.add_field(show_row(self.slider, self.line, spacing=16))
        self.add_field(self._bounds)

    def fields(self) -> tuple[QWidget, ...]:
        """Slider and line."""
        return (self.slider, self.line)

    def show_answer(self, view: NodeView) -> None:
        """Show the answer on both."""
        start, end, step = bounds_of(view.range)
        steps = min(int(abs(end - start) / step), _MOST_STEPS)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, steps)
            self.slider.setPageStep(max(1, steps // 10))
            number = _number(view.answer)
            at = 0 if number is None else round(abs(number - start) / step)
            self.slider.setValue(max(0, min(steps, at)))
        if not (self.complaint and not view.answer):
            self.line.setText(view.answer)
        self._bounds.setText(self.tr("{start} to {end}").format(start=start, end=end))

    def commit(self) -> None:
        """Report the number typed."""
        typed = self.line.text().strip()
        if typed == self.view.answer:
            self.complain("")
            return
        if typed and _number(typed) is None:
            self.complain(self.tr("Write a number, such as 12.5."))
            typed = ""
        else:
            self.complain("")
        if typed != self.view.answer:
            self.answered.emit(self.ref, typed)

    def commit_slider(self) -> None:
        """Report where the slider was let go."""
        value = self._at(self.slider.value())
        if value != self.view.answer:
            self.complain("")
            self.answered.emit(self.ref, value)

    def _slid(self, position: int) -> None:
        self.line.setText(self._at(position))
        if not self.slider.isSliderDown():
            self.commit_slider()

    def _at(self, position: int) -> str:
        start, end, step = bounds_of(self.view.range)
        value = start + (step if end >= start else -step) * position
        if self.view.data_type == "int":
            return str(int(value))
        return format(value, "f")


def bounds_of(bounds: Range | None) -> tuple[Decimal, Decimal, Decimal]:
    """Start, end and a step above 0; 0 to 10 by 1 where the form says nothing readable."""
    if bounds is None:
        return Decimal(0), Decimal(10), Decimal(1)
    start, end, step = (_number(text) for text in (bounds.start, bounds.end, bounds.step))
    return start or Decimal(0), Decimal(10) if end is None else end, abs(step or Decimal(1))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
