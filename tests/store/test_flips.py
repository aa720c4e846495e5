"""A single flipped bit anywhere is noticed or harmless; no answer of the store is ever wrong.

`LASTMILE_FLIPS=20000` runs the long version.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store import backup, journal, snapshots
from store.recovery import Sound, open_sound
from tests.store.window import (
    NOW,
    accept,
    begin,
    contents_of,
    enter,
    make,
    photograph,
    save_draft,
)

FLIPS = int(os.environ.get("LASTMILE_FLIPS", "60"))
SHARE = {"page": 50, "header": 8, "log": 30, "journal": 8, "snapshot": 4}


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder in memory where there is one: 20,000 syncs are no test of the disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def worked(folder: Path) -> tuple[Path, bytes, dict[str, list[Any]]]:
    """A profile as a pulled plug leaves it, partly checkpointed; its key and its contents."""
    store = enter(make(folder / "was"))
    accept(store, "前一")
    backup.make(store, NOW)
    for n in range(4):
        accept(store, f"后{n}")
    raw = store.engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
    raw.close()
    draft = begin(store)
    for n in range(6):
        save_draft(store, draft, b"<half/>" * n)
    accept(store, "末")
    copy = photograph(store.folder, folder / "now")
    key, was = store.data_key, contents_of(store.engine)
    store.close()
    return copy, key, was


@contextmanager
def opened(profile: Path, key: bytes) -> Iterator[Sound]:
    sound = open_sound(profile, key, NOW)
    yield sound
    sound.engine.dispose()


def target(profile: Path, kind: str, chance: random.Random) -> tuple[Path, int]:
    """A file and the position of a byte in it."""
    path = {
        "page": profile / "store.db",
        "header": profile / "store.db",
        "log": profile / "store.db-wal",
        "journal": chance.choice(journal.files(profile)),
        "snapshot": chance.choice(snapshots.listed(profile)),
    }[kind]
    return path, chance.randrange(100 if kind == "header" else path.stat().st_size)


def newest_pages(log: Path) -> tuple[int, dict[int, bytes]]:
    """Size of a page, and what the log holds last of each."""
    data = log.read_bytes()
    size = int.from_bytes(data[8:12], "big")
    salts, pages = data[16:24], {}
    for at in range(32, len(data) - size - 23, size + 24):
        if data[at + 8 : at + 16] == salts:
            pages[int.from_bytes(data[at : at + 4], "big")] = data[at + 24 : at + 24 + size]
    return size, pages


def test_a_checkpoint_cut_off_at_any_page_and_a_log_that_no_longer_reads(shelf: Path) -> None:
    profile, key, was = worked(shelf)
    size, pages = newest_pages(profile / "store.db-wal")
    assert len(pages) > 5
    for missing in pages:
        copy = shelf / "mixed"
        shutil.copytree(profile, copy)
        with (copy / "store.db").open("r+b") as file:
            for number, page in pages.items():
                if number != missing:
                    file.seek((number - 1) * size)
                    file.write(page)
        with (copy / "store.db-wal").open("r+b") as file:
            file.write(b"\0")  # the first byte of what marks a log
        with opened(copy, key) as sound:
            assert contents_of(sound.engine) == was, missing
            assert sound.recovery is not None
            assert sound.recovery.complete
        shutil.rmtree(copy)


def test_a_flipped_bit_is_noticed_or_harmless(shelf: Path) -> None:
    chance = random.Random(20261125)
    profile, key, was = worked(shelf)
    outcomes: Counter[str] = Counter()
    for _ in range(FLIPS):
        kind = chance.choices(list(SHARE), list(SHARE.values()))[0]
        copy = shelf / "flipped"
        shutil.copytree(profile, copy)
        path, at = target(copy, kind, chance)
        content = bytearray(path.read_bytes())
        content[at] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        with opened(copy, key) as sound:
            assert contents_of(sound.engine) == was, (kind, at)
            made = sound.recovery
        if made is not None:
            assert made.complete, (kind, at)
            assert (copy / made.aside).is_dir()
        outcomes[f"{kind}: {'made again' if made else 'harmless'}"] += 1
        shutil.rmtree(copy)
    sys.stdout.write(f"\n{FLIPS} flips, 0 wrong answers\n{dict(sorted(outcomes.items()))}\n")
    assert outcomes["page: made again"]
    assert outcomes["log: made again"]
