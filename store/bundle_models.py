"""The tables of one-thing applications; `store/steps/` creates them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Base


class Bundle(Base):
    """Cases that were applied for together. It holds nothing of the applicant."""

    __tablename__ = "bundle"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[str]
    service_version: Mapped[str]
    accepted_at: Mapped[datetime]


class BundlePart(Base):
    """A case of a bundle; `place` counts from 0. The case itself may be brought later."""

    __tablename__ = "bundle_part"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("bundle.id"))
    place: Mapped[int]

    __table_args__ = (Index("bundle_part_place", "bundle_id", "place", unique=True),)
