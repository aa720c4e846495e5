"""The pages on which all results of an application are printed, one for each application."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from desktop.windows.batch import BatchPage


class Piles:
    """Makes a page when it is wanted; one goes once another is wanted and nothing runs on it."""

    def __init__(self, stack: QStackedWidget, make: Callable[[str], BatchPage]) -> None:
        self._stack, self._make = stack, make
        self._pages: dict[str, BatchPage] = {}

    def show(self, case_id: str) -> None:
        """Show the results of what a case, the first of its application, was applied for with."""
        for key, page in list(self._pages.items()):
            if key != case_id and not page.batch.running:
                self._stack.removeWidget(page)
                del self._pages[key]
                page.deleteLater()
        if case_id not in self._pages:
            self._pages[case_id] = self._make(case_id)
            self._stack.addWidget(self._pages[case_id])
        page = self._pages[case_id]
        self._stack.setCurrentWidget(page)
        page.open()
        page.list.setFocus()
