"""Cases that two windows corrected at once: what merges by itself, and what a person decides.

Both corrections are at the province, each with its receipt; nothing is ever thrown away. The one
whose submission came second merges by itself where no question was changed by both; otherwise the
case waits on the conflict desk of every window of the office.

Where two people settle the same at once, what the province took first stands, and one of their
windows merges by itself. All choices stay in the history; who was second is told, and may settle
anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from typing import Protocol, runtime_checkable
from uuid import UUID

from casework import deadlines, filling, link
from casework.errors import Incomplete, NoConflict
from casework.merging import Clash, Merge, Side
from casework.office import Office
from casework.rights import needs
from forms.answers import speak
from forms.views import Submission
from store import bundles, cases, drafts, numbering, outbox, versions
from store.versions import Conflict, RemoteFile, RemoteSubmission
from store.views import FileView, SubmissionView
from sync.errors import NotKnownThere
from sync.wire import Parcel

PATIENCE = timedelta(minutes=10)  # with a window that is to merge what was settled twice
_MOST_VERSIONS = 100  # of one case that are fetched at once
Pair = tuple[SubmissionView, SubmissionView]  # mine, or the late one; theirs, or what stands


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
    """Cases in conflict whose versions are all here, the oldest first.

    One that was settled twice ends by itself, and only waits where that does not come about.
    """
    return tuple(
        each
        for each in office.store.read(versions.conflicts)
        if not office.store.read(versions.missing, each.heads)
        and not _merged_here(office, each)
        and not (timedelta() <= office.now() - each.since < PATIENCE and _twice(office, each))
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
        merged += _by_itself(office, conflict, second=conflict.device == str(own))
    _note_outdone(office)
    return merged


def _by_itself(office: Office, conflict: Conflict, *, second: bool) -> bool:
    """Merge what asks nobody: what nobody disagrees about, and what was settled before.

    Of all windows just one does. Of corrections that is the one whose version came second. Where
    something was merged before, it is the one of the oldest head: were it the second one again,
    two windows could go on merging what the other has just merged, for ever.
    """
    read = office.store.read
    pair = _oldest(office, conflict)
    if any(len(read(versions.parents, head)) > 1 for head in conflict.heads):
        if not read(outbox.knows, pair[0]):
            return False
    elif not second or len(conflict.heads) != 2:
        return False
    late = _late(office, pair, second=second)
    mine, theirs = late or _sides(office, pair)
    merge = _merge(office, mine, theirs)
    if merge.clashes and late is None:
        return False
    try:
        _keep(office, merge, mine, theirs, {clash.ref: "theirs" for clash in merge.clashes})
    except Incomplete:
        return False  # together they miss an answer: a person sees it on the conflict desk
    return True


def _note_outdone(office: Office) -> None:
    """Tell who settled a case here that another settlement stands, where the two differ."""
    read, submit = office.store.read, office.store.writer.submit
    for case_id, settled in read(versions.settled_here).items():
        heads = read(versions.heads, case_id)
        if settled in heads or len(heads) != 1:
            continue
        standing = read(versions.merged_into, settled)
        told = standing is not None and read(versions.is_late_merge, settled, standing)
        if told and standing is not None:
            pair = (read(cases.get_submission, each) for each in (settled, standing))
            told = bool(_merge(office, *pair).clashes)
        submit(versions.note_outdone, case_id, heads[0] if told else None).result()


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
    return _question(office, *_sides(office, _find(office, case_id).heads))


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
    mine, theirs = _sides(office, _find(office, case_id).heads)
    made = _keep(office, _merge(office, mine, theirs), mine, theirs, choices)
    office.store.writer.submit(versions.note_settled, case_id, made).result()
    return made


@needs("read_cases")
def outdone(office: Office) -> tuple[UUID, ...]:
    """Cases that were settled here while another window had settled them before."""
    return tuple(office.store.read(versions.outdone))


@needs("fill")
def look_again(office: Office, case_id: UUID) -> Question:
    """What was settled at two windows: `theirs` stands, `mine` was settled here.

    Raises:
        NoConflict: It was not, or there is a newer version by now.
    """
    return _question(office, *_outdone(office, case_id)[1])


@needs("accept")
def settle_again(office: Office, case_id: UUID, choices: Mapping[str, Side]) -> UUID | None:
    """Settle anew what was settled at two windows, as a correction; None where theirs stands.

    Raises:
        NoConflict: There is a newer version by now.
        Incomplete: An answer is missing; nothing was changed.
    """
    head, (mine, theirs) = _outdone(office, case_id)
    made = None
    if "mine" in choices.values():
        merge = _merge(office, mine, theirs)
        made = _keep(office, merge, mine, theirs, choices, instead_of=head)
    office.store.writer.submit(versions.note_outdone, case_id, None).result()
    return made


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
    if got.together is not None and got.case in got.together.cases:
        office.store.writer.submit(bundles.learn, got.together, got.accepted_at).result()


def _sides(office: Office, heads: Sequence[UUID]) -> Pair:
    """Mine is the one that went out from here; on a third computer, the earlier one."""
    one, other = (office.store.read(cases.get_submission, head) for head in heads[:2])
    return (other, one) if office.store.read(outbox.knows, other.id) else (one, other)


def _twice(office: Office, conflict: Conflict) -> bool:
    """Whether two of the heads settle the same."""
    late = versions.is_late_merge
    pairs = permutations(conflict.heads, 2)
    return any(office.store.read(late, one, other) for one, other in pairs)


def _oldest(office: Office, conflict: Conflict) -> tuple[UUID, UUID]:
    """The head that was made first, by its id, and the one to merge it with."""
    first, *others = sorted(conflict.heads)
    for each in others:
        if _late(office, (first, each), second=False):
            return first, each
    return first, others[0]


def _late(office: Office, heads: tuple[UUID, UUID], *, second: bool) -> Pair | None:
    """Of two heads that settle the same, the late one and the one that stands.

    Where each settles what the other does, the province's word says which came second; `heads`
    begins with the one that was made here.
    """
    read = office.store.read
    ordered = heads if second else heads[::-1]
    for late, standing in (ordered, ordered[::-1]):
        if read(versions.is_late_merge, late, standing):
            return read(cases.get_submission, late), read(cases.get_submission, standing)
    return None


def _outdone(office: Office, case_id: UUID) -> tuple[UUID, Pair]:
    """The head of a case in which another window's choices stand; ours, and theirs."""
    read = office.store.read
    settled, head = read(versions.outdone).get(case_id, (None, None))
    standing = read(versions.merged_into, settled) if settled else None
    if settled is None or head is None or standing is None:
        raise NoConflict
    return head, (read(cases.get_submission, settled), read(cases.get_submission, standing))


def _question(office: Office, mine: SubmissionView, theirs: SubmissionView) -> Question:
    return Question(
        mine.case_id,
        mine.number,
        mine.service_id,
        Author(mine.finalised_by, mine.finalised_at),
        Author(theirs.finalised_by, theirs.finalised_at),
        _merge(office, mine, theirs).clashes,
    )


def _merge(office: Office, mine: SubmissionView, theirs: SubmissionView) -> Merge:
    base_id = office.store.read(versions.common, mine.id, theirs.id)
    base = office.store.read(cases.get_submission, base_id).xml if base_id else theirs.xml
    return Merge(
        office.catalogue.form(mine.service_id, mine.service_version),
        base,
        mine.xml,
        theirs.xml,
        filling.around(office),
        lambda session: speak(session, mine.language),
    )


def _keep(
    office: Office,
    merge: Merge,
    mine: SubmissionView,
    theirs: SubmissionView,
    choices: Mapping[str, Side],
    instead_of: UUID | None = None,
) -> UUID:
    session = merge.merged(choices)
    made = filling.Filling(
        office.new_id(),
        office.catalogue.get(theirs.service_id, theirs.service_version),
        session,
        theirs.language,
        theirs.case_id,
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
        case_id=theirs.case_id,
        replaces=instead_of or theirs.id,
    )
    merges = () if instead_of else (mine.id,)
    acceptance = filling.acceptance(office, made, done, merges=merges)
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
