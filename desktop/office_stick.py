"""`desktop.desk.Stick` over casework."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from casework import program_stick, relay, rights
from casework.office import Office
from desktop.stick_desk import BundleLine, StickCarried, StickTakenIn, StickWritten
from sync.errors import CatalogueStale, NotOnStick, SyncError
from sync.stick import FOLDER


class OfficeStick:
    """Reads on the GUI thread, sticks and network on `workers`."""

    def __init__(self, office: Office, workers: Executor) -> None:
        self._office = office
        self._workers = workers

    def may_write(self) -> bool:
        """Whether the role sends cases."""
        return rights.may(self._office.store.operator, "relay")

    def bundles(self) -> Sequence[BundleLine]:
        """Bundles made here, the newest first."""
        printable = rights.may(self._office.store.operator, "print")
        return [
            BundleLine(
                str(each.id),
                each.made_at,
                each.cases,
                each.others,
                each.parts,
                each.copied,
                each.answered,
                printable=printable,
            )
            for each in relay.bundles(self._office)
        ]

    def write(self, folder: Path, *, more: bool) -> Future[StickWritten]:
        """Seal what waits, unless it goes on with the bundle begun, and copy what fits."""

        def do() -> StickWritten:
            if not more:
                relay.make(self._office)
            copied = relay.copy_to(self._office, folder)
            newest = next(iter(relay.bundles(self._office)), None)
            cases, others = (newest.cases, newest.others) if newest else (0, 0)
            return StickWritten(cases, others, len(copied.written), copied.left)

        return self._workers.submit(do)

    def carry(self, folder: Path) -> Future[StickCarried]:
        """Hand over the bundles of a stick."""

        def do() -> StickCarried:
            done = relay.carry(self._office, folder)
            return StickCarried(len(done.carried), done.failed)

        return self._workers.submit(do)

    def take_in(self, folder: Path) -> Future[StickTakenIn]:
        """Take in the answers of a stick."""

        def do() -> StickTakenIn:
            got = relay.take_in(self._office, folder)
            program, failed = _newer_program(self._office, folder)
            return StickTakenIn(
                answers=got.answers,
                known=got.known,
                acknowledged=got.acknowledged,
                refused=got.refused,
                others=got.others,
                events=got.events,
                records=got.records,
                services=got.services,
                lists=got.lists,
                more=got.more,
                program=program,
                failed=got.failed + failed,
            )

        return self._workers.submit(do)


def _newer_program(office: Office, folder: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Version of a newer program on a stick, "" for none, and what is wrong with it."""
    if not (folder / FOLDER).is_dir():
        return "", ()
    try:
        found = program_stick.find(office, folder)
    except (NotOnStick, CatalogueStale):
        return "", ()  # an old one, or one for other systems: of no use here, and no harm
    except SyncError as error:
        return "", ((FOLDER, error.code),)
    return (found.manifest.version if found else ""), ()
