"""Step 14: packages of the province, each version whole, their files by hash."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE package (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, version)
)
""",
    """
CREATE TABLE package_file (
    sha256 BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sha256),
    CHECK (length(sha256) = 32)
)
""",
)
