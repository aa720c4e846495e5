"""Step 8: forms of other servers."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE remote_form (
    id TEXT NOT NULL,
    form_id TEXT NOT NULL,
    version TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (id)
)
""",
    """
CREATE TABLE remote_form_file (
    "row" INTEGER NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY ("row")
)
""",
    """
CREATE UNIQUE INDEX remote_form_file_name ON remote_form_file (owner, name)
""",
)
