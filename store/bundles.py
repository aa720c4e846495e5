"""One thing (一件事): the cases that one application became, accepted in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store import cases, drafts, licence_uses, numbering
from store.bundle_models import Bundle, BundlePart
from store.errors import CaseGone, DraftGone, DraftOfAnother
from store.licence_uses import LicenceUse
from store.models import Attachment, Draft
from store.views import CaseRow, FileView, Together


@dataclass(frozen=True)
class NewPart:
    """One service of it.

    Attributes:
        draft: What becomes of the answers; nobody ever sees it as a draft.
        files: Its files, with refs of its own form and fresh ids.
        uses: Licences in the place of papers, with the materials of its own service.
        acceptance: As for a case of its own.
    """

    draft: drafts.NewDraft
    files: Sequence[FileView]
    uses: Sequence[LicenceUse]
    acceptance: cases.Acceptance


@dataclass(frozen=True)
class BundleView:
    """A bundle with those of its cases that are here, in the order of its parts.

    Attributes:
        expected: How many there are in all.
    """

    id: UUID
    service_id: str
    service_version: str
    accepted_at: datetime
    cases: tuple[CaseRow, ...]
    expected: int


def accept(
    session: Session,
    draft_id: UUID,
    new: Together,
    parts: Sequence[NewPart],
    division: str,
    now: datetime,
) -> UUID:
    """Replace the draft of a bundle by one case for each part; the first one's id.

    All or none: numbers, submissions and what waits to be sent are one transaction.

    Raises:
        DraftGone, DraftOfAnother, OfficeMoving: As `numbering.accept`.
    """
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise DraftGone
    if draft.owner != parts[0].acceptance.owner:
        raise DraftOfAnother
    _record(session, new, now)
    for part in parts:
        drafts.begin(session, part.draft, now, part.files)
        session.flush()
        licence_uses.copy(session, part.draft.id, part.uses)
        numbering.accept(session, part.acceptance, division, now)
    session.execute(delete(Attachment).where(Attachment.owner == draft_id))
    licence_uses.forget(session, [draft_id])
    session.delete(draft)
    return parts[0].acceptance.case_id


def _record(session: Session, new: Together, now: datetime) -> None:
    session.add(
        Bundle(
            id=new.id,
            service_id=new.service_id,
            service_version=new.service_version,
            accepted_at=now,
        )
    )
    session.flush()
    for place, case_id in enumerate(new.cases):
        if session.get(BundlePart, case_id) is None:
            session.add(BundlePart(case_id=case_id, bundle_id=new.id, place=place))


def of_case(session: Session, case_id: UUID) -> BundleView | None:
    """What a case was applied for together with; None where it stands by itself."""
    part = session.get(BundlePart, case_id)
    return get(session, part.bundle_id) if part else None


def get(session: Session, bundle_id: UUID) -> BundleView:
    """One bundle.

    Raises:
        CaseGone: It is not here.
    """
    row = session.get(Bundle, bundle_id)
    if row is None:
        raise CaseGone
    query = select(BundlePart.case_id).where(BundlePart.bundle_id == bundle_id)
    ids = session.scalars(query.order_by(BundlePart.place)).all()
    here = cases.rows_of(session, ids)  # others are brought later, or not yet
    return BundleView(row.id, row.service_id, row.service_version, row.accepted_at, here, len(ids))


def records(session: Session, case_ids: Collection[UUID]) -> dict[UUID, Together]:
    """The record that each of these cases belongs to; cases that stand alone are left out."""
    mine = select(BundlePart.bundle_id).where(BundlePart.case_id.in_(case_ids))
    query = (
        select(BundlePart.case_id, Bundle)
        .join(Bundle, Bundle.id == BundlePart.bundle_id)
        .where(Bundle.id.in_(mine))
        .order_by(Bundle.id, BundlePart.place)
    )
    members: dict[UUID, list[UUID]] = {}
    rows: dict[UUID, Bundle] = {}
    for case_id, row in session.execute(query):
        members.setdefault(row.id, []).append(case_id)
        rows[row.id] = row
    made = {
        bundle: Together(bundle, rows[bundle].service_id, rows[bundle].service_version, tuple(ids))
        for bundle, ids in members.items()
    }
    return {
        case_id: made[bundle]
        for bundle, ids in members.items()
        for case_id in ids
        if case_id in case_ids
    }


def parts_among(session: Session, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these cases that belong to a bundle."""
    query = select(BundlePart.case_id).where(BundlePart.case_id.in_(case_ids))
    return frozenset(session.scalars(query))


def learn(session: Session, record: Together, accepted_at: datetime) -> None:
    """Keep what another window's case was applied for together with; known ones stay."""
    if session.get(Bundle, record.id) is None:
        _record(session, record, accepted_at)
