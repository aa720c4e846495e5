"""How fast an office empties its outbox: small cases from a real store to a real province.

`LASTMILE_BENCH_SYNC` sets how many cases (1,000); with 10,000 it shows that memory stays flat.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from casework import link
from casework.office import local_now
from store.open import OpenStore, unlock
from store.secrets import FileBox
from sync.http import Link
from sync.ledger import Outcome
from sync.providers.province import ProvinceProvider
from sync.round import run_round
from tests.casework.hall import PASSWORD
from tests.province.cluster import new_database, run_cluster
from tests.sync import sides
from tests.sync.sides import Scene

CASES = int(os.environ.get("LASTMILE_BENCH_SYNC", "1000"))


def main() -> None:
    """Print cases a second for each database behind the province, as a ratio to the first."""
    base = 0.0
    for engine, url in _engines():
        with tempfile.TemporaryDirectory() as name:
            seconds, marks = _drained(Scene(Path(name), CASES, 0, (1, 1)), url)
        rate = CASES / seconds
        base = base or rate
        what = f"one office drains {CASES} small cases, {engine} behind the province"
        sys.stdout.write(f"{what:74} {rate:6.0f} cases/s {rate / base:5.1f} x\n")
        shown = ", ".join(f"{mark:.0f}" for mark in marks)
        sys.stdout.write(
            f"{'its memory from the first receipts on, at each quarter, MB':74} {shown}\n"
        )


def _drained(scene: Scene, url: str) -> tuple[float, list[float]]:
    code, port = scene.enrol_code(url), _free_port()
    packages = scene.folder / "packages"
    province = sides.start(sides.context(), sides.serve, scene.province, packages, port, url)
    try:
        _wait_for(port)
        scene.furnish(f"http://127.0.0.1:{port}", code, leased=scene.cases)
        with ProcessPoolExecutor(1, mp_context=sides.context()) as pool:  # as the office's own
            return pool.submit(_round, scene).result()
    finally:
        province.kill()
        province.join()


class _Watched(link.StoreLedger):
    """Notes the memory of its process in MB at the first receipts and at each quarter."""

    def __init__(self, store: OpenStore) -> None:
        super().__init__(store)
        self.marks: list[float] = []

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Keep receipts."""
        super().settle(outcomes, now)
        if self.waiting() <= CASES * (1 - len(self.marks) / 4):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self.marks.append(pages * resource.getpagesize() / 1e6)


def _round(scene: Scene) -> tuple[float, list[float]]:
    box = FileBox(scene.folder / "device")
    store = unlock(scene.profile, "li", PASSWORD, secret=box, now=local_now())
    identity = link.identity(store)
    provider = ProvinceProvider(identity, Link(identity.url))
    ledger = _Watched(store)
    began = time.perf_counter()
    report = run_round(ledger, provider, now=local_now)
    took = time.perf_counter() - began
    provider.close()
    store.close()
    if report.acknowledged != scene.cases or report.error is not None:
        raise SystemExit(f"not all arrived: {report}")
    return took, ledger.marks


def _engines() -> Iterator[tuple[str, str]]:
    yield "SQLite", ""
    try:
        with run_cluster() as host, new_database(host) as url:
            yield "PostgreSQL", url
    except pytest.skip.Exception as skipped:
        sys.stdout.write(f"PostgreSQL: {skipped}\n")


def _wait_for(port: int) -> None:
    for _ in range(3000):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the province does not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
