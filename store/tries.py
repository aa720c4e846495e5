"""Wrong passwords, counted across restarts: growing delay, then a lock.

The counts lie beside the key file in clear, because they are needed before anything can be
opened; somebody who can edit them can also copy the files and try elsewhere, where argon2id
and the device secret stand in the way.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from store.errors import LockedOut, TryLater
from store.files import write_whole

NAME = "tries.json"
FREE = 3  # tries without delay
LOCK_AT = 10
LONGEST_S = 300


def check(folder: Path, login: str, now: datetime) -> None:
    """Whether this login may be tried now.

    Raises:
        TryLater: The delay is not over.
        LockedOut: A supervisor must unlock the login.
    """
    count, last = _read(folder).get(login, (0, 0.0))
    if count >= LOCK_AT:
        raise LockedOut
    if count <= FREE:
        return
    wait = min(LONGEST_S, 2.0 ** (count - FREE))
    # A clock moved back must not stretch the wait for ever: it counts from now on at most.
    passed = max(0.0, now.timestamp() - last)
    if passed < wait:
        raise TryLater(round(timedelta(seconds=wait - passed).total_seconds()) or 1)


def note_wrong(folder: Path, login: str, now: datetime) -> int:
    """Count a wrong try; returns how many there are."""
    counts = _read(folder)
    count = counts.get(login, (0, 0.0))[0] + 1
    counts[login] = (count, now.timestamp())
    _write(folder, counts)
    return count


def take(folder: Path, login: str) -> int:
    """Forget the wrong tries of a login; returns how many there were."""
    counts = _read(folder)
    count, _ = counts.pop(login, (0, 0.0))
    if count:
        _write(folder, counts)
    return count


def locked(folder: Path) -> frozenset[str]:
    """Logins that a supervisor must unlock."""
    return frozenset(login for login, (count, _) in _read(folder).items() if count >= LOCK_AT)


def _read(folder: Path) -> dict[str, tuple[int, float]]:
    try:
        raw = json.loads((folder / NAME).read_bytes())
        return {str(k): (int(v[0]), float(v[1])) for k, v in raw.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _write(folder: Path, counts: dict[str, tuple[int, float]]) -> None:
    write_whole(folder / NAME, json.dumps(counts).encode(), private=True)
