"""What a province takes in: cases a second with 4 clients on SQLite and PostgreSQL, and its memory.

`LASTMILE_BENCH_CASES` sets the cases of the memory run (2,000; the long run is 100,000).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.province_site import BATCH, CLIENTS, Sender, Site, run_province
from tests.province.cluster import new_database, run_cluster

CASES = 1000
MEMORY_CASES = int(os.environ.get("LASTMILE_BENCH_CASES", "2000"))


def main() -> None:
    """Print cases a second, and each as a ratio to single requests on SQLite."""
    base = 0.0
    for engine, url in _engines():
        workers = 2 if url else 1
        with tempfile.TemporaryDirectory() as name, run_province(Path(name), url, workers) as site:
            sender = Sender(site, Path(name), url)
            sender.send(0, 50, batch=1)  # warms the form up
            single = sender.together(range(1, 1 + CASES), batch=1)
            base = base or single
            _show(
                f"{engine}, {workers} worker(s), {CLIENTS} clients, one case a request",
                single,
                base,
            )
            many = sender.together(range(10_001, 10_001 + CASES), batch=BATCH)
            _show(
                f"{engine}, {workers} worker(s), {CLIENTS} clients, batches of {BATCH}", many, base
            )
            alone = sender.drain(range(20_001, 20_001 + CASES))
            _show(
                f"{engine}, {workers} worker(s), one office drains {CASES} in batches", alone, base
            )
            if engine == "PostgreSQL":
                _memory(sender, site)


def _show(what: str, rate: float, base: float) -> None:
    sys.stdout.write(f"{what:66} {rate:8.0f} cases/s {rate / base:6.1f} x\n")
    sys.stdout.flush()


def _memory(sender: Sender, site: Site) -> None:
    marks = [site.memory_mb()]
    step = max(MEMORY_CASES // 4, BATCH)
    for start in range(30_000, 30_000 + MEMORY_CASES, step):
        sender.together(range(start, start + step), batch=BATCH)
        marks.append(site.memory_mb())
    shown = ", ".join(f"{mark:.0f}" for mark in marks)
    what = f"memory of all workers at each quarter of {MEMORY_CASES} cases, MB"
    sys.stdout.write(f"{what:66} {shown}\n")


def _engines() -> Iterator[tuple[str, str]]:
    yield "SQLite", ""
    try:
        with run_cluster() as host, new_database(host) as url:
            yield "PostgreSQL", url
    except pytest.skip.Exception as skipped:
        sys.stdout.write(f"PostgreSQL: {skipped}\n")
