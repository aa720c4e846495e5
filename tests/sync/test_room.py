"""A diligent office: whatever it brings after weeks without a network, it is not refused."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from province import accounts, demo
from province.app import Limits, open_province
from province.room import LEAST_BYTES, Room
from sync.enrol import enrol, new_private_key
from sync.http import Link
from sync.providers.province import ProvinceProvider
from sync.round import run_round
from tests.province.packages import load
from tests.province.site import served
from tests.sync.memory import MemoryLedger, make_parcel

CASES, FILES, SIZE = 24, 6, 150_000
ROOM = Room(device_bytes=3_000_000, free_bytes=0)  # a seventh of what the office brings


def test_a_device_with_many_times_its_room_in_files_sends_them_all_in_one_round(
    tmp_path: Path,
) -> None:
    province = open_province(
        tmp_path / "p", services=load(tmp_path / "s"), limits=Limits(room=ROOM)
    )
    demo.fill(province)
    code = province.database.write(accounts.new_enrol_code, "qingshan", now_ms=province.now_ms())
    ledger, contents = MemoryLedger(), list[bytes]()
    for case in range(CASES):
        draw = random.Random(case)
        files = [draw.randbytes(SIZE) for _ in range(FILES)]
        contents += files
        ledger.add(make_parcel(case, *files), *files)
    assert sum(map(len, contents)) > 7 * ROOM.device_bytes
    with served(province) as url:
        office = enrol(
            url, code, device=uuid4(), private_key=new_private_key(), device_name="laptop"
        )
        provider = ProvinceProvider(office.identity, Link(url))
        report = run_round(ledger, provider, now=lambda: datetime.now(UTC))
        provider.close()
        assert (report.acknowledged, report.failed, report.error) == (CASES, 0, None)
        for each in contents:
            assert province.uploads.read("qingshan", sha256(each).hexdigest()) == each
        leftover = accounts.Caller(str(office.identity.device), "qingshan")
        room = ROOM.device_bytes // LEAST_BYTES * LEAST_BYTES
        province.uploads.create(leftover, "0" * 64, room)  # all of it is free again
