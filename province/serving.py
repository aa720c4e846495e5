"""The province as processes: one worker or several on one port, and their end without haste.

On SIGTERM a worker first says that it is draining (`/health/ready` answers 503, connections are
closed after their answer), goes on serving for the drain time so that a load balancer notices,
then takes nobody new and finishes what runs, at most 10 seconds. A second signal skips the wait.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from province import telemetry
from province.app import Province, create_app

FINISH_S = 10
SWEEP_S = 3600.0  # between two looks for uploads that nobody goes on with
AGAIN_S = 1.0  # before a worker that died is replaced


@dataclass(frozen=True)
class Place:
    """Where a province listens.

    Attributes:
        port: TCP port; 0 takes a free one.
        cert: TLS certificate chain (PEM); None for plain HTTP.
        key: TLS private key (PEM).
        device_ca: CA of the devices' certificates (PEM); with it none gets in without one.
        drain_s: Seconds between SIGTERM and the last new request.
    """

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    device_ca: Path | None = None
    drain_s: float = 0.0

    def url(self, listener: socket.socket) -> str:
        """The address that `listener` has."""
        return f"{'https' if self.cert else 'http'}://{self.host}:{listener.getsockname()[1]}"


def listen(place: Place) -> socket.socket:
    """Take the port.

    Raises:
        OSError: It is taken.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((place.host, place.port))
    listener.listen(1024)
    return listener


def run(
    province: Province, place: Place, listener: socket.socket, facts: Mapping[str, str]
) -> None:
    """Serve in this process until it is told to end; one JSON line with `facts` when ready."""
    config = uvicorn.Config(
        create_app(province),
        log_config=None,
        log_level="warning",
        access_log=False,  # it would write addresses with codes and names into the log
        ssl_certfile=place.cert,
        ssl_keyfile=place.key,
        ssl_ca_certs=str(place.device_ca) if place.device_ca else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if place.device_ca else ssl.CERT_NONE,
        timeout_graceful_shutdown=FINISH_S,
        server_header=False,
    )
    url = place.url(listener)
    line = json.dumps({"url": url, **facts, "desk_url": f"{url}/desk"})
    asyncio.run(_serve(_Server(config, province, place.drain_s), province, listener, line))


def run_many(command: Sequence[str], place: Place, workers: int) -> None:
    """Serve with several processes on one port; one that dies is replaced.

    The listening socket is shared: the kernel hands each connection to one of them.

    Args:
        command: Serves alone when `--fd N` is added: the number of the socket to listen on.
        place: Where.
        workers: How many.
    """
    with listen(place) as listener, tempfile.TemporaryDirectory(prefix="lastmile-") as numbers:
        _Workers(command, listener, {**os.environ, telemetry.MULTIPROCESS: numbers}).run(workers)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, province: Province, drain_s: float) -> None:
        super().__init__(config)
        self._province, self._drain_s = province, drain_s
        self.loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self._province.draining or self._drain_s <= 0:
            self.should_exit = True
        self._province.draining = True
        telemetry.DRAINING.set(1)
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.call_later, self._drain_s, self._end)

    def _end(self) -> None:
        self.should_exit = True


async def _serve(server: _Server, province: Province, listener: socket.socket, line: str) -> None:
    async def announce() -> None:
        while not server.started:
            await asyncio.sleep(0.02)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await asyncio.to_thread(province.uploads.sweep)

    server.loop = asyncio.get_running_loop()
    others = [asyncio.create_task(announce()), asyncio.create_task(sweep())]
    await server.serve(sockets=[listener])
    for task in others:
        task.cancel()


class _Workers:
    def __init__(
        self, command: Sequence[str], listener: socket.socket, environment: Mapping[str, str]
    ) -> None:
        self._command = [*command, "--fd", str(listener.fileno())]
        self._fd, self._environment = listener.fileno(), environment
        self._running: list[subprocess.Popen[bytes]] = []
        self._ending = False

    def run(self, count: int) -> None:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, self._end)
        first = self._start(subprocess.PIPE)
        self._running = [first, *(self._start(subprocess.DEVNULL) for _ in range(count - 1))]
        assert first.stdout is not None
        with first.stdout as lines:
            sys.stdout.buffer.write(lines.readline())
            sys.stdout.flush()
        while not self._ending:
            time.sleep(0.2)
            self._replace_dead()
        for worker in self._running:
            worker.wait()

    def _replace_dead(self) -> None:
        for place, worker in enumerate(self._running):
            if worker.poll() is not None and not self._ending:
                telemetry.log.error("worker died", extra={"facts": {"code": worker.returncode}})
                time.sleep(AGAIN_S)
                if not self._ending:
                    self._running[place] = self._start(subprocess.DEVNULL)

    def _start(self, out: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own module, no shell
            self._command, stdout=out, pass_fds=(self._fd,), env=dict(self._environment)
        )

    def _end(self, sig: int, _frame: FrameType | None) -> None:
        self._ending = True
        for worker in self._running:
            with suppress(ProcessLookupError):
                worker.send_signal(sig)
