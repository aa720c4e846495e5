"""The table of what the office decided itself; `store/steps/` creates it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Base


class OfficeReport(Base):
    """An event of this office on its way. `place`: its order within the case."""

    __tablename__ = "office_report"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    submission_id: Mapped[UUID]  # what was decided on
    kind: Mapped[str]
    body: Mapped[str]  # canonical JSON as it goes on the wire
    place: Mapped[int]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # None and no receipt: a person must look at it
    attempts: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    receipt: Mapped[bytes]
    error_code: Mapped[str]
    error_fields: Mapped[str]
    set_aside: Mapped[bool] = mapped_column(default=False)  # came too late, and waits for nothing

    __table_args__ = (
        CheckConstraint(
            "acknowledged_at IS NULL OR length(receipt) > 0", name="report_receipt_kept"
        ),
        Index("office_report_case", "case_id", "place", unique=True),
    )
