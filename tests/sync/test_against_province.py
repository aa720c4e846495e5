"""An office and a real province process, with a good line, a bad one, and a province that dies."""

from __future__ import annotations

import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlcipher3 import dbapi2

from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from sync.enrol import EnrolmentView, enrol, new_private_key
from sync.errors import (
    CaptivePortal,
    DeviceRefused,
    EnrolmentRefused,
    InsecureAddress,
    NotOurs,
    Offline,
    RecordRefused,
    SyncError,
)
from sync.http import Link
from sync.loop import SyncLoop, SyncState
from sync.providers.province import ProvinceProvider
from sync.providers.session import Identity
from sync.round import RoundReport, run_round
from tests.province.process import ProvinceProcess
from tests.sync.fault_proxy import FaultProxy
from tests.sync.memory import MemoryLedger, make_parcel

BAD_LINE = {"cut": 10, "lost": 10, "stall": 4, "500": 8, "duplicate": 8}


@pytest.fixture
def province(tmp_path: Path) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path / "province")
    process.start()
    yield process
    process.close()


@pytest.fixture
def office(province: ProvinceProcess) -> EnrolmentView:
    return join(province.url, province.facts["enrol_code"])


def join(url: str, code: str) -> EnrolmentView:
    return enrol(url, code, device=uuid4(), private_key=new_private_key(), device_name="window 1")


def provider(office: EnrolmentView, port: int = 0, read_s: float = 40.0) -> ProvinceProvider:
    url = f"http://127.0.0.1:{port}" if port else office.identity.url
    identity = Identity(
        url, office.identity.device, office.identity.private_key, office.identity.keys
    )
    return ProvinceProvider(identity, Link(url, timeouts=(5, read_s)))


def go(ledger: MemoryLedger, to: ProvinceProvider, later_s: float = 0) -> RoundReport:
    return run_round(
        ledger, to, now=lambda: datetime.now(UTC) + timedelta(seconds=later_s), jitter=lambda: 0.0
    )


def rows(province: ProvinceProcess, query: str) -> list[tuple[object, ...]]:
    connection = dbapi2.connect(str(province.folder / "province.db"))
    try:
        return list(connection.execute(query))
    finally:
        connection.close()


def test_a_case_with_files_goes_up_and_its_status_comes_down(
    province: ProvinceProcess, office: EnrolmentView
) -> None:
    ledger, big = MemoryLedger(), random.Random(1).randbytes(300_000)
    item = ledger.add(make_parcel(1, big, b""), big, b"")
    report = go(ledger, provider(office))
    assert (report.acknowledged, report.failed, report.waiting, report.error) == (1, 0, 0, None)
    assert item in ledger.receipts
    assert [e.kind for e in ledger.events.values()] == ["under_review"]
    stored = [p.read_bytes() for p in (province.folder / "files").rglob("*") if p.is_file()]
    assert sorted(stored) == [b"", big]
    assert go(ledger, provider(office)).events == 0
    assert "张三" not in province.log()
    assert province.end() == 0


def test_one_refused_case_does_not_hold_up_the_others(office: EnrolmentView) -> None:
    ledger = MemoryLedger()
    bad = ledger.add(make_parcel(1, xml=b"this is not xml"))
    ledger.add(make_parcel(2))
    lost = ledger.add(make_parcel(3, b"content that is gone"))
    ledger.add(make_parcel(4))
    report = go(ledger, provider(office))
    assert (report.acknowledged, report.failed, report.waiting) == (2, 2, 2)
    error, retry_at = ledger.failures[bad]
    assert isinstance(error, RecordRefused)
    assert retry_at is None
    assert ledger.failures[lost][0].code == "S115"


def test_an_office_cannot_touch_the_case_of_another(
    province: ProvinceProcess, office: EnrolmentView
) -> None:
    ledger = MemoryLedger()
    ledger.add(make_parcel(1, b"secret scan"), b"secret scan")
    assert go(ledger, provider(office)).acknowledged == 1
    province.end()
    opened = open_province(province.folder, services=Services({}))
    code = opened.database.write(accounts.new_enrol_code, "hongqi", now_ms=system_now_ms())
    opened.database.close()
    province.start()
    other = provider(join(province.url, code))
    assert other.events("").events == ()
    stolen = make_parcel(1, b"secret scan")
    (settled,) = other.submit_all([stolen], lambda _item, _file: b"secret scan")
    assert isinstance(settled.error, NotOurs)


def test_a_code_serves_one_device_and_a_repeated_request_is_harmless(
    province: ProvinceProcess,
) -> None:
    device, key, code = uuid4(), new_private_key(), province.facts["enrol_code"].lower()
    first = enrol(province.url, code, device=device, private_key=key, device_name="a")
    again = enrol(province.url, code, device=device, private_key=key, device_name="a")
    assert first == again
    assert first.office_name == "青山镇便民服务中心"
    with pytest.raises(EnrolmentRefused):
        join(province.url, code)


def test_an_unknown_device_stops_the_round(office: EnrolmentView) -> None:
    stranger = Identity(office.identity.url, uuid4(), new_private_key(), office.identity.keys)
    ledger = MemoryLedger()
    ledger.add(make_parcel(1))
    report = go(ledger, ProvinceProvider(stranger, Link(stranger.url)))
    assert isinstance(report.error, DeviceRefused)
    assert report.waiting == 1


def test_numbers_are_leased_once(office: EnrolmentView) -> None:
    to, block = provider(office), uuid4()
    first = to.lease(block, "case", 200, 0)
    assert to.lease(block, "case", 200, 0) == first
    second = to.lease(uuid4(), "case", 200, first.epoch)
    assert (first.first, first.last, second.first) == (1, 200, 201)


def test_a_page_that_is_not_the_province_is_recognised() -> None:
    with FaultProxy(0) as nobody, pytest.raises(Offline):
        Link(f"http://127.0.0.1:{nobody.port}").send("GET", "/meta")
    with pytest.raises(InsecureAddress):
        Link("http://province.example")


def test_a_captive_portal_is_not_believed() -> None:
    server = _portal()
    with pytest.raises(CaptivePortal):
        Link(f"http://127.0.0.1:{server}").send("GET", "/meta")


def _portal() -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        peer, _ = listener.accept()
        peer.recv(65_536)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlogin")
        peer.close()
        listener.close()

    threading.Thread(target=answer).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("seed", range(3))
def test_everything_arrives_exactly_once_over_a_bad_line(
    province: ProvinceProcess, office: EnrolmentView, seed: int
) -> None:
    ledger, draw = MemoryLedger(), random.Random(seed)
    for i in range(10):
        contents = [draw.randbytes(draw.randrange(1, 150_000)) for _ in range(draw.randrange(3))]
        ledger.add(make_parcel(seed * 100 + i, *contents), *contents)
    with FaultProxy(province.port, seed, BAD_LINE) as proxy:
        for attempt in range(60):
            go(ledger, provider(office, proxy.port, read_s=0.5), later_s=attempt * 700)
            if not ledger.waiting():
                break
        assert sum(count for fault, count in proxy.seen.items() if fault != "none") > 5
    assert go(ledger, provider(office)).error is None
    assert ledger.waiting() == 0
    held = rows(province, "SELECT id FROM submission WHERE receipt IS NOT NULL")
    assert sorted(str(i) for (i,) in held) == sorted(map(str, ledger.held))
    assert rows(province, "SELECT count(*) FROM submission") == [(10,)]
    names = {p.name: sha256(p.read_bytes()).hexdigest() for p in _files(province)}
    assert names == {name: name for name in {d.hex() for d in ledger.files}}
    assert len(ledger.events) == 10


def test_a_killed_province_loses_and_doubles_nothing(
    province: ProvinceProcess, office: EnrolmentView
) -> None:
    ledger, draw = MemoryLedger(), random.Random(7)
    for i in range(6):
        content = draw.randbytes(400_000)
        ledger.add(make_parcel(i, content), content)
    stop = threading.Event()

    def send() -> None:
        step = 0
        while ledger.waiting() and not stop.is_set():
            go(ledger, provider(office, read_s=5), later_s=step * 700)
            step += 1

    sender = threading.Thread(target=send)
    sender.start()
    for _ in range(4):
        time.sleep(draw.uniform(0.05, 0.4))
        province.end(signal.SIGKILL)
        province.start()
    sender.join(60)
    stop.set()
    assert ledger.waiting() == 0
    assert rows(province, "SELECT count(*) FROM submission WHERE receipt IS NOT NULL") == [(6,)]
    assert {p.name for p in _files(province)} == {d.hex() for d in ledger.files}
    assert all(sha256(p.read_bytes()).hexdigest() == p.name for p in _files(province))


def test_the_loop_finds_the_province_by_itself_and_stops_when_told(
    province: ProvinceProcess, office: EnrolmentView
) -> None:
    ledger, states = MemoryLedger(), list[SyncState]()
    ledger.add(make_parcel(1))
    province.end()
    loop = SyncLoop(
        ledger,
        lambda: provider(office),
        now=lambda: datetime.now(UTC),
        pause_s=0.2,
        on_state=states.append,
        jitter=lambda: 0.0,
    )
    loop.start()
    _wait(lambda: loop.state.kind == "offline")
    province.start()
    loop.poke()
    _wait(lambda: loop.state.kind == "idle")
    assert loop.state.waiting == 0
    assert loop.stop()
    assert {s.kind for s in states} == {"working", "offline", "idle"}


def _wait(condition: object, limit_s: float = 20) -> None:
    assert callable(condition)
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _files(province: ProvinceProcess) -> list[Path]:
    return [p for p in (province.folder / "files").rglob("*") if p.is_file()]


def test_every_error_has_its_own_code() -> None:
    ours = (kind for kind in SyncError.__subclasses__() if kind.__module__.startswith("sync."))
    codes = [kind.code for kind in ours]
    assert len(codes) == len(set(codes))
