"""`desktop.desk.Desk` over casework: what the windows show of a real office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from casework import (
    calibration,
    dispatch,
    documents,
    filling,
    grades,
    late,
    licences,
    onething,
    outcomes,
    reading,
    rights,
    trust,
)
from casework.cases import deliver, retry_sending
from casework.errors import NotYetPublished
from casework.four_eyes import Second
from casework.office import Office
from desktop import late_words, office_forms
from desktop import office_lines as lines
from desktop.desk import (
    SOON_DAYS,
    CaseFilter,
    CaseLine,
    CasePage,
    Figures,
    Operator,
    OutboxLine,
    Status,
    Step,
    SyncLine,
    Together,
)
from desktop.drawing_board import OfficeBoard
from desktop.office_conflicts import OfficeConflicts
from desktop.office_decisions import OfficeDecisions
from desktop.office_oversight import OfficeOversight
from desktop.office_people import OfficePeople
from desktop.office_services import OfficeServices
from desktop.office_stick import OfficeStick
from desktop.paper_desk import Beliefs, Document, DrawingBoard, OpenCopy, PaperForm
from desktop.place import place_of
from store.views import CaseRow, DraftView, OutboxRow
from sync.large import HELD, NO_ROOM
from sync.loop import SyncState

DRAFT = "draft:"


class OfficeDesk(OfficeServices):
    """Reads on the GUI thread, everything slow on `workers`."""

    def __init__(
        self,
        office: Office,
        workers: Executor,
        *,
        language: Callable[[], str],
        state: Callable[[], SyncState],
        send: Callable[[], None],
        send_files: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(office, language)
        self._workers = workers
        self._state = state
        self._send, self._send_files = send, send_files

    @property
    def operator(self) -> Operator:
        """Who is signed in."""
        me = self.office.store.operator
        may = rights.of(me)
        return Operator(me.login, me.name, me.role, self.office.name, may, me.must_change)

    def figures(self) -> Figures:
        """Counts for the overview."""
        counts = reading.counts(
            self.office, midnight=self._midnight(), soon=self._due_by(SOON_DAYS)
        )
        made = reading.backed_up_at(self.office)
        may_settle = rights.may(self.office.store.operator, "accept")
        return Figures(
            backup_on=made.astimezone(self.office.now().tzinfo).date() if made else None,
            conflicts=OfficeConflicts.count(self.office) if may_settle else 0,
            place=place_of(self.office),
            **asdict(counts),
        )

    def cases(self, wanted: CaseFilter) -> Sequence[CaseLine]:
        """Cases that fit, drafts of this operator first; none for a role that reads no cases."""
        if not rights.may(self.office.store.operator, "read_cases"):
            return []
        lines = [self._draft(d) for d in self._drafts(wanted)]
        if wanted.status == ("draft",):
            return lines
        days = wanted.due_within_days
        query = reading.Wanted(
            text=wanted.text,
            status=tuple(s for s in wanted.status if s != "draft"),
            due_by=None if days is None else self._due_by(days),
            unsent=wanted.unsent,
            to_print=wanted.to_print,
            accepted_since=self._midnight() if wanted.today else None,
        )
        lines += self._listed(query)
        return lines[:500]

    def next_due(self, limit: int) -> Sequence[CaseLine]:
        """Open cases with a deadline, the nearest first; none for a role that reads no cases."""
        if not rights.may(self.office.store.operator, "read_cases"):
            return []
        query = reading.Wanted(by_deadline=True, limit=limit)
        return self._listed(query)

    def case(self, case_id: str) -> CasePage:
        """One case, or a draft by `draft:<id>`.

        Raises:
            NotAllowed: The role reads no cases.
        """
        if case_id.startswith(DRAFT):
            return self._draft_page(UUID(case_id.removeprefix(DRAFT)))
        key = UUID(case_id)
        file = reading.get_case(self.office, key)
        package = self.office.catalogue.get(file.row.service_id, file.row.service_version)
        refs = reading.refs_with_files(self.office, file.submission_id)
        events = reading.events_of(self.office, key)
        return CasePage(
            line=self._case(file.row),
            steps=lines.steps(events, late.events_of(self.office, key)),
            materials=self._materials(
                package, refs, licences.used(self.office, file.submission_id)
            ),
            documents=lines.documents_of(self.office, key),
            actions=lines.actions(self.office, file)
            or office_forms.actions(self.office, file, package),
            due_on=file.row.due_on,
            identity=(file.applicant_id_no, file.applicant_phone),
            note=late_words.note(late.of_case(self.office, key))
            or office_forms.note(self.office, file, package),
            together=self._together(key),
        )

    def act(self, case_id: str, action: str) -> Future[None]:
        """Hand over the result, or send again."""
        verb = {"deliver": deliver, "retry": retry_sending}[action]
        return self._workers.submit(verb, self.office, UUID(case_id))

    def outbox(self) -> Sequence[OutboxLine]:
        """Submissions on their way and the latest receipts."""
        lines = [self._outbox_line(row) for row in reading.outbox_rows(self.office)]
        people = self.people_desk()
        return [*people.outbox(), *lines] if people is not None else lines

    def sync(self) -> SyncLine:
        """State of the link."""
        state, held = self._state(), dispatch.held(self.office)
        crowded = held if held.cases else dispatch.crowded(self.office)
        return SyncLine(
            state.kind,
            state.last_ok,
            reading.waiting(self.office),
            state.error_code or "",
            tuple((name, str(value)) for name, value in state.fields.items()),
            state.skew_s,
            crowded.cases,
            crowded.files,
            crowded.mb,
            state.rounds,
            no_room=crowded is not held and crowded.cases > 0,
        )

    def send_now(self, *, files: bool = False) -> None:
        """Ask for a round."""
        (self._send_files if files else self._send)()

    def conflict_desk(self) -> OfficeConflicts | None:
        """Cases corrected at two windows."""
        if not rights.may(self.office.store.operator, "accept"):
            return None
        return OfficeConflicts(self.office, self._workers, self._language, self._send)

    def decisions(self) -> OfficeDecisions | None:
        """What the office decides itself."""
        me = self.office.store.operator
        may = rights.may(me, "decide") or rights.may(me, "withdraw")
        return OfficeDecisions(self.office, self._workers, self._send) if may else None

    def people_desk(self) -> OfficePeople | None:
        """The resident base."""
        may = rights.may(self.office.store.operator, "residents")
        return OfficePeople(self.office, self._workers, self._send) if may else None

    def oversight(self) -> OfficeOversight | None:
        """Others' drafts, the record, a person's data."""
        if not {"take_over", "read_audit", "person"} & rights.of(self.office.store.operator):
            return None
        return OfficeOversight(self.office, self._workers, self._language)

    def reveal(self, case_id: str, reason: str) -> Future[tuple[str, str]]:
        """ID number and telephone of an applicant, whole; on record with the reason."""

        def do() -> tuple[str, str]:
            file = grades.reveal(self.office, UUID(case_id), reason)
            return file.applicant_id_no, file.applicant_phone

        return self._workers.submit(do)

    def discard(self, case_id: str, second: tuple[str, str] | None) -> Future[None]:
        """Delete a draft, confirmed by a second person where it holds work."""
        draft = UUID(case_id.removeprefix(DRAFT))
        confirms = Second(*second) if second else None
        return self._workers.submit(filling.discard, self.office, draft, confirms)

    def stick(self) -> OfficeStick | None:
        """Cases carried by hand, once the office is connected."""
        may = rights.may(self.office.store.operator, "relay_carry")
        return OfficeStick(self.office, self._workers) if may else None

    def pdf(self, document_id: str) -> Future[bytes]:
        """Render a document for looking at."""
        return self._workers.submit(documents.pdf, self.office, document_id)

    def count_copy(
        self, document_id: str, reason: str, *, way: Literal["paper", "file"] = "paper"
    ) -> Future[bytes]:
        """Count a copy and render it marked."""
        return self._workers.submit(
            documents.count_and_render, self.office, document_id, reason, way=way
        )

    def note_job(self, document_id: str, job: str) -> Future[None]:
        """How the print system calls the copy counted last."""
        return self._workers.submit(documents.note_job, self.office, document_id, job)

    def note_outcome(self, document_id: str, *, printed: bool, trouble: str = "") -> Future[None]:
        """What became of the copy counted last."""
        return self._workers.submit(
            documents.note_outcome, self.office, document_id, printed=printed, trouble=trouble
        )

    def open_copies(self) -> Sequence[OpenCopy]:
        """Copies of which nobody knows yet what became of them; none for who does not print."""
        if "print" not in self.operator.rights:
            return ()
        found = documents.open_copies(self.office)
        return [OpenCopy(each.document, each.job) for each in found if each.way == "paper"]

    def verify(self, text: str) -> Future[tuple[tuple[str, str], ...]]:
        """Check a scanned credential."""
        return self._workers.submit(lambda: lines.said(documents.verify(self.office, text)))

    def forms(self) -> Sequence[PaperForm]:
        """The templates, each with its size."""
        return [PaperForm(**asdict(form)) for form in calibration.forms(self.office)]

    def drawing_board(self) -> DrawingBoard:
        """Where templates are tried, made and kept."""
        return OfficeBoard(self.office, self._workers)

    def calibration_sheet(self, width: float, height: float) -> Future[bytes]:
        """A sheet of crosses."""
        return self._workers.submit(calibration.sheet, self.office, width, height)

    def read_sheet(
        self, data: bytes, width: float, height: float
    ) -> Future[tuple[tuple[float, float], ...]]:
        """Where the crosses are."""
        return self._workers.submit(calibration.read_scan, self.office, data, width, height)

    def to_print(self) -> Future[Sequence[Document]]:
        """Certificates that no printer has delivered yet."""

        def read() -> Sequence[Document]:
            return [lines.document(paper) for paper in documents.to_print(self.office)]

        return self._workers.submit(read)

    def verify_file(self, data: bytes) -> Future[tuple[tuple[str, str], ...]]:
        """Check the credential on a picture or a PDF."""
        return self._workers.submit(lambda: lines.said(documents.verify_file(self.office, data)))

    def beliefs(self) -> Beliefs:
        """What certificates are checked by."""
        return Beliefs(**asdict(trust.freshness(self.office)))

    def take_list(self, data: bytes) -> Future[None]:
        """Take over a signed list."""

        def take() -> None:
            trust.take(self.office, data)

        return self._workers.submit(take)

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each commit, on the writer's thread."""
        return self.office.store.on_change(callback)

    # Lines ------------------------------------------------------------------------------

    def _drafts(self, wanted: CaseFilter) -> list[DraftView]:
        narrowed = wanted.unsent or wanted.to_print or wanted.due_within_days is not None
        if narrowed or wanted.today or (wanted.status and "draft" not in wanted.status):
            return []
        if not rights.may(self.office.store.operator, "fill"):
            return []
        mine = reading.own_drafts(self.office)
        return [d for d in mine if reading.holds(self._draft_words(d), wanted.text)]

    def _draft_words(self, draft: DraftView) -> str:
        package = self.office.catalogue.get(draft.service_id)
        return f"{draft.applicant} {package.name.zh} {package.name.en}"

    def _draft(self, draft: DraftView) -> CaseLine:
        package = self.office.catalogue.get(draft.service_id)
        return CaseLine(
            id=f"{DRAFT}{draft.id}",
            number=QCoreApplication.translate("facts", "Draft"),
            service=self._words(package.name),
            applicant=draft.applicant,
            status="draft",
            touched_at=draft.saved_at,
        )

    def _together(self, case_id: UUID) -> Together | None:
        found = onething.together(self.office, case_id)
        if found is None:
            return None
        rows = found.view.cases
        settled = outcomes.settled(self.office, found)
        return Together(
            name=self._words(found.package.name),
            lines=tuple(self._case(row) for row in rows),
            open=found.open,
            expected=found.view.expected,
            pending=tuple(self._service_of(row) for row in rows if row.id not in settled),
            papers=tuple(
                replace(lines.document(paper), part=self._part(found, row, paper))
                for row, paper in documents.results(self.office, case_id)
            ),
            deliverable=tuple(
                str(row.id)
                for row in rows
                if row.id in settled and lines.waits_for_citizen(self.office, row)
            ),
        )

    def _part(self, found: onething.Standing, row: CaseRow, paper: documents.Paper) -> str:
        of_all = paper.kind == documents.SLIP
        return self._words(found.package.name) if of_all else self._service_of(row)

    def _service_of(self, row: CaseRow) -> str:
        return self._words(self.office.catalogue.get(row.service_id).name)

    def _draft_page(self, draft_id: UUID) -> CasePage:
        draft = reading.own_draft(self.office, draft_id)
        refs = reading.refs_with_files(self.office, draft_id)
        package = self.office.catalogue.get(draft.service_id, draft.service_version)
        return CasePage(
            line=self._draft(draft),
            steps=(Step("draft", draft.created_at, draft.owner_name),),
            materials=self._materials(package, refs, licences.used(self.office, draft_id)),
            documents=(),
            actions=("resume", "discard"),
        )

    def _case(self, row: CaseRow) -> CaseLine:
        return CaseLine(
            id=str(row.id),
            number=row.number,
            service=self._service_of(row),
            applicant=row.applicant,
            status=cast("Status", row.status),
            touched_at=row.touched_at,
            days_left=self._days_left(row),
            firm=row.due_on is None or self.office.resources.calendar.is_firm(row.due_on),
            unsent=row.unsent,
        )

    def _listed(self, query: reading.Wanted) -> list[CaseLine]:
        rows = reading.list_cases(self.office, query)
        parts = onething.parts_among(self.office, [row.id for row in rows])
        return [replace(self._case(row), joint=row.id in parts) for row in rows]

    def _days_left(self, row: CaseRow) -> int | None:
        if row.due_on is None or row.status not in reading.OPEN:
            return None
        try:
            return self.office.resources.calendar.between(self.office.today, row.due_on)
        except NotYetPublished:
            return None

    def _due_by(self, days: int) -> date:
        if days < 0:
            return self.office.today - timedelta(days=1)
        try:
            return self.office.resources.calendar.add(self.office.today, days)
        except NotYetPublished:
            return self.office.today + timedelta(days=days)

    def _midnight(self) -> datetime:
        return datetime.combine(self.office.today, time(), self.office.now().tzinfo).astimezone(UTC)

    def _outbox_line(self, row: OutboxRow) -> OutboxLine:
        failed = bool(row.error_code) and row.due_at is None and row.acknowledged_at is None
        begun = "sent" if row.sent or row.error_code in (*HELD, *NO_ROOM) else "waiting"
        state = "acknowledged" if row.acknowledged_at else "failed" if failed else begun
        package = self.office.catalogue.get(row.service_id)
        line = OutboxLine(
            case_id=str(row.case_id),
            number=row.number,
            service=lines.of_event(self._words(package.name), row.kind),
            state=state,  # type: ignore[arg-type]
            queued_at=row.queued_at,
            sent_bytes=row.sent,
            size_bytes=row.size,
            receipt=office_forms.receipt(row),
            error_code=row.error_code,
            error_fields=tuple((k, str(v)) for k, v in row.error_fields.items()),
            retry_at=row.due_at,
            project=package.origin.name if package.origin else "",
        )
        return late_words.of_line(line, row)
