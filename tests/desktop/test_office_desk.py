"""What the windows show of a real office."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework import filling
from casework.office import Office, Resources
from desktop.desk import SOON_DAYS, CaseFilter
from desktop.office_desk import OfficeDesk
from desktop.windows.overview import TILES
from sync.loop import SyncState
from tests.casework.hall import Hall, filled

RESOURCES = Path(__file__).parents[2] / "resources"
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path, Resources(RESOURCES))
    yield made
    made.leave()


def desk_on(office: Office, day: datetime) -> OfficeDesk:
    return OfficeDesk(
        Office(office.store, office.resources, now=lambda: day),
        ThreadPoolExecutor(1),
        language=lambda: "zh_CN",
        state=SyncState,
        send=lambda: None,
    )


@pytest.mark.parametrize(("day", "soon"), [(24, 1), (20, 1), (19, 0)])
def test_the_figure_of_what_is_due_soon_counts_its_list(hall: Hall, day: int, soon: int) -> None:
    office = hall.enter("li")
    accepted_on = Office(
        office.store, office.resources, now=lambda: datetime(2026, 11, 23, 10, tzinfo=CHINA)
    )
    made = filled(office)
    case = filling.accept(accepted_on, made).result()  # promised in one working day: the 24th
    desk = desk_on(office, datetime(2026, 11, day, 10, tzinfo=CHINA))
    listed = desk.cases(CaseFilter(due_within_days=SOON_DAYS))
    assert desk.figures().due_soon == len(listed) == soon
    assert [line.id for line in listed] == [str(case)] * soon


def test_the_nearest_deadline_is_shown_however_long_ago_its_case_was_touched(hall: Hall) -> None:
    office = hall.enter("li")
    days = (datetime(2026, 11, day, 10, tzinfo=CHINA) for day in (19, 20, 23))
    accepted = [
        filling.accept(Office(office.store, office.resources, now=lambda d=day: d), filled(office))  # type: ignore[misc]
        for day in days
    ]
    ids = [str(one.result()) for one in accepted]
    desk = desk_on(office, datetime(2026, 11, 23, 12, tzinfo=CHINA))
    assert [line.id for line in desk.next_due(2)] == ids[:2]


def test_the_tile_of_what_is_due_soon_opens_that_list() -> None:
    [tile] = [tile for tile in TILES if tile.figure == "due_soon"]
    assert tile.opens == CaseFilter(due_within_days=SOON_DAYS)
