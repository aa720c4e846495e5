"""Pictures of the windows for the documents: `python -m desktop.screenshots --out FOLDER`.

The people and cases in them are invented (`desktop/examples.py`).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from desktop import theme
from desktop.examples import LOGINS, ExampleDesk
from desktop.gui_thread import GuiThread
from desktop.settings import Settings
from desktop.translation import Interpreter
from desktop.windows.main import MainWindow
from desktop.windows.sign_in import SignIn

SIZE = QSize(1366, 768)


def main(arguments: list[str] | None = None) -> int:
    """Write the pictures; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m desktop.screenshots")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--lang", default="zh_CN", choices=("zh_CN", "en"))
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["TZ"] = "Asia/Shanghai"
    if sys.platform != "win32":
        time.tzset()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    interpreter = Interpreter()
    interpreter.speak(chosen.lang)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, dark, scale in (("light", False, 1.0), ("dark", True, 1.0), ("large", False, 1.25)):
        theme.apply(app, dark=dark, scale=scale)
        _series(chosen.out, name, chosen.lang)
    return 0


def _series(out: Path, suffix: str, language: str) -> None:
    sign_in = SignIn(LOGINS)
    _shoot(sign_in, out / f"sign-in-{suffix}.png")
    gui = GuiThread()
    with ThreadPoolExecutor(1) as workers:
        window = MainWindow(
            ExampleDesk(), gui, workers, lambda _pdf, _dpi: (), Settings(language=language)
        )
        views: tuple[tuple[str, Callable[[], object]], ...] = (
            ("overview", lambda: window.go(0)),
            ("catalogue", lambda: window.go(1)),
            ("cases", lambda: window.go(2)),
            ("case", lambda: window.show_case("3")),
            ("outbox", lambda: window.go(3)),
            ("certificates", lambda: window.go(4)),
            ("settings", lambda: window.go(5)),
        )
        for name, show in views:
            show()
            _shoot(window, out / f"{name}-{suffix}.png")
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def _shoot(widget: QWidget, path: Path) -> None:
    widget.resize(SIZE)
    widget.show()
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
    widget.grab().save(str(path))


if __name__ == "__main__":
    raise SystemExit(main())
