"""Places typed by hand: a point in four lines, lines and areas as rows of text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from desktop.questions.base import QuestionWidget, show_row
from forms.views import NodeView

_BOUNDS = (90.0, 180.0)  # degrees of latitude and longitude


class GeopointQuestion(QuestionWidget):
    """Latitude and longitude in degrees, altitude and accuracy in metres."""

    def build(self) -> None:
        """Make the four lines."""
        self._shown = ""
        names = (
            self.tr("Latitude °"),
            self.tr("Longitude °"),
            self.tr("Altitude m"),
            self.tr("Accuracy m"),
        )
        self.parts: list[QLineEdit] = []
        for name in names:
            part = QLineEdit(self)
            part.setPlaceholderText(name)
            part.setToolTip(name)
            part.editingFinished.connect(self.commit)
            self.parts.append(part)
        self.add_field(show_row(*self.parts))

    def fields(self) -> tuple[QWidget, ...]:
        """The four lines."""
        return tuple(self.parts)

    def show_answer(self, view: NodeView) -> None:
        """Show the point in its lines."""
        shown, self._shown = self._shown, view.answer
        if view.answer in (shown, "") and (self.complaint or self._half_typed()):
            return
        numbers = view.answer.split()
        for at, part in enumerate(self.parts):
            part.setText(numbers[at] if at < len(numbers) else "")

    def commit(self) -> None:
        """Report the point once latitude and longitude are there."""
        typed = [part.text().strip() for part in self.parts]
        if not any(typed):
            self.complain("")
            self._report("")
            return
        if not (typed[0] and typed[1]):
            return  # the second half is still to come
        words = self._complaint_about(typed)
        self.complain(words)
        if words:
            self._report("")
            return
        self._report(" ".join((*typed[:2], typed[2] or "0", typed[3] or "0")))

    def _complaint_about(self, typed: list[str]) -> str:
        try:
            numbers = [float(text or "0") for text in typed]
        except ValueError:
            return self.tr("Write numbers, such as 30.6592 and 104.0633.")
        if not abs(numbers[0]) <= _BOUNDS[0]:
            return self.tr("Latitude is between -90 and 90 degrees.")
        if not abs(numbers[1]) <= _BOUNDS[1]:
            return self.tr("Longitude is between -180 and 180 degrees.")
        return ""

    def _half_typed(self) -> bool:
        return bool(self.parts[0].text()) != bool(self.parts[1].text())

    def _report(self, answer: str) -> None:
        same = _floats(answer) == _floats(self._shown)
        if not same:
            self._shown = answer
            self.answered.emit(self.ref, answer)


class GeoRowsQuestion(QuestionWidget):
    """A line or an area: one point a row. There is no map here, and it says so."""

    def build(self) -> None:
        """Make the rows and the notice."""
        self._shown = ""
        self.edit = QPlainTextEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(96)
        self.edit.setPlaceholderText("30.6592 104.0633")
        notice = QLabel(
            self.tr("One point a row: latitude and longitude. A map is not supported yet."), self
        )
        notice.setWordWrap(True)
        notice.setProperty("role", "caption")
        self.add_field(self.edit)
        self.add_field(notice)

    def fields(self) -> tuple[QWidget, ...]:
        """The rows."""
        return (self.edit,)

    def show_answer(self, view: NodeView) -> None:
        """Show one point a row."""
        shown, self._shown = self._shown, view.answer
        if self.complaint and view.answer in (shown, ""):
            return
        points = [point.strip() for point in view.answer.split(";")]
        text = "\n".join(point for point in points if point)
        if text != self.edit.toPlainText():
            self.edit.setPlainText(text)

    def commit(self) -> None:
        """Report all rows as one answer."""
        rows = [row.replace(",", " ").split() for row in self.edit.toPlainText().splitlines()]
        rows = [row for row in rows if row]
        if not all(_is_point(row) for row in rows):
            self.complain(self.tr("Write one point a row, such as 30.6592 104.0633."))
            self._report("")
            return
        if self.view.data_type == "geoshape" and len(rows) > 2 and rows[0][:2] != rows[-1][:2]:
            rows.append(rows[0])  # an area ends where it began
        fewest = 4 if self.view.data_type == "geoshape" else 2
        if rows and len(rows) < fewest:
            self.complain(self.tr("A line needs two points, an area three."))
            self._report("")
            return
        self.complain("")
        filled = (" ".join((*row, *("0",) * (4 - len(row)))) for row in rows)
        self._report("; ".join(filled))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Report when the rows are left."""
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)

    def _report(self, answer: str) -> None:
        old = [_floats(point) for point in self._shown.split(";") if point.strip()]
        new = [_floats(point) for point in answer.split(";") if point.strip()]
        if old != new:
            self._shown = answer
            self.answered.emit(self.ref, answer)


def _is_point(row: list[str]) -> bool:
    numbers = _floats(" ".join(row))
    if numbers is None or not 2 <= len(numbers) <= 4:
        return False
    return abs(numbers[0]) <= _BOUNDS[0] and abs(numbers[1]) <= _BOUNDS[1]


def _floats(answer: str) -> list[float] | None:
    try:
        return [float(part) for part in answer.split()]
    except ValueError:
        return None
