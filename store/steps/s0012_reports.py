"""Step 12: what the office decides itself, on its way; certificates that replace others."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE office_report (
    event_id CHAR(32) NOT NULL,
    case_id CHAR(32) NOT NULL,
    submission_id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    place INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    acknowledged_at INTEGER,
    receipt BLOB NOT NULL,
    error_code TEXT NOT NULL,
    error_fields TEXT NOT NULL,
    PRIMARY KEY (event_id),
    CONSTRAINT report_receipt_kept CHECK (acknowledged_at IS NULL OR length(receipt) > 0)
)
""",
    "CREATE UNIQUE INDEX office_report_case ON office_report (case_id, place)",
    "ALTER TABLE certificate ADD COLUMN replaces TEXT DEFAULT '' NOT NULL",
)
