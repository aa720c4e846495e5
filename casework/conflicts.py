"""Cases that two windows corrected at once: what merges by itself, and what a person decides.

Both corrections are at the province, each with its receipt; nothing is ever thrown away. The one
whose submission came second merges by itself where no question was changed by both; otherwise the
case waits on the conflict desk of every window of the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from casework import deadlines, filling, link
from casework.errors import Incomplete, NoConflict
from casework.merging import Clash, Merge, Side
from casework.office import Office
from casework.rights import needs
from forms.service import speak
from forms.views import Submission
from store import cases, drafts, numbering, outbox, versions
from store.versions import Conflict, RemoteFile, RemoteSubmission
from store.views import FileView, SubmissionView
from sync.errors import NotKnownThere
from sync.wire import Parcel

_MOST_VERSIONS = 100  # of one case that are fetched at once


@runtime_checkable
class Versions(Protocol):
    """A provider that gives submissions back."""

    def submission(self, case: UUID, submission: UUID) -> Parcel:
        """A submission of this office as the province holds it.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...

    def find(self, number: str) -> tuple[UUID, UUID]:
        """Case and counting submission of a case number of this office.

        Raises:
            SyncError: Why it did not succeed.
        """
        ...


@dataclass(frozen=True)
class Author:
    """Who made a version, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Question:
    """A case on the conflict desk: who changed what, question by question."""

    case_id: UUID
    number: str
    service_id: str
    mine: Author
    theirs: Author
    clashes: tuple[Clash, ...]


@needs("read_cases")
def waiting(office: Office) -> tuple[Conflict, ...]:
    """Cases in conflict whose versions are all here, the oldest first."""
    return tuple(
        each
        for each in office.store.read(versions.conflicts)
        if not office.store.read(versions.missing, each.heads) and not _merged_here(office, each)
    )


@needs("fill")
def after_round(office: Office, provider: Versions) -> int:
    """Fetch the versions that are missing and merge what merges by itself; how many merged.

    Called on the sync thread, between rounds.

    Raises:
        SyncError: The province cannot be asked now; the next round goes on.
    """
    own = link.identity(office.store).device
    _catch_up(office, provider)
    merged = 0
    for conflict in office.store.read(versions.conflicts):
        if _merged_here(office, conflict):
            continue
        try:
            _fetch(office, provider, conflict.case_id, conflict.heads)
        except NotKnownThere:
            continue  # a head that a restored province lost: its window sends it again
        if conflict.device != str(own) or len(conflict.heads) != 2:
            continue
        merge, _mine, _theirs = _merge(office, conflict)
        if merge.clashes:
            continue
        try:
            _keep(office, conflict, merge, {})
        except Incomplete:
            continue  # together they miss an answer: a person sees it on the conflict desk
        merged += 1
    return merged


@needs("fill")
def bring(office: Office, provider: Versions, number: str) -> UUID:
    """Bring a case of another window here, by the number on its receipt; the case's id. Slow.

    Raises:
        SyncError: The province does not know it as this office's, or cannot be asked.
    """
    case_id, submission = provider.find(number.strip())
    _fetch(office, provider, case_id, [submission])
    return case_id


@needs("fill")
def look(office: Office, case_id: UUID) -> Question:
    """A case of the conflict desk; slow where its form was not open yet.

    Raises:
        NoConflict: It is in none, or not all of its versions are here.
    """
    conflict = _find(office, case_id)
    merge, mine, theirs = _merge(office, conflict)
    return Question(
        case_id,
        mine.number,
        mine.service_id,
        Author(mine.finalised_by, mine.finalised_at),
        Author(theirs.finalised_by, theirs.finalised_at),
        merge.clashes,
    )


@needs("accept")
def settle(office: Office, case_id: UUID, choices: Mapping[str, Side]) -> UUID:
    """Make the version that brings both together; it goes to the province like any other.

    Args:
        office: The office.
        case_id: A case of the conflict desk.
        choices: For each clash, by ref, whose answer stands.

    Raises:
        NoConflict: Somebody was quicker.
        Incomplete: Together they miss an answer; nothing was changed.
    """
    conflict = _find(office, case_id)
    merge, _mine, _theirs = _merge(office, conflict)
    return _keep(office, conflict, merge, choices)


def _find(office: Office, case_id: UUID) -> Conflict:
    for each in waiting(office):
        if each.case_id == case_id:
            return each
    raise NoConflict


def _merged_here(office: Office, conflict: Conflict) -> bool:
    """Whether a submission that merges the heads stands here and only has to be sent."""
    absent = office.store.read(versions.missing, conflict.heads)
    heads = office.store.read(versions.heads, conflict.case_id)
    return bool(set(conflict.heads) - set(absent) - set(heads))


def _catch_up(office: Office, provider: Versions) -> None:
    """Fetch what the province's events named, and what counts now.

    After a restore of the province versions come back to it in any order, so the last one named
    need not lead to all others.
    """
    for case_id, submission in office.store.read(versions.behind):
        number = office.store.read(cases.get_case, case_id).row.number
        try:
            _fetch(office, provider, case_id, [submission, provider.find(number)[1]])
        except NotKnownThere:
            continue  # lost with a restore: asked for until its window has sent it again
        office.store.writer.submit(versions.no_longer_behind, case_id, submission).result()


def _fetch(office: Office, provider: Versions, case_id: UUID, ids: Sequence[UUID]) -> None:
    """Bring versions of a case here, with all that they come from."""
    wanted = list(office.store.read(versions.missing, ids))
    fetched: dict[UUID, Parcel] = {}
    while wanted and len(fetched) < _MOST_VERSIONS:
        each = wanted.pop()
        if each not in fetched:
            fetched[each] = provider.submission(case_id, each)
            wanted += office.store.read(versions.missing, _above(fetched[each]))
    while fetched:  # what is replaced stands before what replaces it
        ready = [each for each, got in fetched.items() if not fetched.keys() & {*_above(got)}]
        for each in ready or list(fetched):
            _take_over(office, fetched.pop(each))


def _above(got: Parcel) -> list[UUID]:
    return [each for each in (got.replaces, *got.merges) if each is not None]


def _take_over(office: Office, got: Parcel) -> None:
    package = office.catalogue.get(got.service, got.service_version)
    remote = RemoteSubmission(
        id=got.submission,
        case_id=got.case,
        number=got.number,
        service_id=got.service,
        service_version=got.service_version,
        language=got.language,
        accepted_at=got.accepted_at,
        accepted_by=got.accepted_by,
        applicant=got.applicant_name,
        applicant_id_no=got.applicant_id_no,
        xml=got.xml,
        sha256=got.sha256,
        replaces=got.replaces,
        merges=got.merges,
        files=tuple(RemoteFile(f.name, f.media_type, f.size, f.sha256) for f in got.files),
        due_on=deadlines.due_on(office, package, office.day_of(got.accepted_at)),
    )
    words = filling.words_of(package, got.applicant_name, got.applicant_id_no, "")
    office.store.writer.submit(
        versions.take_over,
        remote,
        words=f"{words} {got.number}",
        operator=office.store.operator.id,
        now=office.now(),
    ).result()


def _sides(office: Office, conflict: Conflict) -> tuple[SubmissionView, SubmissionView]:
    """Mine is the one that went out from here; on a third computer, the earlier one."""
    one, other = (office.store.read(cases.get_submission, head) for head in conflict.heads[:2])
    return (other, one) if office.store.read(outbox.knows, other.id) else (one, other)


def _merge(office: Office, conflict: Conflict) -> tuple[Merge, SubmissionView, SubmissionView]:
    mine, theirs = _sides(office, conflict)
    base_id = office.store.read(versions.common, mine.id, theirs.id)
    base = office.store.read(cases.get_submission, base_id).xml if base_id else theirs.xml
    merge = Merge(
        office.catalogue.form(mine.service_id, mine.service_version),
        base,
        mine.xml,
        theirs.xml,
        filling.around(office),
        lambda session: speak(session, mine.language),
    )
    return merge, mine, theirs


def _keep(office: Office, conflict: Conflict, merge: Merge, choices: Mapping[str, Side]) -> UUID:
    mine, theirs = _sides(office, conflict)
    session = merge.merged(choices)
    made = filling.Filling(
        office.new_id(),
        office.catalogue.get(theirs.service_id, theirs.service_version),
        session,
        theirs.language,
        conflict.case_id,
    )
    done = session.finalise(office.now())
    if not isinstance(done, Submission):
        raise Incomplete(len(done))
    files = {f.name: f for f in (*theirs.files, *mine.files)}
    draft = drafts.NewDraft(
        id=made.id,
        service_id=theirs.service_id,
        service_version=theirs.service_version,
        language=theirs.language,
        owner=office.store.operator.id,
        xml=session.xml(),
        case_id=conflict.case_id,
        replaces=theirs.id,
    )
    acceptance = filling.acceptance(office, made, done, merges=(mine.id,))
    office.store.writer.submit(
        numbering.accept_merged,
        draft,
        [_anew(office, file) for file in files.values()],
        acceptance,
        office.division,
        office.now(),
    ).result()
    return made.id


def _anew(office: Office, file: FileView) -> FileView:
    return FileView(
        office.new_id(), file.ref, file.name, file.media_type, file.size, file.sha256, file.blob
    )
