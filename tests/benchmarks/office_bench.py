"""What a clerk waits for, with 5,000 cases in the store: start, sign-in, lists, form, keystroke."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from sqlalchemy.orm import Session

from casework import filling
from casework.office import RESOURCES, Resources, local_now
from desktop import journey
from desktop.demo import CLERK, PASSWORD, Demo, start_demo
from desktop.desk import CaseFilter
from forms.answers import give_sample
from store import cases, drafts, settings
from store.open import OpenStore, unlock

CASES = 5000
LARGEST = "dibao"
STARTED = """
import time; began = time.perf_counter()
from PySide6.QtWidgets import QApplication
from casework.office import RESOURCES, Resources
from desktop import journey
import sys
from pathlib import Path
from desktop.demo import Demo
from store.secrets import FileBox
folder = Path(sys.argv[1])
demo = Demo(folder / "office", FileBox(folder / "device"), {}, None)
clerk = journey.set_up(demo, Resources(RESOURCES), folder / "out")
clerk.desktop.ask()
QApplication.processEvents()
print(time.perf_counter() - began)
clerk.desktop.end()
"""


def main() -> None:
    """Print each time, in ms, and as a ratio to one bare commit of the store."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    resources = Resources(RESOURCES)
    with tempfile.TemporaryDirectory(prefix="lastmile-bench-") as name:
        folder = Path(name)
        demo = start_demo(folder, resources)
        try:
            commit_s = _fill_store(demo)
            _measure(demo, resources, folder, commit_s)
        finally:
            demo.stop()


def _measure(demo: Demo, resources: Resources, folder: Path, commit_s: float) -> None:
    def show(what: str, seconds: float) -> None:
        sys.stdout.write(f"{what:44} {seconds * 1000:9.1f} ms  {seconds / commit_s:8.1f} commits\n")

    show("one commit of the store (the unit)", commit_s)
    show("start to sign-in window (new process)", _start(folder))
    clerk = journey.set_up(demo, resources, folder / "out")
    clerk.desktop.ask()
    sign_in = clerk.desktop.sign_in
    assert sign_in is not None
    sign_in.login.setCurrentIndex(sign_in.login.findData(CLERK))
    QTest.keyClicks(sign_in.password, PASSWORD)
    began = time.perf_counter()
    QTest.keyClick(sign_in.password, Qt.Key.Key_Return)
    clerk.until(lambda: clerk.desktop.window, "the shell")
    QCoreApplication.processEvents()
    show("sign-in to overview", time.perf_counter() - began)
    desk = clerk.desk
    show("figures of the overview", _median(desk.figures))
    show("first page of cases", _median(lambda: desk.cases(CaseFilter())))
    show("search of cases by name", _median(lambda: desk.cases(CaseFilter(text="示例42"))))
    show("search of services by initials", _median(lambda: desk.services("gljt", "")))
    began = time.perf_counter()
    clerk.window.start_wanted.emit(LARGEST)
    flow = clerk.desktop.flow
    assert flow is not None
    form = clerk.until(lambda: next(iter(flow.windows.values()), None), "the form")
    QCoreApplication.processEvents()
    show(f"open the form of {LARGEST}, first time", time.perf_counter() - began)
    edit = form.page.findChildren(QLineEdit)[0]
    edit.setFocus()

    def key() -> None:
        QTest.keyClick(edit, Qt.Key.Key_A)
        form.repaint()

    show("keystroke to repaint", _median(key, times=200))
    began = time.perf_counter()
    filling.autosave(desk.office, form.filling).result()  # type: ignore[arg-type]
    show("autosave, durable", time.perf_counter() - began)
    session = form.filling.session
    began = time.perf_counter()
    give_sample(desk.office.catalogue.get(LARGEST), session)
    answers = len(desk.office.catalogue.get(LARGEST).sample)
    show("one answer of the engine, on average", (time.perf_counter() - began) / answers)
    clerk.desktop.end()


def _fill_store(demo: Demo) -> float:
    store = unlock(demo.profile, CLERK, PASSWORD, secret=demo.secret, now=local_now())
    now, me = local_now(), store.operator

    def fill(session: Session) -> None:
        for n in range(CASES):
            moment = now - timedelta(minutes=n)
            draft = drafts.NewDraft(uuid4(), "juzhu-zhengming", "2026.11.1", "zh", me.id, b"<d/>")
            drafts.begin(session, draft, moment)
            session.flush()
            acceptance = cases.Acceptance(
                submission_id=draft.id,
                case_id=uuid4(),
                event_id=uuid4(),
                owner=me.id,
                login=me.login,
                clerk=me.name,
                number=f"B-{n:06d}",
                xml=b"<d/>",
                applicant=f"示例{n}",
                applicant_id_no="",
                applicant_phone="",
                language="zh",
                words=f"示例{n} B-{n:06d} 居住证明 jzzm",
                due_on=moment.date(),
            )
            cases.finalise(session, acceptance, moment)

    store.writer.submit(fill).result()
    bare = [_timed(partial(_commit, store, n)) for n in range(50)]
    store.close()
    return statistics.median(bare)


def _commit(store: OpenStore, n: int) -> None:
    store.writer.submit(_touch, n).result()


def _touch(session: Session, n: int) -> None:
    settings.put(session, "bench", str(n).encode())


def _start(folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(folder)], check=True, capture_output=True, text=True
    )
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _median(do: Callable[[], object], times: int = 30) -> float:
    return statistics.median(_timed(do) for _ in range(times))
