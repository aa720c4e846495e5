"""`desktop.windows.form_doors.HeldDoors` over casework, for one form window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from uuid import UUID

from casework import licences, prefill
from casework.filling import Filling
from casework.office import Office
from casework.prefill import Held
from desktop.windows.form_doors import LicenceLine


class OfficeHeld:
    """Reads on the GUI thread; a licence's marked copy is drawn on `workers`."""

    def __init__(self, office: Office, made: Filling, workers: Executor) -> None:
        self._office, self._made, self._workers = office, made, workers

    @property
    def trigger(self) -> str:
        """Ref of the question that asks for the applicant's ID number."""
        return self._made.package.applicant.get("id_no", "")

    def answers(self) -> Mapping[str, str]:
        """What is held of the applicant by ref."""
        held = self._held()
        return held.answers if held is not None else {}

    def fillable(self) -> Mapping[str, str]:
        """Those of them that nobody has answered otherwise; on record."""
        held = self._held()
        return prefill.fillable(self._office, self._made, held) if held is not None else {}

    def licences(self) -> Sequence[LicenceLine]:
        """Licences that the applicant holds for papers of this form."""
        place_of = self._made.place_of
        return [
            LicenceLine(
                place_of(each.material.question), str(each.licence.id), each.licence.name, each.used
            )
            for each in licences.offers(self._office, self._made)
        ]

    def use(self, line: LicenceLine, guardian: str) -> Future[str]:
        """Record the consent and put the licence in the paper's place."""
        office, made, licence = self._office, self._made, UUID(line.id)
        subject = licences.subject_of(made)
        asked = (m for m in made.package.materials if m.question)
        material = next(m.id for m in asked if made.place_of(m.question) == line.ref)

        def do() -> str:
            consent = licences.agree(office, subject, licence, guardian)
            return licences.use(office, subject, material, licence, consent)

        return self._workers.submit(do)

    def _held(self) -> Held | None:
        return prefill.held_for(self._office, self._made)
