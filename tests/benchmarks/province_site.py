"""A province of several workers on PostgreSQL or SQLite, its clients, and what they cost it."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from province import accounts
from province.app import Province, open_province
from province.packages import Services
from tests.province.packages import write_package
from tests.province.shapes import TestDevice, body, submission

CLIENTS = 4
BATCH = 100
TICKS = os.sysconf("SC_CLK_TCK")


class Site:
    """A running province."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self._process = url, process

    def cpu_s(self) -> float:
        """Processor time of the service's processes so far."""
        return cpu_s(self._process.pid)

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
def run_province(folder: Path, url: str, workers: int) -> Iterator[Site]:
    write_package(folder / "services")
    command = [sys.executable, "-m", "province.cli", "serve", "--port", "0"]
    command += ["--folder", str(folder / "data"), "--services", str(folder / "services")]
    command += ["--database", url, "--workers", str(workers)] if url else []
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield Site(json.loads(process.stdout.readline())["url"], process)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)


class Sender:
    """Devices of four offices, and the cases that they send."""

    def __init__(self, site: Site, folder: Path, url: str) -> None:
        self._site = site
        opened = open_province(folder / "data", services=Services({}), database_url=url)
        with httpx.Client(base_url=site.url) as client:
            self.devices = [_enrol(opened, client, n) for n in range(CLIENTS)]
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
        headers = {**self.devices[client].headers, "Content-Type": "application/json"}
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


def cpu_s(parent: int) -> float:
    """Processor time so far of a process and its children, in seconds."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if parent in (int(path.parent.name), int(fields[1])):
                total += int(fields[11]) + int(fields[12])
    return total / TICKS
