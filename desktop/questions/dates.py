"""Dates, times and both: typed freely, or picked from a calendar."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QWidget, QWidgetAction

from desktop import theme
from desktop.questions.base import QuestionWidget, show_row
from desktop.questions.date_words import read_clock, read_day, read_month, read_year
from desktop.questions.text import LineQuestion, UnreadableError
from forms.views import NodeView


class DateQuestion(LineQuestion):
    """A day. F4 or Alt+Down opens the calendar."""

    width_px = 200

    def build(self) -> None:
        """Make the line and its calendar."""
        super().build()
        self.edit.setPlaceholderText(self.placeholder())
        self._add_calendar()

    def placeholder(self) -> str:
        """An empty line's example."""
        return self.tr("e.g. 2026-11-24")

    def read(self, typed: str) -> str:
        """The day in ISO form."""
        day = read_day(typed)
        if day is None:
            raise UnreadableError(
                self.tr("This is not a date. Write it like 2026-11-24 or 20261124.")
            )
        return day.isoformat()

    def written(self, answer: str) -> str:
        """The day alone, should the instance hold a time too."""
        return answer[:10]

    def open_calendar(self) -> None:
        """Show the calendar below the line, at the day typed or today."""
        if self.edit.isReadOnly():
            return
        day = read_day(self.edit.text())
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if day:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(self._pick)
        calendar.clicked.connect(self._pick)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.edit.mapToGlobal(self.edit.rect().bottomLeft()))
        calendar.setFocus()

    def _add_calendar(self) -> None:
        action = QAction(theme.icon("calendar", "muted"), "", self.edit)
        action.setToolTip(self.tr("Open the calendar (F4)"))
        action.setShortcuts([QKeySequence("F4"), QKeySequence("Alt+Down")])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self.open_calendar)
        self.edit.addAction(action, QLineEdit.ActionPosition.TrailingPosition)

    def _pick(self, picked: QDate) -> None:
        self.edit.setText(f"{picked.year():04d}-{picked.month():02d}-{picked.day():02d}")
        self.commit()
        self.edit.setFocus()


class MonthQuestion(DateQuestion):
    """A month of a year; its first day stands in the instance."""

    def placeholder(self) -> str:
        """An empty line's example."""
        return self.tr("e.g. 2026-11")

    def read(self, typed: str) -> str:
        """The first day of the month in ISO form."""
        month = read_month(typed)
        if month is None:
            raise UnreadableError(self.tr("This is not a month. Write it like 2026-11."))
        return month.isoformat()

    def written(self, answer: str) -> str:
        """Year and month."""
        return answer[:7]


class YearQuestion(DateQuestion):
    """A year; its first day stands in the instance."""

    def placeholder(self) -> str:
        """An empty line's example."""
        return self.tr("e.g. 2026")

    def read(self, typed: str) -> str:
        """The first day of the year in ISO form."""
        year = read_year(typed)
        if year is None:
            raise UnreadableError(self.tr("This is not a year. Write it like 2026."))
        return year.isoformat()

    def written(self, answer: str) -> str:
        """The year."""
        return answer[:4]


class TimeQuestion(LineQuestion):
    """A time of day, 24 hours, in the office's own time."""

    width_px = 200

    def build(self) -> None:
        """Make the line."""
        super().build()
        self.edit.setPlaceholderText(self.tr("e.g. 09:30"))

    def read(self, typed: str) -> str:
        """Hours, minutes and seconds with milliseconds, as XForms writes them."""
        clock = read_clock(typed)
        if clock is None:
            raise UnreadableError(self.tr("This is not a time. Write it like 09:30."))
        return f"{clock.isoformat()}.000"

    def written(self, answer: str) -> str:
        """Hours and minutes."""
        return answer[:5]


class DateTimeQuestion(QuestionWidget):
    """A day and a time of day; reported once both can be read."""

    def build(self) -> None:
        """Make the two lines."""
        self._shown = ""
        self.day = QLineEdit(self)
        self.day.setPlaceholderText(self.tr("e.g. 2026-11-24"))
        self.day.setFixedWidth(200)
        self.clock = QLineEdit(self)
        self.clock.setPlaceholderText(self.tr("e.g. 09:30"))
        self.clock.setFixedWidth(120)
        for edit in (self.day, self.clock):
            edit.editingFinished.connect(self.commit)
        self.add_field(show_row(self.day, self.clock), stretch=False)

    def fields(self) -> tuple[QWidget, ...]:
        """Both lines."""
        return (self.day, self.clock)

    def show_answer(self, view: NodeView) -> None:
        """Show the answer in local time."""
        shown, self._shown = self._shown, view.answer
        if view.answer in (shown, "") and (self.complaint or self._half_typed()):
            return
        moment = _moment(view.answer)
        self.day.setText(moment.strftime("%Y-%m-%d") if moment else "")
        self.clock.setText(moment.strftime("%H:%M") if moment else "")

    def commit(self) -> None:
        """Report day and time once both are there, or that both are gone."""
        typed = (self.day.text().strip(), self.clock.text().strip())
        if not any(typed):
            self.complain("")
            self._report("")
            return
        day, clock = read_day(typed[0]), read_clock(typed[1])
        if day is None or clock is None:
            if all(typed):
                self.complain(self.tr("This is not a date and time. Write 2026-11-24 and 09:30."))
            self._report("")
            return
        self.complain("")
        self._report(stamp(day, clock))

    def _half_typed(self) -> bool:
        return bool(self.day.text()) != bool(self.clock.text())

    def _report(self, answer: str) -> None:
        old, new = _moment(self._shown), _moment(answer)
        if old != new:
            self._shown = answer
            self.answered.emit(self.ref, answer)


def stamp(day: date, clock: time) -> str:
    """`day` and `clock` of the office's zone, as XForms writes a dateTime."""
    return datetime.combine(day, clock).astimezone().isoformat(timespec="milliseconds")


def _moment(answer: str) -> datetime | None:
    if not answer:
        return None
    try:
        return datetime.fromisoformat(answer).astimezone()
    except ValueError:
        return None
