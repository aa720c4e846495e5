"""kill -9 at any moment of writing, backing up, migrating, restoring, recovering and purging.

Nothing that was said to be durable is lost, and every store opens. `LASTMILE_STORE_KILLS=1000`
runs the long version.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from store import audit, backup, drafts, engine, recovery
from store import open as opening
from store.engine import full_check
from store.errors import DraftGone, StoreNewer
from store.open import OpenStore
from store.steps import STEPS
from tests.store.kill_child import MODES, know_one_more_step
from tests.store.window import NOW, accept, enter, make, numbers

KILLS = int(os.environ.get("LASTMILE_STORE_KILLS", "12"))
ROOT = Path(__file__).parents[2]
EACH = 60  # runs after which a fresh store takes the place of the grown one
LONGEST_S = 0.6
AT_WORK = {
    "write": 0.8,
    "backup": 0.8,
    "purge": 0.8,
    "migrate": 0.4,
    "recover": 0.4,
    "restore": 0.0,
}


class Killer:
    """Starts work on a profile and ends it with SIGKILL."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.kill_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, mode: str, profile: Path, pause_s: float, *, wait: bool) -> list[list[str]]:
        """What the work said was durable before it was killed.

        The pause begins with the process, or with its first word if `wait`.
        """
        acks = profile.parent / "acks"
        acks.unlink(missing_ok=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{mode} {profile} {acks}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        until = time.monotonic() + 5
        while wait and not acks.exists() and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(pause_s)
        os.kill(child, signal.SIGKILL)
        assert self._process.stdout.readline() == "ended\n"
        said = acks.read_text().splitlines() if acks.exists() else []
        return [line.split() for line in said]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()


def prepared(folder: Path) -> Path:
    profile = make(folder)
    store = enter(profile)
    for _ in range(3):
        accept(store)
    backup.make(store, NOW)
    accept(store)
    store.close()
    return profile


@contextmanager
def opened(profile: Path) -> Iterator[OpenStore]:
    """By this program, or by the next version where a migration had already ended."""
    try:
        store = enter(profile)
    except StoreNewer:
        know_one_more_step()
        store = enter(profile)
    try:
        yield store
    finally:
        store.close()
        for module in (engine, recovery, opening):
            setattr(module, "STEPS", STEPS)  # noqa: B010 - seen by mypy as final


def check(store: OpenStore, told: list[list[str]], before: list[str]) -> None:
    assert [line for line in told if line[0] == "failed"] == []
    full_check(store.engine)
    assert store.read(audit.find_break) is None
    held = numbers(store)
    assert len(set(held)) == len(held)
    accepted = {line[1] for line in told if line[0] == "case"}
    assert set(before) | accepted <= set(held)
    assert len(held) <= len(before) + len(accepted) + 1  # one may have been under way
    steps = {line[1]: int(line[2]) for line in told if line[0] == "draft"}
    for draft, step in steps.items():
        kept = store.read(drafts.get, UUID(draft), store.operator.id)
        assert kept.xml.count(b"<step/>") >= step
    for draft in [line[1] for line in told if line[0] == "gone"]:
        with pytest.raises(DraftGone):
            store.read(drafts.get, UUID(draft), store.operator.id)


def hurt(profile: Path) -> None:
    path = profile / "store.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 16
    path.write_bytes(content)


def test_killed_at_any_moment_no_store_is_lost_nor_anything_it_acknowledged(
    tmp_path: Path, killer: Killer
) -> None:
    chance = random.Random(20261125)
    template = prepared(tmp_path / "template")
    profiles: dict[str, Path] = {}
    acknowledged, phases = 0, Counter[str]()
    for n in range(KILLS):
        mode = list(MODES)[n % len(MODES)]
        if mode not in profiles or n % EACH < len(MODES) or mode in {"migrate", "restore"}:
            shutil.rmtree(tmp_path / mode, ignore_errors=True)
            shutil.copytree(
                template.parent, tmp_path / mode, ignore=shutil.ignore_patterns("ballast")
            )
            profiles[mode] = tmp_path / mode / template.name
        profile = profiles[mode]
        with opened(profile) as store:
            before = numbers(store)
        if mode == "recover":
            hurt(profile)
        wait = chance.random() < AT_WORK[mode]
        told = killer.run(mode, profile, chance.uniform(0.0, LONGEST_S), wait=wait)
        if mode == "restore":
            before = before[:3]  # what was accepted after the backup may be put aside, on purpose
        with opened(profile) as store:
            check(store, told, before)
        acknowledged += len(told)
        phases[f"{mode}:{told[-1][0] if told else 'before anything'}"] += 1
    sys.stdout.write(f"\n{KILLS} kills, {acknowledged} acknowledged, 0 lost\n{dict(phases)}\n")
    assert acknowledged
