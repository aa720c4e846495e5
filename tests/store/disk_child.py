"""Works on a store whose disk fails at a given byte, then gets its room back.

Reads `PROFILE BYTES` lines; a forked process lets no file grow beyond BYTES, works until the
store has refused, lifts the limit, goes on, and answers with one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from store import audit, drafts
from store.engine import full_check
from store.errors import StoreError
from store.open import OpenStore
from tests.store.window import LOGIN, NOW, accept, begin, enter, numbers, save_draft

WORK = 60  # steps at most


def work_until_refused(store: OpenStore, accepted: list[str], times: int) -> list[str]:
    """Accept cases and save drafts; returns the codes of what was refused."""
    refused: list[str] = []
    for n in range(WORK):
        if len(refused) == times:
            break
        try:
            store.blobs.put(b"scan" * 5000)
            draft = begin(store)
            save_draft(store, draft, b"<half/>" * 400)
            accepted.append(accept(store, f"示例{n}"))
        except StoreError as error:
            refused.append(error.code)
    return refused


def facts(profile: Path, accepted: list[str], refused: list[str]) -> dict[str, Any]:
    """Open the store once more and say how it stands."""
    store = enter(profile)
    full_check(store.engine)
    after = accept(store)
    held = numbers(store)
    said = {
        "refused": sorted(set(refused)),
        "accepted": len(accepted),
        "lost": sorted({*accepted, after} - set(held)),
        "more": len(set(held) - {*accepted, after}),
        "audit": store.read(audit.find_break),
        "made_again": store.recovery is not None,
    }
    store.close()
    return said


def under_limit(profile: Path, limit: int) -> dict[str, Any]:
    accepted: list[str] = []
    refused: list[str] = []
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        store = enter(profile)
    except StoreError as error:
        refused.append(error.code)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    else:
        refused += work_until_refused(store, accepted, 3)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        accepted.append(accept(store))  # the same process goes on once there is room
        store.close()
    return facts(profile, accepted, refused)


def on_full_device(profile: Path, filler: int) -> dict[str, Any]:
    """The same on a small device: the ballast goes, deleting works, room comes back."""
    fill = profile.parent / "filler"
    fill.write_bytes(bytes(filler))
    (profile / "ballast").write_bytes(bytes(300_000))
    accepted: list[str] = []
    store = enter(profile)
    refused = work_until_refused(store, accepted, 1)
    ballast_kept = (profile / "ballast").exists()
    for draft in store.read(drafts.list_of, None):
        store.writer.submit(
            drafts.discard, draft.id, owner=store.operator.id, by=LOGIN, now=NOW
        ).result()
    drafts_left = len(store.read(drafts.list_of, None))
    fill.unlink()
    accepted.append(accept(store))
    store.close()
    more = {"ballast_kept": ballast_kept, "drafts_left": drafts_left}
    return {**facts(profile, accepted, refused), **more}


def main(do: Callable[[Path, int], dict[str, Any]]) -> None:
    for line in sys.stdin:
        profile, size = line.split()
        child = os.fork()
        if child == 0:
            try:
                said = do(Path(profile), int(size))
            except BaseException as error:  # noqa: BLE001 - told to the test
                said = {"failed": f"{type(error).__name__} {error}"[:500]}
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main({"limit": under_limit, "device": on_full_device}[sys.argv[1]])
