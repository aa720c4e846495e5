"""Versions of a case: submissions replace one another, fall apart into heads, and are merged.

A head is a submission that no other one replaces. Two windows that correct the same submission
make two heads; the province says so by an event, and the case stands in conflict until a
submission that merges them has arrived.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import attachments, search, settings
from store.cases import note_merge
from store.models import (
    Case,
    Event,
    Holding,
    Submission,
    SubmissionBody,
    SubmissionMerge,
)
from store.standing import counting, select_heads, stands, status_of
from store.views import FileView

_SETTLED = "settled_here"
_FILES = UUID("8f0b8a3e-55f2-4c5f-9f0a-6f6a1c0b7d55")  # names rows of files that lie elsewhere


@dataclass(frozen=True)
class RemoteFile:
    """A file of a submission that only the province holds."""

    name: str
    media_type: str
    size: int
    sha256: bytes


@dataclass(frozen=True)
class RemoteSubmission:
    """A submission as the province holds it; `due_on` is counted here, or None."""

    id: UUID
    case_id: UUID
    number: str
    service_id: str
    service_version: str
    language: str
    accepted_at: datetime
    accepted_by: str
    applicant: str
    applicant_id_no: str
    xml: bytes
    sha256: bytes
    replaces: UUID | None
    merges: tuple[UUID, ...]
    files: tuple[RemoteFile, ...]
    due_on: date | None = None


@dataclass(frozen=True)
class Conflict:
    """A case whose heads wait to be merged.

    Attributes:
        heads: Their ids, oldest first.
        device: The device whose submission made the second head; "" where unknown.
    """

    case_id: UUID
    heads: tuple[UUID, ...]
    device: str
    since: datetime


def heads(session: Session, case_id: UUID) -> tuple[UUID, ...]:
    """Submissions of the case, known here, that no other one replaces; oldest first."""
    rows = session.scalars(select_heads(case_id).order_by(Submission.finalised_at, Submission.id))
    return tuple(row.id for row in rows)


def parents(session: Session, submission_id: UUID) -> frozenset[UUID]:
    """What a submission comes in place of: the one it replaces and those it merges."""
    row = session.get(Submission, submission_id)
    replaced = {row.replaces} if row is not None and row.replaces else set()
    merged = session.scalars(
        select(SubmissionMerge.merged_id).where(SubmissionMerge.submission_id == submission_id)
    )
    return frozenset({*replaced, *merged})


def common(session: Session, one: UUID, other: UUID) -> UUID | None:
    """The nearest version that both come from; None where they have none in common.

    Where several are equally near, as after two merges of the same pair, the nearest one that
    those come from: what was decided differently then is a question again.
    """
    shared = _ancestors(session, one) & _ancestors(session, other)
    older = {up for each in shared for up in _ancestors(session, each) - {each}}
    nearest = sorted(shared - older)
    while len(nearest) > 1:
        found = common(session, nearest[0], nearest[1])
        if found is None:
            return None
        nearest = [found, *nearest[2:]]
    return nearest[0] if nearest else None


def is_late_merge(session: Session, late: UUID, standing: UUID) -> bool:
    """Whether a version only brings together what another one knew already, by another choice.

    All that `late` merges is behind `standing` too, so somebody had settled the same before.
    """
    merged = parents(session, late)
    return len(merged) > 1 and merged <= _ancestors(session, standing) - {standing}


def note_settled(session: Session, case_id: UUID, settled: UUID) -> None:
    """Keep that somebody settled a case here by this version, to tell them if another stands."""
    _write(session, {**_settled(session), str(case_id): {"settled": str(settled)}})


def settled_here(session: Session) -> dict[UUID, UUID]:
    """Cases that were settled here, by which version, where nobody has to be told anything yet."""
    found = _settled(session).items()
    return {UUID(case): UUID(said["settled"]) for case, said in found if "head" not in said}


def note_outdone(session: Session, case_id: UUID, head: UUID | None) -> None:
    """Keep that `head` lets stand what another window settled first; None: nothing more to say."""
    known = _settled(session)
    said = known.pop(str(case_id), None)
    if said is not None and head is not None:
        known[str(case_id)] = {**said, "head": str(head)}
    _write(session, known)


def outdone(session: Session) -> dict[UUID, tuple[UUID, UUID]]:
    """Cases of which another settlement stands: the one made here, and the head of now.

    Until somebody has looked at it, or a newer version has come.
    """
    found = {
        UUID(case): (UUID(said["settled"]), UUID(said["head"]))
        for case, said in _settled(session).items()
        if "head" in said
    }
    return {case: pair for case, pair in found.items() if heads(session, case) == (pair[1],)}


def merged_into(session: Session, late: UUID) -> UUID | None:
    """What stands in the version that came after both it and `late`; None while none did."""
    rows = select(SubmissionMerge.submission_id).where(SubmissionMerge.merged_id == late)
    made = session.scalars(rows.limit(1)).first()
    row = session.get(Submission, made) if made is not None else None
    return row.replaces if row is not None else None


def _settled(session: Session) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(settings.get(session, _SETTLED) or b"{}")
    return found


def _write(session: Session, known: Mapping[str, Mapping[str, str]]) -> None:
    settings.put(session, _SETTLED, json.dumps(known, sort_keys=True).encode())


def _ancestors(session: Session, submission_id: UUID) -> set[UUID]:
    found, edge = {submission_id}, [submission_id]
    while edge:
        edge = [up for each in edge for up in parents(session, each) if up not in found]
        found.update(edge)
    return found


def missing(session: Session, ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Which of the submissions are not here, or were believed lost."""
    query = select(Holding.submission_id)
    query = query.where(Holding.submission_id.in_(ids), Holding.held.is_not(False))
    here = set(session.scalars(query))
    return tuple(each for each in ids if each not in here)


def take_over(
    session: Session, remote: RemoteSubmission, *, words: str, operator: UUID, now: datetime
) -> None:
    """Keep another window's submission, and its case where that is new here. Nothing is sent.

    Args:
        session: The session.
        remote: As the province holds it.
        words: What the case is to be found by, where it is new.
        operator: Who brings it here.
        now: Aware.
    """
    known = session.get(Holding, remote.id)
    if known is not None:
        known.held = True
        return
    case = session.scalars(select(Case).where(Case.id == remote.case_id)).first()
    if case is None:
        case = _new_case(session, remote, operator, now)
        search.index_case(session, case.row, words)
    session.add(
        Submission(
            id=remote.id,
            case_id=remote.case_id,
            service_version=remote.service_version,
            language=remote.language,
            sha256=remote.sha256,
            finalised_at=remote.accepted_at,
            finalised_by=remote.accepted_by,
            replaces=_known(session, remote.replaces),
        )
    )
    session.flush()
    session.add(Holding(submission_id=remote.id, held=True))
    session.add(
        SubmissionBody(
            submission_id=remote.id,
            xml=remote.xml,
            applicant=remote.applicant,
            applicant_id_no=remote.applicant_id_no,
        )
    )
    note_merge(session, remote.id, remote.merges)
    newest = counting(session, remote.case_id)
    if newest is not None and newest.id == remote.id:  # it may correct the applicant's name
        case.applicant, case.applicant_id_no = remote.applicant, remote.applicant_id_no
        search.index_case(session, case.row, words)
    for file in remote.files:
        kept = FileView(
            uuid5(_FILES, f"{remote.id}/{file.name}"),
            "",
            file.name,
            file.media_type,
            file.size,
            file.sha256,
            "",
        )
        attachments.add(session, remote.id, kept, now)


def behind(session: Session) -> tuple[tuple[UUID, UUID], ...]:
    """(case, submission) of cases here of which the province named a version that is not."""
    query = select(Case.id, Case.behind).where(Case.behind.is_not(None))
    rows = session.execute(query).all()
    return tuple((case_id, named) for case_id, named in rows if named is not None)


def no_longer_behind(session: Session, case_id: UUID, submission_id: UUID) -> None:
    """The version was brought here, unless the province has named another one since."""
    case = session.scalars(select(Case).where(Case.id == case_id)).first()
    if case is not None and case.behind == submission_id:
        case.behind = None


def conflicts(session: Session) -> tuple[Conflict, ...]:
    """Cases that stand in conflict, the oldest first."""
    rows = session.scalars(
        select(Event)
        .where(Event.kind.in_(("conflict", "conflict_settled")), stands())
        .order_by(Event.seq)
    )
    latest: dict[UUID, Event] = {}
    for row in rows:
        latest[row.case_id] = row
    found = []
    for case_id, row in latest.items():
        data = json.loads(row.data)
        ids = _ids(data.get("heads"))
        if row.kind == "conflict" and len(ids) > 1:
            found.append(Conflict(case_id, ids, str(data.get("device", "")), row.at))
    return tuple(found)


def _known(session: Session, submission_id: UUID | None) -> UUID | None:
    if submission_id is None or session.get(Submission, submission_id) is None:
        return None
    return submission_id


def _ids(written: object) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(str(each)) for each in written) if isinstance(written, list) else ()
    except ValueError:
        return ()


def _new_case(session: Session, remote: RemoteSubmission, operator: UUID, now: datetime) -> Case:
    status = status_of(session, remote.case_id) or "accepted"
    case = Case(
        id=remote.case_id,
        number=remote.number,
        service_id=remote.service_id,
        service_version=remote.service_version,
        applicant=remote.applicant,
        applicant_id_no=remote.applicant_id_no,
        applicant_phone="",
        status=status,
        accepted_at=remote.accepted_at,
        accepted_by=remote.accepted_by,
        operator_id=operator,
        touched_at=now,
        due_on=remote.due_on.isoformat() if remote.due_on else None,
    )
    session.add(case)
    session.flush()
    return case
