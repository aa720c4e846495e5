"""`desktop.desk.ConflictDesk` over casework: cases first, then residents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import cast
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from casework import codes, conflicts, reading, residents, rights
from casework.conflicts import Author
from casework.merging import Clash, Side
from casework.office import Office
from desktop import people_words, words
from desktop.desk import AGAIN, ClashLine, ClashOption, ConflictLine, ConflictPage
from desktop.people_desk import DOUBLE, RESIDENT


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

    @staticmethod
    def count(office: Office) -> int:
        """How many cases and residents wait."""
        cases = len(conflicts.waiting(office)) + len(conflicts.outdone(office))
        return cases + len(residents.clashing(office)) + len(_doubles(office))

    def waiting(self) -> Sequence[ConflictLine]:
        """Cases in conflict, the oldest first, those settled twice, then residents."""
        lines = [self._line(each.case_id) for each in conflicts.waiting(self._office)]
        lines += [self._line(each, AGAIN) for each in conflicts.outdone(self._office)]
        base = QCoreApplication.translate("people", "Resident base")
        people = residents.clashing(self._office)
        lines += [ConflictLine(f"{RESIDENT}{p.id}", p.name, base) for p in people]
        twice = QCoreApplication.translate("people", "One ID number twice")
        return [
            *lines,
            *(
                ConflictLine(f"{DOUBLE}{one.id}/{other.id}", one.name, twice)
                for one, other in _doubles(self._office)
            ),
        ]

    def _line(self, case_id: UUID, mark: str = "") -> ConflictLine:
        row = reading.get_case(self._office, case_id).row
        service = self._office.catalogue.get(row.service_id).name.get(self._language())
        return ConflictLine(f"{mark}{row.id}", row.number, service)

    def look(self, case_id: str) -> Future[ConflictPage]:
        """All versions of a case or a resident."""
        look = self._person if case_id.startswith(RESIDENT) else self._case
        look = self._double if case_id.startswith(DOUBLE) else look
        return self._workers.submit(look, case_id)

    def settle(self, case_id: str, choices: Mapping[str, str], material: str) -> Future[None]:
        """Bring them together; the result goes out with the next round."""

        def do() -> None:
            if case_id.startswith(DOUBLE):
                one, other = _ids(case_id)
                records = {field: UUID(key) for field, key in choices.items()}
                residents.join(self._office, one, other, records, material)
            elif case_id.startswith(RESIDENT):
                chosen = {field: UUID(key) for field, key in choices.items()}
                person = UUID(case_id.removeprefix(RESIDENT))
                residents.settle(self._office, person, chosen, material)
            else:
                sides = {ref: cast("Side", side) for ref, side in choices.items()}
                again = case_id.startswith(AGAIN)
                verb = conflicts.settle_again if again else conflicts.settle
                verb(self._office, UUID(case_id.removeprefix(AGAIN)), sides)
            self._send()

        return self._workers.submit(do)

    def _case(self, case_id: str) -> ConflictPage:
        again = case_id.startswith(AGAIN)
        look = conflicts.look_again if again else conflicts.look
        found = look(self._office, UUID(case_id.removeprefix(AGAIN)))
        clashes = tuple(_both(clash, found.mine, found.theirs) for clash in found.clashes)
        if not again:
            return ConflictPage(case_id, found.number, clashes)
        stands = tuple(replace(clash, stands="theirs") for clash in clashes)
        said = QCoreApplication.translate(
            "conflicts",
            "Another window settled this case at the same time: {by}, {at}. What was chosen there"
            " stands. Choose otherwise, or let it stand.",
        ).format(by=found.theirs.name, at=words.moment(found.theirs.at))
        return ConflictPage(case_id, found.number, stands, note=said)

    def _double(self, case_id: str) -> ConflictPage:
        one, other = _ids(case_id)
        clashes = residents.look_double(self._office, one, other)
        lines = tuple(
            ClashLine(
                clash.field,
                people_words.field(clash.field),
                "",
                tuple(
                    ClashOption(str(each.id), codes.word(clash.field, each.value), "", None)
                    for each in clash.choices
                ),
                stands=str(one),
            )
            for clash in clashes
        )
        said = QCoreApplication.translate(
            "people",
            "Two records have one ID number: probably one person, entered at two offices. Choose"
            " what is right and join them; both histories stay, and it can be undone. If they are"
            " two people, correct the number of one of them instead.",
        )
        name = residents.get(self._office, one).resident.name
        return ConflictPage(case_id, name, lines, asks_material=True, note=said, joins=True)

    def _person(self, case_id: str) -> ConflictPage:
        person = UUID(case_id.removeprefix(RESIDENT))
        clashes = residents.look(self._office, person)
        name = residents.get(self._office, person).resident.name
        lines = tuple(
            ClashLine(
                clash.field,
                people_words.field(clash.field),
                codes.word(clash.field, clash.base),
                tuple(
                    ClashOption(
                        str(each.id),
                        codes.word(clash.field, each.value),
                        "  ·  ".join(filter(None, (each.by, each.office))),
                        each.at,
                        each.material,
                    )
                    for each in clash.choices
                ),
            )
            for clash in clashes
        )
        return ConflictPage(case_id, name, lines, asks_material=True)


def _doubles(office: Office) -> tuple[tuple[residents.Found, residents.Found], ...]:
    may = rights.may(office.store.operator, "residents_join")
    return residents.doubles(office) if may else ()


def _ids(double: str) -> tuple[UUID, UUID]:
    one, other = double.removeprefix(DOUBLE).split("/")
    return UUID(one), UUID(other)


def _both(clash: Clash, mine: Author, theirs: Author) -> ClashLine:
    options = (
        ClashOption("mine", clash.mine, mine.name, mine.at),
        ClashOption("theirs", clash.theirs, theirs.name, theirs.at),
    )
    return ClashLine(clash.ref, clash.label, clash.base, options)
