"""How fast an office empties its outbox: small cases from a real store to a real province.

`LASTMILE_BENCH_SYNC` sets how many cases (1,000).
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import link
from casework.office import local_now
from store.open import unlock
from store.secrets import FileBox
from sync.http import Link
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
            rate = _drained(Scene(Path(name), CASES, 0, (1, 1)), url)
        base = base or rate
        what = f"one office drains {CASES} small cases, {engine} behind the province"
        sys.stdout.write(f"{what:74} {rate:6.0f} cases/s {rate / base:5.1f} x\n")


def _drained(scene: Scene, url: str) -> float:
    code, port = scene.enrol_code(url), _free_port()
    packages = scene.folder / "packages"
    province = sides.start(sides.context(), sides.serve, scene.province, packages, port, url)
    try:
        _wait_for(port)
        scene.furnish(f"http://127.0.0.1:{port}", code)
        return scene.cases / _round_s(scene)
    finally:
        province.kill()
        province.join()


def _round_s(scene: Scene) -> float:
    box = FileBox(scene.folder / "device")
    store = unlock(scene.profile, "li", PASSWORD, secret=box, now=local_now())
    identity = link.identity(store)
    provider = ProvinceProvider(identity, Link(identity.url))
    began = time.perf_counter()
    report = run_round(link.StoreLedger(store), provider, now=local_now)
    took = time.perf_counter() - began
    provider.close()
    store.close()
    if report.acknowledged != scene.cases or report.error is not None:
        raise SystemExit(f"not all arrived: {report}")
    return took


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
