"""The tables of the resident base: people, changes to them, licences and their use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Base


class Resident(Base):
    """A person of the office's slice of the resident base. `row` only serves the search index."""

    __tablename__ = "resident"

    row: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    id_no: Mapped[str]
    phone: Mapped[str]
    household: Mapped[str] = mapped_column(index=True)
    relation: Mapped[str]
    village: Mapped[str]
    address: Mapped[str]
    taken_over_at: Mapped[datetime]
    sex: Mapped[str] = mapped_column(server_default="")
    birth: Mapped[str] = mapped_column(server_default="")
    nation: Mapped[str] = mapped_column(server_default="")
    said: Mapped[str] = mapped_column(server_default="{}")  # what the province said, JSON
    clashing: Mapped[str] = mapped_column(server_default="")  # fields in conflict
    sweep: Mapped[int] = mapped_column(server_default="0")  # the pull that saw it last
    same_as: Mapped[str] = mapped_column(server_default="")  # the record that stands for it

    __table_args__ = (
        Index("resident_id_no", "id_no"),
        Index("resident_id_end", text("substr(id_no, -6)")),
        Index("resident_phone", "phone"),
        Index("resident_clashing", "clashing", sqlite_where=text("clashing <> ''")),
        Index("resident_same_as", "same_as", sqlite_where=text("same_as <> ''")),
    )


class ResidentChange(Base):
    """A change to a resident, made here (`own`) or elsewhere; its values are never changed.

    `place` is its place in what the province holds of the person: NULL before it has said so,
    -1 once it was forgotten there. `due_at` NULL and no receipt: a person must look at it.
    """

    __tablename__ = "resident_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resident_id: Mapped[UUID]
    place: Mapped[int | None]
    fields: Mapped[str]
    after: Mapped[str]
    adds: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str]
    material: Mapped[str]
    office: Mapped[str]
    device: Mapped[str]
    own: Mapped[bool]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    receipt: Mapped[bytes]
    error_code: Mapped[str]
    error_fields: Mapped[str]

    __table_args__ = (
        CheckConstraint(
            "acknowledged_at IS NULL OR length(receipt) > 0", name="change_receipt_kept"
        ),
        Index("resident_change_of", "resident_id"),
        Index(
            "resident_change_due",
            "due_at",
            sqlite_where=text("own AND acknowledged_at IS NULL"),
        ),
    )


class Licence(Base):
    """An electronic certificate of a resident that some department issued. Days are texts."""

    __tablename__ = "licence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id_no: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[str]
    valid_until: Mapped[str]
    sweep: Mapped[int]

    __table_args__ = (Index("licence_holder", "holder_id_no"),)


class LicenceUse(Base):
    """A licence that stands in a paper's place in a draft, and in the submission it becomes."""

    __tablename__ = "licence_use"

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    material: Mapped[str] = mapped_column(primary_key=True)
    licence_id: Mapped[UUID]
    name: Mapped[str]
    number: Mapped[str]
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    used_at: Mapped[datetime]
