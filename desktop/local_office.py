"""The office of this computer behind the sign-in window: store, sync loop and desk.

`logins`, `open` and `lock` are called on the GUI thread; opening runs on a worker, sending on the
sync thread. Order of the end: sync, then the store with its writer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from datetime import timedelta
from pathlib import Path

from casework import (
    conflicts,
    dispatch,
    link,
    moving,
    network,
    openrosa,
    packages,
    persons,
    record,
    rights,
    trust,
)
from casework.errors import CaseworkError, NotEnrolled
from casework.fetching import Packaged
from casework.office import Office, Resources, local_now
from casework.people import NewOperator
from casework.setting_up import set_up
from desktop.care import Care
from desktop.desk import Desk, Login
from desktop.local_projects import ProjectLinks
from desktop.office_care import OfficeCare
from desktop.office_desk import OfficeDesk
from printing.errors import PrintingError
from store import upkeep
from store.errors import NoStore, StoreError
from store.open import list_logins, unlock
from store.secrets import SecretBox
from sync.errors import SyncError
from sync.large import Gate
from sync.loop import SyncLoop, SyncState
from sync.network import NetworkView
from sync.portal import explain
from sync.provider import HomeProvince

log = logging.getLogger(__name__)
_TRUST_S = 600.0  # between two questions for a newer list of keys and void certificates
_PACKAGES_S = 600.0  # between two questions what to offer
_PACKAGES_LATE = timedelta(days=1)  # so long they wait for a better network or hour, no longer
_BACKUP_S = 60.0  # how long the end waits for a backup under way


class LocalOffice:
    """Opens the profile for one operator after another."""

    def __init__(
        self,
        profile: Path,
        resources: Resources,
        secret: SecretBox,
        workers: Executor,
        *,
        language: Callable[[], str],
        pause_s: Callable[[], float],
        network: Callable[[], NetworkView] = NetworkView,
        metered: Callable[[], str] = str,
    ) -> None:
        self._profile = profile
        self._resources = resources
        resources.site = profile / "templates"
        self._secret = secret
        self._workers = workers
        self._language = language
        self._pause_s = pause_s
        self._network, self._metered = network, metered
        self._gate, self._opened = Gate(), False
        self._office: Office | None = None
        self._loop: SyncLoop | None = None
        self._provider: HomeProvince | None = None
        self._projects: ProjectLinks | None = None
        self._backup: Future[None] | None = None
        self._trust_due = self._packages_due = 0.0

    def logins(self) -> Sequence[Login]:
        """Operators of this computer; none before the first set-up."""
        try:
            return [Login(view.login, view.name) for view in list_logins(self._profile)]
        except NoStore:
            return []

    def set_up(self, admin: NewOperator, first: NewOperator) -> Future[str]:
        """Make the office of this computer; the Future has the office code."""

        def make() -> str:
            office, code = set_up(self._profile, self._resources, self._secret, admin, first)
            self._office = office
            return code

        return self._workers.submit(make)

    def care(self) -> Care:
        """The office itself, while it is open."""
        assert self._office is not None
        return OfficeCare(self._office, self._workers, self._linked, lambda: self._projects)

    def _linked(self) -> None:
        # On a worker, after connecting: sending starts with whoever may accept cases.
        office = self._office
        if office is not None and rights.may(office.store.operator, "accept"):
            self._start_loop(office)

    def open(self, login: str, password: str) -> Future[Desk]:
        """Open the store; the Future fails with an error that has a code."""
        return self._workers.submit(self._open, login, password)

    def lock(self) -> None:
        """End sending, finish what is queued, close the store; nothing here holds its keys on."""
        loop, self._loop = self._loop, None
        office, self._office = self._office, None
        if loop is not None:
            loop.stop()
        links, self._projects = self._projects, None
        if links is not None:
            links.stop()
        backup, self._backup = self._backup, None
        if backup is not None:
            wait([backup], timeout=_BACKUP_S)
        self._provider, self._gate = None, Gate()
        if office is not None:
            office.store.close()

    def _open(self, login: str, password: str) -> Desk:
        store = unlock(self._profile, login, password, secret=self._secret, now=local_now())
        office = Office(store, self._resources)
        self._office = office
        self._backup = self._workers.submit(self._look_after, office)
        packages.keep_shipped(office)
        packages.offer(office)
        openrosa.offer(office)
        self._packages_due = 0.0
        if rights.may(store.operator, "accept"):
            self._start_loop(office)
            self._projects = ProjectLinks(office, self._pause_s)
            self._projects.follow()
        return OfficeDesk(
            office,
            self._workers,
            language=self._language,
            state=self._state,
            send=self._send,
            send_files=self._send_files,
        )

    def _look_after(self, office: Office) -> None:
        upkeep.after_sign_in(office.store, local_now())
        try:
            persons.let_go(office)
        except StoreError as error:
            log.warning("nothing let go: %s", error.code)

    def _start_loop(self, office: Office) -> None:
        try:
            link.identity(office.store)
        except NotEnrolled:
            return
        url, chosen = link.identity(office.store).url, network.load(office.store.folder)
        self._gate = dispatch.gate(office.store, self._network, metered=self._metered)
        self._loop = SyncLoop(
            link.StoreLedger(office.store),
            lambda: self._connect(office),
            now=office.now,
            pause_s=self._pause_s(),
            on_state=lambda state: self._heard(office, state),
            explain=lambda error: explain(error, url, chosen.probe, self._network()),
        )
        self._loop.start()

    def _connect(self, office: Office) -> HomeProvince:
        self._provider = link.provider(office.store, self._gate)
        return self._provider

    def _heard(self, office: Office, state: SyncState) -> None:
        # On the sync thread, between rounds: the provider is free for a moment.
        if state.kind == "working":
            self._opened = self._gate.open_once
            dispatch.let_go(office.store, self._gate)
        else:
            moving.note_answer(office, state.error_code or "")
        if state.kind == "idle" and self._provider is not None:
            if self._opened:  # not if somebody asked for it while this round ran
                self._gate.open_once = False
            try:
                if moving.after_round(office, self._provider):
                    self._send()
                record.after_round(office, self._provider)
                link.learn_relay_key(office, self._provider)
                if isinstance(self._provider, conflicts.Versions) and conflicts.after_round(
                    office, self._provider
                ):
                    self._send()
            except (SyncError, CaseworkError) as error:
                log.info("after the round: %s", error.code)
            self._renew_trust(office)
            self._renew_packages(office, self._provider)
        office.store.writer.tell()

    def _renew_trust(self, office: Office) -> None:
        if time.monotonic() < self._trust_due:
            return
        self._trust_due = time.monotonic() + _TRUST_S
        try:
            trust.fetch(office)
        except (SyncError, CaseworkError, PrintingError) as error:
            log.info("keys and void certificates not renewed: %s", error.code)

    def _renew_packages(self, office: Office, province: HomeProvince) -> None:
        if time.monotonic() < self._packages_due or not isinstance(province, Packaged):
            return
        self._packages_due = time.monotonic() + _PACKAGES_S
        seen = packages.freshness(office).seen_at
        late = seen is None or office.now() - seen > _PACKAGES_LATE
        sparing = self._gate.shut and not late
        try:
            packages.update(office, province, stopped=lambda: self._loop is None, sparing=sparing)
        except (SyncError, CaseworkError, StoreError) as error:
            log.info("services not renewed: %s", error.code)

    def _state(self) -> SyncState:
        if self._loop is None and self._projects is not None:
            return self._projects.state()
        return self._loop.state if self._loop else SyncState()

    def network_changed(self) -> None:
        """Another network, or the same one in another state: try it at once."""
        if self._loop is not None:
            self._loop.network_changed()
        if self._projects is not None:
            self._projects.network_changed()

    def _send_files(self) -> None:
        self._gate.open_once = True
        self._send()

    def _send(self) -> None:
        self._packages_due = 0.0  # who presses it wants all that is new
        if self._loop is not None:
            self._loop.poke()
        if self._projects is not None:
            self._projects.poke()
