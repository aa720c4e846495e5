"""Steps on the page of a case that ask why: withdraw, grant, refuse, void and replace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject

from casework.errors import SecondNeeded
from desktop.decisions import DecisionDesk, Second
from desktop.gui_thread import GuiThread
from desktop.windows.base import Page
from desktop.windows.second_person import ReasonAsked, SecondPerson

Step = Callable[[str, Second | None], Future[Any]]


class CaseDecisions(QObject):
    """Asks why, then for the second person where two people do it; the page shows what was done.

    Attributes:
        why: The dialog that asks for the reason, while it is open.
        second: The dialog that asks for the second person, while it is open.
    """

    def __init__(self, desk: DecisionDesk, gui: GuiThread, page: Page) -> None:
        super().__init__(page)
        self._desk, self._gui, self._page = desk, gui, page
        self.why: ReasonAsked | None = None
        self.second: SecondPerson | None = None

    def grant(self, case_id: str) -> None:
        """Grant the case; a remark may be given."""
        self._ask(
            self.tr("Grant the application and issue what it gives"),
            self.tr("Grant"),
            lambda reason, _second: self._desk.grant(case_id, reason),
            needed=False,
        )

    def refuse(self, case_id: str) -> None:
        """Refuse the case."""
        self._ask(
            self.tr("Refuse the application; the applicant sees the reason"),
            self.tr("Refuse"),
            lambda reason, _second: self._desk.refuse(case_id, reason),
        )

    def withdraw(self, case_id: str) -> None:
        """Withdraw the case."""
        self._ask(
            self.tr("Withdraw the application at the applicant's wish; nothing is decided"),
            self.tr("Withdraw"),
            lambda reason, _second: self._desk.withdraw(case_id, reason),
        )

    def accept_first(self, case_id: str) -> None:
        """Let stand what another window decided first; ours stays in the history."""
        act = self.tr("Let the first decision stand; the certificate given out here becomes void")
        self._take(act, lambda _why, second: self._desk.accept_first(case_id, second), "", None)

    def void(self, number: str) -> None:
        """Void a certificate."""
        self._ask(
            self.tr("Void certificate {number}").format(number=number),
            self.tr("Void"),
            lambda reason, second: self._desk.void(number, reason, second),
        )

    def replace(self, number: str) -> None:
        """Void a certificate and issue another in its place."""
        self._ask(
            self.tr("Replace certificate {number}: it becomes void").format(number=number),
            self.tr("Replace"),
            lambda reason, second: self._desk.replace(number, reason, second),
        )

    def _ask(self, act: str, button: str, step: Step, *, needed: bool = True) -> None:
        dialog = self.why = ReasonAsked(act, button, self._page, needed=needed)
        dialog.given.connect(lambda reason: self._take(act, step, reason, None))
        dialog.finished.connect(self._why_left)
        dialog.open()

    def _take(self, act: str, step: Step, reason: str, second: Second | None) -> None:
        self._gui.deliver(
            step(reason, second),
            to=self._page,
            done=lambda _result: self._done(),
            failed=lambda error: self._failed(act, step, reason, error),
        )

    def _done(self) -> None:
        for dialog in (self.second, self.why):
            if dialog is not None:
                dialog.accept()
        self._page.refresh()

    def _failed(self, act: str, step: Step, reason: str, error: Exception) -> None:
        if isinstance(error, SecondNeeded):
            dialog = self.second = SecondPerson(act, self._page)
            dialog.confirmed.connect(
                lambda login, password: self._take(act, step, reason, (login, password))
            )
            dialog.finished.connect(self._second_left)
            dialog.open()
        elif self.second is not None:
            self.second.refused(error)
        elif self.why is not None:
            self.why.refused(error)
        else:
            self._page.explain(error)

    def _why_left(self) -> None:
        dialog, self.why = self.why, None
        if dialog is not None:
            dialog.deleteLater()

    def _second_left(self, result: int) -> None:
        dialog, self.second = self.second, None
        if dialog is not None:
            dialog.deleteLater()
        if not result and self.why is not None:
            self.why.reject()  # nobody confirmed: nothing is done
