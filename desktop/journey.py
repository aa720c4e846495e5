"""A clerk's day played without a display: `python -m desktop.journey --out FOLDER`.

The real windows, the real store and a real province process: sign in, find the service by its
initials, fill in the form, accept, print the receipt, sync; the province grants; the certificate
is printed and its code verified. Leaves pictures, PDFs and a log without any answer.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from casework.office import RESOURCES, Resources
from desktop.app import Desktop
from desktop.demo import PASSWORD, Demo, start_demo
from desktop.hands import Hands, press, save_as, write_anew
from desktop.local_office import LocalOffice
from desktop.office_desk import OfficeDesk
from desktop.paper_desk import Document
from desktop.settings import Settings
from desktop.windows.form import FormWindow
from desktop.windows.main import MainWindow
from store import certificates

SIZE = QSize(1366, 768)
PATIENCE_S = 60.0
T = TypeVar("T")


class TookTooLong(Exception):
    """Something awaited did not come: `what`."""


class Clerk:
    """Drives the windows by keys and clicks, as a person would, and takes pictures.

    Attributes:
        prints: Whether documents go to the printer too. Off: nobody asked this machine's printer.
    """

    def __init__(self, desktop: Desktop, out: Path) -> None:
        self.desktop = desktop
        self.out = out
        self.prints = False
        self.name: Callable[[int, str], Path] = lambda n, what: out / f"{n:02d}-{what}.png"
        self._began = time.perf_counter()
        self._pictures = 0

    def say(self, words: str) -> None:
        """Note a step with its time."""
        line = f"{time.perf_counter() - self._began:6.2f} s  {words}\n"
        with (self.out / "journey.log").open("a", encoding="utf-8") as log:
            log.write(line)
        sys.stdout.write(line)

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Wait for something to be there, letting the windows work."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()
        raise TookTooLong(what)

    def picture(self, window: QWidget, name: str) -> None:
        """Grab a window, once what was put into it lately is laid out and painted."""
        for _ in range(3):
            QCoreApplication.processEvents()
        self._pictures += 1
        window.grab().save(str(self.name(self._pictures, name)))

    @property
    def window(self) -> MainWindow:
        """The shell."""
        assert self.desktop.window is not None
        return self.desktop.window

    @property
    def desk(self) -> OfficeDesk:
        """The desk behind the shell."""
        desk = self.window.desk
        assert isinstance(desk, OfficeDesk)
        return desk

    def sign_in(self, password: str, login: str) -> None:
        """Choose the login, type the password, press Enter."""
        if self.desktop.sign_in is None:
            self.desktop.ask()
        sign_in = self.desktop.sign_in
        assert sign_in is not None
        sign_in.resize(SIZE)
        at = sign_in.login.findData(login)
        sign_in.login.setCurrentIndex(at)
        self.picture(sign_in, "sign-in")
        QTest.keyClicks(sign_in.password, password)
        QTest.keyClick(sign_in.password, Qt.Key.Key_Return)
        self.until(lambda: self.desktop.window, "the shell after sign-in")
        self.window.resize(SIZE)
        self.say("signed in")

    def turn_to(self, entry: int) -> None:
        """Click an entry of the navigation."""
        press(self.window.buttons.button(entry))

    def begin(self, typed: str) -> FormWindow:
        """Find a service by what is typed and start it."""
        self.turn_to(1)
        page = self.window.catalogue
        write_anew(page.search, typed)
        self.until(lambda: page.model.rowCount() == 1, "the service searched for")
        self.picture(self.window, "catalogue")
        QTest.mouseClick(page.begin, Qt.MouseButton.LeftButton)
        flow = self.desktop.flow
        assert flow is not None
        form = self.until(lambda: next(iter(flow.windows.values()), None), "the form")
        form.resize(SIZE)
        self.say(f"found {typed!r} and opened its form")
        return form

    def fill(self, form: FormWindow, answers: dict[str, str]) -> None:
        """Answer each question by keys and clicks; files are pasted pictures."""
        hands = Hands(form, self.until, sample_picture())
        for ref, answer in answers.items():
            hands.give(ref, answer)
        self.say(f"gave {len(answers)} answers by keys and clicks")

    def look_through(self, form: FormWindow) -> None:
        """Turn back to the first page, then take a picture of each."""
        while form.previous_button.isEnabled():
            press(form.previous_button)
        self.picture(form, "form-1")
        while form.next_button.isEnabled():
            press(form.next_button)
            self.picture(form, f"form-{form.at + 1}")

    def accept(self, form: FormWindow) -> str:
        """Press Accept; returns the case's id."""
        accepted: list[str] = []
        flow = self.desktop.flow
        assert flow is not None
        flow.accepted.connect(accepted.append)
        QTest.mouseClick(form.accept_button, Qt.MouseButton.LeftButton)
        self.until(lambda: accepted, "the acceptance")
        self.say("accepted; the case is in the outbox")
        self.picture(self.window, "case")
        return accepted[0]

    def paper(self, case_id: str, kind: str) -> Document:
        """A document of the case, awaited."""

        def look() -> Document | None:
            documents = self.desk.case(case_id).documents
            return next((d for d in documents if d.kind == kind), None)

        return self.until(look, f"the {kind}")

    def preview(self, document: Document) -> None:
        """Open a document and wait until its pages and the printers are shown."""
        self.window.show_document(document)
        page = self.window.preview
        self.until(page.save.isEnabled, "the pages of the preview")
        self.until(lambda: page.choices.lines is not None, "the list of printers")

    def print_out(self, document: Document) -> bytes:
        """Open a document, print it where the clerk prints, and save it as PDF.

        Returns the PDF as it was saved.
        """
        self.preview(document)
        page = self.window.preview
        self.picture(self.window, f"preview-{document.kind}")
        if self.prints:
            press(page.print_it)
            self.until(lambda: page.banner.property("tone") == "success", "the sheet")
            self.picture(self.window, f"printed-{document.kind}")
            self.say(f"printed the {document.kind}")
        path = (self.out / f"{document.kind}.pdf").resolve()
        path.unlink(missing_ok=True)
        if page.reason.isVisible():
            write_anew(page.reason, "申请人要电子件")
        press(page.save)
        save_as(path, self.until)
        self.until(path.is_file, "the saved PDF")
        pdf = path.read_bytes()
        self.say(f"saved the {document.kind} as a PDF of {len(pdf)} bytes")
        return pdf

    def send(self) -> None:
        """Press Send now on the outbox's page."""
        self.turn_to(3)
        press(self.window.outbox.send)

    def wait(self, future: Future[T]) -> T:
        """The result of a Future while the windows go on."""
        self.until(future.done, "a result")
        return future.result()

    def status(self, case_id: str) -> str:
        """Status of a case as the window shows it."""
        return self.desk.case(case_id).line.status


def play(clerk: Clerk, demo: Demo, *, typed: str = "gljt") -> bool:
    """The whole journey; whether the certificate proved genuine."""
    clerk.sign_in(PASSWORD, "li")
    clerk.picture(clerk.window, "overview")
    form = clerk.begin(typed)
    package = next(iter(clerk.desk.office.catalogue.search(typed)))
    clerk.fill(form, dict(package.sample))
    clerk.look_through(form)
    case_id = clerk.accept(form)
    clerk.print_out(clerk.paper(case_id, "receipt"))
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(case_id).line.unsent, "the province's receipt")
    clerk.picture(clerk.window, "outbox")
    clerk.say("the province has acknowledged the case")
    decide(demo.facts, case_id, "grant")
    clerk.say("the province has granted the application")
    clerk.send()
    clerk.until(lambda: clerk.status(case_id) == "decided_granted", "the decision")
    clerk.print_out(clerk.paper(case_id, "certificate"))
    number = clerk.paper(case_id, "certificate").number
    credential = clerk.desk.office.store.read(certificates.get, number).credential
    found = clerk.wait(clerk.desk.verify(credential))
    clerk.say("verified the certificate's code without a network")
    clerk.turn_to(0)
    clerk.picture(clerk.window, "overview-after")
    return number in (value for _, value in found)


def decide(facts: dict[str, str], case_id: str, action: str, reason: str = "") -> None:
    """Decide a case at the province's desk, as its page would."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    desk = facts["desk_url"]

    def post(path: str, **fields: str) -> None:
        data = urllib.parse.urlencode(fields).encode()
        opener.open(f"{desk}{path}", data, timeout=20).close()

    post("/sign-in", login=facts["desk_user"], password=facts["desk_password"])
    with opener.open(f"{desk}/cases/{case_id}", timeout=20) as answer:
        page = answer.read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    post(f"/cases/{case_id}/decision", **hidden, action=action, reason=reason)


def sample_picture() -> QImage:
    """A small picture in place of a photograph."""
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.lightGray)
    return image


def set_up(
    demo: Demo,
    resources: Resources,
    out: Path,
    language: str = "zh_CN",
    *,
    appearance: str = "light",
) -> Clerk:
    """The desktop on the demo's office, with a clerk before it."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    workers = ThreadPoolExecutor(2, thread_name_prefix="worker")
    settings = Settings(language=language, appearance=appearance, idle_lock_minutes=0)
    office = LocalOffice(
        demo.profile,
        resources,
        demo.secret,
        workers,
        language=lambda: settings.language,
        pause_s=lambda: 2.0,
    )
    desktop = Desktop(app, office, settings, profile=demo.profile, workers=workers)
    out.mkdir(parents=True, exist_ok=True)
    return Clerk(desktop, out)


def main(arguments: list[str] | None = None) -> int:
    """Play the journey; 0 when the certificate was printed and proved genuine."""
    parser = argparse.ArgumentParser(prog="python -m desktop.journey")
    parser.add_argument("--out", type=Path, default=Path("out/journey"))
    parser.add_argument("--service", default="gljt", help="what the clerk types to find it")
    parser.add_argument("--lang", default="zh_CN")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    resources = Resources(RESOURCES)
    with tempfile.TemporaryDirectory(prefix="lastmile-") as folder:
        demo = start_demo(Path(folder), resources)
        try:
            clerk = set_up(demo, resources, chosen.out, chosen.lang)
            genuine = play(clerk, demo, typed=chosen.service)
            clerk.desktop.end()
        finally:
            demo.stop()
    clerk.say(f"pictures, PDFs and journey.log lie in {chosen.out.resolve()}")
    return 0 if genuine else 1


if __name__ == "__main__":
    sys.exit(main())
