"""The province as processes: one worker or several on one port, and their end without haste.

On SIGTERM a worker first says that it is draining (`/health/ready` answers 503, connections are
closed after their answer), goes on serving for the drain time so that a load balancer notices,
then takes nobody new and finishes what runs, at most 10 seconds. A second signal skips the wait.
What still runs 2 seconds later (a thread that waits for a database that does not answer) is ended
by the kernel: its code is that of SIGALRM.
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
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from province import telemetry
from province.app import Province, create_app
from province.errors import ProvinceError
from province.gate import SHOWN

FINISH_S = 10
SPARE_S = 2.0  # beyond all that was granted; then a process is ended whatever it waits for
SWEEP_S = 3600.0  # between two looks for files that no case names
TEND_S = 5.0  # between two looks at the repository of packages
HEAD_S = 20.0  # a request must be told by then, or its connection is closed
AGAIN_S = 1.0  # before a worker that died is replaced


@dataclass(frozen=True)
class Place:
    """Where a province listens.

    Attributes:
        port: TCP port; 0 takes a free one.
        cert: TLS certificate chain (PEM); None for plain HTTP.
        key: TLS private key (PEM).
        device_ca: CA of the devices' certificates (PEM); with it none gets in without one.
        own_certificates: Issuer (PEM) of the certificates that this province gives its devices:
            they are looked at where they are shown, and the gate says where they are needed.
        drain_s: Seconds between SIGTERM and the last new request.
        finish_s: Whole seconds from then on for the requests that run.
        proxies: Addresses of load balancers, with commas, whose `X-Forwarded-*` is believed.
    """

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    device_ca: Path | None = None
    drain_s: float = 0.0
    finish_s: int = FINISH_S
    own_certificates: Path | None = None
    proxies: str = ""

    @property
    def end_s(self) -> float:
        """Seconds from the first signal after which no worker runs any more."""
        return self.drain_s + self.finish_s + SPARE_S

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
    url = place.url(listener)
    line = json.dumps({"url": url, **facts, "desk_url": f"{url}/desk"})
    server = _Server(configure(province, place), province, place)
    asyncio.run(_serve(server, province, listener, line))
    _end_after(FINISH_S)  # all is answered; an interpreter on a loaded machine ends slowly


def configure(province: Province, place: Place) -> uvicorn.Config:
    """How the server is set up."""
    config = uvicorn.Config(
        create_app(province),
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # it would write addresses with codes and names into the log
        proxy_headers=bool(place.proxies),
        forwarded_allow_ips=place.proxies,
        ssl_certfile=place.cert,
        ssl_keyfile=place.key,
        ssl_ca_certs=str(issuer) if (issuer := place.device_ca or place.own_certificates) else None,
        ssl_cert_reqs=_asked(place),
        timeout_graceful_shutdown=place.finish_s,
        server_header=False,
    )
    config.load()
    config.http_protocol_class = _impatient(config.http_protocol_class)
    if place.own_certificates:
        config.http_protocol_class = _showing(config.http_protocol_class)
    return config


def _asked(place: Place) -> ssl.VerifyMode:
    if place.device_ca:
        return ssl.CERT_REQUIRED
    return ssl.CERT_OPTIONAL if place.own_certificates else ssl.CERT_NONE


class _Patience:
    """Closes a line on which no request is told to its end in `HEAD_S`."""

    def __init__(self, line: Any) -> None:
        self._line = line
        self._timer: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Something came, or the line was opened just now."""
        if self._runs():
            self.stop()
        elif self._timer is None:
            self._timer = self._line.loop.call_later(HEAD_S, self._over)

    def stop(self) -> None:
        """There is nothing to wait for."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _runs(self) -> bool:
        return self._line.cycle is not None and not self._line.cycle.response_complete

    def _over(self) -> None:
        self._timer = None
        if not self._runs():
            self._line.transport.close()


def _impatient(kind: Any) -> Any:
    """A protocol of the server with `_Patience`."""

    class Impatient(kind):  # type: ignore[misc]
        patience: _Patience

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.patience = _Patience(self)
            self.patience.look()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.patience.look()

        def connection_lost(self, exc: Exception | None) -> None:
            self.patience.stop()
            super().connection_lost(exc)

    return Impatient


def _showing(kind: Any) -> Any:
    """A protocol of the server that tells the application which certificate was shown."""

    class Showing(kind):  # type: ignore[misc]
        app: Any

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            line, inner = transport.get_extra_info("ssl_object"), self.app
            shown = line.getpeercert(binary_form=True) if line else None

            async def app(scope: Any, receive: Any, send: Any) -> None:
                await inner({**scope, SHOWN: shown}, receive, send)

            self.app = app

    return Showing


def run_many(command: Sequence[str], place: Place, workers: int) -> None:
    """Serve with several processes on one port; one that dies is replaced.

    The listening socket is shared: the kernel hands each connection to one of them.

    Args:
        command: Serves alone when `--fd N` is added: the number of the socket to listen on.
        place: Where.
        workers: How many.
    """
    with listen(place) as listener, tempfile.TemporaryDirectory(prefix="lastmile-") as numbers:
        environment = {**os.environ, telemetry.MULTIPROCESS: numbers}
        _Workers(command, place, listener, environment).run(workers)


def _end_after(seconds: float) -> None:
    # The kernel's own default action: it needs no thread and no lock of a process that hangs.
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, province: Province, place: Place) -> None:
        super().__init__(config)
        self._province, self._place = province, place
        self._signals = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        # Runs between any two steps of the main thread: it may take no lock.
        self._signals += 1
        wait_s = self._place.drain_s if self._signals == 1 else 0.0
        if self._signals <= 2:  # or a signal every second would put the end off for ever
            _end_after(self._place.end_s - self._place.drain_s + wait_s)
        if wait_s <= 0:
            self.should_exit = True
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._drain, wait_s)

    def _drain(self, wait_s: float) -> None:
        self._province.draining = True
        telemetry.DRAINING.set(1)
        asyncio.get_running_loop().call_later(wait_s, self._end)

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
            with suppress(ProvinceError, OSError):  # out of reach just now: the next look goes on
                while await asyncio.to_thread(province.uploads.sweep):
                    pass

    async def tend() -> None:
        while True:
            await asyncio.sleep(TEND_S)
            await asyncio.to_thread(province.shelf.tend)

    server.loop = asyncio.get_running_loop()
    others = [asyncio.create_task(each()) for each in (announce, sweep, tend)]
    await server.serve(sockets=[listener])
    for task in others:
        task.cancel()


class _Workers:
    def __init__(
        self,
        command: Sequence[str],
        place: Place,
        listener: socket.socket,
        environment: Mapping[str, str],
    ) -> None:
        self._command = [*command, "--fd", str(listener.fileno())]
        self._fd, self._environment, self._end_s = listener.fileno(), environment, place.end_s
        self._running: list[subprocess.Popen[bytes]] = []
        self._ending, self._until = False, 0.0

    def run(self, count: int) -> None:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, self._end)
        lines, self._out = os.pipe()
        threading.Thread(target=_say_first, args=(lines,), daemon=True).start()
        try:
            for _ in range(count):
                if not self._ending:
                    self._start()
            while not self._ending:
                time.sleep(0.2)
                self._replace_dead()
        finally:  # nor does a worker outlive a parent that fails
            if not self._ending:
                self._end(signal.SIGTERM, None)
            self._wait_for_all()
            _end_after(FINISH_S)

    def _replace_dead(self) -> None:
        for worker in [each for each in self._running if each.poll() is not None]:
            telemetry.log.error("worker died", extra={"facts": {"code": worker.returncode}})
            time.sleep(AGAIN_S)
            if not self._ending:
                self._running.remove(worker)
                self._start()

    def _start(self) -> None:
        worker = subprocess.Popen(  # noqa: S603 - our own module, no shell
            self._command, stdout=self._out, pass_fds=(self._fd,), env=dict(self._environment)
        )
        self._running.append(worker)
        if self._ending:  # the signal came while it started and was passed to the others only
            worker.terminate()

    def _wait_for_all(self) -> None:
        for worker in self._running:
            try:
                worker.wait(max(0.0, self._until - time.monotonic()))
            except subprocess.TimeoutExpired:
                telemetry.log.error("worker killed", extra={"facts": {"pid": worker.pid}})
                worker.kill()
                worker.wait()

    def _end(self, _sig: int, _frame: FrameType | None) -> None:
        if not self._ending:
            _end_after(self._end_s + SPARE_S)  # this process too, whatever it waits for
            self._until = time.monotonic() + self._end_s + 1.0  # they end themselves first
        self._ending = True
        for worker in self._running:
            # Not the signal itself: a worker that starts may ignore SIGINT, as a shell bade it.
            with suppress(ProcessLookupError):
                worker.terminate()


def _say_first(lines: int) -> None:
    """Pass on the line of the worker that is ready first; read on, so that none waits to say it."""
    with open(lines, "rb") as said, suppress(BrokenPipeError):
        for number, line in enumerate(said):
            if number == 0:
                sys.stdout.buffer.write(line)
                sys.stdout.flush()
