"""A real province process on loopback, startable again on the same folder and port."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from desktop.demo import start_province
from tests.province.packages import write_package


class ProvinceProcess:
    """`lastmile-province demo`; `facts` is the line it prints when ready."""

    def __init__(
        self, folder: Path, services: Path | None = None, options: Sequence[str] = ()
    ) -> None:
        self.folder, self._options = folder, options
        self._services = services
        self.port = 0
        self.facts: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start and wait until it is ready."""
        services = self._services
        if services is None:
            services = self.folder / "services"
            write_package(services)
        options = ("--services", str(services), "--password", "geheim", *self._options)
        self._process, self.facts = start_province(self.folder, self.port, *options)
        self.port = int(self.facts["url"].rpartition(":")[2])

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, wait, and say the exit code."""
        assert self._process is not None
        self._process.send_signal(how)
        code = self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return code

    def close(self) -> None:
        """Kill it if it still runs."""
        if self._process is not None:
            self.end(signal.SIGKILL)

    @property
    def url(self) -> str:
        return self.facts["url"]

    def log(self) -> str:
        return (self.folder / "province.log").read_text(encoding="utf-8")
