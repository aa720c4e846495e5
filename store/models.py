"""The tables. Step files in `store/steps/` create them; a test holds both equal.

Ids are UUIDs made by the caller; moments are integers, milliseconds since 1970 UTC; JSON is
canonical text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as milliseconds since 1970 UTC."""

    impl = Integer
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> int | None:
        """Refuse naive values: they mean another moment on another computer."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return round(value.timestamp() * 1000)

    def process_result_value(
        self,
        value: Any | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Back to aware UTC."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012
        datetime: Moment,
        UUID: Uuid(native_uuid=False),
        str: Text,
        bytes: LargeBinary,
    }


class Operator(Base):
    """A person with a login; the key slot stands in keys.json. Rows stay after removal."""

    __tablename__ = "operator"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(
        CheckConstraint(
            "role IN ('clerk','village_officer','supervisor','administrator','auditor')"
        )
    )
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Draft(Base):
    """Answers in progress; the latest state wins. Its id becomes the submission's id."""

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[str]
    service_version: Mapped[str]
    language: Mapped[str]
    owner: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    applicant: Mapped[str]
    xml: Mapped[bytes]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    case_id: Mapped[UUID | None]
    replaces: Mapped[UUID | None]


class Case(Base):
    """One application. `row` only serves the search index; `status` repeats the last event.

    `first_number` is the provisional number that it was accepted under, once the province has given
    it `number` in its place; its submissions go on bearing the first one.
    `behind` is a submission that the province named and that is not here yet.
    """

    __tablename__ = "case_file"

    row: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    service_id: Mapped[str]
    service_version: Mapped[str]
    applicant: Mapped[str]
    applicant_id_no: Mapped[str]
    applicant_phone: Mapped[str]
    status: Mapped[str]
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    touched_at: Mapped[datetime]
    due_on: Mapped[str | None]
    first_number: Mapped[str] = mapped_column(server_default="")
    behind: Mapped[UUID | None]

    __table_args__ = (
        Index("case_behind", "id", sqlite_where=text("behind IS NOT NULL")),
        Index("case_file_touched", "touched_at"),
        Index("case_file_status", "status", "touched_at"),
        Index("case_file_accepted", "accepted_at"),
        Index("case_file_id_no", "applicant_id_no"),
        Index("case_file_id_end", text("substr(applicant_id_no, -6)")),
        Index("case_file_phone", "applicant_phone"),
        Index("case_file_number_end", text("substr(number, -6)")),
        Index("case_file_first_number", "first_number", sqlite_where=text("first_number <> ''")),
    )


class Submission(Base):
    """Finalised answers. Never updated: a correction is a new row that replaces this one."""

    __tablename__ = "submission"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    service_version: Mapped[str]
    language: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(CheckConstraint("length(sha256) = 32"))
    finalised_at: Mapped[datetime]
    finalised_by: Mapped[str]
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("submission.id"))


class Holding(Base):
    """Whether the province has a submission for good.

    NULL while that is unsure, 0 where it lost it and this device cannot bring it back.
    """

    __tablename__ = "holding"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    held: Mapped[bool | None]

    __table_args__ = (Index("holding_unsure", "submission_id", sqlite_where=text("held IS NULL")),)


class RemoteProject(Base):
    """A project of another server; its settings hold a password, and go when it is removed."""

    __tablename__ = "remote_project"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    settings: Mapped[bytes]
    added_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RemoteForm(Base):
    """A form of another server in one version."""

    __tablename__ = "remote_form"

    id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    version: Mapped[str]
    name: Mapped[str]
    hash: Mapped[str]
    fetched_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    project: Mapped[str] = mapped_column(server_default="")


class RemoteFormFile(Base):
    """A file of such a form, an entity list of a project, or what was answered last in a form."""

    __tablename__ = "remote_form_file"

    row: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes]

    __table_args__ = (Index("remote_form_file_name", "owner", "name", unique=True),)


class Package(Base):
    """One version of a service package or code list; `files` is JSON: SHA-256 in hex by path."""

    __tablename__ = "package"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    files: Mapped[str]
    kept_at: Mapped[datetime]


class PackageFile(Base):
    """A file of packages, once, whatever versions hold it."""

    __tablename__ = "package_file"

    sha256: Mapped[bytes] = mapped_column(CheckConstraint("length(sha256) = 32"), primary_key=True)
    content: Mapped[bytes]


class SubmissionMerge(Base):
    """A submission that brings another one together with the one it replaces."""

    __tablename__ = "submission_merge"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    merged_id: Mapped[UUID] = mapped_column(primary_key=True)


class SubmissionBody(Base):
    """What a submission was sent with, apart so that retention can purge it once acknowledged."""

    __tablename__ = "submission_body"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    xml: Mapped[bytes]  # UTF-8, byte for byte what is uploaded
    applicant: Mapped[str]
    applicant_id_no: Mapped[str]


class Attachment(Base):
    """A file of a draft, and of the submission that takes over the draft's id."""

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID] = mapped_column(index=True)
    ref: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(CheckConstraint("length(sha256) = 32"))
    blob: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (Index("attachment_name", "owner", "name", unique=True),)


class Event(Base):
    """Something that happened to a case; perhaps one of another window of the office."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    data: Mapped[str]
    learned_at: Mapped[datetime]

    __table_args__ = (Index("event_kind", "kind", "seq"),)


class LostEvent(Base):
    """An event that the province no longer knows since it was put back from a backup."""

    __tablename__ = "lost_event"

    seq: Mapped[int] = mapped_column(ForeignKey("event.seq"), primary_key=True)
    case_id: Mapped[UUID]

    __table_args__ = (Index("lost_event_case", "case_id"),)


class OutboxItem(Base):
    """A submission on its way. `due_at` NULL and no receipt: a person must look at it."""

    __tablename__ = "outbox_item"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    size: Mapped[int]
    sent: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    receipt: Mapped[bytes]
    error_code: Mapped[str]
    error_fields: Mapped[str]

    __table_args__ = (
        CheckConstraint("acknowledged_at IS NULL OR length(receipt) > 0", name="receipt_kept"),
        Index("outbox_item_due", "acknowledged_at", "due_at"),
    )


class RelayPart(Base):
    """A file of a relay bundle that this device made."""

    __tablename__ = "relay_part"

    bundle_id: Mapped[UUID] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[int]
    made_at: Mapped[datetime]
    submissions: Mapped[str]
    cursor: Mapped[str]
    reply_key: Mapped[bytes]
    copied_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    others: Mapped[int]
    slices: Mapped[str]


class Certificate(Base):
    """A certificate that a decision brought; voided, never deleted."""

    __tablename__ = "certificate"

    number: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    template: Mapped[str]
    template_version: Mapped[str]
    fields: Mapped[str]
    issued_on: Mapped[str]
    valid_until: Mapped[str]
    credential: Mapped[str]
    received_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str]
    replaces: Mapped[str] = mapped_column(server_default="")  # the number it takes the place of


class Copy(Base):
    """A copy of a document, counted before the paper moves; `outcome` is learned after.

    `job` is how the print system calls it, `trouble` the code of what kept it from paper.
    """

    __tablename__ = "document_copy"

    document: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    reason: Mapped[str]
    outcome: Mapped[str] = mapped_column(
        CheckConstraint("outcome IN ('counted','printed','failed')")
    )
    way: Mapped[str] = mapped_column(server_default="paper")
    job: Mapped[str] = mapped_column(server_default="")
    trouble: Mapped[str] = mapped_column(server_default="")


class NumberBlock(Base):
    """Numbers leased to this device."""

    __tablename__ = "number_block"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    prefix: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]
    epoch: Mapped[int]

    __table_args__ = (CheckConstraint("first <= next AND next <= last + 1", name="number_inside"),)


class ServiceUse(Base):
    """How often a service was begun here."""

    __tablename__ = "service_use"

    service_id: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]


class Setting(Base):
    """Single values: sync cursor, device identity, key-file revision."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]


class Audit(Base):
    """The chain of what people did; each row holds the hash of the one before."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    prev: Mapped[bytes]
    hash: Mapped[bytes]


class Consent(Base):
    """What a person agreed to, and for what; withdrawn, never deleted before its case goes."""

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)  # ID number, else name
    purpose: Mapped[str]
    guardian: Mapped[str]  # who agreed for a child under 14, else ""
    case_id: Mapped[UUID | None]
    given_at: Mapped[datetime]
    taken_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class Checkpoint(Base):
    """What the device signed of the record up to a row, and the province's receipt for it."""

    __tablename__ = "checkpoint"

    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    signature: Mapped[bytes]
    receipt: Mapped[bytes]  # b"" until the province has witnessed it
    at: Mapped[datetime]
