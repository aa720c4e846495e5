"""The operator hears at sign-in what became of a damaged store, and of a disk without room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from desktop.care import StoreState
from desktop.windows.store_notice import StoreNotice
from store.views import Recovery

WHOLE = Recovery(
    at=datetime(2026, 11, 25, 8, tzinfo=UTC),
    reason="damaged",
    snapshot=datetime(2026, 11, 24, 8, tzinfo=UTC),
    changes=31,
    cases=12,
    cases_brought=("N-12",),
    cases_lost=(),
    changes_lost=0,
    files_lost=(),
    aside="quarantine-20261125-080000",
    journal=True,
)
PART = replace(WHOLE, cases_lost=("N-13", "N-14"), changes_lost=7, files_lost=("N-3", ""))


class Cared:
    """The part of `Care` that the line asks."""

    def __init__(self) -> None:
        self.state = StoreState()

    def store_state(self) -> StoreState:
        return self.state


def shown(qtbot: QtBot, state: StoreState) -> tuple[StoreNotice, Cared]:
    cared = Cared()
    cared.state = state
    made = StoreNotice(cared)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    return made, cared


def test_nothing_is_said_while_all_is_well(qtbot: QtBot) -> None:
    notice, _ = shown(qtbot, StoreState())
    assert not notice.isVisible()


def test_a_whole_recovery_is_said_once_and_put_away_by_the_operator(qtbot: QtBot) -> None:
    notice, _ = shown(qtbot, StoreState(recovery=WHOLE))
    assert "All 12 cases" in notice.recovered.text.text()
    assert WHOLE.aside in notice.recovered.text.text()
    notice.recovered.action.click()
    assert not notice.isVisible()


def test_what_is_not_back_is_named_to_the_case(qtbot: QtBot) -> None:
    notice, _ = shown(qtbot, StoreState(recovery=PART))
    said = notice.recovered.text.text()
    for part in ("2 cases: N-13, N-14", "7 saved steps", "2 attachments", "N-3"):
        assert part in said
    assert "All" not in said


def test_a_disk_that_fills_is_said_and_unsaid(qtbot: QtBot) -> None:
    notice, cared = shown(qtbot, StoreState(room="low", free_mib=320))
    assert "320 MB" in notice.room.text.text()
    cared.state = StoreState(room="stop", free_mib=80)
    notice.refresh()
    assert "Nothing new is begun" in notice.room.text.text()
    cared.state = StoreState()
    notice.refresh()
    assert not notice.isVisible()
