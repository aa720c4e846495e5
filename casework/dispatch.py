"""Files on their way: which wait for a better hour, and how far each has come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import UUID

from casework import network
from casework.office import Office
from casework.rights import needs
from store import outbox
from store.open import OpenStore
from store.outbox import Held
from sync.large import HELD, NO_ROOM, Gate, read_hours
from sync.network import NetworkView
from sync.wire import FileRef

NOTED_S = 2.0  # between two notes of how far a case has come


def gate(
    store: OpenStore,
    view: Callable[[], NetworkView] = NetworkView,
    metered: Callable[[], str] = str,
) -> Gate:
    """Whether files may go over the network of now.

    Args:
        store: The office's store.
        view: What the system says of the network.
        metered: `always` or `never` where who works here knows better; else what IT staff chose.
    """
    chosen = network.load(store.folder)

    def costs() -> bool:
        told = metered() if metered() in ("always", "never") else chosen.metered
        return told == "always" or (told == "system" and bool(view().metered))

    return Gate(costs, read_hours(chosen.busy_hours))


@needs("anybody")
def held(office: Office) -> Held:
    """What waits for a better network or hour."""
    return office.store.read(outbox.held, HELD)


@needs("anybody")
def crowded(office: Office) -> Held:
    """What waits for room at the province."""
    return office.store.read(outbox.held, NO_ROOM)


def let_go(store: OpenStore, opened: Gate) -> None:
    """Where files may go again, let those that waited be due; for room when asked."""
    codes = (*HELD, *NO_ROOM) if opened.open_once else HELD
    if not opened.shut and store.read(outbox.held, codes).cases:
        store.writer.submit(outbox.release, codes, opened.now()).result()


class Progress:
    """Notes how much of a case the province holds. `note` may be called from any thread."""

    def __init__(self, store: OpenStore) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._files: dict[UUID, dict[bytes, int]] = {}
        self._noted: dict[UUID, float] = {}

    def note(self, submission: UUID, file: FileRef, held: int) -> None:
        """The province holds `held` bytes of `file`; kept every 2 s and at the file's end."""
        now = time.monotonic()
        with self._guard:
            files = self._files.setdefault(submission, {})
            files[file.sha256] = held
            quiet = now - self._noted.get(submission, -NOTED_S) < NOTED_S
            if quiet and held < file.size:
                return
            self._noted[submission] = now
            sent = sum(files.values())
        self._store.writer.submit(outbox.note_sent, submission, sent)
