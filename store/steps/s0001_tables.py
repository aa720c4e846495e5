"""The first schema: every table, the search index, and triggers that keep history as it is."""

from __future__ import annotations

STATEMENTS = (
    """
CREATE TABLE attachment (
    id CHAR(32) NOT NULL,
    owner CHAR(32) NOT NULL,
    ref TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    blob TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
)
""",
    """
CREATE UNIQUE INDEX attachment_name ON attachment (owner, name)
""",
    """
CREATE INDEX ix_attachment_owner ON attachment (owner)
""",
    """
CREATE TABLE audit (
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operator TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (seq)
)
""",
    """
CREATE TABLE certificate (
    number TEXT NOT NULL,
    case_id CHAR(32) NOT NULL,
    template TEXT NOT NULL,
    template_version TEXT NOT NULL,
    fields TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    credential TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    voided_at INTEGER,
    void_reason TEXT NOT NULL,
    PRIMARY KEY (number)
)
""",
    """
CREATE INDEX ix_certificate_case_id ON certificate (case_id)
""",
    """
CREATE TABLE event (
    seq INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    case_id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    data TEXT NOT NULL,
    learned_at INTEGER NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE (id)
)
""",
    """
CREATE INDEX ix_event_case_id ON event (case_id)
""",
    """
CREATE TABLE number_block (
    id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    prefix TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    next INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT number_inside CHECK (first <= next AND next <= last + 1)
)
""",
    """
CREATE TABLE operator (
    id CHAR(32) NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (
        role IN ('clerk','village_officer','supervisor','administrator','auditor')
    ),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (id),
    UNIQUE (login)
)
""",
    """
CREATE TABLE service_use (
    service_id TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (service_id)
)
""",
    """
CREATE TABLE setting (
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (name)
)
""",
    """
CREATE TABLE case_file (
    "row" INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    number TEXT NOT NULL,
    service_id TEXT NOT NULL,
    service_version TEXT NOT NULL,
    applicant TEXT NOT NULL,
    applicant_id_no TEXT NOT NULL,
    applicant_phone TEXT NOT NULL,
    status TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    accepted_by TEXT NOT NULL,
    operator_id CHAR(32) NOT NULL,
    touched_at INTEGER NOT NULL,
    due_on TEXT,
    PRIMARY KEY ("row"),
    UNIQUE (id),
    UNIQUE (number),
    FOREIGN KEY(operator_id) REFERENCES operator (id)
)
""",
    """
CREATE INDEX case_file_accepted ON case_file (accepted_at)
""",
    """
CREATE INDEX case_file_status ON case_file (status, touched_at)
""",
    """
CREATE INDEX case_file_touched ON case_file (touched_at)
""",
    """
CREATE TABLE document_copy (
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operator_id CHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('counted','printed','failed')),
    PRIMARY KEY (document, n),
    FOREIGN KEY(operator_id) REFERENCES operator (id)
)
""",
    """
CREATE TABLE draft (
    id CHAR(32) NOT NULL,
    service_id TEXT NOT NULL,
    service_version TEXT NOT NULL,
    language TEXT NOT NULL,
    owner CHAR(32) NOT NULL,
    applicant TEXT NOT NULL,
    xml BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    case_id CHAR(32),
    replaces CHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY(owner) REFERENCES operator (id)
)
""",
    """
CREATE TABLE submission (
    id CHAR(32) NOT NULL,
    case_id CHAR(32) NOT NULL,
    service_version TEXT NOT NULL,
    language TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    finalised_at INTEGER NOT NULL,
    finalised_by TEXT NOT NULL,
    replaces CHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY(case_id) REFERENCES case_file (id),
    FOREIGN KEY(replaces) REFERENCES submission (id)
)
""",
    """
CREATE INDEX ix_submission_case_id ON submission (case_id)
""",
    """
CREATE TABLE outbox_item (
    submission_id CHAR(32) NOT NULL,
    queued_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    acknowledged_at INTEGER,
    receipt BLOB NOT NULL,
    error_code TEXT NOT NULL,
    error_fields TEXT NOT NULL,
    PRIMARY KEY (submission_id),
    CONSTRAINT receipt_kept CHECK (acknowledged_at IS NULL OR length(receipt) > 0),
    FOREIGN KEY(submission_id) REFERENCES submission (id)
)
""",
    """
CREATE INDEX outbox_item_due ON outbox_item (acknowledged_at, due_at)
""",
    """
CREATE TABLE submission_body (
    submission_id CHAR(32) NOT NULL,
    xml BLOB NOT NULL,
    PRIMARY KEY (submission_id),
    FOREIGN KEY(submission_id) REFERENCES submission (id)
)
""",
    """
CREATE VIRTUAL TABLE case_search USING fts5(words, content='', contentless_delete=1)
""",
    """
CREATE TRIGGER submission_no_update BEFORE UPDATE ON submission
BEGIN SELECT RAISE(ABORT, 'submission is written once'); END
""",
    """
CREATE TRIGGER submission_no_delete BEFORE DELETE ON submission
BEGIN SELECT RAISE(ABORT, 'submission is written once'); END
""",
    """
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is written once'); END
""",
    """
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is written once'); END
""",
    """
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is written once'); END
""",
    """
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is written once'); END
""",
    """
CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'certificate is written once'); END
""",
    """
CREATE TRIGGER submission_body_no_update BEFORE UPDATE ON submission_body
BEGIN SELECT RAISE(ABORT, 'submission_body is written once'); END
""",
)
