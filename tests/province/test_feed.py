"""The feed: nothing missed under concurrent writers, and a restore that cannot pass unnoticed."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from province import decisions, demo, feed, intake
from province.accounts import Caller
from province.app import Province, open_province
from province.errors import CursorExpired
from province.models import Device
from tests.province.packages import load
from tests.province.shapes import submission

OFFICE = "qingshan"
WRITERS = 8
STEPS = 12
EACH = int(os.environ.get("LASTMILE_FEED_EVENTS", "80")) // WRITERS


def send(province: Province, seed: int, office: str = OFFICE) -> UUID:
    case, ident, body = submission(seed)
    written = intake.submit_all(province, Caller("device", office), [(case, ident, body)])
    assert [status for status, _ in written] == [201]
    return case


def pull(province: Province, cursor: str = "", limit: int = 50) -> tuple[list[str], str]:
    ids: list[str] = []
    while True:
        page = province.events(OFFICE, cursor, limit)
        ids += [event.id for event in page.events]
        cursor = page.cursor
        if not page.more:
            return ids, cursor


def test_a_reader_beside_eight_writers_misses_no_event(province: Province) -> None:
    failures: list[Exception] = []

    def write(writer: int) -> None:
        try:
            for step in range(EACH):
                send(province, writer * 10_000 + step)
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    seen: list[str] = []
    cursor = ""
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ids, cursor = pull(province, cursor, limit=7)
        seen += ids
    ids, cursor = pull(province, cursor)
    seen += ids
    assert failures == []
    assert len(seen) == len(set(seen)) == WRITERS * EACH
    assert seen == pull(province)[0]


def test_two_workers_that_write_to_the_same_offices_leave_no_gap(
    tmp_path: Path, postgres: str
) -> None:
    services = load(tmp_path / "services")
    workers = [
        open_province(tmp_path / "province", services=services, database_url=postgres)
        for _ in range(2)
    ]
    demo.fill(workers[0])
    offices = ("qingshan", "hongqi")

    def write(worker: int) -> None:
        for step in range(STEPS):
            for place, office in enumerate(offices[:: 1 if worker else -1]):
                send(workers[worker], worker * 1000 + step * 2 + place, office)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for office in offices:
        page = workers[0].events(office, "", 1000)
        assert len(page.events) == 2 * STEPS
    for worker in workers:
        worker.database.close()


def test_a_cursor_serves_its_office_only_and_cannot_be_made_up(province: Province) -> None:
    send(province, 1)
    _, cursor = pull(province)
    for wrong in (cursor[:-1] + ("0" if cursor[-1] != "0" else "1"), "2.x.1.y.z", "1:42", "."):
        with pytest.raises(CursorExpired):
            province.events(OFFICE, wrong, 10)
    with pytest.raises(CursorExpired):
        province.events("hongqi", cursor, 10)
    assert province.events(OFFICE, cursor, 10).events == ()


def test_a_restored_backup_is_noticed_and_nothing_is_lost(tmp_path: Path) -> None:
    services = load(tmp_path / "services")
    place = tmp_path / "province"

    province = open_province(place, services=services)
    demo.fill(province)
    early = send(province, 1)
    province.database.close()
    shutil.copytree(place, tmp_path / "backup")

    province = open_province(place, services=services)
    lost = [submission(seed) for seed in range(2, 6)]
    for seed in range(2, 6):
        send(province, seed)
    _, cursor = pull(province)
    block, _ = lease(province)
    province.database.close()
    shutil.rmtree(place)
    shutil.copytree(tmp_path / "backup", place)

    province = open_province(place, services=services)
    for seed in range(10, 20):
        send(province, seed)  # other devices go on and reach the old position again
    with pytest.raises(CursorExpired):
        province.events(OFFICE, cursor, 100)
    with pytest.raises(CursorExpired):  # and so has every device of the province
        province.events(OFFICE, pull_before(province), 100)
    ids = [str(ident) for _, ident, _ in lost]
    held = province.database.read(intake.held, OFFICE, ids)
    assert held == set()
    for case, ident, body in lost:
        sent = intake.submit_all(province, Caller("device", OFFICE), [(case, ident, body)])
        assert sent[0][0] == 201
    cases = {event.case for event in province.events(OFFICE, "", 1000).events}
    assert cases >= {str(early), *(str(case) for case, _, _ in lost)}
    again, _ = lease(province)
    assert (again.prefix, again.first) != (block.prefix, block.first)
    province.database.close()


def pull_before(province: Province) -> str:
    """A genuine cursor of the epoch that is over, at a position that the backup holds."""
    return feed.write_cursor(OFFICE, "0badc0de", 1, "00000000", province.cursor_key)


def lease(province: Province) -> tuple[decisions.BlockView, bool]:
    device = Device(id="d", office_id=OFFICE, public_key=b"", name="", enrolled_ms=0, lease_epoch=0)
    province.database.write(lambda session: session.merge(device))
    return province.database.write(
        decisions.lease,
        block_id=str(uuid4()),
        kind="case",
        size=50,
        device_id="d",
        office_id=OFFICE,
    )
