"""Exchange with the projects of other servers: a loop each, which looks for newer forms too."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casework import openrosa, projects
from casework.errors import CaseworkError, UnknownProject
from casework.office import Office
from store.errors import StoreError
from sync.errors import SyncError
from sync.loop import SyncLoop, SyncState

log = logging.getLogger(__name__)
Trouble = tuple[str, Mapping[str, str | int]]
NO_TROUBLE: Trouble = ("", {})


@dataclass
class _Link:
    """One project's loop.

    Attributes:
        asked: Whether a person asked for sending, where the project sends nothing by itself.
        due: When to look for forms again, of the monotonic clock.
        trouble: Code and fields of why the last look brought nothing; "" where it did.
    """

    loop: SyncLoop
    asked: threading.Event = field(default_factory=threading.Event)
    due: float = 0.0
    trouble: Trouble = NO_TROUBLE


class ProjectLinks:
    """Started and stopped by `LocalOffice`; `poke`, `trouble` and `state` from any thread."""

    def __init__(self, office: Office, pause_s: Callable[[], float]) -> None:
        self._office, self._pause_s = office, pause_s
        self._links: dict[str, _Link] = {}
        self._guard = threading.Lock()

    def follow(self) -> None:
        """Begin with new projects, end with removed ones, and begin anew with changed ones."""
        accounts = projects.accounts(self._office.store)
        with self._guard:
            old = [self._links.pop(project) for project in tuple(self._links)]
        for link in old:
            link.loop.stop()
        for project in accounts:
            self._begin(project)

    def stop(self) -> None:
        """End after the requests under way."""
        with self._guard:
            links = tuple(self._links.values())
            self._links = {}
        for link in links:
            link.loop.stop()

    def poke(self) -> None:
        """A person asks for sending, and for newer forms."""
        for link in tuple(self._links.values()):
            link.asked.set()
            link.due = 0.0
            link.loop.poke()

    def network_changed(self) -> None:
        """Another network: try it at once."""
        for link in tuple(self._links.values()):
            link.loop.network_changed()

    def trouble(self, project: str) -> Trouble:
        """Code and fields of why the project cannot be reached; "" while it can."""
        link = self._links.get(project)
        if link is None:
            return NO_TROUBLE
        state = link.loop.state
        return link.trouble if link.trouble[0] else (state.error_code or "", state.fields)

    def state(self) -> SyncState:
        """The state of all together: the worst of them."""
        states = [link.loop.state for link in tuple(self._links.values())]
        worst = ("refused", "offline", "working", "never", "idle")
        return min(states, key=lambda state: worst.index(state.kind), default=SyncState())

    def _begin(self, project: str) -> None:
        office, account = self._office, projects.account(self._office.store, project)

        def may_send() -> bool:
            return account.autosend or link.asked.is_set()

        def heard(state: SyncState) -> None:
            if state.kind != "working":
                link.asked.clear()
            if state.kind == "idle":
                self._look(project, link, account.update, account.every_min)
            office.store.writer.tell()

        link = _Link(
            SyncLoop(
                openrosa.ForeignLedger(office, project, may_send),
                openrosa.providers(office, project),
                now=office.now,
                pause_s=self._pause_s(),
                on_state=heard,
            )
        )
        if account.update == "manual":
            link.due = float("inf")
        with self._guard:
            self._links[project] = link
        link.loop.start()

    def _look(self, project: str, link: _Link, update: str, every_min: int) -> None:
        """Bring newer forms; on the sync thread, between rounds."""
        if time.monotonic() < link.due:
            return
        link.due = float("inf") if update == "manual" else time.monotonic() + every_min * 60
        try:
            openrosa.fetch(self._office, project)
        except UnknownProject:
            return
        except (SyncError, CaseworkError, StoreError) as error:
            log.info("forms of a project not fetched: %s", error.code)
            link.trouble = (error.code, error.fields)
            link.due = time.monotonic() + self._pause_s()
        else:
            link.trouble = NO_TROUBLE
