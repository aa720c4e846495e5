"""What a province takes in: cases a second with 4 clients on SQLite and PostgreSQL, and its memory.

`LASTMILE_BENCH_CASES` sets the cases of the memory run (2,000; the long run is 100,000).
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from province import accounts
from province.app import Province, open_province
from province.packages import Services
from tests.province.cluster import new_database, run_cluster
from tests.province.packages import write_package
from tests.province.shapes import TestDevice, body, submission

CLIENTS = 4
CASES = 1000
BATCH = 100
MEMORY_CASES = int(os.environ.get("LASTMILE_BENCH_CASES", "2000"))


def main() -> None:
    """Print cases a second, and each as a ratio to single requests on SQLite."""
    base = 0.0
    for engine, url in _engines():
        workers = 2 if url else 1
        with tempfile.TemporaryDirectory() as name, _province(Path(name), url, workers) as site:
            sender = _Sender(site, Path(name), url)
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


def _memory(sender: _Sender, site: _Site) -> None:
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


class _Site:
    """A running province."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self._process = url, process

    def memory_mb(self) -> float:
        """Resident memory of the service's processes together."""
        listed = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._process.pid), "--ppid", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        return sum(map(int, listed.stdout.split())) / 1024


@contextmanager
def _province(folder: Path, url: str, workers: int) -> Iterator[_Site]:
    write_package(folder / "services")
    command = [sys.executable, "-m", "province.cli", "serve", "--port", "0"]
    command += ["--folder", str(folder / "data"), "--services", str(folder / "services")]
    command += ["--database", url, "--workers", str(workers)] if url else []
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield _Site(json.loads(process.stdout.readline())["url"], process)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)


class _Sender:
    """Devices of four offices, and the cases that they send."""

    def __init__(self, site: _Site, folder: Path, url: str) -> None:
        self._site = site
        opened = open_province(folder / "data", services=Services({}), database_url=url)
        with httpx.Client(base_url=site.url) as client:
            self._devices = [_enrol(opened, client, n) for n in range(CLIENTS)]
        opened.database.close()

    def together(self, seeds: Sequence[int], batch: int) -> float:
        """All clients send their share at once; cases a second."""
        share = len(seeds) // CLIENTS
        threads = [
            threading.Thread(target=self.send, args=(seeds[0] + n * share, share, batch, n))
            for n in range(CLIENTS)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(seeds) / (time.perf_counter() - began)

    def drain(self, seeds: Sequence[int]) -> float:
        """One client sends all; cases a second, writing the requests included."""
        began = time.perf_counter()
        self.send(seeds[0], len(seeds), BATCH)
        return len(seeds) / (time.perf_counter() - began)

    def send(self, first: int, count: int, batch: int, client: int = 0) -> None:
        """Send `count` cases and believe nothing but receipts."""
        parts = urlsplit(self._site.url)
        line = http.client.HTTPConnection(str(parts.hostname), parts.port)
        for start in range(first, first + count, batch):
            some = range(start, min(start + batch, first + count))
            if batch == 1:
                case, ident, _ = submission(start)
                path = f"/api/v1/cases/{case}/submissions/{ident}"
                self._ask(line, client, "PUT", path, body(start))
            else:
                members = [_member(seed) for seed in some]
                content = {"submissions": members}
                said = self._ask(line, client, "POST", "/api/v1/cases:batch", content)
                assert {r["status"] for r in said["results"]} == {201}  # type: ignore[attr-defined]
        line.close()

    def _ask(
        self, line: http.client.HTTPConnection, client: int, method: str, path: str, said: object
    ) -> dict[str, object]:
        headers = {**self._devices[client].headers, "Content-Type": "application/json"}
        headers["Content-Encoding"] = "gzip"
        line.request(method, path, gzip.compress(json.dumps(said).encode(), 1), headers)
        answer = line.getresponse()
        content: dict[str, object] = json.loads(answer.read())
        assert answer.status in (200, 201), (answer.status, content)
        return content


def _enrol(province: Province, client: httpx.Client, place: int) -> TestDevice:
    office = f"office-{place}"
    province.database.write(accounts.add_office, office, "示例", f"53010210{place}")
    return TestDevice(province, client, office)


def _member(seed: int) -> dict[str, object]:
    case, ident, _ = submission(seed)
    return {"case": str(case), "submission": str(ident), **body(seed)}
