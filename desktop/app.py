"""The composition root: makes what lives long, and ends it in order.

Order of the end: windows flush drafts, then the office (sync, writer, engine), then workers.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, Protocol

from PySide6.QtCore import QLockFile, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from casework.office import RESOURCES, USUAL_PROFILE, Resources, own_fonts
from casework.people import NewOperator
from desktop import messages, settings, theme, unforeseen
from desktop.care import Care
from desktop.corrections import Corrections
from desktop.demo import PASSWORD as DEMO_PASSWORD
from desktop.demo import Demo, start_demo
from desktop.desk import Desk, Login
from desktop.examples import PASSWORD, ExampleOffice
from desktop.form_flow import FormFlow
from desktop.form_trial import Trials
from desktop.gui_thread import GuiThread
from desktop.local_office import LocalOffice
from desktop.network import Network
from desktop.office_desk import OfficeDesk
from desktop.settings import Settings
from desktop.translation import LANGUAGES, Interpreter
from desktop.windows.first_run import FirstRun
from desktop.windows.main import MainWindow
from desktop.windows.sign_in import SignIn
from printing import raster
from store.secrets import profile_box


class AlreadyOpen(Exception):
    """Another program holds the profile."""

    code: ClassVar[str] = "W004"


class Office(Protocol):
    """What opens behind the sign-in window."""

    def logins(self) -> Sequence[Login]:
        """Operators of this computer, the last one first."""
        ...

    def open(self, login: str, password: str) -> Future[Desk]:
        """Open the store; the Future fails with an error that has a code and `wait_s`."""
        ...

    def set_up(self, admin: NewOperator, first: NewOperator) -> Future[str]:
        """Make the office of this computer and leave it open; the Future has its code."""
        ...

    def care(self) -> Care | None:
        """The office itself, while it is open; None where there is nothing to look after."""
        ...

    def lock(self) -> None:
        """Close the store of the operator; logins can be asked again."""
        ...

    def network_changed(self) -> None:
        """The network of this computer is another one now."""
        ...


class Desktop(QObject):
    """One person at one computer: sign-in, shell, lock, end. GUI thread only."""

    def __init__(
        self,
        app: QApplication,
        office: Office,
        chosen: Settings,
        *,
        profile: Path,
        demo_password: str = "",
        workers: ThreadPoolExecutor | None = None,
    ) -> None:
        super().__init__(app)
        self._app, self._office, self.settings = app, office, chosen
        self._profile, self._demo_password = profile, demo_password
        self._workers = workers or ThreadPoolExecutor(2, thread_name_prefix="worker")
        self.flow: FormFlow | None = None
        self.trials: Trials | None = None
        self.gui = GuiThread(self)
        self.interpreter = Interpreter()
        self.first_run: FirstRun | None = None
        self.sign_in: SignIn | None = None
        self.window: MainWindow | None = None
        self._dress()
        app.aboutToQuit.connect(self.end)

    def _dress(self) -> None:
        self.interpreter.speak(self.settings.language)
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        looks = {"dark": True, "light": False}.get(self.settings.appearance, system_dark)
        theme.apply(self._app, dark=looks, scale=1.25 if self.settings.large_type else 1.0)

    def ask(self) -> None:
        """Show the sign-in window, or before there is an office the way to one."""
        if logins := self._office.logins():
            made = SignIn(logins, demo_password=self._demo_password)
            made.entered.connect(self._enter)
            made.given_up.connect(self._give_up)
            self.sign_in = made
            self._greet(made)
        else:
            first = FirstRun(self._office.care, self.gui)
            first.make_wanted.connect(self._make)
            first.finished.connect(self._made)
            self.first_run = first
            self._greet(first)

    def _greet(self, window: SignIn | FirstRun) -> None:
        window.choose_language(self.settings.language)
        window.language_chosen.connect(self._speak)
        window.resize(1180, 720)
        window.show()

    def _make(self, admin: NewOperator, first: NewOperator) -> None:
        to = self.first_run
        if to is not None:
            made = self._office.set_up(admin, first)
            self.gui.deliver(made, to=to, done=to.made, failed=to.refused)

    def _made(self) -> None:
        self._office.lock()
        first, self.first_run = self.first_run, None
        self.ask()
        if first is not None:
            first.close()
            first.deleteLater()

    def _enter(self, login: str, password: str) -> None:
        if self.sign_in is not None:
            self.gui.deliver(
                self._office.open(login, password),
                to=self.sign_in,
                done=self._opened,
                failed=self._refused,
            )

    def _refused(self, error: Exception) -> None:
        if self.sign_in is not None:
            wait_s = getattr(error, "fields", {}).get("wait_s", 0)
            self.sign_in.refused(error, wait_s=int(wait_s))

    def _opened(self, desk: Desk) -> None:
        to, care = self.sign_in, self._office.care()
        if to is None or care is None or not desk.operator.must_change:
            self._show(desk)
            return

        def change(password: str) -> None:
            self.gui.deliver(
                care.change_own(password),
                to=to,
                done=lambda _none: self._show(desk),
                failed=to.own.refused,
            )

        to.password_chosen.connect(change)
        to.ask_for_own_password()

    def _give_up(self) -> None:
        self._office.lock()
        if self.sign_in is not None:
            self.sign_in.password_chosen.disconnect()
            self.sign_in.ask_again()

    def _show(self, desk: Desk) -> None:
        window = MainWindow(
            desk,
            self.gui,
            self._workers,
            raster.pages,
            self.settings,
            self._office.care(),
            Corrections(self._profile / "printers.json"),
        )
        window.locked.connect(self._lock)
        window.settings_changed.connect(self._take)
        self.window = window
        if isinstance(desk, OfficeDesk) and "fill" in desk.operator.rights:
            self._let_fill(desk, window)
        window.show()
        if self.sign_in is not None:
            self.sign_in.forget_password()
            self.sign_in.close()
            self.sign_in.deleteLater()
            self.sign_in = None

    def _let_fill(self, desk: OfficeDesk, window: MainWindow) -> None:
        flow = FormFlow(desk.office, self.gui, self._workers, lambda: self.settings, self)
        window.start_wanted.connect(flow.start)
        window.resume_wanted.connect(flow.resume)
        flow.accepted.connect(window.show_case)
        flow.accepted.connect(window.case.compare)
        flow.failed.connect(self.tell)
        self.flow = flow
        trials = Trials(desk.office, self.gui, self._workers, lambda: self.settings.language, flow)
        window.try_wanted.connect(trials.begin)
        trials.failed.connect(self.tell)
        self.trials = trials

    def _put_forms_away(self) -> None:
        flow, self.flow = self.flow, None
        if self.trials is not None:
            self.trials.close()
            self.trials = None
        if flow is not None:
            flow.flush()
            flow.deleteLater()

    def _lock(self) -> None:
        self._put_forms_away()
        window, self.window = self.window, None
        self.ask()
        if window is not None:
            window.close()
            window.deleteLater()
        self._office.lock()
        QTimer.singleShot(0, gc.collect)  # what the windows held goes with them, not hours later

    def _speak(self, language: str) -> None:
        self._take(self.settings.changed(language=language))

    def _take(self, chosen: object) -> None:
        if not isinstance(chosen, Settings) or chosen == self.settings:
            return
        before, self.settings = self.settings, chosen
        settings.save_user(self._profile / "desktop.toml", chosen)
        if self.window is not None:
            self.window.take_settings(chosen)
        looks = (before.appearance, before.large_type) != (chosen.appearance, chosen.large_type)
        if looks or before.language != chosen.language:
            self._dress()

    def tell(self, error: BaseException) -> None:
        """Say an unforeseen error on the window of the moment; any thread."""
        self.gui.call(self, lambda: self._say(error))

    def _say(self, error: BaseException) -> None:
        if self.window is not None:
            page = self.window.stack.currentWidget()
            getattr(page, "banner").say(messages.say(error), "danger")  # noqa: B009 - any page
        elif self.sign_in is not None:
            self.sign_in.banner.say(messages.say(error), "danger")

    def end(self) -> None:
        """Flush windows, close the office, stop the workers."""
        self._put_forms_away()
        for window in (self.window, self.sign_in, self.first_run):
            if window is not None:
                window.close()
                window.deleteLater()
        self.window = self.sign_in = self.first_run = None
        self._office.lock()
        self._workers.shutdown(wait=True, cancel_futures=True)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="lastmile", description="The service window that works without a network."
    )
    parser.add_argument("--profile", type=Path, default=USUAL_PROFILE, help="folder of this office")
    parser.add_argument("--demo", action="store_true", help="make a demo office with a province")
    parser.add_argument("--example", action="store_true", help="show an invented office")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help="language of the interface")
    parser.add_argument("--dark", action="store_true", help="light writing on a dark ground")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Start the desktop; returns the exit code: 0 ended, 3 already open."""
    chosen = arguments(given)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    profile: Path = chosen.profile
    if chosen.demo and profile == USUAL_PROFILE:
        profile = profile.with_name("lastmile-demo")
    profile.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(profile / "desktop.lock"))
    if not lock.tryLock(100):
        sys.stderr.write(messages.say(AlreadyOpen()) + "\n")
        return 3
    unforeseen.log_to(profile / "logs")
    taken, _left_aside = settings.load([profile / "policy.toml", profile / "desktop.toml"])
    taken = taken.changed(
        language=chosen.lang or taken.language,
        appearance="dark" if chosen.dark else taken.appearance,
    )
    try:
        return _run(app, chosen, profile, taken)
    finally:
        lock.unlock()


def _run(app: QApplication, chosen: argparse.Namespace, profile: Path, taken: Settings) -> int:
    workers = ThreadPoolExecutor(2, thread_name_prefix="worker")
    resources, demo = Resources(RESOURCES, own_fonts(profile)), None
    if chosen.demo:
        demo = start_demo(profile, resources)
        sys.stdout.write(_hint(demo))
    made: list[Desktop] = []
    network = Network(app)
    office: Office = ExampleOffice()
    if not chosen.example:
        folder = demo.profile if demo else profile
        office = LocalOffice(
            folder,
            resources,
            demo.secret if demo else profile_box(folder),
            workers,
            language=lambda: made[0].settings.language,
            pause_s=lambda: 5.0 if demo else float(made[0].settings.sync_pause_s),
            network=lambda: network.view,
            metered=lambda: made[0].settings.metered,
        )
        network.changed.connect(lambda _view: office.network_changed())
    shown = PASSWORD if chosen.example else DEMO_PASSWORD if demo else ""
    desktop = Desktop(app, office, taken, profile=profile, demo_password=shown, workers=workers)
    made.append(desktop)
    unforeseen.watch(desktop.tell)
    desktop.ask()
    QTimer.singleShot(500, lambda: theme.show_rare_characters(RESOURCES / "fonts"))
    try:
        return app.exec()
    finally:
        if demo:
            demo.stop()


def _hint(demo: Demo) -> str:
    facts = demo.facts
    return (
        f"省级平台（演示）/ demo province: {facts['desk_url']}\n"
        f"审查员 / reviewer: {facts['desk_user']}  {facts['desk_password']}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
