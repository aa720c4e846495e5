"""A real province is put back from a backup: what it lost is sent again, once, by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import filling, link, moving, number_blocks
from casework.office import RESOURCES, Office, Resources, local_now
from province import accounts
from province.app import open_province, system_now_ms
from province.models import Case, Submission
from province.packages import Services
from store import audit, held, numbering, outbox
from sync.errors import Offline
from sync.provider import HomeProvince
from sync.round import RoundReport, run_round
from tests.casework.hall import Hall, filled
from tests.province.process import ProvinceProcess


class Put:
    """A province process that can be put back to what its folder once was."""

    def __init__(self, folder: Path) -> None:
        self.process = ProvinceProcess(folder / "province", RESOURCES / "services")
        self._copy = folder / "backup"

    def back_up(self) -> None:
        self.process.end()
        shutil.copytree(self.process.folder, self._copy)
        self.process.start()

    def put_back(self) -> None:
        self.process.end()
        shutil.rmtree(self.process.folder)
        shutil.copytree(self._copy, self.process.folder)
        self.process.start()

    def held(self) -> tuple[int, int]:
        """Cases, and submissions with a receipt."""
        opened = open_province(self.process.folder, services=Services({}))
        try:
            return opened.database.read(
                lambda session: (
                    session.query(Case).count(),
                    session.query(Submission).where(Submission.receipt.is_not(None)).count(),
                )
            )
        finally:
            opened.database.close()

    def code(self) -> str:
        opened = open_province(self.process.folder, services=Services({}))
        code = opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
        opened.database.close()
        return code


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Put]:
    made = Put(tmp_path)
    made.process.start()
    yield made
    made.process.close()


@pytest.fixture
def office(tmp_path: Path, province: Put) -> Iterator[Office]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    link.enrol_office(hall.enter("admin"), province.process.url, province.code(), device_name="w")
    yield hall.enter("li")
    hall.leave()


def play(office: Office, home: HomeProvince) -> RoundReport:
    return run_round(link.StoreLedger(office.store), home, now=office.now)


def accept_and_send(office: Office) -> None:
    home = link.provider(office.store)
    number_blocks.top_up(office, home)
    filling.accept(office, filled(office)).result()
    assert play(office, home).acknowledged == 1
    home.close()


class Breaking:
    """Loses the answer to the question of what is held, once."""

    moving = False

    def __init__(self, home: HomeProvince) -> None:
        self._home = home

    def __getattr__(self, name: str) -> object:
        return getattr(self._home, name)

    def missing(self, _asked: object) -> frozenset[object]:
        raise Offline


def test_what_a_restored_province_lacks_goes_up_again_under_its_old_ids(
    province: Put, office: Office
) -> None:
    accept_and_send(office)
    province.back_up()
    accept_and_send(office)
    accept_and_send(office)
    numbers = {row.number for row in office.store.read(outbox.list_items)}
    assert province.held() == (3, 3)
    province.put_back()
    assert province.held() == (1, 1)

    home = link.provider(office.store)
    assert play(office, home).error is None
    assert moving.after_round(office, home), "it has not moved: another round asks what is held"
    broken: HomeProvince = Breaking(home)  # type: ignore[assignment]
    assert isinstance(play(office, broken).error, Offline)
    assert len(office.store.read(held.unsure, 9)) == 3, "a crash here is not the end of it"
    assert play(office, home).sent == 0
    due = [row for row in office.store.read(outbox.list_items) if row.acknowledged_at is None]
    assert len(due) == 2
    assert all(row.receipt for row in due), "the old receipt stays until the new one is here"
    assert play(office, home).acknowledged == 2
    assert play(office, home).sent == 0
    assert province.held() == (3, 3)
    assert {row.number for row in office.store.read(outbox.list_items)} == numbers
    noted = [row.action for row in office.store.read(audit.newest, 0, 20)]
    assert noted.count("held_no_more") == 2
    home.close()


def test_numbers_leased_after_a_restore_are_none_of_those_leased_before(
    province: Put, office: Office
) -> None:
    home = link.provider(office.store)
    province.back_up()
    number_blocks.top_up(office, home)
    day = local_now().date()

    def issue(times: int) -> set[str]:
        return {
            office.store.writer.submit(
                numbering.case_number, office.new_id(), office.division, day
            ).result()
            for _ in range(times)
        }

    before = issue(200)
    province.put_back()
    assert play(office, home).error is None
    number_blocks.top_up(office, home)
    after = issue(200)
    assert len(before | after) == 400
    assert not any(each.startswith(numbering.PROVISIONAL) for each in after)
    home.close()
