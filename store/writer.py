"""The one thread that writes the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store.engine import as_store_error
from store.errors import DiskFull

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs commands one at a time, each in its own transaction.

    `submit` may be called from any thread. A command is a function whose first argument is the
    session; it commits if it returns and rolls back if it raises. Commands run in the order
    submitted, so a finalise never overtakes an autosave. Where the disk is full, `on_full` makes
    what room it can before the Future fails. After each commit the callbacks of `on_change` are
    called on the writer's thread.
    """

    def __init__(self, engine: Engine, *, on_full: Callable[[], object] = lambda: None) -> None:
        self._engine = engine
        self._on_full = on_full
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._watchers: list[Callable[[], None]] = []
        self._guard = threading.Lock()

    def submit(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Queue `command(session, *args, **kwargs)`; the Future holds its result or error."""

        def run() -> T:
            try:
                result = self._run(command, *args, **kwargs)
            except DiskFull:
                self._on_full()
                raise
            self.tell()
            return result

        return self._thread.submit(run)

    def _run(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            with Session(self._engine) as session, session.begin():
                return command(session, *args, **kwargs)
        except DBAPIError as error:
            raise as_store_error(error) from None  # the cause quotes what the clerk typed

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each commit, on the writer's thread; returns how to stop."""
        with self._guard:
            self._watchers.append(callback)

        def stop() -> None:
            with self._guard:
                if callback in self._watchers:
                    self._watchers.remove(callback)

        return stop

    def close(self) -> None:
        """Finish what is queued; take nothing more."""
        self._thread.shutdown(wait=True)

    def tell(self) -> None:
        """Call the watchers though nothing was written, as when the link changes; any thread."""
        with self._guard:
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher()
