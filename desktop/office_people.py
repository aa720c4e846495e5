"""`desktop.people_desk.PeopleDesk` over casework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from casework import codes, prefill, residents, rights
from casework.office import Office
from desktop.desk import OutboxLine
from desktop.people_desk import FIELDS, RESIDENT, Difference, HistoryLine, PersonLine, PersonPage


class OfficePeople:
    """Reads on the GUI thread, changes on `workers`."""

    def __init__(self, office: Office, workers: Executor, send: Callable[[], None]) -> None:
        self._office, self._workers, self._send = office, workers, send

    def count(self) -> int:
        """How many people are held here."""
        return residents.count(self._office)

    def find(self, text: str) -> Sequence[PersonLine]:
        """People who hold every part of the text."""
        return [line(each) for each in residents.find(self._office, text)]

    def page(self, person_id: str) -> PersonPage:
        """One person, masked."""
        found = residents.get(self._office, UUID(person_id))
        values = {name: getattr(found.resident, name) for name in FIELDS}
        return PersonPage(
            line(found.resident),
            values,
            {name: codes.word(name, value) for name, value in values.items()},
            tuple(line(each) for each in found.household),
            tuple(
                HistoryLine(
                    each.field,
                    codes.word(each.field, each.old),
                    codes.word(each.field, each.new),
                    each.at,
                    each.by,
                    each.office,
                    each.material,
                    each.state,  # type: ignore[arg-type]
                    each.error_code,
                )
                for each in found.history
            ),
            found.resident.clashing,
            tuple(line(each) for each in found.records),
        )

    def choices(self, field: str) -> Sequence[tuple[str, str]]:
        """Code and word of a field with a list of codes."""
        return codes.choices(field)

    def reveal(self, person_id: str, reason: str) -> Future[Mapping[str, str]]:
        """All values whole; on record with the reason."""

        def do() -> Mapping[str, str]:
            found = residents.reveal(self._office, UUID(person_id), reason)
            return {name: codes.word(name, getattr(found, name)) for name in FIELDS}

        return self._workers.submit(do)

    def edit(self, person_id: str, values: Mapping[str, str], material: str) -> Future[bool]:
        """Change fields; goes out with the next round."""

        def do() -> bool:
            changed = residents.edit(self._office, UUID(person_id), values, material)
            self._send()
            return changed

        return self._workers.submit(do)

    def add(self, values: Mapping[str, str], material: str) -> Future[str]:
        """Bring a person into the base."""

        def do() -> str:
            made = residents.add(self._office, values, material)
            self._send()
            return str(made)

        return self._workers.submit(do)

    def outbox(self) -> Sequence[OutboxLine]:
        """Changes that have no receipt yet."""
        base = QCoreApplication.translate("people", "Resident base")
        return [
            OutboxLine(
                case_id=f"{RESIDENT}{each.change.resident_id}",
                number=each.name or "—",
                service=base,
                state="failed" if each.change.error_code and each.due_at is None else "waiting",
                queued_at=each.change.at,
                error_code=each.change.error_code,
                error_fields=tuple((k, str(v)) for k, v in each.error_fields.items()),
                retry_at=each.due_at,
            )
            for each in residents.sendings(self._office)
            if each.acknowledged_at is None
        ]

    def may_separate(self) -> bool:
        """Whether who is signed in may separate records."""
        return rights.may(self._office.store.operator, "residents_join")

    def separate(self, record_id: str, material: str) -> Future[None]:
        """Let a record that was joined with another one stand for itself again."""

        def do() -> None:
            residents.separate(self._office, UUID(record_id), material)
            self._send()

        return self._workers.submit(do)

    def send_again(self, person_id: str) -> Future[None]:
        """Let refused changes go out again."""

        def do() -> None:
            residents.send_again(self._office, UUID(person_id))
            self._send()

        return self._workers.submit(do)

    def differences(self, case_id: str) -> Future[Sequence[Difference]]:
        """What a case says otherwise than the base."""

        def do() -> Sequence[Difference]:
            return [
                Difference(d.field, _shown(d.field, d.held), _shown(d.field, d.said))
                for d in prefill.differences(self._office, UUID(case_id))
            ]

        return self._workers.submit(do)

    def give_back(self, case_id: str) -> Future[bool]:
        """Take that over into the base, with the case as its material."""

        def do() -> bool:
            given = prefill.give_back(self._office, UUID(case_id))
            self._send()
            return given

        return self._workers.submit(do)


def line(each: residents.Found) -> PersonLine:
    """A person as lists show them."""
    return PersonLine(
        str(each.id),
        each.name,
        each.id_no,
        each.village,
        each.household,
        codes.word("relation", each.relation),
        clashing=bool(each.clashing),
    )


def _shown(field: str, value: str) -> str:
    return codes.word(field, residents.shown(field, value))
