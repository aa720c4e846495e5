"""`desktop.oversight.Oversight` over casework."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from uuid import UUID

from casework import filling, persons, record, rights
from casework.office import RESOURCES, Office
from desktop.oversight import OthersDraft, PersonLine, RecordLine, RecordProof

VERIFIER = RESOURCES / "audit" / "verify.py"
DOUBTFUL = "time_doubtful"


class OfficeOversight:
    """Reads on the GUI thread, everything that looks through all data on `workers`."""

    def __init__(self, office: Office, workers: Executor, language: Callable[[], str]) -> None:
        self._office = office
        self._workers = workers
        self._language = language

    def rights(self) -> frozenset[str]:
        """What the role may do."""
        return rights.of(self._office.store.operator)

    def drafts(self) -> Sequence[OthersDraft]:
        """Drafts of everybody else, newest first."""
        catalogue, language = self._office.catalogue, self._language()
        return [
            OthersDraft(
                str(each.id),
                catalogue.get(each.service_id).name.get(language),
                each.owner_name,
                each.applicant,
                each.saved_at,
            )
            for each in filling.drafts_of_others(self._office)
        ]

    def take_over(self, draft_id: str, reason: str) -> Future[None]:
        """Make a draft one's own."""
        return self._workers.submit(filling.take_over, self._office, UUID(draft_id), reason)

    def rows(self) -> Sequence[RecordLine]:
        """The newest rows of the record, newest first."""
        return [
            RecordLine(
                row.seq,
                row.at,
                row.operator,
                row.action,
                row.subject,
                "" if row.detail == "{}" else row.detail,
                DOUBTFUL in row.detail,
            )
            for row in record.list_rows(self._office)
        ]

    def prove(self) -> Future[RecordProof]:
        """Prove the record here and against the province's receipts."""

        def do() -> RecordProof:
            proof = record.prove(self._office)
            bad = proof.first_bad
            return RecordProof(
                proof.rows,
                bad.row if bad else 0,
                bad.what if bad else "",
                proof.witnessed,
                proof.clock_doubtful,
            )

        return self._workers.submit(do)

    def export_record(self, folder: Path) -> Future[Path]:
        """Write the record with its verifier into a folder; the file."""

        def do() -> Path:
            target = folder / f"record-{self._office.today:%Y%m%d}.jsonl"
            lines = record.export(self._office)
            target.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
            shutil.copyfile(VERIFIER, folder / VERIFIER.name)
            return target

        return self._workers.submit(do)

    def find(self, whom: str, reason: str) -> Future[Sequence[PersonLine]]:
        """Where a person appears."""
        return self._workers.submit(self._find, whom, reason)

    def copy_of(self, whom: str, reason: str, phrase: str, folder: Path) -> Future[Path]:
        """Write everything about a person into a sealed file in a folder; the file."""

        def do() -> Path:
            data = persons.copy_of(self._office, whom, reason=reason, phrase=phrase)
            target = folder / f"person-{self._office.now():%Y%m%d-%H%M%S}.lmx"
            target.write_bytes(data)
            return target

        return self._workers.submit(do)

    def _find(self, whom: str, reason: str) -> Sequence[PersonLine]:
        found = persons.find(self._office, whom, reason)
        catalogue, language = self._office.catalogue, self._language()
        lines = [
            PersonLine(
                "case", row.number, catalogue.get(row.service_id).name.get(language), str(row.id)
            )
            for row in persons.case_rows(self._office, found)
        ]
        lines += [PersonLine("named", str(each)[:8], "") for each in found.named_in]
        lines += [PersonLine("draft", str(each)[:8], "") for each in found.drafts]
        lines += [PersonLine("certificate", each, "") for each in found.certificates]
        lines += [PersonLine("consent", str(c.id)[:8], c.purpose) for c in found.consents]
        return lines
