"""Filling a form: begin, save, attach, accept."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from casework import deadlines, foreign
from casework.catalogue import spellings
from casework.errors import (
    ConsentNeeded,
    Incomplete,
    OfMovedOffice,
    ReasonNeeded,
    UnseemlyName,
    WrongState,
)
from casework.four_eyes import Second, confirmed_by
from casework.grades import masked_name
from casework.office import Office
from casework.rights import needs
from casework.unseen import has_unseen
from forms import Form, Session
from forms.answers import speak
from forms.audit import FILE
from forms.bundle_session import BundleForm, BundleSession
from forms.errors import UnknownNode
from forms.service import ServicePackage
from forms.views import Submission
from store import attachments, audit, cases, drafts, licence_uses, numbering
from store.views import DraftView, FileView


@dataclass
class Filling:
    """A draft in work. `session` belongs to the GUI thread; `case_id` for a correction."""

    id: UUID
    package: ServicePackage
    session: Session | BundleSession
    language: str
    case_id: UUID | None = None

    def place_of(self, ref: str) -> str:
        """Where a question is shown now; a part of a bundle may show it for the others."""
        return self.session.shown_at(ref) if isinstance(self.session, BundleSession) else ref

    def answer(self, role: str) -> str:
        """The answer that the service names as the applicant's name, id_no or phone."""
        try:
            return self.session.view(self.package.applicant.get(role, "")).answer
        except UnknownNode:
            return ""


@needs("fill")
def begin(
    office: Office,
    service_id: str,
    form: Form | BundleForm,
    *,
    language: str,
    version: str = "",
) -> Filling:
    """A new draft, in the store before anything is typed.

    Args:
        office: The office.
        service_id: Which service.
        form: `office.catalogue.whole_form(service_id, version)`, made on a worker.
        language: Tag of the language to show the form in, such as `zh_CN`.
        version: The version that the form is of; "" for the one offered.

    Raises:
        NotAllowed: The role does not fill in forms.
        store.errors.DiskLow: Too little room is left to begin something new.
    """
    office.store.room.demand()
    package = office.catalogue.get(service_id, version)
    last = foreign.last_answers(office, package)
    session = form.new_session(**around(office, package), last_saved=last)
    speak(session, language)
    filling = Filling(office.new_id(), package, session, language)
    new = drafts.NewDraft(
        id=filling.id,
        service_id=package.id,
        service_version=package.version,
        language=language,
        owner=office.store.operator.id,
        xml=session.xml(),
    )
    office.store.writer.submit(drafts.begin, new, office.now()).result()
    return filling


@needs("fill")
def reopen(office: Office, draft_id: UUID, form: Form | BundleForm) -> Filling:
    """A draft as it was left.

    Raises:
        DraftGone, DraftOfAnother: It cannot be opened.
    """
    draft = office.store.read(drafts.get, draft_id, office.store.operator.id)
    package = office.catalogue.get(draft.service_id, draft.service_version)
    files = office.store.read(attachments.of_owner, draft_id) if form.wants_audit else ()
    log = next((office.store.blobs.get(file.blob) for file in files if file.name == FILE), None)
    last = foreign.last_answers(office, package)
    session = form.resume(draft.xml, **around(office, package), last_saved=last, audit=log)
    speak(session, draft.language)
    return Filling(draft.id, package, session, draft.language, draft.case_id)


@needs("fill")
def begin_supplement(office: Office, case_id: UUID, form: Form) -> Filling:
    """A draft that corrects a returned case; the one already begun where there is one.

    A case of another server's form is corrected once it was sent, where its author allows it.

    Raises:
        WrongState: The province has not asked for anything, or the form's author forbids it.
        OfMovedOffice: The case belongs to the office of before; that one corrects it.
        SealedAnswers: Nobody here can read what was answered.
    """
    begun = office.store.read(drafts.for_case, case_id)
    if begun is not None:
        return reopen(office, begun.id, form)
    file = office.store.read(cases.get_case, case_id)
    if file.former_office:
        raise OfMovedOffice(office=file.former_office)
    old = office.store.read(cases.get_submission, file.submission_id)
    package = office.catalogue.get(old.service_id, old.service_version)
    if package.origin is not None:
        foreign.demand_editable(file, old, form)
    elif file.row.status != "supplement_requested":
        raise WrongState
    session = form.edit(old.xml, **around(office, package))
    speak(session, old.language)
    filling = Filling(office.new_id(), package, session, old.language, case_id)
    new = drafts.NewDraft(
        id=filling.id,
        service_id=old.service_id,
        service_version=old.service_version,
        language=old.language,
        owner=office.store.operator.id,
        xml=session.xml(),
        case_id=case_id,
        replaces=old.id,
    )
    files = [replace(file, id=office.new_id()) for file in old.files]
    office.store.writer.submit(drafts.begin, new, office.now(), files).result()
    me, now = office.store.operator.login, office.now()  # the answers of a citizen are open now
    office.store.writer.submit(
        audit.record, me, "correction_begun", file.row.number, now=now
    ).result()
    return filling


@needs("fill")
def autosave(office: Office, filling: Filling) -> Future[datetime]:
    """Put the draft as it stands into the store. GUI thread; the Future ends on the writer."""
    log = filling.session.audit_log()
    if log is not None:
        _keep(office, filling, FILE, log)
    return office.store.writer.submit(
        drafts.save,
        filling.id,
        owner=office.store.operator.id,
        xml=filling.session.xml(),
        applicant=filling.answer("name"),
        language=filling.language,
        now=office.now(),
    )


def _keep(office: Office, filling: Filling, name: str, content: bytes) -> Future[None]:
    """Keep a file that the form made by itself, in place of the last one."""
    file = file_of(office, name, content)
    return office.store.writer.submit(attachments.add, filling.id, file, office.now())


@needs("fill")
def file_of(office: Office, name: str, content: bytes) -> FileView:
    """A file that a form made by itself, such as its audit log; its content is durable."""
    digest, blob = hashlib.sha256(content).digest(), office.store.blobs.put(content)
    return FileView(office.new_id(), "", name, "text/csv", len(content), digest, blob)


@needs("fill")
def attach(
    office: Office, filling: Filling, ref: str, *, name: str, media_type: str, data: bytes
) -> str:
    """Keep a file durably; returns the name to answer with. Slow: call it on a worker.

    The name given is not kept, since people put names of citizens into file names. Photographs
    are made smaller as the office's policy says.

    Raises:
        BadPicture: It says that it is a picture and is none.
        store.errors.DiskLow: Too little room would be left.
    """
    from casework import pictures  # noqa: PLC0415 - an imaging library, at the first attachment

    made = pictures.prepared(data, media_type, _ending(name), office.pictures)
    office.store.room.demand(len(made.data))
    digest = hashlib.sha256(made.data).digest()
    question = ref.rsplit("/", 1)[-1]
    question = question if question.isascii() else "file"  # servers differ in reading other names
    kept = f"{question}-{digest.hex()[:12]}{made.ending}"
    blob = office.store.blobs.put(made.data)
    size = len(made.data)
    file = FileView(office.new_id(), ref, kept, made.media_type, size, digest, blob)
    office.store.writer.submit(attachments.add, filling.id, file, office.now()).result()
    return kept


@needs("fill")
def attachment(office: Office, filling: Filling, name: str) -> bytes | None:
    """A file of the draft, or None."""
    for file in office.store.read(attachments.of_owner, filling.id):
        if file.name == name:
            return office.store.blobs.get(file.blob)
    return None


@needs("accept")
def accept(office: Office, filling: Filling) -> Future[UUID]:
    """Turn the draft into a case; the Future holds its id once it is durable.

    Raises:
        NotAllowed: The role does not accept.
        Incomplete: Answers are missing or wrong; nothing was changed.
        UnseemlyName: An answer holds characters that turn or hide what people read.
        ConsentNeeded: A licence stands in a paper's place whose consent was withdrawn.
    """
    if filling.package.bundle is not None:
        from casework import onething  # noqa: PLC0415 - it is made of fillings itself

        return onething.accept(office, filling)
    done = filling.session.finalise(office.now())
    if not isinstance(done, Submission):
        raise Incomplete(len(done) if isinstance(done, tuple) else 0)
    for name, content in done.made.items():
        _keep(office, filling, name, content).result()
    if has_unseen(done.xml.decode("utf-8", "replace")):
        raise UnseemlyName
    demand_consents(office, filling.id, done.attachments)
    made = acceptance(office, filling, done)
    if filling.package.origin is not None:
        return foreign.accept(office, filling.package.origin, done, made)
    return office.store.writer.submit(numbering.accept, made, office.division, office.now())


@needs("accept")
def demand_consents(office: Office, draft_id: UUID, names: Sequence[str]) -> None:
    """Demand that the consent behind each licence that goes with `names` stands.

    Raises:
        ConsentNeeded: One was withdrawn.
    """
    for use in office.store.read(licence_uses.of, draft_id):
        sent = any(name.startswith(use.copy) for name in names)
        if sent and not use.consent_stands:
            raise ConsentNeeded


@needs("discard_unsent")
def discard(office: Office, draft_id: UUID, second: Second | None = None) -> None:
    """Delete a draft of this operator, on record; what holds work needs a second person.

    Raises:
        SecondNeeded: Something was saved in it, and nobody confirms.
        SecondRefused, store.errors.WrongPassword: As `four_eyes.confirmed_by`.
        store.errors.DraftGone, store.errors.DraftOfAnother: It cannot be deleted.
    """
    me = office.store.operator
    draft = office.store.read(drafts.get, draft_id, me.id)
    untouched = draft.saved_at == draft.created_at and not draft.applicant
    confirmed = "" if untouched else confirmed_by(office, second)
    gone = office.store.writer.submit(
        drafts.discard,
        draft_id,
        owner=me.id,
        by=me.login,
        now=office.now(),
        second=confirmed,
    ).result()
    for blob in gone:
        office.store.blobs.drop(blob)


@needs("take_over")
def drafts_of_others(office: Office) -> tuple[DraftView, ...]:
    """Drafts of everybody else without their answers, names masked, newest first."""
    found = office.store.read(drafts.list_of, None)
    return tuple(
        replace(each, xml=b"", applicant=masked_name(each.applicant))
        for each in found
        if each.owner != office.store.operator.id
    )


@needs("take_over")
def take_over(office: Office, draft_id: UUID, reason: str) -> None:
    """Make somebody else's draft one's own, on record.

    Raises:
        ReasonNeeded: None was given.
        store.errors.DraftGone: Not here any more.
    """
    if not reason.strip():
        raise ReasonNeeded
    me = office.store.operator
    office.store.writer.submit(
        drafts.take_over, draft_id, me.id, me.login, office.now(), reason.strip()
    ).result()


@needs("accept")
def acceptance(
    office: Office, filling: Filling, done: Submission, merges: tuple[UUID, ...] = ()
) -> cases.Acceptance:
    """What turns the draft behind `filling` into a case, once its form is `done`."""
    me, package = office.store.operator, filling.package
    name, id_no = filling.answer("name"), filling.answer("id_no")
    return cases.Acceptance(
        submission_id=filling.id,
        case_id=filling.case_id or office.new_id(),
        event_id=office.new_id(),
        owner=me.id,
        login=me.login,
        clerk=me.name,
        number="",
        xml=done.xml,
        applicant=name,
        applicant_id_no=id_no,
        applicant_phone=filling.answer("phone"),
        language=filling.language,
        words=words_of(package, name, id_no, filling.answer("phone")),
        due_on=deadlines.due_on(office, package, office.today),
        files=frozenset(done.attachments),
        merges=merges,
    )


def words_of(package: ServicePackage, name: str, id_no: str, phone: str) -> str:
    """Everything a case is to be found by, but for its number."""
    known = " ".join((name, id_no, phone, *spellings(name)))
    service = " ".join((package.name.zh, package.name.en, *spellings(package.name.zh)))
    return f"{known} {service}"


@needs("fill")
def around(office: Office, package: ServicePackage | None = None) -> dict[str, Any]:
    """Clock, ids and randomness for sessions of a form, and whom a project calls its user."""
    given = package is not None and package.origin is not None
    return {
        "now": office.now,
        "today": lambda: office.today,
        "new_id": lambda: str(uuid4()),  # uuid() is one of version 4, and entities want no other
        "random": random.SystemRandom().random,
        "properties": foreign.properties(office, package) if package and given else {},
        # A desk knows no position: forms of other servers that ask for one get none.
        "location": (lambda: "") if given else None,
    }


def _ending(name: str) -> str:
    ending = "." + name.rpartition(".")[2].lower() if "." in name else ""
    return ending if ending[1:].isalnum() and len(ending) <= 6 else ""
