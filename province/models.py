"""Tables of the province. Keys are made by clients or at random; no sequences anywhere.

Times are whole milliseconds since 1970 in UTC, so that SQLite and PostgreSQL agree.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of the province's tables."""


class Office(Base):
    """A service office; the scope of its cases, events, files and numbers."""

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(12))  # GB/T 2260 and township code


class EnrolCode(Base):
    """A one-time code, kept as a hash."""

    __tablename__ = "enrol_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    office_id: Mapped[str] = mapped_column(String(64), index=True)
    expires_ms: Mapped[int] = mapped_column(BigInteger)
    device_id: Mapped[str | None] = mapped_column(String(36))  # who used it


class Device(Base):
    """A computer of an office, known by its Ed25519 key."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    office_id: Mapped[str] = mapped_column(String(64), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    name: Mapped[str] = mapped_column(Text)
    enrolled_ms: Mapped[int] = mapped_column(BigInteger)
    revoked_ms: Mapped[int | None] = mapped_column(BigInteger)
    moving_to: Mapped[str | None] = mapped_column(String(64))  # office it goes to once drained
    lease_epoch: Mapped[int] = mapped_column(BigInteger, default=0)  # blocks leased so far


class Challenge(Base):
    """What a device must sign next; serves once."""

    __tablename__ = "challenge"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36))
    expires_ms: Mapped[int] = mapped_column(BigInteger, index=True)


class Token(Base):
    """A short bearer token, kept as a hash."""

    __tablename__ = "token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36))
    expires_ms: Mapped[int] = mapped_column(BigInteger, index=True)


class Reviewer(Base):
    """A person at the desk. An empty department sees all departments."""

    __tablename__ = "reviewer"

    login: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[bytes] = mapped_column(LargeBinary)  # argon2id
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class DeskSession(Base):
    """A signed-in reviewer's browser."""

    __tablename__ = "desk_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(64))
    csrf: Mapped[str] = mapped_column(String(64))
    expires_ms: Mapped[int] = mapped_column(BigInteger)


class CaseOwner(Base):
    """Which office holds a case: one id belongs to one office in the whole province."""

    __tablename__ = "case_owner"

    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    office_id: Mapped[str] = mapped_column(String(64))


class Case(Base):
    """One application, of one office. `claimed_*`: the reviewer who has it in hand."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("case_queue", "department", "status", "received_ms"),
        Index("case_number", "office_id", "number"),
    )

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    doubled: Mapped[bool | None]  # another case had this number when it came
    service: Mapped[str] = mapped_column(String(64))
    service_name: Mapped[str] = mapped_column(Text)
    service_name_en: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(32))  # incoming until all files are here
    received_ms: Mapped[int] = mapped_column(BigInteger)
    applicant: Mapped[str] = mapped_column(Text)
    id_no: Mapped[str] = mapped_column(Text)
    submission_id: Mapped[str | None] = mapped_column(String(36))  # the one that counts
    conflicted: Mapped[bool] = mapped_column(default=False)  # two versions wait to be merged
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class Submission(Base):
    """Answers as received; never changed. `receipt` stands once all files are here."""

    __tablename__ = "submission"
    __table_args__ = (Index("submission_case", "office_id", "case_id"),)

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    digest: Mapped[str] = mapped_column(String(64))  # of the canonical request
    service_version: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    xml: Mapped[bytes] = mapped_column(LargeBinary)
    manifest: Mapped[str] = mapped_column(Text)  # canonical JSON of the attachments
    accepted_at: Mapped[str] = mapped_column(Text)
    accepted_by: Mapped[str] = mapped_column(Text)
    replaces: Mapped[str] = mapped_column(Text, default="[null]")  # JSON: replaces, *merges
    applicant: Mapped[str | None] = mapped_column(Text)  # JSON as sent; NULL in old rows
    receipt: Mapped[str | None] = mapped_column(Text)


class Upload(Base):
    """A file of an office by its SHA-256. `offset_bytes` are durable in its parts.

    `named` says whether a case with a receipt names it (NULL: an earlier version did not note it);
    until then it counts for `device_id`, which announced it.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(
            "upload_loose",
            "touched_ms",
            postgresql_where=text("named IS NOT true"),
            sqlite_where=text("named IS NOT 1"),
        ),
    )

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    length_bytes: Mapped[int] = mapped_column(BigInteger)
    offset_bytes: Mapped[int] = mapped_column(BigInteger)
    complete: Mapped[bool]
    touched_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    device_id: Mapped[str | None] = mapped_column(String(36))
    named: Mapped[bool | None]


class Holding(Base):
    """Bytes announced by a device in an office that no case names; changed under its row lock."""

    __tablename__ = "holding"

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)


class UploadPart(Base):
    """One chunk of an unfinished file, under a name that is never used twice."""

    __tablename__ = "upload_part"

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    offset_bytes: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)


class Epoch(Base):
    """The one row that names this life of the database; a restore from a backup starts a new one.

    `id` is random. `first` says whether numbers need no mark of the epoch yet.
    """

    __tablename__ = "epoch"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(8))
    first: Mapped[bool]


class Feed(Base):
    """The counter row of an office's events, locked by every transaction that adds one."""

    __tablename__ = "feed"

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Event(Base):
    """What the province says about a case."""

    __tablename__ = "event"
    __table_args__ = (Index("event_case", "office_id", "case_id"),)

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36))
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)  # canonical JSON


class Certificate(Base):
    """A certificate given with a decision."""

    __tablename__ = "certificate"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    office_id: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    template: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[str] = mapped_column(String(10))
    valid_until: Mapped[str | None] = mapped_column(String(10))
    credential: Mapped[str] = mapped_column(Text)
    voided_ms: Mapped[int | None] = mapped_column(BigInteger)


class OfficeEvent(Base):
    """What an office decided by itself, as its device said it; never changed."""

    __tablename__ = "office_event"

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    device_id: Mapped[str] = mapped_column(String(36))
    digest: Mapped[str] = mapped_column(String(64))  # of the canonical request
    body: Mapped[str] = mapped_column(Text)
    receipt: Mapped[str] = mapped_column(Text)
    received_ms: Mapped[int] = mapped_column(BigInteger)


class CaseTogether(Base):
    """What a case was applied for together with, as its device said."""

    __tablename__ = "case_together"
    __table_args__ = (Index("case_together_bundle", "office_id", "bundle_id"),)

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    bundle_id: Mapped[str] = mapped_column(String(36))
    service: Mapped[str] = mapped_column(String(64))
    service_version: Mapped[str] = mapped_column(String(32))
    cases: Mapped[str] = mapped_column(Text)  # ids of all, in order, divided by blanks


class ProvisionalNumber(Base):
    """A number that an office gave out without a lease, and the case that it still leads to."""

    __tablename__ = "provisional_number"

    office_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)


class Counter(Base):
    """A counter of numbers by scope; changed only under its row lock."""

    __tablename__ = "counter"

    scope: Mapped[str] = mapped_column(String(128), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class NumberBlock(Base):
    """Numbers leased to one device."""

    __tablename__ = "number_block"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    prefix: Mapped[str] = mapped_column(Text)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int] = mapped_column(BigInteger)


class Release(Base):
    """Whom a version of a service is offered to. `position`: the later one wins."""

    __tablename__ = "release"

    service: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    divisions: Mapped[str] = mapped_column(Text)  # JSON list of beginnings of division codes
    percent: Mapped[int]  # of the offices, 0 to 100
    recalled: Mapped[bool]
    position: Mapped[int] = mapped_column(BigInteger)


class Slice(Base):
    """The counter row of the records of one kind in one division."""

    __tablename__ = "slice"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    division: Mapped[str] = mapped_column(String(12), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Record(Base):
    """A record that offices of its division may keep: a resident, a licence."""

    __tablename__ = "record"
    __table_args__ = (Index("record_feed", "kind", "division", "position"),)

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    division: Mapped[str] = mapped_column(String(12), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[str | None] = mapped_column(Text)  # canonical JSON; NULL once withdrawn


class RecordChange(Base):
    """A change to a resident that an office sent, or the register made; never changed itself.

    `place` counts a person's changes in the order of their arrival.
    """

    __tablename__ = "record_change"
    __table_args__ = (Index("record_change_of", "division", "record_id", "place"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    division: Mapped[str] = mapped_column(String(12))
    record_id: Mapped[str] = mapped_column(String(64))
    place: Mapped[int] = mapped_column(BigInteger)
    office_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))  # of the canonical request; "" by the register
    body: Mapped[str] = mapped_column(Text)  # canonical JSON
    receipt: Mapped[str] = mapped_column(Text)


class AuditCheckpoint(Base):
    """Links of a device's record as it signed them. From row `void_from` on a later one counts."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (Index("audit_checkpoint_last", "device_id", "last"),)

    device_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    links: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    void_from: Mapped[int | None] = mapped_column(BigInteger)
    void_ms: Mapped[int | None] = mapped_column(BigInteger)
