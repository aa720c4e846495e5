"""Step 10: changes to residents with their history, licences held, and where they are used."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE resident ADD COLUMN sex TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE resident ADD COLUMN birth TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE resident ADD COLUMN nation TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE resident ADD COLUMN said TEXT DEFAULT '{}' NOT NULL",
    "ALTER TABLE resident ADD COLUMN clashing TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE resident ADD COLUMN sweep INTEGER DEFAULT '0' NOT NULL",
    "CREATE INDEX resident_clashing ON resident (clashing) WHERE clashing <> ''",
    """
CREATE TABLE resident_change (
    id CHAR(32) NOT NULL,
    resident_id CHAR(32) NOT NULL,
    place INTEGER,
    fields TEXT NOT NULL,
    after TEXT NOT NULL,
    adds BOOLEAN NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    material TEXT NOT NULL,
    office TEXT NOT NULL,
    device TEXT NOT NULL,
    own BOOLEAN NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    acknowledged_at INTEGER,
    receipt BLOB NOT NULL,
    error_code TEXT NOT NULL,
    error_fields TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT change_receipt_kept CHECK (acknowledged_at IS NULL OR length(receipt) > 0)
)
""",
    "CREATE INDEX resident_change_of ON resident_change (resident_id)",
    """
CREATE INDEX resident_change_due ON resident_change (due_at) WHERE own AND acknowledged_at IS NULL
""",
    """
CREATE TABLE licence (
    id CHAR(32) NOT NULL,
    holder_id_no TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    issuer TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    sweep INTEGER NOT NULL,
    PRIMARY KEY (id)
)
""",
    "CREATE INDEX licence_holder ON licence (holder_id_no)",
    """
CREATE TABLE licence_use (
    submission_id CHAR(32) NOT NULL,
    material TEXT NOT NULL,
    licence_id CHAR(32) NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    consent_id CHAR(32) NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (submission_id, material),
    FOREIGN KEY(consent_id) REFERENCES consent (id)
)
""",
)
