"""What people agreed to."""

from __future__ import annotations

STATEMENTS = (
    """
CREATE TABLE consent (
    id CHAR(32) NOT NULL,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    guardian TEXT NOT NULL,
    case_id CHAR(32),
    given_at INTEGER NOT NULL,
    taken_by TEXT NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_consent_subject ON consent (subject)
""",
)
