"""A province of several workers ends whenever it is told to, and leaves no process behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from province.serving import SPARE_S
from tests.province.packages import write_package

FINISH_S = 1
SLOW_S = 4.0  # for a loaded machine, beyond what the product grants


class Site:
    """`serve --workers 2` on PostgreSQL; every process of it names the folder in its arguments."""

    def __init__(self, folder: Path, url: str) -> None:
        write_package(folder / "services")
        self.database, self.folder = url, str(folder)
        command = [sys.executable, "-m", "province.cli", "serve", "--port", "0", "--workers", "2"]
        command += ["--folder", str(folder / "data"), "--services", str(folder / "services")]
        command += ["--database", url, "--finish", str(FINISH_S)]
        with (folder / "log").open("wb") as log:
            self.parent = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)

    def workers(self) -> set[int]:
        pid = self.parent.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def wait_for(self, seen: Callable[[], bool], pause_s: float = 0.0) -> None:
        until = time.monotonic() + 30
        while not seen():  # without a pause where the moment that is looked for is short
            assert time.monotonic() < until
            assert self.parent.poll() is None
            time.sleep(pause_s)

    def ready(self) -> tuple[str, int]:
        assert self.parent.stdout is not None
        parts = urlsplit(json.loads(self.parent.stdout.readline())["url"])
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def running(self) -> set[int]:
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self.folder.encode() in (process / "cmdline").read_bytes():
                    found.add(int(process.name))
        return found


@pytest.fixture
def site(tmp_path: Path, postgres: str) -> Iterator[Site]:
    started = Site(tmp_path, postgres)
    yield started
    for pid in started.running():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    started.parent.wait(10)
    assert started.parent.stdout is not None
    started.parent.stdout.close()


def _ends(site: Site, how: signal.Signals) -> None:
    site.parent.send_signal(how)
    until = time.monotonic() + FINISH_S + SPARE_S + SLOW_S
    while site.running() and time.monotonic() < until:
        site.parent.poll()
        time.sleep(0.05)
    assert site.running() == set()
    assert site.parent.wait(1) == 0


def test_it_ends_while_its_workers_are_being_started(site: Site) -> None:
    site.wait_for(lambda: len(site.workers()) > 0)
    _ends(site, signal.SIGINT)


def test_it_ends_as_soon_as_it_is_ready(site: Site) -> None:
    site.ready()
    _ends(site, signal.SIGTERM)


def test_it_ends_while_a_request_hangs_and_a_killed_worker_is_replaced(site: Site) -> None:
    address = site.ready()
    before = site.workers()
    url = site.database.replace("+psycopg", "")
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watcher:
        holder.execute("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE")
        os.kill(min(before), signal.SIGKILL)
        with socket.create_connection(address) as client:
            client.sendall(b"GET /verify?number=LM-1&name=x HTTP/1.1\r\nHost: province\r\n\r\n")
            waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
            site.wait_for(lambda: watcher.execute(waiting).fetchone() is not None, pause_s=0.02)
            site.wait_for(lambda: bool(site.workers() - before))
            _ends(site, signal.SIGTERM)
