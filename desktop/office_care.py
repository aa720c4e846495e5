"""`desktop.care.Care` over casework."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from casework import enrolment, link, number_blocks, people, rights
from casework.errors import NotEnrolled
from casework.office import Office
from desktop.care import LinkLine, OfferLine, PersonLine, StoreState
from desktop.office_projects import Links, OfficeProjects
from desktop.place import place_of

_STICKS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")


class OfficeCare:
    """Everything that derives keys or asks the province runs on `workers`."""

    def __init__(
        self,
        office: Office,
        workers: Executor,
        linked: Callable[[], None],
        links: Links = lambda: None,
    ) -> None:
        self._office = office
        self._workers = workers
        self._linked = linked
        self._links = links

    def store_state(self) -> StoreState:
        """How the store stands at this moment."""
        store = self._office.store
        return StoreState(store.room.level, store.room.free >> 20, store.recovery)

    def project_desk(self) -> OfficeProjects:
        """Projects of ODK servers."""
        return OfficeProjects(self._office, self._workers, self._links)

    def roles(self) -> Sequence[str]:
        """Roles that who is signed in may give; empty: manages nobody."""
        me = self._office.store.operator
        if not rights.may(me, "operators"):
            return ()
        return tuple(r for r in rights.ROLES if r != "administrator" or rights.may(me, "enrol"))

    def connects(self) -> bool:
        """Whether who is signed in may connect this computer."""
        return rights.may(self._office.store.operator, "enrol")

    def people(self) -> Sequence[PersonLine]:
        """Everybody with a login."""
        me = self._office.store.operator.login
        return [
            PersonLine(p.login, p.name, p.role, p.locked, p.login == me)
            for p in people.everybody(self._office)
        ]

    def link(self) -> LinkLine:
        """Where this computer sends to."""
        try:
            province, url = link.connected_to(self._office.store)
        except NotEnrolled:
            return LinkLine()
        return LinkLine(province, self._office.name, url, place_of(self._office))

    def add(self, login: str, name: str, role: str, password: str) -> Future[None]:
        """Give somebody a login with a first password."""
        wanted = people.NewOperator(login, name, role, password)
        return self._workers.submit(people.add_operator, self._office, wanted)

    def reset(self, login: str, password: str) -> Future[None]:
        """Give somebody a new first password."""
        return self._workers.submit(people.reset_password, self._office, login, password)

    def unlock(self, login: str) -> Future[None]:
        """Let somebody try again."""
        return self._workers.submit(people.unlock_login, self._office, login)

    def remove(self, login: str) -> Future[None]:
        """Take a login away."""
        return self._workers.submit(people.remove_operator, self._office, login)

    def change_own(self, password: str) -> Future[None]:
        """Change the password of who is signed in."""
        return self._workers.submit(people.change_own_password, self._office, password)

    def connect(self, url: str, code: str) -> Future[LinkLine]:
        """Connect this computer to its province with a one-time code."""

        def do() -> LinkLine:
            link.enrol_office(self._office, url, code, device_name=_name())
            return self._begin()

        return self._workers.submit(do)

    def enrolment_files(self) -> Future[Sequence[str]]:
        """Paths of enrolment files on sticks and beside the program."""
        return self._workers.submit(_lying_about)

    def look_at(self, path: str) -> Future[OfferLine]:
        """What an enrolment file says; nothing is sent."""

        def do() -> OfferLine:
            offer = enrolment.look_at(self._office, Path(path))
            until = offer.expires_at.astimezone(self._office.now().tzinfo)
            return OfferLine(
                offer.province,
                offer.office,
                offer.division,
                offer.place,
                offer.url,
                f"{until:%Y-%m-%d}",
                offer.fingerprint,
                offer.again,
            )

        return self._workers.submit(do)

    def connect_by_file(self, path: str) -> Future[LinkLine]:
        """Connect this computer by an enrolment file."""

        def do() -> LinkLine:
            enrolment.enrol_by_file(self._office, Path(path), device_name=_name())
            return self._begin()

        return self._workers.submit(do)

    def delete_file(self, path: str) -> Future[None]:
        """Delete a used enrolment file."""
        return self._workers.submit(enrolment.delete_file, self._office, Path(path))

    def _begin(self) -> LinkLine:
        number_blocks.lease_first(self._office)
        self._linked()
        return self.link()


def _name() -> str:
    return platform.node() or "desktop"


def _lying_about() -> list[str]:
    drives = [drive.rootPath() for drive in QStorageInfo.mountedVolumes()]
    sticks = [Path(d) for d in drives if d.startswith(_STICKS) or os.name == "nt"]
    places = [Path(sys.argv[0]).resolve().parent, Path.cwd(), *sticks]
    return list(
        dict.fromkeys(str(p) for each in places for p in sorted(each.glob(f"*{enrolment.ENDING}")))
    )
