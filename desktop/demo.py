"""`lastmile --demo`: an invented office on a province of its own, made on the spot.

Everything lies in one folder: the province's data, the office's profile and what the demo needs
to open both again. The province runs as a process of its own and ends with the desktop.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from casework import link, number_blocks
from casework.office import Resources
from casework.people import NewOperator
from casework.setting_up import set_up
from store.errors import StoreExists
from store.secrets import FileBox

ADMIN = "admin"
CLERK = "li"
CLERK_NAME = "李示例"
# Shown on the sign-in window: nothing in a demo is secret.
PASSWORD = "yangli-2026"  # noqa: S105
ROOT = Path(__file__).parents[1]


@dataclass
class Demo:
    """A running demo. `facts` is what the province says of itself."""

    profile: Path
    secret: FileBox
    facts: dict[str, str]
    process: subprocess.Popen[str]

    def stop(self) -> None:
        """End the province."""
        self.process.terminate()
        self.process.wait(15)
        if self.process.stdout is not None:
            self.process.stdout.close()


def start_demo(folder: Path, resources: Resources) -> Demo:
    """Start the province, and make and enrol the office the first time. Takes some seconds.

    Raises:
        StoreError, SyncError: The office cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "demo.json"
    port = json.loads(note.read_text())["port"] if note.is_file() else 0
    process, facts = start_province(folder / "province", port)
    demo = Demo(folder / "office", FileBox(folder / "device"), facts, process)
    note.write_text(json.dumps({"port": int(facts["url"].rpartition(":")[2])}))
    try:
        _make(demo, resources)
    except BaseException:
        demo.stop()
        raise
    return demo


def start_province(
    folder: Path, port: int, *options: str
) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """A demo province as a process; returns it once it answers, with what it says of itself.

    Its log lies in the folder as `province.log`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "province.cli", "demo"]
    command += ["--folder", str(folder), "--port", str(port), *options]
    with (folder / "province.log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(15)
        raise OSError
    facts: dict[str, str] = json.loads(line)
    return process, facts


def _make(demo: Demo, resources: Resources) -> None:
    admin = NewOperator(ADMIN, "运维示例", "administrator", PASSWORD)
    clerk = NewOperator(CLERK, CLERK_NAME, "clerk", PASSWORD)
    try:
        office, _code = set_up(
            demo.profile, resources, demo.secret, admin, clerk, must_change=False
        )
    except StoreExists:
        return
    try:
        link.enrol_office(office, demo.facts["url"], demo.facts["enrol_code"], device_name="demo")
        number_blocks.lease_first(office)
    finally:
        office.store.close()
