"""The one hook for errors nobody foresaw, and a log that holds no answers.

A log line names the type of an error and the lines of code it passed, never its text: texts
quote what somebody typed.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from desktop.messages import code_of

_log = logging.getLogger("desktop")


class WithoutAnswers(logging.Formatter):
    """Formats an error as type and places, without its text."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Type of the error, then file, line and function of each frame."""
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        places = (f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace))
        return "\n".join([f"{kind.__name__} [{code_of(error)}]", *places])


def log_to(folder: Path) -> None:
    """Log warnings and worse to `folder`/desktop.log, at most 3 files of 1 MB."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "desktop.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8"
    )
    handler.setFormatter(WithoutAnswers("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def watch(tell: Callable[[BaseException], None]) -> None:
    """From now on log every unhandled error of any thread and hand it to `tell`, and go on.

    Args:
        tell: Called on the thread of the error; must only post to the GUI thread.
    """

    def heard(error: BaseException) -> None:
        _log.error("unforeseen", exc_info=(type(error), error, error.__traceback__))
        tell(error)

    def on_main(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        heard(error)

    def on_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            heard(caught.exc_value)

    sys.excepthook = on_main
    threading.excepthook = on_thread
