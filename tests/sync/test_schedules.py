"""Everything once, whatever the link does and whoever dies: random schedules of faults and kills.

In the suite a few schedules; `LASTMILE_SCHEDULES=500 pytest tests/sync/test_schedules.py` for more,
with `LASTMILE_SCHEDULE_CASES=200` for large ones. `LASTMILE_SCHEDULES=100-199` names the seeds, so
that several runs can go side by side: most of a schedule is waiting. `LASTMILE_SCHEDULE_LOG` names
a file that gets a line for each.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import socket
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.sync import sides
from tests.sync.fault_proxy import FAULTS, FaultProxy
from tests.sync.sides import Scene

SEEDS = os.environ.get("LASTMILE_SCHEDULES", "3")
FIRST, LAST = map(int, SEEDS.split("-") if "-" in SEEDS else (0, int(SEEDS) - 1))
LOG = os.environ.get("LASTMILE_SCHEDULE_LOG")
CASES = int(os.environ.get("LASTMILE_SCHEDULE_CASES", "12"))
FILES = 3
PATIENCE_S = 300.0 + 10 * CASES


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    return sides.context()


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    with FaultProxy(free_port()) as made:
        yield made


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, processes: ForkServerContext, proxy: FaultProxy
) -> Scene:
    made = Scene(tmp_path_factory.mktemp("scene"), CASES, FILES, (1_000, 60_000))
    furnish(made, processes, proxy)
    return made


def furnish(scene: Scene, processes: ForkServerContext, proxy: FaultProxy) -> None:
    code = scene.enrol_code()
    province = _start_province(processes, scene, proxy)
    scene.furnish(f"http://127.0.0.1:{proxy.port}", code)
    _kill(province)


@pytest.mark.timeout(3 * PATIENCE_S)  # a large one on a busy machine takes its time
@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
def test_every_case_and_file_arrives_once_and_the_office_knows(
    seed: int, scene: Scene, processes: ForkServerContext, proxy: FaultProxy, tmp_path: Path
) -> None:
    draw, own = random.Random(seed), scene.copy(tmp_path / "scene")
    proxy.aim(seed, {fault: draw.uniform(0, 6) for fault in FAULTS})
    began, verdict = time.monotonic(), "FAILED"
    try:
        kills = _play(draw, own, processes, proxy)
        assert sum(count for fault, count in proxy.seen.items() if fault != "none") > 0
        assert own.waiting() == 0
        assert_holds(own)
        verdict = f"holds, {kills} kills"
    finally:
        for each in multiprocessing.active_children():  # where it failed, they would still play
            each.kill()
            each.join()
        _log(seed, time.monotonic() - began, own, proxy, verdict)
    shutil.rmtree(own.folder)


def _play(draw: random.Random, own: Scene, processes: ForkServerContext, proxy: FaultProxy) -> int:
    """Run both sides until the office has nothing left to send; how often one was killed."""
    province = _start_province(processes, own, proxy)
    office = _start_office(processes, own)
    end = time.monotonic() + PATIENCE_S
    kills = planned = draw.randint(1, 4)
    while office.exitcode is None or office.exitcode != 0:
        assert time.monotonic() < end, "the office has not finished in time"
        if kills and office.exitcode is None:
            office.join(draw.uniform(0.05, 0.1 * own.cases))
            kills -= 1
            if draw.random() < 0.5:
                _kill(office)
                office = _start_office(processes, own)
            else:
                _kill(province)
                province = _start_province(processes, own, proxy)
        elif office.exitcode not in (None, 0):
            office = _start_office(processes, own)
        else:
            office.join(0.2)
    _kill(province)
    return planned - kills


def _log(seed: int, seconds: float, own: Scene, proxy: FaultProxy, verdict: str) -> None:
    if LOG is None:
        return
    faults = " ".join(f"{fault}={count}" for fault, count in proxy.seen.items())
    size = f"{own.cases} cases {own.cases * own.files} files"
    ratio = proxy.received / own.content_bytes
    with Path(LOG).open("a", encoding="utf-8") as log:
        log.write(f"seed {seed:4} {size} {seconds:6.1f} s {ratio:5.2f} x {verdict}; {faults}\n")


def test_a_link_with_resets_carries_little_twice(
    processes: ForkServerContext, proxy: FaultProxy, tmp_path: Path
) -> None:
    own = Scene(tmp_path / "scene", 10, 3, (100_000, 300_000))
    own.folder.mkdir()
    proxy.aim(1, {})
    furnish(own, processes, proxy)
    proxy.aim(1, {"cut": 2.5, "lost": 2.5})
    province = _start_province(processes, own, proxy)
    office = _start_office(processes, own)
    office.join(PATIENCE_S)
    _kill(province)
    assert office.exitcode == 0
    assert_holds(own)
    assert proxy.received <= 1.1 * own.content_bytes


def assert_holds(scene: Scene) -> None:
    """The province has each case once with its receipt, and exactly the files that went out."""
    connection = dbapi2.connect(str(scene.province / "province.db"))
    try:
        query = "SELECT count(*), count(receipt), count(DISTINCT case_id) FROM submission"
        assert list(connection.execute(query)) == [(scene.cases,) * 3]
        names = [name for (name,) in connection.execute("SELECT applicant FROM case_file")]
        assert sorted(names) == sorted(f"样例{number}" for number in range(scene.cases))
    finally:
        connection.close()
    held = [path for path in (scene.province / "files").rglob("*") if path.is_file()]
    assert sorted(path.name for path in held) == sorted(scene.digests())
    for path in held:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def _start_province(
    processes: ForkServerContext, scene: Scene, proxy: FaultProxy
) -> ForkServerProcess:
    packages = scene.folder / "packages"
    started = sides.start(processes, sides.serve, scene.province, packages, proxy.target)
    end = time.monotonic() + PATIENCE_S
    while True:
        assert time.monotonic() < end, "the province does not start"
        try:
            socket.create_connection(("127.0.0.1", proxy.target), 1).close()
            return started
        except OSError:
            time.sleep(0.02)


def _start_office(processes: ForkServerContext, scene: Scene) -> ForkServerProcess:
    return sides.start(processes, sides.send, scene.profile, scene.folder / "device", 2.0)


def _kill(process: ForkServerProcess) -> None:
    process.kill()
    process.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
