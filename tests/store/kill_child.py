"""Forks one process after another that works on a store until it is killed.

Reads `MODE PROFILE ACKS` lines, answers each with the process id, then with `ended`. The forked
process appends a line to ACKS once the store has said that something is durable.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store import audit, backup, drafts, engine, recovery, snapshots
from store import open as opening
from store.models import OutboxItem, SubmissionBody
from store.open import OpenStore
from store.steps import STEPS
from tests.store.window import LOGIN, NOW, PASSWORD, accept, begin, box_of, enter, save_draft

STEP = (  # a step that takes its time
    "CREATE TABLE grown (n INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    """
INSERT INTO grown WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
SELECT n, hex(n) || '甲乙丙丁' FROM c
""",
    "CREATE INDEX grown_words ON grown (words)",
    "ALTER TABLE draft ADD COLUMN colour TEXT NOT NULL DEFAULT ''",
)
Say = Callable[..., None]


def know_one_more_step() -> None:
    """Be the next version of the program."""
    for module in (engine, recovery, opening):
        setattr(module, "STEPS", (*STEPS, STEP))  # noqa: B010 - seen by mypy as final


def write(profile: Path, say: Say) -> None:
    store = enter(profile)
    while True:
        draft = begin(store)
        say("draft", draft, 0)
        for step in range(1, 4):
            save_draft(store, draft, b"<step/>" * step)
            say("draft", draft, step)
        say("case", accept(store))


def back_up(profile: Path, say: Say) -> None:
    store = enter(profile)
    newest = snapshots.newest_at(profile) or NOW
    while True:
        newest += timedelta(hours=7)
        say("case", accept(store))
        say("backup", backup.make(store, newest).name)


def restore(profile: Path, say: Say) -> None:
    newest = snapshots.listed(profile)[0]
    backup.restore(profile, newest, LOGIN, PASSWORD, secret=box_of(profile), now=NOW)
    say("restored", newest.name)


def recover(profile: Path, say: Say) -> None:
    store = enter(profile)
    say("recovered", store.recovery is not None)
    write_on(store, say)


def write_on(store: OpenStore, say: Say) -> None:
    while True:
        say("case", accept(store))


def migrate(profile: Path, say: Say) -> None:
    know_one_more_step()
    store = enter(profile)
    say("migrated")
    write_on(store, say)


def purge(profile: Path, say: Say) -> None:
    store = enter(profile)
    while True:
        draft = begin(store)
        say("case", accept(store))
        store.writer.submit(_purge_oldest).result()
        say("purged")
        store.writer.submit(
            drafts.discard, draft, owner=store.operator.id, by=LOGIN, now=NOW
        ).result()
        say("gone", draft)


def _purge_oldest(session: Session) -> None:
    oldest = select(SubmissionBody.submission_id).limit(3)
    gone = list(session.scalars(oldest))
    session.execute(delete(SubmissionBody).where(SubmissionBody.submission_id.in_(gone)))
    session.execute(delete(OutboxItem).where(OutboxItem.submission_id.in_(gone)))
    audit.record(session, "", "purged", "", {"submissions": len(gone)}, now=NOW)


MODES: dict[str, Callable[[Path, Say], None]] = {
    "write": write,
    "backup": back_up,
    "restore": restore,
    "recover": recover,
    "migrate": migrate,
    "purge": purge,
}


def main() -> None:
    for line in sys.stdin:
        mode, profile, acks = line.split()
        child = os.fork()
        if child == 0:
            _work(mode, Path(profile), Path(acks))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


def _work(mode: str, profile: Path, acks: Path) -> None:
    def say(*facts: Any) -> None:
        handle = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, (" ".join(str(f) for f in facts) + "\n").encode())
        os.close(handle)

    try:
        MODES[mode](profile, say)
    except BaseException as error:  # noqa: BLE001 - told to the test
        say("failed", type(error).__name__, str(error).replace("\n", " ")[:300])
    signal.pause()  # so that the kill never meets another process of this id


if __name__ == "__main__":
    main()
