"""A law of numbers: whatever is leased, issued, put back or installed anew, none comes twice.

`LASTMILE_NUMBERS` is how many runs of 50 steps are tried instead of a few.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.orm import Session

from casework import number_blocks
from casework.office import Office, local_now, new_id
from province import accounts, decisions
from province.app import Province, open_province
from province.errors import LeaseEpoch as Refused
from province.models import Device
from province.packages import Services
from store import numbering
from store import settings as settings_of
from store.engine import migrate, open_engine
from sync.errors import LeaseBehind, Offline
from sync.provider import HomeProvince
from sync.wire import NumberBlock

DIVISION, OFFICE = "530102101", "qingshan"
pytestmark = pytest.mark.timeout(3600)  # the long form takes its time
RUNS = int(os.environ.get("LASTMILE_NUMBERS", "5"))
Computers = st.integers(0, 1)


class Disk:
    """A computer's store: the real schema and commands, on a file that can be copied."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.path, self.key, self.device = folder / "store.db", bytes(32), str(uuid4())
        self.writer = SimpleNamespace(submit=self._submit)
        self.operator = SimpleNamespace(role="clerk")
        self._open()

    def _open(self) -> None:
        self.engine = open_engine(self.path, self.key)
        migrate(self.engine)

    def read(self, query: Callable[..., Any], *args: Any) -> Any:
        with Session(self.engine) as session:
            return query(session, *args)

    def _submit(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        with Session(self.engine) as session, session.begin():
            done.set_result(command(session, *args, **kwargs))
        return done

    def copy(self, to: Path) -> None:
        """The store with its log, as a copy of the folder would have them."""
        self.engine.dispose()
        to.mkdir()
        for file in self.path.parent.glob("store.db*"):
            shutil.copyfile(file, to / file.name)
        self._open()

    def put_back(self, copy: Path) -> None:
        self.engine.dispose()
        shutil.rmtree(self.path.parent)
        shutil.copytree(copy, self.path.parent)
        self._open()

    def close(self) -> None:
        self.engine.dispose()


class Home:
    """The province's own lease for one device; `lossy`: the answer does not arrive."""

    def __init__(self, province: Province, device: str, *, lossy: bool) -> None:
        self._province, self._device, self._lossy = province, device, lossy
        read = province.database.read
        self.lease_epoch = read(lambda session: session.get_one(Device, device)).lease_epoch

    def lease(self, block: UUID, kind: str, size: int, epoch: int) -> NumberBlock:
        try:
            view, _new = self._province.database.write(
                decisions.lease,
                block_id=str(block),
                kind=kind,
                size=size,
                device_id=self._device,
                office_id=OFFICE,
                known_epoch=epoch,
            )
        except Refused as refused:
            raise LeaseBehind(epoch=int(refused.errors[0]["message"])) from None
        if self._lossy:
            raise Offline
        return NumberBlock(block, kind, view.prefix, view.first, view.last, view.epoch)


class Numbers(RuleBasedStateMachine):
    """Two computers of one division."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="numbers-"))
        self.province = open_province(self.folder / "province", services=Services({}))
        self.province.database.write(accounts.add_office, OFFICE, "青山镇", DIVISION)
        self.given: set[tuple[str, str]] = set()
        self.copies: list[tuple[int, str, Path]] = []
        self.disks: list[Disk] = []
        for at in range(2):
            self.disks.append(self._install(at))

    def _install(self, at: int) -> Disk:
        disk = Disk(self.folder / f"{at}-{uuid4()}")
        self.province.database.write(
            lambda session: session.add(
                Device(
                    id=disk.device,
                    office_id=OFFICE,
                    public_key=os.urandom(32),
                    name="",
                    enrolled_ms=0,
                    lease_epoch=0,
                )
            )
        )
        return disk

    def _top_up(self, disk: Disk, *, lossy: bool) -> None:
        catalogue = SimpleNamespace(all=lambda: ())
        office = SimpleNamespace(
            store=disk, new_id=new_id, now=local_now, catalogue=catalogue, division=DIVISION
        )
        home = Home(self.province, disk.device, lossy=lossy)
        try:
            number_blocks.top_up(cast("Office", office), cast("HomeProvince", home))
        except Offline:
            assert lossy

    @rule(at=Computers, lossy=st.booleans())
    def lease(self, at: int, *, lossy: bool) -> None:
        self._top_up(self.disks[at], lossy=lossy)

    @rule(at=Computers, times=st.sampled_from([1, 3, 161, 210]), clock=st.integers(-400, 400))
    def issue(self, at: int, times: int, clock: int) -> None:
        day = date(2026, 11, 24) + timedelta(days=clock)
        with Session(self.disks[at].engine) as session, session.begin():
            for _ in range(times):
                number = numbering.case_number(session, uuid4(), DIVISION, day)
                prefix, _day, serial = number.rsplit("-", 2) if number[0] == "L" else _split(number)
                assert (prefix, serial) not in self.given, number
                self.given.add((prefix, serial))

    @rule(at=Computers)
    def back_up(self, at: int) -> None:
        copy = self.folder / f"copy-{uuid4()}"
        self.disks[at].copy(copy)
        self.copies.append((at, self.disks[at].device, copy))

    @rule(which=st.integers(0, 9))
    def restore(self, which: int) -> None:
        """As `store.backup.restore` does: the store knows that it was put back."""
        if self.copies:
            at, device, copy = self.copies[which % len(self.copies)]
            disk = self.disks[at]
            if disk.device == device:
                disk.put_back(copy)
                disk.writer.submit(numbering.begin_anew).result()

    @rule(at=Computers, lease=st.booleans())
    def go_back_a_little(self, at: int, *, lease: bool) -> None:
        """The usual mishap: a backup, some work, the backup put back, work again."""
        self.back_up(at)
        self.issue(at, 3, 0)
        if lease:
            self._top_up(self.disks[at], lossy=False)
        self.restore(len(self.copies) - 1)
        self.issue(at, 3, 0)

    @rule(which=st.integers(0, 9))
    def put_the_whole_disk_back(self, which: int) -> None:
        """Nobody tells the store: where blocks were leased since, the next round does."""
        if self.copies:
            at, device, copy = self.copies[which % len(self.copies)]
            disk = self.disks[at]
            if disk.device == device and self._leased(device) > self._known_in(copy):
                disk.put_back(copy)
                self._top_up(disk, lossy=False)

    def _leased(self, device: str) -> int:
        read = self.province.database.read
        return read(lambda session: session.get_one(Device, device)).lease_epoch

    def _known_in(self, copy: Path) -> int:
        looked_at = Disk(copy)
        known: int = looked_at.read(numbering.known_epoch)
        # A copy made while a block was under way is met by that very block again.
        asked = bool(looked_at.read(settings_of.get, "block_asked"))
        looked_at.close()
        return known + asked

    @rule(at=Computers)
    def install_anew(self, at: int) -> None:
        self.disks[at].close()
        self.disks[at] = self._install(at)

    def teardown(self) -> None:
        for disk in self.disks:
            disk.close()
        self.province.database.close()
        shutil.rmtree(self.folder)


def _split(number: str) -> tuple[str, str, str]:
    head, serial = number.rsplit("-", 1)
    return head[:-8], head[-8:], serial


TestNumbers = Numbers.TestCase
TestNumbers.settings = settings(
    max_examples=RUNS,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
