"""What the page of services says of trials and of its own age."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.desk import ServicesState
from desktop.examples import NOW, SERVICES, ExampleDesk
from desktop.lists.cases import DETAIL_ROLE
from desktop.windows.catalogue import Catalogue

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Desk(ExampleDesk):
    """An office whose first service is on trial, and whose services are as old as said."""

    state = ServicesState()

    def services(self, text: str, department: str):  # type: ignore[no-untyped-def]
        first, *rest = super().services(text, department)
        return [replace(first, pilot=True), *rest]

    def services_state(self) -> ServicesState:
        return self.state


def page_of(qtbot: QtBot, state: ServicesState) -> Catalogue:
    desk = Desk()
    desk.state = state
    page = Catalogue(desk, language="en")
    qtbot.addWidget(page)
    page.refresh()
    return page


def test_a_version_on_trial_is_named_in_the_list_also_for_those_who_hear_it(qtbot: QtBot) -> None:
    model = page_of(qtbot, ServicesState()).model
    first, second = model.index(0), model.index(1)
    assert "Pilot" in str(model.data(first, DETAIL_ROLE))
    assert "Pilot" in str(model.data(first, Qt.ItemDataRole.AccessibleTextRole))
    assert "Pilot" not in str(model.data(second, DETAIL_ROLE))
    assert model.data(second, Qt.ItemDataRole.AccessibleTextRole) == SERVICES[1][0].name


@pytest.mark.parametrize(
    ("as_of", "days", "code", "said", "unsaid"),
    [
        (None, 0, "", "came with this program", "ago"),
        (NOW, 30, "", "Services as of 2026-03-18", "ago"),
        (NOW, 47, "", "47 days ago. Work goes on", "["),
        (NOW, 5, "S180", "signatures over its services have run out", "ago"),
        (NOW, 1, "C181", "A new version of “低保” cannot be used", "ago"),
    ],
)
def test_the_page_says_how_old_its_services_are_and_that_work_goes_on(
    qtbot: QtBot, as_of: datetime | None, days: int, code: str, said: str, unsaid: str
) -> None:
    text = page_of(qtbot, ServicesState(as_of, days, code, "低保")).state.text()
    assert said in text
    assert unsaid not in text
    assert not code or "Work goes on" in text
