"""`desktop.desk.ConflictDesk` over casework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import cast
from uuid import UUID

from casework import conflicts, reading
from casework.merging import Side
from casework.office import Office
from desktop.desk import ClashLine, ConflictLine, ConflictPage


class OfficeConflicts:
    """Reads the list on the GUI thread, opens forms on `workers`."""

    def __init__(
        self,
        office: Office,
        workers: Executor,
        language: Callable[[], str],
        send: Callable[[], None],
    ) -> None:
        self._office = office
        self._workers = workers
        self._language = language
        self._send = send

    def waiting(self) -> Sequence[ConflictLine]:
        """Cases in conflict, the oldest first."""
        lines = []
        for each in conflicts.waiting(self._office):
            row = reading.get_case(self._office, each.case_id).row
            service = self._office.catalogue.get(row.service_id).name.get(self._language())
            lines.append(ConflictLine(str(row.id), row.number, service))
        return lines

    def look(self, case_id: str) -> Future[ConflictPage]:
        """Both versions of a case."""

        def do() -> ConflictPage:
            found = conflicts.look(self._office, UUID(case_id))
            return ConflictPage(
                case_id=case_id,
                number=found.number,
                mine_by=found.mine.name,
                mine_at=found.mine.at,
                theirs_by=found.theirs.name,
                theirs_at=found.theirs.at,
                clashes=tuple(
                    ClashLine(c.ref, c.label, c.base, c.mine, c.theirs) for c in found.clashes
                ),
            )

        return self._workers.submit(do)

    def settle(self, case_id: str, choices: Mapping[str, str]) -> Future[None]:
        """Bring both together; the result goes out with the next round."""

        def do() -> None:
            sides = {ref: cast("Side", side) for ref, side in choices.items()}
            conflicts.settle(self._office, UUID(case_id), sides)
            self._send()

        return self._workers.submit(do)
