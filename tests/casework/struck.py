"""Copies of a profile, and a process that works on them and is struck at a file operation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.casework.install_child import ask

ROOT = Path(__file__).parents[2]


@dataclass
class Struck:
    """A folder as it stands before, and orders to a process that works on copies of it."""

    template: Path
    folder: Path
    resources: Path
    child: subprocess.Popen[str]

    def ask(self, kind: str, at: int = 0) -> dict[str, Any]:
        """What the process says to one order."""
        return ask(self.child, self.folder, self.resources, kind, at)

    def afresh(self) -> None:
        """The folder as it stood before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        (self.folder / "tmp").mkdir()

    def spread(self, many: str) -> list[int]:
        """At which operations to strike: at `all` of them, or at so many spread over them."""
        self.afresh()
        whole = self.ask("full")
        assert whole["said"] == ""
        done = int(whole["done"])
        step = 1 if many == "all" else max(1, done // int(many))
        return list(range(1 + step // 2, done + 1, step))


@contextmanager
def process(harm: Path) -> Iterator[subprocess.Popen[str]]:
    """A process under the library `harm`, which strikes."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.casework.install_child"],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(harm)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        yield child
        assert child.stdin is not None
        child.stdin.close()
        child.wait(20)
