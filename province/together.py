"""Cases that were applied for in one go (docs/protocol.md section 5): each is decided by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from province.members import NO_NUL
from province.models import Case, CaseTogether

Text = Annotated[str, Field(pattern=NO_NUL)]


class TogetherIn(BaseModel):
    """The member `together` of a submission."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    service: Text = Field(max_length=64)
    service_version: Text = Field(max_length=32)
    cases: list[UUID] = Field(min_length=2, max_length=32)


@dataclass(frozen=True)
class Sibling:
    """A case of the same application; `status` is incoming while the province lacks it."""

    id: str
    number: str
    service_name: str
    service_name_en: str
    department: str
    status: str


def note(session: Session, office_id: str, case_id: str, said: TogetherIn | None) -> None:
    """Keep what a new case was applied for together with; what a device said first stands."""
    if said is None or session.get(CaseTogether, (office_id, case_id)) is not None:
        return
    session.add(
        CaseTogether(
            office_id=office_id,
            case_id=case_id,
            bundle_id=str(said.id),
            service=said.service,
            service_version=said.service_version,
            cases=" ".join(map(str, said.cases)),
        )
    )


def siblings(session: Session, case: Case) -> tuple[str, tuple[Sibling, ...]]:
    """Id of the bundle's service, and its cases of this office that are here, in order; else none.

    Only cases that themselves say so: a device cannot tie another's case to its own.
    """
    said = session.get(CaseTogether, (case.office_id, case.id))
    if said is None:
        return "", ()
    rows = session.scalars(
        select(Case)
        .join(
            CaseTogether,
            (CaseTogether.office_id == Case.office_id) & (CaseTogether.case_id == Case.id),
        )
        .where(Case.office_id == case.office_id, CaseTogether.bundle_id == said.bundle_id)
    )
    found = {row.id: row for row in rows}
    order = [each for each in said.cases.split() if each in found]
    shown = tuple(
        Sibling(
            id=found[each].id,
            number=found[each].number,
            service_name=found[each].service_name,
            service_name_en=found[each].service_name_en,
            department=found[each].department,
            status=found[each].status,
        )
        for each in order
    )
    return said.service, shown


def written(session: Session, office_id: str, case_id: str) -> dict[str, object] | None:
    """The member `together` as it came, or None."""
    said = session.get(CaseTogether, (office_id, case_id))
    if said is None:
        return None
    return {
        "id": said.bundle_id,
        "service": said.service,
        "service_version": said.service_version,
        "cases": said.cases.split(),
    }
