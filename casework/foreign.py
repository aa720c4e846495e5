"""What is particular about filling a form of another server: its user, its lists, its seal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from uuid import UUID, uuid4

from casework import projects
from casework.errors import SealedAnswers, UnknownProject, WrongState
from casework.office import Office
from casework.rights import needs
from forms import Form
from forms.encryption import encrypt
from forms.entities import applied
from forms.service import Origin, ServicePackage
from forms.views import Entity, Submission
from store import attachments, cases, foreign, remote_forms
from store.views import CaseFile, FileView, SubmissionView

SEALED = b'encrypted="yes"'
_EDITABLE = b'client-editable="true"'
_HEAD = 1000  # bytes within which the root element of a submission ends, long before its answers


def list_owner(project: str) -> str:
    """Where the entity lists of a project are kept among its files."""
    return f"lists:{project}"


def _last_owner(origin: Origin) -> str:
    return f"last:{origin.project}:{origin.form_id}"


def is_sealed(xml: bytes) -> bool:
    """Whether a submission holds sealed answers in place of readable ones."""
    return SEALED in xml[:_HEAD].partition(b"<data")[2].partition(b">")[0]


@dataclass(frozen=True)
class Standing:
    """What may still be done with a case of another server."""

    sealed: bool
    editable: bool


@needs("read_cases")
def standing(office: Office, file: CaseFile, package: ServicePackage) -> Standing:
    """How a case of another server stands; quick, `demand_editable` decides."""
    sealed = is_sealed(office.store.read(cases.get_submission, file.submission_id).xml)
    allowed = _EDITABLE in package.files.get(remote_forms.FORM, b"")
    return Standing(sealed, allowed and not sealed and not file.row.unsent)


@needs("fill")
def properties(office: Office, package: ServicePackage) -> dict[str, str]:
    """What forms preload as properties of who fills them, and on which device."""
    known = {"deviceid": projects.device(office)}
    if package.origin is None:
        return {}
    try:
        account = projects.account(office.store, package.origin.project)
    except UnknownProject:
        return known
    told = {"username": account.username, "email": account.email, "phonenumber": account.phone}
    return known | {name: value for name, value in told.items() if value}


@needs("fill")
def last_answers(office: Office, package: ServicePackage) -> bytes | None:
    """What was answered last in another server's form, in whichever version; None for nothing."""
    if package.origin is None:
        return None
    owner = _last_owner(package.origin)
    return office.store.read(remote_forms.file_of, owner, remote_forms.FORM)


def demand_editable(file: CaseFile, old: SubmissionView, form: Form) -> None:
    """Refuse to correct what may not be corrected here.

    Raises:
        SealedAnswers: Nobody here can read it.
        WrongState: It is still on its way, or the form's author does not allow it.
    """
    if is_sealed(old.xml):
        raise SealedAnswers
    if file.row.unsent or not form.delivery.client_editable:
        raise WrongState


@needs("accept")
def accept(
    office: Office, origin: Origin, done: Submission, made: cases.Acceptance
) -> Future[UUID]:
    """Turn the draft into a case of another server; the Future holds its id once it is durable.

    Answers of a form with a public key are sealed on the writer's thread and kept nowhere else.
    Entity lists take over what the answers create and update, so that the next form sees it
    before anything was sent.
    """
    plain = office.store.read(attachments.of_owner, made.submission_id)
    sealed = bool(done.delivery.public_key)
    after = foreign.Aftermath(
        seal=partial(_seal, office, done, plain) if sealed else None,
        lists={} if sealed else _changes(office, origin, done),
        last="" if sealed else _last_owner(origin),
    )
    whole: Future[UUID] = Future()

    def afterwards(kept: Future[UUID]) -> None:
        error = kept.exception()
        if error is not None:
            whole.set_exception(error)
            return
        for file in plain if sealed else ():
            office.store.blobs.drop(file.blob)
        if after.lists:
            refresh_lists(office, origin.project)
        whole.set_result(kept.result())

    office.store.writer.submit(foreign.accept, made, after, office.now()).add_done_callback(
        afterwards
    )
    return whole


@needs("anybody")
def refresh_lists(office: Office, project: str) -> None:
    """Let the forms of a project show its entity lists as they are now."""
    lists = office.store.read(remote_forms.files_of, list_owner(project))
    for package, offered in office.catalogue.of_project(project):
        own = {name: lists[name] for name in package.files if name in lists}
        if own:
            fresh = replace(package, files={**package.files, **own})
            office.catalogue.add(fresh, listed=offered)


def _changes(
    office: Office, origin: Origin, done: Submission
) -> dict[tuple[str, str], Callable[[bytes | None], bytes]]:
    owner = list_owner(origin.project)
    held = office.store.read(remote_forms.files_of, owner)
    named: dict[str, list[Entity]] = {}
    for each in done.entities:
        named.setdefault(f"{each.list_name}.csv", []).append(each)
    return {
        (owner, name): partial(_applied, entities)
        for name, entities in named.items()
        if name in held
    }


def _applied(entities: list[Entity], content: bytes | None) -> bytes:
    return applied(content or b"name,label\n", entities, lambda: str(uuid4()))


def _seal(office: Office, done: Submission, plain: tuple[FileView, ...]) -> foreign.Sealed:
    files = {f.name: office.store.blobs.get(f.blob) for f in plain if f.name in done.attachments}
    sealed = encrypt(done, files, key=secrets.token_bytes(32))
    kept = tuple(
        FileView(
            office.new_id(),
            "",
            name,
            "application/octet-stream",
            len(content),
            sha256(content).digest(),
            office.store.blobs.put(content),
        )
        for name, content in sealed.encrypted.items()
    )
    return foreign.Sealed(sealed.xml, kept)
