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

from casework import link, people
from casework.office import Office, Resources, local_now, new_id
from store.errors import StoreExists
from store.open import create_store, unlock
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
    try:
        create_store(
            demo.profile,
            login=ADMIN,
            name="运维示例",
            password=PASSWORD,
            role="administrator",
            secret=demo.secret,
            operator_id=new_id(),
            now=local_now(),
        )
    except StoreExists:
        return
    store = unlock(demo.profile, ADMIN, PASSWORD, secret=demo.secret, now=local_now())
    try:
        office = Office(store, resources)
        people.add_operator(
            office,
            login=CLERK,
            name=CLERK_NAME,
            role="clerk",
            password=PASSWORD,
            must_change=False,
        )
        link.enrol_office(office, demo.facts["url"], demo.facts["enrol_code"], device_name="demo")
        provider = link.provider(store)
        try:
            link.top_up_numbers(office, provider)
        finally:
            provider.close()
    finally:
        store.close()
