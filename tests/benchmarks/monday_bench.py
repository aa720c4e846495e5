"""A Monday morning in a province of 100 million people: unit costs measured, the rush simulated.

First each kind of request is sent to a real province on PostgreSQL and the processor time of its
workers and of the database is read. Then 90 minutes are simulated with those costs: every device
signs in and pulls, windows send what the weekend and the morning bring, files go up in chunks.
Each request waits for one of the cores. The numbers of the province are assumptions and stand
here, to be replaced by a real province's own.
"""

from __future__ import annotations

import heapq
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from province.encoding import to_b64
from tests.benchmarks.province_site import Sender, Site, cpu_s, run_province
from tests.province.cluster import new_database, run_cluster

PEOPLE = 100_000_000
OFFICES = 40_000
WINDOWS = 2  # devices in an office
CASES_A_YEAR = 2.2  # for each person
DAYS = 250
MONDAY = 1.6  # of an ordinary day
RUSH_SHARE = 0.4  # of Monday's cases come in the rush
RUSH_S = 90 * 60
SIGN_IN_S = 15 * 60  # in which all devices sign in
PULL_S = 300  # between two pulls of a device
BATCH = 4  # cases in one request: what piled up since the last round
FILES = 3  # of a case
FILE_BYTES = 300_000
CHUNK_BYTES = 256 * 1024
PART = 50  # one fiftieth of the province is simulated, on one fiftieth of the cores
AIM_S = 1.0  # 99 of 100 requests wait less


@dataclass(frozen=True)
class Cost:
    """Processor seconds of one request: in a worker, and in the database."""

    worker_s: float
    database_s: float


def main() -> None:
    """Print unit costs, the rush, and how many cores keep it short."""
    try:
        costs = _measure()
    except pytest.skip.Exception as skipped:
        sys.stdout.write(f"PostgreSQL: {skipped}\n")
        return
    for name, cost in costs.items():
        _say(
            f"{name}: worker, database",
            f"{cost.worker_s * 1e3:7.2f} {cost.database_s * 1e3:7.2f} ms",
        )
    day = PEOPLE * CASES_A_YEAR / DAYS * MONDAY
    rush = day * RUSH_SHARE
    _say("cases on Monday, in the rush, a second", f"{day:,.0f}  {rush:,.0f}  {rush / RUSH_S:.0f}")
    _say("files in the rush", f"{rush * FILES * FILE_BYTES * 8 / RUSH_S / 1e9:.2f} Gbit/s")
    _say("files a year", f"{PEOPLE * CASES_A_YEAR * FILES * FILE_BYTES / 1e12:,.0f} TB")
    load = sum(cost.worker_s for _, cost in _arrivals(costs)) / RUSH_S * PART
    database = sum(cost.database_s for _, cost in _arrivals(costs)) / RUSH_S * PART
    _say("cores busy on average: workers, database", f"{load:.0f}  {database:.0f}")
    for cores in _steps(load / PART):
        middle, late = _wait(costs, cores)
        what = f"{cores * PART} cores for workers: half wait, 99 of 100 wait less than"
        _say(what, f"{middle * 1e3:.0f} ms  {late * 1e3:.0f} ms")
        if late < AIM_S:
            break


def _say(what: str, shown: str) -> None:
    sys.stdout.write(f"{what:66} {shown}\n")
    sys.stdout.flush()


def _steps(busy: float) -> Iterator[int]:
    cores = max(1, int(busy) + 1)
    while True:
        yield cores
        cores += max(1, cores // 8)


def _arrivals(costs: dict[str, Cost]) -> Iterator[tuple[float, Cost]]:
    """(second, cost) of each request of the part, in no order."""
    draw = random.Random(1)
    devices = OFFICES * WINDOWS // PART
    for _ in range(devices):
        start = draw.uniform(0, SIGN_IN_S)
        for second in range(int(start), RUSH_S, 900):
            yield float(second), costs["sign-in"]
        for second in range(int(start), RUSH_S, PULL_S):
            yield second + draw.uniform(0, 30), costs["pull"]
    cases = int(PEOPLE * CASES_A_YEAR / DAYS * MONDAY * RUSH_SHARE / PART)
    for _ in range(cases // BATCH):
        at = RUSH_S * draw.betavariate(1.3, 2.0)  # most come early
        for _again in range(2):  # once to learn what is missing, once for the receipts
            yield at, costs[f"batch of {BATCH}"]
        for chunk in range(BATCH * FILES * -(-FILE_BYTES // CHUNK_BYTES)):
            yield at + chunk * 0.5, costs["chunk of 256 KiB"]


def _wait(costs: dict[str, Cost], cores: int) -> tuple[float, float]:
    """Median and 99th percentile of the seconds that a request waits for a core."""
    draw = random.Random(2)
    free = [0.0] * cores
    waits = []
    for at, cost in sorted(_arrivals(costs), key=lambda arrival: arrival[0]):
        start = max(at, heapq.heappop(free))
        waits.append(start - at)
        heapq.heappush(free, start + draw.expovariate(1 / cost.worker_s))
    waits.sort()
    return waits[len(waits) // 2], waits[len(waits) * 99 // 100]


def _measure() -> dict[str, Cost]:
    with (
        run_cluster() as host,
        new_database(host) as url,
        tempfile.TemporaryDirectory() as name,
        run_province(Path(name), url, 2) as site,
    ):
        sender = Sender(site, Path(name), url)
        sender.send(0, 100, batch=10)
        server = int((Path(host) / "data" / "postmaster.pid").read_text().split()[0])
        with httpx.Client(base_url=site.url) as http:
            device = sender.devices[0]
            device.http = http
            seeds = iter(range(1000, 100_000, BATCH))
            ways: dict[str, Callable[[], object]] = {
                "sign-in": device.sign_in,
                "pull": lambda: device.call("GET", "/events", params={"after": cursor}),
                f"batch of {BATCH}": lambda: sender.send(next(seeds), BATCH, BATCH),
                "chunk of 256 KiB": lambda: _send_chunk(sender),
            }
            cursor = str(device.call("GET", "/events").json()["cursor"])
            return {name: _cost(way, site, server) for name, way in ways.items()}


def _cost(way: Callable[[], object], site: Site, server: int) -> Cost:
    times = 40
    before = site.cpu_s(), cpu_s(server)
    for _ in range(times):
        way()
    return Cost((site.cpu_s() - before[0]) / times, (cpu_s(server) - before[1]) / times)


def _send_chunk(sender: Sender) -> None:
    content = os.urandom(CHUNK_BYTES)
    digest = sha256(content)
    device, path = sender.devices[0], f"/uploads/{digest.hexdigest()}"
    device.call("PUT", path, headers={"Upload-Length": str(2 * CHUNK_BYTES)})
    checksum = "sha256 " + to_b64(digest.digest())
    headers = {"Upload-Offset": "0", "Upload-Checksum": checksum}
    answer = device.call("PATCH", path, headers=headers, content=content)
    assert answer.status_code == 204, answer.text
