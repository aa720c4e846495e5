"""kill -9 at any moment of filling, accepting and sending: nothing durable is lost or doubled.

`LASTMILE_KILLS=50` runs the long version.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import sqlcipher3.dbapi2 as driver

from casework import link
from casework.office import RESOURCES, Office, Resources, local_now
from desktop.demo import CLERK, PASSWORD, start_demo
from store import audit, cases, drafts, outbox
from store.engine import full_check
from store.errors import CaseGone, DraftGone
from store.open import OpenStore, unlock
from sync.round import run_round

KILLS = int(os.environ.get("LASTMILE_KILLS", "8"))
ROOT = Path(__file__).parents[2]


def work_until_killed(folder: Path, pause_s: float) -> list[dict[str, str]]:
    """What the process said was durable before it was killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.kill_child", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert json.loads(child.stdout.readline()) == {"ready": "yes"}
    time.sleep(pause_s)
    child.kill()
    said = child.stdout.read()
    child.stdout.close()
    child.wait(20)
    return [json.loads(line) for line in said.splitlines() if line.endswith("}")]


def check(store: OpenStore, told: list[dict[str, str]]) -> set[UUID]:
    """Compare with the store; returns the cases that were accepted."""
    accepted = {UUID(t["accepted"]) for t in told if "accepted" in t}
    ended = {t["draft"] for t in told if "accepted" in t}
    for case in accepted:
        assert store.read(cases.get_case, case).row.number
    last = {t["draft"]: t["saved"] for t in told if "saved" in t and t["draft"] not in ended}
    for draft, step in last.items():
        try:
            kept = store.read(drafts.get, UUID(draft), store.operator.id).xml.decode()
        except DraftGone:  # accepted, and killed before it could say so
            try:
                store.read(cases.get_submission, UUID(draft))
            except CaseGone:
                raise AssertionError("a saved draft is gone") from None
            continue
        assert any(f"房东{later}" in kept for later in range(int(step), 3)) or "刘示例" in kept
    return accepted


def test_killed_at_any_moment_nothing_durable_is_lost_and_nothing_arrives_twice(
    tmp_path: Path,
) -> None:
    chance = random.Random(20261124)
    demo = start_demo(tmp_path, Resources(RESOURCES))
    accepted: set[UUID] = set()
    try:
        for _ in range(KILLS):
            told = work_until_killed(tmp_path, chance.uniform(0.0, 1.6))
            store = unlock(demo.profile, CLERK, PASSWORD, secret=demo.secret, now=local_now())
            full_check(store.engine)
            assert store.read(audit.find_break) is None
            accepted |= check(store, told)
            store.close()
        store = unlock(demo.profile, CLERK, PASSWORD, secret=demo.secret, now=local_now())
        office = Office(store, Resources(RESOURCES))
        provider = link.provider(store)
        run_round(link.StoreLedger(store), provider, now=office.now)
        provider.close()
        assert store.read(outbox.waiting) == 0
        held = {row.id for row in store.read(cases.list_cases, cases.Wanted())}
        numbers = [row.number for row in store.read(cases.list_cases, cases.Wanted())]
        store.close()
    finally:
        demo.stop()
    assert accepted
    assert accepted <= held
    assert len(set(numbers)) == len(numbers)
    [database] = (tmp_path / "province").glob("*.db")
    connection = driver.connect(str(database))
    arrived = [UUID(row[0]) for row in connection.execute("SELECT id FROM case_file")]
    connection.close()
    assert len(arrived) == len(set(arrived))
    assert set(arrived) == held
