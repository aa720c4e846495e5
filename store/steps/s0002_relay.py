"""Step 2: relay bundles that this device made."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE relay_part (
    bundle_id CHAR(32) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    submissions TEXT NOT NULL,
    cursor TEXT NOT NULL,
    reply_key BLOB NOT NULL,
    copied_at INTEGER,
    answered_at INTEGER,
    PRIMARY KEY (bundle_id, part)
)
""",
)
